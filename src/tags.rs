//! Candidates to tags: pure functions, microseconds a picture, never the model.
//!
//! `activate` and [`crate::evidence`] are done once a picture; `select` again for every policy.

use serde::{Deserialize, Serialize};

use crate::candidate::{CLASSES, Candidate, LEAST_CONFIDENCE, SourceIdx, by_confidence};
use crate::card::{Activation, PolicyDefaults};
use crate::corrections::Resolved;
use crate::error::{Error, ErrorKind, Result};
use crate::vocabulary::{FALLBACK_LANGUAGE, TagEntry, TagIdx, Vocabulary};

/// Tags less sure than this are not worth calling near misses.
const LEAST_NEARLY: f32 = 0.01;
/// What is less sure than this does not stand beside another of its kind: two breeds of dog.
const EVEN: f32 = 0.5;
/// How far a probability may lie outside [0, 1] by rounding alone.
const ROUNDING: f32 = 1e-3;
/// Marks a whole category in an allow or deny list.
const CATEGORY_PREFIX: &str = "category:";

/// Which candidates are shown, and how they are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Least confidence shown, from [`LEAST_CONFIDENCE`] to 1.
    pub threshold: f32,
    /// Most tags a picture, at least 1.
    pub max_tags: usize,
    /// Tag ids and `category:NAME`; where there are any, nothing else is shown.
    #[serde(default)]
    pub allow: Vec<String>,
    /// Tag ids and `category:NAME` that are never shown, not even as parents. What lies below them stays.
    #[serde(default)]
    pub deny: Vec<String>,
    /// Language of the names; English where a tag has none in it.
    pub language: String,
}

impl Policy {
    /// Without the list entries that `vocabulary` does not know: lists that were kept while the model changed. An allow list of
    /// which nothing is left allows everything.
    pub fn for_vocabulary(mut self, vocabulary: &Vocabulary) -> Self {
        let is_known = |entry: &String| vocabulary.tags().iter().any(|tag| is_named_by(tag, entry));
        self.allow.retain(is_known);
        self.deny.retain(is_known);
        self
    }
}

/// Whether a list's `entry` means this tag.
fn is_named_by(tag: &TagEntry, entry: &str) -> bool {
    match entry.strip_prefix(CATEGORY_PREFIX) {
        Some(category) => tag.category.as_deref() == Some(category),
        None => tag.id == entry,
    }
}

impl From<PolicyDefaults> for Policy {
    fn from(defaults: PolicyDefaults) -> Self {
        Self {
            threshold: defaults.threshold.max(LEAST_CONFIDENCE),
            max_tags: defaults.max_tags,
            allow: Vec::new(),
            deny: Vec::new(),
            language: FALLBACK_LANGUAGE.to_owned(),
        }
    }
}

/// One shown tag. `parents` are its ancestors, the nearest first: they count as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub idx: TagIdx,
    pub id: String,
    pub name: String,
    pub category: Option<String>,
    pub confidence: f32,
    pub score: f32,
    pub source: SourceIdx,
    pub parents: Vec<TagIdx>,
}

/// Turns the network's output (one value a class) into scores in [0, 1].
///
/// # Errors
/// [`ErrorKind::ScoresInvalid`] for NaN, infinities, and values outside [0, 1] where the card says they are probabilities.
pub fn activate(mut output: Vec<f32>, activation: Activation) -> Result<Vec<f32>> {
    if let Some(class) = output.iter().position(|value| !value.is_finite()) {
        return Err(scores_invalid(format!(
            "The network gave {} for class {class}. Its weights or its card's mean and std are not right.",
            output[class]
        )));
    }
    match activation {
        Activation::Softmax => {
            let highest = output.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            output.iter_mut().for_each(|value| *value = (*value - highest).exp());
            let sum: f64 = output.iter().map(|&value| f64::from(value)).sum();
            output.iter_mut().for_each(|value| *value = (f64::from(*value) / sum) as f32);
        }
        Activation::Sigmoid => output.iter_mut().for_each(|value| *value = 1.0 / (1.0 + (-*value).exp())),
        Activation::None => {
            let allowed = -ROUNDING..=1.0 + ROUNDING;
            if let Some(class) = output.iter().position(|value| !allowed.contains(value)) {
                return Err(scores_invalid(format!(
                    "The network gave {} for class {class}, which is no probability. The card's activation should be \"softmax\" or \"sigmoid\".",
                    output[class]
                )));
            }
            output.iter_mut().for_each(|value| *value = value.clamp(0.0, 1.0));
        }
    }
    Ok(output)
}

