//! What each tag shows as under a strict vocabulary: one of its words, or nothing.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::error::Result;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::keys::{TagKey, TagKeys, normal_id};
use crate::tags::names::normal;
use crate::tags::select::Selector;
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

/// Where a tag is looked up. Words are by their places; each text has the last of its meanings, which leads to the others.
#[derive(Debug, Default)]
struct Known {
    /// [`NOTHING`] for what shows as nothing.
    by_hand: HashMap<String, u32>,
    /// [`NOTHING`] for what two words have.
    by_id: HashMap<String, u32>,
    by_text: HashMap<String, u32>,
    meanings: Vec<Meaning>,
    /// By the place of a tag of the vocabulary.
    by_tag: Vec<Best>,
}

/// The place of no word, and of no meaning.
const NOTHING: u32 = u32::MAX;

#[derive(Debug)]
struct Meaning {
    why: Why,
    at: u32,
    language: Option<String>,
    before: u32,
}

/// The best of the words that a tag may be.
#[derive(Debug, Clone, Copy, Default)]
struct Best {
    found: Option<(usize, Why)>,
    /// Another word is as good.
    is_doubtful: bool,
}

impl Best {
    fn add(&mut self, why: Why, at: u32) {
        let at = at as usize;
        match self.found {
            Some((one, best)) if why == best => self.is_doubtful |= one != at,
            Some((_, best)) if why > best => {}
            _ => *self = Self { found: Some((at, why)), is_doubtful: false },
        }
    }

    fn only(self) -> Option<(usize, Why)> {
        self.found.filter(|_| !self.is_doubtful)
    }
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
            return (by_hand != NOTHING).then_some((by_hand as usize, Why::Hand));
        }
        // Of an id that two words have, neither is meant by it: the name may tell.
        if let Some(&at) = known.by_id.get(id).filter(|&&at| at != NOTHING) {
            return Some((at as usize, Why::Id));
        }
        let Some(idx) = keys.idx(key) else {
            let tag = keys.tag_ref(key, vocabulary);
            return known.only_named(&tag.name, tag.language.as_deref());
        };
        let meant = known.by_tag[usize::from(idx)].only();
        if meant.is_some() || usize::from(idx) < vocabulary.n_own_tags() {
            return meant;
        }
        // Of guests with one name only the first is found by it.
        let names = &vocabulary.tag(idx).names;
        names.iter().find_map(|(language, name)| known.only_named(name, Some(language)))
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
        self.known.by_hand.get(id) == Some(&NOTHING)
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
    pub fn above(&self, key: TagKey) -> Vec<TagKey> {
        let Some(at) = self.place(key) else { return Vec::new() };
        self.tree.above[at].iter().map(|&at| self.key(at)).collect()
    }

    /// The way up by first parents, the nearest first.
    pub fn path_to_root(&self, key: TagKey) -> Vec<TagKey> {
        let (mut path, mut at) = (Vec::new(), self.place(key));
        while let Some(above) = at.and_then(|at| self.tree.first[at]) {
            path.push(self.key(above));
            at = Some(above);
        }
        path
    }

    /// Every word by its key.
    pub fn words(&self) -> impl Iterator<Item = (TagKey, &StrictWord)> {
        (self.first..).zip(&self.words.words)
    }

    /// Every name, translation and alias with the key of its word.
    pub fn each_name(&self, act: &mut dyn FnMut(TagKey, &str)) {
        for (key, word) in self.words() {
            word.each_name(None, &mut |_, _, name| act(key, name));
        }
    }
}

impl Selector {
    /// Without the tags that may not show, such as those that no word stands for.
    pub fn without(mut self, may_show: impl Fn(TagIdx) -> bool) -> Self {
        for (idx, permitted) in (0..).zip(&mut self.permitted) {
            *permitted &= may_show(idx);
        }
        self
    }
}

impl Known {
    fn new(list: &StrictWords, keys: &TagKeys, vocabulary: &Vocabulary) -> Self {
        let mut known = Self { by_tag: vec![Best::default(); vocabulary.tags().len()], ..Self::default() };
        for (at, word) in (0..).zip(&list.words) {
            for id in &word.ids {
                known
                    .by_id
                    .entry(id.clone())
                    .and_modify(|one| *one = if *one == at { at } else { NOTHING })
                    .or_insert(at);
            }
            word.each_name(list.language.as_deref(), &mut |why, language, text| {
                let before = known.by_text.insert(normal(text), known.meanings.len() as u32).unwrap_or(NOTHING);
                known.meanings.push(Meaning { why, at, language: language.map(ToOwned::to_owned), before });
                if let Some(idx) = keys.names().find(text, language, vocabulary) {
                    known.by_tag[usize::from(idx)].add(why, at);
                }
            });
        }
        // A word's own id is its own, whoever else has it.
        known.by_id.extend((0..).zip(&list.words).map(|(at, word)| (word.id.clone(), at)));
        for rule in &list.rules {
            let into = rule.into.as_ref().and_then(|id| known.by_id.get(id)).copied();
            known.by_hand.insert(normal_id(&rule.tag.id), into.unwrap_or(NOTHING));
        }
        known
    }

    /// The word that is called this, if there is one only: in `language`, or in any where none is; names go before aliases.
    fn only_named(&self, name: &str, language: Option<&str>) -> Option<(usize, Why)> {
        let (mut told, mut any) = (Best::default(), Best::default());
        let mut next = self.by_text.get(&normal(name)).copied().unwrap_or(NOTHING);
        while next != NOTHING {
            let Meaning { why, at, language: of, before } = &self.meanings[next as usize];
            any.add(*why, *at);
            if language.is_some() && of.as_deref() == language {
                told.add(*why, *at);
            }
            next = *before;
        }
        if told.found.is_some() { told.only() } else { any.only() }
    }
}
