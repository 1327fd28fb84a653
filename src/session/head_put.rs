//! What an own tagger has just found, taken up at once and for many pictures together: the library gives the same after a reload.

use std::collections::HashSet;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::session::provider_tags::{ProviderTag, ProviderTagging};
use crate::session::results::Session;
use crate::session::stored::{RunKind, component, is_text};
use crate::tags::corrections::TagRef;

/// What an own tagger found in pictures, by columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadFound<'a> {
    /// Its id, as in [`Policy::heads`](crate::Policy::heads).
    pub head: &'a str,
    /// 0 where nothing of it is kept.
    pub run: u32,
    pub tags: &'a [HeadTag],
    /// The pictures.
    pub ids: &'a [u32],
    /// How many tags were found in each.
    pub lengths: &'a [u32],
    /// Those, as places in `tags`, of one picture after the other.
    pub places: &'a [u16],
    /// Parallel to the places, 0–1.
    pub confidences: &'a [f32],
}

/// A tag of an own tagger.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct HeadTag {
    /// As of a [`TagRef`].
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub language: Option<String>,
    /// Least confidence shown, 0–1.
    pub threshold: f32,
}

impl Session {
    /// What an own tagger found in pictures that were added, in place of all that it found in them before; pictures that are not there are
    /// passed over. It shows beside the model's tags, also of a picture that waits or has failed.
    ///
    /// # Errors
    /// [`ErrorKind::TagInvalid`] for a tag without a name or id, or with a very long one, for a threshold or confidence outside 0–1, and for
    /// columns that do not fit; [`ErrorKind::LibraryTooLarge`] for more taggers than there is room for. Then nothing has changed.
    pub fn put_head(&mut self, found: &HeadFound) -> Result<()> {
        check(found)?;
        let &HeadFound { head, run, tags, ids, lengths, places, confidences } = found;
        let component = component(&RunKind::Head.component_of(head), &mut self.components)?;
        let number = |tag: &HeadTag| {
            let HeadTag { id, name, language, .. } = tag.clone();
            let (tag, vocabulary) = (TagRef { id, name, language }, self.selector.vocabulary());
            self.provider_tags.number(&tag, RunKind::Head, &mut self.keys, vocabulary)
        };
        let numbers: Vec<u32> = tags.iter().map(number).collect();
        let mut begin = 0;
        for (&id, &length) in ids.iter().zip(lengths) {
            let of_picture = begin..begin + length as usize;
            begin = of_picture.end;
            if !self.pictures.contains_key(&id) {
                continue;
            }
            let tag = |(&place, &confidence): (&u16, &f32)| {
                let place = usize::from(place);
                ProviderTag { tag: numbers[place], confidence, threshold: Some(tags[place].threshold) }
            };
            let found = places[of_picture.clone()].iter().zip(&confidences[of_picture]).map(tag);
            let tagging = ProviderTagging::new(component, run, true, found.collect()).of_kind(RunKind::Head);
            self.change(id, |session| {
                let all = session.provider_taggings.entry(id).or_default();
                all.retain(|one| one.component != component);
                all.push(tagging);
                all.sort_by_key(ProviderTagging::place);
            });
        }
        Ok(())
    }

    /// Takes back what an own tagger found in the pictures `ids`, as where a draft is given up.
    pub fn take_head(&mut self, head: &str, ids: &[u32]) {
        let name = RunKind::Head.component_of(head);
        let Some(component) = self.components.iter().position(|one| *one == name) else { return };
        let is_other = |one: &ProviderTagging| usize::from(one.component) != component;
        for &id in ids.iter().collect::<HashSet<_>>() {
            self.change(id, |session| {
                let Some(all) = session.provider_taggings.get_mut(&id) else { return };
                all.retain(is_other);
                if all.is_empty() {
                    session.provider_taggings.remove(&id);
                }
            });
        }
    }
}

fn check(found: &HeadFound) -> Result<()> {
    let &HeadFound { head, tags, ids, lengths, places, confidences, .. } = found;
    let invalid = |detail: String| Err(Error::new(ErrorKind::TagInvalid, detail));
    for HeadTag { id, name, language, threshold } in tags {
        if !is_text(id) || !is_text(name) || language.as_deref().is_some_and(|language| !is_text(language)) {
            return invalid(format!("The tagger {head:?} has a tag without a name, or with a very long one."));
        }
        if !(0.0..=1.0).contains(threshold) {
            return invalid(format!("The tagger {head:?} shows {name:?} from {threshold}, which is not from 0 to 1."));
        }
    }
    let total: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
    let has_all = ids.len() == lengths.len() && total == places.len() as u64 && places.len() == confidences.len();
    if !has_all || places.iter().any(|&place| usize::from(place) >= tags.len()) {
        return invalid(format!("What the tagger {head:?} found has columns that do not fit."));
    }
    match confidences.iter().find(|confidence| !(0.0..=1.0).contains(*confidence)) {
        Some(wrong) => invalid(format!("The tagger {head:?} is sure of a tag to {wrong}, which is not from 0 to 1.")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
