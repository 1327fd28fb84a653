//! What others than the model found in pictures: own taggers and providers. It lies apart from the model's candidates, so that a threshold
//! moves as fast where there is none.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::model::vocabulary::Vocabulary;
use crate::session::shown::{PictureCorrections, SaidBy, ShownTag, View};
use crate::session::stored::RunKind;
use crate::tags::candidate::ComponentIdx;
use crate::tags::corrections::{FREE_PREFIX, TagRef};
use crate::tags::keys::{TagKey, TagKeys, normal_id};
use crate::tags::policy::{HeadPolicy, Policy, ProviderPolicy};
use crate::tags::select::Selector;

/// Prefix of the component of a provider.
const PROVIDER_PREFIX: &str = "provider:";
/// Prefix of the component of an own tagger, as of a model's own heads: one is a head, too.
const HEAD_PREFIX: &str = "head:";

impl RunKind {
    /// The name of the component by which a tagger of this kind speaks.
    pub(super) fn component_of(self, tagger: &str) -> String {
        let prefix = if self == Self::Head { HEAD_PREFIX } else { PROVIDER_PREFIX };
        format!("{prefix}{tagger}")
    }
}

/// A tag that somebody else found: its number in [`ProviderTags`], and their number for it, 1 where they give none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ProviderTag {
    pub tag: u32,
    pub confidence: f32,
    /// Least confidence shown of this tag, where it has one of its own.
    pub threshold: Option<f32>,
}

/// What a run of a provider has of its own: the settings of a job, which count more than the policy's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
pub struct OwnLimits {
    /// Least number shown of what it found, 0–1.
    #[serde(default)]
    pub threshold: Option<f32>,
    /// Maximum number of its tags per picture.
    #[serde(default)]
    pub max_tags: Option<usize>,
}

/// What one run of an own tagger or of a provider found in a picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ProviderTagging {
    pub kind: RunKind,
    /// "head:ID" or "provider:ID" in the session's components.
    pub component: ComponentIdx,
    pub run: u32,
    pub has_confidence: bool,
    pub own: OwnLimits,
    /// The surest first.
    pub tags: Vec<ProviderTag>,
}

impl ProviderTagging {
    pub fn new(component: ComponentIdx, run: u32, has_confidence: bool, mut tags: Vec<ProviderTag>) -> Self {
        tags.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        Self { kind: RunKind::Provider, component, run, has_confidence, own: OwnLimits::default(), tags }
    }

    pub fn of_kind(self, kind: RunKind) -> Self {
        Self { kind, ..self }
    }

    pub fn with_own(self, own: OwnLimits) -> Self {
        Self { own, ..self }
    }

    /// The order of those of a picture: of one tagger together, the newest run first.
    pub fn place(&self) -> (ComponentIdx, Reverse<u32>) {
        (self.component, Reverse(self.run))
    }
}

/// Every tag that an own tagger or a provider found in any picture, by number. A number keeps its meaning, also in another vocabulary.
#[derive(Debug, Default)]
pub(super) struct ProviderTags {
    refs: Vec<TagRef>,
    /// By number: whether a person has taught it.
    are_taught: Vec<bool>,
    number_by_id: HashMap<String, u32>,
    keys: Vec<TagKey>,
    /// Words that only providers have said.
    own_words: HashSet<TagKey>,
}

impl ProviderTags {
    /// `by`: who says it.
    pub fn number(&mut self, tag: &TagRef, by: RunKind, keys: &mut TagKeys, vocabulary: &Vocabulary) -> u32 {
        let is_taught = by == RunKind::Head;
        if let Some(&number) = self.number_by_id.get(&tag.id) {
            if is_taught && !std::mem::replace(&mut self.are_taught[number as usize], true) {
                self.own_words.remove(&self.keys[number as usize]);
            }
            return number;
        }
        let number = self.refs.len() as u32;
        self.number_by_id.insert(tag.id.clone(), number);
        self.refs.push(tag.clone());
        self.are_taught.push(is_taught);
        self.resolve_one(number as usize, keys, vocabulary);
        number
    }

    /// After this the keys may be numbered anew; then comes [`ProviderTags::resolve`].
    pub fn forget_keys(&mut self) {
        self.keys.clear();
        self.own_words.clear();
    }

    /// Finds those that have no key. What people said has its keys before.
    pub fn resolve(&mut self, keys: &mut TagKeys, vocabulary: &Vocabulary) {
        (self.keys.len()..self.refs.len()).for_each(|number| self.resolve_one(number, keys, vocabulary));
    }

    fn resolve_one(&mut self, number: usize, keys: &mut TagKeys, vocabulary: &Vocabulary) {
        let tag = &self.refs[number];
        let is_known = keys.known(tag, vocabulary).is_some();
        let key = keys.key(tag, vocabulary);
        if !is_known && !self.are_taught[number] {
            self.own_words.insert(key);
        }
        self.keys.push(key);
    }

    pub fn key(&self, number: u32) -> TagKey {
        self.keys[number as usize]
    }

    /// Whether a word was a provider's before it was anybody else's.
    pub fn is_theirs(&self, key: TagKey) -> bool {
        self.own_words.contains(&key)
    }
}

/// What a policy's lists and a person's rules say of words that the vocabulary does not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WordLists {
    denied: HashSet<String>,
    /// `None`: all.
    allowed: Option<HashSet<String>>,
}

