//! The tags that a word may mean: names and aliases of a vocabulary in every language, with what is only another way to write them.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::model::vocabulary::{FALLBACK_LANGUAGE, TagIdx, Vocabulary};
use crate::tags::corrections::{FREE_PREFIX, TagRef};

/// A word as it is compared: without upper case, compatibility forms, marks that nobody sees, and runs of white space; with a space for a
/// hyphen that joins words. Accents and "ß" stay: "öl" is no "ol", and "Maße" are no "Masse".
pub fn normal(word: &str) -> String {
    let composed = |text: &str| text.nfkc().filter(|c| !is_unseen(*c)).map(alike).collect::<String>();
    // Lower case may be composed otherwise, and what is left out may have kept a letter from its accent.
    let mut text = composed(word);
    while let lower = composed(&text.to_lowercase())
        && lower != text
    {
        text = lower;
    }
    let mut spaced = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_joining = c == '-' && before.is_some_and(char::is_alphanumeric) && {
            let after = rest.peek().copied();
            after.is_some_and(char::is_alphanumeric) && [before, after].into_iter().flatten().any(char::is_alphabetic)
        };
        spaced.push(if is_joining { ' ' } else { c });
        before = Some(c);
    }
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters of which nothing is seen, and that no language needs in a word: a soft hyphen, marks of direction, the choice between a
/// coloured and a black symbol. Joiners (U+200C, U+200D) stay: Persian and emoji are written with them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}')
}

/// One apostrophe, one hyphen and one sigma for those that keyboards and places in a word make different.
fn alike(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
        'ς' => 'σ',
        _ => c,
    }
}

/// Names, aliases and ids by their normal form.
#[derive(Debug, Clone, Default)]
pub struct TagNames {
    by_word: HashMap<String, Vec<Meaning>>,
}

#[derive(Debug, Clone)]
struct Meaning {
    idx: TagIdx,
    language: String,
    kind: Kind,
    is_guest: bool,
}

/// The likelier first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Name,
    Alias,
    Id,
}

impl TagNames {
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let mut by_word: HashMap<String, Vec<Meaning>> = HashMap::new();
        for (idx, tag) in (0..=TagIdx::MAX).zip(vocabulary.tags()) {
            let is_guest = usize::from(idx) >= vocabulary.n_own_tags();
            let names = tag.names.iter().map(|(language, name)| (language.as_str(), Kind::Name, name));
            let aliases = (tag.aliases.iter())
                .flat_map(|(language, all)| all.iter().map(move |alias| (language.as_str(), Kind::Alias, alias)));
            for (language, kind, word) in names.chain(aliases).chain([("", Kind::Id, &tag.id)]) {
                let meaning = Meaning { idx, language: language.to_owned(), kind, is_guest };
                by_word.entry(normal(word)).or_default().push(meaning);
            }
        }
        Self { by_word }
    }

    /// The tag that a `word` means: by a name or alias in `language`, else by an English name, else by a name or an alias in any other
    /// language or by its id. A word that names different tags in other languages means none of them: "rock" is a coat in Swedish and a
    /// skirt in German, and whoever types it in English means a stone. Guests come after the vocabulary's own.
    pub fn find(&self, word: &str, language: Option<&str>, vocabulary: &Vocabulary) -> Option<TagIdx> {
        let all = self.by_word.get(&normal(word))?;
        let (guests, own): (Vec<&Meaning>, Vec<&Meaning>) = all.iter().partition(|one| one.is_guest);
        if own.is_empty() {
            // In the order of their ids, whichever came first.
            return guests.iter().map(|one| one.idx).min_by_key(|&idx| &vocabulary.tag(idx).id);
        }
        let first = |language: &str, kind| own.iter().find(|one| one.language == language && one.kind == kind);
        let known = language.and_then(|language| first(language, Kind::Name).or_else(|| first(language, Kind::Alias)));
        if let Some(one) = known.or_else(|| first(FALLBACK_LANGUAGE, Kind::Name)) {
            return Some(one.idx);
        }
        let likeliest = own.iter().map(|one| one.kind).min()?;
        let english = first(FALLBACK_LANGUAGE, likeliest).map(|one| one.idx);
        english.or_else(|| only(own.iter().copied().filter(|one| one.kind == likeliest)))
    }

    /// The tag that is called `word`: by its id, or by its very name, if one tag only has it. An alias is another word: in a person's own
    /// taxonomy "shirt" stands beside "T-shirt".
    pub fn named(&self, word: &str, language: Option<&str>, vocabulary: &Vocabulary) -> Option<TagIdx> {
        vocabulary.idx(word).or_else(|| self.only_named(word, language))
    }

    /// The tag that `tag` is in this vocabulary: by its id; a free word also by what it means, if it was typed in a language, and else by
    /// its very name; a tag of another vocabulary also by its name, where that is the name of one tag only.
    pub fn resolve(&self, tag: &TagRef, vocabulary: &Vocabulary) -> Option<TagIdx> {
        let language = tag.language.as_deref();
        vocabulary.idx(&tag.id).or_else(|| match tag.id.strip_prefix(FREE_PREFIX) {
            Some(word) if language.is_some() => self.find(word, language, vocabulary),
            Some(word) => self.named(word, None, vocabulary),
            None => self.only_named(&tag.name, language),
        })
    }

    /// The vocabulary's own tag with that name, if there is one only: in `language`, or in any where that has none.
    fn only_named(&self, name: &str, language: Option<&str>) -> Option<TagIdx> {
        let named = || {
            self.by_word.get(&normal(name)).into_iter().flatten().filter(|one| one.kind == Kind::Name && !one.is_guest)
        };
        let in_language = || named().filter(|one| language == Some(&one.language));
        if in_language().next().is_some() { only(in_language()) } else { only(named()) }
    }
}

