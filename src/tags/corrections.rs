//! A person's corrections of a picture's tags. They take precedence over the model: over every threshold, list and limit, and over every
//! later run.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tags::names::{TagNames, normal};

/// Maximum length of a free word that becomes a tag, in characters.
pub const MAX_TAG_CHARS: usize = 100;
/// Prefix of the id of a free word, which is in no vocabulary.
pub(crate) const FREE_PREFIX: &str = "own:";

/// A tag of the vocabulary, or a free word that a person typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRef {
    /// The vocabulary's id of the tag, or `own:` and the word as words are compared: in lower case, with spaces for hyphens.
    pub id: String,
    /// As it was typed; used where the vocabulary has no name for the id.
    pub name: String,
    /// The language in which a free word was typed: in another vocabulary it is meant in that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl TagRef {
    /// A tag that a vocabulary knows by its `id`.
    pub fn known(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), language: None }
    }
}

/// A tag that a person gave a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddedTag {
    pub id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Given to many pictures at once: it says nothing about what the model found or missed in this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_bulk: bool,
}

impl AddedTag {
    pub fn tag_ref(&self) -> TagRef {
        TagRef { id: self.id.clone(), name: self.name.clone(), language: self.language.clone() }
    }
}

impl From<TagRef> for AddedTag {
    fn from(TagRef { id, name, language }: TagRef) -> Self {
        Self { id, name, language, in_bulk: false }
    }
}

/// A person's corrections of one picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    /// Tags that were added or accepted, in that order.
    #[serde(rename = "own")]
    pub added: Vec<AddedTag>,
    /// Ids of rejected tags. Their parents and children stay.
    pub rejected: Vec<String>,
    /// Whether the person has looked at the picture's tags and is done with them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reviewed: bool,
}

impl Corrections {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.rejected.is_empty() && !self.reviewed
    }
}

/// What [`Selector::select`](crate::tags::Selector::select) has to know of a person's corrections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolvedCorrections {
    /// Added tags of the vocabulary; their ancestors are folded into them.
    pub added: Vec<TagIdx>,
    /// Rejected tags of the vocabulary, and those that are shown as a rejected one.
    pub rejected: Vec<TagIdx>,
    /// Tags that are shown as an added one.
    pub merged: Vec<TagIdx>,
}

impl ResolvedCorrections {
    /// Whether the model's `tag` is hidden: a person rejected it, or has added it.
    pub fn replaces(&self, tag: TagIdx) -> bool {
        [&self.rejected, &self.added, &self.merged].into_iter().any(|tags| tags.contains(&tag))
    }
}

/// The tag that a person means by `text`: the vocabulary's tag with that name or alias in any language, or else a free word.
/// `names`: those of the vocabulary.
///
/// # Errors
/// [`ErrorKind::TagInvalid`] if there is nothing but white space, or more than [`MAX_TAG_CHARS`] characters.
pub fn tag_ref(text: &str, names: &TagNames, vocabulary: &Vocabulary, language: &str) -> Result<TagRef> {
    let name = word_of(text)?;
    let idx = names.find(&name, Some(language), vocabulary);
    Ok(known_or_free(name, idx, vocabulary, language, Some(language.to_owned())))
}

/// The tag that a word of another taxonomy is: the vocabulary's tag with that id or very name, or else a free word, in no language: what is
/// only alike is another tag.
///
/// # Errors
/// As [`tag_ref`].
pub fn tag_ref_by_name(text: &str, names: &TagNames, vocabulary: &Vocabulary, language: &str) -> Result<TagRef> {
    let name = word_of(text)?;
    let idx = names.named(&name, Some(language), vocabulary);
    Ok(known_or_free(name, idx, vocabulary, language, None))
}

/// What was typed, on one line.
fn word_of(text: &str) -> Result<String> {
    let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Error::new(ErrorKind::TagInvalid, "The tag is empty. Type a word."));
    }
    let n_chars = name.chars().count();
    if n_chars > MAX_TAG_CHARS {
        let detail = format!("The tag has {n_chars} characters; the maximum is {MAX_TAG_CHARS}. Shorten it.");
        return Err(Error::new(ErrorKind::TagInvalid, detail));
    }
    Ok(name)
}

fn known_or_free(
    name: String,
    idx: Option<TagIdx>,
    vocabulary: &Vocabulary,
    language: &str,
    typed_in: Option<String>,
) -> TagRef {
    match idx {
        Some(idx) => {
            let entry = vocabulary.tag(idx);
            TagRef::known(&entry.id, entry.name(language))
        }
        None => TagRef { id: format!("{FREE_PREFIX}{}", normal(&name)), name, language: typed_in },
    }
}

