//! TensorFlow's `label_map.pbtxt`: `item { id: 1 name: 'cat' display_name: "Cat" }`, one per class.

use super::literal::unquote;
use super::{ParsedLabels, invalid};
use crate::error::Result;

/// Whether a text begins as a label map does.
pub fn is_label_map(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix("item");
    rest.is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// The `display_name`s, or else the `name`s, by their numbers.
pub fn from_label_map(text: &str) -> Result<ParsedLabels> {
    let mut numbered = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let item = numbered.len() + 1;
        let broken = || invalid(format!("Item {item} of the label map cannot be read. It needs an id and a name."));
        let body = rest.strip_prefix("item").and_then(|rest| rest.trim_start().strip_prefix('{'));
        rest = body.ok_or_else(broken)?.trim_start();
        let (mut id, mut name, mut display_name) = (None, None, None);
        while !rest.starts_with('}') {
            let (field, after) = rest.split_once(':').ok_or_else(broken)?;
            let (value, after) = value(after.trim_start()).ok_or_else(broken)?;
            match field.trim() {
                "id" => id = value.parse().ok(),
                "name" => name = Some(value),
                "display_name" => display_name = Some(value),
                _ => {}
            }
            rest = after.trim_start_matches([',', ';', ' ', '\t', '\n']);
        }
        numbered.push(id.zip(display_name.or(name)).ok_or_else(broken)?);
        rest = rest[1..].trim_start();
    }
    Ok(ParsedLabels::Numbered(numbered))
}

/// A quoted text or a word, and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next()?;
    if quote == '\'' || quote == '"' {
        return unquote(&text[1..], quote);
    }
    let end = text.find([' ', '\t', '\n', ',', ';', '}'])?;
    Some((text[..end].to_owned(), &text[end..]))
}
