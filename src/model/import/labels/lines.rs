//! Labels in plain text.

use std::collections::HashSet;

use super::ParsedLabels;
use super::json::json_labels;
use super::literal::parse_literal;
use crate::error::Result;

/// One label per line, or all on one.
pub fn from_lines(text: &str, n_classes: Option<usize>) -> Result<ParsedLabels> {
    let text = text.trim_end();
    if text.starts_with(['{', '[', '(']) {
        if let Ok(value) = serde_json::from_str(text) {
            return json_labels(&value, true);
        }
        if let Some(literal) = parse_literal(text) {
            return Ok(literal.into());
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    if let [line] = lines[..]
        && let Some(labels) = on_one_line(line, n_classes)
    {
        return Ok(ParsedLabels::InOrder(labels));
    }
    Ok(from_words(&lines))
}

/// "ant, bee, cricket". Two words may be one label and its synonym, unless there are two classes.
fn on_one_line(line: &str, n_classes: Option<usize>) -> Option<Vec<String>> {
    let separator = [';', '\t', ','].into_iter().find(|&separator| line.contains(separator))?;
    let words: Vec<&str> = line.trim_end_matches(separator).split(separator).collect();
    let bare = |word: &str| word.trim().trim_matches(['\'', '"']).to_owned();
    let fits = match n_classes {
        None => words.len() > 2,
        Some(n_classes) => n_classes > 1 && words.len() == n_classes,
    };
    fits.then(|| words.into_iter().map(bare).collect())
}

/// Removes numbers and WordNet ids if every line has them.
pub fn from_words(lines: &[&str]) -> ParsedLabels {
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
pub fn is_wordnet_id(word: &str) -> bool {
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
pub fn is_numbering(numbers: impl ExactSizeIterator<Item = u64>) -> bool {
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