/// At most `n` tags of the vocabulary whose name (in `language` or English) or alias (in `language`) is `typed`, then those that begin
/// with it, then those with a later word that does; shorter names first.
pub fn completions(typed: &str, vocabulary: &Vocabulary, language: &str, n: usize) -> Vec<TagRef> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u8, usize, TagRef)> = vocabulary
        .tags()
        .iter()
        .filter_map(|entry| {
            let aliases = entry.aliases.get(language).into_iter().flatten();
            let words =
                std::iter::once(entry.name(language)).chain([entry.name("en")]).chain(aliases.map(String::as_str));
            let rank = words.filter_map(|word| rank(&word.to_lowercase(), &typed)).min()?;
            let name = entry.name(language).to_owned();
            Some((rank, name.chars().count(), TagRef::known(&entry.id, name)))
        })
        .collect();
    found.sort_by(|a, b| (a.0, a.1, &a.2.name).cmp(&(b.0, b.1, &b.2.name)));
    found.into_iter().take(n).map(|(_, _, tag)| tag).collect()
}

/// How well `name` matches: 0 if it is `typed`, 1 if it begins with it, 2 if a later word does.
fn rank(name: &str, typed: &str) -> Option<u8> {
    if name == typed {
        Some(0)
    } else if name.starts_with(typed) {
        Some(1)
    } else {
        name.split([' ', '-']).any(|word| word.starts_with(typed)).then_some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::parse(
            r#"{"version":1,"languages":["en","sv"],"tags":[
                {"id":"cat","names":{"en":"cat","sv":"katt"},"aliases":{"en":["kitty"]}},
                {"id":"tiger_cat","names":{"en":"tiger cat","sv":"tigrerad katt"},"parents":["cat"]},
                {"id":"catamaran","names":{"en":"catamaran","sv":"katamaran"}}],
              "classes":["tiger_cat","catamaran"]}"#,
        )
        .unwrap()
    }

    #[test]
    fn an_alias_is_another_word_in_another_taxonomy() {
        let names = TagNames::new(&vocabulary());
        let of = |text: &str| super::tag_ref_by_name(text, &names, &vocabulary(), "en").unwrap().id;
        assert_eq!(tag_ref("kitty", "en").unwrap().id, "cat");
        assert_eq!(
            [of("kitty"), of(" Tiger  Cat "), of("tiger_cat"), of("katt")],
            ["own:kitty", "tiger_cat", "tiger_cat", "cat"]
        );
    }

    fn tag_ref(text: &str, language: &str) -> Result<TagRef> {
        super::tag_ref(text, &TagNames::new(&vocabulary()), &vocabulary(), language)
    }

    fn ids(typed: &str, language: &str) -> Vec<String> {
        completions(typed, &vocabulary(), language, 5).into_iter().map(|tag| tag.id).collect()
    }

    #[test]
    fn names_in_any_language_and_aliases_give_the_vocabularys_tag() {
        for text in ["cat", " Cat\n", "KATT", "kitty"] {
            assert_eq!(tag_ref(text, "en").unwrap().id, "cat", "{text:?}");
        }
        assert_eq!(tag_ref("cat", "sv").unwrap().name, "katt");
    }

    #[test]
    fn an_unknown_word_becomes_a_free_tag_as_typed() {
        let tag = tag_ref("  Misse \u{7} på\ttaket ", "sv").unwrap();
        assert_eq!(
            tag,
            TagRef { id: "own:misse på taket".into(), name: "Misse på taket".into(), language: Some("sv".into()) }
        );
        for text in ["", " \n\t", &"x".repeat(101)] {
            assert_eq!(tag_ref(text, "en").unwrap_err().kind(), ErrorKind::TagInvalid);
        }
        assert!(tag_ref(&"å".repeat(100), "en").is_ok(), "characters, not bytes");
    }

    #[test]
    fn completions_rank_exact_matches_then_beginnings_then_later_words() {
        assert_eq!(ids("cat", "en"), ["cat", "catamaran", "tiger_cat"]);
        assert_eq!(ids("kat", "sv"), ["cat", "catamaran", "tiger_cat"]);
        assert_eq!(ids("kit", "en"), ["cat"], "by alias");
        assert_eq!(ids("tiger", "sv"), ["tiger_cat"], "English is understood everywhere");
        assert!(ids(" ", "en").is_empty());
        assert!(ids("dog", "en").is_empty());
    }
}
