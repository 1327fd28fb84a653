//! Reports as files. File names and tags are untrusted input in every format.
//!
//! A new format needs a file in `export/`, an entry in [`ExportFormat::ALL`], and texts in the page's message catalogues.

mod captions;
mod csv;
mod json;
mod jsonl;
mod names;
mod xmp;

use std::io::{self, Write};

use serde::Serialize;

pub use self::names::Ending;
use self::names::FileNames;
use crate::session::report::{TagReport, TaggedReport};

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Json,
    Jsonl,
    /// A text file per tagged picture, for training tools.
    Captions,
    /// A sidecar per tagged picture, for photo libraries.
    Xmp,
}

/// Writes reports into one file, one at a time.
pub trait ReportStream {
    /// # Errors
    /// Those of the output.
    fn write(&mut self, report: &TagReport) -> io::Result<()>;

    /// Writes what follows the last report, and flushes. Without this call the output may be incomplete.
    ///
    /// # Errors
    /// Those of the output.
    fn finish(&mut self) -> io::Result<()>;
}

type OpenStream = for<'a> fn(Box<dyn Write + 'a>) -> io::Result<Box<dyn ReportStream + 'a>>;

/// Where a format's output goes.
#[derive(Debug, Clone, Copy)]
enum Layout {
    /// All reports in one file.
    OneFile { open: OpenStream },
    /// A file beside each tagged picture.
    PerPicture { ending: Ending, write: fn(&TaggedReport) -> String },
}

impl ExportFormat {
    /// Every format, in the order in which page and command line offer them.
    pub const ALL: [Self; 5] = [Self::Csv, Self::Json, Self::Jsonl, Self::Captions, Self::Xmp];

    /// Its name on the command line, for JavaScript and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Captions => "captions",
            Self::Xmp => "xmp",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Json => "application/json",
            Self::Jsonl => "application/x-ndjson",
            Self::Captions => "text/plain",
            Self::Xmp => "application/rdf+xml",
        }
    }

    /// How the name of a picture's file ends; `None` for a format with one file for all pictures.
    pub fn ending(self) -> Option<Ending> {
        match self.layout() {
            Layout::OneFile { .. } => None,
            Layout::PerPicture { ending, .. } => Some(ending),
        }
    }

    fn layout(self) -> Layout {
        match self {
            Self::Csv => Layout::OneFile { open: csv::open },
            Self::Json => Layout::OneFile { open: json::open },
            Self::Jsonl => Layout::OneFile { open: jsonl::open },
            Self::Captions => {
                Layout::PerPicture { ending: Ending::InsteadOfExtension(".txt"), write: captions::to_caption }
            }
            Self::Xmp => Layout::PerPicture { ending: Ending::AfterExtension(".xmp"), write: xmp::to_sidecar },
        }
    }
}

/// Where reports of a format are written.
pub enum ExportWriter<'a> {
    /// One file for all pictures.
    OneFile(Box<dyn ReportStream + 'a>),
    /// One file per tagged picture.
    PerPicture(Box<PictureFiles>),
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportFile {
    /// Relative, separated by "/", safe to unpack and unique within an export on every system.
    pub name: String,
    pub content: String,
}

/// Makes the files of a format that has one file per picture.
#[derive(Debug)]
pub struct PictureFiles {
    ending: Ending,
    write: fn(&TaggedReport) -> String,
    names: FileNames,
}

impl<'a> ExportWriter<'a> {
    /// `out` is called for a format with one file for all pictures.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(format: ExportFormat, out: impl FnOnce() -> io::Result<Box<dyn Write + 'a>>) -> io::Result<Self> {
        Ok(match format.layout() {
            Layout::OneFile { open } => Self::OneFile(open(out()?)?),
            Layout::PerPicture { ending, write } => {
                Self::PerPicture(Box::new(PictureFiles { ending, write, names: FileNames::default() }))
            }
        })
    }
}

impl PictureFiles {
    /// The file of a picture. A picture without tags gets one too, so that a new export replaces all files of an old one.
    pub fn file(&mut self, tagged: &TaggedReport) -> ExportFile {
        ExportFile { name: self.names.beside(&tagged.path, self.ending), content: (self.write)(tagged) }
    }
}

