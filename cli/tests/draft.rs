//! `tagsmith models draft` writes a model from an ONNX file and what lies beside it.

mod bench;

use std::fs;
use std::path::Path;

use bench::{Bench, lines, stderr};
use serde_json::Value;

const LABELS: &[u8] = b"hound\nterrier\npoodle\ntabby\nsparrow\nsaloon\nestate\nracer\npippin\nwidget\n";

fn fixture(file: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/models").join(file)).unwrap()
}

fn bench(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench.file("net/network.onnx", &fixture("float32/model.onnx")).file("net/labels.txt", LABELS);
    bench.golden("coffee/picture.jpg", "picture.jpg");
    bench
}

fn card(bench: &Bench, folder: &str) -> Value {
    serde_json::from_slice(&fs::read(bench.dir.join(folder).join("model.json")).unwrap()).unwrap()
}

#[test]
fn files_in_any_order_or_their_folder_become_a_model_that_tags() {
    let bench = bench("draft");
    for (folder, files) in [("a", &["net/labels.txt", "net/network.onnx"][..]), ("b", &["net"])] {
        let args: Vec<&str> =
            ["models", "draft"].into_iter().chain(files.iter().copied()).chain(["--out", folder]).collect();
        let output = bench.tagsmith(&args);
        assert!(output.status.success(), "{}", stderr(&output));
        let said = stderr(&output);
        assert!(said.contains("labels: 10, hound to widget (stated by labels.txt)"), "{said}");
        assert!(said.contains("size: 32 x 32 (width x height) (stated by the file)"), "{said}");
        assert!(said.contains("a GUESS") && said.contains("--colour bgr"), "{said}");
        assert_eq!(card(&bench, folder)["preparation"], "guess");
        assert_eq!(card(&bench, folder)["name"], "network");
        let tagged = bench.tagsmith(&["tag", "picture.jpg", "--model", folder, "--threshold", "0.001"]);
        assert!(stderr(&tagged).contains("is a guess"), "{}", stderr(&tagged));
        assert!(!lines(&tagged)[0]["tags"].as_array().unwrap().is_empty());
    }
    let again = bench.tagsmith(&["models", "draft", "net", "--out", "a"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("is there already, and is not overwritten"), "{}", stderr(&again));
}

#[test]
fn what_neighbours_and_options_say_is_in_the_card() {
    let bench = bench("draft_said");
    bench.file(
        "net/preprocessor_config.json",
        br#"{"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"size":{"height":32,"width":32},"resample":3}"#,
    );
    let output = bench.tagsmith(&["models", "draft", "net", "--out", "told"]);
    assert!(stderr(&output).contains("(stated by preprocessor_config.json)"), "{}", stderr(&output));
    let told = card(&bench, "told");
    assert_eq!((&told["preparation"], &told["input"]["filter"]), (&"stated".into(), &"bicubic".into()));
    assert_eq!(told["input"]["mean"], serde_json::json!([127.5, 127.5, 127.5]));
    let options = [
        "models",
        "draft",
        "net/network.onnx",
        "--labels",
        "net/labels.txt",
        "--out",
        "said",
        "--colour",
        "bgr",
        "--mean",
        "-1,2,3.5",
        "--std",
        "2",
        "--fit",
        "squash_crop",
        "--whole",
        "40x36",
        "--filter",
        "nearest",
        "--activation",
        "sigmoid",
        "--name",
        "Mine",
    ];
    let output = bench.tagsmith(&options);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = card(&bench, "said");
    assert_eq!(
        (&said["preparation"], &said["activation"], &said["name"]),
        (&"confirmed".into(), &"sigmoid".into(), &"Mine".into())
    );
    let input = &said["input"];
    assert_eq!(input["fit"], serde_json::json!({"kind": "squash_crop", "height": 36, "width": 40}));
    assert_eq!(
        (&input["mean"], &input["std"]),
        (&serde_json::json!([-1.0, 2.0, 3.5]), &serde_json::json!([2.0, 2.0, 2.0]))
    );
    assert!(!stderr(&output).contains("GUESS"));
}

#[test]
fn what_is_missing_is_named_and_nothing_is_written() {
    let bench = bench("draft_missing");
    bench.file("short.txt", b"a\nb\nc\n");
    for (args, words) in [
        (&["models", "draft", "net/network.onnx", "--out", "x"][..], "Nothing names the classes"),
        (&["models", "draft", "net/network.onnx", "short.txt", "--out", "x"], "3 labels"),
        (&["models", "draft", "net/labels.txt", "--out", "x"], "no .onnx file"),
        (&["models", "draft", "gone.onnx", "--out", "x"], "gone.onnx"),
        (&["models", "draft", "net", "--out", "x", "--size", "64"], "32 × 32"),
        (&["models", "draft", "net", "--out", "x", "--std", "0"], "std above 0"),
        (&["tag", "picture.jpg", "--model", "net/network.onnx"], "tagsmith models draft net/network.onnx"),
        (&["tag", "picture.jpg", "--model", "net"], "has no model.json"),
    ] {
        let output = bench.tagsmith(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(words), "{args:?}: {}", stderr(&output));
        assert!(!bench.dir.join("x").exists(), "{args:?}");
    }
}
