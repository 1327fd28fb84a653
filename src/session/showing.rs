//! What the pictures of a session show: of one that changes, of all under other lists and rules, and under another threshold of those that
//! it makes a difference to.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::session::counts::Counts;
use crate::session::entry::SessionEntry;
use crate::session::provider_tags::{ProviderTagging, Said, WordLists};
use crate::session::results::Session;
use crate::session::shown::{PictureCorrections, SaidBy, Shown, ShownTag, View, view_of};
use crate::session::stored::RunKind;
use crate::tags::candidate::Candidate;
use crate::tags::keys::TagKey;
use crate::tags::select::{SelectedTags, Selector};

/// What the tags of the vocabulary are shown as, and what is shown above each, where nothing was rejected. Worked out once for all pictures.
#[derive(Debug, Default)]
pub(super) struct Showing {
    /// By the tag's place; `None` for those that never show.
    keys: Vec<Option<TagKey>>,
    /// By the tag's place: where in `above` its ancestors are.
    ranges: Vec<Range<usize>>,
    above: Vec<TagKey>,
    selected: SelectedTags,
}

impl Showing {
    pub fn new(view: &View, selected: SelectedTags) -> Self {
        let mut showing = Self { selected, ..Self::default() };
        let nothing = PictureCorrections::default();
        for (tag, _) in (TagKey::MIN..).zip(view.selector.vocabulary().tags()) {
            showing.keys.push(Some(view.rules.target(tag)).filter(|&key| view.may_show(key)));
            let begin = showing.above.len();
            showing.above.extend(view.parents(tag, &nothing));
            showing.ranges.push(begin..showing.above.len());
        }
        showing
    }

    /// Works out what a picture with these `candidates` shows, and what `others` found in it.
    pub fn show(
        &mut self,
        view: &View,
        candidates: &[Candidate],
        others: &[ProviderTagging],
        corrections: &PictureCorrections,
        shown: &mut Shown,
    ) {
        let score = |key: TagKey| {
            let idx = view.keys.idx(key)?;
            candidates.iter().find(|candidate| candidate.tag == idx).map(|candidate| candidate.score)
        };
        let said = corrections.added.iter().filter(|(key, _)| view.rules.permits(*key));
        let manual = said.map(|&(key, in_bulk)| ShownTag {
            key,
            confidence: 1.0,
            score: score(key),
            by: SaidBy::Person,
            in_bulk,
        });
        view.selector.select_into(&mut self.selected, candidates, &corrections.resolved);
        let SelectedTags { shown: selected, marks } = &mut self.selected;
        let (tags, above) = (&mut shown.tags, &mut shown.above);
        marks.clear();
        tags.clear();
        tags.extend(manual.inspect(|tag| _ = marks.mark(tag.key)));
        // Most pictures have none: then nothing is allocated.
        let mut said = if others.is_empty() { Vec::new() } else { view.selected(others, corrections) };
        said.sort_by(|a, b| b.has_confidence.cmp(&a.has_confidence).then(b.confidence.total_cmp(&a.confidence)));
        let (taught, provided): (Vec<Said>, Vec<Said>) = said.into_iter().partition(|one| one.kind == RunKind::Head);
        for one in taught.into_iter().filter(|one| marks.mark(one.key)) {
            tags.push(one.shown(SaidBy::Head(one.component)));
        }
        for &Candidate { tag, confidence, score, component } in &*selected {
            let Some(key) = self.keys[usize::from(tag)].filter(|&key| marks.mark(key)) else { continue };
            let by = SaidBy::Model(component);
            tags.push(ShownTag { key, confidence, score: Some(score), by, in_bulk: false });
        }
        for one in provided.into_iter().filter(|one| marks.mark(one.key)) {
            tags.push(one.shown(SaidBy::Provider(one.component)));
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
        // A merge may have put a tag above another one that is shown, and what one says another may say more exactly.
        tags.retain(|tag| tag.by == SaidBy::Person || !marks.has(tag.key));
        marks.clear();
        tags.iter().for_each(|tag| _ = marks.mark(tag.key));
        above.retain(|&key| !marks.has(key));
    }

    /// [`Showing::show`] for a picture of a session.
    fn show_entry(
        &mut self,
        view: &View,
        entry: &mut SessionEntry,
        others: &[ProviderTagging],
        corrections: &PictureCorrections,
    ) {
        self.show(view, entry.outcome.candidates(), others, corrections, &mut entry.shown);
    }
}

/// What own taggers and providers found in a picture.
pub(super) fn others_of<'a>(
    id: u32,
    entry: &SessionEntry,
    all: &'a BTreeMap<u32, Vec<ProviderTagging>>,
) -> &'a [ProviderTagging] {
    // Most have none; the table is not asked.
    if entry.has_providers { all.get(&id).map_or(&[], Vec::as_slice) } else { &[] }
}

impl Session {
    /// Computes anew what every picture shows, after anything may have changed besides the pictures.
    pub(super) fn show_all(&mut self) {
        self.counts = Counts::new();
        self.rules.learn(&self.keys, self.selector.vocabulary());
        let view = view_of!(self);
        self.showing = Showing::new(&view, std::mem::take(&mut self.showing.selected));
        for (id, entry) in &mut self.pictures {
            let corrections = self.corrections.get(id).unwrap_or(&self.no_corrections);
            self.showing.show_entry(&view, entry, others_of(*id, entry, &self.provider_taggings), corrections);
            self.counts.add(entry, &self.selector);
        }
    }

    /// Computes anew what those pictures show that show something else than under the selector and the lists of words `before`, which the
    /// present one [is like](Selector::is_like).
    pub(super) fn show_differing(&mut self, before: &Selector, words_before: &WordLists) {
        let view = view_of!(self);
        let are_others_the_same = view.selects_others_as(before, words_before);
        for (id, entry) in &mut self.pictures {
            if view.selector.selects_as(before, entry.outcome.candidates())
                && (are_others_the_same || !entry.has_providers)
            {
                continue;
            }
            self.counts.take_out_shown(entry);
            let corrections = self.corrections.get(id).unwrap_or(&self.no_corrections);
            self.showing.show_entry(&view, entry, others_of(*id, entry, &self.provider_taggings), corrections);
            self.counts.add_shown(entry);
        }
    }

    /// Changes one picture, what it shows, and the counts.
    pub(super) fn change(&mut self, id: u32, change: impl FnOnce(&mut Self)) {
        if let Some(before) = self.pictures.get(&id) {
            self.counts.subtract(before, &self.selector);
        }
        change(self);
        self.rules.learn(&self.keys, self.selector.vocabulary());
        let view = view_of!(self);
        if let Some(entry) = self.pictures.get_mut(&id) {
            let corrections = self.corrections.get(&id);
            entry.is_corrected = corrections.is_some_and(|one| one.is_correction());
            entry.is_reviewed = corrections.is_some_and(|one| one.corrections.reviewed);
            entry.has_providers = self.provider_taggings.contains_key(&id);
            entry.has_texts = self.texts.contains_key(&id);
            let others = others_of(id, entry, &self.provider_taggings);
            self.showing.show_entry(&view, entry, others, corrections.unwrap_or(&self.no_corrections));
            self.counts.add(entry, &self.selector);
        }
    }
}
