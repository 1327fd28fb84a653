//! What words, corrections and policies mean in the vocabulary and under the rules in force.

use std::sync::Arc;

use crate::error::Result;
use crate::model::vocabulary::Vocabulary;
use crate::session::provider_tags::WordLists;
use crate::session::results::Session;
use crate::session::search_names::SearchNames;
use crate::session::shown::PictureCorrections;
use crate::tags::keys::{TagKey, TagKeys};
use crate::tags::policy::Policy;
use crate::tags::select::Selector;

impl Session {
    pub(super) fn resolve_corrections(&mut self) {
        let vocabulary = self.selector.vocabulary();
        for one in self.corrections.values_mut() {
            let corrections = std::mem::take(&mut one.corrections);
            *one = PictureCorrections::new(corrections, vocabulary, &mut self.keys, &mut self.rules);
        }
        self.provider_tags.resolve(&mut self.keys, vocabulary);
    }

    /// Takes up a vocabulary in which every tag has the place that it had. Keys are numbered anew, and what was a free word may now be a
    /// tag of the vocabulary.
    pub(super) fn take_vocabulary(&mut self, vocabulary: Vocabulary) -> Result<()> {
        self.keys = TagKeys::new(&vocabulary);
        // The first of all: what is said later may be meant by them.
        for word in self.strict_words.iter().flat_map(|list| &list.words) {
            self.keys.own_word(word.tag_ref());
        }
        self.search_names = SearchNames::new(&vocabulary);
        self.stored_tags.register(&mut self.keys, &vocabulary);
        self.provider_tags.forget_keys();
        self.selector = self.selector.with_vocabulary(Arc::new(vocabulary))?;
        self.show_anew()
    }

    /// What every picture shows when words mean something else than before.
    pub(super) fn show_anew(&mut self) -> Result<()> {
        self.set_rules(&self.written_rules.clone())
    }

    /// Adds to the entries of a list that are words of a strict vocabulary the tags that show as them.
    fn add_meant(&self, list: &mut Vec<String>) {
        if self.rules.strict().is_none() {
            return;
        }
        for at in 0..list.len() {
            let Some(key) = self.keys.find(&list[at], self.vocabulary()) else { continue };
            for source in self.rules.sources(key) {
                list.push(self.keys.id(source, self.vocabulary()).to_owned());
            }
        }
    }

    /// A policy as it is in force under the rules: for the vocabulary's tags, and for other words.
    pub(super) fn selector_of(&self, mut policy: Policy) -> Result<(Selector, WordLists)> {
        policy.deny.extend_from_slice(self.rules.hidden());
        self.add_meant(&mut policy.allow);
        self.add_meant(&mut policy.deny);
        let written = policy.clone();
        let known = |entry: &mut String| {
            let idx = self.keys.find(entry, self.vocabulary()).and_then(|key| self.keys.idx(key));
            idx.inspect(|&idx| self.vocabulary().tag(idx).id.clone_into(entry));
        };
        policy.allow.iter_mut().chain(&mut policy.deny).for_each(known);
        let selector = self.selector.with_policy(policy.for_vocabulary(self.vocabulary()))?;
        let selector = selector.without(|idx| self.rules.permits(self.rules.target(TagKey::from(idx))));
        let words = WordLists::new(&written, selector.policy());
        Ok((selector, words))
    }
}
