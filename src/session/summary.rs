//! Counts over all pictures of a session, and the effect of a policy change.

use serde::Serialize;

/// Bins of [`Summary::histogram`], equally wide over [0, 1].
pub const HISTOGRAM_BINS: usize = 50;

/// Counts over all pictures under one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub pictures: u32,
    /// Not tagged yet.
    pub waiting: u32,
    pub failed: u32,
    /// Tagged, but without a tag of their own.
    pub untagged: u32,
    /// Pictures that show at least one of `tags`.
    pub with_tags: u32,
    /// Pictures that a person corrected.
    pub corrected: u32,
    /// Pictures whose tags a person is done with.
    pub reviewed: u32,
    /// Tags shown on all pictures, without those that only providers say: they hang on thresholds of their own.
    pub tags: u32,
    /// The most frequent tags, including parents of shown tags.
    pub frequent: Vec<TagCount>,
    /// Confidences of all candidates that the lists permit; the last bin includes 1.
    pub histogram: [u32; HISTOGRAM_BINS],
}

/// A tag and how many pictures show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagCount {
    pub id: String,
    pub name: String,
    pub pictures: u32,
}

/// What a policy shows more and less than the one before.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Change {
    pub tags_gained: u32,
    pub tags_lost: u32,
    /// Pictures that had no tag before and have one now.
    pub pictures_gained: u32,
    pub pictures_lost: u32,
    /// Pictures that gain or lose a tag, the nearest to the new threshold first.
    pub edge: Vec<EdgePicture>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EdgePicture {
    pub id: u32,
    pub tag: String,
    pub name: String,
    pub confidence: f32,
    pub is_gained: bool,
}
