//! Scores to tags: pure functions, microseconds a picture, never the model.
//!
//! `activate` → `candidates` is done once a picture; `select` again for every policy.

use serde::{Deserialize, Serialize};

use crate::card::{Activation, PolicyDefaults};
use crate::corrections::Resolved;
use crate::error::{Error, ErrorKind, Result};
use crate::vocabulary::{FALLBACK_LANGUAGE, TagEntry, TagIdx, Vocabulary};

/// Tags below this score are not kept: no policy can show them.
pub const LEAST_SCORE: f32 = 0.001;
/// Tags below this score are not worth calling near misses.
const LEAST_NEARLY: f32 = 0.01;
/// How far a probability may lie outside [0, 1] by rounding alone.
const ROUNDING: f32 = 1e-3;
/// Marks a whole category in an allow or deny list.
const CATEGORY_PREFIX: &str = "category:";

/// A tag that some policy could show, with its score in [[`LEAST_SCORE`], 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub tag: TagIdx,
    pub score: f32,
}

/// Which candidates are shown, and how they are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Least confidence shown, from [`LEAST_SCORE`] to 1.
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
            threshold: defaults.threshold.max(LEAST_SCORE),
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

/// Scores per class to scores per tag, parents included: the sum of a tag's classes where they exclude each other, their
/// maximum where they do not (sigmoid). The highest first, ties in the vocabulary's order.
///
/// # Errors
/// [`ErrorKind::ScoresInvalid`] if there is not one finite score a class.
pub fn candidates(scores: &[f32], activation: Activation, vocabulary: &Vocabulary) -> Result<Vec<Candidate>> {
    if scores.len() != vocabulary.n_classes() {
        return Err(scores_invalid(format!(
            "There are {} scores for {} classes.",
            scores.len(),
            vocabulary.n_classes()
        )));
    }
    if let Some(class) = scores.iter().position(|score| !score.is_finite()) {
        return Err(scores_invalid(format!("The score of class {class} is {}.", scores[class])));
    }
    let mut candidates: Vec<Candidate> = (0..vocabulary.tags().len() as TagIdx)
        .map(|tag| {
            let members = vocabulary.members(tag).iter().map(|&class| scores[class as usize]);
            let score = match activation {
                Activation::Sigmoid => members.fold(0.0, f32::max),
                Activation::Softmax | Activation::None => members.sum::<f32>().min(1.0),
            };
            Candidate { tag, score }
        })
        .filter(|candidate| candidate.score >= LEAST_SCORE)
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.tag.cmp(&b.tag)));
    Ok(candidates)
}

/// A policy looked up in a vocabulary, ready for many pictures.
#[derive(Debug, Clone)]
pub struct Selector {
    policy: Policy,
    /// Per tag: may it be shown?
    permitted: Vec<bool>,
}

