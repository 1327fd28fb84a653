//! The vocabulary of a model that has nothing but labels.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::model::vocabulary::{FALLBACK_LANGUAGE, MAX_ID_BYTES, TagEntry};

/// What is left of an id for a label of hundreds of characters; the rest is for the number that tells it from others.
const MAX_SLUG_BYTES: usize = MAX_ID_BYTES - "-65535".len();

#[derive(Serialize)]
struct VocabularyJson {
    version: u32,
    languages: [&'static str; 1],
    tags: Vec<TagEntry>,
    classes: Vec<String>,
}

/// One tag per label, in order. Equal labels get different ids.
pub fn build_vocabulary(labels: &[String]) -> String {
    let ids = unique_ids(labels);
    let tag = |(label, id): (&String, &String)| {
        let (name, aliases) = synonyms(label);
        let in_english = |words| BTreeMap::from([(FALLBACK_LANGUAGE.to_owned(), words)]);
        TagEntry {
            id: id.clone(),
            names: BTreeMap::from([(FALLBACK_LANGUAGE.to_owned(), name)]),
            parents: Vec::new(),
            category: None,
            aliases: if aliases.is_empty() { BTreeMap::new() } else { in_english(aliases) },
            heading: false,
        }
    };
    let tags = labels.iter().zip(&ids).map(tag).collect();
    let vocabulary = VocabularyJson { version: 1, languages: [FALLBACK_LANGUAGE], tags, classes: ids };
    serde_json::to_string(&vocabulary).expect("a vocabulary has only strings as keys")
}

fn unique_ids(labels: &[String]) -> Vec<String> {
    let mut taken = HashSet::with_capacity(labels.len());
    // The next number to try per slug: starting at 2 each time would take minutes for thousands of equal labels.
    let mut next: HashMap<String, usize> = HashMap::new();
    let unique = |(class, label): (usize, &String)| {
        let slug = slug(&synonyms(label).0);
        let slug = match slug[..slug.floor_char_boundary(MAX_SLUG_BYTES)].trim_end_matches('-') {
            "" => format!("class-{class}"),
            slug => slug.to_owned(),
        };
        let mut id = slug.clone();
        while !taken.insert(id.clone()) {
            let number = next.entry(slug.clone()).or_insert(2);
            id = format!("{slug}-{number}");
            *number += 1;
        }
        id
    };
    labels.iter().enumerate().map(unique).collect()
}

/// Letters and digits of any script in lower case; everything between them becomes one "-".
pub fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Splits "tench, Tinca tinca" into a name and its synonyms. A comma in brackets or without a following space does not split.
fn synonyms(label: &str) -> (String, Vec<String>) {
    let (mut words, mut depth) = (vec![String::new()], 0_usize);
    let mut characters = label.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if character == ',' && depth == 0 && characters.peek() == Some(&' ') {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let mut words = words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    let name = words.next().unwrap_or_else(|| label.to_owned());
    (name, words.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn equal_labels_get_different_ids() {
        let ids = unique_ids(&strings(&["crane", "crane 2", "crane", "Crane!", "***", "köttbullar", "鶴"]));
        assert_eq!(ids, ["crane", "crane-2", "crane-3", "crane-4", "class-4", "köttbullar", "鶴"]);
        let long = unique_ids(&strings(&[&"å".repeat(300), &"å".repeat(299)]));
        assert_eq!(long, ["å".repeat(47), format!("{}-2", "å".repeat(47))]);
        let equal = unique_ids(&vec!["same".to_owned(); 60_000]);
        assert_eq!((equal[0].as_str(), equal[59_999].as_str()), ("same", "same-60000"));
    }

    #[test]
    fn only_top_level_commas_separate_synonyms() {
        for (label, name, aliases) in [
            ("tench, Tinca tinca", "tench", &["Tinca tinca"][..]),
            ("great white shark, white shark, man-eater", "great white shark", &["white shark", "man-eater"]),
            ("1,000 kronor", "1,000 kronor", &[]),
            ("dress (long, formal)", "dress (long, formal)", &[]),
            (", ", ", ", &[]),
            ("a),b, c", "a),b", &["c"]),
        ] {
            assert_eq!(synonyms(label), (name.to_owned(), strings(aliases)), "{label}");
        }
    }
}
