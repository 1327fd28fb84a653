//! What an answer says of one picture, in the form in which everything else takes it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::printable::is_unprintable;
use crate::tags::MAX_TAG_CHARS;

/// More tags of one picture than any provider names.
const MAX_TAGS: usize = 1000;
const MAX_TEXT_CHARS: usize = 2000;

/// Tags and texts of one picture.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Found {
    /// The surest first, those without a number last; each name once.
    pub tags: Vec<FoundTag>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub alt_text: Option<String>,
    /// Of names and texts, where the provider has only one; None is the language that was asked for.
    pub language: Option<String>,
}

/// A tag by a provider. The name is trimmed, printable and at most as long as a tag can be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundTag {
    pub name: String,
    /// How sure it is, in [0, 1], by its own measure. None where it does not say.
    pub confidence: Option<f32>,
}

impl Found {
    /// Names with confidences, as an answer has them: in any order, with doubles and with names that cannot be tags.
    pub(super) fn of(tags: impl IntoIterator<Item = (String, Option<f32>)>) -> Self {
        let mut found: Vec<FoundTag> = Vec::new();
        let mut places = BTreeMap::new();
        for (name, confidence) in tags {
            let name = one_line(&name);
            let confidence = confidence.filter(|confidence| confidence.is_finite()).map(|sure| sure.clamp(0.0, 1.0));
            if name.is_empty() || name.chars().count() > MAX_TAG_CHARS {
                continue;
            }
            let at = *places.entry(name.to_lowercase()).or_insert(found.len());
            match found.get_mut(at) {
                Some(former) if former.confidence < confidence => former.confidence = confidence,
                Some(_) => {}
                None => found.push(FoundTag { name, confidence }),
            }
        }
        let sureness = |tag: &FoundTag| tag.confidence.unwrap_or(-1.0);
        found.sort_by(|a, b| sureness(b).total_cmp(&sureness(a)));
        found.truncate(MAX_TAGS);
        Self { tags: found, ..Self::default() }
    }
}

/// A title, description or alternative text of an answer, on one line; None where there is nothing in it.
pub(super) fn clean_text(text: &str) -> Option<String> {
    let text: String = one_line(text).chars().take(MAX_TEXT_CHARS).collect();
    Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
}

/// Without anything unprintable, and with single spaces.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tags: &[(&str, Option<f32>)]) -> Vec<(String, Option<f32>)> {
        let found = Found::of(tags.iter().map(|(name, sure)| ((*name).to_owned(), *sure)));
        found.tags.into_iter().map(|tag| (tag.name, tag.confidence)).collect()
    }

    #[test]
    fn tags_are_sorted_and_each_is_named_once_by_its_surest() {
        let found = names(&[("cat", Some(0.2)), ("a", None), ("Dog", Some(0.5)), ("dog", Some(0.9)), ("a", Some(0.1))]);
        assert_eq!(found, [("Dog".into(), Some(0.9)), ("cat".into(), Some(0.2)), ("a".into(), Some(0.1))]);
    }

    #[test]
    fn names_that_cannot_be_tags_are_left_out_or_cleaned() {
        let long = "x".repeat(MAX_TAG_CHARS + 1);
        let found = names(&[
            ("", None),
            (" \u{1b}\n", None),
            (&long, None),
            (" a\u{202e}\tb ", Some(f32::NAN)),
            ("c", Some(7.0)),
        ]);
        assert_eq!(found, [("c".into(), Some(1.0)), ("a b".into(), None)]);
    }

    #[test]
    fn texts_are_one_line() {
        assert_eq!(clean_text(" a\r\n\u{7} b ").as_deref(), Some("a b"));
        assert_eq!(clean_text("\n"), None);
        assert_eq!(clean_text(&"x".repeat(5000)).unwrap().len(), MAX_TEXT_CHARS);
    }
}
