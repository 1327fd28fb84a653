//! Policy changes: what one policy shows more and less than another.

use crate::error::Result;
use crate::session::results::Session;
use crate::session::summary::{Change, EdgePicture};
use crate::tags::candidate::Candidate;
use crate::tags::keys::TagKey;
use crate::tags::policy::Policy;

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
        for (&id, picture) in &self.pictures {
            let (candidates, corrections) = (picture.outcome.candidates(), self.corrections_of(id));
            let old = before.select(candidates, &corrections.resolved);
            let new = self.selector.select(candidates, &corrections.resolved);
            let without = |some: &[Candidate], others: &[Candidate]| -> Vec<Candidate> {
                some.iter().copied().filter(|one| others.iter().all(|other| other.tag != one.tag)).collect()
            };
            let (gained, lost) = (without(&new, &old), without(&old, &new));
            change.tags_gained += gained.len() as u32;
            change.tags_lost += lost.len() as u32;
            if corrections.corrections.added.is_empty() {
                change.pictures_gained += u32::from(old.is_empty() && !new.is_empty());
                change.pictures_lost += u32::from(!old.is_empty() && new.is_empty());
            }
            let differing = gained.iter().map(|tag| (tag, true)).chain(lost.iter().map(|tag| (tag, false)));
            let distances = differing.map(|(&tag, is_gained)| ((tag.confidence - threshold).abs(), id, tag, is_gained));
            edge.extend(distances.min_by(|a, b| a.0.total_cmp(&b.0)));
        }
        edge.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        edge.truncate(N_EDGE);
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
