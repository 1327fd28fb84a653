//! How the command line behaves among other programs: pipes, signals, devices, languages, limits, exit codes.
#![cfg(unix)]

mod bench;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bench::{Bench, lines, stderr};

fn piped(bench: &Bench, args: &[&str]) -> Child {
    let mut command = bench.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_reader_that_goes_away_is_no_error_and_nobody_has_to_listen() {
    let bench = Bench::new("reader_gone");
    bench.golden("coffee/picture.jpg", "coffee.jpg").file("bad.jpg", b"");
    for (args, code) in [
        (&["tag", "coffee.jpg"][..], 0),
        (&["tag", "coffee.jpg", "--format", "json"], 0),
        (&["tag", "bad.jpg", "--format", "csv"], 1),
        (&["tag", "coffee.jpg", "--format", "xlsx"], 0),
    ] {
        let mut child = piped(&bench, args);
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output)), (Some(code), String::new()), "{args:?}");
    }
    let mut licences = piped(&bench, &["licences"]);
    drop(licences.stdout.take());
    assert_eq!(licences.wait().unwrap().code(), Some(0));
    let candidates = bench.tagsmith(&["tag", "coffee.jpg", "--candidates"]).stdout;
    let mut select = piped(&bench, &["select", "--threshold", "0.5"]);
    drop(select.stdout.take());
    select.stdin.take().unwrap().write_all(&candidates).unwrap();
    let output = select.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    let mut child = piped(&bench, &["tag", "bad.jpg", "--lang", "xx"]);
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2), "nobody hears why");
}

#[test]
fn an_interrupted_run_leaves_whole_results_that_came_one_by_one() {
    let bench = Bench::new("interrupted");
    bench.golden("chelsea/picture.jpg", "original.jpg");
    fs::create_dir(bench.dir.join("many")).unwrap();
    for n in 0..400 {
        fs::hard_link(bench.dir.join("original.jpg"), bench.dir.join(format!("many/{n:03}.jpg"))).unwrap();
    }
    for (format, signal) in [("jsonl", "-INT"), ("json", "-TERM"), ("csv", "-INT")] {
        let mut child = piped(&bench, &["tag", "many", "--format", format, "--threads", "1"]);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        while !text.contains("000.jpg") {
            assert!(stdout.read_line(&mut text).unwrap() > 0, "{text}");
        }
        assert!(child.try_wait().unwrap().is_none(), "the first result came long before the last");
        // Twice, as `timeout` does: once the program, once its group.
        let child_id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &child_id, &child_id]).status().unwrap().success());
        stdout.read_to_string(&mut text).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{format}: {}", stderr(&output));
        let paths: Vec<String> = match format {
            "csv" => {
                csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.unwrap()[0].to_owned()).collect()
            }
            _ => {
                let list: Vec<Value> = match format {
                    "json" => serde_json::from_str(&text).unwrap(),
                    _ => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
                };
                list.iter().map(|report| report["path"].as_str().unwrap().to_owned()).collect()
            }
        };
        let mut paths = paths;
        paths.dedup();
        assert!(paths.is_sorted() && paths.len() < 400, "{paths:?}");
        let said = format!("interrupted after {} of 400 pictures", paths.len());
        assert!(stderr(&output).contains(&said), "{} but {said}", stderr(&output));
    }
}

