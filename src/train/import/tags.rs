//! Words of others that are to become tags.

use std::collections::{HashMap, HashSet};

use super::plan::PlannedPicture;
use crate::model::readable::is_readable;
use crate::tagging::MAX_TAGS;
use crate::tags::MAX_TAG_CHARS;
use crate::tags::names::normal;

/// Tags of a plan: one for all spellings of a word, as it was written first.
#[derive(Default)]
pub struct Words {
    names: Vec<String>,
    by_word: HashMap<String, u32>,
    /// Words that cannot be tags.
    pub n_refused: usize,
}

impl Words {
    /// The number of the tag that `written` names; `None` for what cannot be one.
    pub fn number(&mut self, written: &str) -> Option<u32> {
        let cleaned: String = written.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let name = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
        let word = normal(&name);
        if name.is_empty() {
            return None;
        }
        if word.is_empty() || !is_readable(&name, MAX_TAG_CHARS) {
            self.n_refused += 1;
            return None;
        }
        if self.is_full() && !self.by_word.contains_key(&word) {
            return None;
        }
        let next = self.names.len() as u32;
        let number = *self.by_word.entry(word).or_insert(next);
        if number == next {
            self.names.push(name);
        }
        Some(number)
    }

    /// The numbers of several, each once.
    pub fn numbers<'a>(&mut self, written: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
        let mut seen = HashSet::new();
        written.into_iter().filter_map(|word| self.number(word)).filter(|number| seen.insert(*number)).collect()
    }

    /// Whether there are more than a head can have: no more are taken.
    pub fn is_full(&self) -> bool {
        self.names.len() > MAX_TAGS
    }

    pub fn into_names(self) -> Vec<String> {
        self.names
    }
}

/// Tags of pictures that come in any order, and more than once.
#[derive(Default)]
pub struct TagsOf {
    of: HashMap<u32, Vec<u32>>,
    seen: HashSet<(u32, u32)>,
}

impl TagsOf {
    /// Each tag of a picture once, as they come.
    pub fn add(&mut self, entry: u32, tags: Vec<u32>) {
        let of = self.of.entry(entry).or_default();
        of.extend(tags.into_iter().filter(|tag| self.seen.insert((entry, *tag))));
    }

    pub fn into_pictures(self) -> Vec<PlannedPicture> {
        self.of.into_iter().map(|(entry, tags)| PlannedPicture { entry, tags }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_comes_twice_has_each_tag_once() {
        let mut tags_of = TagsOf::default();
        tags_of.add(7, vec![2, 1]);
        tags_of.add(7, vec![1, 3]);
        assert_eq!(tags_of.into_pictures(), [PlannedPicture { entry: 7, tags: vec![2, 1, 3] }]);
    }

    #[test]
    fn a_word_is_one_tag_however_it_is_written() {
        let mut words = Words::default();
        assert_eq!(words.numbers(["Casual-Shoe", " casual  shoe", "hat", "", "\t", "a\u{202e}b"]), [0, 1]);
        assert_eq!((words.n_refused, words.number(&"x".repeat(101))), (1, None));
        assert_eq!(words.into_names(), ["Casual-Shoe", "hat"]);
    }
}
