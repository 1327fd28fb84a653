//! The collections of a library, as a person or a program reads them.

use std::io::{self, Write};

use serde::Serialize;
use tagsmith::{Result, printable};

use crate::library::opening::{Library, refused};
use crate::say::count;

/// What the page says of a collection that nobody has named.
const UNNAMED: &str = "My pictures";

const COLLECTIONS: &str = "
    SELECT c.id, c.name, c.made_ms, date(c.made_ms / 1000, 'unixepoch'), count(f.id),
        count(iif(f.state = 'tagged', 1, NULL)), count(iif(f.state = 'failed', 1, NULL)), coalesce(sum(f.size), 0)
    FROM collection AS c LEFT JOIN file AS f ON f.collection = c.id AND f.removed_ms IS NULL GROUP BY c.id ORDER BY c.id";

/// What a list says of a collection. Files that were taken off it do not count.
#[derive(Debug, Serialize)]
pub struct Collection {
    pub id: i64,
    pub name: String,
    /// When it was made, in ms since 1970.
    pub made_ms: i64,
    /// That day, in UTC: 2026-11-29. None for a time that no calendar has.
    pub made: Option<String>,
    pub files: u64,
    pub tagged: u64,
    pub failed: u64,
    /// Of the files, together.
    pub bytes: u64,
}

impl Collection {
    /// As people know it, in English.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { UNNAMED } else { &self.name }
    }
}

impl Library {
    /// Every collection, the oldest first.
    ///
    /// # Errors
    /// [`LibraryDamaged`](tagsmith::ErrorKind) for a number that cannot be.
    pub fn collections(&self) -> Result<Vec<Collection>> {
        let read = || {
            let mut rows = self.connection.prepare(COLLECTIONS)?;
            let collection = |row: &rusqlite::Row<'_>| {
                let counted = |at: usize| {
                    let n: i64 = row.get(at)?;
                    u64::try_from(n).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, n))
                };
                Ok(Collection {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    made_ms: row.get(2)?,
                    made: row.get(3)?,
                    files: counted(4)?,
                    tagged: counted(5)?,
                    failed: counted(6)?,
                    bytes: counted(7)?,
                })
            };
            rows.query_map((), collection)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| refused(&self.name, &error))
    }
}

/// A line for each collection: number, name, files, and when it was made.
///
/// # Errors
/// Those of the output.
pub fn write(out: &mut impl Write, collections: &[Collection]) -> io::Result<()> {
    for one in collections {
        let files = count_of(one.files, "file", "files");
        let made = one.made.as_deref().unwrap_or("at no known date");
        let (tagged, failed, size) = (one.tagged, one.failed, size_of(one.bytes));
        let title = printable(one.title());
        writeln!(out, "{:>3}  {title}: {files}, {tagged} tagged, {failed} failed, {size}, made {made}", one.id)?;
    }
    out.flush()
}

fn count_of(n: u64, one: &str, many: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), one, many)
}

fn size_of(bytes: u64) -> String {
    if bytes < 1_000_000_000 {
        format!("{:.1} MB", bytes as f64 / 1e6)
    } else {
        format!("{:.1} GB", bytes as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_everything_and_nothing_that_a_terminal_obeys() {
        let one = |name: &str| Collection {
            id: 7,
            name: name.to_owned(),
            made_ms: 0,
            made: Some("1970-01-01".to_owned()),
            files: 1,
            tagged: 1,
            failed: 0,
            bytes: 2_345_678,
        };
        let mut text = Vec::new();
        let large = Collection { bytes: 405_000_000_000, ..one("\u{1b}[2Jx") };
        write(&mut text, &[one(""), large]).unwrap();
        let wanted = "  7  My pictures: 1 file, 1 tagged, 0 failed, 2.3 MB, made 1970-01-01\n  7  \\u{1b}[2Jx: 1 file, 1 tagged, 0 failed, \
                      405.0 GB, made 1970-01-01\n";
        assert_eq!(String::from_utf8(text).unwrap(), wanted);
    }
}
