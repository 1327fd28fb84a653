//! A table of files and tags: `file,tags`, a row for each tag of a file, a column for each tag with 0 and 1, or no header at all.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::TagSource;
use super::paths::Listing;
use super::plan::{Found, Missing};
use super::tags::{TagsOf, Words};

/// Names of the column of files, as people, programs and our own exports write them.
const FILES: &[&str] = &[
    "file",
    "filename",
    "path",
    "filepath",
    "image",
    "imagename",
    "imagepath",
    "imagefile",
    "img",
    "picture",
    "photo",
    "sourcefile",
    "uri",
    "url",
    "fil",
    "filnamn",
    "bild",
    "sökväg",
];
/// Names of a column with one tag.
const TAG: &[&str] =
    &["tag", "label", "class", "classname", "category", "keyword", "tagname", "tagg", "etikett", "klass", "nyckelord"];
/// Names of a column with a list of tags.
const TAGS: &[&str] =
    &["tags", "labels", "classes", "categories", "keywords", "subject", "taggar", "etiketter", "klasser"];
/// So many rows tell what a column holds.
const N_SAMPLED: usize = 100;

/// What the columns mean.
enum Columns {
    /// Tags are in `tags`; with commas between them where the heading says that there are several.
    Listed { file: usize, tags: Vec<(usize, bool)> },
    /// Each column but that of the file is a tag, which a picture has where the cell isn't 0.
    Marked { file: usize, names: Vec<(usize, String)> },
}

/// The table that finds most pictures.
pub fn read(listing: &Listing, documents: &[(u32, &[u8])]) -> Option<Found> {
    let all = documents.iter().filter_map(|(place, bytes)| {
        let file = listing.file(*place).filter(|file| matches!(file.extension().as_str(), "csv" | "tsv"))?;
        found(listing, file.folders(), &text(bytes))
    });
    all.max_by_key(|found| found.pictures.len())
}

fn found(listing: &Listing, beside: &[String], text: &str) -> Option<Found> {
    let first_line = text.lines().next()?;
    let count = |separator: char| first_line.matches(separator).count();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|separator| count(*separator))?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator as u8)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = reader.records().map_while(Result::ok);
    let sample: Vec<StringRecord> = rows.by_ref().take(N_SAMPLED).collect();
    let (columns, has_header) = columns(listing, beside, &sample)?;
    let mut words = Words::default();
    let mut tags_of = TagsOf::default();
    let mut missing = Missing::default();
    for row in sample.into_iter().skip(usize::from(has_header)).chain(rows) {
        let (Columns::Listed { file, .. } | Columns::Marked { file, .. }) = &columns;
        let written = row.get(*file).unwrap_or_default();
        let Some(entry) = listing.find(written, beside) else {
            if !written.is_empty() {
                missing.add(written);
            }
            continue;
        };
        tags_of.add(entry, words.numbers(tags_in(&row, &columns)));
        if words.is_full() {
            break;
        }
    }
    let pictures = tags_of.into_pictures();
    (!pictures.is_empty()).then_some(Found { source: TagSource::Table, words, pictures, missing })
}

fn tags_in<'a>(row: &'a StringRecord, columns: &'a Columns) -> Vec<&'a str> {
    match columns {
        Columns::Listed { tags, .. } => {
            let in_cell = |(column, is_list): &(usize, bool)| {
                let cell = row.get(*column).unwrap_or_default();
                let separators: &[char] = if *is_list { &['|', ';', ','] } else { &['|', ';'] };
                cell.split(separators).map(plain).collect::<Vec<_>>()
            };
            tags.iter().flat_map(in_cell).collect()
        }
        Columns::Marked { names, .. } => {
            let has = |column: usize| matches!(mark(row.get(column).unwrap_or_default()), Some(true));
            names.iter().filter(|(column, _)| has(*column)).map(|(_, name)| name.as_str()).collect()
        }
    }
}

/// Without the apostrophe that keeps a spreadsheet from running a word as a formula.
fn plain(word: &str) -> &str {
    let word = word.trim();
    word.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(word)
}

/// Yes or no, as tables say it.
fn mark(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "1" | "1.0" | "true" | "yes" | "x" | "ja" | "sant" => Some(true),
        "0" | "0.0" | "" | "false" | "no" | "nej" | "falskt" | "-1" => Some(false),
        _ => None,
    }
}

/// What the columns mean, and whether the first row is a header.
fn columns(listing: &Listing, beside: &[String], sample: &[StringRecord]) -> Option<(Columns, bool)> {
    let head = sample.first()?;
    let names: Vec<String> = head.iter().map(|name| name.to_lowercase().replace(['_', ' ', '-'], "")).collect();
    let is_found = |cell: &str| listing.find(cell, beside).is_some();
    let n_found = |column: usize| sample.iter().filter(|row| row.get(column).is_some_and(is_found)).count();
    let n_columns = sample.iter().map(StringRecord::len).max().unwrap_or_default();
    let by_name = FILES.iter().find_map(|known| names.iter().position(|name| name == known));
    // Any column in which the files of this folder are: "TRAIN,gs://bucket/a.jpg,hat" has it second.
    let file = by_name.filter(|column| n_found(*column) > 0).or_else(|| {
        (0..n_columns.min(20))
            .filter(|column| n_found(*column) > 0)
            .max_by_key(|column| (n_found(*column), 100 - *column))
    })?;
    if head.iter().any(is_found) {
        let tags = (file + 1..n_columns).map(|column| (column, false)).collect();
        return Some((Columns::Listed { file, tags }, false));
    }
    let others = || (0..names.len()).filter(|column| *column != file);
    let numbered = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let listed: Vec<(usize, bool)> = others()
        .filter_map(|column| {
            let name = numbered(&names[column]);
            let is_list = TAGS.contains(&name.as_str());
            (is_list || TAG.contains(&name.as_str())).then_some((column, is_list))
        })
        .collect();
    // "tag", "tag2": all are meant; but of "label" and "keywords" the first name in the table.
    if let Some(first) = listed.first() {
        let kind = numbered(&names[first.0]);
        let tags = listed.iter().copied().filter(|(column, _)| numbered(&names[*column]) == kind).collect();
        return Some((Columns::Listed { file, tags }, true));
    }
    let is_marked = |column: usize| sample[1..].iter().all(|row| mark(row.get(column).unwrap_or_default()).is_some());
    let marked: Vec<(usize, String)> =
        others().filter(|column| is_marked(*column)).map(|column| (column, head[column].to_owned())).collect();
    if !marked.is_empty() && sample.len() > 1 {
        return Some((Columns::Marked { file, names: marked }, true));
    }
    // Two columns, whatever they are called.
    let tags: Vec<(usize, bool)> = others().map(|column| (column, true)).collect();
    (tags.len() == 1).then_some((Columns::Listed { file, tags }, true))
}

/// UTF-8, UTF-16 with its mark, or what Excel calls CSV in western Europe.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    let units =
        |from: fn([u8; 2]) -> u16| bytes[2..].as_chunks::<2>().0.iter().map(|pair| from(*pair)).collect::<Vec<u16>>();
    match bytes {
        [0xFF, 0xFE, ..] => String::from_utf16_lossy(&units(u16::from_le_bytes)).into(),
        [0xFE, 0xFF, ..] => String::from_utf16_lossy(&units(u16::from_be_bytes)).into(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').into(),
            Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into(),
        },
    }
}
