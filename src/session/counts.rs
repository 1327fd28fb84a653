//! Running counts over the pictures of a session: each picture's share is added, and subtracted before it changes.

use crate::session::entry::{Outcome, SessionEntry};
use crate::session::summary::{HISTOGRAM_BINS, Summary};
use crate::tags::keys::TagKey;
use crate::tags::select::Selector;

/// The sums over all pictures.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counts {
    pictures: u32,
    waiting: u32,
    failed: u32,
    untagged: u32,
    with_tags: u32,
    corrected: u32,
    reviewed: u32,
    tags: u32,
    /// By key, ancestors of shown tags included.
    by_key: Vec<u32>,
    histogram: [u32; HISTOGRAM_BINS],
}

/// The histogram bin of a confidence; the last includes 1.
fn bin(confidence: f32) -> usize {
    ((confidence * HISTOGRAM_BINS as f32) as usize).min(HISTOGRAM_BINS - 1)
}

impl Counts {
    pub(super) fn new() -> Self {
        Self {
            pictures: 0,
            waiting: 0,
            failed: 0,
            untagged: 0,
            with_tags: 0,
            corrected: 0,
            reviewed: 0,
            tags: 0,
            by_key: Vec::new(),
            histogram: [0; HISTOGRAM_BINS],
        }
    }

    pub(super) fn add(&mut self, one: &SessionEntry, selector: &Selector) {
        self.count_picture(one, selector, |sum, n| *sum += n);
        self.add_shown(one);
    }

    /// `one` must have been added before, as it is now and under the same policy.
    pub(super) fn subtract(&mut self, one: &SessionEntry, selector: &Selector) {
        self.count_picture(one, selector, |sum, n| *sum -= n);
        self.take_out_shown(one);
    }

    /// The part of [`Counts::add`] that a threshold changes.
    pub(super) fn add_shown(&mut self, one: &SessionEntry) {
        self.count_shown(one, |sum, n| *sum += n);
    }

    /// The part of [`Counts::subtract`] that a threshold changes.
    pub(super) fn take_out_shown(&mut self, one: &SessionEntry) {
        self.count_shown(one, |sum, n| *sum -= n);
    }

    fn count_picture(&mut self, one: &SessionEntry, selector: &Selector, change: impl Fn(&mut u32, u32)) {
        change(&mut self.pictures, 1);
        change(&mut self.waiting, u32::from(matches!(one.outcome, Outcome::Waiting)));
        change(&mut self.failed, u32::from(matches!(one.outcome, Outcome::Failed(_))));
        change(&mut self.corrected, u32::from(one.is_corrected));
        change(&mut self.reviewed, u32::from(one.is_reviewed));
        for candidate in one.outcome.candidates().iter().filter(|candidate| selector.permits(candidate.tag)) {
            change(&mut self.histogram[bin(candidate.confidence)], 1);
        }
    }

    fn count_shown(&mut self, one: &SessionEntry, change: impl Fn(&mut u32, u32)) {
        let n_counted = one.n_tags_without_providers();
        change(&mut self.untagged, u32::from(one.is_untagged()));
        change(&mut self.with_tags, u32::from(n_counted > 0));
        change(&mut self.tags, n_counted);
        for key in one.shown.keys() {
            let place = key as usize;
            if place >= self.by_key.len() {
                self.by_key.resize(place + 1, 0);
            }
            change(&mut self.by_key[place], 1);
        }
    }

    /// The tags on any picture, parents included.
    pub(super) fn by_tag(&self) -> impl Iterator<Item = (TagKey, u32)> {
        (0..).zip(self.by_key.iter().copied()).filter(|&(_, n)| n > 0)
    }

    /// All but the most frequent tags.
    pub(super) fn summary(&self) -> Summary {
        let &Self { pictures, waiting, failed, untagged, with_tags, corrected, reviewed, tags, histogram, .. } = self;
        Summary {
            pictures,
            waiting,
            failed,
            untagged,
            with_tags,
            corrected,
            reviewed,
            tags,
            frequent: Vec::new(),
            histogram,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::session::results::tests::{added, fail, policy, put, session};
    use crate::tags::corrections::{Corrections, TagRef};
    use crate::tags::rules::{Rule, RuleAction};

    fn rules(share: f32) -> Vec<Rule> {
        let tag = |id: &str| TagRef::known(id, id);
        let actions = [
            RuleAction::Merge { into: tag("cup") },
            RuleAction::Merge { into: tag("own:kaffe") },
            RuleAction::Rename { name: "Misse".into() },
            RuleAction::Hide,
        ];
        let rule = |action: &RuleAction| Rule { tag: tag("cat"), action: action.clone() };
        actions.get((share * 5.0) as usize).map(rule).into_iter().collect()
    }

    proptest! {
        #[test]
        fn running_counts_equal_a_recount(
            steps in prop::collection::vec((0_u8..7, 0_u32..6, 0.0_f32..1.0), 1..40)
        ) {
            let mut session = session(0.5);
            for (kind, id, share) in steps {
                match kind {
                    0 => put(&mut session, id, share),
                    1 => fail(&mut session, id),
                    2 => session.remove(id),
                    3 => {
                        let mut tag = added(if share < 0.6 { "kaffe" } else { "katt" }, &session);
                        tag.in_bulk = share > 0.8;
                        let added = if share < 0.3 { vec![] } else { vec![tag] };
                        let rejected = if share < 0.5 { vec![] } else { vec!["cup".to_owned()] };
                        session.correct(id, Corrections { added, rejected, reviewed: share > 0.4 });
                    }
                    4 => session.add(id, format!("{id}.png"), 0.0),
                    5 => session.set_rules(&rules(share)).unwrap(),
                    _ => drop(session.apply(policy(share.max(0.01))).unwrap()),
                }
                let running = session.summary();
                session.show_all();
                prop_assert_eq!(running, session.summary());
            }
        }
    }
}
