//! What makes a file a library, checked before anything is taken from it; and making a new one.

use std::collections::BTreeSet;
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
const MIGRATIONS: [&str; 4] = [
    include_str!("../../../www/db/migrations/0001_library.sql"),
    include_str!("../../../www/db/migrations/0002_providers.sql"),
    include_str!("../../../www/db/migrations/0003_maybe_paid.sql"),
    include_str!("../../../www/db/migrations/0004_own_tags.sql"),
];
const VERSION: usize = MIGRATIONS.len();
/// Of every table, what is there and what the ledger says.
const VERIFY: &str = include_str!("../../../www/db/queries/verify.sql");
/// The same of tables that had other columns before version 3.
const VERIFY_VERSION_2: &str = include_str!("../../../www/db/queries/verify_version_2.sql");
/// A sentence about a value that no program of ours writes, with the version that brought its table.
const MISFITS: [(usize, &str); 3] = [
    (1, include_str!("../../../www/db/queries/misfits.sql")),
    (2, include_str!("../../../www/db/queries/misfits_providers.sql")),
    (4, include_str!("../../../www/db/queries/misfits_own.sql")),
];

/// What was written of a table.
pub const LEDGER: &str = "SELECT n, sum FROM ledger WHERE name = ?1";

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
    migrate(connection, 0..VERSION)
}

/// Brings a library that was checked up to date, as part of a transaction.
///
/// # Errors
/// Those of SQLite.
pub fn bring_up_to_date(connection: &Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let version = usize::try_from(version).unwrap_or(VERSION);
    if version < VERSION { migrate(connection, version..VERSION) } else { Ok(()) }
}

fn migrate(connection: &Connection, versions: std::ops::Range<usize>) -> rusqlite::Result<()> {
    let version = versions.end;
    MIGRATIONS[versions].iter().try_for_each(|migration| connection.execute_batch(migration))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", version as i64)
}

/// Gives a library of an older version, which is only read, the tables that it lacks: empty, beside its file and for this connection.
///
/// # Errors
/// Those of SQLite.
pub fn complete(connection: &Connection) -> rusqlite::Result<()> {
    let has = table_names(connection)?;
    for (kind, name, _, sql) in known_schema(VERSION)? {
        if let (true, Some(sql)) = (kind == "table" && !has.contains(&name), sql) {
            connection.execute_batch(&sql.replacen("CREATE TABLE", "CREATE TEMP TABLE", 1))?;
        }
    }
    Ok(())
}

/// Of every table of a library its name, and the query that counts its rows and adds up their sums: the lines of `verify.sql`.
///
/// # Errors
/// Those of SQLite.
pub fn tables(connection: &Connection) -> rusqlite::Result<Vec<(&'static str, &'static str)>> {
    let has = table_names(connection)?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut tables: Vec<_> = counts(VERIFY).filter(|(name, _)| has.contains(*name)).collect();
    for former in counts(VERIFY_VERSION_2).filter(|_| version < 3) {
        tables.iter_mut().filter(|(name, _)| *name == former.0).for_each(|table| *table = former);
    }
    Ok(tables)
}

fn counts(queries: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let counts = queries.lines().filter_map(|line| line.find("SELECT '").map(|at| &line[at..]));
    counts.map(|count| (count.split('\'').nth(1).unwrap_or_default(), count))
}

fn table_names(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut names = connection.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'")?;
    names.query_map((), |row| row.get(0))?.collect()
}

/// Whether its tables are those of a library. Gives its version.
///
/// # Errors
/// [`ErrorKind::LibraryDamaged`], [`ErrorKind::LibraryNewer`], [`ErrorKind::FileUnreadable`].
pub fn check_tables(connection: &Connection, name: &str) -> Result<usize> {
    let said = |error: rusqlite::Error| refused(name, &error);
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(said);
    if number("application_id")? != i64::from(APPLICATION_ID) {
        return Err(foreign(name));
    }
    let version = number("user_version")?;
    if version > VERSION as i64 {
        let detail = format!("{name} is of version {version}, and this program knows {VERSION}. Use a newer Tagsmith.");
        return Err(Error::new(ErrorKind::LibraryNewer, detail));
    }
    let Some(known) = usize::try_from(version).ok().filter(|&version| version > 0) else {
        return Err(damaged(name, &format!("there never was a version {version}")));
    };
    if schema(connection).map_err(said)? != known_schema(known).expect("the migrations are ours") {
        return Err(damaged(name, "its tables are not those of a library"));
    }
    Ok(known)
}

/// The checks of docs/formats/library.md, but for the content of blobs: whoever reads them checks that.
///
/// # Errors
/// [`ErrorKind::LibraryDamaged`], [`ErrorKind::LibraryNewer`], [`ErrorKind::FileUnreadable`].
pub fn check(connection: &Connection, name: &str) -> Result<()> {
    let version = check_tables(connection, name)?;
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
    for (_, query) in MISFITS.iter().filter(|(since, _)| *since <= version) {
        let misfit: Option<String> = connection.query_row(query, (), |row| row.get(0)).optional().map_err(said)?;
        if let Some(misfit) = misfit {
            return Err(damaged(name, &misfit));
        }
    }
    Ok(())
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

fn known_schema(version: usize) -> rusqlite::Result<Vec<SchemaRow>> {
    let fresh = Connection::open_in_memory()?;
    crc32::add_to(&fresh)?;
    migrate(&fresh, 0..version)?;
    schema(&fresh)
}

fn check_ledger(connection: &Connection, name: &str) -> Result<()> {
    let said = |error: rusqlite::Error| refused(name, &error);
    let tables = tables(connection).map_err(said)?;
    for &(table, count) in &tables {
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>("n")?, row.get::<_, i64>("sum")?));
        let counted = connection.query_one(count, (), pair).map_err(said)?;
        let written = connection.query_one(LEDGER, [table], pair).optional().map_err(said)?;
        if written != Some(counted) {
            return Err(damaged(name, &format!("the table {table} is not as it was written")));
        }
    }
    let n_written: i64 = connection.query_row("SELECT count(*) FROM ledger", (), |row| row.get(0)).map_err(said)?;
    if usize::try_from(n_written) != Ok(tables.len()) {
        return Err(damaged(name, "its ledger has a table that is not there"));
    }
    Ok(())
}
