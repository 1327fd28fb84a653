//! The second look from the command line: by default, without it, and without its detector.

mod bench;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

use crate::bench::{Bench, lines, stderr};

/// A copy of the bundled model and its detectors in the bench's folder, with a second look whose numbers no fitting changes.
fn model_with_objects(bench: &Bench) -> PathBuf {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    for file in [
        "efficientnet-lite0/vocabulary.json",
        "efficientnet-lite0/model.onnx",
        "efficientnet-lite0/heads/general.json",
        "blazeface-short/model.json",
        "blazeface-short/model.onnx",
        "nanodet-g/model.json",
        "nanodet-g/model.onnx",
    ] {
        bench.file(&format!("models/{file}"), &fs::read(models.join(file)).unwrap());
    }
    let mut card: Value =
        serde_json::from_slice(&fs::read(models.join("efficientnet-lite0/model.json")).unwrap()).unwrap();
    let detector = fs::read(models.join("nanodet-g/model.json")).unwrap();
    card["second_look"] = json!({
        "detector": {"id": "nanodet-g", "sha256": tagsmith::sha256(&detector)},
        "fusion": {"slope": 2.2, "intercept": 2.5, "support": 0.36, "overlapped": -2.2, "against": -1.1, "conflict": -2.0,
            "unseen": -2.1, "rivals": ["animal"], "count_at": 0.5},
    });
    bench.file("models/efficientnet-lite0/model.json", card.to_string().as_bytes());
    bench.dir.join("models")
}

fn tag(bench: &Bench, args: &[&str]) -> Output {
    let output = bench.tagsmith(&[&["tag", "astronaut.jpg", "--model", "models/efficientnet-lite0"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    output
}

#[test]
fn objects_are_looked_for_unless_they_are_not_wanted_and_a_detector_that_is_missing_or_damaged_is_said_once() {
    let bench = Bench::new("objects");
    bench.golden("astronaut/picture.jpg", "astronaut.jpg");
    let models = model_with_objects(&bench);
    let output = tag(&bench, &[]);
    assert_eq!(stderr(&output), "");
    let report = &lines(&output)[0];
    let person = report["tags"].as_array().unwrap().iter().find(|tag| tag["id"] == "person").expect("a person");
    assert_eq!((&person["from"], &person["count"]), (&"detector:nanodet-g".into(), &1.into()));
    let region: Vec<f64> = person["boxes"][0].as_array().unwrap().iter().map(|side| side.as_f64().unwrap()).collect();
    assert!(region.len() == 4 && region[3] > 0.9, "{region:?}");
    assert!(report["timings_ms"]["objects"].is_number());

    let output = tag(&bench, &["--no-objects"]);
    assert_eq!(stderr(&output), "");
    let without = lines(&output).remove(0);
    assert!(without["timings_ms"].get("objects").is_none());

    let card = fs::read(models.join("nanodet-g/model.json")).unwrap();
    fs::write(models.join("nanodet-g/model.json"), [&card[..], b"\n"].concat()).unwrap();
    let damaged = tag(&bench, &[]);
    fs::remove_dir_all(models.join("nanodet-g")).unwrap();
    let missing = tag(&bench, &[]);
    for output in [damaged, missing] {
        let said = stderr(&output);
        assert!(said.lines().count() == 1 && said.contains("objects") && said.contains("--no-objects"), "{said}");
        assert_eq!(lines(&output)[0]["tags"], without["tags"]);
    }
}