/// The tag that all of them are.
fn only<'a>(mut meanings: impl Iterator<Item = &'a Meaning>) -> Option<TagIdx> {
    let first = meanings.next()?.idx;
    meanings.all(|one| one.idx == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::parse(
            r#"{"version":1,"languages":["en","sv","de"],"tags":[
                {"id":"glass","names":{"en":"glass","sv":"glas"}},
                {"id":"ice-cream","names":{"en":"ice cream","sv":"glass"}},
                {"id":"coat","names":{"en":"coat","sv":"rock"}},
                {"id":"skirt","names":{"en":"skirt","de":"Rock"},"aliases":{"en":["kilt"]}}],"classes":["glass"]}"#,
        )
        .unwrap()
    }

    #[test]
    fn what_is_only_written_otherwise_is_one_word_and_what_is_spelt_otherwise_is_not() {
        for (a, b) in [
            ("T-Shirt", "t shirt"),
            ("ÖL", "o\u{308}l"),
            ("ﬁsh", "fish"),
            ("ねこ\u{3000}カフェ", "ねこ ｶﾌｪ"),
            ("soft\u{ad}ice", "softice"),
            ("l’eau", "L'EAU"),
            ("ΟΔΟΣ", "οδος"),
            ("❤\u{fe0f}", "❤"),
            ("F‑16", "f 16"),
        ] {
            assert_eq!(normal(a), normal(b), "{a:?} and {b:?}");
        }
        for (a, b) in [
            ("Maße", "Masse"),
            ("öl", "ol"),
            ("10-20", "10 20"),
            ("-", ""),
            ("بی\u{200c}شک", "بیشک"),
            ("カフェ", "カフエ"),
        ] {
            assert_ne!(normal(a), normal(b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn the_language_of_the_person_goes_first() {
        let vocabulary = vocabulary();
        let names = TagNames::new(&vocabulary);
        let of =
            |word: &str, language| names.find(word, language, &vocabulary).map(|idx| vocabulary.tag(idx).id.as_str());
        for (word, language, wanted) in [
            ("Glass", Some("en"), "glass"),
            ("glass", Some("sv"), "ice-cream"),
            ("glass", None, "glass"),
            ("rock", Some("de"), "skirt"),
            ("rock", Some("sv"), "coat"),
            ("Kilt", Some("sv"), "skirt"),
            ("ICE cream", Some("de"), "ice-cream"),
            ("ice-cream", Some("de"), "ice-cream"),
        ] {
            assert_eq!(of(word, language), Some(wanted), "{word} {language:?}");
        }
        assert_eq!((of("rok", Some("sv")), of("rock", Some("en"))), (None, None));
    }

    #[test]
    fn a_word_without_a_language_is_a_tag_by_its_very_name_only() {
        let vocabulary = vocabulary();
        let names = TagNames::new(&vocabulary);
        let of = |word: &str, language: Option<&str>| {
            let tag = TagRef { id: format!("own:{word}"), name: word.into(), language: language.map(Into::into) };
            names.resolve(&tag, &vocabulary).map(|idx| vocabulary.tag(idx).id.as_str())
        };
        assert_eq!((of("kilt", Some("en")), of("kilt", None)), (Some("skirt"), None));
        assert_eq!(
            (of("Ice Cream", None), of("ice-cream", None), of("rock", None)),
            (Some("ice-cream"), Some("ice-cream"), None)
        );
    }

    #[test]
    fn a_tag_of_another_vocabulary_is_the_one_with_its_name_unless_two_have_it() {
        let vocabulary = vocabulary();
        let names = TagNames::new(&vocabulary);
        let tag = |name: &str, language: Option<&str>| {
            let tag = TagRef { id: "n04".into(), name: name.into(), language: language.map(Into::into) };
            names.resolve(&tag, &vocabulary).map(|idx| vocabulary.tag(idx).id.as_str())
        };
        assert_eq!(tag("Ice Cream", None), Some("ice-cream"));
        assert_eq!((tag("rock", None), tag("rock", Some("sv"))), (None, Some("coat")));
        assert_eq!(tag("kilt", None), None, "an alias may be broader than the name of another vocabulary");
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own(word in "\\PC{0,20}") {
            let once = normal(&word);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
