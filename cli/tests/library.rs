//! `tagsmith library`: what it lists and exports, and what it refuses.

mod bench;
#[path = "../src/library/crc32.rs"]
mod crc32;
#[path = "bench/drawn.rs"]
mod drawn;

use std::fs;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::bench::{Bench, lines, stderr};
use crate::drawn::picture;

const LIBRARY: &str = "kept.tagsmith";

/// A library of some pictures, of which one failed.
fn library(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench
        .golden("coffee/picture.jpg", "many/coffee.jpg")
        .golden("chelsea_small_png/picture.png", "many/sub/cat.png")
        .file("many/text.jpg", b"this is no picture");
    let output = bench.tagsmith(&["tag", "many", "--resume", LIBRARY]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    bench
}

/// Changes a library as the page does, or as a stranger.
fn change(bench: &Bench, sql: &str) {
    let connection = Connection::open(bench.dir.join(LIBRARY)).unwrap();
    crc32::add_to(&connection).unwrap();
    connection.execute_batch(sql).unwrap();
}

fn exported(bench: &Bench, args: &[&str]) -> Vec<u8> {
    let output = bench.tagsmith(&[&["library", LIBRARY], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    output.stdout
}

#[test]
fn an_export_of_a_library_is_that_of_the_pictures() {
    let bench = library("library_export");
    for format in ["jsonl", "json", "csv", "csv-excel", "xlsx"] {
        let tagged = bench.tagsmith(&["tag", "many", "--resume", LIBRARY, "--format", format]);
        assert!(exported(&bench, &["--format", format]) == tagged.stdout, "{format}");
    }
    for (format, file) in
        [("captions", "many/coffee.txt"), ("xmp", "many/coffee.jpg.xmp"), ("keywords", "many/coffee.jpg")]
    {
        let to = |folder: &str| bench.dir.join(folder).join(file);
        bench.tagsmith(&["tag", "many", "--format", format, "--output", "direct"]);
        exported(&bench, &["--format", format, "--output", "kept"]);
        assert_eq!(fs::read(to("kept")).unwrap(), fs::read(to("direct")).unwrap(), "{format}");
        ["kept", "direct"].iter().for_each(|folder| fs::remove_dir_all(bench.dir.join(folder)).unwrap());
    }
    bench.golden("rocket_progressive/picture.jpg", "many/coffee.jpg");
    let output = bench.tagsmith(&["library", LIBRARY, "--format", "keywords", "--output", "kept"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no longer the one that was tagged"), "{}", stderr(&output));
    assert!(!bench.dir.join("kept/many/coffee.jpg").exists() && bench.dir.join("kept/many/sub/cat.png").exists());
}

#[test]
fn an_export_follows_policy_rules_and_corrections() {
    let bench = library("library_corrected");
    let file = |path: &str| format!("(SELECT id FROM file WHERE path = '{path}')");
    let (coffee, cat, text) = (file("many/coffee.jpg"), file("many/sub/cat.png"), file("many/text.jpg"));
    let policy = json!({ "threshold": 0.5, "max_tags": 8, "allow": [], "deny": [], "language": "sv" });
    let rules =
        json!([{ "tag": { "id": "tabby-cat", "name": "tabby cat" }, "action": { "kind": "rename", "name": "Misse" } }]);
    change(
        &bench,
        &format!(
            "INSERT INTO tag (ref, name, language) VALUES ('own:fika', 'Fika', 'sv'), ('own:trasig', 'Trasig', 'sv');
             INSERT INTO correction (file, tag, kind, is_in_bulk, position, said_ms) VALUES
                ({coffee}, (SELECT id FROM tag WHERE ref = 'own:fika'), 'add', 0, 0, 1),
                ({coffee}, (SELECT id FROM tag WHERE ref = 'espresso'), 'reject', 0, 0, 1),
                ({text}, (SELECT id FROM tag WHERE ref = 'own:trasig'), 'add', 1, 0, 1);
             UPDATE file SET removed_ms = 1 WHERE id = {cat};
             INSERT INTO setting (name, value) VALUES ('policy', '{policy}'), ('rules', '{rules}');"
        ),
    );
    let reports: Vec<Value> = str::from_utf8(&exported(&bench, &["--format", "jsonl"]))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let paths: Vec<&str> = reports.iter().map(|report| report["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["many/coffee.jpg", "many/text.jpg"], "one is taken off");
    let ids = |report: &Value| -> Vec<String> {
        report["tags"].as_array().unwrap().iter().map(|tag| tag["id"].as_str().unwrap().to_owned()).collect()
    };
    let coffee_tags = ids(&reports[0]);
    assert!(coffee_tags[0] == "own:fika" && !coffee_tags.contains(&"espresso".to_owned()), "{coffee_tags:?}");
    assert_eq!(
        (ids(&reports[1]), &reports[1]["error"]["code"]),
        (vec!["own:trasig".to_owned()], &json!("picture_format_unknown"))
    );
    exported(&bench, &["--format", "captions", "--output", "captions"]);
    assert_eq!(fs::read_to_string(bench.dir.join("captions/many/text.txt")).unwrap().trim_end(), "Trasig");
    change(&bench, &format!("UPDATE file SET removed_ms = NULL WHERE id = {cat}"));
    let all = |args: &[&str]| String::from_utf8(exported(&bench, &[&["--format", "csv"], args].concat())).unwrap();
    assert!(all(&[]).contains("Misse") && !all(&[]).contains(",cup,"), "renamed, and in Swedish");
    assert!(all(&["--lang", "en"]).contains("Fika"), "{}", all(&["--lang", "en"]));

    let words = json!({ "schema": 1, "title": "a", "words": [{ "id": "own:kisse", "name": "Kisse", "aliases": ["tabby cat"] }] });
    let kept = |is_on: bool| json!({ "is_on": is_on, "words": words });
    change(&bench, &format!("INSERT INTO setting (name, value) VALUES ('strict_words', '{}')", kept(true)));
    let strict = all(&["--lang", "en"]);
    assert!(strict.contains("Kisse") && !strict.contains("Fika") && !strict.contains("Misse"), "{strict}");
    change(&bench, &format!("UPDATE setting SET value = '{}' WHERE name = 'strict_words'", kept(false)));
    assert!(all(&[]).contains("Misse"), "what is off is not in force");
    change(&bench, "UPDATE setting SET value = 'null' WHERE name = 'strict_words'");
    assert!(all(&[]).contains("Misse"));
}

#[test]
fn the_newest_run_shows_and_an_undone_one_never() {
    let bench = library("library_runs");
    let export = || exported(&bench, &["--format", "jsonl"]);
    let with_objects = export();
    bench.tagsmith(&["tag", "many", "--resume", LIBRARY, "--no-objects"]);
    let without = export();
    let has_objects = |reports: &[u8]| str::from_utf8(reports).unwrap().contains("detector:nanodet-g");
    assert!(has_objects(&with_objects) && !has_objects(&without));
    change(&bench, "UPDATE run SET undone_ms = 1 WHERE id = 2");
    assert!(export() == with_objects);
    change(&bench, "UPDATE run SET undone_ms = 1");
    assert_eq!(str::from_utf8(&export()).unwrap().matches("picture_not_tagged").count(), 2);
    change(&bench, "UPDATE run SET undone_ms = NULL");
    assert!(export() == without);
}

#[test]
fn collections_are_listed_and_chosen_by_name_or_number() {
    let bench = library("library_list");
    let text = String::from_utf8(exported(&bench, &[])).unwrap();
    assert!(text.starts_with("  1  kept: 3 files, 2 tagged, 1 failed, 0."), "{text}");
    change(&bench, "INSERT INTO collection (name, made_ms) VALUES ('', 0), ('twice', 0), ('twice', 0), ('2', 0)");
    let list = bench.tagsmith(&["library", LIBRARY, "--json"]);
    let listed = lines(&list);
    assert_eq!(listed.iter().map(|one| one["id"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!((&listed[0]["tagged"], &listed[1]["made"]), (&json!(2), &json!("1970-01-01")));
    let [tagged_by] = &listed[0]["taggers"].as_array().unwrap()[..] else { panic!("{listed:?}") };
    assert_eq!((&tagged_by["kind"], &tagged_by["files"]), (&json!("model"), &json!(2)));
    for (asked, part) in
        [("twice", "several"), ("gone", "no collection is called \"gone\""), ("", "no collection is called")]
    {
        let output = bench.tagsmith(&["library", LIBRARY, "--collection", asked, "--format", "csv"]);
        assert_eq!(output.status.code(), Some(2), "{asked}");
        assert!(stderr(&output).contains(part), "{asked}: {}", stderr(&output));
    }
    let several = bench.tagsmith(&["library", LIBRARY, "--format", "csv"]);
    assert!(several.status.code() == Some(2) && stderr(&several).contains("takes a number: 1 kept, 2 My pictures"));
    assert!(!exported(&bench, &["--collection", "kept", "--format", "jsonl"]).is_empty());
    assert!(exported(&bench, &["--collection", "3", "--format", "jsonl"]).is_empty());
    assert!(
        String::from_utf8(exported(&bench, &["--collection", "2"])).unwrap().starts_with("  5  2: 0 files"),
        "a name first"
    );
}

/// What a stranger, a newer program or a bad disk may have done, and the code that it is refused with.
const REFUSED: [(&str, &str); 28] = [
    ("PRAGMA user_version = 5", "library_newer"),
    ("PRAGMA user_version = 1", "library_damaged"),
    ("PRAGMA user_version = 0", "library_damaged"),
    ("PRAGMA user_version = -5", "library_damaged"),
    ("PRAGMA application_id = 1", "library_damaged"),
    ("PRAGMA journal_mode = WAL", "library_damaged"),
    ("CREATE TABLE more (a)", "library_damaged"),
    (
        "CREATE VIEW more AS WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a FROM n",
        "library_damaged",
    ),
    ("CREATE TRIGGER more AFTER INSERT ON asset BEGIN DELETE FROM file; END", "library_damaged"),
    ("DROP TRIGGER asset_ai", "library_damaged"),
    ("DROP INDEX file_order", "library_damaged"),
    ("DROP TABLE file; CREATE VIEW file AS SELECT * FROM asset", "library_damaged"),
    ("ALTER TABLE asset ADD COLUMN more TEXT", "library_damaged"),
    ("UPDATE ledger SET sum = sum + 1 WHERE name = 'asset'", "library_damaged"),
    ("UPDATE ledger SET n = n - 1 WHERE name = 'run'", "library_damaged"),
    ("DELETE FROM ledger WHERE name = 'step'", "library_damaged"),
    ("INSERT INTO ledger VALUES ('more', 0, 0)", "library_damaged"),
    ("UPDATE ledger SET sum = 9223372036854775807", "library_damaged"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM asset", "library_damaged"),
    ("PRAGMA foreign_keys = OFF; UPDATE file SET collection = 77", "library_damaged"),
    ("INSERT INTO setting VALUES ('policy', '{\"threshold\":')", "library_damaged"),
    ("UPDATE run SET components = '[[[['", "library_damaged"),
    ("UPDATE file SET size = 9223372036854775807", "library_damaged"),
    ("PRAGMA foreign_keys = OFF; UPDATE file SET id = id + 5000000000", "library_damaged"),
    ("INSERT INTO collection (id, name, made_ms) VALUES (9007199254740993, '', 0)", "library_damaged"),
    ("UPDATE tag SET name = '' WHERE id = 1", "library_damaged"),
    ("UPDATE tagging SET timings = json_remove(timings, '$.infer')", "library_damaged"),
    ("UPDATE tagging SET timings = json_set(timings, '$.tags', 'soon')", "library_damaged"),
];

/// As before, in what a run found: the files of these fail alone.
const NONSENSE: [&str; 8] = [
    "UPDATE tagging SET candidates = x'00'",
    "UPDATE tagging SET boxes = zeroblob(24)",
    "UPDATE tagging SET candidates = zeroblob(2000000)",
    "UPDATE tagging SET candidates = x'FFFFFFFF0000803F0000803F00'",
    "UPDATE tagging SET candidates = x'010000000000803F0000C07F00'",
    "UPDATE tagging SET candidates = x'010000000000803F0000004000'",
    "UPDATE tagging SET candidates = x'010000000000803F0000803FFF'",
    "UPDATE tagging SET timings = '{'",
];

#[test]
fn what_is_no_library_or_not_sound_is_refused_with_its_code_and_nothing_is_written() {
    let bench = library("library_refused");
    let path = bench.dir.join(LIBRARY);
    let sound = fs::read(&path).unwrap();
    let nonsense = NONSENSE.map(|sql| (sql, "library_damaged"));
    for (sql, code) in REFUSED.into_iter().chain(nonsense) {
        change(&bench, sql);
        let before = fs::read(&path).unwrap();
        let output = bench.tagsmith(&["library", LIBRARY, "--format", "jsonl", "--output", "out.jsonl"]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{sql}");
        assert!(stderr(&output).trim_end().ends_with(&format!("({code})")), "{sql}: {}", stderr(&output));
        assert!(!bench.dir.join("out.jsonl").exists(), "{sql}");
        assert!(fs::read(&path).unwrap() == before, "{sql}: it is read only");
        for file in ["kept.tagsmith-wal", "kept.tagsmith-shm"] {
            let _ = fs::remove_file(bench.dir.join(file));
        }
        fs::write(&path, &sound).unwrap();
    }
    for (content, part) in [
        (&b""[..], "no library"),
        (b"this is a text", "no library"),
        (&sound[..4000], "is damaged"),
        (&sound[..100], ""),
    ] {
        fs::write(&path, content).unwrap();
        let output = bench.tagsmith(&["library", LIBRARY]);
        assert_eq!(output.status.code(), Some(2), "{part}");
        assert!(stderr(&output).contains(part) && stderr(&output).contains("(library_damaged)"), "{}", stderr(&output));
    }
    fs::write(&path, &sound).unwrap();
    let itself = bench.tagsmith(&["library", LIBRARY, "--format", "csv", "--output", LIBRARY]);
    assert!(
        itself.status.code() == Some(2) && stderr(&itself).contains("is the library itself"),
        "{}",
        stderr(&itself)
    );
    assert!(fs::read(&path).unwrap() == sound);
    let gone = bench.tagsmith(&["library", "gone.tagsmith"]);
    assert!(gone.status.code() == Some(2) && stderr(&gone).contains("gone.tagsmith cannot be read"));
}

/// Rows for the tables of providers and own taggers: what is damaged in an empty page changes nothing.
const EVERYWHERE: &str = r#"
    INSERT INTO run (id, kind, tagger, version, pipeline, components, settings, begun_ms)
        VALUES (9, 'provider', 'google', 'v1', 1, '["provider:google"]', '{"collection":1,"n_files":50}', 7);
    INSERT INTO request (id, run, purpose, provider, host, n_pictures, n_units, n_bytes, sent_ms, tab)
        SELECT id, 9, 'tag', 'google', 'https://vision.googleapis.com', 1, 1, 900, 7, 'a tab' FROM file;
    INSERT INTO awaited (run, file, position, request) SELECT 9, id, position, id FROM file;
    INSERT INTO found_text (asset, run, field, language, text) SELECT id, 9, 'title', 'en', 'A picture of many' FROM asset;
    INSERT INTO given_text (file, field, text, said_ms) SELECT id, 'description', 'One of many', 7 FROM file;
    INSERT INTO own_tagger (id, name, settings, is_used, made_ms) SELECT 'tagger-' || id, 'One', '{}', 1, 7 FROM file;
    INSERT INTO training (id, own_tagger, number, begun_ms, reason, title, comment, tab) SELECT id, 'tagger-' || id, 1, 7, 'person', '', '', 'a tab' FROM file;
    INSERT INTO head (id, own_tagger, number, title, comment, seed, backbone, made_ms, n_examples, tags, file, is_in_use)
        SELECT id, 'tagger-' || id, 1, 'First', '', 1, 'b 1', 7, 5, '[]', '{}', 1 FROM file;
    INSERT INTO view (asset, backbone, name, scale, vector) SELECT id, 'b 1', 'mirror', 0.5, zeroblob(64) FROM asset;
    INSERT INTO square (asset, picture) SELECT id, zeroblob(64) FROM asset;"#;

/// What is written where a page of the file was.
type Damage = fn(&[u8], usize, usize) -> Vec<u8>;

const DAMAGES: [Damage; 4] = [
    // Rows fill a page from its end.
    |file, at, size| {
        let mut page = file[at..at + size].to_vec();
        page[size - size / 20] ^= 8;
        page
    },
    |file, at, size| file[at..at + size].iter().map(|byte| !byte).collect(),
    |_, _, size| vec![0; size],
    |file, at, size| {
        let other = (at + size) % file.len();
        file[other..other + size].to_vec()
    },
];

#[test]
fn with_any_page_damaged_it_is_refused_or_right() {
    let bench = Bench::new("library_pages");
    for n in 0..50 {
        bench.file(&format!("many/{n:02}.bmp"), &picture(n));
    }
    let output = bench.tagsmith(&["tag", "many", "--resume", LIBRARY]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    change(&bench, "INSERT INTO correction SELECT id, 1, 'add', 0, 0, 7 FROM file");
    change(&bench, EVERYWHERE);
    let path = bench.dir.join(LIBRARY);
    let sound = fs::read(&path).unwrap();
    let right = exported(&bench, &["--format", "jsonl"]);
    assert_eq!(right.iter().filter(|byte| **byte == b'\n').count(), 50);
    let size = usize::from(u16::from_be_bytes([sound[16], sound[17]]));
    let (mut n_refused, mut n_rescued, mut n_damaged) = (0, 0, 0);
    // Each page in one of the ways; with TAGSMITH_LONG in each of them.
    let is_long = std::env::var_os("TAGSMITH_LONG").is_some();
    for (way, damage) in DAMAGES.into_iter().enumerate() {
        let pages = (0..sound.len()).step_by(size).enumerate();
        for (_, at) in pages.filter(|(page, _)| is_long || page % DAMAGES.len() == way) {
            n_damaged += 1;
            let mut damaged = sound.clone();
            damaged[at..at + size].copy_from_slice(&damage(&sound, at, size));
            fs::write(&path, &damaged).unwrap();
            let output = bench.tagsmith(&["library", LIBRARY, "--format", "jsonl"]);
            if output.status.code() == Some(0) {
                assert!(output.stdout == right, "page {}: wrong in silence", at / size);
            } else {
                assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "page {}", at / size);
                assert!(stderr(&output).contains("(library_damaged)"), "page {}: {}", at / size, stderr(&output));
                n_refused += 1;
                n_rescued += usize::from(is_rescued(&bench, &right, at / size));
            }
        }
    }
    assert!(n_refused * 10 >= n_damaged * 9, "only {n_refused} of {n_damaged} were seen");
    assert!(n_rescued * 2 >= n_refused, "only {n_rescued} of {n_refused} were rescued");
}

/// Whether anything could be rescued of a damaged library: then it is sound again, and what it says without doubt is right.
fn is_rescued(bench: &Bench, right: &[u8], page: usize) -> bool {
    let output = bench.tagsmith(&["library", LIBRARY, "--rescue", "saved.tagsmith"]);
    let saved = bench.dir.join("saved.tagsmith");
    if output.status.code() == Some(2) {
        assert!(stderr(&output).contains("(library_damaged)") && !saved.exists(), "page {page}: {}", stderr(&output));
        return false;
    }
    let said = String::from_utf8(output.stdout).unwrap();
    let exported = bench.tagsmith(&["library", "saved.tagsmith", "--format", "jsonl"]);
    assert_eq!(exported.status.code(), Some(0), "page {page}: {}", stderr(&exported));
    let right = str::from_utf8(right).unwrap();
    for line in str::from_utf8(&exported.stdout).unwrap().lines() {
        let is_untagged = line.contains("picture_not_tagged");
        let is_in_doubt =
            ["may be wrong", "correction: kept 0", "found_text: kept 0"].into_iter().any(|doubt| said.contains(doubt));
        assert!(is_untagged || is_in_doubt || right.contains(line), "page {page}: {said}{line}");
    }
    fs::remove_file(saved).unwrap();
    true
}
