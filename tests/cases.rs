//! Golden pictures, natively: the same files and expectations run in both wasm builds (tests/web).

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tagsmith::card::sha256;
use tagsmith::decode::Limits;
use tagsmith::tagger::Tagger;

#[derive(Deserialize)]
struct Expected {
    width: u32,
    height: u32,
    format: String,
    tolerance: f32,
    min_top1_score: f32,
    top: Vec<ExpectedTag>,
}

#[derive(Deserialize)]
struct ExpectedTag {
    id: String,
    score: f32,
}

#[test]
fn golden_pictures_get_the_scores_that_pillow_and_onnxruntime_give() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = root.join("models/efficientnet-lite0");
    let text = |name: &str| fs::read_to_string(model.join(name)).unwrap();
    let tagger =
        Tagger::load(&text("model.json"), &text("vocabulary.json"), &fs::read(model.join("model.onnx")).unwrap())
            .unwrap();
    let mut wrong = Vec::new();
    let mut n_cases = 0;
    for case in folders(&root.join("tests/cases")) {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Expected = serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
        let picture = fs::read(picture_of(&case)).unwrap();
        let (scored, _) = tagger
            .tag_file(&picture, sha256(&picture), &Limits::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((scored.facts.width, scored.facts.height), (expected.width, expected.height), "{name}");
        assert_eq!(scored.facts.format, expected.format, "{name}");
        let score = |id: &str| {
            let tag = tagger.vocabulary().idx(id).unwrap_or_else(|| panic!("{name}: no tag {id}"));
            scored.candidates.iter().find(|candidate| candidate.tag == tag).map_or(0.0, |candidate| candidate.score)
        };
        for tag in &expected.top {
            let found = score(&tag.id);
            if (found - tag.score).abs() > expected.tolerance {
                wrong.push(format!("{name}: {} is {found}, expected {}", tag.id, tag.score));
            }
        }
        assert!(score(&expected.top[0].id) >= expected.min_top1_score, "{name}");
        n_cases += 1;
    }
    assert!(n_cases >= 12, "only {n_cases} cases were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
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
