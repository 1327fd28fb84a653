//! What other taggers have left in a library, as the command line reads, checks, migrates and rescues it.

mod bench;
#[path = "../src/library/crc32.rs"]
mod crc32;
#[path = "bench/drawn.rs"]
mod drawn;
#[path = "bench/kept.rs"]
mod kept;
#[path = "bench/providers.rs"]
mod providers;

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::bench::{Bench, lines, stderr};
use crate::drawn::picture;
use crate::kept::{LIBRARY, assert_are_found, change, library, number};
use crate::providers::PROVIDERS;

#[test]
fn a_list_says_who_else_has_tagged() {
    let bench = library("providers_list", PROVIDERS);
    let text = bench.tagsmith(&["library", LIBRARY]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.ends_with("\n     also tagged by google: 1 file\n"), "{text}");
    let listed = lines(&bench.tagsmith(&["library", LIBRARY, "--json"]));
    assert_eq!(listed[0]["taggers"][1], json!({ "kind": "provider", "tagger": "google", "files": 1 }));
}

/// What an export says of a picture: its tags by providers, and its texts.
fn said(bench: &Bench, path: &str) -> (Vec<String>, [Option<String>; 3]) {
    let output = bench.tagsmith(&["library", LIBRARY, "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let all = lines(&output);
    let one = all.iter().find(|one| one["path"] == path).unwrap();
    let tags = one["tags"].as_array().unwrap().iter().filter(|tag| tag["source"] == "cloud");
    let text = |field: &str| one[field].as_str().map(str::to_owned);
    let named = |tag: &Value| format!("{} {}", tag["from"].as_str().unwrap(), tag["name"].as_str().unwrap());
    (tags.map(named).collect(), ["title", "description", "alt_text"].map(text))
}

#[test]
fn an_export_has_what_shows_of_providers_and_texts() {
    let bench = library("providers_export", PROVIDERS);
    let some = |text: &str| Some(text.to_owned());
    let over = some("Över taket");
    let google = || vec!["provider:google sky".to_owned()];
    assert_eq!(said(&bench, "many/a.bmp"), (google(), [some("A sky"), over.clone(), None]));
    assert_eq!(said(&bench, "many/b.bmp"), (vec![], [None, over.clone(), None]));
    // A later run of the provider that only adds leaves what was there; one that replaces does not, not even a text.
    let later = |mode: &str| {
        format!(
            "UPDATE run SET settings = json_set(settings, '$.mode', '{mode}') WHERE id = 102;
             INSERT OR IGNORE INTO tagging (asset, run, looks, timings, candidates, boxes, tagged_ms)
                SELECT asset, 102, 1, timings, x'', x'', 7 FROM tagging WHERE run = 101"
        )
    };
    change(&bench, &later("add")).unwrap();
    assert_eq!(said(&bench, "many/a.bmp"), (google(), [some("A sky"), over.clone(), None]));
    change(&bench, &later("replace")).unwrap();
    assert_eq!(said(&bench, "many/a.bmp"), (vec![], [None, over.clone(), None]));
    change(&bench, "UPDATE run SET undone_ms = 7 WHERE id = 102").unwrap();
    assert_eq!(said(&bench, "many/a.bmp"), (google(), [some("A sky"), over.clone(), None]));
    change(&bench, "UPDATE run SET undone_ms = 7 WHERE id = 101").unwrap();
    assert_eq!(said(&bench, "many/a.bmp"), (vec![], [None, over, None]));
}

/// Values that no program of ours writes, each in what version 2 has brought.
const MISFITS: [&str; 28] = [
    "UPDATE request SET id = 0 WHERE id = 5",
    "UPDATE request SET id = 9007199254740993 WHERE id = 5",
    "UPDATE request SET provider = ''",
    "UPDATE request SET host = CAST(x'ff' AS TEXT)",
    "UPDATE request SET detail = 'a' || char(0)",
    "UPDATE request SET detail = printf('%20000d', 1)",
    "UPDATE request SET tab = printf('%300d', 1) WHERE id = 6",
    "UPDATE request SET n_units = -1 WHERE id = 5",
    "UPDATE request SET n_maybe = 1 << 40",
    "UPDATE request SET status = 1000",
    "UPDATE request SET outcome = 'answered' WHERE id = 6",
    "UPDATE request SET outcome = NULL WHERE id = 5",
    "UPDATE awaited SET run = 1",
    "UPDATE awaited SET position = -1",
    "UPDATE awaited SET failure_detail = NULL",
    "UPDATE awaited SET request = 6 WHERE failure_code IS NOT NULL",
    "UPDATE awaited SET failure_code = '' WHERE failure_code IS NOT NULL",
    "UPDATE awaited SET failure_detail = CAST(x'80' AS TEXT) WHERE failure_code IS NOT NULL",
    "UPDATE found_text SET text = ''",
    "UPDATE found_text SET text = 'a' || char(0) || 'b'",
    "UPDATE found_text SET language = printf('%300d', 1)",
    "UPDATE found_text SET run = 1",
    "UPDATE given_text SET text = CAST(x'ff' AS TEXT)",
    "UPDATE given_text SET text = printf('%16385d', 1)",
    "UPDATE run SET settings = '[]' WHERE kind = 'provider'",
    "UPDATE run SET tagger = '' WHERE kind = 'provider'",
    "UPDATE tagging SET boxes = zeroblob(25) WHERE run = 101",
    "UPDATE ledger SET n = n + 1 WHERE name = 'awaited'",
];

/// What the tables themselves refuse.
const IMPOSSIBLE: [&str; 7] = [
    "UPDATE request SET purpose = 'more'",
    "UPDATE request SET outcome = 'more'",
    "UPDATE found_text SET field = 'caption'",
    "UPDATE given_text SET field = 'caption'",
    "UPDATE awaited SET position = 'first'",
    "UPDATE awaited SET is_maybe_paid = 2 WHERE failure_code IS NOT NULL",
    "UPDATE awaited SET is_maybe_paid = 1 WHERE failure_code IS NULL",
];

#[test]
fn values_that_no_program_writes_are_found_each() {
    let misfits = MISFITS.map(|sql| format!("PRAGMA foreign_keys = ON; {sql}"));
    assert_are_found(&library("providers_misfits", PROVIDERS), &misfits.each_ref().map(String::as_str), &IMPOSSIBLE);
}

#[test]
fn a_library_of_version_1_is_read_as_it_is_and_brought_up_to_date_by_what_is_recorded() {
    let bench = Bench::new("providers_version_1");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/library/version_1.tagsmith");
    let old = fs::read(fixture).unwrap();
    let path = bench.dir.join(LIBRARY);
    fs::write(&path, &old).unwrap();
    let listed = bench.tagsmith(&["library", LIBRARY]);
    assert!(listed.status.success() && fs::read(&path).unwrap() == old, "{}", stderr(&listed));
    bench.file("many/new.bmp", &picture(7));
    let output = bench.tagsmith(&["tag", "many/new.bmp", "--resume", LIBRARY, "--threads", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(number(&path, "PRAGMA user_version"), 4);
    assert_eq!(number(&path, "SELECT count(*) FROM ledger"), 20);
    assert_eq!(number(&path, "SELECT count(*) FROM correction"), 4);
    let again = bench.tagsmith(&["library", LIBRARY, "--json"]);
    let files: u64 = lines(&again).iter().map(|one| one["files"].as_u64().unwrap()).sum();
    assert_eq!(files, 5, "{}", stderr(&again));
}

fn fixture_of_version_2(bench: &Bench) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/library/version_2.tagsmith");
    fs::copy(fixture, bench.dir.join(LIBRARY)).unwrap();
}

/// Of the files that have failed: their codes, and whether asking again may cost a second time.
fn failures(library: &Path) -> Vec<(String, bool)> {
    let library = Connection::open(library).unwrap();
    let mut rows = library
        .prepare("SELECT failure_code, is_maybe_paid FROM awaited WHERE failure_code IS NOT NULL ORDER BY failure_code")
        .unwrap();
    rows.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn a_library_of_version_2_warns_of_what_may_have_been_paid_and_in_doubt_too() {
    let bench = Bench::new("providers_version_2");
    fixture_of_version_2(&bench);
    let path = bench.dir.join(LIBRARY);
    let codes = ["provider_answer_lost", "provider_picture_refused", "provider_throttled"];
    let change_all = |at: usize| {
        change(
            &bench,
            &format!("UPDATE awaited SET request = NULL, failure_code = '{}', failure_detail = ''", codes[at]),
        )
        .unwrap();
    };
    let listed = bench.tagsmith(&["library", LIBRARY]);
    assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
    bench.file("many/new.bmp", &picture(7));
    for (at, wanted) in [true, true, false].into_iter().enumerate() {
        fixture_of_version_2(&bench);
        change_all(at);
        let output = bench.tagsmith(&["tag", "many/new.bmp", "--resume", LIBRARY, "--threads", "1"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(failures(&path), vec![(codes[at].to_owned(), wanted); 2]);
        let listed = bench.tagsmith(&["library", LIBRARY]);
        assert_eq!(listed.status.code(), Some(0), "its ledger is as it says: {}", stderr(&listed));
    }
}

#[test]
fn a_rescue_of_version_2_keeps_its_job() {
    let bench = Bench::new("providers_rescue_2");
    fixture_of_version_2(&bench);
    let lost = "UPDATE awaited SET failure_code = 'provider_answer_lost' WHERE failure_code IS NOT NULL";
    change(&bench, &format!("{lost}; UPDATE ledger SET sum = sum + 1 WHERE name = 'embedding'")).unwrap();
    let output = bench.tagsmith(&["library", LIBRARY, "--rescue", "saved.tagsmith"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let saved = bench.dir.join("saved.tagsmith");
    assert_eq!(number(&saved, "SELECT count(*) FROM awaited"), 2);
    assert_eq!(failures(&saved), [("provider_answer_lost".to_owned(), true)]);
    assert_eq!(bench.tagsmith(&["library", "saved.tagsmith"]).status.code(), Some(0));
}

/// A table whose ledger is wrong, and what a rescue keeps: the rows of the tables that version 2 has brought, and whether jobs go on.
const DAMAGED: [(&str, [i64; 5]); 7] = [
    ("given_text", [2, 2, 1, 4, 1]),
    ("found_text", [2, 2, 0, 4, 1]),
    ("awaited", [2, 0, 1, 4, 0]),
    ("request", [0, 0, 1, 4, 0]),
    ("run", [2, 0, 0, 4, 0]),
    ("file", [2, 0, 1, 4, 0]),
    ("tag", [2, 2, 1, 4, 1]),
];

#[test]
fn a_rescue_keeps_what_is_certain_and_what_a_person_wrote() {
    let bench = library("providers_rescue", PROVIDERS);
    let path = bench.dir.join(LIBRARY);
    let sound = fs::read(&path).unwrap();
    let saved = bench.dir.join("saved.tagsmith");
    let n_of = |sql: &str| number(&saved, &format!("SELECT count(*) FROM {sql}"));
    for (table, wanted) in DAMAGED {
        change(&bench, &format!("UPDATE ledger SET sum = sum + 1 WHERE name = '{table}'")).unwrap();
        let output = bench.tagsmith(&["library", LIBRARY, "--rescue", "saved.tagsmith"]);
        assert_eq!(output.status.code(), Some(1), "{table}: {}", stderr(&output));
        let kept = ["request", "awaited", "found_text", "given_text"].map(n_of);
        let n_jobs = n_of("run WHERE kind = 'provider' AND ended_ms IS NULL");
        assert_eq!(
            (&kept[..], n_jobs),
            (&wanted[..4], wanted[4]),
            "{table}: {}",
            String::from_utf8_lossy(&output.stdout)
        );
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            said.contains("given_text: kept 4 of 4; some may be wrong"),
            table == "given_text",
            "{table}: {said}"
        );
        assert_eq!(bench.tagsmith(&["library", "saved.tagsmith"]).status.code(), Some(0), "{table}");
        fs::remove_file(&saved).unwrap();
        fs::write(&path, &sound).unwrap();
    }
    // A value that is none: that row alone is lost.
    change(&bench, "PRAGMA ignore_check_constraints = ON; UPDATE given_text SET field = 'caption' WHERE text = ''")
        .unwrap();
    change(&bench, "UPDATE ledger SET sum = sum + 1 WHERE name = 'given_text'").unwrap();
    let output = bench.tagsmith(&["library", LIBRARY, "--rescue", "saved.tagsmith"]);
    assert_eq!((output.status.code(), n_of("given_text")), (Some(1), 3), "{}", stderr(&output));
    fs::remove_file(&saved).unwrap();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/library/version_1.tagsmith");
    fs::copy(fixture, &path).unwrap();
    let output = bench.tagsmith(&["library", LIBRARY, "--rescue", "saved.tagsmith"]);
    assert_eq!(number(&saved, "PRAGMA user_version"), 4, "{}", stderr(&output));
    assert_eq!(n_of("file"), 4);
}
