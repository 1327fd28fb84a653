//! `crc32(…)`, the function of SQL by which the ledger knows a row.

use crc32fast::Hasher;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

/// Adds it to a connection, for the library's triggers and `verify.sql`.
///
/// # Errors
/// Those of SQLite.
pub fn add_to(connection: &Connection) -> Result<()> {
    // Innocuous: triggers may call it although a stranger's schema is not trusted.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("crc32", -1, flags, |row| Ok(i64::from(crc32(row))))
}

/// Of all arguments, each as one byte of type and its content.
fn crc32(row: &Context<'_>) -> u32 {
    let mut sum = Hasher::new();
    for value in (0..row.len()).map(|at| row.get_raw(at)) {
        match value {
            ValueRef::Null => sum.update(&[0]),
            ValueRef::Integer(number) => {
                sum.update(&[1]);
                sum.update(&number.to_le_bytes());
            }
            ValueRef::Real(number) => {
                sum.update(&[2]);
                sum.update(&number.to_le_bytes());
            }
            ValueRef::Text(content) => add_sized(&mut sum, 3, content),
            ValueRef::Blob(content) => add_sized(&mut sum, 4, content),
        }
    }
    sum.finalize()
}

/// No value of SQLite has 4 GiB.
fn add_sized(sum: &mut Hasher, kind: u8, content: &[u8]) {
    sum.update(&[kind]);
    sum.update(&(content.len() as u32).to_le_bytes());
    sum.update(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The wanted sums are zlib's.
    #[test]
    fn every_type_counts_with_its_length_and_the_sum_is_the_known_one() {
        let connection = Connection::open_in_memory().unwrap();
        add_to(&connection).unwrap();
        for (arguments, wanted) in [
            ("", 0),
            ("NULL", 3_523_407_757_i64),
            ("1", 1_037_566_067),
            ("1.0", 1_780_871_336),
            ("'ö'", 597_292_764),
            ("x'c3b6'", 3_862_874_194),
            ("NULL, 1, 'a', 'bc'", 1_059_897_807),
        ] {
            let sql = format!("SELECT crc32({arguments})");
            assert_eq!(connection.query_one(&sql, (), |row| row.get::<_, i64>(0)).unwrap(), wanted, "{arguments}");
        }
    }
}
