//! A session: the results and corrections of many pictures under one policy, with counts, reports and exports.

mod compare;
mod counts;
mod details;
mod entry;
#[cfg(feature = "exports")]
mod export;
mod formats;
mod hand_over;
mod head_put;
mod meaning;
mod provider_put;
mod provider_tags;
mod query;
mod report;
mod results;
mod search_names;
mod showing;
mod shown;
mod sources;
mod stored;
mod strict;
mod summary;
mod texts;
mod typed;
mod voices;
mod words;

pub use details::{Details, HiddenTag};
#[cfg(feature = "exports")]
pub use export::{
    CaptionOptions, CaptionOrder, Content, Export, ExportFile, ExportOptions, ExportWriter, ReportStream, TableOptions,
    alt_text, file_names, folder_name, keywords, name_collisions,
};
pub use formats::{ExportFormat, Naming, PictureFileNames, RAW_EXTENSIONS};
pub use hand_over::read_reports;
pub use head_put::{HeadFound, HeadTag};
pub use provider_put::{NamedFound, ProviderFound, ProviderFoundTag};
pub use provider_tags::OwnLimits;
pub use query::{PictureFilter, Query, Sort};
pub use report::{
    CountedParent, Failure, ModelRef, PIPELINE_VERSION, ReportCandidate, ReportTag, TagReport, TaggedReport,
};
pub use results::Session;
pub use sources::{PictureSources, SourceTag, SourceTags};
pub use stored::{RunKind, StoredRun, StoredTag, StoredTaggings};
pub use strict::{MappedTag, StrictReport, Suggestion};
pub use summary::{Change, EdgePicture, HISTOGRAM_BINS, Summary, TagCount};
pub use texts::{StoredText, TextField, TextSource, Texts};
pub use voices::{Voice, Voices};
