//! What can be read of a damaged library, in a new one: docs/formats/library.md, "Rescue". The page does the same by the same queries.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rusqlite::ffi::ErrorCode;
use rusqlite::{Connection, Error, OpenFlags};
use tagsmith::Result;

use crate::library::checks;
use crate::library::opening::{connect, damaged, free, open_file, refused};
use crate::library::queries::{
    MAYBE_PAID_BEFORE_3, RESCUE_COLLECTION, RESCUE_CORRECTION, RESCUE_FILE, RESCUE_GIVEN_TEXT, RESCUE_OWN_TAGGER,
    RESCUE_SETTLE, RESCUE_TAG,
};
use crate::path_text::path_text;

const MAX_U32: i64 = 0xFFFF_FFFF;
/// What only a person can make again: of these, the rows that can be read are kept where the table is in doubt. With the last of the numbers
/// by which they are found.
const BY_ROWS: [(&str, &str, i64); 6] = [
    ("collection", RESCUE_COLLECTION, (1 << 53) - 1),
    ("file", RESCUE_FILE, MAX_U32),
    ("tag", RESCUE_TAG, MAX_U32),
    ("correction", RESCUE_CORRECTION, MAX_U32),
    ("given_text", RESCUE_GIVEN_TEXT, MAX_U32),
    ("own_tagger", RESCUE_OWN_TAGGER, MAX_U32),
];
/// What is kept whole or not at all, and only if that is certain on which it rests.
const WHOLE: [(&str, &[&str]); 13] = [
    ("asset", &[]),
    ("run", &[]),
    ("tagging", &["asset", "run", "tag"]),
    ("embedding", &["asset"]),
    ("setting", &[]),
    ("thumbnail", &["asset"]),
    ("request", &[]),
    ("awaited", &["run", "file", "request"]),
    ("found_text", &["asset", "run"]),
    ("head", &[]),
    ("training", &[]),
    ("view", &["asset"]),
    ("square", &["asset"]),
];
/// What somebody looked at who is done with a file.
const REVIEWED: [&str; 4] = ["file", "tag", "correction", "given_text"];
/// Ranges that cannot be read are halved so often at most, all together: a damaged page has a few hundred rows.
const MAX_HALVINGS: usize = 4096;

/// A table of the damaged library.
#[derive(Debug)]
pub struct Table {
    /// As the ledger says; None where that cannot be read.
    n_before: Option<i64>,
    /// Whether its rows are those that were written.
    is_certain: bool,
    n_kept: i64,
}

/// What became of the tables, by their names.
pub type Tables = BTreeMap<String, Table>;

/// Writes a new library to `out` with what can be read of the one in `path`, which stays as it is.
///
/// # Errors
/// [`LibraryDamaged`](tagsmith::ErrorKind) where nothing can be rescued, and those of opening; `out` is not there then.
pub fn rescue(path: &Path, out: &Path) -> Result<Tables> {
    let name = path_text(path);
    let connection = open_file(path, &name)?;
    checks::check_tables(&connection, &name)?;
    let mut tables = look_at(&connection).map_err(|error| refused(&name, &error))?;
    drop(connection);
    let written = fill(path, out, &mut tables).map_err(|error| refused(&name, &error)).and_then(|rescued| {
        checks::check(&rescued, &path_text(out))?;
        if tables.values().all(|table| table.n_kept == 0) {
            Err(damaged(&name, "nothing of it can be read"))
        } else {
            Ok(())
        }
    });
    if written.is_err() {
        let _ = fs::remove_file(out);
    }
    written.map(|()| tables)
}

/// Which tables are as they were written, and how much the ledger says was in each.
fn look_at(connection: &Connection) -> rusqlite::Result<Tables> {
    let mut tables = Tables::new();
    for (name, count) in checks::tables(connection)? {
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>("n")?, row.get::<_, i64>("sum")?));
        let written = or_none(connection.query_one(checks::LEDGER, [name], pair))?;
        let counted = or_none(connection.query_one(count, (), pair))?;
        let is_certain = written.is_some() && written == counted;
        tables.insert(name.to_owned(), Table { n_before: written.map(|(n, _)| n), is_certain, n_kept: 0 });
    }
    Ok(tables)
}

