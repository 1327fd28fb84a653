//! Candidates → tags under a policy. Runs again for every picture when the policy changes.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::candidate::{CLASSES, Candidate};
use crate::tags::corrections::ResolvedCorrections;
use crate::tags::found_box::{FoundBox, TagBoxes};
use crate::tags::marks::TagMarks;
use crate::tags::policy::{CATEGORY_PREFIX, Policy, is_named_by};
use crate::tags::rivals::resolve_rivals;
use crate::tags::tag::Tag;

/// A policy, resolved in a vocabulary.
#[derive(Debug, Clone)]
pub struct Selector {
    policy: Policy,
    vocabulary: Arc<Vocabulary>,
    /// Least confidence of a tag that only gathers others and that only the classes predict.
    pub(super) min_parent: f32,
    /// Per tag: whether the lists permit it, and it says something.
    pub(super) permitted: Vec<bool>,
}

/// What is selected of one picture after the other. It keeps its memory, because most of the time would go into that.
#[derive(Debug, Clone, Default)]
pub struct SelectedTags {
    pub shown: Vec<Candidate>,
    pub(crate) marks: TagMarks,
}

impl Selector {
    /// `min_parent`: [`PolicyDefaults::min_parent`](crate::model::PolicyDefaults::min_parent).
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`] for a threshold below [`MIN_CONFIDENCE`](crate::tags::candidate::MIN_CONFIDENCE) or above 1, a provider's
    /// outside 0–1, a `max_tags` of 0, or a list entry that the vocabulary does not know.
    pub fn new(policy: Policy, min_parent: f32, vocabulary: Arc<Vocabulary>) -> Result<Self> {
        policy.check()?;
        let names = |entry: &str, idx: TagIdx| is_named_by(vocabulary.tag(idx), entry);
        let all = || 0..vocabulary.tags().len() as TagIdx;
        for entry in policy.allow.iter().chain(&policy.deny) {
            if !vocabulary.tags().iter().any(|tag| is_named_by(tag, entry)) {
                let detail =
                    format!("The vocabulary has no {entry:?}. Use tag ids and \"{CATEGORY_PREFIX}NAME\" in lists.");
                return Err(Error::new(ErrorKind::PolicyInvalid, detail));
            }
        }
        let permitted = all()
            .map(|idx| {
                let allowed = policy.allow.is_empty() || policy.allow.iter().any(|entry| names(entry, idx));
                allowed && !policy.deny.iter().any(|entry| names(entry, idx)) && !vocabulary.tag(idx).is_heading()
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

    /// The same policy for another vocabulary. List entries that mean no tag of it are ignored.
    ///
    /// # Errors
    /// As [`Selector::new`].
    pub fn with_vocabulary(&self, vocabulary: Arc<Vocabulary>) -> Result<Self> {
        Self::new(self.policy.clone().for_vocabulary(&vocabulary), self.min_parent, vocabulary)
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

    /// The shown ones of a picture's `candidates` (the surest first): at or above the threshold, permitted, not replaced by a correction,
    /// not an ancestor of another shown tag, at most `max_tags`.
    ///
    /// A tag that [only gathers](Vocabulary::only_gathers) others and that only the classes predict needs the confidence `min_parent`, unless
    /// nothing else is shown: "clothing" is vague and often wrong. Of rivals, the surer is shown, or their common ancestor.
    pub fn select(&self, candidates: &[Candidate], corrections: &ResolvedCorrections) -> Vec<Candidate> {
        let mut selected = SelectedTags::default();
        self.select_into(&mut selected, candidates, corrections);
        selected.shown
    }

    /// [`Selector::select`] for one of many pictures.
    pub fn select_into(&self, into: &mut SelectedTags, candidates: &[Candidate], corrections: &ResolvedCorrections) {
        self.select_at(self.policy.threshold, into, candidates, corrections);
        into.shown.truncate(self.policy.max_tags);
    }

    /// [`Selector::select_into`] at another threshold, and without `max_tags`. What it selects depends on the threshold only by how many
    /// candidates reach it: see [`Selector::selects_as`].
    pub(super) fn select_at(
        &self,
        threshold: f32,
        SelectedTags { shown, marks }: &mut SelectedTags,
        candidates: &[Candidate],
        corrections: &ResolvedCorrections,
    ) {
        let candidates = &candidates[..n_reaching(threshold, candidates)];
        let is_possible = |one: &&Candidate| self.permits(one.tag) && !corrections.replaces(one.tag);
        let possible = || candidates.iter().filter(is_possible).copied();
        shown.clear();
        shown.extend(possible().filter(|one| !self.is_vague(one)));
        self.fold_ancestors(shown, marks, corrections);
        resolve_rivals(shown, candidates, is_possible, &self.vocabulary, marks);
        if shown.is_empty() {
            shown.extend(possible());
            self.fold_ancestors(shown, marks, corrections);
            shown.truncate(1);
        }
    }

    /// Whether this and `other` differ, in what they show of the model's, in no more than the threshold and the language.
    pub fn is_like(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.vocabulary, &other.vocabulary)
            && self.min_parent == other.min_parent
            && self.policy.max_tags == other.policy.max_tags
            && self.permitted == other.permitted
    }

    /// Whether this selects the same of a picture as an `other` that [is like it](Self::is_like), whatever the corrections.
    pub fn selects_as(&self, other: &Self, candidates: &[Candidate]) -> bool {
        n_reaching(self.policy.threshold, candidates) == n_reaching(other.policy.threshold, candidates)
    }

    /// [`Selector::select`], with names, and with each tag's `boxes` among those of the picture.
    pub fn select_named(
        &self,
        candidates: &[Candidate],
        boxes: &[FoundBox],
        corrections: &ResolvedCorrections,
    ) -> Vec<Tag> {
        let shown = self.select(candidates, corrections);
        shown.into_iter().map(|candidate| self.describe(candidate, boxes, corrections)).collect()
    }

    /// Whether a tag is too general for its confidence to be shown beside others.
    pub(super) fn is_vague(&self, one: &Candidate) -> bool {
        one.component == CLASSES && one.confidence < self.min_parent && self.vocabulary.only_gathers(one.tag)
    }

    pub(super) fn describe(&self, candidate: Candidate, boxes: &[FoundBox], corrections: &ResolvedCorrections) -> Tag {
        let TagBoxes { count, regions } = TagBoxes::of(|tag| tag == candidate.tag, boxes, &self.vocabulary);
        let entry = self.vocabulary.tag(candidate.tag);
        let is_named = |above: &TagIdx| self.permits(*above) && !corrections.rejected.contains(above);
        let parents: Vec<TagIdx> = self.vocabulary.ancestors(candidate.tag).iter().copied().filter(is_named).collect();
        let counted = |&above: &TagIdx| Some((above, TagBoxes::of_named(|tag| tag == above, boxes, &self.vocabulary)?));
        Tag {
            idx: candidate.tag,
            id: entry.id.clone(),
            name: entry.name(&self.policy.language).to_owned(),
            category: entry.category.clone(),
            confidence: candidate.confidence,
            score: candidate.score,
            component: candidate.component,
            count,
            boxes: regions,
            counted_parents: parents.iter().filter_map(counted).collect(),
            parents,
        }
    }

    /// Removes ancestors of other candidates, and of tags that a person added.
    pub(super) fn fold_ancestors(&self, all: &mut Vec<Candidate>, above: &mut TagMarks, said: &ResolvedCorrections) {
        if all.len() < 2 && said.added.is_empty() {
            return;
        }
        above.clear();
        for tag in all.iter().map(|one| one.tag).chain(said.added.iter().copied()) {
            self.vocabulary.ancestors(tag).iter().for_each(|&idx| _ = above.mark(idx));
        }
        all.retain(|one| !above.has(one.tag));
    }
}

/// How many of a picture's candidates, the surest first, are at or above a threshold.
fn n_reaching(threshold: f32, candidates: &[Candidate]) -> usize {
    candidates.partition_point(|candidate| candidate.confidence >= threshold)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// animal > dog > {terrier, hound}; chair (furniture). Classes: terrier, hound, chair, chair.
    pub fn vocabulary() -> Vocabulary {
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

    pub fn policy(threshold: f32) -> Policy {
        let (allow, deny, providers, heads) = Default::default();
        Policy { threshold, max_tags: 8, allow, deny, language: "en".into(), providers, heads }
    }

    /// What is shown of `all`, without corrections.
    fn shown_of(all: &[Candidate], policy: Policy, min_parent: f32, vocabulary: &Vocabulary) -> Vec<Tag> {
        let selector = Selector::new(policy, min_parent, Arc::new(vocabulary.clone())).unwrap();
        selector.select_named(all, &[], &ResolvedCorrections::default())
    }

    /// Candidates whose confidence is their score.
    pub fn candidates(scores: [f32; 4], vocabulary: &Vocabulary) -> Vec<Candidate> {
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
        selector.select_named(&candidates, &[], &ResolvedCorrections::default()).into_iter().map(|tag| tag.id).collect()
    }

    #[test]
    fn the_most_specific_tag_is_shown_and_its_parents_are_folded() {
        assert_eq!(ids([0.9, 0.05, 0.03, 0.02], policy(0.3)), ["terrier"]);
        assert_eq!(ids([0.45, 0.45, 0.05, 0.05], policy(0.5)), ["dog"], "the breeds compete, the parent is sure");
        assert_eq!(ids([0.3, 0.1, 0.15, 0.15], policy(0.3)), ["terrier", "chair"], "ties in vocabulary order");
        let vocabulary = vocabulary();
        let all = candidates([0.9, 0.1, 0.0, 0.0], &vocabulary);
        let tags = shown_of(&all, policy(0.5), 0.0, &vocabulary);
        assert_eq!(tags[0].parents, [vocabulary.idx("dog").unwrap(), vocabulary.idx("animal").unwrap()]);
    }

    #[test]
    fn a_tag_tells_how_many_were_found_of_those_above_it_that_a_detector_names() {
        let vocabulary = vocabulary();
        let dog = vocabulary.idx("dog").unwrap();
        let found = |left| FoundBox { tag: dog, component: 0, confidence: 0.9, region: [left, 0.0, 0.2, 0.2] };
        let selector = Selector::new(policy(0.5), 0.0, Arc::new(vocabulary.clone())).unwrap();
        let all = candidates([0.9, 0.1, 0.0, 0.0], &vocabulary);
        let tags = selector.select_named(&all, &[found(0.0), found(0.5)], &ResolvedCorrections::default());
        let [(above, boxes)] = &tags[0].counted_parents[..] else { panic!("{tags:?}") };
        assert_eq!((tags[0].id.as_str(), tags[0].count, *above, boxes.count), ("terrier", None, dog, Some(2)));
    }

    #[test]
    fn rivals_are_replaced_by_their_common_ancestor() {
        assert_eq!(ids([0.45, 0.4, 0.08, 0.07], policy(0.3)), ["dog"]);
        assert_eq!(ids([0.6, 0.25, 0.08, 0.07], policy(0.2)), ["terrier"], "the terrier is sure enough");
        assert_eq!(ids([0.3, 0.3, 0.2, 0.2], policy(0.25)), ["dog", "chair"], "a chair competes with neither");
        let denied = Policy { deny: vec!["dog".into()], ..policy(0.3) };
        assert_eq!(ids([0.45, 0.4, 0.08, 0.07], denied), ["terrier", "hound"], "a denied ancestor cannot replace them");
    }

    #[test]
    fn a_parent_that_only_the_classes_predict_is_shown_if_very_sure_or_alone() {
        let vocabulary = vocabulary();
        let select = |scores| -> Vec<String> {
            let tags = shown_of(&candidates(scores, &vocabulary), policy(0.3), 0.8, &vocabulary);
            tags.into_iter().map(|tag| tag.id).collect()
        };
        assert_eq!(select([0.2, 0.2, 0.3, 0.2]), ["chair"], "the dog is at 0.4");
        assert_eq!(select([0.25, 0.25, 0.1, 0.1]), ["dog"], "nothing else is left");
        assert_eq!(select([0.29, 0.28, 0.1, 0.1]), ["dog"], "not the animal, which is less specific");
        assert_eq!(select([0.9, 0.0, 0.05, 0.05]), ["terrier"]);
        let mut from_a_head = candidates([0.2, 0.2, 0.3, 0.2], &vocabulary);
        from_a_head.iter_mut().filter(|one| one.confidence < 0.45).for_each(|one| one.component = 1);
        let selector = Selector::new(policy(0.3), 0.8, Arc::new(vocabulary.clone())).unwrap();
        let shown = selector.select(&from_a_head, &ResolvedCorrections::default());
        assert_eq!(shown.len(), 2, "the rule does not apply to heads");
    }

    #[test]
    fn allow_and_deny_take_tags_and_whole_categories() {
        let scores = [0.5, 0.0, 0.25, 0.25];
        let deny = |entry: &str| Policy { deny: vec![entry.into()], ..policy(0.3) };
        let allow = |entry: &str| Policy { allow: vec![entry.into()], ..policy(0.3) };
        assert_eq!(ids(scores, policy(0.3)), ["terrier", "chair"]);
        assert_eq!(ids(scores, deny("terrier")), ["dog", "chair"], "a denied leaf leaves its parent");
        assert_eq!(ids(scores, deny("dog")), ["terrier", "chair"], "a denied parent leaves its children");
        assert_eq!(ids(scores, deny("category:animal")), ["chair"]);
        assert_eq!(ids(scores, allow("category:furniture")), ["chair"]);
        assert_eq!(ids(scores, allow("animal")), ["animal"]);
        let vocabulary = vocabulary();
        let all = candidates(scores, &vocabulary);
        let tags = shown_of(&all, deny("dog"), 0.0, &vocabulary);
        assert_eq!(tags[0].parents, [vocabulary.idx("animal").unwrap()], "not even as a parent");
    }

    #[test]
    fn headings_are_never_shown() {
        let vocabulary = Vocabulary::parse(
            r#"{"version":1,"languages":["en"],"tags":[
                {"id":"other","names":{"en":"other"}},
                {"id":"rifle","names":{"en":"rifle"},"parents":["other"]},
                {"id":"bow","names":{"en":"bow"},"parents":["other"]},
                {"id":"household","names":{"en":"household"},"heading":true},
                {"id":"tray","names":{"en":"tray"},"parents":["household"]}],
              "classes":["rifle","bow","tray"]}"#,
        )
        .unwrap();
        let candidate = |tag: &str, confidence| Candidate {
            tag: vocabulary.idx(tag).unwrap(),
            score: confidence,
            confidence,
            component: CLASSES,
        };
        let shown = |candidates: &[Candidate], threshold| {
            let tags = shown_of(candidates, policy(threshold), 0.8, &vocabulary);
            tags.into_iter().map(|tag| (tag.id, tag.parents.len())).collect::<Vec<_>>()
        };
        let all = [candidate("other", 0.9), candidate("rifle", 0.45), candidate("bow", 0.45)];
        assert_eq!(shown(&all, 0.5), [], "neither alone");
        assert_eq!(shown(&all, 0.4), [("rifle".into(), 0), ("bow".into(), 0)], "nor as a parent, nor for two rivals");
        let marked = [candidate("household", 0.9), candidate("tray", 0.45)];
        assert_eq!(
            (shown(&marked, 0.5), shown(&marked, 0.4)),
            (vec![], vec![("tray".into(), 0)]),
            "nor one that is marked"
        );
    }

    #[test]
    fn corrections_take_precedence_over_the_model() {
        let vocabulary = vocabulary();
        let all = candidates([0.5, 0.1, 0.2, 0.2], &vocabulary);
        let corrections = |added: &[&str], rejected: &[&str]| {
            let indices = |ids: &[&str]| ids.iter().filter_map(|id| vocabulary.idx(id)).collect();
            ResolvedCorrections { added: indices(added), rejected: indices(rejected), merged: vec![] }
        };
        let select = |threshold, corrections: ResolvedCorrections| -> Vec<String> {
            let selector = Selector::new(policy(threshold), 0.0, Arc::new(vocabulary.clone())).unwrap();
            selector.select_named(&all, &[], &corrections).into_iter().map(|tag| tag.id).collect()
        };
        assert_eq!(select(0.3, corrections(&[], &[])), ["terrier", "chair"]);
        assert_eq!(select(0.3, corrections(&[], &["terrier"])), ["dog", "chair"], "a rejected leaf leaves its parent");
        assert_eq!(select(0.3, corrections(&["terrier"], &[])), ["chair"], "an added tag folds its parents");
        assert_eq!(select(0.3, corrections(&["hound"], &[])), ["terrier", "chair"]);
        assert_eq!(select(0.55, corrections(&["hound"], &[])), [""; 0], "the dog is folded into the hound");
    }

    #[test]
    fn list_entries_of_another_model_are_removed() {
        let lists =
            Policy { allow: vec!["unicorn".into()], deny: vec!["category:food".into(), "dog".into()], ..policy(0.5) };
        let kept = lists.for_vocabulary(&vocabulary());
        assert_eq!((kept.allow.len(), kept.deny), (0, vec!["dog".to_owned()]));
    }

    #[test]
    fn names_fall_back_to_english_and_max_tags_holds() {
        let vocabulary = vocabulary();
        let all = candidates([0.35, 0.05, 0.3, 0.3], &vocabulary);
        let swedish = Policy { language: "sv".into(), max_tags: 2, ..policy(0.1) };
        let tags = shown_of(&all, swedish, 0.0, &vocabulary);
        assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["stol", "terrier"]);
    }

    #[test]
    fn invalid_policies_are_refused() {
        let vocabulary = vocabulary();
        let refused = |policy| Selector::new(policy, 0.0, Arc::new(vocabulary.clone())).unwrap_err().kind();
        for threshold in [0.0, -1.0, 1.5, f32::NAN] {
            assert_eq!(refused(policy(threshold)), ErrorKind::PolicyInvalid);
        }
        assert_eq!(refused(Policy { max_tags: 0, ..policy(0.5) }), ErrorKind::PolicyInvalid);
        assert_eq!(refused(Policy { deny: vec!["unicorn".into()], ..policy(0.5) }), ErrorKind::PolicyInvalid);
    }
}
