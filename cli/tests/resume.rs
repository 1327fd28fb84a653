//! `tag --resume`: nothing is lost when the program ends, nothing is tagged twice, and the output is the same as without.
#![cfg(unix)]

mod bench;
#[path = "bench/drawn.rs"]
mod drawn;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::bench::{Bench, lines, stderr};
use crate::drawn::{Random, picture};

const LIBRARY: &str = "kept.tagsmith";

/// But for how long it took.
fn assert_same(mut found: Vec<Value>, mut wanted: Vec<Value>, what: &str) {
    for report in found.iter_mut().chain(&mut wanted) {
        report.as_object_mut().unwrap().remove("timings_ms");
    }
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found, wanted, "{what}");
    }
}

/// When each asset was tagged, by run and hash.
fn tagged(bench: &Bench) -> BTreeMap<(i64, String), i64> {
    let library = Connection::open_with_flags(bench.dir.join(LIBRARY), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let query = "SELECT t.run, hex(a.sha256), t.tagged_ms FROM tagging AS t JOIN asset AS a ON a.id = t.asset";
    let mut rows = library.prepare(query).unwrap();
    let rows = rows.query_map((), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// A JPEG with EXIF that says when it was taken, and nothing else.
fn dated(jpeg: &[u8]) -> Vec<u8> {
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0\
        2026:08:01 12:30:59\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xFF\xE1", &length, exif, &jpeg[2..]].concat()
}

fn resumed(bench: &Bench, args: &[&str]) -> Vec<Value> {
    let output = bench.tagsmith(&[&["tag", "many", "--resume", LIBRARY], args].concat());
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    lines(&output)
}

#[test]
fn what_is_known_is_not_tagged_again_and_the_output_is_the_same() {
    let bench = Bench::new("resume_known");
    bench
        .golden("coffee/picture.jpg", "many/coffee.jpg")
        .golden("chelsea_small_png/picture.png", "many/sub/cat.png")
        .golden("coffee/picture.jpg", "many/sub/coffee again.jpg")
        .file("many/empty.jpg", b"")
        .file("many/text.jpg", b"this is no picture");
    let coffee = fs::read(bench.dir.join("many/coffee.jpg")).unwrap();
    bench.file("many/dated.jpg", &dated(&coffee));
    let plain = bench.tagsmith(&["tag", "many", "--candidates"]);
    let first = resumed(&bench, &["--candidates", "--threads", "1"]);
    assert_same(first.clone(), lines(&plain), "a first call");
    let known = tagged(&bench);
    assert_eq!(known.len(), 3, "two files are one asset");
    assert_eq!(first[1]["taken_ms"], 1_785_587_459_000_i64, "{}", first[1]["path"]);
    assert!(resumed(&bench, &["--candidates"]) == first, "with the times that it took");
    let swedish = bench.tagsmith(&["tag", "many", "--lang", "sv", "--policy", "sure"]);
    assert_same(resumed(&bench, &["--lang", "sv", "--policy", "sure"]), lines(&swedish), "another policy");
    assert_eq!(tagged(&bench), known, "nothing was tagged again");

    bench
        .golden("rocket_progressive/picture.jpg", "many/coffee.jpg")
        .golden("clock_webp/picture.webp", "many/text.jpg");
    let changed = bench.tagsmith(&["tag", "many", "--candidates"]);
    assert_same(resumed(&bench, &["--candidates"]), lines(&changed), "other files");
    let more = tagged(&bench);
    assert!(more.len() == 5 && known.iter().all(|(asset, ms)| more[asset] == *ms), "only what changed is tagged");

    let without = bench.tagsmith(&["tag", "many", "--no-objects"]);
    assert_same(resumed(&bench, &["--no-objects"]), lines(&without), "another run");
    assert_same(resumed(&bench, &["--candidates"]), lines(&changed), "which leaves this one");
    assert_eq!(tagged(&bench).len(), 10);
}

#[test]
fn a_picture_that_failed_is_tried_again_only_under_another_set_up() {
    let bench = Bench::new("resume_failed");
    bench.file("many/a.bmp", &picture(1)).file("many/b.bmp", &picture(2)).file("many/c.jpg", b"no picture");
    let codes = |reports: &[Value]| -> Vec<String> {
        reports.iter().map(|report| report["error"]["code"].as_str().unwrap_or("none").to_owned()).collect()
    };
    let failed = ["picture_side_too_long", "picture_side_too_long", "picture_format_unknown"];
    assert_eq!(codes(&resumed(&bench, &["--max-side", "40"])), failed);
    // The same size and date: it is believed to have failed.
    let path = bench.dir.join("many/c.jpg");
    let date = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, b"10 letters").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(date).unwrap();
    let again = resumed(&bench, &["--max-side", "40"]);
    assert_eq!(codes(&again), failed);
    assert!(again[0]["error"]["detail"].as_str().unwrap().contains("--max-side"), "{}", again[0]);
    assert_eq!(codes(&resumed(&bench, &[])), ["none", "none", "picture_format_unknown"]);
    bench.file("many/c.jpg", &picture(3));
    assert_eq!(codes(&resumed(&bench, &[])), ["none"; 3]);
}

#[test]
fn killed_at_any_moment_it_goes_on_and_nothing_is_tagged_twice() {
    const N: u32 = 60;
    let bench = Bench::new("resume_killed");
    for n in 0..N {
        bench.file(&format!("many/{n:02}.bmp"), &picture(n));
    }
    let args = ["tag", "many", "--resume", LIBRARY, "--threads", "2", "--no-objects"];
    let mut random = Random(20);
    let mut known = BTreeMap::new();
    for _ in 0..3 {
        let mut child = bench.command(&args).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let begun = known.len() as u64;
        for _ in 0..begun + 1 + random.below(12) {
            stdout.read_line(&mut String::new()).unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let listed = bench.tagsmith(&["library", LIBRARY, "--json"]);
        assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
        let now = tagged(&bench);
        assert_eq!(lines(&listed)[0]["tagged"], now.len(), "{}", lines(&listed)[0]);
        assert!(now.len() as u64 > begun, "what was there a moment before is kept");
        assert!(known.iter().all(|(asset, ms)| now.get(asset) == Some(ms)), "nothing is tagged again or lost");
        known = now;
    }
    let last = resumed(&bench, &["--threads", "2", "--no-objects"]);
    let all = tagged(&bench);
    assert!(all.len() == N as usize && known.iter().all(|(asset, ms)| all[asset] == *ms));
    assert_same(last, lines(&bench.tagsmith(&["tag", "many", "--no-objects"])), "after three kills");
}

#[test]
fn an_interrupted_run_keeps_what_is_finished() {
    let bench = Bench::new("resume_interrupted");
    for n in 0..60 {
        bench.file(&format!("many/{n:02}.bmp"), &picture(n));
    }
    let args = ["tag", "many", "--resume", LIBRARY, "--threads", "1", "--no-objects"];
    let mut child = bench.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    stdout.read_line(&mut text).unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    stdout.read_to_string(&mut text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    let known = tagged(&bench);
    assert!(known.len() >= text.lines().count(), "what is written is kept");
    assert_eq!(resumed(&bench, &["--no-objects"]).len(), 60);
    assert!(known.iter().all(|(asset, ms)| tagged(&bench)[asset] == *ms));
}

#[test]
fn what_cannot_be_kept_is_said_before_anything_is_done() {
    let bench = Bench::new("resume_refused");
    bench
        .file("many/a.bmp", &picture(1))
        .file("tags.jsonl", b"{\"path\":\"many/a.bmp\"}\n")
        .file("empty.tagsmith", b"");
    for (args, part) in [
        (&["many", "--resume", LIBRARY, "--all-scores"][..], "--all-scores"),
        (&["many", "--resume", LIBRARY, "--embedding"], "--embedding"),
        (&["-", "--resume", LIBRARY], "standard input"),
        (&["many", "--resume", "tags.jsonl"], "(library_damaged)"),
        (&["many", "--resume", "many"], "is not a file"),
        (&["many", "--resume", "new.tagsmith", "--output", "./new.tagsmith"], "is the library itself"),
        (&["many", "--resume", "gone/kept.tagsmith"], "cannot be opened or written"),
    ] {
        let output = bench.tagsmith(&[&["tag"], args].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
        assert!(stderr(&output).contains(part), "{args:?}: {}", stderr(&output));
    }
    assert_eq!(fs::read(bench.dir.join("tags.jsonl")).unwrap(), b"{\"path\":\"many/a.bmp\"}\n");
    let fresh = bench.tagsmith(&["tag", "many", "--resume", "empty.tagsmith"]);
    assert_eq!(fresh.status.code(), Some(0), "an empty file becomes a library: {}", stderr(&fresh));

    let library = Connection::open(bench.dir.join("empty.tagsmith")).unwrap();
    library.execute_batch("BEGIN IMMEDIATE").unwrap();
    let output = bench.tagsmith(&["tag", "many", "--resume", "empty.tagsmith"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("in use by another program"), "{}", stderr(&output));
}
