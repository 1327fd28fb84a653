//! ONNX files of every supported kind, and some that must be refused with a reason.

mod bundled;

use std::fs;
use std::path::{Path, PathBuf};

use bundled::load;
use serde::Deserialize;
use serde_json::json;
use tagsmith::ErrorKind;
use tagsmith::TagOptions;
use tagsmith::Tagger;
use tagsmith::model::no_companions;
use tagsmith::model::{ModelCard, sha256};

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Refused { error: String, mentions: Vec<String> },
    Runs { tolerance: f32, scores: Vec<f32>, embedding: Option<Vec<f32>> },
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name)
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn every_precision_and_layout_agrees_with_onnxruntime_and_bad_models_are_refused_with_the_reason() {
    let picture = fs::read(folder("picture.png")).unwrap();
    let (mut n_run, mut n_refused) = (0, 0);
    for entry in fs::read_dir(folder("")).unwrap() {
        let case = entry.unwrap().path();
        if !case.is_dir() {
            continue;
        }
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        match serde_json::from_str(&read(case.join("expected.json"))).unwrap() {
            Expected::Refused { error, mentions } => {
                let Err(found) = load(&case) else { panic!("{name} must be refused") };
                assert_eq!(found.kind().code(), error, "{name}: {found}");
                for part in mentions {
                    assert!(found.detail().contains(&part), "{name}: {found} does not mention {part}");
                }
                n_refused += 1;
            }
            Expected::Runs { tolerance, scores, embedding } => {
                let tagger = load(&case).unwrap_or_else(|error| panic!("{name}: {error}"));
                let scored = tagger.tag(&picture, &TagOptions::default()).unwrap().inference;
                assert_close(&name, &scored.scores, &scores, tolerance);
                if let Some(embedding) = embedding {
                    assert_close(&name, &scored.embedding.expect("an embedding"), &embedding, tolerance.max(0.05));
                }
                n_run += 1;
            }
        }
    }
    assert!(n_run >= 7 && n_refused >= 6, "{n_run} ran, {n_refused} were refused");
}

fn assert_close(name: &str, found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (idx, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance, "{name}: value {idx} is {found}, expected {expected}");
    }
}

#[test]
fn a_parents_score_is_the_sum_of_its_leaf_classes() {
    let tagger = load(&folder("float32")).unwrap();
    let picture = fs::read(folder("picture.png")).unwrap();
    let scored = tagger.tag(&picture, &TagOptions::default()).unwrap().inference;
    let vocabulary = tagger.vocabulary();
    let mut n_parents = 0;
    for candidate in &scored.candidates {
        let members = vocabulary.leaf_classes(candidate.tag);
        let sum: f32 = members.iter().map(|&class| scored.scores[class as usize]).sum();
        assert!((candidate.score - sum.min(1.0)).abs() < 1e-6);
        n_parents += usize::from(members.len() > 1);
    }
    assert!(n_parents >= 2, "the fixture has parents");
}

