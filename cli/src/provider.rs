//! Other taggers, asked without a browser.

mod asking;
mod set_up_file;
mod token;

pub use asking::{Answered, Asker, is_this_machine};
pub use set_up_file::read_set_up;
pub use token::Tokens;
