//! The classes of a network out of whatever file people have them in.
//!
//! One wrong line shifts every name after it, so nothing is left out, made up or renumbered in silence: what is not certain is
//! refused, and the sentence says what to change.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};

/// A file of labels for the 65,535 classes that a vocabulary can hold is smaller than this.
const MAX_BYTES: usize = 8 << 20;
/// As many tags as a vocabulary can hold.
const MAX_LABELS: usize = u16::MAX as usize;
/// The longest line of ImageNet's list of synonyms has about 130 characters.
const MAX_CHARS: usize = 300;
/// Names of the class that stands for "nothing of all this".
const BACKGROUNDS: &[&str] = &["background", "_background_", "__background__", "dummy", "none", "unknown"];

/// Fields of a JSON file that hold its labels, the surest first.
const JSON_FIELDS: &[&str] = &["id2label", "label_names", "labels", "class_names", "classes", "names", "label2id"];
/// Names of columns and fields that hold a label, the one for people first.
const NAME_COLUMNS: &[&str] =
    &["display_name", "label_name", "class_name", "name", "label", "class", "category", "tag", "title", "description"];
/// Names of columns that hold a class's number, and of those that hold some number.
const CLASS_NUMBER_COLUMNS: &[&str] = &["index", "idx", "class_index", "class_idx", "class_number"];
const NUMBER_COLUMNS: &[&str] =
    &["index", "idx", "class_index", "class_idx", "class_number", "class_id", "label_id", "id", "number"];

/// The labels in a file, in the order of the classes: a label a line, perhaps after its number or WordNet id; JSON (a list, a map
/// from numbers, a Hugging Face `config.json`); or a table. `n_classes`: how many the network has, where that is known.
///
/// # Errors
/// [`ErrorKind::LabelsInvalid`] for a file that cannot be read so, and for another number of labels than the network has classes.
pub fn parse_labels(text: &str, file_name: &str, n_classes: Option<usize>) -> Result<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(invalid(format!(
            "The file has {} bytes; a list of labels has at most {MAX_BYTES}. Choose the file with the classes' names.",
            text.len()
        )));
    }
    if text.contains(['\0', char::REPLACEMENT_CHARACTER]) {
        return Err(invalid(
            "The file is no text in UTF-8. Save it as UTF-8, or choose the file with the classes' names.",
        ));
    }
    // A lone carriage return ended a line on old Macs.
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

/// Labels that can be names of tags, their white space made plain.
pub fn check_labels(labels: &[String]) -> Result<Vec<String>> {
    if labels.is_empty() {
        return Err(invalid("The file holds no labels. Choose a file with one label for each class."));
    }
    if labels.len() > MAX_LABELS {
        return Err(invalid(format!("There are {} labels; at most {MAX_LABELS} are possible.", labels.len())));
    }
    let check = |(idx, label): (usize, &String)| {
        let clean = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let number = idx + 1;
        if clean.is_empty() {
            return Err(invalid(format!(
                "Label {number} of {} is empty. Every class needs one: write any word there, or take the line out if it is too many.",
                labels.len()
            )));
        }
        if let Some(control) = clean.chars().find(|c| c.is_control()) {
            return Err(invalid(format!(
                "Label {number} holds a character that cannot be shown (U+{:04X}). Take it out.",
                u32::from(control)
            )));
        }
        let length = clean.chars().count();
        if length > MAX_CHARS {
            let start: String = clean.chars().take(40).collect();
            return Err(invalid(format!(
                "Label {number} has {length} characters; at most {MAX_CHARS} are possible. It begins with {start:?}."
            )));
        }
        Ok(clean)
    };
    labels.iter().enumerate().map(check).collect()
}

/// Refuses labels that are too many or too few, and says why that often is.
pub fn check_count(labels: &[String], n_classes: usize) -> Result<()> {
    let found = labels.len();
    if found == n_classes {
        return Ok(());
    }
    let is_background = |label: &String| BACKGROUNDS.contains(&label.to_lowercase().as_str());
    let remedy = if found + 1 == n_classes {
        "Networks with one class more than their labels often have a class for the background at the very start: if yours has, add \"background\" as the first label.".to_owned()
    } else if found == n_classes + 1
        && let Some(first) = labels.first().filter(|label| is_background(label))
    {
        format!("The first label is {first:?}, which this network seems not to have: take it out.")
    } else {
        "Choose the labels that the network was trained with.".to_owned()
    };
    Err(invalid(format!("The network has {n_classes} classes, the file {found} labels. {remedy}")))
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::LabelsInvalid, detail)
}

