//! A session: the results and corrections of many pictures under one policy, with counts, reports and exports.

mod compare;
mod counts;
mod export;
mod report;
mod results;
mod summary;

pub use export::{Ending, ExportFile, ExportFormat, ExportWriter, PictureFiles, ReportStream};
pub use report::{Failure, ModelRef, PIPELINE_VERSION, ReportCandidate, ReportTag, TagReport, TaggedReport};
pub use results::{Details, PictureFilter, Session};
pub use summary::{Change, EdgePicture, HISTOGRAM_BINS, Summary, TagCount};
