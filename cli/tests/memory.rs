//! Small files that ask for much: each costs its own report, and the program stays within its memory.

mod bench;
#[path = "../src/library/crc32.rs"]
mod crc32;
#[path = "bench/drawn.rs"]
mod drawn;
mod hostile_files;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;

use bench::{Bench, lines, stderr};
use hostile_files::{bmp, bmp_of_runs, gif, jpeg, tiff, webp_with_code_groups};
use rusqlite::Connection;
use serde_json::Value;

/// The bar, in MB of resident memory.
const MOST_MB: u64 = 700;
/// What begins the name of a good picture.
const GOOD: &str = "good";

#[test]
fn hostile_pictures_between_good_ones_cost_neither_them_nor_much_memory() {
    let bench = Bench::new("hostile");
    let files: [(&str, Vec<u8>, &str); 8] = [
        ("no_data.tif", tiff(10_000, 10_000), "picture_damaged"),
        ("frame_beyond_canvas.gif", gif((1, 1), (65_535, 3_250)), "picture_side_too_long"),
        ("canvas.gif", gif((10_000, 10_000), (1, 1)), ""),
        ("many_scans.jpg", jpeg(10_000, 100, 400), "picture_damaged"),
        ("no_coded_data.jpg", jpeg(10_000, 1, 0), "picture_damaged"),
        ("code_groups.webp", webp_with_code_groups(65_536), "picture_too_much_memory"),
        ("run_lengths.bmp", bmp(10_000, 10_000), ""),
        ("too_large.bmp", bmp(0x7FFF_FFFF, -0x7FFF_FFFF), "picture_side_too_long"),
    ];
    let mut names = vec!["good0.jpg".to_owned()];
    bench.golden("coffee/picture.jpg", "good0.jpg");
    for (name, bytes, _) in &files {
        bench.file(name, bytes).golden("coffee/picture.jpg", &format!("good_{name}.jpg"));
        names.extend([(*name).to_owned(), format!("good_{name}.jpg")]);
    }
    let reports = tag_all(&bench, &names);
    for (name, _, code) in files {
        let report = reports.iter().find(|report| report["path"] == name).expect("one for each");
        assert_eq!(report["error"]["code"].as_str().unwrap_or_default(), code, "{report}");
    }
}

/// Cases outside the repository; there is nothing to check without them.
#[test]
fn hostile_pictures_from_elsewhere_cost_no_good_one_if_available() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/field/hostile/pictures");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return;
    };
    let bench = Bench::new("hostile_elsewhere");
    bench.golden("coffee/picture.jpg", "good.jpg");
    let mut names = vec!["good.jpg".to_owned()];
    for entry in entries {
        names.extend([entry.unwrap().path().display().to_string(), "good.jpg".to_owned()]);
    }
    assert!(names.len() > 20, "{names:?}");
    tag_all(&bench, &names);
}

#[test]
fn what_takes_too_much_memory_names_the_option_that_lets_it_pass() {
    let bench = Bench::new("memory");
    bench.file("canvas.gif", &gif((6000, 5000), (1, 1)));
    let refused = bench.tagsmith(&["tag", "canvas.gif", "--max-memory", "64"]);
    let error = &lines(&refused)[0]["error"];
    assert_eq!(error["code"], "picture_too_much_memory");
    assert!(error["detail"].as_str().unwrap().ends_with("The option is --max-memory."), "{error}");
    assert!(stderr(&refused).contains("1 of 1 picture"), "{}", stderr(&refused));
    assert_eq!(bench.tagsmith(&["tag", "canvas.gif", "--max-memory", "128"]).status.code(), Some(0));
}

/// Own taggers read the pictures of a library again that has no embeddings of them, as one of an earlier version has none.
#[test]
#[cfg(target_os = "linux")]
fn pictures_that_only_own_taggers_read_wait_for_each_other_too() {
    let bench = Bench::new("memory_own");
    for n in 0..10 {
        bench.file(&format!("train/{}/{n}.bmp", n % 2), &drawn::picture(n));
    }
    for n in 0..3 {
        bench.file(&format!("many/{n}.bmp"), &bmp_of_runs(4000, 4000 - n));
    }
    let model = format!("{}/../tests/fixtures/models/float32", env!("CARGO_MANIFEST_DIR"));
    let trained = bench.tagsmith(&["train", "train", "--out", "own.json", "--model", &model]);
    assert_eq!(trained.status.code(), Some(0), "{}", stderr(&trained));
    let resume = ["tag", "many", "--resume", "kept.tagsmith", "--model", &model, "--max-memory", "64", "--no-objects"];
    assert_eq!(bench.tagsmith(&resume).status.code(), Some(0));
    let library = Connection::open(bench.dir.join("kept.tagsmith")).unwrap();
    crc32::add_to(&library).unwrap();
    assert_eq!(library.execute("DELETE FROM embedding", ()).unwrap(), 3);
    drop(library);
    let peak = |threads: &str| {
        let args = [&resume[..], &["--custom", "own.json", "--threads", threads]].concat();
        let mut child = bench.command(&args).stdout(Stdio::null()).spawn().unwrap();
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            most = peak_kilobytes(child.id()).unwrap_or(0).max(most);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        assert!(child.wait().unwrap().success() && most > 0);
        most
    };
    let (alone, together) = (peak("1"), peak("3"));
    assert!(together < alone + 30_000, "{together} kB, and {alone} kB one after the other");
}

/// Of a program that has not ended.
fn peak_kilobytes(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().trim_end_matches(" kB").parse().ok()
}

/// Reports of the pictures, of which the good ones must have tags, within the memory.
fn tag_all(bench: &Bench, names: &[String]) -> Vec<Value> {
    let args: Vec<&str> = ["tag"].into_iter().chain(names.iter().map(String::as_str)).chain(["-"]).collect();
    let mut child = bench.command(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut written = BufReader::new(child.stdout.take().unwrap()).lines();
    let reports: Vec<Value> =
        written.by_ref().take(names.len()).map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    // It waits for the last picture, so it can still be asked.
    if cfg!(target_os = "linux") {
        let kilobytes = peak_kilobytes(child.id()).unwrap();
        assert!(kilobytes * 1024 <= MOST_MB * 1_000_000, "{kilobytes} kB");
    }
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(reports.len(), names.len());
    for (report, name) in reports.iter().zip(names) {
        assert_eq!(report["path"].as_str(), Some(name.as_str()));
        assert!(!name.starts_with(GOOD) || !report["tags"].as_array().unwrap().is_empty(), "{report}");
    }
    reports
}