impl Selector {
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`] for a threshold outside [[`LEAST_SCORE`], 1], no tags at all, or a list entry that the
    /// vocabulary does not know.
    pub fn new(policy: Policy, vocabulary: &Vocabulary) -> Result<Self> {
        let refuse = |detail: String| Err(Error::new(ErrorKind::PolicyInvalid, detail));
        if !(LEAST_SCORE..=1.0).contains(&policy.threshold) {
            return refuse(format!(
                "The threshold {} is out of range: it goes from {LEAST_SCORE} to 1.",
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
        Ok(Self { policy, permitted })
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub fn permits(&self, tag: TagIdx) -> bool {
        self.permitted[usize::from(tag)]
    }

    /// What the model shows of one picture's `candidates` (highest first): at or above the threshold, permitted, not
    /// replaced by what a person says, no ancestor of another shown tag, at most `max_tags`.
    pub fn shown(&self, candidates: &[Candidate], said: &Resolved, vocabulary: &Vocabulary) -> Vec<Candidate> {
        let end = candidates.partition_point(|candidate| candidate.score >= self.policy.threshold);
        let mut shown: Vec<Candidate> = candidates[..end]
            .iter()
            .copied()
            .filter(|candidate| self.permits(candidate.tag) && !said.replaces(candidate.tag))
            .collect();
        if shown.len() > 1 || !said.own.is_empty() {
            let folded: Vec<bool> = shown
                .iter()
                .map(|above| {
                    let lies_above = |leaf: &Candidate| vocabulary.ancestors(leaf.tag).contains(&above.tag);
                    shown.iter().any(lies_above) || said.covers(above.tag, vocabulary)
                })
                .collect();
            let mut folded = folded.into_iter();
            shown.retain(|_| !folded.next().expect("one flag a tag"));
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
            candidate.score >= LEAST_NEARLY && self.permits(candidate.tag) && !is_told(candidate.tag)
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
            confidence: candidate.score,
            score: candidate.score,
            parents: vocabulary.ancestors(candidate.tag).iter().copied().filter(is_named).collect(),
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

    fn ids(scores: [f32; 4], policy: Policy) -> Vec<String> {
        let vocabulary = vocabulary();
        let candidates = candidates(&scores, Activation::Softmax, &vocabulary).unwrap();
        let selector = Selector::new(policy, &vocabulary).unwrap();
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
    fn a_parent_gathers_its_children_by_sum_or_by_maximum() {
        let vocabulary = vocabulary();
        let score = |activation, id: &str| {
            let all = candidates(&[0.3, 0.2, 0.25, 0.25], activation, &vocabulary).unwrap();
            all.into_iter().find(|candidate| vocabulary.tag(candidate.tag).id == id).unwrap().score
        };
        assert!((score(Activation::Softmax, "animal") - 0.5).abs() < 1e-6);
        assert!((score(Activation::Softmax, "chair") - 0.5).abs() < 1e-6, "two classes, one tag");
        assert!((score(Activation::Sigmoid, "dog") - 0.3).abs() < 1e-6);
    }

    #[test]
    fn shows_the_most_specific_tag_and_folds_its_parents() {
        assert_eq!(ids([0.9, 0.05, 0.03, 0.02], policy(0.3)), ["terrier"]);
        assert_eq!(ids([0.45, 0.45, 0.05, 0.05], policy(0.5)), ["dog"], "the breeds compete, the parent is sure");
        assert_eq!(ids([0.45, 0.45, 0.05, 0.05], policy(0.3)), ["terrier", "hound"], "ties in vocabulary order");
        let vocabulary = vocabulary();
        let all = candidates(&[0.9, 0.1, 0.0, 0.0], Activation::Softmax, &vocabulary).unwrap();
        let tags = Selector::new(policy(0.5), &vocabulary).unwrap().select(&all, &Resolved::default(), &vocabulary);
        assert_eq!(tags[0].parents, [vocabulary.idx("dog").unwrap(), vocabulary.idx("animal").unwrap()]);
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
        let all = candidates(&scores, Activation::Softmax, &vocabulary).unwrap();
        let tags = Selector::new(deny("dog"), &vocabulary).unwrap().select(&all, &Resolved::default(), &vocabulary);
        assert_eq!(tags[0].parents, [vocabulary.idx("animal").unwrap()], "not even as a parent");
    }

    #[test]
    fn what_a_person_says_replaces_what_the_model_says() {
        let vocabulary = vocabulary();
        let all = candidates(&[0.5, 0.1, 0.2, 0.2], Activation::Softmax, &vocabulary).unwrap();
        let said = |own: &[&str], rejected: &[&str]| {
            let own = own.iter().map(|&id| OwnTag { id: id.into(), name: id.into() }).collect();
            let given = Corrections { own, rejected: rejected.iter().map(|&id| id.into()).collect() };
            Resolved::new(given, &vocabulary)
        };
        let shown = |threshold, said: Resolved| -> Vec<String> {
            let selector = Selector::new(policy(threshold), &vocabulary).unwrap();
            selector.select(&all, &said, &vocabulary).into_iter().map(|tag| tag.id).collect()
        };
        assert_eq!(shown(0.3, said(&[], &[])), ["terrier", "chair"]);
        assert_eq!(shown(0.3, said(&[], &["terrier"])), ["dog", "chair"], "a rejected leaf leaves its parent");
        assert_eq!(shown(0.3, said(&["terrier"], &[])), ["chair"], "a person has said it, with its parents");
        assert_eq!(shown(0.3, said(&["hound"], &[])), ["terrier", "chair"]);
        assert_eq!(shown(0.55, said(&["hound"], &[])), [""; 0], "the dog lies in the hound");

        let selector = Selector::new(policy(0.55), &vocabulary).unwrap();
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
        let all = candidates(&[0.3, 0.3, 0.2, 0.2], Activation::Softmax, &vocabulary).unwrap();
        let swedish = Policy { language: "sv".into(), max_tags: 2, ..policy(0.1) };
        let tags = Selector::new(swedish, &vocabulary).unwrap().select(&all, &Resolved::default(), &vocabulary);
        assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["stol", "terrier"]);
    }

    #[test]
    fn refuses_policies_that_make_no_sense() {
        let vocabulary = vocabulary();
        let refused = |policy| Selector::new(policy, &vocabulary).unwrap_err().kind();
        for threshold in [0.0, -1.0, 1.5, f32::NAN] {
            assert_eq!(refused(policy(threshold)), ErrorKind::PolicyInvalid);
        }
        assert_eq!(refused(Policy { max_tags: 0, ..policy(0.5) }), ErrorKind::PolicyInvalid);
        assert_eq!(refused(Policy { deny: vec!["unicorn".into()], ..policy(0.5) }), ErrorKind::PolicyInvalid);
    }

    #[test]
    fn scores_that_do_not_fit_the_vocabulary_are_refused() {
        let vocabulary = vocabulary();
        for scores in [&[0.5; 3][..], &[0.5, f32::NAN, 0.0, 0.0]] {
            let error = candidates(scores, Activation::Softmax, &vocabulary).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ScoresInvalid);
        }
    }
}
