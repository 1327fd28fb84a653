//! Labels in tables (CSV, TSV).

use super::lines::{from_words, is_numbering};
use super::{NAME_COLUMNS, ParsedLabels, invalid};
use crate::error::Result;

/// Names of columns with a species' scientific name.
const SCIENTIFIC_COLUMNS: &[&str] = &["scientific_name", "latin_name", "species"];
/// Names of columns that certainly hold the class number.
const CLASS_NUMBER_COLUMNS: &[&str] = &["index", "idx", "class_index", "class_idx", "class_number"];
/// Names of columns that may hold the class number.
const NUMBER_COLUMNS: &[&str] =
    &["index", "idx", "class_index", "class_idx", "class_number", "class_id", "label_id", "id", "number"];

/// A table with a header, or without one.
pub fn from_table(text: &str) -> Result<ParsedLabels> {
    let first_line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: &u8| first_line.bytes().filter(|byte| byte == delimiter).count();
    // The last of equal maxima: a comma if no delimiter occurs.
    let delimiter = *b"\t;,".iter().max_by_key(|delimiter| count(delimiter)).expect("three delimiters");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader
        .records()
        .collect::<Result<_, _>>()
        .map_err(|error| invalid(format!("The table cannot be read: {error}.")).with_source(error))?;
    let Some(header) = rows.first() else { return Ok(ParsedLabels::InOrder(Vec::new())) };
    let names: Vec<String> = header.iter().map(plain_name).collect();
    let column =
        |known: &[&str]| known.iter().find_map(|name| names.iter().position(|found| *found == name.replace('_', "")));
    let number = column(NUMBER_COLUMNS);
    let label = column(NAME_COLUMNS).or_else(|| {
        let others: Vec<usize> = (0..names.len()).filter(|&other| Some(other) != number).collect();
        number.and(if let [only] = others[..] { Some(only) } else { None })
    });
    let has_header = names.iter().all(|name| name.parse::<f64>().is_err()) && (label.is_some() || number.is_some());
    match label {
        _ if !has_header => Ok(from_rows(&rows)),
        Some(label) => Ok(from_columns(&names, &rows[1..], label)),
        None => Err(invalid(format!(
            "The table has no column of names, only {}. Rename the column with the labels to \"name\".",
            header.iter().collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// "Display Name", "DisplayName" and "display_name" are one.
fn plain_name(name: &str) -> String {
    name.to_lowercase().replace(['_', ' ', '-'], "")
}

fn is_one_of(known: &[&str], plain_name: &str) -> bool {
    known.iter().any(|name| name.replace('_', "") == plain_name)
}

fn from_columns(names: &[String], rows: &[csv::StringRecord], label: usize) -> ParsedLabels {
    let cells = |column: usize| rows.iter().map(move |row| row.get(column).unwrap_or_default());
    // A species without a common name has its scientific one.
    let other = (0..names.len()).find(|&column| column != label && is_one_of(SCIENTIFIC_COLUMNS, &names[column]));
    let named = |(row, cell): (usize, &str)| match other.and_then(|other| rows[row].get(other)) {
        Some(other) if cell.is_empty() => other.to_owned(),
        _ => cell.to_owned(),
    };
    let labels = cells(label).enumerate().map(named);
    // "label" and "class" may hold the number if another column holds the name; "id" may be an unrelated id.
    let numbers = (0..names.len()).filter(|&column| column != label).find_map(|column| {
        let name = names[column].as_str();
        let numbers: Vec<u64> = cells(column).map(|cell| cell.parse().ok()).collect::<Option<_>>()?;
        let is_certain = is_one_of(CLASS_NUMBER_COLUMNS, name);
        let may_be = is_certain || is_one_of(NUMBER_COLUMNS, name) || is_one_of(NAME_COLUMNS, name);
        (is_certain || may_be && is_numbering(numbers.iter().copied())).then_some(numbers)
    });
    match numbers {
        Some(numbers) => ParsedLabels::Numbered(numbers.into_iter().zip(labels).collect()),
        None => ParsedLabels::InOrder(labels.collect()),
    }
}

/// A table without a header: an optional number, an optional WordNet id, then the label, which may contain commas.
fn from_rows(rows: &[csv::StringRecord]) -> ParsedLabels {
    let lines: Vec<String> = rows.iter().map(|row| row.iter().collect::<Vec<_>>().join(", ")).collect();
    from_words(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}
