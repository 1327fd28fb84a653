//! Policy changes: what one policy shows more and less than another.

use crate::error::Result;
use crate::session::results::Session;
use crate::session::showing::{Showing, others_of};
use crate::session::shown::{SaidBy, Shown, ShownTag, View};
use crate::session::summary::{Change, EdgePicture};
use crate::tags::candidate::Candidate;
use crate::tags::keys::TagKey;
use crate::tags::marks::TagMarks;
use crate::tags::policy::Policy;
use crate::tags::select::SelectedTags;

/// Maximum number of pictures at the edge of a [`Change`].
const N_EDGE: usize = 12;

/// How far from the threshold a picture's nearest tag is that it gains or loses; the picture, the tag with its confidence, and whether it is
/// gained.
type Edge = (f32, u32, (TagKey, f32), bool);

impl Session {
    /// What the current policy shows more and less than `before`.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind) if `before` is invalid.
    pub fn compare(&self, before: Policy) -> Result<Change> {
        let (before, words_before) = self.selector_of(before)?;
        let threshold = self.selector.policy().threshold;
        let mut change = Change::default();
        let mut edge: Vec<Edge> = Vec::new();
        let is_like = self.selector.is_like(&before);
        let (mut old, mut new, mut marks) = (SelectedTags::default(), SelectedTags::default(), TagMarks::default());
        let are_others_the_same = self.view().selects_others_as(&before, &words_before);
        let view_before = View { selector: &before, word_lists: &words_before, ..self.view() };
        let (mut showing_before, mut shown_before) = (None, Shown::default());
        for (&id, picture) in &self.pictures {
            let candidates = picture.outcome.candidates();
            if is_like
                && self.selector.selects_as(&before, candidates)
                && (are_others_the_same || !picture.has_providers)
            {
                continue;
            }
            let corrections = self.corrections_of(id);
            let mut nearest: Option<Edge> = None;
            let mut approach = |tag: TagKey, confidence: f32, is_gained| {
                let distance = (confidence - threshold).abs();
                if nearest.is_none_or(|(least, ..)| distance < least) {
                    nearest = Some((distance, id, (tag, confidence), is_gained));
                }
            };
            if picture.has_providers {
                let showing = showing_before.get_or_insert_with(|| Showing::new(&view_before, SelectedTags::default()));
                let others = others_of(id, picture, &self.provider_taggings);
                showing.show(&view_before, candidates, others, corrections, &mut shown_before);
                let (old, new) = (&shown_before.tags, &picture.shown.tags);
                for (some, others, is_gained) in [(new, old, true), (old, new, false)] {
                    for tag in shown_without(some, others, &mut marks) {
                        *(if is_gained { &mut change.tags_gained } else { &mut change.tags_lost }) += 1;
                        // What only others say hangs on other thresholds.
                        if let SaidBy::Model(_) = tag.by {
                            approach(tag.key, tag.confidence, is_gained);
                        }
                    }
                }
                edge.extend(nearest);
                change.pictures_gained += u32::from(old.is_empty() && !new.is_empty());
                change.pictures_lost += u32::from(!old.is_empty() && new.is_empty());
                continue;
            }
            before.select_into(&mut old, candidates, &corrections.resolved);
            self.selector.select_into(&mut new, candidates, &corrections.resolved);
            for one in without(&new.shown, &old.shown, &mut marks) {
                change.tags_gained += 1;
                approach(one.tag.into(), one.confidence, true);
            }
            for one in without(&old.shown, &new.shown, &mut marks) {
                change.tags_lost += 1;
                approach(one.tag.into(), one.confidence, false);
            }
            edge.extend(nearest);
            if corrections.corrections.added.is_empty() {
                change.pictures_gained += u32::from(old.shown.is_empty() && !new.shown.is_empty());
                change.pictures_lost += u32::from(!old.shown.is_empty() && new.shown.is_empty());
            }
        }
        let by_distance = |a: &Edge, b: &Edge| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if edge.len() > N_EDGE {
            edge.select_nth_unstable_by(N_EDGE, by_distance);
            edge.truncate(N_EDGE);
        }
        edge.sort_by(by_distance);
        let describe = |(_, id, (tag, confidence), is_gained): Edge| {
            let (view, key) = (self.view(), self.rules.target(tag));
            let (tag, name) = (view.id(key).to_owned(), view.name(key).to_owned());
            EdgePicture { id, tag, name, confidence, is_gained }
        };
        change.edge = edge.into_iter().map(describe).collect();
        Ok(change)
    }
}

/// Those of `some` whose tags none of the `others` has.
fn without<'a>(
    some: &'a [Candidate],
    others: &[Candidate],
    marks: &'a mut TagMarks,
) -> impl Iterator<Item = &'a Candidate> + use<'a> {
    marks.clear();
    others.iter().for_each(|one| _ = marks.mark(one.tag));
    some.iter().filter(|one| !marks.has(one.tag))
}

/// Those of `some` that none of the `others` shows.
fn shown_without<'a>(
    some: &'a [ShownTag],
    others: &[ShownTag],
    marks: &'a mut TagMarks,
) -> impl Iterator<Item = &'a ShownTag> + use<'a> {
    marks.clear();
    others.iter().for_each(|one| _ = marks.mark(one.key));
    some.iter().filter(|one| !marks.has(one.key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::results::tests::{policy, put, session};

    #[test]
    fn a_new_threshold_gains_and_loses_tags_the_nearest_first() {
        let mut session = session(0.8);
        for (id, cat) in [(1, 0.95), (2, 0.75), (3, 0.6), (4, 0.51)] {
            put(&mut session, id, cat);
        }
        session.apply(policy(0.55)).unwrap();
        let change = session.compare(policy(0.8)).unwrap();
        assert_eq!((change.tags_gained, change.tags_lost, change.pictures_gained, change.pictures_lost), (2, 0, 2, 0));
        let edge: Vec<_> = change.edge.iter().map(|at| (at.id, at.name.as_str(), at.is_gained)).collect();
        assert_eq!(edge, [(3, "katt", true), (2, "katt", true)]);
        session.apply(policy(0.8)).unwrap();
        let back = session.compare(policy(0.55)).unwrap();
        assert_eq!((back.tags_lost, back.pictures_lost, back.edge.len()), (2, 2, 2));
        assert_eq!(session.compare(policy(0.8)).unwrap(), Change::default());
    }
}
