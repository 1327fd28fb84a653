//! Tags of a picture that are nearly shown, and why each of them is not.

use std::collections::HashSet;

use serde::Serialize;

use crate::model::vocabulary::TagIdx;
use crate::tags::candidate::{Candidate, MIN_CONFIDENCE, by_confidence};
use crate::tags::corrections::ResolvedCorrections;
use crate::tags::select::{Selection, Selector};
use crate::tags::tag::Tag;

/// How far below the threshold a near miss can be, in confidence.
const MARGIN: f32 = 0.15;
/// How far below it can be, as a share of the threshold: at 5 %, a tag of 1 % is no near miss.
const LEAST_SHARE: f32 = 0.25;

/// A tag that is not shown, without its boxes.
#[derive(Debug, Clone, PartialEq)]
pub struct NearMiss {
    pub tag: Tag,
    pub reason: HiddenReason,
    /// The confidence from which it would be shown beside others; only for [`HiddenReason::Vague`].
    pub shown_from: Option<f32>,
}

/// Why a tag is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenReason {
    /// Its confidence is below the threshold.
    Threshold,
    /// It is general, and such tags are shown beside others only if they are very sure.
    Vague,
    /// It and another tag exclude each other.
    Rival,
    /// The picture has as many tags as the policy allows.
    Limit,
}

impl Selector {
    /// The best `n` tags, the surest first, that are neither shown nor ancestors of shown tags: those slightly below the threshold, and
    /// those at or above it that are hidden for another reason.
    pub fn near_misses(&self, candidates: &[Candidate], corrections: &ResolvedCorrections, n: usize) -> Vec<NearMiss> {
        let threshold = self.policy().threshold;
        let mut selection = Selection::default();
        self.select_at(threshold, &mut selection, candidates, corrections);
        let all = selection.shown.clone();
        let shown = &all[..all.len().min(self.policy().max_tags)];
        let shown = || shown.iter().map(|one| one.tag);
        let mut represented = self.vocabulary().ancestors_of_all(shown().chain(corrections.added.iter().copied()));
        represented.extend(shown());
        let lower = (threshold - MARGIN).max(threshold * LEAST_SHARE).max(MIN_CONFIDENCE);
        self.select_at(lower, &mut selection, candidates, corrections);
        let Selection { shown: mut hidden, mut marks } = selection;
        let sure_enough = candidates.iter().take_while(|one| one.confidence >= threshold);
        let sure_enough = sure_enough.filter(|one| self.permits(one.tag) && !corrections.replaces(one.tag));
        let mut most_specific: Vec<Candidate> = sure_enough.copied().collect();
        self.fold_ancestors(&mut most_specific, &mut marks, corrections);
        let known: HashSet<TagIdx> = hidden.iter().map(|one| one.tag).collect();
        hidden.extend(most_specific.into_iter().filter(|one| !known.contains(&one.tag)));
        hidden.retain(|one| !represented.contains(&one.tag));
        hidden.sort_by(by_confidence);
        hidden.truncate(n);
        let reason = |one: &Candidate| {
            if one.confidence < threshold {
                HiddenReason::Threshold
            } else if all.iter().any(|other| other.tag == one.tag) {
                HiddenReason::Limit
            } else if self.is_vague(one) {
                HiddenReason::Vague
            } else {
                HiddenReason::Rival
            }
        };
        let near_miss = |one: Candidate| {
            let reason = reason(&one);
            let shown_from = (reason == HiddenReason::Vague).then_some(self.min_parent);
            NearMiss { tag: self.describe(one, &[], corrections), reason, shown_from }
        };
        hidden.into_iter().map(near_miss).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::tags::policy::Policy;
    use crate::tags::select::tests::{candidates, policy, vocabulary};

    fn near_misses(scores: [f32; 4], policy: Policy, min_parent: f32) -> Vec<(String, HiddenReason)> {
        let vocabulary = vocabulary();
        let all = candidates(scores, &vocabulary);
        let selector = Selector::new(policy, min_parent, Arc::new(vocabulary)).unwrap();
        let found = selector.near_misses(&all, &ResolvedCorrections::default(), 5);
        found.into_iter().map(|one| (one.tag.id, one.reason)).collect()
    }

    fn below(ids: &[&str]) -> Vec<(String, HiddenReason)> {
        ids.iter().map(|&id| (id.to_owned(), HiddenReason::Threshold)).collect()
    }

    #[test]
    fn a_slightly_lower_threshold_would_show_them() {
        assert_eq!(near_misses([0.5, 0.1, 0.2, 0.2], policy(0.55), 0.0), below(&["terrier", "chair"]));
        assert_eq!(near_misses([0.5, 0.1, 0.1, 0.1], policy(0.55), 0.0), below(&["terrier"]), "0.2 is far from 0.55");
    }

    #[test]
    fn nothing_under_a_quarter_of_the_threshold_is_near() {
        assert_eq!(near_misses([0.09, 0.0, 0.02, 0.0], policy(0.1), 0.0), below(&["terrier"]));
        assert_eq!(near_misses([0.09, 0.0, 0.03, 0.0], policy(0.1), 0.0), below(&["terrier", "chair"]));
    }

    #[test]
    fn what_is_sure_enough_and_still_hidden_says_why() {
        let vague = near_misses([0.2, 0.2, 0.4, 0.15], policy(0.35), 0.8);
        assert_eq!(vague, [("dog".to_owned(), HiddenReason::Vague)], "0.4, beside a chair of 0.55");
        let one = Policy { max_tags: 1, ..policy(0.2) };
        assert_eq!(near_misses([0.5, 0.0, 0.25, 0.1], one, 0.0), [("chair".to_owned(), HiddenReason::Limit)]);
        let rival = near_misses([0.6, 0.3, 0.01, 0.01], policy(0.25), 0.0);
        assert_eq!(rival, [("hound".to_owned(), HiddenReason::Rival)], "it lost to the terrier");
    }

    #[test]
    fn the_best_come_first_and_corrections_count() {
        let vocabulary = vocabulary();
        let all = candidates([0.5, 0.1, 0.2, 0.2], &vocabulary);
        let (chair, hound) = (vocabulary.idx("chair").unwrap(), vocabulary.idx("hound").unwrap());
        let corrections = ResolvedCorrections { added: vec![chair], rejected: vec![hound], merged: vec![] };
        let selector = Selector::new(policy(0.55), 0.0, Arc::new(vocabulary)).unwrap();
        let ids: Vec<_> = selector.near_misses(&all, &corrections, 5).into_iter().map(|one| one.tag.id).collect();
        assert_eq!(ids, ["terrier"]);
    }
}
