//! A library: everything that is kept, in one file (docs/formats/library.md). The page saves it as a backup, and `tagsmith tag --resume`
//! records into it.

mod begun;
mod checks;
mod command;
mod crc32;
mod is_text;
mod listing;
mod opening;
pub mod own;
mod queries;
mod reading;
mod recording;
mod rescue;
mod resume;
mod shown;
mod tag_numbers;

pub use command::run;
pub use opening::{Library, check_is_not, with_code};
pub use resume::{Resume, hash_bytes};
