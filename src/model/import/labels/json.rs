//! Labels in JSON.

use serde_json::{Map, Value};

use super::lines::is_wordnet_id;
use super::literal::parse_literal;
use super::{NAME_COLUMNS, ParsedLabels, invalid};
use crate::error::{Error, Result};

/// Fields of a JSON file that may hold the labels, the most specific first.
const JSON_FIELDS: &[&str] = &[
    "id2label",
    "label_names",
    "labels",
    "class_names",
    "classes",
    "names",
    "idx_to_class",
    "class_to_idx",
    "class_indices",
    "label2id",
    "categories",
];
/// A list of names, a map with numbers, or either in a field of its own.
pub fn from_json(text: &str) -> Result<ParsedLabels> {
    match serde_json::from_str(text) {
        Ok(value) => json_labels(&value, true),
        // Whoever prints a list in Python gets single quotes.
        Err(error) => parse_literal(text)
            .map(ParsedLabels::from)
            .ok_or_else(|| invalid(format!("The file is not valid JSON: {error}.")).with_source(error)),
    }
}

pub fn json_labels(value: &Value, may_be_wrapped: bool) -> Result<ParsedLabels> {
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
