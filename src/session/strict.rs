//! A strict vocabulary in a session: in force for all pictures, what shows as its words, and what is parked as a suggestion.

use std::collections::{BTreeMap, BTreeSet};
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
use crate::tags::strict::{StrictWords, Why};

/// What there is to say of the strict vocabulary in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StrictReport {
    /// The tags that show as another word, in the order of the words.
    pub mapped: Vec<MappedTag>,
    /// What would show and may not, the most frequent first.
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
    /// Who says it: components, and "person".
    pub by: Vec<String>,
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

    /// What shows as which word, and at most `n` suggestions. Goes through all pictures.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::ErrorKind) if the policy in force is invalid.
    pub fn strict_report(&self, n: usize) -> Result<StrictReport> {
        let Some(strict) = self.rules.strict() else { return Ok(StrictReport::default()) };
        let counts: BTreeMap<TagKey, u32> = self.counts.by_tag().collect();
        let mut mapped = Vec::new();
        for (word, one) in strict.words() {
            for &source in strict.sources(word) {
                let why = strict.why(source).unwrap_or(Why::Id);
                mapped.push(MappedTag { tag: self.plain_ref(source), into: one.id.clone(), why });
            }
        }
        let pictures = strict.words().map(|(key, _)| counts.get(&key).copied().unwrap_or(0)).collect();
        Ok(StrictReport { mapped, suggestions: self.suggestions(n)?, pictures })
    }

    /// Shows every picture as if there were no strict vocabulary, and counts what that has not.
    fn suggestions(&self, n: usize) -> Result<Vec<Suggestion>> {
        let Some(strict) = self.rules.strict() else { return Ok(Vec::new()) };
        let (mut free, mut keys) = (ResolvedRules::default(), self.keys.clone());
        let mut as_said = BTreeMap::new();
        for (&id, one) in &self.corrections {
            let said = one.corrections.clone();
            as_said.insert(id, PictureCorrections::new(said, self.vocabulary(), &mut keys, &mut free));
        }
        let selector = self.selector.with_policy(self.selector.policy().clone())?;
        let view = View { selector: &selector, rules: &free, ..self.view() };
        let mut showing = Showing::new(&view, SelectedTags::default());
        let (mut shown, mut parked) = (Shown::default(), BTreeMap::<TagKey, (u32, BTreeSet<String>)>::new());
        for (&id, picture) in &self.pictures {
            let others = others_of(id, picture, &self.provider_taggings);
            showing.show(
                &view,
                picture.outcome.candidates(),
                others,
                as_said.get(&id).unwrap_or(&self.no_corrections),
                &mut shown,
            );
            for tag in &shown.tags {
                let is_word = strict.word(tag.key).is_some() || strict.target(tag.key).is_some();
                if !is_word && !strict.is_dismissed(view.id(tag.key)) {
                    let (pictures, by) = parked.entry(tag.key).or_default();
                    *pictures += 1;
                    by.insert(self.component_name(tag.by).to_owned());
                }
            }
        }
        let mut all: Vec<(TagKey, u32, BTreeSet<String>)> =
            parked.into_iter().map(|(key, (pictures, by))| (key, pictures, by)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(n);
        let suggestion = |(key, pictures, by): (TagKey, u32, BTreeSet<String>)| Suggestion {
            tag: self.plain_ref(key),
            pictures,
            by: by.into_iter().collect(),
        };
        Ok(all.into_iter().map(suggestion).collect())
    }

    /// A tag by its own name, in the language of the policy.
    fn plain_ref(&self, key: TagKey) -> TagRef {
        let name = self.keys.name(key, self.vocabulary(), self.language()).to_owned();
        TagRef { name, ..self.keys.tag_ref(key, self.vocabulary()) }
    }
}

#[cfg(test)]
mod tests;
