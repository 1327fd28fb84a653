//! A tag that a picture may have, with who says so and how sure that is: what is kept of a picture's looks.

use std::cmp::Ordering;

use crate::model::vocabulary::TagIdx;

/// Which part says a tag: position in [`ModelCard::components`](crate::model::card::ModelCard::components).
pub type ComponentIdx = u8;
/// The classes.
pub const CLASSES: ComponentIdx = 0;

/// Tags less sure than this are not kept: no policy can show them.
pub const MIN_CONFIDENCE: f32 = 0.001;

/// A tag that some policy could show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub tag: TagIdx,
    /// What the part that says so gives it, 0–1.
    pub score: f32,
    /// How probable it is that the tag is right, from [`MIN_CONFIDENCE`] to 1.
    pub confidence: f32,
    /// Which part of the model says so.
    pub component: ComponentIdx,
}

/// The surest first, ties in the vocabulary's order.
pub fn by_confidence(a: &Candidate, b: &Candidate) -> Ordering {
    b.confidence.total_cmp(&a.confidence).then(a.tag.cmp(&b.tag))
}
