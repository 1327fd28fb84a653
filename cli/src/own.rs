//! Own tags without a page: trained, evaluated and used.

mod args;
mod custom;
mod due;
mod embedding;
mod evaluate;
mod file;
mod merge;
mod missing;
mod moved;
mod settings;
mod source;
mod table;
mod taught;
mod train;

pub use args::{EvaluateArgs, TrainArgs};
pub use custom::{Custom, OwnTags};
pub use merge::{Merger, OfProvider};

pub use evaluate::run as evaluate;
pub use train::run as train;
