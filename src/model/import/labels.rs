//! Reads class names from the file formats in which people have them.
//!
//! One wrong line shifts every name after it, so nothing is skipped, invented or renumbered silently: a doubtful file is refused, and
//! the error says what to change.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};

/// Larger than any file of labels for the 65,535 classes that a vocabulary can hold.
const MAX_BYTES: usize = 8 << 20;
/// The most tags that a vocabulary can hold.
const MAX_LABELS: usize = u16::MAX as usize;
/// Maximum length of a label. The longest line of ImageNet's synonyms has about 130 characters.
const MAX_CHARS: usize = 300;
/// Usual names of the background class.
const BACKGROUNDS: &[&str] = &["background", "_background_", "__background__", "dummy", "none", "unknown"];

/// Fields of a JSON file that may hold the labels, the most specific first.
const JSON_FIELDS: &[&str] = &["id2label", "label_names", "labels", "class_names", "classes", "names", "label2id"];
/// Names of columns and fields that may hold a label, names for people first.
const NAME_COLUMNS: &[&str] =
    &["display_name", "label_name", "class_name", "name", "label", "class", "category", "tag", "title", "description"];
/// Names of columns that certainly hold the class number.
const CLASS_NUMBER_COLUMNS: &[&str] = &["index", "idx", "class_index", "class_idx", "class_number"];
/// Names of columns that may hold the class number.
const NUMBER_COLUMNS: &[&str] =
    &["index", "idx", "class_index", "class_idx", "class_number", "class_id", "label_id", "id", "number"];

/// The labels in a file, in class order. Reads one label per line, optionally after a number or WordNet id; JSON (a list, a map from
/// numbers, a Hugging Face `config.json`); and tables (CSV, TSV). `n_classes`: the network's number of classes, if known.
///
/// # Errors
/// [`ErrorKind::LabelsInvalid`] for a file in another form, and if the number of labels is not `n_classes`.
pub fn parse_labels(text: &str, file_name: &str, n_classes: Option<usize>) -> Result<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(invalid(format!(
            "The file has {} bytes; a list of labels has at most {MAX_BYTES}. Choose the file with the names of the classes.",
            text.len()
        )));
    }
    if text.contains(['\0', char::REPLACEMENT_CHARACTER]) {
        return Err(invalid(
            "The file is not UTF-8 text. Save it as UTF-8, or choose the file with the names of the classes.",
        ));
    }
    // Old Macs ended lines with a lone carriage return.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let name = file_name.to_lowercase();
    let found = if name.ends_with(".json") {
        from_json(&text)?
    } else if name.ends_with(".csv") || name.ends_with(".tsv") {
        from_table(&text)?
    } else {
        from_lines(&text)?
    };
    let labels = match found {
        ParsedLabels::InOrder(labels) => labels,
        ParsedLabels::Numbered(numbered) => by_number(numbered, n_classes)?,
    };
    let labels = check_labels(&labels)?;
    if let Some(n_classes) = n_classes {
        check_count(&labels, n_classes)?;
    }
    Ok(labels)
}

/// Validates labels as names of tags, and collapses their white space.
pub fn check_labels(labels: &[String]) -> Result<Vec<String>> {
    if labels.is_empty() {
        return Err(invalid("The file has no labels. Choose a file with one label per class."));
    }
    if labels.len() > MAX_LABELS {
        return Err(invalid(format!(
            "There are {} labels; the maximum is {MAX_LABELS}. Choose a model with fewer classes.",
            labels.len()
        )));
    }
    let check = |(idx, label): (usize, &String)| {
        let clean = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let number = idx + 1;
        if clean.is_empty() {
            return Err(invalid(format!(
                "Label {number} of {} is empty. Every class needs a label: add one, or delete the line if it is superfluous.",
                labels.len()
            )));
        }
        if let Some(control) = clean.chars().find(|c| c.is_control()) {
            return Err(invalid(format!(
                "Label {number} contains a character that cannot be shown (U+{:04X}). Remove it.",
                u32::from(control)
            )));
        }
        let length = clean.chars().count();
        if length > MAX_CHARS {
            let start: String = clean.chars().take(40).collect();
            return Err(invalid(format!(
                "Label {number} has {length} characters; the maximum is {MAX_CHARS}. Shorten it; it begins with {start:?}."
            )));
        }
        Ok(clean)
    };
    labels.iter().enumerate().map(check).collect()
}

/// Refuses too many or too few labels, with the most likely reason.
pub fn check_count(labels: &[String], n_classes: usize) -> Result<()> {
    let found = labels.len();
    if found == n_classes {
        return Ok(());
    }
    let is_background = |label: &String| BACKGROUNDS.contains(&label.to_lowercase().as_str());
    let remedy = if found + 1 == n_classes {
        "A network with one more class than labels often has a background class first: if yours does, add \"background\" as the first label.".to_owned()
    } else if found == n_classes + 1
        && let Some(first) = labels.first().filter(|label| is_background(label))
    {
        format!("The first label is {first:?}, which this network seems not to have: delete it.")
    } else {
        "Choose the labels that the network was trained with.".to_owned()
    };
    Err(invalid(format!("The network has {n_classes} classes, but the file has {found} labels. {remedy}")))
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::LabelsInvalid, detail)
}

