//! Networks as exporters and converters give them, against the scores of onnxruntime.
//!
//! `tests/fixtures/brought` has one small network of each kind. Those named "idiom" are the kinds of the 62 PyTorch exports and 16 strangers'
//! classifiers that ran before networks were rewritten at all: squeeze-and-excite with hard swish (MobileNet, EfficientNet, Mixer heads),
//! channel shuffle by reshape, transpose and split (ShuffleNet), attention with layer normalisation and GELU written out (ViT, DeiT, Swin,
//! BEiT, ConvNeXt), LRN, dropout and ceiling pools of IR version 3 (Caffe2: AlexNet, SqueezeNet, Inception, DenseNet), channels last with
//! SAME padding (Keras through tf2onnx), and four open sides with shapes that the graph computes (optimum, paddle2onnx).

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::json;
use tagsmith::model::{CompanionReader, inspect, sha256};
use tagsmith::{Error, ErrorKind, Result, TagOptions, Tagger};

/// As many as the networks of the fixtures have.
const N_CLASSES: usize = 5;

#[derive(Deserialize)]
struct Case {
    name: String,
    layout: String,
    mean: f32,
    std: f32,
    output: String,
    tolerance: f32,
    #[serde(default)]
    scores: Vec<f32>,
    error: Option<String>,
    #[serde(default)]
    mentions: Vec<String>,
}

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&fs::read_to_string(fixtures("brought/cases.json")).unwrap()).unwrap()
}

impl Case {
    fn model(&self) -> Vec<u8> {
        fs::read(fixtures("brought").join(format!("{}.onnx", self.name))).unwrap()
    }

    fn load(&self) -> Result<Tagger> {
        self.load_with(&|path, _| {
            fs::read(fixtures("brought").join(path))
                .map_err(|error| Error::new(ErrorKind::FileUnreadable, error.to_string()))
        })
    }

    fn load_with(&self, read: CompanionReader) -> Result<Tagger> {
        let classes: Vec<String> = (0..N_CLASSES).map(|class| format!("c{class}")).collect();
        let tags: Vec<_> = classes.iter().map(|class| json!({"id": class, "names": {"en": class}})).collect();
        let vocabulary = json!({"version": 1, "languages": ["en"], "tags": tags, "classes": classes}).to_string();
        let model = self.model();
        let Self { name, layout, mean, std, output, .. } = self;
        let card = json!({
            "schema": 1, "id": "case", "version": "1.0.0", "name": name, "kind": "classifier", "licence": "MIT",
            "provenance": {"source": "make.py", "sha256": sha256(&model), "data": "none", "conversion": "none"},
            "model": {"file": "model.onnx", "bytes": model.len(), "sha256": sha256(&model)},
            "vocabulary": {"file": "vocabulary.json", "sha256": sha256(vocabulary.as_bytes())},
            "input": {"name": "image", "height": 16, "width": 16, "layout": layout, "colour": "rgb", "mean": [mean, mean, mean],
                "std": [std, std, std], "fit": {"kind": "squash"}, "filter": "bilinear"},
            "outputs": {"scores": output, "embedding": null, "feature_map": null},
            "activation": "softmax", "policy": {"threshold": 0.01, "max_tags": 5}, "figures": [],
        });
        Tagger::load(&card.to_string(), &vocabulary, &model, read)
    }
}

#[test]
fn networks_of_every_kind_of_exporter_give_the_scores_of_onnxruntime_or_are_refused_with_the_reason() {
    let picture = fs::read(fixtures("models/picture.png")).unwrap();
    let mut wrong = Vec::new();
    for case in cases() {
        let name = &case.name;
        let found = case.load().and_then(|tagger| Ok(tagger.tag(&picture, &TagOptions::default())?.inference.scores));
        match (found, &case.error) {
            (Ok(found), None) => {
                let is_near = |(found, score): (&f32, &f32)| (found - score).abs() <= case.tolerance;
                if found.len() != case.scores.len() || !found.iter().zip(&case.scores).all(is_near) {
                    wrong.push(format!("{name}: {found:?}, expected {:?}", case.scores));
                }
            }
            (Err(found), Some(code)) => {
                let is_told = case.mentions.iter().all(|part| found.detail().contains(part));
                if found.kind().code() != code || !is_told {
                    wrong.push(format!("{name}: {}: {found}", found.kind().code()));
                }
            }
            (Ok(_), Some(_)) => wrong.push(format!("{name} must be refused")),
            (Err(error), None) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_runs_can_be_inspected_and_what_is_refused_for_its_batch_is_refused_then() {
    for case in cases().iter().filter(|case| case.name != "weights_beside") {
        match inspect(&case.model()) {
            Ok(found) => {
                assert_ne!(case.name, "batch_of_four");
                assert!(found.outputs.iter().any(|output| output.name == case.output), "{}", case.name);
            }
            Err(error) => {
                assert!(["batch_of_four", "int64_pixels"].contains(&&*case.name), "{}: {error}", case.name);
                assert!(case.mentions.iter().all(|part| error.detail().contains(part)), "{error}");
            }
        }
    }
}

#[test]
fn weights_in_a_file_that_is_missing_are_named() {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == "weights_beside").expect("a case");
    let absent = |path: &str, _: u64| Err(Error::new(ErrorKind::FileUnreadable, path));
    let Err(error) = case.load_with(&absent) else { panic!("the weights are missing") };
    assert_eq!(error.kind(), ErrorKind::ModelWeightsMissing);
    assert_eq!(error.subject(), Some("weights_beside.onnx.data"));
    let error = inspect(&case.model()).expect_err("the weights are missing");
    assert_eq!(error.kind(), ErrorKind::ModelWeightsMissing);
}

/// The networks that were collected from real exporters, where they lie beside the repository.
#[test]
fn the_collected_networks_give_the_scores_of_onnxruntime() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field/models");
    let Ok(entries) = fs::read_dir(&folder) else { return };
    let picture = fs::read(folder.join("picture.png")).unwrap();
    #[derive(Deserialize)]
    struct Expected {
        #[serde(default)]
        scores: Vec<f32>,
    }
    let mut wrong = Vec::new();
    for case in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let Expected { scores } =
            serde_json::from_str(&fs::read_to_string(case.join("expected.json")).unwrap()).unwrap();
        let found = Tagger::from_dir(&case)
            .and_then(|tagger| Ok(tagger.tag(&picture, &TagOptions::default())?.inference.scores));
        match found {
            Ok(found) if found.iter().zip(&scores).all(|(found, score)| (found - score).abs() <= 0.01) => {}
            Err(error) if error.detail().contains("4 pictures at a time") => {}
            other => wrong.push(format!("{}: {other:?}", case.display())),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
