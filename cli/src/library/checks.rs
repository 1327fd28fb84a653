//! What makes a file a library, checked before anything is taken from it; and making a new one.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use tagsmith::{Error, ErrorKind, Result};

use crate::library::crc32;
use crate::library::opening::{damaged, foreign, refused};

/// "TAGS".
const APPLICATION_ID: u32 = 0x5441_4753;
/// The first makes version 1, each later one the next.
const MIGRATIONS: [&str; 1] = [include_str!("../../../www/db/migrations/0001_library.sql")];
const VERSION: i64 = MIGRATIONS.len() as i64;
/// Of every table, what is there and what the ledger says.
pub const VERIFY: &str = include_str!("../../../www/db/queries/verify.sql");
/// A sentence about a value that no program of ours writes.
const MISFITS: &str = include_str!("../../../www/db/queries/misfits.sql");

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where it says how it is written and read: 1 is with a rollback journal.
const JOURNAL_MODES: std::ops::Range<usize> = 18..20;

/// Whether it is a database of nobody's, without anything in it.
///
/// # Errors
/// Those of SQLite.
pub fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    let marks = "SELECT (SELECT count(*) FROM sqlite_schema) + abs(application_id) + abs(user_version)
        FROM pragma_application_id, pragma_user_version";
    connection.query_one(marks, (), |row| row.get::<_, i64>(0)).map(|n| n == 0)
}

/// Makes a library of an empty database.
///
/// # Errors
/// Those of SQLite.
pub fn make(connection: &Connection) -> rusqlite::Result<()> {
    MIGRATIONS.iter().try_for_each(|migration| connection.execute_batch(migration))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)
}

/// Whether its tables are those of a library.
///
/// # Errors
/// [`ErrorKind::LibraryDamaged`], [`ErrorKind::LibraryNewer`], [`ErrorKind::FileUnreadable`].
pub fn check_tables(connection: &Connection, name: &str) -> Result<()> {
    let said = |error: rusqlite::Error| refused(name, &error);
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(said);
    if number("application_id")? != i64::from(APPLICATION_ID) {
        return Err(foreign(name));
    }
    let version = number("user_version")?;
    if version > VERSION {
        let detail = format!("{name} is of version {version}, and this program knows {VERSION}. Use a newer Tagsmith.");
        return Err(Error::new(ErrorKind::LibraryNewer, detail));
    }
    if version < VERSION {
        return Err(damaged(name, &format!("there never was a version {version}")));
    }
    if schema(connection).map_err(said)? != known_schema().expect("the migrations are ours") {
        return Err(damaged(name, "its tables are not those of a library"));
    }
    Ok(())
}

/// The checks of docs/formats/library.md, but for the content of blobs: whoever reads them checks that.
///
/// # Errors
/// [`ErrorKind::LibraryDamaged`], [`ErrorKind::LibraryNewer`], [`ErrorKind::FileUnreadable`].
pub fn check(connection: &Connection, name: &str) -> Result<()> {
    check_tables(connection, name)?;
    let said = |error: rusqlite::Error| refused(name, &error);
    let found: String = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0)).map_err(said)?;
    if found != "ok" {
        return Err(damaged(name, &found));
    }
    let mut lost = connection.prepare("PRAGMA foreign_key_check").map_err(said)?;
    if lost.exists(()).map_err(said)? {
        return Err(damaged(name, "a row names another one that is not there"));
    }
    check_ledger(connection, name)?;
    let misfit: Option<String> = connection.query_row(MISFITS, (), |row| row.get(0)).optional().map_err(said)?;
    misfit.map_or(Ok(()), |misfit| Err(damaged(name, &misfit)))
}

/// The first bytes, before SQLite is asked: it would believe a header that wants a write-ahead log, and look for one.
///
/// # Errors
/// [`ErrorKind::LibraryDamaged`].
pub fn check_header(path: &Path, name: &str) -> Result<()> {
    let mut header = [0; JOURNAL_MODES.end];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    if read.is_err() || !header.starts_with(MAGIC) || header[JOURNAL_MODES] != [1, 1] {
        return Err(foreign(name));
    }
    Ok(())
}

type SchemaRow = (String, String, String, Option<String>);

/// Everything that a database consists of: a trigger or a view of a stranger's is one more.
fn schema(connection: &Connection) -> rusqlite::Result<Vec<SchemaRow>> {
    let mut rows = connection.prepare(
        "SELECT type, name, tbl_name, iif(octet_length(sql) > 10000, '', sql) FROM sqlite_schema LIMIT 1000",
    )?;
    let rows = rows.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut rows: Vec<SchemaRow> = rows.collect::<rusqlite::Result<_>>()?;
    rows.sort();
    Ok(rows)
}

fn known_schema() -> rusqlite::Result<Vec<SchemaRow>> {
    let fresh = Connection::open_in_memory()?;
    crc32::add_to(&fresh)?;
    make(&fresh)?;
    schema(&fresh)
}

fn check_ledger(connection: &Connection, name: &str) -> Result<()> {
    let said = |error: rusqlite::Error| refused(name, &error);
    let mut verify = connection.prepare(VERIFY).map_err(said)?;
    let mut rows = verify.query(()).map_err(said)?;
    let mut n_tables: i64 = 0;
    while let Some(row) = rows.next().map_err(said)? {
        n_tables += 1;
        let table: String = row.get(0).map_err(said)?;
        let counted: (i64, i64) = (row.get(1).map_err(said)?, row.get(2).map_err(said)?);
        let written: (Option<i64>, Option<i64>) = (row.get(3).map_err(said)?, row.get(4).map_err(said)?);
        if written != (Some(counted.0), Some(counted.1)) {
            return Err(damaged(name, &format!("the table {table} is not as it was written")));
        }
    }
    let n_written: i64 = connection.query_row("SELECT count(*) FROM ledger", (), |row| row.get(0)).map_err(said)?;
    if n_written != n_tables {
        return Err(damaged(name, "its ledger has a table that is not there"));
    }
    Ok(())
}