#[test]
fn a_wrong_card_is_refused_with_the_reason() {
    let folder = folder("float32");
    let (card, vocabulary) = (read(folder.join("model.json")), read(folder.join("vocabulary.json")));
    let model = fs::read(folder.join("model.onnx")).unwrap();
    let refusal =
        |card: &str, vocabulary: &str, model: &[u8]| match Tagger::load(card, vocabulary, model, &no_companions) {
            Ok(_) => panic!("must be refused"),
            Err(error) => (error.kind(), error.detail().to_owned()),
        };
    let edited = |edit: &dyn Fn(&mut serde_json::Value)| {
        let mut value: serde_json::Value = serde_json::from_str(&card).unwrap();
        edit(&mut value);
        value.to_string()
    };
    let calibration = |slope: f32, tag: &str| {
        json!({"slope": slope, "intercept": 0, "support": 0, "support_range": [-4, 1], "conflict": 0, "conflicting": [tag],
            "least_score": 0.003})
    };
    let card_with =
        |pointer: &str, value: serde_json::Value| edited(&|card| *card.pointer_mut(pointer).unwrap() = value.clone());

    for (card, part) in [
        ("{".to_owned(), "not a valid model card"),
        (edited(&|card| card["colour"] = 1.into()), "colour"),
        (edited(&|card| card["input"]["tint"] = 1.into()), "tint"),
        (card_with("/schema", 2.into()), "schema 2"),
        (card_with("/id", "../../etc".into()), "id"),
        (card_with("/model/file", "../model.onnx".into()), "beside the card"),
        (card_with("/model/file", "..".into()), "beside the card"),
        (card_with("/model/file", "C:x".into()), "beside the card"),
        (card_with("/id", "x".repeat(101).into()), "at most 100"),
        (card_with("/version", "1\u{1b}[2J".into()), "printable"),
        (card_with("/name", "a\u{202e}b".into()), "printable"),
        (card_with("/provenance/data", "x".repeat(2_001).into()), "2000 printable"),
        (card_with("/input/name", "\u{9b}31m".into()), "printable"),
        (card_with("/policy/max_tags", 65_536.into()), "65535"),
        (edited(&|card| card["heads"] = json!(vec![json!({"id": "x", "sha256": "0".repeat(64)}); 33])), "33 heads"),
        (edited(&|card| card["name"] = " ".repeat(1 << 20).into()), "bytes"),
        (card_with("/model/sha256", "abc".into()), "64"),
        (card_with("/input/std", json!([0, 1, 1])), "std"),
        (card_with("/input/height", 0.into()), "input"),
        (card_with("/policy/max_tags", 0.into()), "policy"),
        (edited(&|card| card["policy"]["parents"] = 2.into()), "policy"),
        (
            edited(&|card| card["policy"]["settings"] = json!({"sure": 0.5, "balanced": 0.6, "generous": 0.2})),
            "settings",
        ),
        (edited(&|card| card["calibration"] = calibration(-1.0, "cat")), "slope above 0"),
        (edited(&|card| card["calibration"] = calibration(1.0, "unicorn")), "unicorn"),
        (edited(&|card| card["heads"] = json!([{"id": "../x", "sha256": "0".repeat(64)}])), "heads"),
        (edited(&|card| card["kind"] = "detector".into()), "is a detector"),
    ] {
        let (kind, detail) = refusal(&card, &vocabulary, &model);
        assert_eq!(kind, ErrorKind::CardInvalid, "{detail}");
        assert!(detail.contains(part), "{detail} does not mention {part}");
    }

    let named = edited(&|card| card["heads"] = json!([{"id": "general", "sha256": "0".repeat(64)}]));
    let (kind, detail) = refusal(&named, &vocabulary, &model);
    assert_eq!(kind, ErrorKind::FileUnreadable);
    assert!(detail.contains("heads/general.json"), "{detail}");

    let mut other_model = model.clone();
    *other_model.last_mut().unwrap() ^= 1;
    assert_eq!(refusal(&card, &vocabulary, &other_model).0, ErrorKind::ModelHashMismatch);
    assert_eq!(refusal(&card, &vocabulary, &model[1..]).0, ErrorKind::ModelHashMismatch);
    assert_eq!(refusal(&card, &format!("{vocabulary} "), &model).0, ErrorKind::ModelHashMismatch);

    for (pointer, part) in [("/input/name", "\"nothing\""), ("/outputs/scores", "\"nothing\"")] {
        let (kind, detail) = refusal(&card_with(pointer, "nothing".into()), &vocabulary, &model);
        assert_eq!(kind, ErrorKind::ModelMismatch);
        assert!(detail.contains(part), "{detail}");
    }
}

#[derive(Deserialize)]
struct Catalog {
    models: Vec<CatalogEntry>,
}

#[derive(Deserialize)]
struct CatalogEntry {
    id: String,
    bytes: u64,
    sha256: String,
    licence: String,
    card: serde_json::Value,
}

#[test]
fn a_card_with_the_tiles_of_older_versions_is_still_read() {
    let mut card: serde_json::Value = serde_json::from_str(&read(folder("float32/model.json"))).unwrap();
    let today = ModelCard::parse(&card.to_string()).unwrap();
    card["thorough"] = json!({"shares": [1.0, 0.6], "penalty": 4});
    assert_eq!(ModelCard::parse(&card.to_string()).unwrap(), today);
}

#[test]
fn every_card_of_the_catalog_is_valid_and_fits_the_bundled_vocabulary() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let vocabulary = read(models.join("efficientnet-lite0/vocabulary.json"));
    let catalog: Catalog = serde_json::from_str(&read(models.join("catalog.json"))).unwrap();
    assert!(!catalog.models.is_empty());
    for CatalogEntry { id, bytes, sha256, licence, card } in catalog.models {
        let card = ModelCard::parse(&card.to_string()).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!((&card.id, &card.licence), (&id, &licence));
        card.check_model(bytes, &sha256).unwrap();
        card.check_vocabulary(&vocabulary).unwrap();
    }
}

#[test]
fn the_bundled_card_describes_the_bundled_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/efficientnet-lite0");
    let card = ModelCard::parse(&read(folder.join("model.json"))).unwrap();
    let model = fs::read(folder.join("model.onnx")).unwrap();
    assert_eq!(card.model.sha256, sha256(&model));
    assert!(model.len() < 5_000_000);
    let tagger = load(&folder).unwrap();
    assert_eq!(tagger.vocabulary().n_classes(), 1000);
    let languages = ["en", "sv", "de", "fr", "es", "ja"];
    assert_eq!(tagger.vocabulary().languages(), languages);
    for tag in tagger.vocabulary().tags() {
        assert!(languages.iter().all(|&language| tag.names.contains_key(language)), "{} lacks a name", tag.id);
    }
}
