//! The keywords and texts of one picture.

use std::collections::HashSet;

/// What is written for one picture: its tags as a flat list and as paths, and its texts. Every name is one line without control characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keywords {
    flat: Vec<String>,
    /// From the root to the tag.
    paths: Vec<Vec<String>>,
    /// Title, description, alternative text; empty ones leave a file as it is.
    texts: [String; 3],
}

impl Keywords {
    /// Title and alternative text on one line, the description as it is; all without what XML 1.0 forbids.
    pub fn set_texts(&mut self, title: &str, description: &str, alt_text: &str) {
        self.texts = [keyword(title), lines(description), keyword(alt_text)];
    }

    /// Title, description, alternative text; those that are not empty are written.
    pub fn texts(&self) -> &[String; 3] {
        &self.texts
    }

    /// Whether there is no tag.
    pub fn has_no_tags(&self) -> bool {
        self.flat.is_empty() && self.paths.is_empty()
    }

    /// Adds a tag. `above`: the names of all its ancestors, for the flat list. `to_root`: those on one path to the root, the
    /// nearest first.
    pub fn add(&mut self, name: &str, above: &[String], to_root: &[String]) {
        let flat = std::iter::once(name).chain(above.iter().map(String::as_str));
        self.flat.extend(flat.map(keyword).filter(|name| !name.is_empty()));
        let path = to_root.iter().rev().map(String::as_str).chain([name]).map(keyword);
        let path: Vec<String> = path.filter(|name| !name.is_empty()).collect();
        if !path.is_empty() {
            self.paths.push(path);
        }
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.has_no_tags() && self.texts.iter().all(String::is_empty)
    }

    /// Tags and their ancestors, each once.
    pub fn flat(&self) -> Vec<String> {
        each_once(self.flat.iter().cloned())
    }

    /// The paths, each once, with `separator` between the levels and replaced within them.
    pub fn paths(&self, separator: char) -> Vec<String> {
        let joined = self.paths.iter().map(|path| {
            let levels: Vec<String> = path.iter().map(|name| name.replace(separator, "-")).collect();
            levels.join(&separator.to_string())
        });
        each_once(joined)
    }
}

/// `name` on one line, without control characters and characters that XML 1.0 forbids. Keywords are equal if this is.
pub fn keyword(name: &str) -> String {
    let held = |c: &char| c.is_whitespace() || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let held: String = name.chars().filter(held).collect();
    held.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` with its line breaks, without other control characters and characters that XML 1.0 forbids.
pub fn lines(text: &str) -> String {
    let held = |c: &char| *c == '\n' || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    text.replace("\r\n", "\n")
        .replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
        .chars()
        .filter(held)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The first of equal entries, in their order.
pub fn each_once(entries: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    entries.into_iter().filter(|entry| seen.insert(entry.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn ancestors_are_in_the_flat_list_once_and_on_the_paths_each_time() {
        let mut keywords = Keywords::default();
        keywords.add("cat", &strings(&["mammal", "animal"]), &strings(&["mammal", "animal"]));
        keywords.add("dog", &strings(&["mammal", "pet", "animal"]), &strings(&["mammal", "animal"]));
        assert_eq!(keywords.flat(), ["cat", "mammal", "animal", "dog", "pet"]);
        assert_eq!(keywords.paths('|'), ["animal|mammal|cat", "animal|mammal|dog"]);
        assert!(!keywords.is_empty());
    }

    #[test]
    fn a_separator_in_a_name_adds_no_level() {
        let mut keywords = Keywords::default();
        keywords.add("AC/DC|live", &strings(&["rock|pop"]), &strings(&["rock|pop"]));
        assert_eq!(keywords.flat(), ["AC/DC|live", "rock|pop"]);
        assert_eq!(keywords.paths('|'), ["rock-pop|AC/DC-live"]);
        assert_eq!(keywords.paths('/'), ["rock|pop/AC-DC|live"]);
    }

    #[test]
    fn names_of_nothing_but_control_characters_are_left_out() {
        let mut keywords = Keywords::default();
        keywords.add("\u{0}\u{8} \n", &[], &[]);
        assert!(keywords.is_empty() && keywords.paths('/').is_empty());
        keywords.add(" a\u{fffe}\nb ", &strings(&["\t"]), &strings(&["\t"]));
        assert_eq!((keywords.flat(), keywords.paths('/')), (strings(&["a b"]), strings(&["a b"])));
    }
}
