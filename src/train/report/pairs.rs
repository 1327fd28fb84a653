//! Tags that are taken for others.

use serde::{Deserialize, Serialize};

use crate::train::report::Seen;

/// Pairs that are named, and pictures of each.
const MAX_PAIRS: usize = 20;
const MAX_PICTURES: usize = 12;

/// Pictures of one tag that would be shown another, which they don't have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfusedPair {
    pub tag: u16,
    pub taken_for: u16,
    pub n: usize,
    /// Of the pictures of `tag`.
    pub share: f32,
    /// The surest of the other tag first, at most 12.
    pub ids: Vec<u32>,
}

pub fn confused(seen: &Seen) -> Vec<ConfusedPair> {
    let mut pairs = Vec::new();
    for column in 0..seen.n_columns() {
        let examples: Vec<usize> = seen.examples().filter(|&example| seen.has(example, column)).collect();
        for other in (0..seen.n_columns()).filter(|&other| other != column) {
            let is_wrong = |example: &&usize| !seen.has(**example, other) && seen.is_shown(**example, other);
            let mut wrong: Vec<usize> = examples.iter().filter(is_wrong).copied().collect();
            wrong.sort_by(|&a, &b| seen.z(b, other).total_cmp(&seen.z(a, other)));
            if !wrong.is_empty() {
                pairs.push(ConfusedPair {
                    tag: seen.tag_of(column),
                    taken_for: seen.tag_of(other),
                    n: wrong.len(),
                    share: wrong.len() as f32 / examples.len() as f32,
                    ids: wrong.iter().take(MAX_PICTURES).map(|&example| seen.set.examples[example].id).collect(),
                });
            }
        }
    }
    pairs.sort_by(|a, b| b.share.total_cmp(&a.share).then(b.n.cmp(&a.n)));
    pairs.truncate(MAX_PAIRS);
    pairs
}
