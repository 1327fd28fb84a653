//! The report of one picture: its tags, and everything needed to redo them. One JSON object, the same from page and command line.

use serde::Serialize;

use crate::model::card::ModelCard;
use crate::model::vocabulary::Vocabulary;
use crate::tags::candidate::Candidate;
use crate::tags::select::Tag;
use crate::tags::tagging::{PictureFacts, Timings};

/// Incremented whenever the same file could give other scores.
pub const PIPELINE_VERSION: u32 = 1;

/// One line of a report.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum TagReport {
    Tagged(Box<TaggedReport>),
    Failed {
        path: String,
        error: Failure,
        /// Those that a person gave it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tags: Vec<ReportTag>,
    },
}

/// A picture that was tagged.
#[derive(Debug, Clone, Serialize)]
pub struct TaggedReport {
    /// The path as given; relative to the folder that was opened, if any.
    pub path: String,
    #[serde(flatten)]
    pub facts: PictureFacts,
    pub model: ModelRef,
    pub pipeline: u32,
    pub tags: Vec<ReportTag>,
    pub timings_ms: Timings,
    /// One score per class, on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scores: Option<Vec<f32>>,
    /// On request, where the model has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding: Option<Vec<f32>>,
    /// Every tag that some policy could show, parents included, the surest first; on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<ReportCandidate>>,
}

/// A tag that some policy could show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportCandidate {
    pub id: String,
    pub confidence: f32,
    pub score: f32,
    /// The component that predicts the tag: "classes", "head:ID" or "detector:ID".
    #[serde(rename = "from")]
    pub component: String,
}

impl ReportCandidate {
    pub fn new(candidate: &Candidate, components: &[String], vocabulary: &Vocabulary) -> Self {
        Self {
            id: vocabulary.tag(candidate.tag).id.clone(),
            confidence: candidate.confidence,
            score: candidate.score,
            component: components[usize::from(candidate.component)].clone(),
        }
    }
}

/// The model that gave the scores.
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

/// Why a file was not tagged: the code of an [`ErrorKind`](crate::error::ErrorKind) or of the page, and a sentence.
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

/// A shown tag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportTag {
    pub id: String,
    pub name: String,
    pub category: Option<String>,
    /// 0–1; 1 for a tag that a person added.
    pub confidence: f32,
    /// The component's raw score behind the confidence, 0–1; null if the model has none for this tag.
    pub score: Option<f32>,
    /// Who set the tag: "auto" (the model) or "manual" (a person).
    #[serde(rename = "source")]
    pub origin: &'static str,
    /// The component that predicts the tag ("classes", "head:ID", "detector:ID"), or "person".
    #[serde(rename = "from")]
    pub component: String,
    /// Ids of the ancestors, the nearest first.
    pub parents: Vec<String>,
    /// Names of the ancestors, for formats without ids.
    #[serde(skip)]
    pub parent_names: Vec<String>,
    /// Names on the path to the root by first parents, the nearest first; a tag can have several paths.
    #[serde(skip)]
    pub path_to_root: Vec<String>,
}

impl ReportTag {
    /// A tag that the model predicts, named in `language`. `components`: [`ModelCard::components`].
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
            origin: "auto",
            component: components[usize::from(tag.component)].clone(),
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
