//! Names as they go into lists that people and simple programs read.

/// `text` on one line, with single spaces, and without control characters and what XML 1.0 forbids.
pub fn one_line(text: &str) -> String {
    joined(text, ends_word)
}

/// `name` as one entry of a list that commas divide.
pub fn entry(name: &str) -> String {
    entry_without(",", name)
}

/// `name` as one entry of a list: on [one line](one_line), and without any of `signs`.
pub fn entry_without(signs: &str, name: &str) -> String {
    joined(name, |c| signs.contains(c) || ends_word(c))
}

fn joined(text: &str, is_between: impl Fn(char) -> bool) -> String {
    text.split(is_between).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// The entries of a list, each once, without empty ones.
pub fn distinct(entries: impl Iterator<Item = String>) -> Vec<String> {
    let mut list = Vec::new();
    for entry in entries {
        if !entry.is_empty() && !list.contains(&entry) {
            list.push(entry);
        }
    }
    list
}
