//! Reads class names from the file formats in which people have them.
//!
//! One wrong line shifts every name after it, so nothing is skipped, invented or renumbered silently: a doubtful file is refused, and
//! the error says what to change.

mod json;
mod lines;
pub(super) mod literal;
mod pbtxt;
mod table;
mod yaml;

use std::borrow::Cow;

use crate::error::{Error, ErrorKind, Result};

/// Larger than any file of labels for the 65,535 classes that a vocabulary can hold.
const MAX_BYTES: usize = 8 << 20;
/// The most tags that a vocabulary can hold.
const MAX_LABELS: usize = u16::MAX as usize;
/// Maximum length of a label. The longest line of ImageNet's synonyms has about 130 characters.
const MAX_CHARS: usize = 300;
/// Usual names of the background class.
const BACKGROUNDS: &[&str] = &["background", "_background_", "__background__", "dummy", "none", "unknown"];

/// Names of columns and fields that may hold a label, names for people first.
const NAME_COLUMNS: &[&str] = &[
    "display_name",
    "common_name",
    "vernacular_name",
    "english_name",
    "label_name",
    "class_name",
    "name",
    "label",
    "class",
    "category",
    "tag",
    "title",
    "description",
    "scientific_name",
    "latin_name",
    "species",
];

/// The text of a file: UTF-8, or UTF-16 as Windows calls "Unicode".
///
/// # Errors
/// [`ErrorKind::LabelsInvalid`] for anything else.
pub fn decode_text(bytes: &[u8]) -> Result<Cow<'_, str>> {
    if bytes.len() > 2 * MAX_BYTES {
        return Err(too_long(bytes.len()));
    }
    let units = |from_bytes: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let text = String::from_utf16(&pairs.iter().map(|&pair| from_bytes(pair)).collect::<Vec<u16>>());
        text.ok().filter(|_| rest.is_empty()).map(Cow::Owned)
    };
    // Without a mark, text that is mostly Latin shows by its zeros.
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).all(|&byte| byte == 0);
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => units(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => units(u16::from_be_bytes, rest),
        [first, 0, ..] if *first != 0 && zeros(1) => units(u16::from_le_bytes, bytes),
        [0, second, ..] if *second != 0 && zeros(0) => units(u16::from_be_bytes, bytes),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    };
    text.ok_or_else(not_text)
}

/// The labels in a file, in class order. Reads one label per line, optionally after a number or WordNet id, or all on one; JSON (a list, a
/// map from numbers, a Hugging Face `config.json`) and Python's notation of it; tables (CSV, TSV); Ultralytics' `data.yaml` and
/// TensorFlow's `label_map.pbtxt`. `n_classes`: the network's number of classes, if known.
///
/// # Errors
/// [`ErrorKind::LabelsInvalid`] for a file in another form, and if the number of labels is not `n_classes`.
pub fn parse_labels(text: &str, file_name: &str, n_classes: Option<usize>) -> Result<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(too_long(text.len()));
    }
    if text.contains(['\0', char::REPLACEMENT_CHARACTER]) {
        return Err(not_text());
    }
    // Old Macs ended lines with a lone carriage return.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let name = file_name.to_lowercase();
    let found = if name.ends_with(".json") {
        json::from_json(&text)?
    } else if name.ends_with(".csv") || name.ends_with(".tsv") {
        table::from_table(&text)?
    } else if name.ends_with(".yaml") || name.ends_with(".yml") {
        yaml::from_yaml(&text)?
    } else if pbtxt::is_label_map(&text) {
        pbtxt::from_label_map(&text)?
    } else {
        lines::from_lines(&text, n_classes)?
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
    if n_classes == 1 {
        return Err(invalid(format!(
            "The network has one score, but the file has {found} labels. One score takes one label, or two: what it means when it is low, \
             and what when it is high."
        )));
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

/// [`check_count`], but for two labels of one score.
pub fn check_fit(labels: &[String], n_classes: usize) -> Result<()> {
    if is_complement(labels, n_classes) { Ok(()) } else { check_count(labels, n_classes) }
}

/// [`parse_labels`], but for two labels of one score.
pub fn parse_fitting_labels(text: &str, file_name: &str, n_classes: Option<usize>) -> Result<Vec<String>> {
    let both = || parse_labels(text, file_name, Some(2)).ok().filter(|_| n_classes == Some(1));
    both().map_or_else(|| parse_labels(text, file_name, n_classes), Ok)
}

/// Whether two labels stand for one score: the second has it, the first the rest, as Keras does with two folders.
pub fn is_complement(labels: &[String], n_classes: usize) -> bool {
    n_classes == 1 && labels.len() == 2
}

fn too_long(length: usize) -> Error {
    invalid(format!(
        "The file has {length} bytes; a list of labels has at most {MAX_BYTES}. Choose the file with the names of the classes."
    ))
}

fn not_text() -> Error {
    invalid("The file is not UTF-8 text. Save it as UTF-8, or choose the file with the names of the classes.")
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::LabelsInvalid, detail)
}

/// The labels of a file, before sorting.
enum ParsedLabels {
    InOrder(Vec<String>),
    Numbered(Vec<(u64, String)>),
}

impl From<literal::Literal> for ParsedLabels {
    fn from(literal: literal::Literal) -> Self {
        match literal {
            literal::Literal::List(names) => Self::InOrder(names),
            literal::Literal::Numbered(numbered) => Self::Numbered(numbered),
        }
    }
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
