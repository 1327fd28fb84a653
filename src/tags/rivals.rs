//! Rivals: two tags of a picture with a common ancestor, such as two breeds of dog, of which one is not sure.

use crate::model::vocabulary::Vocabulary;
use crate::tags::candidate::{Candidate, by_confidence};
use crate::tags::marks::TagMarks;

/// Two tags with a common ancestor are rivals if one has a lower confidence than this.
const RIVAL_CONFIDENCE: f32 = 0.5;
/// Maximum number of pairs that are compared for a picture; a hundred tags have 5,000.
const MAX_COMPARISONS: usize = 1 << 18;

/// Of two rivals among the `shown` (the surest first), removes the less sure one; if both are unsure, their common ancestor replaces all its
/// descendants. `candidates`: those of the picture at or above the threshold, of which some are `possible`.
pub(super) fn resolve_rivals(
    shown: &mut Vec<Candidate>,
    candidates: &[Candidate],
    possible: impl Fn(&&Candidate) -> bool,
    vocabulary: &Vocabulary,
    places: &mut TagMarks,
) {
    if shown.len() < 2 || shown.last().is_some_and(|last| last.confidence >= RIVAL_CONFIDENCE) {
        return;
    }
    places.clear();
    for (place, one) in (0..).zip(candidates).filter(|(_, one)| possible(one)) {
        places.number(one.tag, place);
    }
    // The second of two is the less sure. There are no rivals among those before `second`.
    let mut second = 1;
    let mut comparisons = MAX_COMPARISONS;
    while second < shown.len() {
        let Candidate { tag, confidence, .. } = shown[second];
        // Most tags have no ancestor that could be shown; comparing them with every other takes the longest.
        let has_rivals = confidence < RIVAL_CONFIDENCE && vocabulary.ancestors(tag).iter().any(|&idx| places.has(idx));
        let rival = (0..second.min(comparisons)).filter(|_| has_rivals).find_map(|first| {
            let parent = vocabulary.common_ancestor(shown[first].tag, tag)?;
            Some((first, candidates[places.get(parent)? as usize]))
        });
        comparisons -= second.min(comparisons);
        match rival {
            None => second += 1,
            Some((first, _)) if shown[first].confidence >= RIVAL_CONFIDENCE => _ = shown.remove(second),
            Some((_, parent)) => {
                shown.retain(|one| !vocabulary.ancestors(one.tag).contains(&parent.tag));
                let place = shown.partition_point(|one| by_confidence(one, &parent).is_lt());
                shown.insert(place, parent);
                second = place.max(1);
            }
        }
    }
}
