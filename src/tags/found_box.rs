//! Boxes: where in a picture a detector found one thing each.

use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::candidate::ComponentIdx;

/// Left, top, width and height, as fractions of the upright picture's sides. May extend beyond the picture.
pub type Region = [f32; 4];

/// Maximum number of boxes that are listed with a tag; all are counted.
pub const MAX_LISTED: usize = 50;
/// Two boxes of different tags, such as a car and a truck, are of one thing if their intersection over union is larger than this.
const SAME_THING: f32 = 0.6;
/// Boxes of a lower confidence do not speak for tags above theirs: they may as well be wrong.
const EVEN_CHANCE: f32 = 0.5;
/// The surest box of a tag is kept from this confidence on, however few count.
#[cfg(feature = "inference")]
const LEAST_KEPT: f32 = 0.1;
/// Digits of a listed fraction: a third of a pixel of 4,000.
const STEPS: f32 = 10_000.0;

/// A box around one thing. Kept are those that count, and the surest of each tag if it is not all but surely wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoundBox {
    /// What it is.
    pub tag: TagIdx,
    /// The detector that found it.
    pub component: ComponentIdx,
    /// The probability that it is right, 0–1.
    pub confidence: f32,
    pub region: Region,
}

/// The boxes of one tag.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TagBoxes {
    /// Number of boxes; `None` where there is none, because a detector that finds nothing may not have looked for it.
    pub count: Option<u32>,
    /// The surest first, at most [`MAX_LISTED`], rounded to four digits.
    pub regions: Vec<Region>,
}

impl TagBoxes {
    /// Those of `boxes` whose tag `is_meant`, and those of tags below such a one if they are rather right than wrong. Of several around one
    /// thing, such as a car that may be a truck, the surest counts.
    pub fn of(is_meant: impl Fn(TagIdx) -> bool, boxes: &[FoundBox], vocabulary: &Vocabulary) -> Self {
        let is_below = |tag: TagIdx| vocabulary.ancestors(tag).iter().any(|&above| is_meant(above));
        let speaks = |one: &&FoundBox| is_meant(one.tag) || (one.confidence >= EVEN_CHANCE && is_below(one.tag));
        let mut surest: Vec<&FoundBox> = boxes.iter().filter(speaks).collect();
        surest.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let mut kept: Vec<&FoundBox> = Vec::new();
        for one in surest {
            let is_same = |other: &&FoundBox| {
                other.tag != one.tag && intersection_over_union(other.region, one.region) > SAME_THING
            };
            if !kept.iter().any(is_same) {
                kept.push(one);
            }
        }
        let rounded = |one: &&FoundBox| one.region.map(|side| (side * STEPS).round() / STEPS);
        Self {
            count: u32::try_from(kept.len()).ok().filter(|count| *count > 0),
            regions: kept.iter().take(MAX_LISTED).map(rounded).collect(),
        }
    }

    /// [`TagBoxes::of`], if a detector names such a tag itself: what only lies above other things, as food above a pizza, is no more exactly
    /// where a tag is than those.
    pub fn of_named(is_meant: impl Fn(TagIdx) -> bool, boxes: &[FoundBox], vocabulary: &Vocabulary) -> Option<Self> {
        let is_named = boxes.iter().any(|one| is_meant(one.tag));
        is_named.then(|| Self::of(is_meant, boxes, vocabulary))
    }
}

/// Those of `boxes` with at least the confidence `count_at`, and the surest of each tag from `LEAST_KEPT` on; the surest first.
#[cfg(feature = "inference")]
pub fn counted(mut boxes: Vec<FoundBox>, count_at: f32) -> Vec<FoundBox> {
    boxes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.tag.cmp(&b.tag)));
    let mut known: Vec<TagIdx> = Vec::new();
    boxes.retain(|one| {
        let is_surest = !known.contains(&one.tag);
        if is_surest {
            known.push(one.tag);
        }
        one.confidence >= count_at || (is_surest && one.confidence >= LEAST_KEPT)
    });
    boxes
}

/// `boxes` without those that share more than half of the smaller one's area with a surer one of their tag: a part of a thing is not another
/// one. The surest first.
#[cfg(feature = "inference")]
pub fn without_parts(mut boxes: Vec<FoundBox>) -> Vec<FoundBox> {
    boxes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<FoundBox> = Vec::new();
    for one in boxes {
        let area = |of: &FoundBox| of.region[2] * of.region[3];
        let is_part = |other: &&FoundBox| {
            other.tag == one.tag && intersection(other.region, one.region) > area(other).min(area(&one)) / 2.0
        };
        if !kept.iter().any(|other| is_part(&other)) {
            kept.push(one);
        }
    }
    kept
}

