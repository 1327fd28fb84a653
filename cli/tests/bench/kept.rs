//! A library of three pictures, changed as the page does it, or a stranger.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::bench::{Bench, stderr};
use crate::crc32;
use crate::drawn::picture;

pub const LIBRARY: &str = "kept.tagsmith";

/// The library, with what `sql` puts into it.
pub fn library(name: &str, sql: &str) -> Bench {
    let bench = Bench::new(name);
    bench.file("many/a.bmp", &picture(1)).file("many/b.bmp", &picture(2));
    bench.golden("chelsea_small_png/picture.png", "many/cat.png");
    let output = bench.tagsmith(&["tag", "many", "--resume", LIBRARY, "--threads", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    change(&bench, sql).unwrap();
    bench
}

pub fn change(bench: &Bench, sql: &str) -> rusqlite::Result<()> {
    let connection = Connection::open(bench.dir.join(LIBRARY))?;
    crc32::add_to(&connection)?;
    connection.execute_batch(sql)
}

pub fn number(library: &Path, sql: &str) -> i64 {
    Connection::open(library).unwrap().query_one(sql, (), |row| row.get(0)).unwrap()
}

/// Each of `misfits`, by itself, makes the library a damaged one; none of `impossible` can be done.
pub fn assert_are_found(bench: &Bench, misfits: &[&str], impossible: &[&str]) {
    let path = bench.dir.join(LIBRARY);
    let sound = fs::read(&path).unwrap();
    for sql in misfits {
        change(bench, sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(fs::read(&path).unwrap() != sound, "{sql}: it changes nothing");
        let output = bench.tagsmith(&["library", LIBRARY]);
        assert_eq!(output.status.code(), Some(2), "{sql}");
        assert!(stderr(&output).contains("(library_damaged)"), "{sql}: {}", stderr(&output));
        fs::write(&path, &sound).unwrap();
    }
    for sql in impossible {
        assert!(change(bench, sql).is_err(), "{sql}");
    }
    assert_eq!(bench.tagsmith(&["library", LIBRARY]).status.code(), Some(0));
}
