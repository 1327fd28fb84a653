//! The report of one picture: its tags, and everything needed to redo them. One JSON object, the same from page and command line.

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use crate::model::card::ModelCard;
use crate::model::vocabulary::Vocabulary;
use crate::session::texts::Texts;
use crate::tags::candidate::Candidate;
use crate::tags::corrections::FREE_PREFIX;
use crate::tags::found_box::{Region, TagBoxes};
use crate::tags::tag::Tag;
use crate::tags::tagging::{PictureFacts, Timings};

/// Incremented whenever the same file could give other scores.
pub const PIPELINE_VERSION: u32 = 1;

/// Who set a tag: "auto", "custom", "cloud" or "manual". The alias keeps serde from borrowing it from the text that it reads.
pub type Origin = &'static str;

const ORIGINS: [Origin; 4] = ["auto", "custom", "cloud", "manual"];

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TagReport {
    Tagged(Box<TaggedReport>),
    Failed {
        path: String,
        error: Failure,
        /// Tags that a person added or a provider found: they need no model.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<ReportTag>,
        #[serde(flatten)]
        texts: Texts,
    },
}

/// A picture that was tagged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaggedReport {
    /// The path as given; relative to the folder that was opened, if any.
    pub path: String,
    #[serde(flatten)]
    pub facts: PictureFacts,
    pub model: ModelRef,
    pub pipeline: u32,
    pub tags: Vec<ReportTag>,
    #[serde(flatten)]
    pub texts: Texts,
    pub timings_ms: Timings,
    /// One score per class, on request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Vec<f32>>,
    /// On request, where the model has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding: Option<Vec<f32>>,
    /// Every tag that some policy could show, parents included, the surest first; on request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<ReportCandidate>>,
}

/// A tag that some policy could show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

/// The model that gave the scores; where none has tagged a picture, the newest provider that did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportTag {
    pub id: String,
    pub name: String,
    pub category: Option<String>,
    /// 0–1; 1 for a tag that a person added, and of a provider that gives no numbers.
    pub confidence: f32,
    /// The component's raw score behind the confidence, 0–1; null if the model, or the provider, has none for this tag.
    pub score: Option<f32>,
    /// Who set the tag: "auto" (the model), "custom" (what a person has taught), "cloud" (only providers) or "manual" (a person).
    #[serde(rename = "source", deserialize_with = "origin")]
    pub origin: Origin,
    /// The component that predicts the tag ("classes", "head:ID", "detector:ID", "provider:ID"), or "person".
    #[serde(rename = "from")]
    pub component: String,
    /// The own taggers and providers that found it too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_from: Vec<String>,
    /// Ids of the ancestors, the nearest first.
    pub parents: Vec<String>,
    /// How many of it were found, where a detector found any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Where: left, top, width and height as fractions of the upright picture, the surest first, at most
    /// [`MAX_LISTED`](crate::tags::MAX_LISTED).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<Region>,
    /// Names of the ancestors, for formats without ids.
    #[serde(skip)]
    pub parent_names: Vec<String>,
    /// Those of `parents` that a detector names and found, such as the people of a group, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted_parents: Vec<CountedParent>,
    /// Names on the path to the root by first parents, the nearest first; a tag can have several paths.
    #[serde(skip)]
    pub path_to_root: Vec<String>,
    /// Name of the category, for formats without ids.
    #[serde(skip)]
    pub category_name: Option<String>,
}

/// An ancestor of a shown tag that a detector found; fields as in [`ReportTag`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountedParent {
    pub id: String,
    pub count: u32,
    pub boxes: Vec<Region>,
}

impl CountedParent {
    pub(super) fn new(id: &str, found: TagBoxes) -> Self {
        Self { id: id.to_owned(), count: found.count.unwrap_or_default(), boxes: found.regions }
    }
}

impl ReportTag {
    /// A tag that the model predicts, named in `language`. `components`: [`ModelCard::components`].
    pub fn new(tag: Tag, components: &[String], vocabulary: &Vocabulary, language: &str) -> Self {
        let above = || tag.parents.iter().map(|&above| vocabulary.tag(above));
        Self {
            parents: above().map(|entry| entry.id.clone()).collect(),
            parent_names: above().map(|entry| entry.name(language).to_owned()).collect(),
            counted_parents: (tag.counted_parents.into_iter())
                .map(|(above, found)| CountedParent::new(&vocabulary.tag(above).id, found))
                .collect(),
            path_to_root: (vocabulary.path_to_root(tag.idx).filter(|above| tag.parents.contains(above)))
                .map(|above| vocabulary.tag(above).name(language).to_owned())
                .collect(),
            category_name: tag.category.as_deref().map(|category| category_name(category, vocabulary, language)),
            id: tag.id,
            name: tag.name,
            category: tag.category,
            confidence: tag.confidence,
            score: Some(tag.score),
            origin: "auto",
            component: components[usize::from(tag.component)].clone(),
            also_from: Vec::new(),
            count: tag.count,
            boxes: tag.boxes,
        }
    }
}

