//! What is taken of folders that people have, and what is said of the rest.
#![cfg(unix)]

mod bench;

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Output;

use crate::bench::{Bench, lines, stderr};

fn paths(output: &Output) -> Vec<String> {
    lines(output).iter().map(|line| line["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn links_to_files_are_tagged_under_their_own_paths_and_what_is_not_followed_is_said() {
    let bench = Bench::new("links");
    bench.golden("coffee/picture.jpg", "annex/.git/annex/objects/KEY-a.jpg");
    bench.file("annex/2017/notes.txt", b"no picture");
    let link = |to: &str, from: &str| symlink(to, bench.dir.join(from)).unwrap();
    link("../.git/annex/objects/KEY-a.jpg", "annex/2017/coffee.jpg");
    link("coffee.jpg", "annex/2017/link of a link");
    link("../.git/annex/objects/KEY-c.jpg", "annex/2017/dropped.jpg");
    link("round.jpg", "annex/2017/round.jpg");
    link("gone.txt", "annex/2017/other.txt");
    link("..", "annex/2017/up");
    link("/dev/zero", "annex/2017/zero.jpg");
    let _socket = UnixListener::bind(bench.dir.join("annex/2017/socket.jpg")).unwrap();
    let output = bench.tagsmith(&["tag", "annex"]);
    assert_eq!(paths(&output), ["annex/2017/coffee.jpg", "annex/2017/link of a link"]);
    assert_eq!(output.status.code(), Some(1), "what leads nowhere could not be tagged");
    let said = stderr(&output);
    for part in [
        "2 links lead nowhere: annex/2017/dropped.jpg, annex/2017/round.jpg",
        "left out 1 hidden folder, 1 link to a folder, 2 pipes or devices",
        "skipped 2 files that are not pictures",
        "2 of 4 pictures could not be tagged",
    ] {
        assert!(said.contains(part), "{said}");
    }
    link("annex/.git", "named");
    let named = bench.tagsmith(&["tag", "annex/2017/up/.git", "named"]);
    let wanted = ["annex/2017/up/.git/annex/objects/KEY-a.jpg", "named/annex/objects/KEY-a.jpg"];
    assert_eq!(paths(&named), wanted, "what is named is taken");
    assert_eq!((named.status.code(), stderr(&named)), (Some(0), String::new()));
}

#[test]
fn hidden_and_system_folders_are_left_out_and_so_is_what_a_pattern_names() {
    let bench = Bench::new("left_out");
    for name in ["trip/a.jpg", "trip/._a.jpg", "trip/@eaDir/a.jpg/thumb.jpg", "trip/.thumbnails/1.jpg"] {
        bench.golden("chelsea_small_png/picture.png", &format!("nas/{name}"));
    }
    for name in ["#Recycle/old.jpg", ".Trash-1000/files/x.jpg", "trip/raw/a.png", "trip/b.png"] {
        bench.golden("chelsea_small_png/picture.png", &format!("nas/{name}"));
    }
    let output = bench.tagsmith(&["tag", "nas"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(paths(&output), ["nas/trip/a.jpg", "nas/trip/b.png", "nas/trip/raw/a.png"]);
    let told = "left out 1 hidden file, 2 hidden folders, 1 folder #Recycle, 1 folder @eaDir. ";
    assert!(stderr(&output).contains(told), "{}", stderr(&output));
    let output = bench.tagsmith(&["tag", "nas", "nas/trip/b.png", "--exclude", "trip/raw", "--exclude", "b.*"]);
    assert_eq!(paths(&output), ["nas/trip/a.jpg"]);
    assert!(stderr(&output).contains("3 excluded"), "{}", stderr(&output));
    assert_eq!(bench.tagsmith(&["tag", "nas", "--exclude", "["]).status.code(), Some(2));
}

/// Other systems have no such names.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf_8_stay_different_in_every_output() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let bench = Bench::new("latin1");
    bench.golden("chelsea_small_png/picture.png", "latin1/lumi\\xE8re.png");
    for name in [&b"latin1/lumi\xE8re.png"[..], b"latin1/lumi\xE9re.png"] {
        fs::copy(bench.dir.join("latin1/lumi\\xE8re.png"), bench.dir.join(OsStr::from_bytes(name))).unwrap();
    }
    let output = bench.tagsmith(&["tag", "latin1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let wanted = ["latin1/lumi\\x5CxE8re.png", "latin1/lumi\\xE8re.png", "latin1/lumi\\xE9re.png"];
    assert_eq!(paths(&output), wanted);
    let csv = bench.tagsmith(&["tag", "latin1", "--format", "csv"]);
    let csv = str::from_utf8(&csv.stdout).unwrap();
    assert!(wanted.iter().all(|path| csv.contains(&format!("\"{path}\""))), "{csv}");
    let output = bench.tagsmith(&["tag", "latin1", "--format", "captions", "--output", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(fs::read_dir(bench.dir.join("out/latin1")).unwrap().count(), 3);
}

#[test]
fn where_there_is_nothing_to_tag_that_is_said_and_no_failure() {
    let bench = Bench::new("nothing");
    bench.file("hidden/.a.jpg", b"x");
    fs::create_dir(bench.dir.join("empty")).unwrap();
    let output = bench.tagsmith(&["tag", "empty", "hidden", "--format", "json"]);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &b"[]\n"[..]));
    let said = stderr(&output);
    assert!(said.contains("no pictures found in empty, hidden\n") && said.contains("1 hidden file"), "{said}");
}
