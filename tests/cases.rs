//! Golden pictures, natively. tests/web checks the same files and expectations in both engines.

mod bundled;

use std::fs;
use std::path::{Path, PathBuf};

use bundled::{bundled, with_objects};
use serde::Deserialize;
use tagsmith::TagOptions;
use tagsmith::model::{DetectorCard, TractBoxes};
use tagsmith::picture::{Limits, decode};
use tagsmith::tagging::FaceDetector;
use tagsmith::tags::{Embedding, Tagging};

#[derive(Deserialize)]
struct Expected {
    width: u32,
    height: u32,
    format: String,
    tolerance: f32,
    min_top1_score: f32,
    top: Vec<ExpectedTag>,
    confidence_tolerance: f32,
    surest: Vec<ExpectedConfidence>,
    faces: Vec<ExpectedBox>,
    objects: Vec<ExpectedObject>,
}

#[derive(Deserialize)]
struct ExpectedConfidence {
    id: String,
    confidence: f32,
    from: Option<String>,
}

#[derive(Deserialize)]
struct ExpectedObject {
    id: String,
    #[serde(rename = "box")]
    region: [f32; 4],
}

#[derive(Deserialize)]
struct ExpectedBox {
    #[serde(rename = "box")]
    region: [f32; 4],
    z: f32,
}

#[derive(Deserialize)]
struct ExpectedTag {
    id: String,
    score: f32,
}

/// Of the angle between what a library keeps of an embedding and the embedding itself.
fn cosine(kept: &Embedding, values: &[f32]) -> f64 {
    let pairs = || kept.vector.iter().map(|&step| f64::from(step)).zip(values.iter().map(|&value| f64::from(value)));
    let sum = |of: fn((f64, f64)) -> f64| pairs().map(of).sum::<f64>();
    sum(|(one, other)| one * other) / (sum(|(one, _)| one * one) * sum(|(_, other)| other * other)).sqrt()
}

#[test]
fn golden_pictures_get_the_scores_that_pillow_and_onnxruntime_give() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tagger = bundled();
    let mut wrong = Vec::new();
    let (mut n_cases, mut n_faces) = (0, 0);
    let components = tagger.card().components();
    let detector = {
        let folder = root.join("models").join(&tagger.card().detectors[0].id);
        let card = DetectorCard::parse(&fs::read_to_string(folder.join("model.json")).unwrap()).unwrap();
        let network = TractBoxes::load(&fs::read(folder.join("model.onnx")).unwrap(), &card).unwrap();
        FaceDetector::new(card, Box::new(network), tagger.vocabulary()).unwrap()
    };
    for case in folders(&root.join("tests/cases")) {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Expected = serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
        let picture = fs::read(picture_of(&case)).unwrap();
        let tagged = tagger.tag(&picture, &TagOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let scored = tagged.inference;
        assert_eq!((scored.facts.width, scored.facts.height), (expected.width, expected.height), "{name}");
        assert_eq!(scored.facts.format, expected.format, "{name}");
        let embedding = scored.embedding.as_deref().expect("the bundled model has one");
        let nearest = Embedding::new(embedding).unwrap();
        assert!(cosine(&nearest, embedding) > 0.9998, "{name}: {}", cosine(&nearest, embedding));
        let idx = |id: &str| tagger.vocabulary().idx(id).unwrap_or_else(|| panic!("{name}: no tag {id}"));
        let score = |id: &str| -> f32 {
            tagger.vocabulary().leaf_classes(idx(id)).iter().map(|&class| scored.scores[class as usize]).sum()
        };
        for tag in &expected.top {
            let found = score(&tag.id);
            if (found - tag.score).abs() > expected.tolerance {
                wrong.push(format!("{name}: {} is {found}, expected {}", tag.id, tag.score));
            }
        }
        assert!(score(&expected.top[0].id) >= expected.min_top1_score, "{name}");
        for ExpectedConfidence { id, confidence, from } in &expected.surest {
            let found = scored.candidates.iter().find(|candidate| candidate.tag == idx(id));
            let sure = found.map_or(0.0, |candidate| candidate.confidence);
            if (sure - confidence).abs() > expected.confidence_tolerance {
                wrong.push(format!("{name}: {id} is {sure} sure, expected {confidence}"));
            }
            let component = found.map(|candidate| &components[usize::from(candidate.component)]);
            if from.is_some() && *confidence > 0.1 && component != from.as_ref() {
                wrong.push(format!("{name}: {id} is from {component:?}, expected {from:?}"));
            }
        }
        let faces = detector.find(&decode(&picture, &Limits::default(), None).unwrap().1).unwrap();
        if faces.len() != expected.faces.len() {
            wrong.push(format!("{name}: {} faces, expected {}", faces.len(), expected.faces.len()));
        }
        for (found, expected) in faces.iter().zip(&expected.faces) {
            let apart = found.region.iter().zip(expected.region).map(|(found, expected)| (found - expected).abs());
            let apart = apart.fold(0.0, f32::max);
            if apart > 0.02 || (found.z - expected.z).abs() > 0.3 {
                wrong.push(format!("{name}: a face at {:?} ({})", found.region, found.z));
            }
            n_faces += 1;
        }
        n_cases += 1;
    }
    assert!(n_cases >= 12 && n_faces >= 2, "only {n_cases} cases with {n_faces} faces were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Most that a side of a box may lie off, in pixels of the picture.
const MAX_PIXELS_OFF: f32 = 2.0;

#[test]
fn objects_lie_where_pillow_and_onnxruntime_see_them() {
    let tagger = with_objects();
    let mut n_objects = 0;
    for case in folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")) {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Expected = serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
        let (_, picture) = decode(&fs::read(picture_of(&case)).unwrap(), &Limits::default(), None).unwrap();
        let first = tagger.infer(&picture, String::new(), "jpeg").unwrap();
        let first =
            Tagging { facts: first.facts, candidates: first.candidates, boxes: first.boxes, timings: first.timings };
        let seen = tagger.look_again(&picture, &first).unwrap();
        for ExpectedObject { id, region } in &expected.objects {
            let tag = tagger.vocabulary().idx(id).unwrap();
            let found = seen.boxes.iter().find(|one| one.tag == tag);
            let found = found.unwrap_or_else(|| panic!("{name}: no {id} in {:?}", seen.boxes)).region;
            let sides = [expected.width, expected.height, expected.width, expected.height].map(|side| side as f32);
            let off = (0..4).map(|nth| (found[nth] - region[nth]).abs() * sides[nth]).fold(0.0, f32::max);
            assert!(off <= MAX_PIXELS_OFF, "{name}: {id} at {found:?}, expected {region:?}: {off} pixels off");
            n_objects += 1;
        }
    }
    assert!(n_objects >= 5, "only {n_objects} objects");
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.json").exists())
        .collect();
    folders.sort();
    folders
}

fn picture_of(case: &Path) -> PathBuf {
    let mut files = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    files.find(|file| file.file_stem().is_some_and(|stem| stem == "picture")).expect("a picture in the case")
}
