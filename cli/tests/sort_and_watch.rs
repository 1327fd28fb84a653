//! `tag --sort-into` and `unsort`: nothing is overwritten or lost, whatever happens. `tag --watch`: what comes is tagged once it is whole.
#![cfg(unix)]

mod bench;
#[path = "bench/drawn.rs"]
mod drawn;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use walkdir::WalkDir;

use crate::bench::{Bench, stderr};
use crate::drawn::{Random, picture};

/// All files below a folder, by their paths from there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.path().is_file());
    let named = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
    entries.map(|entry| (named(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn signal(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn pictures_get_into_the_folders_of_their_surest_tags_and_back_and_nothing_is_overwritten() {
    let bench = Bench::new("sort");
    bench.golden("coffee/picture.jpg", "in/a/x.jpg").golden("chelsea_small_png/picture.png", "in/cat.png");
    bench.golden("coffee/picture.jpg", "in/b/x.jpg").file("in/bad.jpg", b"no picture");
    let cropped = [&fs::read(bench.dir.join("in/a/x.jpg")).unwrap()[..], b"another file"].concat();
    bench.file("in/c/x.jpg", &cropped).file("out/espresso/x.jpg", b"mine");
    symlink(bench.dir.join("in/cat.png"), bench.dir.join("in/link.png")).unwrap();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(bench.dir.join("in/cat.png")).unwrap().set_modified(old).unwrap();
    let originals = files(&bench.dir.join("in"));
    let sort = |args: &[&str]| {
        let output = bench.tagsmith(&[&["tag", "in", "--no-objects", "--sort-into", "out"], args].concat());
        assert_eq!(output.status.code(), Some(1), "bad.jpg: {}", stderr(&output));
        output
    };
    let out = bench.dir.join("out");
    let dry = sort(&["--dry-run"]);
    assert!(
        stderr(&dry).contains("in/bad.jpg: ") && stderr(&dry).contains("(picture_format_unknown)"),
        "{}",
        stderr(&dry)
    );
    let planned = said(&dry);
    assert_eq!(names(&out), ["espresso/x.jpg"], "nothing is done");
    let done = said(&sort(&[]));
    assert_eq!(planned.replace("would copy", "copied"), done);
    let espresso = ["espresso/x (2).jpg", "espresso/x (3).jpg", "espresso/x.jpg"];
    let cats = ["tabby cat/cat.png", "tabby cat/link.png", "tagsmith-sorted.jsonl"];
    assert_eq!(names(&out), [&espresso[..], &cats].concat());
    assert!(done.contains("in/b/x.jpg is there already: out/espresso/x (2).jpg\n"), "{done}");
    assert_eq!(fs::read(out.join("espresso/x (3).jpg")).unwrap(), cropped);
    assert_eq!(fs::metadata(out.join("tabby cat/cat.png")).unwrap().modified().unwrap(), old);
    assert!(stderr(&sort(&[])).contains("0 pictures sorted"), "a second time");
    let reports = sort(&["--format", "jsonl"]);
    assert_eq!(bench::lines(&reports).len(), 6, "reports where they are asked for");

    // What has changed, and the last copy of a picture, are left.
    fs::write(out.join("espresso/x (3).jpg"), b"edited").unwrap();
    fs::rename(bench.dir.join("in/a/x.jpg"), bench.dir.join("x.jpg")).unwrap();
    let back = bench.tagsmith(&["unsort", "out"]);
    assert_eq!(back.status.code(), Some(1));
    for part in
        ["x (3).jpg is left: it has changed", "x (2).jpg is left: ", "may be the last", "2 pictures taken back; 2 left"]
    {
        assert!(stderr(&back).contains(part), "{}", stderr(&back));
    }
    assert_eq!(names(&out), [&espresso[..], &["tagsmith-sorted.jsonl"]].concat());
    fs::rename(bench.dir.join("x.jpg"), bench.dir.join("in/a/x.jpg")).unwrap();
    fs::write(out.join("espresso/x (3).jpg"), &cropped).unwrap();
    assert_eq!(bench.tagsmith(&["unsort", "out"]).status.code(), Some(0));
    assert_eq!(names(&out), ["espresso/x.jpg"]);
    assert_eq!(fs::read(out.join("espresso/x.jpg")).unwrap(), b"mine");

    let moved = sort(&["--move"]);
    assert!(stderr(&moved).contains("in/link.png stays where it is: it is a link"), "{}", stderr(&moved));
    assert_eq!(names(&bench.dir.join("in")), ["b/x.jpg", "bad.jpg"], "and the link, which leads nowhere now");
    assert_eq!(bench.tagsmith(&["unsort", "out"]).status.code(), Some(0));
    assert_eq!(files(&bench.dir.join("in")), originals);
    sort(&["--link"]);
    let inode = |path: &str| fs::metadata(bench.dir.join(path)).unwrap().ino();
    assert_eq!(inode("out/tabby cat/cat.png"), inode("in/cat.png"));
    assert_eq!(bench.tagsmith(&["unsort", "out"]).status.code(), Some(0));
    bench.tagsmith(&["tag", "in/bad.jpg", "--sort-into", "for/nothing"]);
    assert!(!bench.dir.join("for/nothing").exists());
    let nothing = bench.tagsmith(&["unsort", "out"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(stderr(&nothing).contains("nothing was sorted into it"), "{}", stderr(&nothing));
}

#[test]
fn a_word_that_leads_elsewhere_is_the_name_of_a_folder_and_a_journal_of_strangers_reaches_nothing() {
    let bench = Bench::new("sort_hostile");
    bench.golden("coffee/picture.jpg", "in/x.jpg");
    bench.file("words.csv", b"name,id\n../../espresso,espresso\n");
    let args = ["tag", "in", "--no-objects", "--sort-into", "out", "--only-words", "words.csv"];
    let output = bench.tagsmith(&args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(said(&output), "copied in/x.jpg to out/_.._.._espresso/x.jpg\n");
    let journal = fs::read_to_string(bench.dir.join("out/tagsmith-sorted.jsonl")).unwrap();
    let stranger = journal.replace("_.._.._espresso/x.jpg", "../in/x.jpg");
    bench.file("out/tagsmith-sorted.jsonl", stranger.as_bytes());
    assert_eq!(bench.tagsmith(&["unsort", "out"]).status.code(), Some(2));
    let itself = journal.replace("/in/x.jpg\"", "/out/_.._.._espresso/x.jpg\"");
    assert_ne!(itself, journal);
    bench.file("out/tagsmith-sorted.jsonl", itself.as_bytes());
    let left = bench.tagsmith(&["unsort", "out"]);
    assert_eq!(left.status.code(), Some(1));
    assert!(stderr(&left).contains("is this very file"), "{}", stderr(&left));
    // A stranger's: the last one is to become settings that a shell reads, and begins as a picture does.
    fs::copy(bench.dir.join("out/_.._.._espresso/x.jpg"), bench.dir.join("out/x")).unwrap();
    for (to, from) in [("_.._.._espresso/x.jpg", "profile"), ("x", ".profile")] {
        let elsewhere = journal.replace("\"copy\"", "\"move\"").replace("/in/x.jpg\"", &format!("/in/{from}\""));
        bench.file("out/tagsmith-sorted.jsonl", elsewhere.replace("_.._.._espresso/x.jpg", to).as_bytes());
        let left = bench.tagsmith(&["unsort", "out"]);
        assert!(stderr(&left).contains(&format!("/in/{from} is no name for it")), "{}", stderr(&left));
    }
    fs::remove_file(bench.dir.join("out/x")).unwrap();
    bench.file("out/tagsmith-sorted.jsonl", (journal + "{\"how\":\"mo").as_bytes());
    assert_eq!(bench.tagsmith(&["unsort", "out"]).status.code(), Some(0), "a line that was cut off");
    assert_eq!(names(&bench.dir), ["in/x.jpg", "words.csv"]);
}

#[test]
fn killed_in_the_middle_of_moving_every_picture_is_whole_and_can_be_taken_back() {
    const N: u32 = 60;
    let bench = Bench::new("sort_killed");
    for n in 0..N {
        bench.file(&format!("in/{n:02}.bmp"), &picture(n));
    }
    let originals = files(&bench.dir.join("in"));
    let args = ["tag", "in", "--no-objects", "--threshold", "0.001", "--sort-into", "out", "--move"];
    let mut random = Random(23);
    for how in ["-KILL", "-INT"] {
        let mut child = bench.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for _ in 0..5 + random.below(10) {
            lines.next().unwrap().unwrap();
        }
        signal(&child, how);
        assert!(lines.map(Result::unwrap).all(|line| line.starts_with("moved in/")));
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), (how == "-INT").then_some(130), "{}", stderr(&output));
        let (stay, moved) = (files(&bench.dir.join("in")), files(&bench.dir.join("out")));
        assert!(stay.len() < N as usize, "it had begun");
        let is_whole = |(path, content): (&String, &Vec<u8>)| {
            let name = Path::new(path).file_name().unwrap().to_str().unwrap();
            name == "tagsmith-sorted.jsonl" || originals[name] == *content
        };
        assert!(stay.iter().chain(&moved).all(is_whole));
        assert_eq!(bench.tagsmith(&["unsort", "out"]).status.code(), Some(0));
        assert_eq!(files(&bench.dir.join("in")), originals, "{how}");
    }
    // Between the new name and the end of the old one: the next call goes on.
    bench.tagsmith(&args);
    let moved = names(&bench.dir.join("out"));
    let one = moved.iter().find(|path| path.ends_with("00.bmp")).unwrap();
    fs::hard_link(bench.dir.join("out").join(one), bench.dir.join("in/00.bmp")).unwrap();
    bench.tagsmith(&args);
    assert!(names(&bench.dir.join("in")).is_empty());
}

/// A call that watches "in".
struct Watching {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
}

impl Watching {
    fn begin(bench: &Bench, args: &[&str]) -> Self {
        let mut command = bench.command(&[&["tag", "--watch", "in", "--no-objects"], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut watching = Self { said: BufReader::new(child.stderr.take().unwrap()), child };
        watching.wait_until("watching in");
        watching
    }

    fn wait_until(&mut self, part: &str) {
        let mut line = String::new();
        while !line.contains(part) {
            line.clear();
            assert!(self.said.read_line(&mut line).unwrap() > 0, "it ended before it said {part:?}");
        }
    }

    fn end(mut self) -> (Option<i32>, String) {
        signal(&self.child, "-INT");
        let mut said = String::new();
        self.said.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

#[test]
fn what_comes_into_a_watched_folder_is_tagged_once_it_is_whole() {
    let bench = Bench::new("watch");
    let whole = picture(9);
    bench.file("in/there.bmp", &picture(1)).file("in/sub/text.txt", b"no picture");
    let mut watching = Watching::begin(&bench, &["--resume", "kept.tagsmith", "--exclude", "out/*"]);
    let mut reports = BufReader::new(watching.child.stdout.take().unwrap()).lines();
    let mut next = || {
        let report: Value = serde_json::from_str(&reports.next().unwrap().unwrap()).unwrap();
        assert!(report["error"].is_null(), "{report}");
        (report["path"].as_str().unwrap().to_owned(), report["sha256"].as_str().unwrap().to_owned())
    };
    let tagged = |path: &str, content: &[u8]| (path.to_owned(), tagsmith::sha256(content));
    assert_eq!(next(), tagged("in/there.bmp", &picture(1)));
    // Slowly written, in a new folder; hidden, excluded and unfinished ones beside it.
    bench.file("in/new/slow.bmp", &whole[..3000]).file("in/new/.hidden.bmp", &whole);
    bench.file("in/out/x.bmp", &whole).file("in/new/load.bmp.part", &picture(2)).file("in/new/empty.bmp", b"");
    thread::sleep(Duration::from_millis(700));
    bench.file("in/new/slow.bmp", &whole);
    assert_eq!(next(), tagged("in/new/slow.bmp", &whole));
    // Renamed, and changed.
    fs::rename(bench.dir.join("in/new/load.bmp.part"), bench.dir.join("in/new/load.bmp")).unwrap();
    assert_eq!(next(), tagged("in/new/load.bmp", &picture(2)));
    bench.file("in/there.bmp", &picture(3));
    assert_eq!(next(), tagged("in/there.bmp", &picture(3)));
    // A folder that vanishes is no end.
    fs::rename(bench.dir.join("in"), bench.dir.join("away")).unwrap();
    watching.wait_until("in is gone");
    bench.file("in/back.bmp", &picture(4));
    watching.wait_until("in is back");
    assert_eq!(next(), tagged("in/back.bmp", &picture(4)));
    assert_eq!(watching.end(), (Some(0), String::new()));
    assert!(reports.next().is_none());
    let kept = String::from_utf8(bench.tagsmith(&["library", "kept.tagsmith"]).stdout).unwrap();
    assert!(kept.contains("4 files, 4 tagged"), "{kept}");
}

#[test]
fn a_watched_folder_gives_files_for_each_picture_and_refuses_what_would_never_end() {
    let bench = Bench::new("watch_files");
    bench.file("real/same.bmp", &picture(1));
    symlink("real", bench.dir.join("in")).unwrap();
    let format = ["--format", "captions", "--output", "out", "--threshold", "0.001"];
    let mut watching = Watching::begin(&bench, &format);
    bench.file("real/other.bmp", &picture(2)).file("in/same.dib", &picture(3));
    watching.wait_until("would share");
    let captions = files(&bench.dir.join("out"));
    assert!(captions.values().all(|caption| caption.ends_with(b"\n")));
    let is_there = || names(&bench.dir.join("out")) == ["in/other.txt", "in/same.txt"];
    while !is_there() {
        thread::sleep(Duration::from_millis(20));
    }
    let (code, said) = watching.end();
    assert_eq!((code, said), (Some(1), String::new()), "one was left out");
    for (args, part) in [
        (&["--format", "xlsx", "--output", "x.xlsx"][..], "whole only at its end"),
        (&["--format", "json"], "whole only at its end"),
        (&["--format", "keywords", "--output", "in/copies"], "would be tagged again"),
        (&["--sort-into", "in/../in/sorted"], "would be tagged again"),
        (&["--watch", "nowhere"], "nowhere cannot be watched"),
        (&["--watch", "in/same.bmp"], "it is no folder"),
    ] {
        let refused = bench.tagsmith(&[&["tag", "--watch", "in"], args].concat());
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains(part), "{}", stderr(&refused));
    }
}