/// What a file gives before it is put in order.
enum ParsedLabels {
    InOrder(Vec<String>),
    Numbered(Vec<(u64, String)>),
}

/// Numbered labels in order. Numbers go from 0, or from 1 where nothing can be missing at the start.
fn by_number(mut numbered: Vec<(u64, String)>, n_classes: Option<usize>) -> Result<Vec<String>> {
    numbered.sort_by_key(|(number, _)| *number);
    let starts_at_one = numbered.first().is_some_and(|(number, _)| *number == 1);
    if starts_at_one && n_classes == Some(numbered.len() + 1) {
        return Err(invalid(format!(
            "The labels are numbered from 1 to {}, and the network has {} classes, from 0. If class 0 is the background, add \"background\" with the number 0.",
            numbered.len(),
            numbered.len() + 1
        )));
    }
    for (expected, (number, _)) in (u64::from(starts_at_one)..).zip(&numbered) {
        if *number > expected {
            return Err(invalid(format!("The file has no label with the number {expected}. Every class needs one.")));
        }
        if *number < expected {
            return Err(invalid(format!("The file has two labels with the number {number}. Take one of them out.")));
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

/// timm's cards list WordNet ids, and what they mean beside it.
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
    invalid("This JSON file holds no labels: it needs a list of names, a map from numbers to names, or \"id2label\".")
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
    label.ok_or_else(|| invalid(format!("What stands in the JSON file for class {idx} is no label: a name is needed.")))
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

/// Takes numbers and WordNet ids off where every line has them.
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

/// Lines as numbers and names, if the numbers are those of the classes. "3 wheels" and "4 wheels" are no numbering.
fn numbered<'a>(lines: &[&'a str], split: fn(&'a str) -> Option<(u64, &'a str)>) -> Option<Vec<(u64, &'a str)>> {
    let numbered: Vec<(u64, &str)> = lines.iter().map(|line| split(line)).collect::<Option<_>>()?;
    let names: HashSet<&str> = numbered.iter().map(|(_, name)| *name).collect();
    let is_numbering = is_numbering(numbered.iter().map(|(number, _)| *number)) && names.len() * 2 > numbered.len();
    is_numbering.then_some(numbered)
}

/// Whether these are the numbers from 0 or from 1, each once, in any order.
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

/// "/a/airfield 0", as the scenes of Places365 are listed
fn number_last(line: &str) -> Option<(u64, &str)> {
    let (name, number) = line.rsplit_once([' ', '\t', ',', ';', ':'])?;
    let name = name.trim_end_matches([' ', '\t', ',', ';', ':']);
    (!name.is_empty()).then_some((number.parse().ok()?, name))
}

/// `{0: 'tench, Tinca tinca',` and so on: how the most copied list of ImageNet's classes is written.
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
    let most = |delimiter: &u8| first_line.bytes().filter(|byte| byte == delimiter).count();
    // The later of equals: a comma where there is none of any.
    let delimiter = *b"\t;,".iter().max_by_key(|delimiter| most(delimiter)).expect("three delimiters");
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
            "The table has no column of names, only {}. Call the one with the labels \"name\".",
            names.join(", ")
        ))),
    }
}

fn from_columns(names: &[String], rows: &[csv::StringRecord], label: usize) -> ParsedLabels {
    let cells = |column: usize| rows.iter().map(move |row| row.get(column).unwrap_or_default());
    let labels = cells(label).map(str::to_owned);
    // "label" and "class" may be the number where another column has the name; an "id" may be anybody's.
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

/// A table without a header: perhaps a number, perhaps a WordNet id, then the label, which may itself hold commas.
fn from_rows(rows: &[csv::StringRecord]) -> ParsedLabels {
    let lines: Vec<String> = rows.iter().map(|row| row.iter().collect::<Vec<_>>().join(", ")).collect();
    from_words(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}