/// The labels of a file, before sorting.
enum ParsedLabels {
    InOrder(Vec<String>),
    Numbered(Vec<(u64, String)>),
}

/// Sorts numbered labels. Numbers start at 0, or at 1 if no class can be missing at the start.
fn by_number(mut numbered: Vec<(u64, String)>, n_classes: Option<usize>) -> Result<Vec<String>> {
    numbered.sort_by_key(|(number, _)| *number);
    let starts_at_one = numbered.first().is_some_and(|(number, _)| *number == 1);
    if starts_at_one && n_classes == Some(numbered.len() + 1) {
        return Err(invalid(format!(
            "The labels are numbered from 1 to {}, but the network has {} classes, numbered from 0. If class 0 is the background, add \"background\" with number 0.",
            numbered.len(),
            numbered.len() + 1
        )));
    }
    for (expected, (number, _)) in (u64::from(starts_at_one)..).zip(&numbered) {
        if *number > expected {
            return Err(invalid(format!(
                "The file has no label with the number {expected}. Add it: every class needs a label."
            )));
        }
        if *number < expected {
            return Err(invalid(format!("The file has two labels with the number {number}. Delete one of them.")));
        }
    }
    Ok(numbered.into_iter().map(|(_, label)| label).collect())
}

fn from_json(text: &str) -> Result<ParsedLabels> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| invalid(format!("The file is not valid JSON: {error}.")).with_source(error))?;
    json_labels(&value, true)
}

fn json_labels(value: &Value, may_be_wrapped: bool) -> Result<ParsedLabels> {
    match value {
        Value::Array(items) => Ok(ParsedLabels::InOrder(
            items.iter().enumerate().map(|(idx, item)| json_label(item, idx)).collect::<Result<_>>()?,
        )),
        Value::Object(map) => {
            let is_list = |value: &&Value| value.is_array() || value.is_object();
            let wrapped = JSON_FIELDS.iter().find_map(|&field| map.get(field).filter(is_list));
            match wrapped {
                Some(inner) if may_be_wrapped => {
                    Ok(described(json_labels(inner, false)?, map.get("label_descriptions")))
                }
                _ => json_map(map),
            }
        }
        _ => Err(no_labels_in_json()),
    }
}

/// Replaces ids by their descriptions: timm's `config.json` lists WordNet ids, with the names in a separate map.
fn described(found: ParsedLabels, descriptions: Option<&Value>) -> ParsedLabels {
    let describe = |label: String| match descriptions.and_then(|descriptions| descriptions.get(&label)) {
        Some(Value::String(description)) => description.clone(),
        _ => label,
    };
    match found {
        ParsedLabels::InOrder(labels) => ParsedLabels::InOrder(labels.into_iter().map(describe).collect()),
        numbered @ ParsedLabels::Numbered(_) => numbered,
    }
}

/// `{"0": label}` or `{label: 0}`.
fn json_map(map: &Map<String, Value>) -> Result<ParsedLabels> {
    let numbers: Option<Vec<u64>> = map.keys().map(|key| key.parse().ok()).collect();
    if let Some(numbers) = numbers {
        let labels = map.values().zip(numbers).map(|(label, number)| Ok((number, json_label(label, number as usize)?)));
        return labels.collect::<Result<_>>().map(ParsedLabels::Numbered);
    }
    let numbers: Option<Vec<u64>> = map.values().map(Value::as_u64).collect();
    let numbers = numbers.ok_or_else(no_labels_in_json)?;
    Ok(ParsedLabels::Numbered(numbers.into_iter().zip(map.keys().cloned()).collect()))
}

fn no_labels_in_json() -> Error {
    invalid("This JSON file has no labels. It needs a list of names, a map from numbers to names, or \"id2label\".")
}

