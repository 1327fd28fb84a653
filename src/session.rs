//! A session: the results and corrections of many pictures under one policy, with counts, reports and exports.

mod compare;
mod counts;
mod details;
mod export;
mod query;
mod report;
mod results;
mod shown;
mod summary;

pub use details::{Details, HiddenTag};
pub use export::{Ending, ExportFile, ExportFormat, ExportWriter, PictureFiles, ReportStream};
pub use query::{PictureFilter, Query, Sort};
pub use report::{Failure, ModelRef, PIPELINE_VERSION, ReportCandidate, ReportTag, TagReport, TaggedReport};
pub use results::Session;
pub use summary::{Change, EdgePicture, HISTOGRAM_BINS, Summary, TagCount};
