//! The names by which tags are found: those of the vocabulary in every language, and those that a person gave.

use crate::model::vocabulary::Vocabulary;
use crate::tags::keys::{TagKey, TagKeys};
use crate::tags::rules::ResolvedRules;

/// Every name and alias of the vocabulary in lower case, with its tag.
#[derive(Debug)]
pub(super) struct SearchNames(Vec<(String, TagKey)>);

impl SearchNames {
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let names = (0..).zip(vocabulary.tags()).flat_map(|(key, tag)| {
            let words = tag.names.values().chain(tag.aliases.values().flatten());
            words.map(move |word| (word.to_lowercase(), key))
        });
        let mut all: Vec<_> = names.collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// Per key: whether a word of one of its names begins with `typed`. A tag is found by the names of those that are merged into it.
    pub fn matching(&self, typed: &str, keys: &TagKeys, rules: &ResolvedRules) -> Vec<bool> {
        let typed = typed.to_lowercase();
        let mut found = vec![false; keys.n()];
        let known = self.0.iter().map(|(name, key)| (name.as_str(), *key));
        for (name, key) in known {
            if has_word(name, &typed) {
                found[rules.target(key) as usize] = true;
            }
        }
        let mut look = |key: TagKey, name: &str| {
            if has_word(&name.to_lowercase(), &typed) {
                found[rules.target(key) as usize] = true;
            }
        };
        keys.words().for_each(|(key, word)| look(key, &word.name));
        rules.each_name(&mut look);
        found
    }
}

/// Whether a word of `name` begins with `typed`. Scripts that are written without spaces have no beginnings: any place counts.
pub(super) fn has_word(name: &str, typed: &str) -> bool {
    let is_beginning = |at: usize| name[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    name.match_indices(typed).any(|(at, _)| is_beginning(at) || typed.chars().all(is_written_without_spaces))
}

/// Chinese characters, kana, Thai and their like.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_without_spaces_are_found_anywhere_in_a_name() {
        assert!(has_word("シベリアンハスキー犬", "犬") && has_word("hot dog", "dog") && has_word("st-bernard", "bern"));
        assert!(!has_word("hotdog", "dog") && !has_word("dog", "dogs"));
    }
}
