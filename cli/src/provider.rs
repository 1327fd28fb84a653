//! Other taggers, asked without a browser.

mod announce;
mod args;
mod asking;
mod beside;
mod chosen;
mod patience;
mod run;
mod set_up_file;
mod shrink;
mod token;

pub use announce::announce;
pub use args::ProviderArgs;
pub use asking::{Answered, Asker, is_this_machine};
pub use beside::Beside;
pub use chosen::{Chosen, KINDS};
pub use run::Wanted;
pub use set_up_file::read_set_up;
pub use token::Tokens;
