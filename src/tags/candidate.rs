//! Candidates: the tags that a picture may have, before any policy.

use std::cmp::Ordering;

use crate::model::vocabulary::TagIdx;

/// The component that predicts a tag: its position in [`ModelCard::components`](crate::model::ModelCard::components).
pub type ComponentIdx = u8;
/// The component "classes".
pub const CLASSES: ComponentIdx = 0;

/// Tags with a lower confidence are not kept: no policy can show them.
pub const MIN_CONFIDENCE: f32 = 0.001;

/// A tag that some policy could show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub tag: TagIdx,
    /// The component's raw score, 0–1.
    pub score: f32,
    /// The probability that the tag is right, from [`MIN_CONFIDENCE`] to 1.
    pub confidence: f32,
    /// The component that predicts the tag.
    pub component: ComponentIdx,
}

/// The surest first, ties in the vocabulary's order.
pub fn by_confidence(a: &Candidate, b: &Candidate) -> Ordering {
    b.confidence.total_cmp(&a.confidence).then(a.tag.cmp(&b.tag))
}
