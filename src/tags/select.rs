//! Candidates to tags under a policy: done again for every picture when the policy changes.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::candidate::{CLASSES, Candidate, ComponentIdx, MIN_CONFIDENCE, by_confidence};
use crate::tags::corrections::ResolvedCorrections;
use crate::tags::policy::{CATEGORY_PREFIX, Policy, is_named_by};

/// How far below the threshold a near miss may be.
const NEAR_MISS_MARGIN: f32 = 0.15;
/// Below this, siblings compete (two breeds of dog): only the best is shown, or their parent.
const RIVAL_CONFIDENCE: f32 = 0.5;

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
}

/// A policy looked up in a vocabulary, ready for many pictures.
#[derive(Debug, Clone)]
pub struct Selector {
    policy: Policy,
    vocabulary: Arc<Vocabulary>,
    /// Least confidence of a tag that has others below it and that only the classes speak for.
    min_parent: f32,
    /// Per tag: may it be shown?
    permitted: Vec<bool>,
}

impl Selector {
    /// `min_parent`: [`PolicyDefaults::min_parent`](crate::model::PolicyDefaults::min_parent).
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`] for a threshold outside [[`MIN_CONFIDENCE`], 1], no tags at all, or a list entry that the
    /// vocabulary does not know.
    pub fn new(policy: Policy, min_parent: f32, vocabulary: Arc<Vocabulary>) -> Result<Self> {
        let refuse = |detail: String| Err(Error::new(ErrorKind::PolicyInvalid, detail));
        if !(MIN_CONFIDENCE..=1.0).contains(&policy.threshold) {
            return refuse(format!(
                "The threshold {} is out of range: it goes from {MIN_CONFIDENCE} to 1.",
                policy.threshold
            ));
        }
        if policy.max_tags == 0 {
            return refuse("The largest number of tags is 0; it must be at least 1.".to_owned());
        }
        let names = |entry: &str, idx: TagIdx| is_named_by(vocabulary.tag(idx), entry);
        let all = || 0..vocabulary.tags().len() as TagIdx;
        for entry in policy.allow.iter().chain(&policy.deny) {
            if !vocabulary.tags().iter().any(|tag| is_named_by(tag, entry)) {
                return refuse(format!(
                    "The vocabulary has no {entry:?}. Lists hold tag ids and \"{CATEGORY_PREFIX}NAME\"."
                ));
            }
        }
        let permitted = all()
            .map(|idx| {
                let allowed = policy.allow.is_empty() || policy.allow.iter().any(|entry| names(entry, idx));
                allowed && !policy.deny.iter().any(|entry| names(entry, idx))
            })
            .collect();
        Ok(Self { policy, vocabulary, min_parent, permitted })
    }

    /// The same vocabulary under another policy.
    ///
    /// # Errors
    /// As [`Selector::new`].
    pub fn with_policy(&self, policy: Policy) -> Result<Self> {
        Self::new(policy, self.min_parent, self.vocabulary.clone())
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub fn permits(&self, tag: TagIdx) -> bool {
        self.permitted[usize::from(tag)]
    }

    /// The candidates shown of one picture's `candidates` (surest first): at or above the threshold, permitted, not replaced by a
    /// correction, no ancestor of another shown tag, at most `max_tags`.
    ///
    /// A tag with children that only the classes predict is shown where it is very sure ("household" says little and is easily
    /// wrong), or where nothing else is. Where two siblings compete, their parent is shown.
    pub fn select(&self, candidates: &[Candidate], corrections: &ResolvedCorrections) -> Vec<Candidate> {
        let mut shown = self.select_at(self.policy.threshold, candidates, corrections);
        shown.truncate(self.policy.max_tags);
        shown
    }

    /// [`Selector::select`] at any threshold, without the limit on their number.
    fn select_at(&self, threshold: f32, candidates: &[Candidate], corrections: &ResolvedCorrections) -> Vec<Candidate> {
        let end = candidates.partition_point(|candidate| candidate.confidence >= threshold);
        let possible = || {
            let is_possible = |one: &&Candidate| self.permits(one.tag) && !corrections.replaces(one.tag);
            candidates[..end].iter().filter(is_possible).copied()
        };
        let is_wanted = |one: &Candidate| {
            one.component != CLASSES || one.confidence >= self.min_parent || !self.vocabulary.has_children(one.tag)
        };
        let mut shown = self.fold_ancestors(possible().filter(is_wanted).collect(), corrections);
        if threshold < RIVAL_CONFIDENCE && shown.len() > 1 {
            resolve_rivals(&mut shown, &possible().collect::<Vec<_>>(), &self.vocabulary);
        }
        if shown.is_empty() {
            shown = self.fold_ancestors(possible().collect(), corrections);
            shown.truncate(1);
        }
        shown
    }

    /// [`Selector::select`], with names.
    pub fn select_named(&self, candidates: &[Candidate], corrections: &ResolvedCorrections) -> Vec<Tag> {
        let shown = self.select(candidates, corrections);
        shown.into_iter().map(|candidate| self.describe(candidate, corrections)).collect()
    }

    /// What a slightly lower threshold, or a higher limit, would show besides: the best `n` that are neither shown nor above
    /// something shown.
    pub fn near_misses(&self, candidates: &[Candidate], corrections: &ResolvedCorrections, n: usize) -> Vec<Tag> {
        let shown = self.select(candidates, corrections);
        let is_represented = |tag: TagIdx| {
            let is_above = |leaf: &Candidate| leaf.tag == tag || self.vocabulary.ancestors(leaf.tag).contains(&tag);
            shown.iter().any(is_above) || corrections.covers(tag, &self.vocabulary)
        };
        let lower = (self.policy.threshold - NEAR_MISS_MARGIN).max(MIN_CONFIDENCE);
        let at_lower = self.select_at(lower, candidates, corrections);
        let rest = at_lower.into_iter().filter(|candidate| !is_represented(candidate.tag));
        rest.take(n).map(|candidate| self.describe(candidate, corrections)).collect()
    }

    fn describe(&self, candidate: Candidate, corrections: &ResolvedCorrections) -> Tag {
        let entry = self.vocabulary.tag(candidate.tag);
        let is_named = |above: &TagIdx| self.permits(*above) && !corrections.rejected.contains(above);
        Tag {
            idx: candidate.tag,
            id: entry.id.clone(),
            name: entry.name(&self.policy.language).to_owned(),
            category: entry.category.clone(),
            confidence: candidate.confidence,
            score: candidate.score,
            component: candidate.component,
            parents: self.vocabulary.ancestors(candidate.tag).iter().copied().filter(is_named).collect(),
        }
    }

    /// Without ancestors of other candidates, and of tags that a person added.
    fn fold_ancestors(&self, all: Vec<Candidate>, corrections: &ResolvedCorrections) -> Vec<Candidate> {
        if all.len() < 2 && corrections.own.is_empty() {
            return all;
        }
        let is_above = |above: &Candidate| {
            let lies_above = |leaf: &Candidate| self.vocabulary.ancestors(leaf.tag).contains(&above.tag);
            all.iter().any(lies_above) || corrections.covers(above.tag, &self.vocabulary)
        };
        all.iter().filter(|one| !is_above(one)).copied().collect()
    }
}

/// Of two siblings, the one less sure than [`RIVAL_CONFIDENCE`] goes; where neither is that sure, their parent takes the place of
/// everything below it. `possible`: everything that clears the threshold and may be shown.
fn resolve_rivals(shown: &mut Vec<Candidate>, possible: &[Candidate], vocabulary: &Vocabulary) {
    // The surest first, so the second of two is the less sure.
    let rivals = |shown: &[Candidate]| {
        (1..shown.len()).filter(|&second| shown[second].confidence < RIVAL_CONFIDENCE).find_map(|second| {
            (0..second).find_map(|first| {
                let parent = vocabulary.common_ancestor(shown[first].tag, shown[second].tag)?;
                Some((first, second, *possible.iter().find(|one| one.tag == parent)?))
            })
        })
    };
    while let Some((first, second, parent)) = rivals(shown) {
        if shown[first].confidence >= RIVAL_CONFIDENCE {
            shown.remove(second);
        } else {
            shown.retain(|one| !vocabulary.ancestors(one.tag).contains(&parent.tag));
            shown.push(parent);
            shown.sort_by(by_confidence);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::corrections::{Corrections, TagRef};

    /// animal > dog > {terrier, hound}; chair (furniture) stands alone. Classes: terrier, hound, chair, chair.
    fn vocabulary() -> Vocabulary {
        Vocabulary::parse(
            r#"{"version":1,"languages":["en","sv"],"tags":[
                {"id":"animal","names":{"en":"animal","sv":"djur"},"category":"animal"},
                {"id":"dog","names":{"en":"dog","sv":"hund"},"parents":["animal"],"category":"animal"},
                {"id":"terrier","names":{"en":"terrier"},"parents":["dog"],"category":"animal"},
                {"id":"hound","names":{"en":"hound"},"parents":["dog"],"category":"animal"},
                {"id":"chair","names":{"en":"chair","sv":"stol"},"category":"furniture"}],
              "classes":["terrier","hound","chair","chair"]}"#,
        )
        .unwrap()
    }

    fn policy(threshold: f32) -> Policy {
        Policy { threshold, max_tags: 8, allow: vec![], deny: vec![], language: "en".into() }
    }

    /// As sure as the scores are high.
    fn candidates(scores: [f32; 4], vocabulary: &Vocabulary) -> Vec<Candidate> {
        let mut all: Vec<Candidate> = (0..vocabulary.tags().len() as TagIdx)
            .map(|tag| {
                let score = vocabulary.leaf_classes(tag).iter().map(|&class| scores[class as usize]).sum();
                Candidate { tag, score, confidence: score, component: 0 }
            })
            .collect();
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.tag.cmp(&b.tag)));
        all
    }

    fn ids(scores: [f32; 4], policy: Policy) -> Vec<String> {
        let vocabulary = vocabulary();
        let candidates = candidates(scores, &vocabulary);
        let selector = Selector::new(policy, 0.0, Arc::new(vocabulary.clone())).unwrap();
        selector.select_named(&candidates, &ResolvedCorrections::default()).into_iter().map(|tag| tag.id).collect()
    }

    #[test]
    fn shows_the_most_specific_tag_and_folds_its_parents() {
        assert_eq!(ids([0.9, 0.05, 0.03, 0.02], policy(0.3)), ["terrier"]);
        assert_eq!(ids([0.45, 0.45, 0.05, 0.05], policy(0.5)), ["dog"], "the breeds compete, the parent is sure");
        assert_eq!(ids([0.3, 0.1, 0.15, 0.15], policy(0.3)), ["terrier", "chair"], "ties in vocabulary order");
        let vocabulary = vocabulary();
        let all = candidates([0.9, 0.1, 0.0, 0.0], &vocabulary);
        let tags = Selector::new(policy(0.5), 0.0, Arc::new(vocabulary.clone()))
            .unwrap()
            .select_named(&all, &ResolvedCorrections::default());
        assert_eq!(tags[0].parents, [vocabulary.idx("dog").unwrap(), vocabulary.idx("animal").unwrap()]);
    }

    #[test]
    fn where_breeds_compete_their_parent_is_shown_and_they_are_not() {
        assert_eq!(ids([0.45, 0.4, 0.08, 0.07], policy(0.3)), ["dog"]);
        assert_eq!(ids([0.6, 0.25, 0.08, 0.07], policy(0.2)), ["terrier"], "it has won");
        assert_eq!(ids([0.3, 0.3, 0.2, 0.2], policy(0.25)), ["dog", "chair"], "a chair competes with neither");
        let denied = Policy { deny: vec!["dog".into()], ..policy(0.3) };
        assert_eq!(
            ids([0.45, 0.4, 0.08, 0.07], denied),
            ["terrier", "hound"],
            "where the parent may not be select, they are"
        );
    }

    #[test]
    fn a_parent_of_which_only_the_classes_speak_is_shown_where_it_is_very_sure_or_nothing_else_is_left() {
        let vocabulary = vocabulary();
        let select = |scores| -> Vec<String> {
            let selector = Selector::new(policy(0.3), 0.8, Arc::new(vocabulary.clone())).unwrap();
            let tags = selector.select_named(&candidates(scores, &vocabulary), &ResolvedCorrections::default());
            tags.into_iter().map(|tag| tag.id).collect()
        };
        assert_eq!(select([0.2, 0.2, 0.3, 0.2]), ["chair"], "the dog is at 0.4");
        assert_eq!(select([0.25, 0.25, 0.1, 0.1]), ["dog"], "nothing else is left");
        assert_eq!(select([0.29, 0.28, 0.1, 0.1]), ["dog"], "not the animal, which says less");
        assert_eq!(select([0.9, 0.0, 0.05, 0.05]), ["terrier"]);
        let mut said_by_a_head = candidates([0.2, 0.2, 0.3, 0.2], &vocabulary);
        said_by_a_head.iter_mut().filter(|one| one.confidence < 0.45).for_each(|one| one.component = 1);
        let selector = Selector::new(policy(0.3), 0.8, Arc::new(vocabulary.clone())).unwrap();
        let select = selector.select(&said_by_a_head, &ResolvedCorrections::default());
        assert_eq!(select.len(), 2, "what a head says counts like anything else");
    }

    #[test]
    fn allow_and_deny_take_tags_and_whole_categories() {
        let scores = [0.5, 0.0, 0.25, 0.25];
        let deny = |entry: &str| Policy { deny: vec![entry.into()], ..policy(0.3) };
        let allow = |entry: &str| Policy { allow: vec![entry.into()], ..policy(0.3) };
        assert_eq!(ids(scores, policy(0.3)), ["terrier", "chair"]);
        assert_eq!(ids(scores, deny("terrier")), ["dog", "chair"], "a denied leaf leaves its parent");
        assert_eq!(ids(scores, deny("dog")), ["terrier", "chair"], "a denied parent takes nothing with it");
        assert_eq!(ids(scores, deny("category:animal")), ["chair"]);
        assert_eq!(ids(scores, allow("category:furniture")), ["chair"]);
        assert_eq!(ids(scores, allow("animal")), ["animal"]);
        let vocabulary = vocabulary();
        let all = candidates(scores, &vocabulary);
        let tags = Selector::new(deny("dog"), 0.0, Arc::new(vocabulary.clone()))
            .unwrap()
            .select_named(&all, &ResolvedCorrections::default());
        assert_eq!(tags[0].parents, [vocabulary.idx("animal").unwrap()], "not even as a parent");
    }

    #[test]
    fn what_a_person_says_replaces_what_the_model_says() {
        let vocabulary = vocabulary();
        let all = candidates([0.5, 0.1, 0.2, 0.2], &vocabulary);
        let corrections = |own: &[&str], rejected: &[&str]| {
            let own = own.iter().map(|&id| TagRef { id: id.into(), name: id.into() }).collect();
            let given = Corrections { own, rejected: rejected.iter().map(|&id| id.into()).collect() };
            ResolvedCorrections::new(given, &vocabulary)
        };
        let select = |threshold, corrections: ResolvedCorrections| -> Vec<String> {
            let selector = Selector::new(policy(threshold), 0.0, Arc::new(vocabulary.clone())).unwrap();
            selector.select_named(&all, &corrections).into_iter().map(|tag| tag.id).collect()
        };
        assert_eq!(select(0.3, corrections(&[], &[])), ["terrier", "chair"]);
        assert_eq!(select(0.3, corrections(&[], &["terrier"])), ["dog", "chair"], "a rejected leaf leaves its parent");
        assert_eq!(select(0.3, corrections(&["terrier"], &[])), ["chair"], "a person added it, with its parents");
        assert_eq!(select(0.3, corrections(&["hound"], &[])), ["terrier", "chair"]);
        assert_eq!(select(0.55, corrections(&["hound"], &[])), [""; 0], "the dog lies in the hound");

        let selector = Selector::new(policy(0.55), 0.0, Arc::new(vocabulary.clone())).unwrap();
        let near_misses =
            |corrections| selector.near_misses(&all, &corrections, 5).into_iter().map(|tag| tag.id).collect::<Vec<_>>();
        assert_eq!(
            near_misses(corrections(&[], &[])),
            ["terrier", "chair"],
            "not what is above the dog that is shown, and nothing that is far below the threshold"
        );
        assert_eq!(near_misses(corrections(&["chair"], &["hound"])), ["terrier"]);
    }

    #[test]
    fn list_entries_that_another_model_left_are_put_aside() {
        let lists =
            Policy { allow: vec!["unicorn".into()], deny: vec!["category:food".into(), "dog".into()], ..policy(0.5) };
        let kept = lists.for_vocabulary(&vocabulary());
        assert_eq!((kept.allow.len(), kept.deny), (0, vec!["dog".to_owned()]));
    }

    #[test]
    fn names_fall_back_to_english_and_the_limit_holds() {
        let vocabulary = vocabulary();
        let all = candidates([0.35, 0.05, 0.3, 0.3], &vocabulary);
        let swedish = Policy { language: "sv".into(), max_tags: 2, ..policy(0.1) };
        let tags = Selector::new(swedish, 0.0, Arc::new(vocabulary.clone()))
            .unwrap()
            .select_named(&all, &ResolvedCorrections::default());
        assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["stol", "terrier"]);
    }

    #[test]
    fn refuses_policies_that_make_no_sense() {
        let vocabulary = vocabulary();
        let refused = |policy| Selector::new(policy, 0.0, Arc::new(vocabulary.clone())).unwrap_err().kind();
        for threshold in [0.0, -1.0, 1.5, f32::NAN] {
            assert_eq!(refused(policy(threshold)), ErrorKind::PolicyInvalid);
        }
        assert_eq!(refused(Policy { max_tags: 0, ..policy(0.5) }), ErrorKind::PolicyInvalid);
        assert_eq!(refused(Policy { deny: vec!["unicorn".into()], ..policy(0.5) }), ErrorKind::PolicyInvalid);
    }
}
