//! A list of words while it is read.

use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::tags::corrections::{FREE_PREFIX, MAX_TAG_CHARS};
use crate::tags::names::normal;
use crate::tags::strict::import::{ImportedWords, LeftOut, LeftOutReason, WordsFormat};
use crate::tags::strict::{MAX_ID_BYTES, MAX_OF_A_WORD, MAX_WORDS, SCHEMA, StrictWord, StrictWords, invalid, is_plain};

/// So many of those that were left out are told.
const MAX_TOLD: usize = 50;
/// Steps up that words may have, as in [`StrictWords::tree`].
const MAX_DEPTH: usize = 32;

/// Of a word as ids have it, so that an id has room for two: as many as of so many characters that are not written out.
const MAX_NORMAL_BYTES: usize = 4 * MAX_TAG_CHARS;

/// A word by its place in the list.
pub type Place = usize;

/// Words in the order in which they came.
#[derive(Debug)]
pub struct Builder {
    title: String,
    pub language: Option<String>,
    words: Vec<Draft>,
    /// By parent and normal form.
    known: HashMap<(Option<Place>, String), Place>,
    n_left_out: usize,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Default)]
struct Draft {
    word: StrictWord,
    parents: Vec<Place>,
    depth: usize,
}

impl Builder {
    pub fn new(title: String, language: Option<&str>) -> Self {
        let (words, known, left_out) = (Vec::new(), HashMap::new(), Vec::new());
        Self { title, language: language.map(ToOwned::to_owned), words, known, n_left_out: 0, left_out }
    }

    pub fn set_title(&mut self, title: &str) {
        self.title = cleaned(title).chars().take(100).collect();
    }

    /// A word below another, or that which is there already; `None` for what cannot be a word.
    ///
    /// # Errors
    /// [`ErrorKind::WordsInvalid`](crate::ErrorKind) for more words than fit.
    pub fn word(&mut self, name: &str, parent: Option<Place>) -> Result<Option<Place>> {
        let Some(name) = self.name(name) else { return Ok(None) };
        let depth = parent.map_or(0, |parent| self.words[parent].depth + 1);
        if depth > MAX_DEPTH {
            self.leave_out(&name, LeftOutReason::TooDeep);
            return Ok(None);
        }
        let key = (parent, normal(&name));
        if let Some(&place) = self.known.get(&key) {
            return Ok(Some(place));
        }
        let place = self.new_word(name)?;
        self.words[place].parents.extend(parent);
        self.words[place].depth = depth;
        self.known.insert(key, place);
        Ok(Some(place))
    }

    /// One that is none of those there, whatever it is called; its parents come later.
    ///
    /// # Errors
    /// As [`Builder::word`].
    pub fn other_word(&mut self, name: &str) -> Result<Option<Place>> {
        let Some(name) = self.name(name) else { return Ok(None) };
        self.new_word(name).map(Some)
    }

    fn new_word(&mut self, name: String) -> Result<Place> {
        if self.words.len() == MAX_WORDS {
            return Err(invalid(format!("It has more than {MAX_WORDS} words. Choose a part of it.")));
        }
        self.words.push(Draft { word: StrictWord { name, ..StrictWord::default() }, ..Draft::default() });
        Ok(self.words.len() - 1)
    }

    pub fn put_below(&mut self, place: Place, parent: Place) {
        let parents = &mut self.words[place].parents;
        if parents.len() < MAX_OF_A_WORD && !parents.contains(&parent) {
            parents.push(parent);
        }
    }

    pub fn make_heading(&mut self, place: Place) {
        self.words[place].word.heading = true;
    }

    pub fn add_alias(&mut self, place: Place, alias: &str) {
        let Some(alias) = self.name(alias) else { return };
        let word = &mut self.words[place].word;
        if alias == word.name || word.aliases.contains(&alias) {
            return;
        }
        if word.aliases.len() == MAX_OF_A_WORD {
            return self.leave_out(&alias, LeftOutReason::TooMany);
        }
        word.aliases.push(alias);
    }

    pub fn add_name(&mut self, place: Place, language: &str, name: &str) {
        let Some(name) = self.name(name) else { return };
        let names = &mut self.words[place].word.names;
        if names.len() < MAX_OF_A_WORD {
            names.insert(language.to_owned(), name);
        }
    }

    pub fn add_id(&mut self, place: Place, id: &str) {
        let ids = &mut self.words[place].word.ids;
        let is_id = !id.is_empty() && id.len() <= MAX_ID_BYTES && is_plain(id);
        if is_id && ids.len() < MAX_OF_A_WORD && !ids.iter().any(|one| one == id) {
            ids.push(id.to_owned());
        }
    }

    /// What a tag may be called; what may not is left out.
    fn name(&mut self, text: &str) -> Option<String> {
        let name = cleaned(text);
        let reason = match name.chars().count() {
            0 => LeftOutReason::Empty,
            1..=MAX_TAG_CHARS => match normal(&name).len() {
                0 => LeftOutReason::Empty,
                1..=MAX_NORMAL_BYTES => return Some(name),
                _ => LeftOutReason::TooLong,
            },
            _ => LeftOutReason::TooLong,
        };
        if !text.is_empty() {
            self.leave_out(&name, reason);
        }
        None
    }

    fn leave_out(&mut self, text: &str, reason: LeftOutReason) {
        self.n_left_out += 1;
        if self.left_out.len() < MAX_TOLD {
            self.left_out.push(LeftOut { text: text.chars().take(60).collect(), reason });
        }
    }

    /// # Errors
    /// [`ErrorKind::WordsInvalid`](crate::ErrorKind) where nothing is a word, or one is above itself.
    pub fn finish(self, format: WordsFormat) -> Result<ImportedWords> {
        let Self { title, language, mut words, n_left_out, left_out, .. } = self;
        if words.is_empty() {
            return Err(invalid(
                "There is no word in it. Choose another file, or type the words, one a line.".to_owned(),
            ));
        }
        let ids = ids_of(&words);
        for (draft, id) in words.iter_mut().zip(&ids) {
            draft.word.id.clone_from(id);
            draft.word.parents = draft.parents.iter().map(|&parent| ids[parent].clone()).collect();
        }
        let words = words.into_iter().map(|draft| draft.word).collect();
        let words = StrictWords { schema: SCHEMA, title, language, words, rules: Vec::new() };
        words.check()?;
        Ok(ImportedWords { format, words, n_left_out, left_out })
    }
}

/// The id of each: of those that are written alike, all but the first say what they are below, or count.
fn ids_of(words: &[Draft]) -> Vec<String> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut ids = Vec::with_capacity(words.len());
    for Draft { word, parents, .. } in words {
        let plain = format!("{FREE_PREFIX}{}", normal(&word.name));
        let parent = parents.first().map(|&parent| normal(&words[parent].word.name));
        let below = parent.map(|parent| format!("{plain} ({parent})"));
        let mut id = [Some(plain.clone()), below].into_iter().flatten().find(|id| !taken.contains_key(id));
        let mut n = taken.get(&plain).copied().unwrap_or(1);
        while id.as_ref().is_none_or(|id| taken.contains_key(id)) {
            n += 1;
            id = Some(format!("{plain} ({n})"));
        }
        let id = id.unwrap_or_default();
        taken.insert(id.clone(), 1);
        taken.insert(plain, n);
        ids.push(id);
    }
    ids
}

/// Text on one line, without what nobody sees and what turns it around.
pub fn cleaned(text: &str) -> String {
    let plain: String = text.chars().map(|c| if is_plain(c.encode_utf8(&mut [0; 4])) { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
