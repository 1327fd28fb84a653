//! Libraries of every version are read for ever, and the newest is written as it was.

mod bench;
#[path = "../src/library/crc32.rs"]
mod crc32;
#[path = "bench/drawn.rs"]
mod drawn;
#[path = "bench/own.rs"]
mod own;
#[path = "bench/providers.rs"]
mod providers;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::bench::{Bench, lines, stderr};
use crate::drawn::picture;

/// What was said of the pictures.
const SAID: &str = r#"
    INSERT INTO tag (ref, name, language) VALUES ('own:misse på taket', 'Misse på taket', 'sv');
    INSERT INTO correction (file, tag, kind, is_in_bulk, position, said_ms)
        SELECT id, (SELECT id FROM tag WHERE ref LIKE 'own:%'), 'add', position % 2, 0, 1700000000000 FROM file WHERE path <> 'many/b.bmp';
    INSERT INTO correction (file, tag, kind, is_in_bulk, position, said_ms)
        SELECT id, (SELECT min(id) FROM tag), 'reject', 0, 0, 1700000000000 FROM file WHERE path = 'many/a.bmp';
    UPDATE file SET is_reviewed = 1 WHERE path = 'many/b.bmp';
    INSERT INTO step (key, params, kind, data, done_ms) VALUES ('said_added', '{"n":2}', 'corrections', '[]', 1700000000000);
    INSERT INTO setting (name, value) VALUES
        ('policy', '{"threshold":0.05,"max_tags":8,"allow":[],"deny":[],"language":"sv"}'),
        ('rules', '[{"tag":{"id":"own:misse på taket","name":"Misse på taket"},"action":{"kind":"rename","name":"Misse"}}]');"#;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/library").join(name)
}

/// Makes the library of which `version_4.tagsmith` is one.
fn make(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench.file("many/a.bmp", &picture(1)).file("many/b.bmp", &picture(2)).file("many/c.jpg", b"no picture");
    bench.golden("chelsea_small_png/picture.png", "many/sub/katt.png");
    let output = bench.tagsmith(&["tag", "many", "--resume", "made.tagsmith", "--threads", "1"]);
    assert_eq!((output.status.code(), lines(&output).len()), (Some(1), 4), "{}", stderr(&output));
    let made = Connection::open(bench.dir.join("made.tagsmith")).unwrap();
    crc32::add_to(&made).unwrap();
    made.execute_batch(SAID).unwrap();
    made.execute_batch(providers::PROVIDERS).unwrap();
    made.execute_batch(own::OWN).unwrap();
    bench
}

/// Of which the rows are compared; tags depend on scores.
const TABLES: [&str; 19] = [
    "collection",
    "asset",
    "file",
    "run",
    "tagging",
    "embedding",
    "correction",
    "step",
    "setting",
    "thumbnail",
    "request",
    "awaited",
    "found_text",
    "given_text",
    "own_tagger",
    "head",
    "training",
    "view",
    "square",
];

fn exported(bench: &Bench, library: &str) -> String {
    let output = bench.tagsmith(&["library", library, "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "writes the fixture of a version, once"]
fn write_the_fixture() {
    let bench = make("version_fixture");
    fs::copy(bench.dir.join("made.tagsmith"), fixture("version_4.tagsmith")).unwrap();
    fs::write(fixture("version_4.jsonl"), exported(&bench, "made.tagsmith")).unwrap();
}

#[test]
fn a_library_of_each_version_is_exported_as_when_it_was_made() {
    for version in ["version_1", "version_2", "version_3", "version_4"] {
        let bench = Bench::new(&format!("{version}_read"));
        fs::copy(fixture(&format!("{version}.tagsmith")), bench.dir.join("old.tagsmith")).unwrap();
        let wanted = fs::read_to_string(fixture(&format!("{version}.jsonl"))).unwrap();
        assert_eq!(exported(&bench, "old.tagsmith"), wanted, "{version}");
    }
}

#[test]
fn version_4_is_still_written_as_it_is_read() {
    let bench = make("version_4_written");
    let (old, new) = (described(&fixture("version_4.tagsmith")), described(&bench.dir.join("made.tagsmith")));
    assert!(old.len() > 40, "{old:#?}");
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(old, new);
    }
    assert_eq!(old.len(), new.len());
}

/// The schema, and of each row what does not depend on the clock, the machine or the model.
fn described(library: &Path) -> Vec<String> {
    let library = Connection::open_with_flags(library, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut all: Vec<String> = ["application_id", "user_version", "page_size", "encoding"]
        .iter()
        .map(|pragma| {
            library.pragma_query_value(None, pragma, |row| Ok(format!("{pragma} {:?}", row.get_ref(0)?))).unwrap()
        })
        .collect();
    all.extend(rows(&library, "SELECT sql FROM sqlite_schema ORDER BY type, name"));
    for table in TABLES {
        all.extend(rows(&library, &format!("SELECT '{table}' AS name, * FROM {table}")));
    }
    // Which tags there are depends on scores.
    all.extend(rows(
        &library,
        "SELECT DISTINCT typeof(id), typeof(ref), typeof(name), language FROM tag ORDER BY language",
    ));
    all.extend(rows(&library, "SELECT name FROM ledger ORDER BY name"));
    all
}

fn rows(library: &Connection, query: &str) -> Vec<String> {
    let mut rows = library.prepare(query).unwrap();
    let columns: Vec<String> = rows.column_names().map(str::to_owned).collect();
    let mut rows = rows.query(()).unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let values = columns.iter().enumerate().map(|(at, column)| {
            let value = row.get_ref(at).unwrap();
            match (column.as_str(), value) {
                ("candidates", ValueRef::Blob(blob)) => format!("{} left of 13", blob.len() % 13),
                ("boxes", ValueRef::Blob(blob)) => format!("{} left of 25", blob.len() % 25),
                ("vector", ValueRef::Blob(blob)) => format!("{} bytes", blob.len()),
                ("timings", ValueRef::Text(json)) => {
                    let timings: serde_json::Value = serde_json::from_slice(json).unwrap();
                    format!("{:?}", timings.as_object().unwrap().keys().collect::<Vec<_>>())
                }
                ("version" | "scale" | "tag" | "value" | "backbone", value) => format!("{:?}", value.data_type()),
                (column, value) if column.ends_with("_ms") => format!("{:?}", value.data_type()),
                (_, ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned(),
                (_, value) => format!("{value:?}"),
            }
        });
        let values: Vec<String> =
            columns.iter().zip(values).map(|(column, value)| format!("{column}: {value}")).collect();
        all.push(values.join(", "));
    }
    all
}
