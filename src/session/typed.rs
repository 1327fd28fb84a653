//! What a person types: the tags that may be meant, and the one that is.

use std::collections::HashSet;

use crate::error::{Error, ErrorKind, Result};
use crate::session::results::Session;
use crate::tags::corrections::{self, TagRef};
use crate::tags::keys::TagKey;
use crate::tags::names::normal;

impl Session {
    /// At most `n` tags that begin with what a person has `typed`: free words and names of their own, also taught ones, tags of the vocabulary, then words of
    /// providers.
    pub fn completions(&self, typed: &str, n: usize) -> Vec<TagRef> {
        let wanted = typed.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let view = self.view();
        let words = self.keys.words().map(|(key, _)| key);
        let words = words.filter(|&key| view.name(key).to_lowercase().starts_with(&wanted));
        let (theirs, own): (Vec<_>, Vec<_>) = words.partition(|&key| self.provider_tags.is_theirs(key));
        let mut renamed = Vec::new();
        self.rules.each_name(&mut |key, _| {
            if renamed.last() != Some(&key) && view.name(key).to_lowercase().starts_with(&wanted) {
                renamed.push(key);
            }
        });
        let known = corrections::completions(typed, self.vocabulary(), self.language(), n);
        let known = known.iter().filter_map(|tag| self.keys.find(&tag.id, self.vocabulary()));
        let own = own.into_iter().chain(renamed).map(|key| self.rules.target(key)).collect();
        let mut seen = HashSet::new();
        let all =
            view.by_name(own).into_iter().chain(known.chain(view.by_name(theirs)).map(|key| self.rules.target(key)));
        let tags = all.filter(|&key| self.rules.permits(key) && seen.insert(key)).take(n);
        tags.map(|key| self.ref_of(key)).collect()
    }

    /// The tag that a person means by `text`: one that they gave that name, else the vocabulary's, else a free word.
    ///
    /// # Errors
    /// [`ErrorKind::TagInvalid`] for text that is empty or too long, [`ErrorKind::TagOutside`] for what a strict vocabulary does not have.
    pub fn tag_ref(&self, text: &str) -> Result<TagRef> {
        let tag = corrections::tag_ref(text, self.keys.names(), self.vocabulary(), self.language())?;
        let wanted = normal(&tag.name);
        let mut renamed = None;
        self.rules.each_name(&mut |key, name| {
            if renamed.is_none() && normal(name) == wanted {
                renamed = Some(key);
            }
        });
        let known = renamed.or_else(|| self.keys.find(&tag.id, self.vocabulary())).map(|key| self.rules.target(key));
        let is_inside = |key: &TagKey| self.rules.permits(*key);
        if self.rules.strict().is_some() && !known.as_ref().is_some_and(is_inside) {
            let detail = format!("{:?} is none of your words. Choose one of them, or add it to the list.", tag.name);
            return Err(Error::new(ErrorKind::TagOutside, detail));
        }
        Ok(known.map_or(tag, |key| self.ref_of(key)))
    }

    /// The tag that a word of another taxonomy is: one that was given that name, or has it, and never one that is only alike.
    ///
    /// # Errors
    /// As [`tag_ref`](Self::tag_ref).
    pub fn tag_ref_by_name(&self, text: &str) -> Result<TagRef> {
        let tag = corrections::tag_ref_by_name(text, self.keys.names(), self.vocabulary(), self.language())?;
        let known = self.keys.by_id(&tag.id, self.vocabulary()).map(|key| self.rules.target(key));
        Ok(known.map_or(tag, |key| self.ref_of(key)))
    }

    /// What each of `texts`, words of a provider in `language`, is called in the library: the vocabulary's tag with that name or alias, else a
    /// free word. No rule changes it: rules can be taken back. `None` for what cannot be a tag.
    pub fn tag_refs(&self, texts: &[String], language: Option<&str>) -> Vec<Option<TagRef>> {
        let language = language.unwrap_or(self.language());
        let tag = |text: &String| corrections::tag_ref(text, self.keys.names(), self.vocabulary(), language).ok();
        texts.iter().map(tag).collect()
    }

    fn ref_of(&self, key: TagKey) -> TagRef {
        let view = self.view();
        TagRef { name: view.name(key).to_owned(), ..self.keys.tag_ref(key, self.vocabulary()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::session::results::tests::{added, put, session};
    use crate::tags::corrections::Corrections;

    #[test]
    fn completions_put_free_words_before_the_vocabulary() {
        let mut session = session(0.5);
        put(&mut session, 1, 0.9);
        session.correct(1, Corrections { added: vec![added("kaffe", &session)], ..Corrections::default() });
        let names: Vec<_> = session.completions("ka", 5).into_iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["kaffe", "katt"]);
    }

    #[test]
    fn a_word_of_another_taxonomy_is_a_tag_that_has_that_name_or_a_word_of_no_language() {
        let mut session = session(0.5);
        put(&mut session, 1, 0.9);
        assert_eq!(session.tag_ref_by_name("Cat").unwrap().id, "cat");
        let tag = session.tag_ref_by_name("house-cat").unwrap();
        assert_eq!((tag.id.as_str(), tag.language.as_deref()), ("own:house cat", None));
        session.correct(1, Corrections { added: vec![tag.clone().into()], ..Corrections::default() });
        assert_eq!(session.tag_ref_by_name("House cat").unwrap(), tag, "and so it stays");
    }
}
