//! `is_text(…)`, the function of SQL that says whether a value is text that every program reads alike.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

/// Adds it to a connection: UTF-8 without a NUL is text. SQLite itself takes any bytes.
///
/// # Errors
/// Those of SQLite.
pub fn add_to(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("is_text", 1, flags, |row| match row.get_raw(0) {
        ValueRef::Text(bytes) => Ok(str::from_utf8(bytes).is_ok() && !bytes.contains(&0)),
        _ => Ok(false),
    })
}
