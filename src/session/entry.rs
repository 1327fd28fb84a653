//! A picture of a session: what its file is, what came of it, and what it shows.

use crate::session::report::{Failure, ModelRef};
use crate::session::shown::{SaidBy, Shown};
use crate::tags::candidate::Candidate;
use crate::tags::found_box::FoundBox;
use crate::tags::tagging::{PictureFacts, Tagging, Timings};

#[derive(Debug)]
pub(super) struct SessionEntry {
    pub path: String,
    /// The path in lower case.
    pub path_to_search: String,
    /// When the file was changed, in ms since 1970; 0 where that is unknown.
    pub modified_ms: f64,
    pub outcome: Outcome,
    pub is_corrected: bool,
    pub is_reviewed: bool,
    /// Whether own taggers or providers found something in it.
    pub has_providers: bool,
    /// Whether it has a title or a description.
    pub has_texts: bool,
    /// Of `outcome` and corrections under the policy and the rules in force.
    pub shown: Shown,
}

/// What came of a picture.
#[derive(Debug)]
pub(super) enum Outcome {
    Waiting,
    Tagged {
        /// The surest first. Every change of the policy reads those of all pictures, so nothing else lies between.
        candidates: Vec<Candidate>,
        rest: Box<TaggedBy>,
    },
    Failed(Failure),
}

/// A tagging without its candidates, and the position of its [`TaggerRef`] in the session.
#[derive(Debug)]
pub(super) struct TaggedBy {
    pub facts: PictureFacts,
    pub boxes: Vec<FoundBox>,
    pub timings: Timings,
    pub tagger: usize,
}

/// Who tagged a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TaggerRef {
    pub model: ModelRef,
    pub pipeline: u32,
}

impl Outcome {
    pub fn tagged(Tagging { facts, candidates, boxes, timings }: Tagging, tagger: usize) -> Self {
        Self::Tagged { candidates, rest: Box::new(TaggedBy { facts, boxes, timings, tagger }) }
    }

    pub fn candidates(&self) -> &[Candidate] {
        match self {
            Self::Tagged { candidates, .. } => candidates,
            Self::Waiting | Self::Failed(_) => &[],
        }
    }

    pub fn boxes(&self) -> &[FoundBox] {
        match self {
            Self::Tagged { rest, .. } => &rest.boxes,
            Self::Waiting | Self::Failed(_) => &[],
        }
    }
}

impl SessionEntry {
    pub fn new(path: String, modified_ms: f64) -> Self {
        Self {
            path_to_search: path.to_lowercase(),
            path,
            modified_ms,
            outcome: Outcome::Waiting,
            is_corrected: false,
            is_reviewed: false,
            has_providers: false,
            has_texts: false,
            shown: Shown::default(),
        }
    }

    /// Those of the model, of the person and of what they have taught: what only providers say is another's opinion.
    pub fn n_tags_without_providers(&self) -> u32 {
        let tags = &self.shown.tags;
        let n_of_providers = || tags.iter().filter(|tag| matches!(tag.by, SaidBy::Provider(_))).count();
        (tags.len() - if self.has_providers { n_of_providers() } else { 0 }) as u32
    }

    pub fn is_untagged(&self) -> bool {
        matches!(self.outcome, Outcome::Tagged { .. }) && !self.shown.is_tagged()
    }
}
