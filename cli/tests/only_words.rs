//! `tagsmith tag --only-words`: tags are words of the list, or there are none.

mod bench;

use std::collections::BTreeSet;
use std::fs;

use bench::{Bench, lines, stderr};
use serde_json::Value;

/// As Lightroom writes it: tabs, a synonym, a keyword that is not exported.
const WORDS: &str = "[MINA]\n\tDjur\n\t\tKisse\n\t\t\t{katt}\n\t\t\t{tabby cat}\n\tFika\n\t\t{espresso}\n\t\t{kaffe}\n";

fn pictures(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench.golden("chelsea/picture.jpg", "cat.jpg").golden("coffee/picture.jpg", "coffee.jpg");
    bench.file("words.txt", WORDS.as_bytes());
    bench
}

fn names(report: &Value) -> BTreeSet<String> {
    let tags = report["tags"].as_array().unwrap().iter();
    tags.flat_map(|tag| [&tag["name"]].into_iter().chain(tag["parent_names"].as_array().into_iter().flatten()))
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn tags_are_words_of_the_list_with_what_lies_above_them_in_every_format() {
    let bench = pictures("only_words");
    let args = ["tag", "cat.jpg", "coffee.jpg", "--lang", "sv", "--only-words", "words.txt", "--threshold", "0.05"];
    let output = bench.tagsmith(&args);
    assert!(output.status.success(), "{}", stderr(&output));
    let reports = lines(&output);
    assert_eq!(reports.len(), 2);
    assert!(names(&reports[0]).contains("Kisse") && names(&reports[1]).contains("Fika"), "{reports:?}");
    for report in &reports {
        assert!(names(report).iter().all(|name| ["Djur", "Kisse", "Fika"].contains(&name.as_str())), "{report}");
        for tag in report["tags"].as_array().unwrap() {
            assert!(tag["id"].as_str().unwrap().starts_with("own:") && tag["category"].is_null(), "{tag}");
        }
    }
    let cat = &reports[0]["tags"][0];
    assert_eq!((cat["id"].as_str(), cat["parents"][0].as_str()), (Some("own:kisse"), Some("own:djur")));
    let output = bench.tagsmith(&[&args[..], &["--format", "xmp", "--output", "out"]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let sidecar = fs::read_to_string(bench.dir.join("out/cat.xmp"))
        .or_else(|_| fs::read_to_string(bench.dir.join("out/cat.jpg.xmp")));
    assert!(sidecar.as_ref().unwrap().contains("Djur|Kisse") && !sidecar.unwrap().contains("MINA"));
}

#[test]
fn a_list_that_cannot_be_read_is_refused_before_anything_is_tagged() {
    let bench = pictures("only_words_refused");
    bench
        .file("empty.txt", b"\n")
        .file("latin.txt", b"K\xe4tt\n")
        .file("long.txt", format!("Kisse\n{}\n", "x".repeat(200)).as_bytes());
    for (list, part) in [("gone.txt", "cannot be read"), ("empty.txt", "no word"), ("latin.txt", "UTF-8")] {
        let output = bench.tagsmith(&["tag", "cat.jpg", "--only-words", list]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{list}");
        assert!(stderr(&output).contains(part), "{list}: {}", stderr(&output));
    }
    let output = bench.tagsmith(&["tag", "cat.jpg", "--only-words", "long.txt"]);
    assert!(output.status.success() && stderr(&output).contains("1 entry"), "{}", stderr(&output));
    assert_eq!(bench.tagsmith(&["tag", "cat.jpg", "--only-words", "words.txt", "--candidates"]).status.code(), Some(2));
}
