//! Running counts over the pictures of a session: each picture's contribution is added, and subtracted before it changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::session::summary::{HISTOGRAM_BINS, Summary, TagCount};
use crate::tags::candidate::Candidate;
use crate::tags::corrections::{ResolvedCorrections, TagRef};
use crate::tags::select::Selector;

/// One picture's share of the counts under one policy.
#[derive(Debug)]
pub(super) struct Contribution {
    is_failed: bool,
    is_corrected: bool,
    /// Number of shown tags, including those that a person added.
    n_shown: u32,
    /// Shown tags and their ancestors, each once.
    tags: Vec<TagIdx>,
    /// Free words that a person added.
    words: Vec<TagRef>,
    /// The bin of the histogram for each permitted candidate.
    bins: Vec<usize>,
}

impl Contribution {
    /// `candidates` is `None` for a picture that could not be tagged; `corrections` is `None` if there are none.
    pub(super) fn of(
        candidates: Option<&[Candidate]>,
        corrections: Option<&ResolvedCorrections>,
        selector: &Selector,
    ) -> Self {
        let none = ResolvedCorrections::default();
        let is_corrected = corrections.is_some();
        let corrections = corrections.unwrap_or(&none);
        let shown = candidates.map_or_else(Vec::new, |candidates| selector.select(candidates, corrections));
        let permitted = candidates.unwrap_or_default().iter().filter(|candidate| selector.permits(candidate.tag));
        let added = corrections.corrections.added.iter().zip(&corrections.added);
        let mut tags: BTreeSet<TagIdx> = corrections.added.iter().flatten().copied().collect();
        tags.extend(shown.iter().map(|candidate| candidate.tag));
        add_parents(&mut tags, corrections, selector);
        Self {
            is_failed: candidates.is_none(),
            is_corrected,
            n_shown: (corrections.added.len() + shown.len()) as u32,
            tags: tags.into_iter().collect(),
            words: added.filter(|(_, idx)| idx.is_none()).map(|(word, _)| word.clone()).collect(),
            bins: permitted.map(|candidate| bin(candidate.confidence)).collect(),
        }
    }
}

/// The histogram bin of a confidence; the last includes 1.
fn bin(confidence: f32) -> usize {
    ((confidence * HISTOGRAM_BINS as f32) as usize).min(HISTOGRAM_BINS - 1)
}

/// Adds the ancestors of `shown`, except those that a person rejected or the policy denies.
fn add_parents(shown: &mut BTreeSet<TagIdx>, corrections: &ResolvedCorrections, selector: &Selector) {
    let above: Vec<TagIdx> = shown.iter().flat_map(|&tag| selector.vocabulary().ancestors(tag)).copied().collect();
    shown.extend(above.into_iter().filter(|&tag| selector.permits(tag) && !corrections.rejected.contains(&tag)));
}

/// The sum of all contributions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counts {
    pictures: u32,
    failed: u32,
    with_tags: u32,
    corrected: u32,
    tags: u32,
    by_tag: Vec<u32>,
    by_word: BTreeMap<TagRef, u32>,
    histogram: [u32; HISTOGRAM_BINS],
}

impl Counts {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        Self {
            pictures: 0,
            failed: 0,
            with_tags: 0,
            corrected: 0,
            tags: 0,
            by_tag: vec![0; vocabulary.tags().len()],
            by_word: BTreeMap::new(),
            histogram: [0; HISTOGRAM_BINS],
        }
    }

    pub(super) fn add(&mut self, one: &Contribution) {
        self.count(one, |sum, n| *sum += n);
    }

    /// `one` must have been added before.
    pub(super) fn subtract(&mut self, one: &Contribution) {
        self.count(one, |sum, n| *sum -= n);
        self.by_word.retain(|_, n| *n > 0);
    }

    fn count(&mut self, one: &Contribution, change: impl Fn(&mut u32, u32)) {
        change(&mut self.pictures, 1);
        change(&mut self.failed, u32::from(one.is_failed));
        change(&mut self.with_tags, u32::from(!one.is_failed && one.n_shown > 0));
        change(&mut self.corrected, u32::from(one.is_corrected));
        change(&mut self.tags, one.n_shown);
        one.tags.iter().for_each(|&tag| change(&mut self.by_tag[usize::from(tag)], 1));
        one.words.iter().for_each(|word| change(self.by_word.entry(word.clone()).or_default(), 1));
        one.bins.iter().for_each(|&bin| change(&mut self.histogram[bin], 1));
    }

    pub(super) fn summary(&self, selector: &Selector, n_frequent: usize) -> Summary {
        let &Self { pictures, failed, with_tags, corrected, tags, histogram, .. } = self;
        Summary {
            pictures,
            failed,
            with_tags,
            corrected,
            tags,
            frequent: self.frequent(selector, n_frequent),
            histogram,
        }
    }

    /// The `n` most frequent tags, ties by name.
    fn frequent(&self, selector: &Selector, n: usize) -> Vec<TagCount> {
        let language = &selector.policy().language;
        let words = self.by_word.iter().map(|(word, &pictures)| (pictures, word.id.as_str(), word.name.as_str()));
        let tags = self.by_tag.iter().zip(selector.vocabulary().tags()).filter(|&(&pictures, _)| pictures > 0);
        let mut all: Vec<(u32, &str, &str)> =
            tags.map(|(&pictures, entry)| (pictures, entry.id.as_str(), entry.name(language))).chain(words).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(b.2)));
        all.truncate(n);
        all.into_iter()
            .map(|(pictures, id, name)| TagCount { id: id.to_owned(), name: name.to_owned(), pictures })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::session::report::Failure;
    use crate::session::results::tests::{policy, put, session, tag_ref};
    use crate::tags::corrections::Corrections;

    proptest! {
        #[test]
        fn running_counts_equal_a_recount(
            steps in prop::collection::vec((0_u8..5, 0_u32..6, 0.0_f32..1.0), 1..40)
        ) {
            let mut session = session(0.5);
            for (kind, id, share) in steps {
                match kind {
                    0 => put(&mut session, id, share),
                    1 => session.fail(id, format!("{id}.png"), Failure { code: "picture_empty".into(), detail: "Empty.".into() }),
                    2 => session.remove(id),
                    3 => {
                        let added = if share < 0.3 { vec![] } else { vec![tag_ref(if share < 0.6 { "kaffe" } else { "katt" }, &session)] };
                        let rejected = if share < 0.5 { vec![] } else { vec!["cup".to_owned()] };
                        session.correct(id, Corrections { added, rejected });
                    }
                    _ => drop(session.apply(policy(share.max(0.01))).unwrap()),
                }
                let running = session.summary();
                prop_assert_eq!(running, session.apply(session.selector.policy().clone()).unwrap());
            }
        }
    }
}
