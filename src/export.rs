//! Reports as files. File names and tags are hostile input in every one of them.

mod captions;
mod csv;
mod json;
mod jsonl;
mod names;
mod xmp;

use serde::Serialize;

pub use self::csv::CsvWriter;
pub use self::json::JsonWriter;
pub use self::jsonl::to_line;
use self::names::{Ending, FileNames};
use crate::report::{TagReport, Tagged};

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Json,
    Jsonl,
    /// A text file for each tagged picture, as training tools read them.
    Captions,
    /// A sidecar for each tagged picture, as photo libraries read them.
    Xmp,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportFile {
    /// Harmless wherever it is unpacked: relative, parts divided by "/", no two of an export alike on any system.
    pub name: String,
    pub content: String,
}

/// `reports` as files. Tables and lists are one file, in the order of the reports; captions and sidecars are one for each
/// tagged picture, also for one that shows no tag, so that a newer export always replaces an older one.
pub fn files(format: ExportFormat, reports: impl Iterator<Item = TagReport>) -> Vec<ExportFile> {
    let one_file = |name: &str, content| vec![ExportFile { name: name.to_owned(), content }];
    match format {
        ExportFormat::Csv => one_file("tagsmith.csv", csv::to_csv(reports)),
        ExportFormat::Json => one_file("tagsmith.json", json::to_json(reports)),
        ExportFormat::Jsonl => one_file("tagsmith.jsonl", reports.map(|report| to_line(&report)).collect()),
        ExportFormat::Captions => beside_pictures(reports, Ending::InsteadOfExtension(".txt"), captions::to_caption),
        ExportFormat::Xmp => beside_pictures(reports, Ending::AfterExtension(".xmp"), xmp::to_sidecar),
    }
}

fn beside_pictures(
    reports: impl Iterator<Item = TagReport>,
    ending: Ending,
    write: impl Fn(&Tagged) -> String,
) -> Vec<ExportFile> {
    let mut names = FileNames::default();
    let tagged = reports.filter_map(|report| match report {
        TagReport::Tagged(tagged) => Some(tagged),
        TagReport::Failed { .. } => None,
    });
    tagged.map(|tagged| ExportFile { name: names.beside(&tagged.path, ending), content: write(&tagged) }).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::report::{Failure, ModelRef, PictureFacts, ReportTag, Timings};

    /// A picture with tags, each given as its name and those of its parents, the nearest first.
    pub fn tagged(path: &str, tags: &[(&str, &[&str])]) -> Tagged {
        let tag = |&(name, parents): &(&str, &[&str])| ReportTag {
            id: name.to_owned(),
            name: name.to_owned(),
            category: None,
            confidence: 0.5,
            score: Some(0.5),
            source: "auto",
            from: "classes".into(),
            parents: parents.iter().map(|&name| name.to_owned()).collect(),
            parent_names: parents.iter().map(|&name| name.to_owned()).collect(),
            way_up: parents.iter().map(|&name| name.to_owned()).collect(),
        };
        Tagged {
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

    pub fn failed(path: &str) -> TagReport {
        let error = Failure { code: "picture_empty".to_owned(), detail: "Empty.".to_owned() };
        TagReport::Failed { path: path.to_owned(), error }
    }

    fn names(format: ExportFormat, reports: Vec<TagReport>) -> Vec<String> {
        files(format, reports.into_iter()).into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn tables_are_one_file_and_the_rest_one_for_each_tagged_picture() {
        let reports = || vec![report("a/cat.jpg", &[("cat", &[])]), failed("b.jpg"), report("a/cat.png", &[])];
        assert_eq!(names(ExportFormat::Csv, reports()), ["tagsmith.csv"]);
        assert_eq!(names(ExportFormat::Json, reports()), ["tagsmith.json"]);
        assert_eq!(names(ExportFormat::Jsonl, reports()), ["tagsmith.jsonl"]);
        assert_eq!(names(ExportFormat::Captions, reports()), ["a/cat.txt", "a/cat (2).txt"]);
        assert_eq!(names(ExportFormat::Xmp, reports()), ["a/cat.jpg.xmp", "a/cat.png.xmp"]);
        assert_eq!(names(ExportFormat::Xmp, vec![failed("b.jpg")]), [""; 0]);
    }
}
