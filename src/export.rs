//! Reports as files. File names and tags are hostile input in every one of them.

mod csv;
mod jsonl;

pub use self::csv::CsvWriter;
pub use self::jsonl::to_line;
