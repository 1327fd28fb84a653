//! Tags by number: those of the vocabulary, and the free words that people typed, in one numbering, so that both are counted, filtered and
//! renamed alike.

use std::collections::HashMap;

use crate::model::vocabulary::{FALLBACK_LANGUAGE, TagIdx, Vocabulary};
use crate::tags::corrections::{FREE_PREFIX, TagRef};
use crate::tags::names::{TagNames, normal};

/// A tag: its position in the vocabulary, or behind that a free word.
pub type TagKey = u32;

/// The numbering. Keys stay valid; words are never removed.
#[derive(Debug, Clone, Default)]
pub struct TagKeys {
    names: TagNames,
    n_vocabulary: u32,
    words: Vec<TagRef>,
    key_by_id: HashMap<String, TagKey>,
}

impl TagKeys {
    pub fn new(vocabulary: &Vocabulary) -> Self {
        Self { names: TagNames::new(vocabulary), n_vocabulary: vocabulary.tags().len() as u32, ..Self::default() }
    }

    /// The names of the vocabulary.
    pub fn names(&self) -> &TagNames {
        &self.names
    }

    /// The key of a tag. What means no tag of the vocabulary, and what nobody before knew, becomes a free word.
    pub fn key(&mut self, tag: &TagRef, vocabulary: &Vocabulary) -> TagKey {
        if let Some(key) = self.known(tag, vocabulary) {
            return key;
        }
        let id = normal_id(&tag.id);
        let key = self.key_by_id.get(&id).copied().unwrap_or_else(|| {
            self.words.push(TagRef { id: id.clone(), ..tag.clone() });
            self.n_vocabulary + self.words.len() as u32 - 1
        });
        self.key_by_id.insert(id, key);
        self.key_by_id.insert(tag.id.clone(), key);
        key
    }

    /// A word that is one of its own, whatever the vocabulary would take it for. Nobody may have known its id before.
    pub fn own_word(&mut self, tag: TagRef) -> TagKey {
        let key = self.n_vocabulary + self.words.len() as u32;
        self.key_by_id.insert(tag.id.clone(), key);
        self.words.push(tag);
        key
    }

    /// The key of a tag that the vocabulary or anybody before knew. From then on it is found by that id.
    pub fn known(&mut self, tag: &TagRef, vocabulary: &Vocabulary) -> Option<TagKey> {
        self.by_id(&tag.id, vocabulary).or_else(|| {
            let key = TagKey::from(self.names.resolve(tag, vocabulary)?);
            self.key_by_id.insert(tag.id.clone(), key);
            Some(key)
        })
    }

    /// The key of an id that the vocabulary or anybody before knew.
    pub fn by_id(&self, id: &str, vocabulary: &Vocabulary) -> Option<TagKey> {
        vocabulary.idx(id).map(TagKey::from).or_else(|| self.key_by_id.get(id).copied())
    }

    /// The key of an id that is known, or of a free word that means a tag of the vocabulary.
    pub fn find(&self, id: &str, vocabulary: &Vocabulary) -> Option<TagKey> {
        self.by_id(id, vocabulary).or_else(|| {
            let word = id.strip_prefix(FREE_PREFIX)?;
            self.names.find(word, None, vocabulary).map(TagKey::from)
        })
    }

    /// The tag's place in the vocabulary; `None` for a free word.
    pub fn idx(&self, key: TagKey) -> Option<TagIdx> {
        (key < self.n_vocabulary).then_some(key as TagIdx)
    }

    pub fn id<'a>(&'a self, key: TagKey, vocabulary: &'a Vocabulary) -> &'a str {
        self.idx(key).map_or_else(|| &self.word(key).id, |idx| &vocabulary.tag(idx).id)
    }

    /// A free word as it was given first; a tag of the vocabulary with no more than its id and English name.
    pub fn tag_ref(&self, key: TagKey, vocabulary: &Vocabulary) -> TagRef {
        let known = |idx| TagRef::known(&vocabulary.tag(idx).id, vocabulary.tag(idx).name(FALLBACK_LANGUAGE));
        self.idx(key).map_or_else(|| self.word(key).clone(), known)
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

/// The id under which a free word is one, however it is written.
pub(crate) fn normal_id(id: &str) -> String {
    id.strip_prefix(FREE_PREFIX).map_or_else(|| id.to_owned(), |word| format!("{FREE_PREFIX}{}", normal(word)))
}
