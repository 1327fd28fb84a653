//! Models that ask for too much, or stop the program that runs them: each is refused or fails with a reason that blames the model, and
//! nothing is allocated before that is known.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tagsmith::model::{Vocabulary, no_companions, sha256};
use tagsmith::{Error, TagOptions, Tagger};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What comes of tagging a picture with a model; a panic fails the test.
fn tag(card: &str, vocabulary: &str, model: &[u8]) -> Result<(), Error> {
    let picture = fs::read(root("tests/fixtures/models/picture.png")).unwrap();
    Tagger::load(card, vocabulary, model, &no_companions)?.tag(&picture, &TagOptions::default()).map(drop)
}

/// A card and a vocabulary for a network from "image" (1, 3, 8, 8) to three "logits".
fn card_for(model: &[u8]) -> (String, String) {
    let names = ["a", "b", "c"].map(|id| json!({"id": id, "names": {"en": id}}));
    let vocabulary = json!({"version": 1, "languages": ["en"], "tags": names, "classes": ["a", "b", "c"]}).to_string();
    let hash = sha256(model);
    let card = json!({
        "schema": 1, "id": "hostile", "version": "1", "name": "hostile", "kind": "classifier", "licence": "MIT",
        "provenance": {"source": "", "sha256": hash, "data": "", "conversion": ""},
        "model": {"file": "model.onnx", "bytes": model.len(), "sha256": hash},
        "vocabulary": {"file": "vocabulary.json", "sha256": sha256(vocabulary.as_bytes())},
        "input": {"name": "image", "height": 8, "width": 8, "layout": "nchw", "colour": "rgb", "mean": [0, 0, 0], "std": [1, 1, 1],
                  "fit": {"kind": "squash"}, "filter": "bilinear"},
        "outputs": {"scores": "logits"}, "activation": "softmax", "policy": {"threshold": 0.3, "max_tags": 8},
    });
    (card.to_string(), vocabulary)
}

#[test]
fn each_kind_of_hostile_network_ends_in_an_error_that_blames_the_model() {
    let folder = root("tests/fixtures/hostile");
    let cases: BTreeMap<String, [String; 2]> =
        serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap();
    for (name, [code, word]) in &cases {
        let model = fs::read(folder.join(format!("{name}.onnx"))).unwrap();
        let (card, vocabulary) = card_for(&model);
        let error = tag(&card, &vocabulary, &model).expect_err(name);
        assert_eq!(error.kind().code(), code, "{name}: {error}");
        assert!(error.detail().contains(word), "{name}: {error} does not mention {word:?}");
        assert!(!error.detail().contains("Save the picture"), "{name}: {error}");
    }
    assert!(cases.len() >= 25, "{} cases", cases.len());
}

/// A larger collection that stands beside some checkouts.
#[test]
fn the_hostile_models_beside_the_checkout_end_in_errors_of_models() {
    let folder = root("../shared/field/hostile/models");
    let Ok(entries) = fs::read_dir(&folder) else {
        return println!("skipped: {} is not there", folder.display());
    };
    for entry in entries {
        let case = entry.unwrap().path();
        let read = |file: &str| fs::read(case.join(file)).unwrap();
        let text = |file: &str| String::from_utf8(read(file)).unwrap();
        if let Err(error) = tag(&text("model.json"), &text("vocabulary.json"), &read("model.onnx")) {
            assert!(!error.kind().code().starts_with("picture"), "{}: {error}", case.display());
        }
    }
}

#[test]
fn a_vocabulary_has_a_bounded_depth_width_and_text() {
    let refusal = |tags: Vec<serde_json::Value>, languages: usize, classes: usize| {
        let languages: Vec<String> =
            std::iter::once("en".into()).chain((1..languages).map(|n| format!("x{n}"))).collect();
        let classes = vec![tags[tags.len() - 1]["id"].clone(); classes];
        let json = json!({"version": 1, "languages": languages, "tags": tags, "classes": classes});
        Vocabulary::parse(&json.to_string()).err().map(|error| error.detail().to_owned())
    };
    let tag = |n: usize, parents: Vec<usize>| {
        let parents: Vec<String> = parents.into_iter().map(|n| format!("t{n}")).collect();
        json!({"id": format!("t{n}"), "names": {"en": "a name"}, "parents": parents})
    };
    let chain = |len: usize| (0..len).map(|n| tag(n, n.checked_sub(1).into_iter().collect())).collect::<Vec<_>>();
    assert_eq!(refusal(chain(33), 1, 1), None);
    assert!(refusal(chain(34), 1, 1).unwrap().contains("more than 32 steps"));
    // The most that were parsed in days before: a chain of all the tags that there can be.
    assert!(refusal(chain(65_535), 1, 1).unwrap().contains("more than 32 steps"));
    let below = |n: usize| (0..n).map(|n| tag(n, vec![])).chain([tag(n, (0..n).collect())]).collect::<Vec<_>>();
    assert_eq!(refusal(below(16), 1, 1), None);
    assert!(refusal(below(17), 1, 1).unwrap().contains("17 parents"));
    // Five layers, each of 20 tags below 16 of the layer above.
    let layered = (0..100)
        .map(|n| tag(n, if n < 20 { vec![] } else { (0..16).map(|k| n / 20 * 20 - 20 + (n + k) % 20).collect() }));
    assert!(refusal(layered.chain([tag(100, vec![80, 81])]).collect(), 1, 1).unwrap().contains("more than 64 of them"));
    assert_eq!(refusal(chain(2), 100, 65_535), None);
    assert!(refusal(chain(2), 101, 1).unwrap().contains("100 codes"));
    assert!(refusal(chain(2), 1, 65_536).unwrap().contains("65536 classes"));
    let with = |key: &str, value: serde_json::Value| {
        let mut tags = chain(1);
        tags[0][key] = value;
        refusal(tags, 1, 1)
    };
    assert_eq!(with("names", json!({"en": "x".repeat(300)})), None);
    assert!(with("names", json!({"en": "x".repeat(301)})).unwrap().contains("300 characters"));
    assert!(with("names", json!({"en": "a\u{202e}b"})).unwrap().contains("unprintable"));
    assert!(with("id", json!("x".repeat(101))).unwrap().contains("100 bytes"));
    assert!(with("category", json!("\u{1b}[2J")).unwrap().contains("unprintable"));
    assert!(with("aliases", json!({"en": ["\u{9b}31m"]})).unwrap().contains("unprintable"));
    assert!(with("aliases", json!({"en": vec!["x"; 101]})).unwrap().contains("100 aliases"));
}
