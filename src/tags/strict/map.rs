//! What each tag shows as under a strict vocabulary: one of its words, or nothing.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::error::Result;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::keys::{TagKey, TagKeys, normal_id};
use crate::tags::names::normal;
use crate::tags::strict::tree::Tree;
use crate::tags::strict::{StrictWord, StrictWords};

/// Why a tag shows as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A person said so.
    Hand,
    /// An id of the word is the tag's.
    Id,
    /// The word means the tag.
    Name,
    /// An alias of the word means the tag.
    Alias,
}

/// The words by key, and for every key what it shows as. Keys that came after it are outside until [`StrictMap::learn`] has seen them.
#[derive(Debug, Clone)]
pub struct StrictMap {
    words: Arc<StrictWords>,
    /// The first word's key; the others follow.
    first: TagKey,
    /// By key: the place of its word, and why.
    into: Vec<Option<(usize, Why)>>,
    /// By the word's place: the keys that show as it, besides its own.
    sources: Vec<Vec<TagKey>>,
    tree: Arc<Tree>,
    known: Arc<Known>,
}

/// Where a tag is looked up.
#[derive(Debug, Default)]
struct Known {
    by_hand: HashMap<String, Option<usize>>,
    by_id: HashMap<String, usize>,
    by_word: HashMap<String, Vec<Meaning>>,
    /// Tags of the vocabulary that words mean.
    by_tag: HashMap<TagIdx, Vec<(Why, usize)>>,
}

#[derive(Debug)]
struct Meaning {
    why: Why,
    at: usize,
    language: Option<String>,
}

impl StrictMap {
    /// `keys` were just begun: the words are the first beside the vocabulary's tags. `merge`: what rules show in place of a key.
    ///
    /// # Errors
    /// As [`StrictWords::check`].
    pub fn new(
        words: Arc<StrictWords>,
        keys: &TagKeys,
        vocabulary: &Vocabulary,
        merge: impl Fn(TagKey) -> TagKey,
    ) -> Result<Self> {
        let tree = Arc::new(words.tree()?);
        let mut map = Self {
            first: vocabulary.tags().len() as TagKey,
            into: Vec::new(),
            sources: vec![Vec::new(); words.words.len()],
            tree,
            known: Arc::new(Known::new(&words, keys, vocabulary)),
            words,
        };
        map.learn(keys, vocabulary, merge);
        Ok(map)
    }

    /// Finds what keys show as that came after the others.
    pub fn learn(&mut self, keys: &TagKeys, vocabulary: &Vocabulary, merge: impl Fn(TagKey) -> TagKey) {
        for key in self.into.len() as TagKey..keys.n() as TagKey {
            let merged = merge(key);
            let of = |key| self.find(key, keys, vocabulary);
            let into = of(merged).or_else(|| of(key).filter(|_| merged != key));
            if let Some((at, _)) = into.filter(|&(at, _)| self.key(at) != key) {
                self.sources[at].push(key);
            }
            self.into.push(into);
        }
    }

    fn find(&self, key: TagKey, keys: &TagKeys, vocabulary: &Vocabulary) -> Option<(usize, Why)> {
        if let Some(at) = self.place(key) {
            return Some((at, Why::Id));
        }
        let known = &*self.known;
        let id = keys.id(key, vocabulary);
        if let Some(&by_hand) = known.by_hand.get(id) {
            return by_hand.map(|at| (at, Why::Hand));
        }
        if let Some(&at) = known.by_id.get(id) {
            return Some((at, Why::Id));
        }
        let Some(idx) = keys.idx(key) else {
            let tag = keys.tag_ref(key, vocabulary);
            return known.only_named(&tag.name, tag.language.as_deref());
        };
        let meant = known.by_tag.get(&idx).and_then(|all| only(all.iter().copied()));
        let is_guest = usize::from(idx) >= vocabulary.n_own_tags();
        meant.or_else(|| {
            let entry = vocabulary.tag(idx);
            let mut names = entry.names.iter().filter(|_| is_guest);
            names.find_map(|(language, name)| known.only_named(name, Some(language)))
        })
    }

    fn place(&self, key: TagKey) -> Option<usize> {
        let at = key.checked_sub(self.first)? as usize;
        (at < self.words.words.len()).then_some(at)
    }

    fn key(&self, at: usize) -> TagKey {
        self.first + at as TagKey
    }