#[test]
fn pipes_and_devices_hold_nothing_up_and_a_dash_is_standard_input() {
    let bench = Bench::new("pipes");
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    let picture = fs::read(bench.dir.join("coffee.jpg")).unwrap();
    for name in ["silent.jpg", "pipe.jpg"] {
        assert!(Command::new("mkfifo").arg(bench.dir.join(name)).status().unwrap().success());
    }
    let begun = Instant::now();
    let files = ["silent.jpg", "/dev/zero", "-", "pipe.jpg", "coffee.jpg"];
    let mut child = piped(&bench, &[&["tag", "--threads", "5"][..], &files].concat());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&picture).unwrap();
    drop(stdin);
    fs::write(bench.dir.join("pipe.jpg"), &picture).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!(output.status.code(), Some(1));
    let reports = lines(&output);
    assert_eq!(reports.iter().map(|report| report["path"].as_str().unwrap()).collect::<Vec<_>>(), files);
    for (report, part) in reports.iter().zip(["nothing came through it for 5 seconds", "is a device, not a file"]) {
        assert_eq!(report["error"]["code"], "file_unreadable");
        assert!(report["error"]["detail"].as_str().unwrap().contains(part), "{report}");
    }
    for report in &reports[2..] {
        assert_eq!((&report["sha256"], &report["tags"][0]["id"]), (&reports[4]["sha256"], &"espresso".into()));
    }
    let mut child = piped(&bench, &["tag", "-", "--format", "keywords", "--output", "out"]);
    child.stdin.take().unwrap().write_all(&picture).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(stderr(&output).contains("keywords_not_writable"), "{}", stderr(&output));
    bench.file("-", &picture);
    assert_eq!(lines(&bench.tagsmith(&["tag", "./-"]))[0]["sha256"], reports[4]["sha256"]);
}

#[test]
fn languages_are_known_in_any_spelling_and_the_unknown_is_refused() {
    let bench = Bench::new("languages");
    bench.golden("chelsea_small_png/picture.png", "cat.png");
    let name = |language: &str| {
        let output = bench.tagsmith(&["tag", "cat.png", "--lang", language, "--format", "JSONL"]);
        lines(&output)[0]["tags"][0]["name"].as_str().unwrap().to_owned()
    };
    assert_ne!(name("sv"), name("en"));
    assert_eq!(name("SV"), name("sv"));
    assert_eq!(name("sv_SE.UTF-8"), name("sv"));
    let output = bench.tagsmith(&["tag", "cat.png", "--lang", "xx"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(stderr(&output).contains("\"xx\"") && stderr(&output).contains("en, sv, de"), "{}", stderr(&output));
}

/// A black picture of one bit a pixel.
fn bmp(width: u32, height: u32) -> Vec<u8> {
    let bytes = width.div_ceil(32) * 4 * height;
    let mut file = b"BM".to_vec();
    for word in [62 + bytes, 0, 62, 40, width, height, 1 | 1 << 16, 0, bytes, 0, 0, 2, 0, 0, 0xFF_FF_FF] {
        file.extend(word.to_le_bytes());
    }
    file.resize(file.len() + bytes as usize, 0);
    file
}

#[test]
fn what_is_refused_for_its_size_names_the_option_that_lets_it_pass() {
    let bench = Bench::new("limits");
    bench.file("wide.bmp", &bmp(20_000, 2)).file("large.bmp", &bmp(1200, 1000)).file("long", &vec![0; 2 << 20]);
    for (file, code, option, low, high) in [
        ("wide.bmp", "picture_side_too_long", "--max-side", "19999", "20000"),
        ("large.bmp", "picture_too_many_pixels", "--max-megapixels", "1", "2"),
    ] {
        let refused = &lines(&bench.tagsmith(&["tag", file, option, low]))[0]["error"];
        assert_eq!(refused["code"], code);
        assert!(refused["detail"].as_str().unwrap().contains(option), "{refused}");
        let output = bench.tagsmith(&["tag", file, option, high]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let mut command = bench.command(&["tag", "long", "-", "--max-file", "1"]);
    let output = command.stdin(fs::File::open("/dev/zero").unwrap()).output().unwrap();
    for report in lines(&output) {
        assert_eq!(report["error"]["code"], "picture_file_too_large");
        assert!(report["error"]["detail"].as_str().unwrap().contains("--max-file"), "{report}");
    }
    for wrong in [["--max-megapixels", "0"], ["--max-megapixels", "269"], ["--max-side", "-1"], ["--max-file", "x"]] {
        assert_eq!(bench.tagsmith(&["tag", "long", wrong[0], wrong[1]]).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn the_help_and_the_guide_list_the_exit_codes() {
    let help = Bench::new("help").tagsmith(&["tag", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    let guide = include_str!("../../docs/USING.md");
    for code in [0, 1, 2, 130] {
        assert!(help.contains(&format!("\n{code}  ")) || help.contains(&format!(" {code} ")), "{code}: {help}");
        assert!(guide.contains(&format!("\n| {code} | ")), "{code}");
    }
}
