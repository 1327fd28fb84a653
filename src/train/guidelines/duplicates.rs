//! No picture is there twice: within a tag it counts once, and with different tags one of them is wrong, or both lack one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::train::duplicates::{Twins, connected};
use crate::train::guidelines::{Check, Concerned, Guideline, Light};
use crate::train::set::TrainingSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateKind {
    /// The same file.
    Exact,
    /// The same picture, cut, mirrored, smaller or brighter.
    Near,
}

/// Pictures that show the same. They stay in one fold when a tagger is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicates {
    pub kind: DuplicateKind,
    pub ids: Vec<u32>,
    /// Of any of them, as numbers in the set's tags.
    pub tags: Vec<u16>,
}

/// Yellow where a picture is there twice, red where the two have different tags.
pub fn check(set: &TrainingSet, tag: u16, twins: &[Twins]) -> Check {
    let mut concerned = Vec::new();
    let mut n_contradicting = 0;
    for pair in twins {
        let (first, second) = (&set.examples[pair.first], &set.examples[pair.second]);
        match (first.tags.contains(&tag), second.tags.contains(&tag)) {
            (true, true) => concerned.push(Concerned { twin: Some(first.id), ..Concerned::new(second.id) }),
            (true, false) => {
                concerned.insert(n_contradicting, Concerned { twin: Some(second.id), ..Concerned::new(first.id) });
                n_contradicting += 1;
            }
            (false, true) => {
                concerned.insert(n_contradicting, Concerned { twin: Some(first.id), ..Concerned::new(second.id) });
                n_contradicting += 1;
            }
            (false, false) => {}
        }
    }
    let check = Check::of_pictures(Guideline::Duplicates, concerned, set.examples.len());
    let light = match check.n {
        0 => Light::Green,
        _ if n_contradicting > 0 => Light::Red,
        _ => Light::Yellow,
    };
    Check { light, ..check }
}

/// Groups of two and more.
pub fn list(set: &TrainingSet, twins: &[Twins]) -> Vec<Duplicates> {
    let mut together: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, first) in connected(set.examples.len(), twins).into_iter().enumerate() {
        together.entry(first).or_default().push(at);
    }
    // Not by hashes: where nobody knows the files, all have the same one.
    let exact: Vec<Twins> = twins.iter().copied().filter(|pair| pair.is_exact).collect();
    let same_file = connected(set.examples.len(), &exact);
    let groups = together.into_values().filter(|group| group.len() > 1);
    groups
        .map(|group| {
            let examples = || group.iter().map(|&at| &set.examples[at]);
            let mut tags: Vec<u16> = examples().flat_map(|example| example.tags.iter().copied()).collect();
            tags.sort_unstable();
            tags.dedup();
            let is_exact = group.iter().all(|&at| same_file[at] == same_file[group[0]]);
            let kind = if is_exact { DuplicateKind::Exact } else { DuplicateKind::Near };
            Duplicates { kind, ids: examples().map(|example| example.id).collect(), tags }
        })
        .collect()
}