    /// The key of the word that a key shows as; `None` for what is outside.
    pub fn target(&self, key: TagKey) -> Option<TagKey> {
        let (at, _) = (*self.into.get(key as usize)?)?;
        Some(self.key(at))
    }

    /// Why a key shows as another.
    pub fn why(&self, key: TagKey) -> Option<Why> {
        (*self.into.get(key as usize)?).map(|(_, why)| why)
    }

    /// Whether a person said that this shows as nothing.
    pub fn is_dismissed(&self, id: &str) -> bool {
        self.known.by_hand.get(id) == Some(&None)
    }

    /// Whether a key is one of the words, and not only a heading.
    pub fn permits(&self, key: TagKey) -> bool {
        self.word(key).is_some_and(|word| !word.heading)
    }

    pub fn word(&self, key: TagKey) -> Option<&StrictWord> {
        self.place(key).map(|at| &self.words.words[at])
    }

    /// The keys that show as this word, besides its own.
    pub fn sources(&self, key: TagKey) -> &[TagKey] {
        self.place(key).map_or(&[], |at| &self.sources[at])
    }

    /// The words above one, the nearest first.
    pub fn above(&self, key: TagKey) -> impl Iterator<Item = TagKey> {
        self.place(key).into_iter().flat_map(|at| self.tree.above[at].iter().map(|&at| self.key(at)))
    }

    /// The way up by first parents, the nearest first.
    pub fn path_to_root(&self, key: TagKey) -> impl Iterator<Item = TagKey> {
        self.place(key).into_iter().flat_map(|at| self.tree.path(at).map(|at| self.key(at)))
    }

    /// Every word by its key.
    pub fn words(&self) -> impl Iterator<Item = (TagKey, &StrictWord)> {
        (self.first..).zip(&self.words.words)
    }

    /// Every name, translation and alias by the key of its word.
    pub fn names(&self) -> impl Iterator<Item = (TagKey, &str)> {
        self.words().flat_map(|(key, word)| {
            let all = [&word.name].into_iter().chain(word.names.values()).chain(&word.aliases);
            all.map(move |name| (key, name.as_str()))
        })
    }
}

impl Known {
    fn new(list: &StrictWords, keys: &TagKeys, vocabulary: &Vocabulary) -> Self {
        let places = list.places();
        let place_of = |id: &Option<String>| id.as_ref().and_then(|id| places.get(id.as_str()).copied());
        let by_hand = list.rules.iter().map(|rule| (normal_id(&rule.tag.id), place_of(&rule.into))).collect();
        let mut known = Self { by_hand, ..Self::default() };
        for (at, word) in list.words.iter().enumerate() {
            for id in [&word.id].into_iter().chain(&word.ids) {
                known.by_id.entry(id.clone()).or_insert(at);
            }
            let language = list.language.as_deref();
            let names = word.names.iter().map(|(language, name)| (Why::Name, Some(language.as_str()), name));
            let aliases = word.aliases.iter().map(|alias| (Why::Alias, language, alias));
            for (why, language, text) in [(Why::Name, language, &word.name)].into_iter().chain(names).chain(aliases) {
                let meaning = Meaning { why, at, language: language.map(ToOwned::to_owned) };
                known.by_word.entry(normal(text)).or_default().push(meaning);
                if let Some(idx) = keys.names().find(text, language, vocabulary) {
                    known.by_tag.entry(idx).or_default().push((why, at));
                }
            }
        }
        known
    }

    /// The word that is called this, if there is one only: in `language`, or in any where none is; names go before aliases.
    fn only_named(&self, name: &str, language: Option<&str>) -> Option<(usize, Why)> {
        let all = self.by_word.get(&normal(name))?;
        let told = |one: &&Meaning| language.is_some() && one.language.as_deref() == language;
        let of = |wanted: &dyn Fn(&&Meaning) -> bool| only(all.iter().filter(wanted).map(|one| (one.why, one.at)));
        if all.iter().any(|one| told(&one)) { of(&told) } else { of(&|_| true) }
    }
}

/// The word that all of the best are.
fn only(all: impl Iterator<Item = (Why, usize)> + Clone) -> Option<(usize, Why)> {
    let best = all.clone().map(|(why, _)| why).min()?;
    let mut of_best = all.filter(|&(why, _)| why == best).map(|(_, at)| at);
    let first = of_best.next()?;
    of_best.all(|at| at == first).then_some((first, best))
}