fn fill(path: &Path, out: &Path, tables: &mut Tables) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
    let mut rescued = connect(out, flags)?;
    free(&mut rescued)?; // whose tables were checked
    rescued
        .execute_batch("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA foreign_keys = ON; BEGIN")?;
    checks::make(&rescued)?;
    rescued.execute_batch("COMMIT")?;
    rescued.execute("ATTACH ?1 AS damaged", [read_only(path)])?;
    // What is settled at the end is not looked at before.
    rescued.execute_batch("BEGIN; PRAGMA defer_foreign_keys = ON")?;
    let is_certain = |name: &str| tables.get(name).is_some_and(|table| table.is_certain);
    // An older version has fewer columns: those that it lacks are as in a new row.
    let whole = |name: &str| {
        let all = "SELECT group_concat(name, ', ') FROM pragma_table_info(?1, 'damaged')";
        let columns: String = rescued.query_one(all, [name], |row| row.get(0))?;
        rescued.execute_batch(&format!("INSERT INTO {name} ({columns}) SELECT {columns} FROM damaged.{name}"))
    };
    // And fewer tables.
    for (name, query, last) in BY_ROWS.into_iter().filter(|(name, ..)| tables.contains_key(*name)) {
        if is_certain(name) { whole(name)? } else { copy_rows(&rescued, query, last)? }
    }
    for (name, rests_on) in WHOLE {
        if is_certain(name) && rests_on.iter().all(|table| is_certain(table)) {
            whole(name)?;
        }
    }
    if rescued.query_one("PRAGMA damaged.user_version", (), |row| row.get::<_, i64>(0))? < 3 {
        rescued.execute_batch(MAYBE_PAID_BEFORE_3)?;
    }
    rescued.execute_batch(RESCUE_SETTLE)?;
    // Whoever looked at these pictures saw something else, perhaps.
    if REVIEWED.into_iter().any(|name| tables.contains_key(name) && !is_certain(name)) {
        rescued.execute("UPDATE file SET is_reviewed = 0", ())?;
    }
    rescued.execute_batch("COMMIT; DETACH damaged")?;
    for (name, table) in tables {
        table.n_kept = rescued.query_one(&format!("SELECT count(*) FROM {name}"), (), |row| row.get(0))?;
    }
    Ok(rescued)
}

/// Ranges that can be read; the largest first, so that what cannot be read costs no others.
fn copy_rows(rescued: &Connection, query: &str, last: i64) -> rusqlite::Result<()> {
    let mut ranges = VecDeque::from([(1, last)]);
    let mut n_halvings = 0;
    while let Some((from, to)) = ranges.pop_front() {
        let is_read = or_none(rescued.execute(query, [from, to]))?.is_some();
        if !is_read && from < to && n_halvings < MAX_HALVINGS {
            n_halvings += 1;
            let middle = from + (to - from) / 2;
            ranges.extend([(from, middle), (middle + 1, to)]);
        }
    }
    Ok(())
}

/// Damage is what is expected here.
fn or_none<T>(read: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(Error::QueryReturnedNoRows | Error::InvalidColumnType(..)) => Ok(None),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TooBig) => Ok(None),
            _ => Err(error),
        },
    }
}

/// The address by which SQLite opens a file and writes nothing to it.
fn read_only(path: &Path) -> String {
    let mut address = String::from("file:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => address.push(char::from(byte)),
            b'\\' if cfg!(windows) => address.push('/'),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address + "?mode=ro"
}

/// A line for each table that had anything. Whether all of it is there, and certain.
///
/// # Errors
/// Those of the output.
pub fn write(out: &mut impl Write, tables: &Tables) -> io::Result<bool> {
    let mut is_all = true;
    for (name, &Table { n_before, is_certain, n_kept }) in tables {
        let before = n_before.map_or_else(|| "an unknown number".to_owned(), |n| n.to_string());
        if n_before == Some(0) && n_kept == 0 {
            continue;
        }
        let doubt = if is_certain || n_kept == 0 { "" } else { "; some may be wrong: look them over" };
        writeln!(out, "{name}: kept {n_kept} of {before}{doubt}")?;
        is_all &= is_certain && n_before == Some(n_kept);
    }
    out.flush()?;
    Ok(is_all)
}
