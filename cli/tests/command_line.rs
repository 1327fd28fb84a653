//! What the command line offers around tagging: lists of files, the manual, completions, the list of models.
#![cfg(unix)]

mod bench;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::bench::{Bench, lines, stderr};

/// With this on standard input.
fn fed(bench: &Bench, args: &[&str], input: &[u8]) -> Output {
    let mut command = bench.command(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn paths(output: &Output) -> Vec<String> {
    lines(output).iter().map(|line| line["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_list_of_files_is_read_from_a_file_and_from_standard_input_whatever_the_names_are() {
    let bench = Bench::new("files_from");
    for name in ["in/a b.jpg", "--model", "two\nlines.jpg", "-"] {
        bench.golden("chelsea_small_png/picture.png", name);
    }
    let odd = bench.dir.join(OsStr::from_bytes(b"odd\xE8.jpg"));
    fs::copy(bench.dir.join("-"), &odd).unwrap();
    let tag = |args: &[&str], list: &[u8]| {
        let output = fed(&bench, &[&["tag", "--no-objects", "--files-from"], args].concat(), list);
        (output.status.code(), paths(&output), stderr(&output))
    };
    let (code, found, _) = tag(&["-"], b"in\r\n\n--model\n-\nodd\xE8.jpg\nnowhere.jpg");
    assert_eq!(found, ["in/a b.jpg", "--model", "./-", "odd\\xE8.jpg", "nowhere.jpg"]);
    assert_eq!(code, Some(1), "one is nowhere, and has its report");
    let listed = |args: &[&str]| tag(&[&["-", "-0"], args].concat(), b"two\nlines.jpg\0in/a b.jpg\0");
    let kept = ["--resume", "kept.tagsmith"];
    let first = listed(&kept);
    assert_eq!(
        (first.0, &first.1),
        (Some(0), &vec!["two\nlines.jpg".to_owned(), "in/a b.jpg".to_owned()]),
        "{}",
        first.2
    );
    assert_eq!(listed(&kept), first, "goes on with a list");
    bench.file("list", b"in/a b.jpg");
    assert_eq!(
        tag(&["list", "--exclude", "in", "--", "--model"], b"").1,
        ["--model", "in/a b.jpg"],
        "what is listed is named"
    );
    for (args, list, part) in [
        (&["-", "-"][..], &b""[..], "a list and a picture at once"),
        (&["-"], b"a\0b\0", "add --null"),
        (&["missing"], b"", "The list missing cannot be read"),
    ] {
        let (code, found, said) = tag(args, list);
        assert_eq!((code, found.len()), (Some(2), 0));
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(tag(&["-"], b"\n\r\n"), (Some(0), vec![], "tagsmith: no pictures found\n".to_owned()));
}

#[test]
fn every_command_has_a_page_of_the_manual_and_shells_can_complete_it() {
    let bench = Bench::new("manual");
    assert_eq!(bench.tagsmith(&["man", "--out", "man1"]).status.code(), Some(0));
    let page = |name: &str| fs::read_to_string(bench.dir.join("man1").join(name)).unwrap();
    let program = page("tagsmith.1");
    assert_eq!(program.as_bytes(), bench.tagsmith(&["man"]).stdout);
    let help = String::from_utf8(bench.tagsmith(&["--help"]).stdout).unwrap();
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let commands: Vec<&str> =
        commands.map(|line| line.split_whitespace().next().unwrap()).filter(|name| *name != "help").collect();
    assert!(commands.len() > 8, "{commands:?}");
    let completions = String::from_utf8(bench.tagsmith(&["completions", "bash"]).stdout).unwrap();
    for command in commands {
        assert!(program.contains(&format!("tagsmith\\-{command}(1)")), "{command}");
        assert!(page(&format!("tagsmith-{command}.1")).contains(&format!("tagsmith {command}")), "{command}");
        assert!(completions.contains(&format!("tagsmith,{command})")), "{command}");
        let help = bench.tagsmith(&[command, "--help"]).stdout;
        assert!(String::from_utf8(help).unwrap().contains("Exit codes: 0 "), "{command}");
    }
    for code in ["0 ", "1 ", "2 ", "130 "] {
        assert!(help.contains(&format!("\n  {code}")) && program.contains(&format!("\n  {code}")), "{help}");
    }
    assert!(page("tagsmith-models-draft.1").contains("\\-\\-labels"));
    let script = bench.dir.join("completions.bash");
    fs::write(&script, &completions).unwrap();
    let asked = "source \"$0\"; COMP_WORDS=(tagsmith tag --files); COMP_CWORD=2; _tagsmith tagsmith --files tag; echo \"${COMPREPLY[@]}\"";
    let answered = Command::new("bash").args(["-c", asked]).arg(&script).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&answered.stdout), "--files-from\n", "{}", stderr(&answered));
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert!(bench.tagsmith(&["completions", shell]).stdout.len() > 1000, "{shell}");
    }
    assert_eq!(bench.tagsmith(&["completions", "tcsh"]).status.code(), Some(2));
    bench.file("taken", b"");
    let refused = bench.tagsmith(&["man", "--out", "taken"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("cannot be written into taken"), "{}", stderr(&refused));
}

#[test]
fn the_bench_says_how_many_pictures_a_second_and_what_their_time_goes_into() {
    let bench = Bench::new("bench");
    bench.golden("chelsea_small_png/picture.png", "in/cat.png").file("in/bad.jpg", b"");
    let measure =
        |args: &[&str]| bench.tagsmith(&[&["bench", "--no-objects", "--seconds", "1", "--threads"], args].concat());
    let output = measure(&["1,2", "in", "--json"]);
    assert_eq!(output.status.code(), Some(1), "bad.jpg");
    assert!(stderr(&output).contains("in/bad.jpg: The file is empty"), "{}", stderr(&output));
    let figures = &lines(&output)[0];
    assert_eq!((&figures["n_pictures"], &figures["are_drawn"]), (&1.into(), &false.into()));
    let parts = &figures["ms_per_picture"];
    let part = |name: &str| parts[name].as_f64().unwrap();
    assert!(["decode", "resize", "infer", "tags"].map(part).iter().all(|ms| *ms > 0.0), "{parts}");
    let sum: f64 = ["decode", "resize", "infer", "tags", "objects"].map(part).iter().sum();
    assert!(sum <= part("whole") && part("objects") == 0.0, "{parts}");
    for (run, threads) in figures["runs"].as_array().unwrap().iter().zip([1, 2]) {
        let [pictures, seconds, per_second] =
            ["pictures", "seconds", "per_second"].map(|name| run[name].as_f64().unwrap());
        assert!(run["threads"] == threads && seconds >= 1.0 && (pictures / seconds - per_second).abs() < 1e-6, "{run}");
    }
    let table = String::from_utf8(measure(&["1"]).stdout).unwrap();
    for part in ["8 drawn pictures", "\n      1 ", "  decode ", " infer "] {
        assert!(table.contains(part), "{table}");
    }
    assert_eq!(measure(&["1", "in/bad.jpg"]).status.code(), Some(2), "nothing to measure with");
}

#[test]
fn the_models_in_the_program_and_in_the_catalog_are_listed() {
    let bench = Bench::new("models");
    let models = lines(&bench.tagsmith(&["models", "--json"]));
    let text = String::from_utf8(bench.tagsmith(&["models"]).stdout).unwrap();
    let catalog: serde_json::Value = serde_json::from_str(include_str!("../../models/catalog.json")).unwrap();
    let offered = catalog["models"].as_array().unwrap();
    assert_eq!(models.len(), 3 + offered.len());
    for one in &models {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models").join(one["id"].as_str().unwrap());
        let mb = one["bytes"].as_f64().unwrap() / 1e6;
        assert!(
            text.contains(&format!(
                "{}, {mb:.1} MB, {}",
                one["version"].as_str().unwrap(),
                one["licence"].as_str().unwrap()
            )),
            "{text}"
        );
        match offered.iter().find(|offer| offer["id"] == one["id"]) {
            Some(offer) => assert_eq!((&offer["url"], &offer["bytes"]), (&one["url"], &one["bytes"])),
            None => assert_eq!(fs::metadata(folder.join("model.onnx")).unwrap().len(), one["bytes"]),
        }
    }
}
