//! What the pictures of a session show: of one that changes, of all under other lists and rules, and under another threshold of those that
//! it makes a difference to.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::session::counts::Counts;
use crate::session::entry::SessionEntry;
use crate::session::results::Session;
use crate::session::shown::{PictureCorrections, ShownTag, View};
use crate::tags::candidate::Candidate;
use crate::tags::keys::TagKey;
use crate::tags::select::{Selection, Selector};

/// What the tags of the vocabulary are shown as, and what is shown above each, where nothing was rejected. Worked out once for all pictures.
#[derive(Debug, Default)]
pub(super) struct Showing {
    /// By the tag's place; `None` for those that never show.
    keys: Vec<Option<TagKey>>,
    /// By the tag's place: where in `above` its ancestors are.
    ranges: Vec<Range<usize>>,
    above: Vec<TagKey>,
    selection: Selection,
}

impl Showing {
    pub fn new(view: &View, selection: Selection) -> Self {
        let mut showing = Self { selection, ..Self::default() };
        let nothing = PictureCorrections::default();
        for (tag, _) in (TagKey::MIN..).zip(view.selector.vocabulary().tags()) {
            showing.keys.push(Some(view.rules.target(tag)).filter(|&key| view.is_permitted(key)));
            let begin = showing.above.len();
            showing.above.extend(view.parents(tag, &nothing));
            showing.ranges.push(begin..showing.above.len());
        }
        showing
    }

    /// Works out what a picture shows.
    pub fn show(&mut self, view: &View, entry: &mut SessionEntry, corrections: &PictureCorrections) {
        let candidates = entry.outcome.candidates();
        let score = |key: TagKey| {
            let idx = view.keys.idx(key)?;
            candidates.iter().find(|candidate| candidate.tag == idx).map(|candidate| candidate.score)
        };
        let manual = corrections.added.iter().map(|&(key, in_bulk)| ShownTag {
            key,
            confidence: 1.0,
            score: score(key),
            component: None,
            in_bulk,
        });
        view.selector.select_into(&mut self.selection, candidates, &corrections.resolved);
        let Selection { shown: selected, marks } = &mut self.selection;
        let (tags, above) = (&mut entry.shown.tags, &mut entry.shown.above);
        marks.clear();
        tags.clear();
        tags.extend(manual.inspect(|tag| _ = marks.mark(tag.key)));
        for &Candidate { tag, confidence, score, component } in &*selected {
            let Some(key) = self.keys[usize::from(tag)].filter(|&key| marks.mark(key)) else { continue };
            tags.push(ShownTag { key, confidence, score: Some(score), component: Some(component), in_bulk: false });
        }
        marks.clear();
        above.clear();
        for tag in &*tags {
            if corrections.rejected.is_empty() {
                let range = self.ranges.get(tag.key as usize).cloned().unwrap_or_default();
                above.extend(self.above[range].iter().filter(|&&key| marks.mark(key)));
            } else {
                above.extend(view.parents(tag.key, corrections).into_iter().filter(|&key| marks.mark(key)));
            }
        }
        // A merge may have put a tag above another one that is shown.
        tags.retain(|tag| tag.component.is_none() || !marks.has(tag.key));
        marks.clear();
        tags.iter().for_each(|tag| _ = marks.mark(tag.key));
        above.retain(|&key| !marks.has(key));
    }
}

impl Session {
    /// Computes anew what every picture shows, after anything may have changed besides the pictures.
    pub(super) fn show_all(&mut self) {
        self.counts = Counts::new();
        let view = View { selector: &self.selector, rules: &self.rules, keys: &self.keys };
        self.showing = Showing::new(&view, std::mem::take(&mut self.showing.selection));
        for (id, entry) in &mut self.pictures {
            self.showing.show(&view, entry, self.corrections.get(id).unwrap_or(&self.no_corrections));
            self.counts.add(entry, &self.selector);
        }
    }

    /// Computes anew what those pictures show that show something else than under the selector `before`, which the present one
    /// [is like](Selector::is_like).
    pub(super) fn show_differing(&mut self, before: &Selector) {
        let view = View { selector: &self.selector, rules: &self.rules, keys: &self.keys };
        for (id, entry) in &mut self.pictures {
            if view.selector.selects_as(before, entry.outcome.candidates()) {
                continue;
            }
            self.counts.subtract_shown(entry);
            self.showing.show(&view, entry, self.corrections.get(id).unwrap_or(&self.no_corrections));
            self.counts.add_shown(entry);
        }
    }

    /// Changes one picture, what it shows, and the counts.
    pub(super) fn change(&mut self, id: u32, change: impl FnOnce(&mut Self)) {
        if let Some(before) = self.pictures.get(&id) {
            self.counts.subtract(before, &self.selector);
        }
        change(self);
        let view = View { selector: &self.selector, rules: &self.rules, keys: &self.keys };
        if let Some(entry) = self.pictures.get_mut(&id) {
            let corrections = self.corrections.get(&id);
            entry.is_corrected = corrections.is_some_and(|one| one.is_correction());
            entry.is_reviewed = corrections.is_some_and(|one| one.corrections.reviewed);
            self.showing.show(&view, entry, corrections.unwrap_or(&self.no_corrections));
            self.counts.add(entry, &self.selector);
        }
    }
}
