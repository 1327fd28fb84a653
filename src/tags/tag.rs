//! A tag of a picture as it is shown.

use crate::model::vocabulary::TagIdx;
use crate::tags::candidate::ComponentIdx;
use crate::tags::found_box::{Region, TagBoxes};

/// One shown tag. `parents` are its ancestors, the nearest first: they count as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub idx: TagIdx,
    pub id: String,
    pub name: String,
    pub category: Option<String>,
    pub confidence: f32,
    pub score: f32,
    pub component: ComponentIdx,
    pub parents: Vec<TagIdx>,
    /// How many of it were found, where a detector found any.
    pub count: Option<u32>,
    /// Where, the surest first: at most [`MAX_LISTED`](crate::tags::MAX_LISTED).
    pub boxes: Vec<Region>,
    /// Those of `parents` that a detector names and found, such as the people of a group.
    pub counted_parents: Vec<(TagIdx, TagBoxes)>,
}
