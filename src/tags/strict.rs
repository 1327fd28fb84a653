//! A strict vocabulary: a person's own words, and no others. Every tag shows as one of them, or not at all.
//!
//! The document is `docs/formats/words.md`; what each tag shows as is worked out by [`StrictMap`].

#[cfg(feature = "words")]
pub(crate) mod health;
#[cfg(feature = "words")]
pub(crate) mod import;
pub(crate) mod map;
mod tree;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::tags::corrections::{FREE_PREFIX, MAX_TAG_CHARS, TagRef};
use crate::tags::keys::normal_id;
pub use map::{StrictMap, Why};

/// The only version of the format so far.
pub const SCHEMA: u32 = 1;
/// Maximum size of the document, in bytes.
pub const MAX_BYTES: usize = 32 << 20;
/// Maximum number of words.
pub const MAX_WORDS: usize = 65_535;
/// Maximum number of a word's aliases, ids and translations each.
pub const MAX_OF_A_WORD: usize = 100;
/// Maximum number of rules that were made by hand.
const MAX_RULES: usize = 65_535;
/// Maximum length of an id of another system, in bytes: an address.
pub(crate) const MAX_ID_BYTES: usize = 1_000;
/// Maximum length of the title, in characters, and of a language, in bytes.
const MAX_TITLE_CHARS: usize = 300;
pub(crate) const MAX_LANGUAGE_BYTES: usize = 35;

/// The words that tags may show as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrictWords {
    pub schema: u32,
    /// For people: a file's name, or the title of a thesaurus.
    pub title: String,
    /// The language of the words, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    pub words: Vec<StrictWord>,
    /// What a person decided about tags that the words do not name, or name wrongly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<WordRule>,
}

/// One word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrictWord {
    /// `own:` and the word as words are compared; of two that are written alike, one says more: "own:jaguar (cars)".
    pub id: String,
    /// As it is shown and written into files.
    pub name: String,
    /// In other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// Other words for the same, which are never shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Ids by which other systems know it: of a model's tag, an address of a thesaurus.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Ids of the words directly above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<String>,
    /// Whether it only sorts the words below it, and is never shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub heading: bool,
}

/// What one tag shows as, decided by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordRule {
    pub tag: TagRef,
    /// The id of a word; none: the tag is to be shown as nothing, and is no suggestion any more.
    pub into: Option<String>,
}

impl StrictWords {
    /// A document that a person or another program may have changed.
    ///
    /// # Errors
    /// [`ErrorKind::WordsInvalid`] for whatever `docs/formats/words.md` forbids.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > MAX_BYTES {
            let detail = format!("The list of words has more than {} MiB. Choose a smaller one.", MAX_BYTES >> 20);
            return Err(Error::new(ErrorKind::WordsInvalid, detail));
        }
        let words: Self = serde_json::from_str(json).map_err(|error| {
            fault(|| format!("The list of words cannot be read: {error}. Import it anew.")).with_source(error)
        })?;
        words.check()?;
        Ok(words)
    }

    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("it has only strings and lists")
    }

    /// # Errors
    /// As [`StrictWords::parse`].
    pub fn check(&self) -> Result<()> {
        if self.schema != SCHEMA {
            return Err(fault(|| {
                format!("The list of words is of version {}, and {SCHEMA} is read here. Import it anew.", self.schema)
            }));
        }
        let n = self.words.len();
        if n == 0 || n > MAX_WORDS || self.rules.len() > MAX_RULES {
            return Err(fault(|| format!("The list has {n} words. It may have 1 to {MAX_WORDS}, and as many rules.")));
        }
        if self.title.chars().count() > MAX_TITLE_CHARS || !is_plain(&self.title) {
            return Err(fault(|| format!("The title may have {MAX_TITLE_CHARS} printable characters. Shorten it.")));
        }
        self.language.iter().try_for_each(|language| check_language(language))?;
        let mut known: HashMap<String, u32> = HashMap::with_capacity(n);
        for (at, word) in (0..).zip(&self.words) {
            word.check()?;
            if known.insert(word.id.clone(), at).is_some() {
                return Err(fault(|| format!("The word {:?} is in the list twice. Remove one.", word.id)));
            }
        }
        for word in &self.words {
            if let Some(parent) = word.parents.iter().find(|parent| !known.contains_key(*parent)) {
                return Err(fault(|| format!("{:?} is below {parent:?}, which the list does not have.", word.name)));
            }
        }
        for WordRule { tag, into } in &self.rules {
            let is_text = |text: &str| !text.is_empty() && text.len() <= MAX_ID_BYTES && is_plain(text);
            if !is_text(&tag.id) || !is_text(&tag.name) {
                return Err(fault(|| "A rule is about a tag without a name. Remove it.".to_owned()));
            }
            if let Some(into) = into.as_ref().filter(|into| !known.contains_key(*into)) {
                return Err(fault(|| {
                    format!("A rule shows {:?} as {into:?}, which the list does not have.", tag.name)
                }));
            }
        }
        self.tree().map(drop)
    }

    /// The place of each word, by its id.
    pub(crate) fn places(&self) -> HashMap<String, u32> {
        (0..).zip(&self.words).map(|(at, word)| (word.id.clone(), at)).collect()
    }
}

