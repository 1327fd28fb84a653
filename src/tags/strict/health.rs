//! The health of a vocabulary: words that are nearly the same.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::tags::names::normal;
use crate::tags::strict::StrictWords;

/// So many pairs are told.
const MAX_PAIRS: usize = 200;
/// So many words of one form are compared: of more, each pair would be, and the square of thousands is too many.
const MAX_GROUP: usize = 20;
/// With so many pairs no more are looked for: nobody wrote these words.
const MAX_FOUND: usize = 100 * MAX_PAIRS;
/// So many words less a letter are kept, far more than those of any vocabulary that people wrote.
const MAX_RESTS: usize = 4_000_000;
/// Shorter words differ by a letter and are others: "cat", "car".
const LEAST_CHARS: usize = 5;

/// Two words that may be one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NearWords {
    /// Their ids, in the order of the list.
    pub one: String,
    pub other: String,
    pub why: Near,
}

/// How near two words are, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Near {
    /// Both are called so, or one's alias is the other's name.
    Same,
    /// Only spaces, hyphens, accents or case differ: "t-shirt", "Tshirt".
    Spelling,
    /// One is the plural of the other.
    Plural,
    /// A letter differs.
    Letter,
}

/// Every name and alias by the forms in which near ones meet.
#[derive(Debug, Default)]
struct Forms {
    by_form: BTreeMap<(Near, String), BTreeSet<usize>>,
    /// By the word less one letter.
    by_rest: BTreeMap<String, Vec<(usize, Rc<str>)>>,
}

impl Forms {
    fn of(list: &StrictWords) -> Self {
        let (mut forms, mut n_rests) = (Self::default(), 0);
        for (at, word) in list.words.iter().enumerate() {
            for text in [&word.name].into_iter().chain(&word.aliases) {
                for form in forms_of(text) {
                    let group = forms.by_form.entry(form).or_default();
                    if group.len() < MAX_GROUP {
                        group.insert(at);
                    }
                }
                let text: Rc<str> = normal(text).into();
                let rests = rests(&text);
                n_rests += rests.len();
                if n_rests > MAX_RESTS {
                    continue;
                }
                for rest in rests {
                    let group = forms.by_rest.entry(rest).or_default();
                    // Of "moon" two letters leave the same.
                    let is_new = group.last().is_none_or(|(one, other)| *one != at || *other != text);
                    if is_new && group.len() < MAX_GROUP {
                        group.push((at, Rc::clone(&text)));
                    }
                }
            }
        }
        forms
    }

    /// The places of words that are near `text`, the nearest first.
    fn near(&self, text: &str) -> Vec<(Near, usize)> {
        let spelling = spelling(text);
        let singular = singulars(&spelling).into_iter().map(|one| (Near::Spelling, one));
        let wanted = [(Near::Same, normal(text)), (Near::Spelling, spelling.clone()), (Near::Plural, spelling.clone())];
        let same = wanted.into_iter().chain(singular).flat_map(|form| {
            let why = if form.0 == Near::Spelling && form.1 != spelling { Near::Plural } else { form.0 };
            self.by_form.get(&form).into_iter().flatten().map(move |&at| (why, at)).collect::<Vec<_>>()
        });
        let text = normal(text);
        let letter = rests(&text).into_iter().flat_map(|rest| self.by_rest.get(&rest).into_iter().flatten());
        let letter = letter.filter(|(_, other)| differ_by_a_letter(&text, other)).map(|&(at, _)| (Near::Letter, at));
        let mut all: Vec<(Near, usize)> = same.chain(letter).collect();
        all.sort_unstable();
        let mut seen = BTreeSet::new();
        all.retain(|&(_, at)| seen.insert(at));
        all
    }
}

/// Pairs of words that may be one, the nearest first. A word and its own parent are no pair.
pub fn near_words(list: &StrictWords) -> Vec<NearWords> {
    let forms = Forms::of(list);
    let mut pairs: BTreeMap<(usize, usize), Near> = BTreeMap::new();
    for (at, word) in list.words.iter().enumerate() {
        if pairs.len() > MAX_FOUND {
            break;
        }
        for (why, other) in forms.near(&word.name).into_iter().filter(|&(_, other)| other != at) {
            let found = pairs.entry((at.min(other), at.max(other))).or_insert(why);
            *found = why.min(*found);
        }
    }
    let mut all: Vec<(Near, (usize, usize))> = pairs.into_iter().map(|(pair, why)| (why, pair)).collect();
    all.sort_unstable();
    let id = |at: usize| list.words[at].id.clone();
    let near = |(why, (one, other)): (Near, (usize, usize))| NearWords { one: id(one), other: id(other), why };
    all.into_iter().take(MAX_PAIRS).map(near).collect()
}

