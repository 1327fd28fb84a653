//! The names of the classes in Ultralytics' `data.yaml`: a list, a map from numbers, or either on one line.

use super::literal::{parse_literal, unquote};
use super::{ParsedLabels, invalid};
use crate::error::Result;

/// What the list of names is called.
const FIELDS: &[&str] = &["names", "labels", "classes", "class_names"];

/// The labels under `names:`. What else the file says is not looked at.
pub fn from_yaml(text: &str) -> Result<ParsedLabels> {
    let missing = || invalid("This YAML file has no list of names. It needs \"names:\" with one line per class.");
    let lines: Vec<&str> = text.lines().map(without_comment).collect();
    let (at, first) =
        lines.iter().enumerate().find_map(|(at, line)| Some((at, after_field(line)?.trim()))).ok_or_else(missing)?;
    if !first.is_empty() {
        // A list on one line may be wrapped.
        let is_inside = |line: &&&str| line.starts_with([' ', '\t', ']', '}']) || line.is_empty();
        let wrapped: Vec<&str> = lines[at + 1..].iter().take_while(is_inside).map(|line| line.trim()).collect();
        let whole = format!("{first} {}", wrapped.join(" "));
        let unreadable = || invalid("The list after \"names:\" cannot be read. Write one name per line, as \"- cat\".");
        return parse_literal(&whole).map(ParsedLabels::from).ok_or_else(unreadable);
    }
    let (mut names, mut numbered) = (Vec::new(), Vec::new());
    for line in lines[at + 1..].iter().filter(|line| !line.trim().is_empty()) {
        if let Some(name) = line.trim_start().strip_prefix("- ").filter(|_| numbered.is_empty()) {
            names.push(scalar(name)?);
        } else if let (true, Some((number, name))) = (line.starts_with([' ', '\t']), line.split_once(':')) {
            let number = number.trim().trim_matches(['\'', '"']).parse();
            let number = number.map_err(|_| invalid(format!("In the list of names, {line:?} has no number.")))?;
            numbered.push((number, scalar(name)?));
        } else {
            break;
        }
    }
    match (names.is_empty(), numbered.is_empty()) {
        (false, true) => Ok(ParsedLabels::InOrder(names)),
        (true, false) => Ok(ParsedLabels::Numbered(numbered)),
        _ => Err(missing()),
    }
}

fn after_field(line: &str) -> Option<&str> {
    FIELDS.iter().find_map(|field| line.strip_prefix(field)?.trim_start().strip_prefix(':'))
}

/// `names: [a] # comment` without the comment; a "#" within a word belongs to it.
fn without_comment(line: &str) -> &str {
    if line.starts_with('#') || line.contains(['\'', '"']) {
        return if line.starts_with('#') { "" } else { line };
    }
    line.split_once(" #").map_or(line, |(before, _)| before).trim_end()
}

fn scalar(text: &str) -> Result<String> {
    let text = text.trim();
    let Some(quote) = text.chars().next().filter(|quote| ['\'', '"'].contains(quote)) else {
        return Ok(text.to_owned());
    };
    // YAML doubles a quote within single ones.
    let doubled = text[1..].replace("''", "\\'");
    match unquote(if quote == '\'' { &doubled } else { &text[1..] }, quote) {
        Some((name, after)) if after.trim().is_empty() || after.trim().starts_with('#') => Ok(name),
        _ => Err(invalid(format!("The name {text:?} has no closing quote. Add it."))),
    }
}
