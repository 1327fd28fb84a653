//! What a person says of a picture's tags. It stands above anything a model says: above every threshold, list and limit, and
//! above any new run.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::{TagIdx, Vocabulary};

/// Longest word that can be made a tag, in characters.
pub const MAX_TAG_CHARS: usize = 100;
/// Before the id of a tag that no vocabulary knows.
const FREE_PREFIX: &str = "own:";

/// A tag that a person gave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRef {
    /// The vocabulary's id where it has the tag, else `own:` and the word in lower case.
    pub id: String,
    /// As it was typed; stands in where the vocabulary has no name for the id.
    pub name: String,
}

/// What a person changed on one picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    /// Added or confirmed, in that order.
    pub own: Vec<TagRef>,
    /// Ids that the picture shall not show. What lies below and above them stays.
    pub rejected: Vec<String>,
}

impl Corrections {
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.rejected.is_empty()
    }
}

/// [`Corrections`] looked up in a vocabulary. Ids that it does not know (another model's) do no harm.
#[derive(Debug, Clone, Default)]
pub struct ResolvedCorrections {
    pub corrections: Corrections,
    /// Parallel to `corrections.own`.
    pub own: Vec<Option<TagIdx>>,
    pub rejected: Vec<TagIdx>,
}

impl ResolvedCorrections {
    pub fn new(corrections: Corrections, vocabulary: &Vocabulary) -> Self {
        let own = corrections.own.iter().map(|tag| vocabulary.idx(&tag.id)).collect();
        let rejected = corrections.rejected.iter().filter_map(|id| vocabulary.idx(id)).collect();
        Self { corrections, own, rejected }
    }

    /// Whether the model's own `tag` is left out: it was rejected, or a person has said it already.
    pub fn replaces(&self, tag: TagIdx) -> bool {
        self.rejected.contains(&tag) || self.own.contains(&Some(tag))
    }

    /// Whether `tag` stands above something a person has said, and so is folded into it.
    pub fn covers(&self, tag: TagIdx, vocabulary: &Vocabulary) -> bool {
        self.own.iter().flatten().any(|&own| vocabulary.ancestors(own).contains(&tag))
    }
}

/// The tag that someone means by `text`: the vocabulary's where one of its names or aliases, in any language, is that word;
/// else a word of their own.
///
/// # Errors
/// [`ErrorKind::TagInvalid`] for nothing but spaces, and for more than [`MAX_TAG_CHARS`] characters.
pub fn tag_ref(text: &str, vocabulary: &Vocabulary, language: &str) -> Result<TagRef> {
    let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Error::new(ErrorKind::TagInvalid, "There is no word in it."));
    }
    let n_chars = name.chars().count();
    if n_chars > MAX_TAG_CHARS {
        let detail = format!("The word has {n_chars} characters; at most {MAX_TAG_CHARS} make a tag.");
        return Err(Error::new(ErrorKind::TagInvalid, detail));
    }
    let wanted = name.to_lowercase();
    Ok(match find(&wanted, vocabulary, language) {
        Some(idx) => {
            let entry = vocabulary.tag(idx);
            TagRef { id: entry.id.clone(), name: entry.name(language).to_owned() }
        }
        None => TagRef { id: format!("{FREE_PREFIX}{wanted}"), name },
    })
}

/// The tag of that name: in the person's language before all others, names before aliases.
fn find(wanted: &str, vocabulary: &Vocabulary, language: &str) -> Option<TagIdx> {
    let is_it = |word: &String| word.to_lowercase() == wanted;
    let position = |matches: &dyn Fn(TagIdx) -> bool| (0..vocabulary.tags().len() as TagIdx).find(|&idx| matches(idx));
    position(&|idx| vocabulary.tag(idx).names.get(language).is_some_and(is_it))
        .or_else(|| position(&|idx| vocabulary.tag(idx).names.values().any(is_it)))
        .or_else(|| position(&|idx| vocabulary.tag(idx).aliases.values().flatten().any(is_it)))
}

/// Tags of the vocabulary whose name or alias in `language` or English begins with `typed`, then those where another word of
/// it does; at most `n`, shorter names first.
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
            Some((rank, name.chars().count(), TagRef { id: entry.id.clone(), name }))
        })
        .collect();
    found.sort_by(|a, b| (a.0, a.1, &a.2.name).cmp(&(b.0, b.1, &b.2.name)));
    found.into_iter().take(n).map(|(_, _, tag)| tag).collect()
}

/// How well `word` answers what was `typed`: 0 the word itself, 1 its beginning, 2 the beginning of a later part.
fn rank(word: &str, typed: &str) -> Option<u8> {
    if word == typed {
        Some(0)
    } else if word.starts_with(typed) {
        Some(1)
    } else {
        word.split([' ', '-']).any(|part| part.starts_with(typed)).then_some(2)
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

    fn ids(typed: &str, language: &str) -> Vec<String> {
        completions(typed, &vocabulary(), language, 5).into_iter().map(|tag| tag.id).collect()
    }

    #[test]
    fn a_word_of_the_vocabulary_is_its_tag_in_any_language_and_by_alias() {
        for text in ["cat", " Cat\n", "KATT", "kitty"] {
            assert_eq!(tag_ref(text, &vocabulary(), "en").unwrap().id, "cat", "{text:?}");
        }
        assert_eq!(tag_ref("cat", &vocabulary(), "sv").unwrap().name, "katt");
    }

    #[test]
    fn any_other_word_is_the_persons_own_as_typed() {
        let tag = tag_ref("  Misse \u{7} på\ttaket ", &vocabulary(), "sv").unwrap();
        assert_eq!(tag, TagRef { id: "own:misse på taket".into(), name: "Misse på taket".into() });
        for text in ["", " \n\t", &"x".repeat(101)] {
            assert_eq!(tag_ref(text, &vocabulary(), "en").unwrap_err().kind(), ErrorKind::TagInvalid);
        }
        assert!(tag_ref(&"å".repeat(100), &vocabulary(), "en").is_ok(), "characters, not bytes");
    }

    #[test]
    fn completions_put_the_word_itself_first_then_beginnings_then_later_words() {
        assert_eq!(ids("cat", "en"), ["cat", "catamaran", "tiger_cat"]);
        assert_eq!(ids("kat", "sv"), ["cat", "catamaran", "tiger_cat"]);
        assert_eq!(ids("kit", "en"), ["cat"], "by alias");
        assert_eq!(ids("tiger", "sv"), ["tiger_cat"], "English is understood everywhere");
        assert!(ids(" ", "en").is_empty());
        assert!(ids("dog", "en").is_empty());
    }

    #[test]
    fn ids_of_another_vocabulary_do_no_harm() {
        let own = vec![
            TagRef { id: "unicorn".into(), name: "unicorn".into() },
            TagRef { id: "tiger_cat".into(), name: String::new() },
        ];
        let resolved = ResolvedCorrections::new(
            Corrections { own, rejected: vec!["griffin".into(), "catamaran".into()] },
            &vocabulary(),
        );
        assert!(resolved.replaces(2) && resolved.replaces(1) && !resolved.replaces(0));
        assert!(resolved.covers(0, &vocabulary()), "the cat lies in the tiger cat");
    }
}