impl WordLists {
    /// `policy`: as it was given, with what rules hide; `resolved`: what the vocabulary leaves of it. Where that has no allow list, words have
    /// none.
    pub fn new(policy: &Policy, resolved: &Policy) -> Self {
        let words = |entries: &mut dyn Iterator<Item = &String>| -> HashSet<String> {
            entries.filter(|entry| entry.starts_with(FREE_PREFIX)).map(|entry| normal_id(entry)).collect()
        };
        Self {
            denied: words(&mut policy.deny.iter()),
            allowed: (!resolved.allow.is_empty()).then(|| words(&mut policy.allow.iter())),
        }
    }

    fn permit(&self, id: &str) -> bool {
        !self.denied.contains(id) && self.allowed.as_ref().is_none_or(|allowed| allowed.contains(id))
    }
}

/// A tag of a picture, as an own tagger or a provider says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    pub kind: RunKind,
    /// What it is shown as.
    pub key: TagKey,
    pub component: ComponentIdx,
    pub run: u32,
    pub confidence: f32,
    pub has_confidence: bool,
    /// Least confidence shown, where this tag or its run has one of its own.
    threshold: Option<f32>,
    /// Maximum number of tags of its run, where that has one of its own.
    max_tags: Option<usize>,
}

impl Said {
    /// The tagger's own number.
    pub fn score(&self) -> Option<f32> {
        self.has_confidence.then_some(self.confidence)
    }

    pub fn shown(&self, by: SaidBy) -> ShownTag {
        ShownTag { key: self.key, confidence: self.confidence, score: self.score(), by, in_bulk: false }
    }
}

impl View<'_> {
    /// All that own taggers and providers say of a picture and that lists, rules and corrections permit: one after the other in the order of
    /// their components' names, each one's tags once, the surest first.
    /// `taggings`: those of one of them together, the newest run first.
    pub fn said(&self, taggings: &[ProviderTagging], corrections: &PictureCorrections) -> Vec<Vec<Said>> {
        let of_one = |taggings: &[ProviderTagging]| {
            let mut known = HashSet::new();
            let said = taggings.iter().flat_map(|tagging| {
                let &ProviderTagging { kind, component, run, has_confidence, own, .. } = tagging;
                let found = tagging.tags.iter().filter_map(move |&ProviderTag { tag, confidence, threshold }| {
                    let key = self.shown_as(self.provider_tags.key(tag), corrections)?;
                    let (threshold, max_tags) = (threshold.or(own.threshold), own.max_tags);
                    Some(Said { kind, key, component, run, confidence, has_confidence, threshold, max_tags })
                });
                found.collect::<Vec<_>>()
            });
            let mut said: Vec<Said> = said.filter(|one| known.insert(one.key)).collect();
            said.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
            said
        };
        let mut by_provider: Vec<_> = taggings.chunk_by(|one, next| one.component == next.component).collect();
        // Whoever came first: the same pictures show the same.
        by_provider.sort_by_key(|taggings| &self.components[usize::from(taggings[0].component)]);
        by_provider.into_iter().map(of_one).collect()
    }

    /// Those of [`View::said`] that the policy shows, or the limits of their run: of each tagger the surest, without those above others of its
    /// own.
    pub fn selected(&self, taggings: &[ProviderTagging], corrections: &PictureCorrections) -> Vec<Said> {
        let mut selected = self.said(taggings, corrections);
        for said in &mut selected {
            let Some(first) = said.first() else { continue };
            let ProviderPolicy { threshold, max_tags, is_shown } = self.policy_of(first);
            let least = |one: &Said| one.threshold.unwrap_or(threshold);
            said.retain(|one| is_shown && (!one.has_confidence || one.confidence >= least(one)));
            let above: HashSet<TagKey> = said.iter().flat_map(|one| self.parents(one.key, corrections)).collect();
            said.retain(|one| !above.contains(&one.key));
            // Runs with a number of their own have so many each, all others as many together as the policy says.
            let mut shown: HashMap<Option<u32>, usize> = HashMap::new();
            said.retain(|one| {
                let most = one.max_tags.unwrap_or(max_tags);
                let n = shown.entry(one.max_tags.map(|_| one.run)).or_default();
                *n += 1;
                *n <= most
            });
        }
        selected.concat()
    }

    /// What holds for whoever says it. An own tagger has as many tags as reach their thresholds.
    fn policy_of(&self, said: &Said) -> ProviderPolicy {
        let name = &self.components[usize::from(said.component)];
        let policy = self.selector.policy();
        if said.kind != RunKind::Head {
            return policy.provider(name.strip_prefix(PROVIDER_PREFIX).unwrap_or(name));
        }
        let HeadPolicy { is_shown } = policy.head(name.strip_prefix(HEAD_PREFIX).unwrap_or(name));
        ProviderPolicy { threshold: 0.0, max_tags: usize::MAX, is_shown }
    }

    /// Whether of others' tags the same are shown as under another selector and other lists, but for what hangs on the vocabulary.
    pub fn selects_others_as(&self, before: &Selector, words_before: &WordLists) -> bool {
        let (now, before) = (self.selector.policy(), before.policy());
        now.providers == before.providers && now.heads == before.heads && self.word_lists == words_before
    }

    /// What another's tag is shown as; `None` if lists, rules or the person hide it.
    fn shown_as(&self, key: TagKey, corrections: &PictureCorrections) -> Option<TagKey> {
        let shown_as = self.rules.target(key);
        let is_rejected = [key, shown_as].iter().any(|key| corrections.rejected.contains(key));
        let is_word = |key| self.keys.idx(key).is_none();
        let permits = |key| if is_word(key) { self.word_lists.permit(self.id(key)) } else { self.is_permitted(key) };
        let is_denied = |key| is_word(key) && self.word_lists.denied.contains(self.id(key));
        (!is_rejected && permits(key) && self.may_show(shown_as) && !is_denied(shown_as)).then_some(shown_as)
    }
}