/// The area that two boxes share, divided by the area of their union.
pub fn intersection_over_union(a: Region, b: Region) -> f32 {
    let both = intersection(a, b);
    both / (a[2] * a[3] + b[2] * b[3] - both)
}

/// The area that two boxes share.
fn intersection(a: Region, b: Region) -> f32 {
    let side = |axis: usize| (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]) - a[axis].max(b[axis]);
    side(0).max(0.0) * side(1).max(0.0)
}

#[cfg(all(test, feature = "inference"))]
mod tests {
    use super::*;

    /// vehicle > {car, truck}; cat.
    fn vocabulary() -> Vocabulary {
        let tag = |id: &str, parents: &str| format!(r#"{{"id":"{id}","names":{{"en":"{id}"}},"parents":[{parents}]}}"#);
        let tags = [tag("vehicle", ""), tag("car", r#""vehicle""#), tag("truck", r#""vehicle""#), tag("cat", "")];
        let json = format!(r#"{{"version":1,"languages":["en"],"tags":[{}],"classes":["cat"]}}"#, tags.join(","));
        Vocabulary::parse(&json).unwrap()
    }

    fn found(id: &str, confidence: f32, left: f32) -> FoundBox {
        let tag = vocabulary().idx(id).unwrap();
        FoundBox { tag, component: 1, confidence, region: [left, 0.0, 0.2, 0.5] }
    }

    fn of(id: &str, boxes: &[FoundBox]) -> TagBoxes {
        let wanted = vocabulary().idx(id).unwrap();
        TagBoxes::of(|tag| tag == wanted, boxes, &vocabulary())
    }

    #[test]
    fn a_parent_has_the_boxes_of_all_tags_below_it_and_one_thing_counts_once() {
        let boxes = [found("truck", 0.6, 0.5), found("car", 0.9, 0.52), found("car", 0.7, 0.0), found("cat", 0.8, 0.0)];
        assert_eq!(of("car", &boxes).regions, [[0.52, 0.0, 0.2, 0.5], [0.0, 0.0, 0.2, 0.5]], "the surest first");
        assert_eq!(of("truck", &boxes).count, Some(1));
        assert_eq!(of("vehicle", &boxes).count, Some(2), "the truck is the car");
        assert_eq!(of("vehicle", &boxes[3..]), TagBoxes::default(), "a cat");
        let faint = [found("truck", 0.3, 0.0)];
        assert_eq!((of("truck", &faint).count, of("vehicle", &faint).count), (Some(1), None));
    }

    #[test]
    fn the_surest_of_each_tag_is_kept_unless_it_is_all_but_surely_wrong() {
        let boxes = [
            found("truck", 0.05, 0.0),
            found("car", 0.3, 0.0),
            found("cat", 0.2, 0.0),
            found("car", 0.6, 0.5),
            found("cat", 0.1, 0.5),
        ];
        let left: Vec<f32> = counted(boxes.to_vec(), 0.5).iter().map(|one| one.confidence).collect();
        assert_eq!(left, [0.6, 0.2]);
    }

    #[test]
    fn a_part_of_a_thing_is_not_another_one() {
        let head = FoundBox { region: [0.05, 0.0, 0.1, 0.1], ..found("car", 0.7, 0.0) };
        let boxes = vec![head, found("car", 0.9, 0.0), found("car", 0.6, 0.15), found("truck", 0.5, 0.0)];
        let left: Vec<f32> = without_parts(boxes).iter().map(|one| one.confidence).collect();
        assert_eq!(left, [0.9, 0.6, 0.5], "the next one is behind it by a quarter, and a truck is no part of a car");
    }

    #[test]
    fn boxes_of_one_tag_may_overlap_and_only_the_listed_are_limited() {
        let many: Vec<FoundBox> = (0..60).map(|nth| found("cat", 0.5, nth as f32 / 123_456.0)).collect();
        let all = of("cat", &many);
        assert_eq!((all.count, all.regions.len()), (Some(60), MAX_LISTED));
        assert_eq!(all.regions[49][0], 0.0004, "rounded");
    }
}
