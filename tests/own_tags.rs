//! Own tags from outside the crate: a small set that is always learnt to the same bits, and the bundled model's everyday pictures.
//!
//! `UPDATE=1` writes `head.json` again. That WebAssembly gives the same bits too is in `same_own_tags.rs` and `tests/web/node/own_tags.test.mjs`.
#![cfg(feature = "train")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tagsmith::model::BackboneRef;
use tagsmith::tagging::OwnHead;
use tagsmith::tags::Embedding;
use tagsmith::train::{Background, Example, TrainOptions, Trained, TrainingSet, train};
use tagsmith::{ModelCard, TagRef};

fn path(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

fn json(of: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path(of)).unwrap()).unwrap()
}

fn embedding(value: &Value) -> Embedding {
    serde_json::from_value(value.clone()).unwrap()
}

fn numbers(value: &Value) -> Vec<u16> {
    serde_json::from_value(value.clone()).unwrap()
}

fn set() -> TrainingSet {
    let file = json("tests/fixtures/own_tags/set.json");
    let list = |name: &str| file[name].as_array().unwrap().clone();
    let example = |one: Value| Example {
        id: one["id"].as_u64().unwrap() as u32,
        views: one["views"].as_array().unwrap().iter().map(embedding).collect(),
        tags: numbers(&one["tags"]),
        rejected: numbers(&one["rejected"]),
        sha256: [0; 32],
        longer_side: 0,
    };
    TrainingSet {
        backbone: BackboneRef { id: "small".into(), version: "1.0.0".into(), sha256: None },
        n_features: file["n_features"].as_u64().unwrap() as usize,
        tags: list("tags").into_iter().map(|tag| serde_json::from_value::<TagRef>(tag).unwrap()).collect(),
        examples: list("examples").into_iter().map(example).collect(),
        others: list("others").iter().map(embedding).collect(),
    }
}

fn trained(seed: u64) -> Trained {
    let options = TrainOptions {
        seed,
        title: "Shoes".into(),
        comment: "Eight and more of each.".into(),
        id: "shoes".into(),
        name: "Shoes".into(),
        version: 1,
        made_ms: 1_790_000_000_000,
    };
    train(&set(), None, &options, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn a_set_is_learnt_to_the_committed_bits() {
    let (found, golden) = (trained(7).head.json() + "\n", path("tests/fixtures/own_tags/head.json"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&golden, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(golden).unwrap(), "if the method has changed on purpose: UPDATE=1");
}

#[test]
fn the_committed_head_finds_its_examples_and_none_of_the_others() {
    let head = OwnHead::parse(&fs::read_to_string(path("tests/fixtures/own_tags/head.json")).unwrap()).unwrap();
    let set = set();
    let shown = |embedding: &Embedding| -> Vec<u16> {
        let found = head.found(embedding).unwrap();
        found
            .iter()
            .filter(|(tag, confidence)| *confidence >= head.tags[*tag].threshold)
            .map(|one| one.0 as u16)
            .collect()
    };
    let right = set.examples.iter().filter(|example| shown(&example.views[0]).contains(&example.tags[0])).count();
    assert!(right >= 24, "{right} of 27");
    let wrong = set.others.iter().filter(|other| !shown(other).is_empty()).count();
    assert!(wrong <= 4, "{wrong} of 40");
}

#[test]
fn only_what_chance_may_decide_changes_with_the_seed() {
    let (a, b) = (trained(7), trained(8));
    assert_eq!(
        (a.head.weights, a.head.rivalry, a.validated.groups),
        (b.head.weights, b.head.rivalry, b.validated.groups)
    );
    assert_ne!(a.validated.confidences, b.validated.confidences, "by which fifth of the examples each is judged");
}

#[test]
fn the_bundled_model_has_everyday_pictures_of_its_own_embedding() {
    let bytes = fs::read(path("models/efficientnet-lite0/background.bin")).unwrap();
    assert!(bytes.len() < 600_000, "{}", bytes.len());
    let background = Background::parse(&bytes).unwrap();
    let card = ModelCard::parse(&fs::read_to_string(path("models/efficientnet-lite0/model.json")).unwrap()).unwrap();
    assert!(background.backbone.is(&card.id, &card.version), "{:?}", background.backbone);
    assert_eq!((background.centres.len(), background.deviations.len()), (400, 1_280));
}
