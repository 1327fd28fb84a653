//! Pictures that a tagger is checked with although it was taught them.

use std::collections::HashSet;

use tagsmith::tags::Embedding;
use tagsmith::train::{Example, TrainingSet, groups};

use crate::own::embedding::Embedded;

/// Of more pictures than these only the same files are found: each would have to be compared with each.
const MAX_COMPARED: usize = 10_000;

/// For each picture, whether it is one of the examples: the same file, or nearly the same picture. `set`: what the tagger learnt from.
pub fn are_taught(set: &TrainingSet, checked: &[Embedded]) -> Vec<bool> {
    let n_taught = set.examples.len();
    if n_taught + checked.len() > MAX_COMPARED {
        let files: HashSet<[u8; 32]> = set.examples.iter().map(|example| example.sha256).collect();
        return checked.iter().map(|one| files.contains(&one.sha256)).collect();
    }
    // One view of each: of what is checked there is no other.
    let one = |id: usize, view: &Embedding, sha256: [u8; 32]| Example {
        id: id as u32,
        views: vec![view.clone()],
        tags: Vec::new(),
        rejected: Vec::new(),
        sha256,
        longer_side: 0,
    };
    let taught = set.examples.iter().map(|example| (&example.views[0], example.sha256));
    let all = taught.chain(checked.iter().map(|one| (&one.views[0], one.sha256)));
    let examples = all.enumerate().map(|(id, (view, sha256))| one(id, view, sha256)).collect();
    let both = TrainingSet {
        backbone: set.backbone.clone(),
        n_features: set.n_features,
        tags: Vec::new(),
        examples,
        others: Vec::new(),
    };
    let group_of = groups(&both);
    let (taught, checked) = group_of.split_at(n_taught);
    let taught: HashSet<&u32> = taught.iter().collect();
    checked.iter().map(|group| taught.contains(group)).collect()
}
