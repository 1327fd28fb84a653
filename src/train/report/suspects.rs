//! Examples whose tags are probably wrong: told by what is said of them when they are not learnt from.

use serde::{Deserialize, Serialize};

use crate::train::report::Seen;

/// Suspects that are named.
const MAX_SUSPECTS: usize = 60;
/// By how much another tag must be surer than the picture's own.
const MARGIN: f32 = 0.4;
/// From here on a tag that may go with the picture's own is missing.
const SURE: f32 = 0.8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspectKind {
    /// It has a tag, and looks like another one.
    Wrong,
    /// It lacks a tag that it may have beside its own.
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspect {
    pub id: u32,
    pub kind: SuspectKind,
    /// The tag that is probably wrong, or missing.
    pub tag: u16,
    /// Of a wrong one: what the picture looks like instead.
    pub like: Option<u16>,
    /// How sure that is.
    pub confidence: f32,
}

pub fn suspects(seen: &Seen) -> Vec<Suspect> {
    let mut found = Vec::new();
    for example in seen.examples() {
        let columns = || 0..seen.n_columns();
        let own: Vec<usize> = columns().filter(|&column| seen.has(example, column)).collect();
        let suspect = |kind, column, like: Option<usize>, confidence| Suspect {
            id: seen.set.examples[example].id,
            kind,
            tag: seen.tag_of(column),
            like: like.map(|like| seen.tag_of(like)),
            confidence,
        };
        let rejected = &seen.set.examples[example].rejected;
        let may_have = |column: &usize| !own.contains(column) && !rejected.contains(&seen.tag_of(*column));
        for &column in &own {
            let rivals = columns().filter(may_have).filter(|&other| !seen.are_companions(column, other));
            let rival = rivals.max_by(|&a, &b| seen.confidence(example, a).total_cmp(&seen.confidence(example, b)));
            let by = |rival: usize| seen.confidence(example, rival) - seen.confidence(example, column);
            if let Some(rival) = rival.filter(|&rival| by(rival) >= MARGIN) {
                found.push(suspect(SuspectKind::Wrong, column, Some(rival), seen.confidence(example, rival)));
            }
        }
        let goes_with_all = |column: &usize| own.iter().all(|&own| seen.are_companions(own, *column));
        for column in columns().filter(may_have).filter(goes_with_all) {
            let confidence = seen.confidence(example, column);
            if confidence >= SURE && seen.validated().is_familiar(example) {
                found.push(suspect(SuspectKind::Missing, column, None, confidence));
            }
        }
    }
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    found.truncate(MAX_SUSPECTS);
    found
}
