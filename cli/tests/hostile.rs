//! Names and files that were made to do harm: no terminal obeys them, and nothing is read without end.
#![cfg(unix)]

mod bench;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use crate::bench::{Bench, lines, stderr};

const ODD: &str = "\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{202e}gpj";

/// What standard output and standard error hold, which a terminal must not obey.
fn assert_printable(output: &Output) {
    for text in [&output.stdout, &output.stderr] {
        let text = str::from_utf8(text).unwrap();
        let odd = |c: char| c != '\n' && tagsmith::is_unprintable(c);
        assert!(!text.contains(odd), "{text:?}");
    }
}

#[test]
fn no_name_reaches_a_terminal_as_it_is() {
    let bench = Bench::new("odd_names");
    let name = format!("{ODD}.jpg");
    bench.file(&name, b"").file(&format!("{ODD}/picture.txt"), b"").file("pictures/a.txt", b"");
    symlink("nowhere", bench.dir.join(format!("pictures/{ODD}.png"))).unwrap();
    let output = bench.tagsmith(&["tag", &name]);
    assert_eq!(lines(&output)[0]["path"], name, "the same value, escaped");
    assert_printable(&output);
    let model = format!("{ODD}/model");
    for (args, code) in [
        (&["tag", &name, "--format", "json"][..], 1),
        (&["tag", &name, "--format", "captions", "--output", "out"], 1),
        (&["tag", ODD], 0),
        (&["tag", "pictures"], 1),
        (&["tag", &name, "--lang", ODD], 2),
        (&["tag", &name, "--model", &model], 2),
        (&["tag", &name, "--deny", ODD], 2),
        (&["tag", &format!("--{ODD}")], 2),
    ] {
        let output = bench.tagsmith(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        assert_printable(&output);
    }
    bench.file(&format!("{model}/model.json"), format!("{{\"schema\": \"{ODD}\"}}").replace('\u{1b}', "").as_bytes());
    assert_printable(&bench.tagsmith(&["tag", &name, "--model", &model]));
}

#[test]
fn a_models_files_are_files_and_no_more_of_them_is_read_than_the_card_says() {
    let bench = Bench::new("hostile_model");
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/efficientnet-lite0");
    let names = ["model.json", "vocabulary.json", "model.onnx", "heads/general.json"];
    for name in names {
        bench.file(&format!("model/{name}"), &fs::read(format!("{bundled}/{name}")).unwrap());
    }
    for (name, code) in names.iter().zip(["file_unreadable"; 4]) {
        let path = bench.dir.join("model").join(name);
        let good = fs::read(&path).unwrap();
        let refused = |what: &str| {
            let output = bench.tagsmith(&["tag", "coffee.jpg", "--model", "model"]);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{name}, {what}");
            stderr(&output)
        };
        fs::remove_file(&path).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert!(refused("a pipe").contains("not a file"), "{code}");
        fs::remove_file(&path).unwrap();
        symlink("/dev/zero", &path).unwrap();
        assert!(refused("a device").contains("not a file"));
        fs::remove_file(&path).unwrap();
        // As large as a disk, and nothing on it.
        fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
        let said = refused("endless");
        assert!(said.contains("more than 16 MiB") || said.contains("more bytes"), "{name}: {said}");
        fs::write(&path, good).unwrap();
    }
}

#[test]
fn threads_are_bounded_and_what_lies_where_a_sidecar_belongs_may_be_anything() {
    let bench = Bench::new("bounds");
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    assert_eq!(bench.tagsmith(&["tag", "coffee.jpg", "--threads", "257"]).status.code(), Some(2));
    fs::create_dir(bench.dir.join("out")).unwrap();
    let sidecar = bench.dir.join("out/coffee.jpg.xmp");
    for what in ["a pipe", "endless"] {
        let made = match what {
            "a pipe" => Command::new("mkfifo").arg(&sidecar).status().is_ok(),
            _ => fs::File::create(&sidecar).unwrap().set_len(1 << 40).is_ok(),
        };
        assert!(made);
        let output = bench.tagsmith(&["tag", "coffee.jpg", "--format", "xmp", "--output", "out", "--threads", "256"]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(stderr(&output).contains("xmp_invalid"), "{what}: {}", stderr(&output));
        fs::remove_file(&sidecar).unwrap();
    }
}

#[test]
fn the_licences_name_what_is_linked_and_nothing_in_them_moves_a_terminal() {
    let output = Bench::new("licences").tagsmith(&["licences"]);
    assert_eq!(output.status.code(), Some(0));
    let text = str::from_utf8(&output.stdout).unwrap();
    for part in [
        "clap ",
        "tract-onnx ",
        "unicode-normalization ",
        "the model efficientnet-lite0",
        "Permission is hereby granted",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains(|c| c != '\n' && c != '\t' && c != '\u{c}' && tagsmith::is_unprintable(c)));
}
