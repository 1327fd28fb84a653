//! What providers found in pictures. It lies apart from the model's candidates, so that a threshold moves as fast where there is none.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::model::vocabulary::Vocabulary;
use crate::session::shown::{PictureCorrections, View};
use crate::tags::candidate::ComponentIdx;
use crate::tags::corrections::{FREE_PREFIX, TagRef};
use crate::tags::keys::{TagKey, TagKeys, normal_id};
use crate::tags::policy::{Policy, ProviderPolicy};
use crate::tags::select::Selector;

/// Prefix of the component of a provider.
pub(super) const PROVIDER_PREFIX: &str = "provider:";

/// A tag that a provider found: its number in [`ProviderTags`], and the provider's number for it, 1 where it gives none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ProviderTag {
    pub tag: u32,
    pub confidence: f32,
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

/// What one run of a provider found in a picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ProviderTagging {
    /// "provider:ID" in the session's components.
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
        Self { component, run, has_confidence, own: OwnLimits::default(), tags }
    }

    pub fn with_own(self, own: OwnLimits) -> Self {
        Self { own, ..self }
    }

    /// The order of those of a picture: of one provider together, the newest run first.
    pub fn place(&self) -> (ComponentIdx, Reverse<u32>) {
        (self.component, Reverse(self.run))
    }
}

/// Every tag that a provider found in any picture, by number. A number keeps its meaning, also in another vocabulary.
#[derive(Debug, Default)]
pub(super) struct ProviderTags {
    refs: Vec<TagRef>,
    number_by_id: HashMap<String, u32>,
    keys: Vec<TagKey>,
    /// Words that nobody else has said.
    own_words: HashSet<TagKey>,
}

impl ProviderTags {
    pub fn number(&mut self, tag: &TagRef, keys: &mut TagKeys, vocabulary: &Vocabulary) -> u32 {
        if let Some(&number) = self.number_by_id.get(&tag.id) {
            return number;
        }
        let number = self.refs.len() as u32;
        self.number_by_id.insert(tag.id.clone(), number);
        self.refs.push(tag.clone());
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
        if !is_known {
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

/// A tag of a picture, as a provider says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    /// What it is shown as.
    pub key: TagKey,
    pub component: ComponentIdx,
    pub run: u32,
    pub confidence: f32,
    pub has_confidence: bool,
    own: OwnLimits,
}

impl Said {
    /// The provider's own number.
    pub fn score(&self) -> Option<f32> {
        self.has_confidence.then_some(self.confidence)
    }
}

impl View<'_> {
    /// All that providers say of a picture and that lists, rules and corrections permit: provider by provider in the order of their names, each
    /// one's tags once, the surest first.
    /// `taggings`: those of one provider together, the newest run first.
    pub fn said(&self, taggings: &[ProviderTagging], corrections: &PictureCorrections) -> Vec<Vec<Said>> {
        let of_one = |taggings: &[ProviderTagging]| {
            let mut known = HashSet::new();
            let said = taggings.iter().flat_map(|tagging| {
                let &ProviderTagging { component, run, has_confidence, own, .. } = tagging;
                let found = tagging.tags.iter().filter_map(move |&ProviderTag { tag, confidence }| {
                    let key = self.shown_as(self.provider_tags.key(tag), corrections)?;
                    Some(Said { key, component, run, confidence, has_confidence, own })
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

    /// Those of [`View::said`] that the policy shows, or the limits of their run: of each provider the surest, without those above others of its
    /// own.
    pub fn selected(&self, taggings: &[ProviderTagging], corrections: &PictureCorrections) -> Vec<Said> {
        let mut selected = self.said(taggings, corrections);
        for said in &mut selected {
            let Some(first) = said.first() else { continue };
            let name = &self.components[usize::from(first.component)];
            let id = name.strip_prefix(PROVIDER_PREFIX).unwrap_or(name);
            let ProviderPolicy { threshold, max_tags, is_shown } = self.selector.policy().provider(id);
            let least = |one: &Said| one.own.threshold.unwrap_or(threshold);
            said.retain(|one| is_shown && (!one.has_confidence || one.confidence >= least(one)));
            let above: HashSet<TagKey> = said.iter().flat_map(|one| self.parents(one.key, corrections)).collect();
            said.retain(|one| !above.contains(&one.key));
            // Runs with a number of their own have so many each, all others as many together as the policy says.
            let mut shown: HashMap<Option<u32>, usize> = HashMap::new();
            said.retain(|one| {
                let most = one.own.max_tags.unwrap_or(max_tags);
                let n = shown.entry(one.own.max_tags.map(|_| one.run)).or_default();
                *n += 1;
                *n <= most
            });
        }
        selected.concat()
    }

    /// Whether of providers' tags the same are shown as under another selector and other lists, but for what hangs on the vocabulary.
    pub fn selects_others_as(&self, before: &Selector, words_before: &WordLists) -> bool {
        self.selector.policy().providers == before.policy().providers && self.word_lists == words_before
    }

    /// What a provider's tag is shown as; `None` if lists, rules or the person hide it.
    fn shown_as(&self, key: TagKey, corrections: &PictureCorrections) -> Option<TagKey> {
        let shown_as = self.rules.target(key);
        let is_rejected = [key, shown_as].iter().any(|key| corrections.rejected.contains(key));
        let is_word = |key| self.keys.idx(key).is_none();
        let permits = |key| if is_word(key) { self.word_lists.permit(self.id(key)) } else { self.is_permitted(key) };
        let is_denied = |key| is_word(key) && self.word_lists.denied.contains(self.id(key));
        (!is_rejected && permits(key) && self.may_show(shown_as) && !is_denied(shown_as)).then_some(shown_as)
    }
}