impl StrictWord {
    /// What it is called in `language`.
    pub fn name_in(&self, language: &str) -> &str {
        self.names.get(language).unwrap_or(&self.name)
    }

    /// What a free word of that name would be.
    pub fn tag_ref(&self) -> TagRef {
        TagRef::known(&self.id, &self.name)
    }

    /// Name, translations and aliases. `language`: of the word and its aliases.
    pub(crate) fn each_name(&self, language: Option<&str>, act: &mut dyn FnMut(Why, Option<&str>, &str)) {
        act(Why::Name, language, &self.name);
        self.names.iter().for_each(|(language, name)| act(Why::Name, Some(language), name));
        self.aliases.iter().for_each(|alias| act(Why::Alias, language, alias));
    }

    fn check(&self) -> Result<()> {
        let Self { id, name, names, aliases, ids, parents, .. } = self;
        for name in [name].into_iter().chain(names.values()).chain(aliases) {
            check_name(name)?;
        }
        if !id.starts_with(FREE_PREFIX) || id.len() > MAX_ID_BYTES || *id != normal_id(id) || !is_plain(id) {
            let detail =
                format!("{name:?} has the id {id:?}; it must be \"{FREE_PREFIX}\" and the word in lower case.");
            return Err(invalid(detail));
        }
        if [names.len(), aliases.len(), ids.len(), parents.len()].iter().any(|&n| n > MAX_OF_A_WORD) {
            return Err(fault(|| format!("{name:?} has more than {MAX_OF_A_WORD} names, aliases, ids or parents.")));
        }
        if let Some(id) = ids.iter().find(|id| id.is_empty() || id.len() > MAX_ID_BYTES || !is_plain(id)) {
            return Err(fault(|| format!("{name:?} has the id {id:?}, which is empty, too long or not printable.")));
        }
        names.keys().try_for_each(|language| check_language(language))
    }
}

/// # Errors
/// [`ErrorKind::WordsInvalid`] for a name that no tag can have.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let n = name.chars().count();
    if name.trim().is_empty() || n > MAX_TAG_CHARS || !is_plain(name) {
        let start: String = name.chars().take(40).collect();
        return Err(fault(|| {
            format!("{start:?} cannot be a word: 1 to {MAX_TAG_CHARS} printable characters can. Change it.")
        }));
    }
    Ok(())
}

fn check_language(language: &str) -> Result<()> {
    let is_code = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    if language.is_empty() || language.len() > MAX_LANGUAGE_BYTES || !language.bytes().all(is_code) {
        return Err(fault(|| format!("{language:?} is no language; \"en\" and \"pt-BR\" are.")));
    }
    Ok(())
}

/// Whether nothing in it turns text around or is a control.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