/// `reports` as files, in their order: one file for all, or one per tagged picture.
pub fn files(format: ExportFormat, reports: impl Iterator<Item = TagReport>) -> Vec<ExportFile> {
    const MEMORY: &str = "writing to memory cannot fail";
    let mut bytes = Vec::new();
    match ExportWriter::new(format, || Ok(Box::new(&mut bytes))).expect(MEMORY) {
        ExportWriter::PerPicture(mut files) => {
            let tagged = reports.filter_map(|report| match report {
                TagReport::Tagged(tagged) => Some(tagged),
                TagReport::Failed { .. } => None,
            });
            return tagged.map(|tagged| files.file(&tagged)).collect();
        }
        ExportWriter::OneFile(mut stream) => {
            reports.into_iter().for_each(|report| stream.write(&report).expect(MEMORY));
            stream.finish().expect(MEMORY);
        }
    }
    let content = String::from_utf8(bytes).expect("every format is text");
    vec![ExportFile { name: format!("tagsmith.{}", format.name()), content }]
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::session::report::{Failure, ModelRef, ReportTag};
    use crate::tags::tagging::{PictureFacts, Timings};

    /// A picture with tags, each given as its name and its parents' names, the nearest first.
    pub fn tagged(path: &str, tags: &[(&str, &[&str])]) -> TaggedReport {
        let tag = |&(name, parents): &(&str, &[&str])| ReportTag {
            id: name.to_owned(),
            name: name.to_owned(),
            category: None,
            confidence: 0.5,
            score: Some(0.5),
            origin: "auto",
            component: "classes".into(),
            parents: parents.iter().map(|&name| name.to_owned()).collect(),
            parent_names: parents.iter().map(|&name| name.to_owned()).collect(),
            path_to_root: parents.iter().map(|&name| name.to_owned()).collect(),
        };
        TaggedReport {
            path: path.to_owned(),
            facts: PictureFacts { sha256: "00".repeat(32), width: 2, height: 1, format: "png".to_owned() },
            model: ModelRef { id: "model".to_owned(), version: "1".to_owned() },
            pipeline: 1,
            tags: tags.iter().map(tag).collect(),
            timings_ms: Timings::default(),
            scores: None,
            embedding: None,
            candidates: None,
        }
    }

    pub fn report(path: &str, tags: &[(&str, &[&str])]) -> TagReport {
        TagReport::Tagged(Box::new(tagged(path, tags)))
    }

    /// The one file of a format that has one for all.
    pub fn content(format: ExportFormat, reports: impl IntoIterator<Item = TagReport>) -> String {
        let [file] = &mut files(format, reports.into_iter())[..] else { panic!("one file") };
        std::mem::take(&mut file.content)
    }

    pub fn failed(path: &str) -> TagReport {
        let error = Failure { code: "picture_empty".to_owned(), detail: "Empty.".to_owned() };
        TagReport::Failed { path: path.to_owned(), error, tags: vec![] }
    }

    fn names(format: ExportFormat, reports: Vec<TagReport>) -> Vec<String> {
        files(format, reports.into_iter()).into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn tables_and_lists_are_one_file_and_other_formats_one_per_tagged_picture() {
        let reports = || vec![report("a/cat.jpg", &[("cat", &[])]), failed("b.jpg"), report("a/cat.png", &[])];
        assert_eq!(names(ExportFormat::Csv, reports()), ["tagsmith.csv"]);
        assert_eq!(names(ExportFormat::Json, reports()), ["tagsmith.json"]);
        assert_eq!(names(ExportFormat::Jsonl, reports()), ["tagsmith.jsonl"]);
        assert_eq!(names(ExportFormat::Captions, reports()), ["a/cat.txt", "a/cat (2).txt"]);
        assert_eq!(names(ExportFormat::Xmp, reports()), ["a/cat.jpg.xmp", "a/cat.png.xmp"]);
        assert_eq!(names(ExportFormat::Xmp, vec![failed("b.jpg")]), [""; 0]);
    }
}