/// A policy looked up in a vocabulary, ready for many pictures.
#[derive(Debug, Clone)]
pub struct Selector {
    policy: Policy,
    /// Least confidence of a tag that has others below it and that only the classes speak for.
    least_parent: f32,
    /// Per tag: may it be shown?
    permitted: Vec<bool>,
}

impl Selector {
    /// `least_parent`: [`PolicyDefaults::parents`].
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`] for a threshold outside [[`LEAST_CONFIDENCE`], 1], no tags at all, or a list entry that the
    /// vocabulary does not know.
    pub fn new(policy: Policy, least_parent: f32, vocabulary: &Vocabulary) -> Result<Self> {
        let refuse = |detail: String| Err(Error::new(ErrorKind::PolicyInvalid, detail));
        if !(LEAST_CONFIDENCE..=1.0).contains(&policy.threshold) {
            return refuse(format!(
                "The threshold {} is out of range: it goes from {LEAST_CONFIDENCE} to 1.",
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
        Ok(Self { policy, least_parent, permitted })
    }

    /// The same model's under another policy.
    ///
    /// # Errors
    /// As [`Selector::new`].
    pub fn under(&self, policy: Policy, vocabulary: &Vocabulary) -> Result<Self> {
        Self::new(policy, self.least_parent, vocabulary)
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub fn permits(&self, tag: TagIdx) -> bool {
        self.permitted[usize::from(tag)]
    }

    /// What the model shows of one picture's `candidates` (surest first): at or above the threshold, permitted, not replaced by what a
    /// person says, no ancestor of another shown tag, at most `max_tags`.
    ///
    /// Of what only the classes say, a tag with others below it is shown where it is very sure ("household" says little and is easily
    /// wrong), or where nothing else is. Where two of a kind compete, the kind is shown.
    pub fn shown(&self, candidates: &[Candidate], said: &Resolved, vocabulary: &Vocabulary) -> Vec<Candidate> {
        let end = candidates.partition_point(|candidate| candidate.confidence >= self.policy.threshold);
        let possible = || {
            let is_possible = |one: &&Candidate| self.permits(one.tag) && !said.replaces(one.tag);
            candidates[..end].iter().filter(is_possible).copied()
        };
        let is_wanted = |one: &Candidate| {
            one.source != CLASSES || one.confidence >= self.least_parent || !vocabulary.has_below(one.tag)
        };
        let mut shown = folded(possible().filter(is_wanted).collect(), said, vocabulary);
        if self.policy.threshold < EVEN && shown.len() > 1 {
            settle(&mut shown, &possible().collect::<Vec<_>>(), vocabulary);
        }
        if shown.is_empty() {
            shown = folded(possible().collect(), said, vocabulary);
            shown.truncate(1);
        }
        shown.truncate(self.policy.max_tags);
        shown
    }

    /// [`Selector::shown`], with names.
    pub fn select(&self, candidates: &[Candidate], said: &Resolved, vocabulary: &Vocabulary) -> Vec<Tag> {
        let shown = self.shown(candidates, said, vocabulary);
        shown.into_iter().map(|candidate| self.describe(candidate, said, vocabulary)).collect()
    }

    /// What fell short of the threshold or of the limit: the best `n` of the permitted candidates that are neither shown nor
    /// above something shown.
    pub fn nearly(&self, candidates: &[Candidate], said: &Resolved, vocabulary: &Vocabulary, n: usize) -> Vec<Tag> {
        let shown = self.shown(candidates, said, vocabulary);
        let is_told = |tag: TagIdx| {
            let is_above = |leaf: &Candidate| leaf.tag == tag || vocabulary.ancestors(leaf.tag).contains(&tag);
            shown.iter().any(is_above) || said.replaces(tag) || said.covers(tag, vocabulary)
        };
        let rest = candidates.iter().filter(|candidate| {
            candidate.confidence >= LEAST_NEARLY && self.permits(candidate.tag) && !is_told(candidate.tag)
        });
        rest.take(n).map(|&candidate| self.describe(candidate, said, vocabulary)).collect()
    }

    fn describe(&self, candidate: Candidate, said: &Resolved, vocabulary: &Vocabulary) -> Tag {
        let entry = vocabulary.tag(candidate.tag);
        let is_named = |above: &TagIdx| self.permits(*above) && !said.rejected.contains(above);
        Tag {
            idx: candidate.tag,
            id: entry.id.clone(),
            name: entry.name(&self.policy.language).to_owned(),
            category: entry.category.clone(),
            confidence: candidate.confidence,
            score: candidate.score,
            source: candidate.source,
            parents: vocabulary.ancestors(candidate.tag).iter().copied().filter(is_named).collect(),
        }
    }
}

/// Without what lies above another one, or above what a person said.
fn folded(all: Vec<Candidate>, said: &Resolved, vocabulary: &Vocabulary) -> Vec<Candidate> {
    if all.len() < 2 && said.own.is_empty() {
        return all;
    }
    let is_above = |above: &Candidate| {
        let lies_above = |leaf: &Candidate| vocabulary.ancestors(leaf.tag).contains(&above.tag);
        all.iter().any(lies_above) || said.covers(above.tag, vocabulary)
    };
    all.iter().filter(|one| !is_above(one)).copied().collect()
}

/// Of two of a kind, neither above the other, what is less sure than [`EVEN`] goes; where neither is that sure, the kind takes the place
/// of everything below it. `possible`: everything that clears the threshold and may be shown.
fn settle(shown: &mut Vec<Candidate>, possible: &[Candidate], vocabulary: &Vocabulary) {
    // The surest first, so the second of two is the less sure.
    let rivals = |shown: &[Candidate]| {
        (1..shown.len()).filter(|&second| shown[second].confidence < EVEN).find_map(|second| {
            (0..second).find_map(|first| {
                let kind = vocabulary.kind_of_both(shown[first].tag, shown[second].tag)?;
                Some((first, second, *possible.iter().find(|one| one.tag == kind)?))
            })
        })
    };
    while let Some((first, second, kind)) = rivals(shown) {
        if shown[first].confidence >= EVEN {
            shown.remove(second);
        } else {
            shown.retain(|one| !vocabulary.ancestors(one.tag).contains(&kind.tag));
            shown.push(kind);
            shown.sort_by(by_confidence);
        }
    }
}

fn scores_invalid(detail: String) -> Error {
    Error::new(ErrorKind::ScoresInvalid, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corrections::{Corrections, OwnTag};

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
                let score = vocabulary.members(tag).iter().map(|&class| scores[class as usize]).sum();
                Candidate { tag, score, confidence: score, source: 0 }
            })
            .collect();
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.tag.cmp(&b.tag)));
        all
    }

    fn ids(scores: [f32; 4], policy: Policy) -> Vec<String> {
        let vocabulary = vocabulary();
        let candidates = candidates(scores, &vocabulary);
        let selector = Selector::new(policy, 0.0, &vocabulary).unwrap();
        selector.select(&candidates, &Resolved::default(), &vocabulary).into_iter().map(|tag| tag.id).collect()
    }

    #[test]
    fn softmax_sums_to_one_even_for_huge_logits() {
        let scores = activate(vec![1000.0, 999.0, -1000.0], Activation::Softmax).unwrap();
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((scores[0] - 0.731_058_6).abs() < 1e-6);
    }

    #[test]
    fn nan_and_infinities_are_errors_under_every_activation() {
        for activation in [Activation::Softmax, Activation::Sigmoid, Activation::None] {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let error = activate(vec![0.5, bad], activation).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::ScoresInvalid);
                assert!(error.detail().contains("class 1"));
            }
        }
        assert_eq!(activate(vec![7.0], Activation::None).unwrap_err().kind(), ErrorKind::ScoresInvalid);
    }

    #[test]
    fn shows_the_most_specific_tag_and_folds_its_parents() {
        assert_eq!(ids([0.9, 0.05, 0.03, 0.02], policy(0.3)), ["terrier"]);
        assert_eq!(ids([0.45, 0.45, 0.05, 0.05], policy(0.5)), ["dog"], "the breeds compete, the parent is sure");
        assert_eq!(ids([0.3, 0.1, 0.15, 0.15], policy(0.3)), ["terrier", "chair"], "ties in vocabulary order");
        let vocabulary = vocabulary();
        let all = candidates([0.9, 0.1, 0.0, 0.0], &vocabulary);
        let tags =
            Selector::new(policy(0.5), 0.0, &vocabulary).unwrap().select(&all, &Resolved::default(), &vocabulary);
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
            "where the parent may not be shown, they are"
        );
    }

    #[test]
    fn a_parent_of_which_only_the_classes_speak_is_shown_where_it_is_very_sure_or_nothing_else_is_left() {
        let vocabulary = vocabulary();
        let shown = |scores| -> Vec<String> {
            let selector = Selector::new(policy(0.3), 0.8, &vocabulary).unwrap();
            let tags = selector.select(&candidates(scores, &vocabulary), &Resolved::default(), &vocabulary);
            tags.into_iter().map(|tag| tag.id).collect()
        };
        assert_eq!(shown([0.2, 0.2, 0.3, 0.2]), ["chair"], "the dog is at 0.4");
        assert_eq!(shown([0.25, 0.25, 0.1, 0.1]), ["dog"], "nothing else is left");
        assert_eq!(shown([0.29, 0.28, 0.1, 0.1]), ["dog"], "not the animal, which says less");
        assert_eq!(shown([0.9, 0.0, 0.05, 0.05]), ["terrier"]);
        let mut said_by_a_head = candidates([0.2, 0.2, 0.3, 0.2], &vocabulary);
        said_by_a_head.iter_mut().filter(|one| one.confidence < 0.45).for_each(|one| one.source = 1);
        let selector = Selector::new(policy(0.3), 0.8, &vocabulary).unwrap();
        let shown = selector.shown(&said_by_a_head, &Resolved::default(), &vocabulary);
        assert_eq!(shown.len(), 2, "what a head says counts like anything else");
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
        let tags =
            Selector::new(deny("dog"), 0.0, &vocabulary).unwrap().select(&all, &Resolved::default(), &vocabulary);
        assert_eq!(tags[0].parents, [vocabulary.idx("animal").unwrap()], "not even as a parent");
    }

    #[test]
    fn what_a_person_says_replaces_what_the_model_says() {
        let vocabulary = vocabulary();
        let all = candidates([0.5, 0.1, 0.2, 0.2], &vocabulary);
        let said = |own: &[&str], rejected: &[&str]| {
            let own = own.iter().map(|&id| OwnTag { id: id.into(), name: id.into() }).collect();
            let given = Corrections { own, rejected: rejected.iter().map(|&id| id.into()).collect() };
            Resolved::new(given, &vocabulary)
        };
        let shown = |threshold, said: Resolved| -> Vec<String> {
            let selector = Selector::new(policy(threshold), 0.0, &vocabulary).unwrap();
            selector.select(&all, &said, &vocabulary).into_iter().map(|tag| tag.id).collect()
        };
        assert_eq!(shown(0.3, said(&[], &[])), ["terrier", "chair"]);
        assert_eq!(shown(0.3, said(&[], &["terrier"])), ["dog", "chair"], "a rejected leaf leaves its parent");
        assert_eq!(shown(0.3, said(&["terrier"], &[])), ["chair"], "a person has said it, with its parents");
        assert_eq!(shown(0.3, said(&["hound"], &[])), ["terrier", "chair"]);
        assert_eq!(shown(0.55, said(&["hound"], &[])), [""; 0], "the dog lies in the hound");

        let selector = Selector::new(policy(0.55), 0.0, &vocabulary).unwrap();
        let nearly =
            |said| selector.nearly(&all, &said, &vocabulary, 5).into_iter().map(|tag| tag.id).collect::<Vec<_>>();
        assert_eq!(nearly(said(&[], &[])), ["terrier", "chair", "hound"], "not what lies above the shown dog");
        assert_eq!(nearly(said(&["chair"], &["hound"])), ["terrier"]);
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
        let tags = Selector::new(swedish, 0.0, &vocabulary).unwrap().select(&all, &Resolved::default(), &vocabulary);
        assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["stol", "terrier"]);
    }

    #[test]
    fn refuses_policies_that_make_no_sense() {
        let vocabulary = vocabulary();
        let refused = |policy| Selector::new(policy, 0.0, &vocabulary).unwrap_err().kind();
        for threshold in [0.0, -1.0, 1.5, f32::NAN] {
            assert_eq!(refused(policy(threshold)), ErrorKind::PolicyInvalid);
        }
        assert_eq!(refused(Policy { max_tags: 0, ..policy(0.5) }), ErrorKind::PolicyInvalid);
        assert_eq!(refused(Policy { deny: vec!["unicorn".into()], ..policy(0.5) }), ErrorKind::PolicyInvalid);
    }
}
