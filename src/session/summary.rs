//! What is said of many pictures at once.

use serde::Serialize;

/// Bins of [`Summary::histogram`], equally wide over [0, 1].
pub const HISTOGRAM_BINS: usize = 50;

/// What the policy gives over all pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Tagged or failed.
    pub pictures: u32,
    pub failed: u32,
    /// Pictures that show at least one tag.
    pub with_tags: u32,
    /// Pictures of which a person said something.
    pub corrected: u32,
    /// Tags shown on all pictures.
    pub tags: u32,
    /// The tags on most pictures, parents of shown ones included.
    pub frequent: Vec<TagCount>,
    /// Confidences of everything that could be shown at some threshold; the last bin holds 1.
    pub histogram: [u32; HISTOGRAM_BINS],
}

/// A tag and how many pictures show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagCount {
    pub id: String,
    pub name: String,
    pub pictures: u32,
}

/// What a policy shows more and less than another one.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Change {
    pub tags_gained: u32,
    pub tags_lost: u32,
    /// Pictures that had no tag and have one.
    pub pictures_gained: u32,
    pub pictures_lost: u32,
    /// Pictures that gain or lose a tag, those whose tag lies nearest to the new threshold first.
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