/// `"tench"`, `["n01440764", "tench"]` or `{"name": "tench"}`.
fn json_label(value: &Value, idx: usize) -> Result<String> {
    let label = match value {
        Value::String(label) => Some(label.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(parts) => match &parts[..] {
            [Value::String(label)] => Some(label.clone()),
            [Value::String(id), Value::String(label)] if is_wordnet_id(id) => Some(label.clone()),
            _ => None,
        },
        Value::Object(fields) => {
            NAME_COLUMNS.iter().find_map(|&field| fields.get(field).and_then(Value::as_str)).map(str::to_owned)
        }
        _ => None,
    };
    label.ok_or_else(|| invalid(format!("The JSON file's entry for class {idx} is not a label. Replace it by a name.")))
}

fn from_lines(text: &str) -> Result<ParsedLabels> {
    let text = text.trim_end();
    if text.starts_with(['{', '[']) {
        if let Ok(value) = serde_json::from_str(text) {
            return json_labels(&value, true);
        }
        if let Some(numbered) = python_map(text) {
            return Ok(ParsedLabels::Numbered(numbered));
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    Ok(from_words(&lines))
}

/// Removes numbers and WordNet ids if every line has them.
fn from_words(lines: &[&str]) -> ParsedLabels {
    if let Some(numbered) = numbered(lines, number_first).or_else(|| numbered(lines, number_last)) {
        let names: Vec<&str> = numbered.iter().map(|(_, name)| *name).collect();
        let names = without_wordnet_ids(&names);
        return ParsedLabels::Numbered(numbered.iter().map(|(number, _)| *number).zip(names).collect());
    }
    ParsedLabels::InOrder(without_wordnet_ids(lines))
}

fn without_wordnet_ids(lines: &[&str]) -> Vec<String> {
    let named: Option<Vec<String>> = lines
        .iter()
        .map(|line| {
            let (id, name) = line.split_once([' ', '\t', ',', ';', ':'])?;
            let name = name.trim();
            (is_wordnet_id(id) && !name.is_empty()).then(|| name.to_owned())
        })
        .collect();
    named.unwrap_or_else(|| lines.iter().map(|&line| line.to_owned()).collect())
}

/// "n01440764"
fn is_wordnet_id(word: &str) -> bool {
    word.strip_prefix('n').is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Splits lines into numbers and names, if the numbers are class numbers: those of "3 wheels" and "4 wheels" are not.
fn numbered<'a>(lines: &[&'a str], split: fn(&'a str) -> Option<(u64, &'a str)>) -> Option<Vec<(u64, &'a str)>> {
    let numbered: Vec<(u64, &str)> = lines.iter().map(|line| split(line)).collect::<Option<_>>()?;
    let names: HashSet<&str> = numbered.iter().map(|(_, name)| *name).collect();
    let is_numbering = is_numbering(numbered.iter().map(|(number, _)| *number)) && names.len() * 2 > numbered.len();
    is_numbering.then_some(numbered)
}

/// Whether these are consecutive numbers from 0 or 1, each once, in any order.
fn is_numbering(numbers: impl ExactSizeIterator<Item = u64>) -> bool {
    let count = numbers.len() as u64;
    let distinct: HashSet<u64> = numbers.collect();
    let (lowest, highest) = (distinct.iter().min(), distinct.iter().max());
    distinct.len() as u64 == count
        && lowest.zip(highest).is_some_and(|(&lowest, &highest)| lowest <= 1 && highest - lowest + 1 == count)
}

/// "0: tench", "0 tench", "0,tench", "0. tench"
fn number_first(line: &str) -> Option<(u64, &str)> {
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = line.split_at(end);
    let name = rest.trim_start_matches([' ', '\t', ':', ',', ';', '.', ')', '=']);
    (name.len() < rest.len() && !name.is_empty()).then_some((number.parse().ok()?, name))
}

/// "/a/airfield 0", as in the list of Places365
fn number_last(line: &str) -> Option<(u64, &str)> {
    let (name, number) = line.rsplit_once([' ', '\t', ',', ';', ':'])?;
    let name = name.trim_end_matches([' ', '\t', ',', ';', ':']);
    (!name.is_empty()).then_some((number.parse().ok()?, name))
}

/// `{0: 'tench, Tinca tinca', …}`: a Python dictionary, the form of the most copied list of ImageNet's classes.
fn python_map(text: &str) -> Option<Vec<(u64, String)>> {
    let entry = |line: &str| {
        let line = line.trim().trim_start_matches('{').trim_end_matches(['}', ',', ' ']);
        let (number, name) = line.split_once(':')?;
        let name = name.trim();
        let quote = name.chars().next().filter(|quote| ['\'', '"'].contains(quote))?;
        let name = name.strip_prefix(quote)?.strip_suffix(quote)?;
        Some((number.trim().parse().ok()?, name.replace("\\'", "'").replace("\\\"", "\"")))
    };
    text.lines().filter(|line| !["", "{", "}"].contains(&line.trim())).map(entry).collect()
}

fn from_table(text: &str) -> Result<ParsedLabels> {
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
    let names: Vec<String> = header.iter().map(str::to_lowercase).collect();
    let column = |known: &[&str]| known.iter().find_map(|&name| names.iter().position(|found| found == name));
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
            names.join(", ")
        ))),
    }
}

fn from_columns(names: &[String], rows: &[csv::StringRecord], label: usize) -> ParsedLabels {
    let cells = |column: usize| rows.iter().map(move |row| row.get(column).unwrap_or_default());
    let labels = cells(label).map(str::to_owned);
    // "label" and "class" may hold the number if another column holds the name; "id" may be an unrelated id.
    let numbers = (0..names.len()).filter(|&column| column != label).find_map(|column| {
        let name = names[column].as_str();
        let numbers: Vec<u64> = cells(column).map(|cell| cell.parse().ok()).collect::<Option<_>>()?;
        let is_certain = CLASS_NUMBER_COLUMNS.contains(&name);
        let may_be = is_certain || NUMBER_COLUMNS.contains(&name) || NAME_COLUMNS.contains(&name);
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
