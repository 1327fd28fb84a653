//! Words in a table: columns with known names, or the levels of a hierarchy from left to right.

use crate::error::Result;
use crate::tags::names::normal;
use crate::tags::strict::import::builder::{Builder, Place};
use crate::tags::strict::import::text;
use crate::tags::strict::invalid;

/// What a column is, and what it may be called.
const COLUMNS: [(Column, &[&str]); 5] = [
    (
        Column::Name,
        &[
            "name",
            "keyword",
            "keywords",
            "tag",
            "tags",
            "word",
            "term",
            "label",
            "preflabel",
            "title",
            "namn",
            "ord",
            "nyckelord",
            "tagg",
        ],
    ),
    (Column::Parent, &["parent", "parents", "broader", "above", "category", "över", "överordnad", "kategori"]),
    (Column::Aliases, &["alias", "aliases", "synonym", "synonyms", "altlabel", "altlabels", "synonymer"]),
    (Column::Id, &["id", "ids", "uri", "url", "notation", "code", "kod"]),
    (Column::Path, &["path", "hierarchy", "sökväg", "hierarki"]),
];

#[derive(Debug, Clone, PartialEq)]
enum Column {
    Name,
    Parent,
    Aliases,
    Id,
    Path,
    /// Names in a language.
    In(String),
    Other,
}

/// # Errors
/// [`ErrorKind::WordsInvalid`](crate::ErrorKind) for a table that cannot be read, and for more words than fit.
pub fn read(text: &str, words: &mut Builder) -> Result<()> {
    // Spreadsheet programs say there which character separates.
    let (said, text) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((sign, rest)) => (sign.bytes().next(), rest),
        None => (None, text),
    };
    let delimiter = said.unwrap_or_else(|| delimiter(text));
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(delimiter);
    let mut rows = Vec::new();
    for row in reader.from_reader(text.as_bytes()).into_records() {
        let row =
            row.map_err(|error| invalid(format!("The table cannot be read: {error}. Save it as CSV in UTF-8.")))?;
        rows.push(row);
    }
    let Some(first) = rows.first() else { return Ok(()) };
    let columns: Vec<Column> = first.iter().map(column).collect();
    if columns.contains(&Column::Name) || columns.contains(&Column::Path) {
        by_columns(&rows[1..], &columns, words)
    } else {
        levels(&rows, words)
    }
}

fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|&byte| byte == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&sign| count(sign)).unwrap_or(b',')
}

fn column(title: &str) -> Column {
    let title = normal(title).replace([' ', '_'], "");
    let known = COLUMNS.iter().find(|(_, names)| names.contains(&title.as_str())).map(|(column, _)| column.clone());
    known.unwrap_or_else(|| {
        let after = ["name", "label", "preflabel", "namn"].iter().find_map(|word| title.strip_prefix(word));
        let code = after.unwrap_or(&title).trim_matches([':', '(', ')', '@', '-']);
        let is_language = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_language { Column::In(code.to_owned()) } else { Column::Other }
    })
}

fn by_columns(rows: &[csv::StringRecord], columns: &[Column], words: &mut Builder) -> Result<()> {
    let mut by_name: std::collections::HashMap<String, Place> = std::collections::HashMap::new();
    let mut below: Vec<(Place, String)> = Vec::new();
    for row in rows {
        let cells = || row.iter().zip(columns).filter(|(cell, _)| !cell.trim().is_empty());
        let of = |wanted: &Column| cells().find(|(_, column)| *column == wanted).map(|(cell, _)| cell);
        let Some(name) = of(&Column::Name) else {
            if let Some(path) = of(&Column::Path) {
                text::path(path.split(['|', '/', '>']), words)?;
            }
            continue;
        };
        let is_known = by_name.get(&normal(name)).copied();
        let place = match is_known {
            Some(place) => Some(place),
            None => words.other_word(name)?,
        };
        let Some(place) = place else { continue };
        by_name.entry(normal(name)).or_insert(place);
        for (cell, column) in cells() {
            match column {
                Column::Aliases => cell.split([';', '|', ',']).for_each(|alias| words.add_alias(place, alias)),
                Column::Id => cell.split_whitespace().for_each(|id| words.add_id(place, id)),
                Column::In(language) => words.add_name(place, language, cell),
                Column::Parent => below.extend(cell.split([';', '|']).map(|parent| (place, parent.to_owned()))),
                Column::Name | Column::Path | Column::Other => {}
            }
        }
    }
    // A parent without a row of its own is a word too.
    for (place, parent) in below {
        let parent = match by_name.get(&normal(&parent)).copied() {
            Some(known) => Some(known),
            None => words.other_word(&parent)?.inspect(|&new| _ = by_name.insert(normal(&parent), new)),
        };
        if let Some(parent) = parent.filter(|&parent| parent != place) {
            words.put_below(place, parent);
        }
    }
    Ok(())
}

/// Each row is a way from the root; cells that are empty at its beginning are those of the row before.
fn levels(rows: &[csv::StringRecord], words: &mut Builder) -> Result<()> {
    let mut above: Vec<Option<Place>> = Vec::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if cell.trim().is_empty() {
                continue;
            }
            above.truncate(at);
            let parent = above.iter().rev().find_map(|place| *place);
            let place = words.word(cell, parent)?;
            above.resize(at, None);
            above.push(place);
        }
    }
    Ok(())
}
