//! A strict vocabulary in a session: in force for all pictures, what shows as its words, and what is parked as a suggestion.

use std::sync::Arc;

use serde::Serialize;

use crate::error::Result;
use crate::session::results::Session;
use crate::session::showing::{Showing, others_of};
use crate::session::shown::{PictureCorrections, Shown, View};
use crate::tags::corrections::TagRef;
use crate::tags::keys::TagKey;
use crate::tags::rules::ResolvedRules;
use crate::tags::select::SelectedTags;
use crate::tags::strict::{StrictMap, StrictWords, Why};

/// What there is to say of the strict vocabulary in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StrictReport {
    /// The tags that show as another word, in the order of the words.
    pub mapped: Vec<MappedTag>,
    /// What would show and may not.
    pub suggestions: Vec<Suggestion>,
    /// Of each word, in the order of the list: on how many pictures it is.
    pub pictures: Vec<u32>,
}

/// A tag that shows as a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappedTag {
    pub tag: TagRef,
    /// The word's id.
    pub into: String,
    pub why: Why,
}

/// A tag that no word stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    pub tag: TagRef,
    pub pictures: u32,
}

impl Session {
    /// Puts a strict vocabulary in force for all present and future pictures, in place of the one before. Results and corrections stay:
    /// without it everything is as it was.
    ///
    /// # Errors
    /// [`ErrorKind::WordsInvalid`](crate::ErrorKind); the one before then stays in force.
    pub fn set_strict_words(&mut self, words: Option<StrictWords>) -> Result<()> {
        words.as_ref().map_or(Ok(()), StrictWords::check)?;
        self.strict_words = words.map(Arc::new);
        self.take_vocabulary(self.vocabulary().clone())
    }

    /// The strict vocabulary in force.
    pub fn strict_words(&self) -> Option<&StrictWords> {
        self.strict_words.as_deref()
    }

    /// What shows as which word, and what would show without the list and has none, in no order. Goes through all pictures.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::ErrorKind) if the policy in force is invalid.
    pub fn strict_report(&self) -> Result<StrictReport> {
        let Some(strict) = self.rules.strict() else { return Ok(StrictReport::default()) };
        let mut pictures = vec![0; self.keys.n()];
        for (key, n) in self.counts.by_tag() {
            pictures[key as usize] = n;
        }
        let mut report = StrictReport::default();
        for (word, one) in strict.words() {
            report.pictures.push(pictures[word as usize]);
            for &source in strict.sources(word) {
                let why = strict.why(source).unwrap_or(Why::Id);
                report.mapped.push(MappedTag { tag: self.plain_ref(source), into: one.id.clone(), why });
            }
        }
        for (key, pictures) in (0..).zip(self.parked(strict)?).filter(|&(_, pictures)| pictures > 0) {
            report.suggestions.push(Suggestion { tag: self.plain_ref(key), pictures });
        }
        Ok(report)
    }

    /// Shows every picture as if there were no strict vocabulary. By key: on how many is what no word stands for.
    fn parked(&self, strict: &StrictMap) -> Result<Vec<u32>> {
        let (mut free, mut keys) = (ResolvedRules::default(), self.keys.clone());
        let selector = self.selector.with_policy(self.selector.policy().clone())?;
        let mut showing =
            Showing::new(&View { selector: &selector, rules: &free, ..self.view() }, SelectedTags::default());
        let (mut shown, mut parked) = (Shown::default(), vec![0; keys.n()]);
        for (&id, picture) in &self.pictures {
            let said = self.corrections_of(id).corrections.clone();
            let said = PictureCorrections::new(said, self.vocabulary(), &mut keys, &mut free);
            let view = View { selector: &selector, rules: &free, ..self.view() };
            let others = others_of(id, picture, &self.provider_taggings);
            showing.show(&view, picture.outcome.candidates(), others, &said, &mut shown);
            for tag in &shown.tags {
                let is_word = strict.word(tag.key).is_some() || strict.target(tag.key).is_some();
                if !is_word && !strict.is_dismissed(view.id(tag.key)) {
                    parked[tag.key as usize] += 1;
                }
            }
        }
        Ok(parked)
    }

    /// A tag by its own name, in the language of the policy.
    fn plain_ref(&self, key: TagKey) -> TagRef {
        let name = self.keys.name(key, self.vocabulary(), self.language()).to_owned();
        TagRef { name, ..self.keys.tag_ref(key, self.vocabulary()) }
    }
}

#[cfg(test)]
mod tests;