/// For each of `names` the id of the word that is nearest, if one is near.
pub fn nearest_words(list: &StrictWords, names: &[String]) -> Vec<Option<String>> {
    let forms = Forms::of(list);
    let nearest = |name: &String| forms.near(name).first().map(|&(_, at)| list.words[at].id.clone());
    names.iter().map(nearest).collect()
}

fn forms_of(text: &str) -> Vec<(Near, String)> {
    let spelling = spelling(text);
    let singular = singulars(&spelling).into_iter().map(|one| (Near::Plural, one));
    let same = [(Near::Same, normal(text)), (Near::Spelling, spelling.clone())];
    same.into_iter().chain(singular).collect()
}

/// Letters and digits alone, without accents.
fn spelling(text: &str) -> String {
    normal(text).nfd().filter(|c| c.is_alphanumeric()).collect()
}

/// What a word may be the plural of, in English or Swedish.
fn singulars(word: &str) -> Vec<String> {
    const ENDINGS: [(&str, &[&str]); 6] =
        [("ies", &["y"]), ("es", &["", "e"]), ("s", &[""]), ("or", &["a"]), ("ar", &["", "e"]), ("er", &["", "e"])];
    let singular = |&(plural, singular): &(&str, &'static [&'static str])| {
        let stem = word.strip_suffix(plural).filter(|stem| stem.chars().count() >= 3)?;
        Some(singular.iter().map(move |end| format!("{stem}{end}")))
    };
    ENDINGS.iter().filter_map(singular).flatten().collect()
}

/// The word, and every word that is left of it without one letter.
fn rests(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < LEAST_CHARS {
        return Vec::new();
    }
    let without = |at: usize| chars[..at].iter().chain(&chars[at + 1..]).collect();
    (0..chars.len()).map(without).chain([text.to_owned()]).collect()
}

/// Whether one letter more, less, other or in the other order makes one of the other. Numbers make other words.
fn differ_by_a_letter(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if one == other || digits(one) != digits(other) {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let begin = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[begin..].iter().rev().zip(b[begin..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[begin..a.len() - end], &b[begin..b.len() - end]);
    x.len().max(y.len()) <= 1 || (x.len() == 2 && y.len() == 2 && x[0] == y[1] && x[1] == y[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::strict::StrictWord;
    use crate::tags::strict::tests::{word, words};

    #[test]
    fn near_duplicates_are_told_with_how_near_they_are_and_others_are_not() {
        let kitty = StrictWord { aliases: vec!["Moggy".into()], ..word("Cat") };
        let names = [
            "T-shirt",
            "Tshirt",
            "Dogs",
            "Dog",
            "Bicycle",
            "Bicyle",
            "Moggy",
            "Moon",
            "Moons",
            "Flicka",
            "Flickor",
            "Berries",
            "Berry",
            "Moo",
            "Car",
            "2023 trip",
            "2024 trip",
            "Café",
            "Cafe",
        ];
        let list = words([kitty].into_iter().chain(names.map(word)).collect());
        let pairs: Vec<_> = near_words(&list).into_iter().map(|near| (near.one, near.other, near.why)).collect();
        let own = |name: &str| list.words.iter().find(|word| word.name == name).unwrap().id.clone();
        let wanted = [
            ("Cat", "Moggy", Near::Same),
            ("T-shirt", "Tshirt", Near::Spelling),
            ("Café", "Cafe", Near::Spelling),
            ("Dogs", "Dog", Near::Plural),
            ("Moon", "Moons", Near::Plural),
            ("Flicka", "Flickor", Near::Plural),
            ("Berries", "Berry", Near::Plural),
            ("Bicycle", "Bicyle", Near::Letter),
        ];
        assert_eq!(pairs, wanted.map(|(one, other, why)| (own(one), own(other), why)));
    }

    #[test]
    fn a_suggestion_finds_the_word_that_it_nearly_is() {
        let list = words(vec![word("Hundar"), word("Sofa"), word("Bicycle")]);
        let nearest = nearest_words(&list, &["Hund", "soffa", "bicycles", "moon"].map(String::from));
        assert_eq!(nearest, [Some("own:hundar".to_owned()), None, Some("own:bicycle".to_owned()), None]);
    }

    #[test]
    fn of_thousands_of_words_of_one_form_only_some_are_compared() {
        let name = |n: u32| (0..11).map(|bit| if (n >> bit) & 1 == 0 { '.' } else { '!' }).collect::<String>();
        let list = words((0..2_000).map(|n| word(&format!("moons{}", name(n)))).collect());
        assert!(Forms::of(&list).near(&list.words[7].name).len() < 500);
        assert_eq!(near_words(&list).len(), MAX_PAIRS);
    }
}
