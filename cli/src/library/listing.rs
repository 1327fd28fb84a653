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

/// Who has tagged files of collection ?1, in runs that are not undone.
const TAGGERS: &str = "
    SELECT r.kind, r.tagger, count(DISTINCT f.id), o.name FROM file AS f JOIN tagging AS t ON t.asset = f.asset JOIN run AS r ON r.id = t.run
        LEFT JOIN own_tagger AS o ON r.kind = 'head' AND o.id = r.tagger
    WHERE f.collection = ?1 AND f.removed_ms IS NULL AND r.undone_ms IS NULL AND o.removed_ms IS NULL
    GROUP BY r.kind, r.tagger ORDER BY r.kind, r.tagger";

/// The kinds of runs whose tags stand beside the model's.
const BESIDE: [&str; 2] = ["head", "provider"];

/// Who has tagged files of a collection.
#[derive(Debug, Serialize)]
pub struct TaggedBy {
    /// Of the runs: `model`, `head` (an own tagger), `provider`.
    pub kind: String,
    /// The id of the model, own tagger or provider.
    pub tagger: String,
    /// What a person calls their own tagger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub files: u64,
}

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
    pub taggers: Vec<TaggedBy>,
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
            let mut taggers = self.connection.prepare(TAGGERS)?;
            let collection = |row: &rusqlite::Row<'_>| {
                let tagged_by = |row: &rusqlite::Row<'_>| {
                    Ok(TaggedBy { kind: row.get(0)?, tagger: row.get(1)?, name: row.get(3)?, files: counted(row, 2)? })
                };
                let id: i64 = row.get(0)?;
                let taggers = taggers.query_map([id], tagged_by)?.collect::<rusqlite::Result<_>>()?;
                Ok(Collection {
                    id,
                    name: row.get(1)?,
                    made_ms: row.get(2)?,
                    made: row.get(3)?,
                    files: counted(row, 4)?,
                    tagged: counted(row, 5)?,
                    failed: counted(row, 6)?,
                    bytes: counted(row, 7)?,
                    taggers,
                })
            };
            rows.query_map((), collection)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| refused(&self.name, &error))
    }
}

fn counted(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<u64> {
    let n: i64 = row.get(at)?;
    u64::try_from(n).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, n))
}

/// A line for each collection: number, name, files, and when it was made; below it one for each own tagger and provider that has tagged
/// files of it.
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
        for TaggedBy { tagger, name, files, .. } in one.taggers.iter().filter(|by| BESIDE.contains(&by.kind.as_str())) {
            let name = name.as_ref().unwrap_or(tagger);
            writeln!(out, "     also tagged by {}: {}", printable(name), count_of(*files, "file", "files"))?;
        }
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
            taggers: vec![],
        };
        let by = |kind: &str, tagger: &str, files| TaggedBy {
            kind: kind.to_owned(),
            tagger: tagger.to_owned(),
            name: None,
            files,
        };
        let mut text = Vec::new();
        let taggers = vec![by("model", "m", 7), by("provider", "goo\u{7}gle", 1)];
        let large = Collection { bytes: 405_000_000_000, taggers, ..one("\u{1b}[2Jx") };
        write(&mut text, &[one(""), large]).unwrap();
        let wanted = "  7  My pictures: 1 file, 1 tagged, 0 failed, 2.3 MB, made 1970-01-01\n  7  \\u{1b}[2Jx: 1 file, 1 tagged, 0 failed, \
                      405.0 GB, made 1970-01-01\n     also tagged by goo\\u{7}gle: 1 file\n";
        assert_eq!(String::from_utf8(text).unwrap(), wanted);
    }
}