pub(crate) fn invalid(detail: String) -> Error {
    Error::new(ErrorKind::WordsInvalid, detail)
}

/// The sentence is for whoever chooses a list. Where lists are only used, they were checked when they were chosen: what is wrong then is
/// damage, and one sentence is enough.
fn fault(detail: impl FnOnce() -> String) -> Error {
    invalid(if cfg!(feature = "words") { detail() } else { "The list of words is damaged. Import it anew.".to_owned() })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn word(name: &str) -> StrictWord {
        StrictWord { id: normal_id(&format!("own:{name}")), name: name.to_owned(), ..StrictWord::default() }
    }

    pub fn below(name: &str, parent: &str) -> StrictWord {
        StrictWord { parents: vec![normal_id(&format!("own:{parent}"))], ..word(name) }
    }

    pub fn words(words: Vec<StrictWord>) -> StrictWords {
        StrictWords { schema: SCHEMA, title: "Zoo".into(), language: None, words, rules: Vec::new() }
    }

    fn refused(change: impl FnOnce(&mut StrictWords)) -> String {
        let mut words = words(vec![word("Djur"), below("Hund", "Djur")]);
        words.check().unwrap();
        change(&mut words);
        let error = StrictWords::parse(&words.json()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WordsInvalid);
        error.detail().to_owned()
    }

    #[test]
    fn a_document_comes_back_as_it_was_and_leaves_out_what_is_empty() {
        let mut list = words(vec![word("Djur"), below("Hund", "Djur")]);
        list.rules = vec![WordRule { tag: TagRef::known("wolf", "wolf"), into: Some("own:hund".into()) }];
        let json = list.json();
        assert_eq!(
            json,
            concat!(
                r#"{"schema":1,"title":"Zoo","words":[{"id":"own:djur","name":"Djur"},"#,
                r#"{"id":"own:hund","name":"Hund","parents":["own:djur"]}],"#,
                r#""rules":[{"tag":{"id":"wolf","name":"wolf"},"into":"own:hund"}]}"#
            )
        );
        assert_eq!(StrictWords::parse(&json).unwrap(), list);
        assert!(StrictWords::parse(&json.replace("\"title\"", "\"colour\":1,\"title\"")).is_err());
    }

    #[test]
    fn what_cannot_be_is_refused_with_a_sentence() {
        let long = "x".repeat(101);
        for (detail, change) in [
            ("version 2", Box::new(|list: &mut StrictWords| list.schema = 2) as Box<dyn FnOnce(&mut StrictWords)>),
            ("has 0 words", Box::new(|list| list.words.clear())),
            ("twice", Box::new(|list| list.words[1].id = "own:djur".into())),
            ("it must be \"own:\"", Box::new(|list| list.words[1].id = "hund".into())),
            ("it must be \"own:\"", Box::new(|list| list.words[1].id = "own:HUND".into())),
            ("does not have", Box::new(|list| list.words[1].parents = vec!["own:katt".into()])),
            ("above itself", Box::new(|list| list.words[0].parents = vec!["own:hund".into()])),
            ("cannot be a word", Box::new(move |list| list.words[0].aliases = vec![long])),
            ("cannot be a word", Box::new(|list| list.words[0].name = "a\u{202e}b".into())),
            ("cannot be a word", Box::new(|list| list.words[0].names = [("sv".into(), " ".into())].into())),
            ("no language", Box::new(|list| list.language = Some("<sv>".into()))),
            ("more than 100", Box::new(|list| list.words[0].aliases = vec!["a".into(); 101])),
            (
                "does not have",
                Box::new(|list| {
                    let (tag, into) = (TagRef::known("a", "a"), Some("own:b".into()));
                    list.rules = vec![WordRule { tag, into }];
                }),
            ),
        ] {
            let said = refused(change);
            assert!(said.contains(detail), "{detail}: {said}");
        }
        assert!(StrictWords::parse("[").unwrap_err().detail().contains("cannot be read"));
    }
}
