//! Policy changes: what one policy shows more and less than another.

use crate::error::Result;
use crate::session::results::Session;
use crate::session::summary::{Change, EdgePicture};
use crate::tags::candidate::Candidate;
use crate::tags::keys::TagKey;
use crate::tags::marks::TagMarks;
use crate::tags::policy::Policy;
use crate::tags::select::Selection;

/// Maximum number of pictures at the edge of a [`Change`].
const N_EDGE: usize = 12;

impl Session {
    /// What the current policy shows more and less than `before`.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind) if `before` is invalid.
    pub fn compare(&self, before: Policy) -> Result<Change> {
        let before = self.selector_of(before)?;
        let threshold = self.selector.policy().threshold;
        let mut change = Change::default();
        let mut edge: Vec<(f32, u32, Candidate, bool)> = Vec::new();
        let is_like = self.selector.is_like(&before);
        let (mut old, mut new, mut known) = (Selection::default(), Selection::default(), TagMarks::default());
        for (&id, picture) in &self.pictures {
            let candidates = picture.outcome.candidates();
            if is_like && self.selector.selects_as(&before, candidates) {
                continue;
            }
            let corrections = self.corrections_of(id);
            before.select_into(&mut old, candidates, &corrections.resolved);
            self.selector.select_into(&mut new, candidates, &corrections.resolved);
            let (old, new) = (&old.shown, &new.shown);
            let mut nearest: Option<(f32, Candidate, bool)> = None;
            for (some, others, is_gained, n) in
                [(new, old, true, &mut change.tags_gained), (old, new, false, &mut change.tags_lost)]
            {
                known.clear();
                others.iter().for_each(|one| _ = known.mark(one.tag));
                for &one in some.iter().filter(|one| !known.has(one.tag)) {
                    *n += 1;
                    let distance = (one.confidence - threshold).abs();
                    if nearest.is_none_or(|(least, ..)| distance < least) {
                        nearest = Some((distance, one, is_gained));
                    }
                }
            }
            edge.extend(nearest.map(|(distance, one, is_gained)| (distance, id, one, is_gained)));
            if corrections.corrections.added.is_empty() {
                change.pictures_gained += u32::from(old.is_empty() && !new.is_empty());
                change.pictures_lost += u32::from(!old.is_empty() && new.is_empty());
            }
        }
        let nearer =
            |a: &(f32, u32, Candidate, bool), b: &(f32, u32, Candidate, bool)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if edge.len() > N_EDGE {
            edge.select_nth_unstable_by(N_EDGE, nearer);
            edge.truncate(N_EDGE);
        }
        edge.sort_by(nearer);
        let describe = |(_, id, candidate, is_gained): (f32, u32, Candidate, bool)| {
            let (view, key) = (self.view(), self.rules.target(TagKey::from(candidate.tag)));
            let (tag, name) = (view.id(key).to_owned(), view.name(key).to_owned());
            EdgePicture { id, tag, name, confidence: candidate.confidence, is_gained }
        };
        change.edge = edge.into_iter().map(describe).collect();
        Ok(change)
    }
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
