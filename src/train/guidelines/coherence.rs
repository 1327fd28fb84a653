//! Pictures of one tag look alike: those that don't, or that look more like another tag.

use crate::train::figures::median;
use crate::train::guidelines::likeness::Likeness;
use crate::train::guidelines::{Check, Concerned, Guideline, Light};
use crate::train::set::{MIN_EXAMPLES, TrainingSet};

/// A picture is unlike the others where it is less like them than this share of what is usual for the tag. From the middle of the set
/// itself, where everything differs, only less tells something.
const UNLIKE: f32 = 0.4;
const UNLIKE_WITHOUT_BACKGROUND: f32 = 0.1;
/// By how much it looks more like another tag.
const MARGIN: f32 = 0.1;
/// Tags that share more of their pictures belong together: neither is *another* tag.
const MAX_OVERLAP: f32 = 0.2;

pub fn check(set: &TrainingSet, tag: u16, likeness: &Likeness) -> Check {
    let members = likeness.members(tag);
    if members.len() < MIN_EXAMPLES {
        return Check::new(Guideline::Coherence, Light::None, 0);
    }
    let own = likeness.own(tag);
    let share = if likeness.has_background { UNLIKE } else { UNLIKE_WITHOUT_BACKGROUND };
    let least = share * median(&own).unwrap_or(0.0);
    let others: Vec<u16> = (0..set.tags.len() as u16)
        .filter(|&other| {
            other != tag && likeness.members(other).len() >= MIN_EXAMPLES && likeness.overlap(tag, other) <= MAX_OVERLAP
        })
        .collect();
    let mut odd = Vec::new();
    for (&at, &own) in members.iter().zip(&own) {
        let example = &set.examples[at];
        let rivals = others.iter().filter(|other| !example.tags.contains(other));
        let rival = rivals.map(|&other| (likeness.to_other(at, other), other)).max_by(|(a, _), (b, _)| a.total_cmp(b));
        let like = rival.filter(|(to_other, _)| own < to_other - MARGIN);
        if own < least || like.is_some() {
            let worth = like.map_or(own, |(to_other, _)| own - to_other);
            odd.push((worth, Concerned { like: like.map(|(_, other)| other), ..Concerned::new(example.id) }));
        }
    }
    odd.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Check::of_pictures(Guideline::Coherence, odd.into_iter().map(|(_, one)| one).collect(), members.len())
}
