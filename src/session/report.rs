//! The report of one picture: its tags, with everything needed to redo them. One JSON object, the same from every shell.

use serde::Serialize;

use crate::model::card::ModelCard;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::candidate::Candidate;
use crate::tags::corrections::TagRef;
use crate::tags::select::Tag;
use crate::tags::tagging::{PictureFacts, Timings};

/// Rises whenever the same file could give other scores.
pub const PIPELINE_VERSION: u32 = 1;

/// One line of a report.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum TagReport {
    Tagged(Box<TaggedReport>),
    Failed { path: String, error: Failure },
}

/// A picture that was tagged.
#[derive(Debug, Clone, Serialize)]
pub struct TaggedReport {
    /// As it was given, relative for files of a folder.
    pub path: String,
    #[serde(flatten)]
    pub facts: PictureFacts,
    pub model: ModelRef,
    pub pipeline: u32,
    pub tags: Vec<ReportTag>,
    pub timings_ms: Timings,
    /// One score a class, on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scores: Option<Vec<f32>>,
    /// On request, where the model has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding: Option<Vec<f32>>,
    /// Everything that some policy could show, parents too, the surest first; on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<ReportCandidate>>,
}

/// A tag that some policy could show, as it stands in a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportCandidate {
    pub id: String,
    pub confidence: f32,
    pub score: f32,
    pub from: String,
}

impl ReportCandidate {
    pub fn new(candidate: &Candidate, components: &[String], vocabulary: &Vocabulary) -> Self {
        Self {
            id: vocabulary.tag(candidate.tag).id.clone(),
            confidence: candidate.confidence,
            score: candidate.score,
            from: components[usize::from(candidate.component)].clone(),
        }
    }
}

/// Which model gave the scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelRef {
    pub id: String,
    pub version: String,
}

impl From<&ModelCard> for ModelRef {
    fn from(card: &ModelCard) -> Self {
        Self { id: card.id.clone(), version: card.version.clone() }
    }
}

/// Why a file was not tagged: the code of an [`ErrorKind`](crate::error::ErrorKind) (or of the shell), and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub code: String,
    pub detail: String,
}

impl From<&crate::error::Error> for Failure {
    fn from(error: &crate::error::Error) -> Self {
        Self { code: error.kind().code().to_owned(), detail: error.detail().to_owned() }
    }
}

/// A tag as it stands in a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportTag {
    pub id: String,
    pub name: String,
    pub category: Option<String>,
    /// 0–1; 1 for what a person says.
    pub confidence: f32,
    /// The raw score behind the confidence, 0–1, of the part that says so; null where the model has none for this tag.
    pub score: Option<f32>,
    /// Who says so: "auto" or "manual".
    pub source: &'static str,
    /// Which part of the model says so ("classes", "head:ID", "detector:ID"), or "person".
    pub from: String,
    /// Ids of the ancestors, the nearest first.
    pub parents: Vec<String>,
    /// Their names, for files that hold words and no ids.
    #[serde(skip)]
    pub parent_names: Vec<String>,
    /// The names on one way up, by first parents, the nearest first: a tag may have parents on several.
    #[serde(skip)]
    pub path_to_root: Vec<String>,
}

impl ReportTag {
    /// What the model says, named in `language`; `components` are its card's.
    pub fn new(tag: Tag, components: &[String], vocabulary: &Vocabulary, language: &str) -> Self {
        let above = || tag.parents.iter().map(|&above| vocabulary.tag(above));
        Self {
            parents: above().map(|entry| entry.id.clone()).collect(),
            parent_names: above().map(|entry| entry.name(language).to_owned()).collect(),
            path_to_root: (vocabulary.path_to_root(tag.idx).filter(|above| tag.parents.contains(above)))
                .map(|above| vocabulary.tag(above).name(language).to_owned())
                .collect(),
            id: tag.id,
            name: tag.name,
            category: tag.category,
            confidence: tag.confidence,
            score: Some(tag.score),
            source: "auto",
            from: components[usize::from(tag.component)].clone(),
        }
    }
}

impl ReportTag {
    /// What a person says; `idx` is the tag's place in the vocabulary, where it has one, `score` what the model thinks of it.
    pub fn manual(
        tag: &TagRef,
        idx: Option<TagIdx>,
        score: Option<f32>,
        vocabulary: &Vocabulary,
        language: &str,
    ) -> Self {
        let entry = idx.map(|idx| vocabulary.tag(idx));
        let above = || idx.into_iter().flat_map(|idx| vocabulary.ancestors(idx)).map(|&above| vocabulary.tag(above));
        Self {
            id: tag.id.clone(),
            name: entry.map_or(tag.name.as_str(), |entry| entry.name(language)).to_owned(),
            category: entry.and_then(|entry| entry.category.clone()),
            confidence: 1.0,
            score,
            source: "manual",
            from: "person".into(),
            parents: above().map(|entry| entry.id.clone()).collect(),
            parent_names: above().map(|entry| entry.name(language).to_owned()).collect(),
            path_to_root: (idx.into_iter().flat_map(|idx| vocabulary.path_to_root(idx)))
                .map(|above| vocabulary.tag(above).name(language).to_owned())
                .collect(),
        }
    }
}

impl TagReport {
    pub fn path(&self) -> &str {
        match self {
            Self::Tagged(tagged) => &tagged.path,
            Self::Failed { path, .. } => path,
        }
    }
}
