//! Training gives the same bits in every build: here, and in the module that the page trains with (tests/web/node/own_tags.test.mjs), from the same
//! made-up examples.
#![cfg(feature = "train")]

use std::ops::ControlFlow;
use std::path::Path;

use serde::Deserialize;
use tagsmith::model::BackboneRef;
use tagsmith::sha256;
use tagsmith::tags::{Embedding, TagRef};
use tagsmith::train::{Example, Fit, TrainOptions, TrainingSet, train};

const N_FEATURES: usize = 24;
const N_TAGS: u32 = 3;
const N_EXAMPLES: u32 = 36;

/// What both builds have given.
#[derive(Deserialize)]
struct Same {
    head_sha256: String,
    draft_sha256: String,
}

/// Numbers that look like chance, the same everywhere.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 24
    }

    /// An embedding near those of `tag`.
    fn embedding(&mut self, tag: u32) -> Embedding {
        let value = |at: usize| {
            let high = if at as u32 % N_TAGS == tag { 40 } else { 0 };
            (self.next() as i32 / 2 - 64 + high) as i8
        };
        Embedding { scale: 0.02, vector: (0..N_FEATURES).map(value).collect() }
    }
}

fn set() -> TrainingSet {
    let mut numbers = Numbers(7);
    let example = |id: u32| Example {
        id,
        views: vec![numbers.embedding(id % N_TAGS), numbers.embedding(id % N_TAGS)],
        tags: vec![(id % N_TAGS) as u16],
        rejected: vec![],
        sha256: [id as u8; 32],
        longer_side: 800,
    };
    let examples = (0..N_EXAMPLES).map(example).collect();
    let others = (0..20).map(|at| numbers.embedding(N_TAGS + at)).collect();
    TrainingSet {
        backbone: BackboneRef { id: "small".into(), version: "1".into(), sha256: None },
        n_features: N_FEATURES,
        tags: (0..N_TAGS)
            .map(|tag| TagRef { id: format!("own:tag {tag}"), name: format!("tag {tag}"), language: None })
            .collect(),
        examples,
        others,
    }
}

#[test]
fn a_head_and_its_draft_are_the_same_bits_as_in_the_page() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/own_tags/same.json");
    let same: Same = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let set = set();
    let options = TrainOptions {
        seed: 1,
        title: "Same".into(),
        comment: String::new(),
        name: "Mine".into(),
        id: "mine".into(),
        version: 2,
        made_ms: 1_785_587_459_000,
    };
    let head = train(&set, None, &options, &mut |_| ControlFlow::Continue(())).unwrap().head;
    assert_eq!(sha256(head.json().as_bytes()), same.head_sha256, "{}", head.json());
    let mut fit = Fit::new(&set, None).unwrap();
    fit.change(&Example { tags: vec![], rejected: vec![0], ..set.examples[0].clone() }).unwrap();
    let draft = fit.head(&head).unwrap();
    assert_ne!(draft.weights, head.weights);
    assert_eq!(sha256(draft.json().as_bytes()), same.draft_sha256, "{}", draft.json());
}