impl ReportTag {
    /// Whether a person typed it and no vocabulary has it.
    pub fn is_own_word(&self) -> bool {
        self.id.starts_with(FREE_PREFIX)
    }
}

/// A category has the name of the tag with its id.
fn category_name(category: &str, vocabulary: &Vocabulary, language: &str) -> String {
    vocabulary.idx(category).map_or(category, |idx| vocabulary.tag(idx).name(language)).to_owned()
}

/// One of the known origins.
fn origin<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Origin, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = ORIGINS.into_iter().find(|origin| *origin == text);
    known.ok_or_else(|| de::Error::unknown_variant(&text, &ORIGINS))
}

impl TagReport {
    pub fn path(&self) -> &str {
        match self {
            Self::Tagged(tagged) => &tagged.path,
            Self::Failed { path, .. } => path,
        }
    }

    /// The shown tags. Those of a picture that failed are a person's and providers'.
    pub fn tags(&self) -> &[ReportTag] {
        match self {
            Self::Tagged(tagged) => &tagged.tags,
            Self::Failed { tags, .. } => tags,
        }
    }

    pub fn texts(&self) -> &Texts {
        match self {
            Self::Tagged(tagged) => &tagged.texts,
            Self::Failed { texts, .. } => texts,
        }
    }

    pub(super) fn tags_mut(&mut self) -> &mut [ReportTag] {
        match self {
            Self::Tagged(tagged) => &mut tagged.tags,
            Self::Failed { tags, .. } => tags,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A picture with tags, each given as its name and its parents' names, the nearest first.
    pub fn report(path: &str, tags: &[(&str, &[&str])]) -> TagReport {
        TagReport::Tagged(Box::new(TaggedReport {
            path: path.to_owned(),
            facts: PictureFacts {
                sha256: "00".repeat(32),
                width: 2,
                height: 1,
                format: "png".to_owned(),
                ..Default::default()
            },
            model: ModelRef { id: "model".to_owned(), version: "1".to_owned() },
            pipeline: 1,
            tags: tags.iter().map(report_tag).collect(),
            texts: Texts::default(),
            timings_ms: Timings::default(),
            scores: None,
            embedding: None,
            candidates: None,
        }))
    }

    fn report_tag(&(name, parents): &(&str, &[&str])) -> ReportTag {
        ReportTag {
            id: name.to_owned(),
            name: name.to_owned(),
            category: None,
            confidence: 0.5,
            score: Some(0.5),
            origin: "auto",
            component: "classes".into(),
            also_from: Vec::new(),
            parents: parents.iter().map(|&name| name.to_owned()).collect(),
            parent_names: parents.iter().map(|&name| name.to_owned()).collect(),
            counted_parents: Vec::new(),
            path_to_root: parents.iter().map(|&name| name.to_owned()).collect(),
            category_name: None,
            count: None,
            boxes: Vec::new(),
        }
    }

    pub fn failed(path: &str) -> TagReport {
        let error = Failure { code: "picture_empty".to_owned(), detail: "Empty.".to_owned() };
        TagReport::Failed { path: path.to_owned(), error, tags: Vec::new(), texts: Texts::default() }
    }

    /// `report` with a title, a description and an alternative text.
    pub fn with_texts(mut report: TagReport, [title, description, alt_text]: [&str; 3]) -> TagReport {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let given = Texts { title: some(title), description: some(description), alt_text: some(alt_text) };
        match &mut report {
            TagReport::Tagged(tagged) => tagged.texts = given,
            TagReport::Failed { texts, .. } => *texts = given,
        }
        report
    }

    /// `report` with tags that a person added, each given as its name and its parents' names.
    pub fn with_tags(mut report: TagReport, tags: &[(&str, &[&str])]) -> TagReport {
        let manual = tags.iter().map(|tag| {
            let tag = report_tag(tag);
            ReportTag { origin: "manual", component: "person".into(), confidence: 1.0, score: None, ..tag }
        });
        match &mut report {
            TagReport::Tagged(tagged) => drop(tagged.tags.splice(..0, manual)),
            TagReport::Failed { tags, .. } => drop(tags.splice(..0, manual)),
        }
        report
    }

    #[test]
    fn a_failed_picture_has_tags_only_if_a_person_gave_some() {
        let json = |report: &TagReport| serde_json::to_value(report).unwrap();
        let wanted = serde_json::json!({ "path": "a", "error": { "code": "picture_empty", "detail": "Empty." } });
        assert_eq!(json(&failed("a")), wanted);
        let tags = json(&with_tags(failed("a"), &[("Misse", &[])]))["tags"].clone();
        assert_eq!((&tags[0]["name"], &tags[0]["source"]), (&"Misse".into(), &"manual".into()));
    }
}
