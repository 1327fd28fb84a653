//! Tags by number: those of the vocabulary, and the free words that people typed, in one numbering, so that both are counted, filtered and
//! renamed alike.

use std::collections::HashMap;

use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::corrections::TagRef;

/// A tag: its position in the vocabulary, or behind that a free word.
pub type TagKey = u32;

/// The numbering. Keys stay valid; words are never removed.
#[derive(Debug, Clone, Default)]
pub struct TagKeys {
    n_vocabulary: u32,
    words: Vec<TagRef>,
    key_by_id: HashMap<String, TagKey>,
}

impl TagKeys {
    pub fn new(vocabulary: &Vocabulary) -> Self {
        Self { n_vocabulary: vocabulary.tags().len() as u32, ..Self::default() }
    }

    /// The key of a tag. An id that neither the vocabulary nor anybody before knew becomes a free word.
    pub fn key(&mut self, tag: &TagRef, vocabulary: &Vocabulary) -> TagKey {
        if let Some(key) = self.find(&tag.id, vocabulary) {
            return key;
        }
        let key = self.n_vocabulary + self.words.len() as u32;
        self.words.push(tag.clone());
        self.key_by_id.insert(tag.id.clone(), key);
        key
    }

    /// The key of an id that is known.
    pub fn find(&self, id: &str, vocabulary: &Vocabulary) -> Option<TagKey> {
        vocabulary.idx(id).map(TagKey::from).or_else(|| self.key_by_id.get(id).copied())
    }

    /// The tag's place in the vocabulary; `None` for a free word.
    pub fn idx(&self, key: TagKey) -> Option<TagIdx> {
        (key < self.n_vocabulary).then_some(key as TagIdx)
    }

    pub fn id<'a>(&'a self, key: TagKey, vocabulary: &'a Vocabulary) -> &'a str {
        self.idx(key).map_or_else(|| &self.word(key).id, |idx| &vocabulary.tag(idx).id)
    }

    /// The name of the vocabulary in `language`, or the word as it was typed first.
    pub fn name<'a>(&'a self, key: TagKey, vocabulary: &'a Vocabulary, language: &str) -> &'a str {
        self.idx(key).map_or_else(|| self.word(key).name.as_str(), |idx| vocabulary.tag(idx).name(language))
    }

    /// Every free word and its key.
    pub fn words(&self) -> impl Iterator<Item = (TagKey, &TagRef)> {
        (self.n_vocabulary..).zip(&self.words)
    }

    /// How many keys there are.
    pub fn n(&self) -> usize {
        self.n_vocabulary as usize + self.words.len()
    }

    fn word(&self, key: TagKey) -> &TagRef {
        &self.words[(key - self.n_vocabulary) as usize]
    }
}
