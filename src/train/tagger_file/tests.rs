use serde_json::{Value, json};

use super::*;
use crate::model::BackboneRef;
use crate::tagging::{OwnTag, Rivalry};

fn tagger() -> TaggerFile {
    let tag = TagRef { id: "own:hat".into(), name: "Hat".into(), language: None };
    let backbone = BackboneRef { id: "small".into(), version: "1.0.0".into(), sha256: Some("ab".repeat(32)) };
    let head = OwnHead {
        id: "shoes".into(),
        name: "Shoes".into(),
        version: 3,
        title: "Spring".into(),
        comment: String::new(),
        made_ms: 1_790_000_000_000,
        seed: 1,
        backbone: backbone.clone(),
        n_features: 3,
        tags: vec![OwnTag {
            tag: tag.clone(),
            intercept: 0.1,
            slope: 1.0 / 3.0,
            offset: -1.0,
            threshold: 0.5,
            is_completely_trained: false,
            n_examples: 1,
            n_rejected: 0,
            companions: Vec::new(),
        }],
        rivalry: Rivalry { evidence: 1.0, rivals: 0.0, offset: 0.0 },
        weights: vec![0.1 + 0.2, -1e-20, 3.0],
        familiarity: None,
    };
    let example = |id: u32| Example {
        id,
        views: vec![Embedding { scale: 0.1, vector: vec![-127, 0, 127] }],
        tags: vec![0],
        rejected: vec![1],
        sha256: [id as u8 + 200; 32],
        longer_side: id * 600,
    };
    let rare = TagRef { id: "own:rare".into(), name: "rare".into(), language: Some("sv".into()) };
    let set = TrainingSet {
        backbone,
        n_features: 3,
        tags: vec![tag, rare],
        examples: vec![example(0), example(1)],
        others: Vec::new(),
    };
    let light = GuidelineState { tag: "own:hat".into(), guideline: "examples".into(), light: "red".into() };
    TaggerFile { head, lights: vec![light], set: Some(MovedSet { set, squares: Vec::new() }) }
}

fn edited(edit: impl FnOnce(&mut Value)) -> Result<TaggerFile> {
    let mut file: Value = serde_json::from_str(&tagger().json()).unwrap();
    edit(&mut file);
    TaggerFile::parse(&file.to_string())
}

#[test]
fn what_is_written_is_read_again_bit_for_bit() {
    let mut tagger = tagger();
    assert_eq!(TaggerFile::parse(&tagger.json()).unwrap(), tagger);
    let webp = b"RIFF\x04\0\0\0WEBP".to_vec();
    tagger.set.as_mut().unwrap().squares = vec![webp, Vec::new()];
    assert_eq!(TaggerFile::parse(&tagger.json()).unwrap(), tagger);
    let alone = TaggerFile { lights: Vec::new(), set: None, ..tagger };
    assert_eq!(TaggerFile::parse(&alone.json()).unwrap(), alone);
    assert_eq!(TaggerFile::parse(&alone.head.json()).unwrap(), alone, "a head's own file");
}

#[test]
fn nothing_of_the_pictures_goes_along_unless_it_is_given() {
    let json = TaggerFile { lights: Vec::new(), set: None, ..tagger() }.json();
    for word in ["set", "examples", "sha256\":\"c8", "square", "views"] {
        assert!(!json.contains(&format!("\"{word}")), "{word}");
    }
}

#[test]
fn a_hostile_file_is_refused_with_the_reason() {
    let set = |pointer: &'static str, value: Value| edited(|file| *file.pointer_mut(pointer).unwrap() = value);
    let one = |field: &'static str, value: Value| edited(|file| file["set"]["examples"][1][field] = value);
    for (refused, reason) in [
        (set("/schema", 2.into()), "schema 2"),
        (set("/format", "x".into()), "another kind"),
        (set("/head/weights", STANDARD.encode([0xFF; 12]).into()), "no numbers"),
        (set("/head/n_features", 4.into()), "do not fit"),
        (set("/head", json!([])), "cannot be read"),
        (set("/lights/0/light", "<b>".into()), "guideline"),
        (set("/lights/0/tag", "\u{202e}".into()), "guideline"),
        (set("/set/tags/1/name", "\u{1b}[2J".into()), "cannot be shown"),
        (set("/set/tags/1/language", "\u{1b}".into()), "cannot be shown"),
        (set("/set/tags/1/id", "own:hat".into()), "twice"),
        (set("/lights", vec![json!({"tag": "a", "guideline": "a", "light": "a"}); 100_001].into()), "more than 100000"),
        (set("/set/tags", json!([])), "does not belong together"),
        (one("tags", json!([7])), "does not belong together"),
        (one("tags", json!([-1])), "cannot be read"),
        (one("views", json!([])), "does not belong together"),
        (one("views", json!([{"scale": 1, "vector": "AAA="}])), "does not belong together"),
        (one("views", json!([{"scale": 1e60, "vector": "AAAA"}])), "does not belong together"),
        (one("views", json!([{"scale": 1, "vector": "?"}])), "not base64"),
        (one("views", json!(vec![json!({"scale": 1, "vector": "AAAA"}); 17])), "more than 16 entries"),
        (one("sha256", "ab".into()), "no hash"),
        (one("sha256", "ö".repeat(32).into()), "no hash"),
        (one("square", STANDARD.encode("<svg onload=x>").into()), "no small WebP"),
        (one("square", STANDARD.encode([b"RIFF\x04\0\0\0WEBP".as_slice(), &[0; 300_000]].concat()).into()), "no small"),
        (one("path", "/etc".into()), "unknown field"),
        (
            edited(|file| file["set"]["examples"] = vec![file["set"]["examples"][0].clone(); 100_001].into()),
            "more than 100000 entries",
        ),
        (TaggerFile::parse("{"), "cannot be read"),
        (TaggerFile::parse("[]"), "cannot be read"),
        (TaggerFile::parse("{}"), "cannot be read"),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OwnHeadInvalid);
        assert!(error.detail().contains(reason), "{error} does not mention {reason}");
    }
}
