//! What own taggers have left in a library, as the command line reads, checks, migrates and rescues it.

mod bench;
#[path = "../src/library/crc32.rs"]
mod crc32;
#[path = "bench/drawn.rs"]
mod drawn;
#[path = "bench/kept.rs"]
mod kept;
#[path = "bench/own.rs"]
mod own;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::bench::{Bench, lines, stderr};
use crate::drawn::picture;
use crate::kept::{LIBRARY, assert_are_found, change, library, number};
use crate::own::OWN;

/// The own tags of the second picture, and who says them.
fn custom(bench: &Bench) -> Vec<String> {
    let output = bench.tagsmith(&["library", LIBRARY, "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let all = lines(&output);
    let one = all.iter().find(|one| one["path"] == "many/b.bmp").unwrap();
    let tags = one["tags"].as_array().unwrap().iter().filter(|tag| tag["source"] == "custom");
    let named = |tag: &Value| format!("{} {}", tag["from"].as_str().unwrap(), tag["name"].as_str().unwrap());
    tags.map(named).collect()
}

#[test]
fn an_export_has_what_the_version_in_use_found_under_its_thresholds() {
    let bench = library("own_export", OWN);
    assert_eq!(custom(&bench), ["head:shop-1 logoväska"]);
    let of_run = |change: &str| {
        format!("UPDATE run SET settings = json_set(settings, '$.thresholds', json('{change}')) WHERE id = 201")
    };
    change(&bench, &of_run(r#"{"own:logomugg":0.25}"#)).unwrap();
    assert_eq!(custom(&bench), ["head:shop-1 logoväska", "head:shop-1 logomugg"]);
    // A newer run hides what the former found; but not one of a version that is not in use.
    let newer = "INSERT INTO run (id, kind, tagger, version, pipeline, components, settings, begun_ms) VALUES
            (205, 'head', 'shop-1', '2', 1, '[\"head:shop-1\"]', '{}', 1700000009000);
        INSERT INTO tagging (asset, run, looks, timings, candidates, boxes, tagged_ms)
            SELECT asset, 205, 1, timings, x'', x'', 7 FROM tagging WHERE run = 201";
    change(&bench, newer).unwrap();
    assert_eq!(custom(&bench).len(), 2);
    change(&bench, "UPDATE run SET version = '1' WHERE id = 205").unwrap();
    assert_eq!(custom(&bench), [""; 0]);
    change(
        &bench,
        "UPDATE run SET undone_ms = 7 WHERE id = 205; UPDATE own_tagger SET removed_ms = NULL WHERE id = 'old'",
    )
    .unwrap();
    assert_eq!(custom(&bench).len(), 2);
    change(&bench, "UPDATE own_tagger SET removed_ms = 7").unwrap();
    assert_eq!(custom(&bench), [""; 0], "a tagger that was removed shows nothing");
}

#[test]
fn a_list_names_own_taggers_as_people_do() {
    let bench = library("own_list", OWN);
    let text = String::from_utf8(bench.tagsmith(&["library", LIBRARY]).stdout).unwrap();
    assert!(text.ends_with("\n     also tagged by Väskor: 1 file\n"), "{text}");
    let listed = lines(&bench.tagsmith(&["library", LIBRARY, "--json"]));
    assert_eq!(listed[0]["taggers"][0], json!({ "kind": "head", "tagger": "shop-1", "name": "Väskor", "files": 1 }));
    assert_eq!(listed[0]["taggers"].as_array().unwrap().len(), 2, "not one that was removed");
}

/// Values that no program of ours writes, each in what version 4 has brought.
const MISFITS: [&str; 37] = [
    "UPDATE own_tagger SET id = 'Old' WHERE id = 'old'",
    "UPDATE own_tagger SET id = '' WHERE id = 'old'",
    "UPDATE own_tagger SET id = printf('%065d', 1) WHERE id = 'old'",
    "UPDATE own_tagger SET name = CAST(x'ff' AS TEXT)",
    "UPDATE own_tagger SET settings = '[]'",
    "UPDATE own_tagger SET settings = '{'",
    "UPDATE head SET id = 0",
    "UPDATE head SET number = 0",
    "UPDATE head SET n_examples = -1",
    "UPDATE head SET seed = -1",
    "UPDATE head SET title = 'a' || char(0)",
    "UPDATE head SET comment = printf('%20000d', 1)",
    "UPDATE head SET backbone = ''",
    "UPDATE head SET file = '{'",
    "UPDATE head SET report = 'no'",
    "UPDATE head SET tags = '{}'",
    "UPDATE head SET tags = '['",
    "UPDATE head SET tags = '[1]'",
    "UPDATE head SET tags = '[{\"id\":\"a\",\"name\":\"a\"}]'",
    "UPDATE head SET tags = '[{\"id\":\"a\",\"name\":\"a\",\"threshold\":1.5}]'",
    "UPDATE head SET tags = '[{\"id\":\"\",\"name\":\"a\",\"threshold\":0.5}]'",
    "UPDATE head SET tags = '[{\"id\":1,\"name\":\"a\",\"threshold\":0.5}]'",
    "UPDATE training SET number = 0 WHERE id = 303",
    "UPDATE training SET title = CAST(x'80' AS TEXT)",
    "UPDATE training SET tab = 'one' WHERE id = 301",
    "UPDATE training SET failure_detail = NULL WHERE id = 302",
    "UPDATE training SET ended_ms = NULL WHERE id = 302",
    "UPDATE training SET failure_code = '' WHERE id = 302",
    "UPDATE view SET scale = -1",
    "UPDATE view SET name = ''",
    "UPDATE view SET vector = x''",
    "UPDATE square SET picture = x''",
    "UPDATE square SET picture = zeroblob(262145)",
    "UPDATE run SET components = '[\"classes\"]' WHERE id = 201",
    "UPDATE run SET settings = '{\"thresholds\":[0.5]}' WHERE id = 201",
    "UPDATE run SET settings = '{\"thresholds\":{\"a\":2}}' WHERE id = 201",
    "UPDATE tagging SET boxes = zeroblob(25) WHERE run = 201",
];

/// What the tables themselves refuse.
const IMPOSSIBLE: [&str; 6] = [
    "UPDATE own_tagger SET is_used = 2",
    "UPDATE training SET reason = 'more'",
    "UPDATE training SET number = 1",
    "INSERT INTO head SELECT 400, own_tagger, 2, title, comment, seed, backbone, made_ms, n_examples, tags, file, report, 1 FROM head",
    "INSERT INTO head SELECT 400, own_tagger, 1, title, comment, seed, backbone, made_ms, n_examples, tags, file, report, 0 FROM head",
    "PRAGMA foreign_keys = ON; INSERT INTO square VALUES (99, x'00')",
];

#[test]
fn values_that_no_program_writes_are_found_each() {
    assert_are_found(&library("own_misfits", OWN), &MISFITS, &IMPOSSIBLE);
}

/// A table whose ledger is wrong, and how many rows a rescue keeps of those that version 4 has brought, and of what heads found.
const DAMAGED: [(&str, [i64; 6]); 7] = [
    ("own_tagger", [2, 1, 3, 1, 1, 2]),
    ("head", [2, 0, 3, 1, 1, 2]),
    ("training", [2, 1, 0, 1, 1, 2]),
    ("view", [2, 1, 3, 0, 1, 2]),
    ("square", [2, 1, 3, 1, 0, 2]),
    ("asset", [2, 1, 3, 0, 0, 0]),
    ("run", [2, 1, 3, 1, 1, 0]),
];

#[test]
fn a_rescue_keeps_taggers_also_in_doubt_and_versions_only_if_they_are_certain() {
    let bench = library("own_rescue", OWN);
    let path = bench.dir.join(LIBRARY);
    let sound = fs::read(&path).unwrap();
    let saved = bench.dir.join("saved.tagsmith");
    let n_of = |sql: &str| number(&saved, &format!("SELECT count(*) FROM {sql}"));
    let of_heads = "tagging WHERE run IN (SELECT id FROM run WHERE kind = 'head')";
    for (table, wanted) in DAMAGED {
        change(&bench, &format!("UPDATE ledger SET sum = sum + 1 WHERE name = '{table}'")).unwrap();
        let output = bench.tagsmith(&["library", LIBRARY, "--rescue", "saved.tagsmith"]);
        assert_eq!(output.status.code(), Some(1), "{table}: {}", stderr(&output));
        let kept = ["own_tagger", "head", "training", "view", "square", of_heads].map(n_of);
        assert_eq!(kept, wanted, "{table}");
        assert_eq!(bench.tagsmith(&["library", "saved.tagsmith"]).status.code(), Some(0), "{table}");
        fs::remove_file(&saved).unwrap();
        fs::write(&path, &sound).unwrap();
    }
    // A tagger that is none is lost, and what is of it.
    change(&bench, "UPDATE own_tagger SET settings = '{' WHERE id = 'shop-1'; UPDATE ledger SET sum = sum + 1 WHERE name = 'own_tagger'").unwrap();
    let output = bench.tagsmith(&["library", LIBRARY, "--rescue", "saved.tagsmith"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(["own_tagger", "head", "training"].map(n_of), [1, 0, 0]);
}

#[test]
fn an_older_library_is_brought_up_to_date_by_what_is_recorded_and_only_then() {
    let bench = Bench::new("own_version_3");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/library/version_3.tagsmith");
    let path = bench.dir.join(LIBRARY);
    fs::copy(&fixture, &path).unwrap();
    let listed = bench.tagsmith(&["library", LIBRARY]);
    assert!(listed.status.success() && fs::read(&path).unwrap() == fs::read(&fixture).unwrap(), "{}", stderr(&listed));
    bench.file("many/new.bmp", &picture(7));
    let output = bench.tagsmith(&["tag", "many/new.bmp", "--resume", LIBRARY, "--threads", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(number(&path, "PRAGMA user_version"), 4);
    assert_eq!(number(&path, "SELECT count(*) FROM ledger"), 20);
    assert_eq!(bench.tagsmith(&["library", LIBRARY]).status.code(), Some(0));
}
