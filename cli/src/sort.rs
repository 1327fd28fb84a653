//! `tagsmith tag --sort-into DIR`: each picture gets into the folder of its surest tag. `tagsmith unsort DIR` takes it back.

mod args;
mod journal;
mod placing;
mod sorter;
mod undo;

pub use args::{SortArgs, UnsortArgs};
pub use sorter::Sorter;
pub use undo::run as unsort;
