//! The texts of a card: how long they may be, and that they can be shown.

use super::{Figure, Provenance, invalid};
use crate::error::Result;
use crate::model::readable::{has_only_shown, is_readable};

/// Maximum size of a card, in bytes.
const MAX_JSON_BYTES: usize = 1 << 20;
/// Maximum length of a version, a name or a licence, and of any other text, in characters.
const MAX_NAME_CHARS: usize = 200;
const MAX_TEXT_CHARS: usize = 2_000;
/// Maximum number of figures.
const MAX_FIGURES: usize = 500;

/// The length of the whole file.
pub fn check_json(json: &str) -> Result<()> {
    if json.len() <= MAX_JSON_BYTES {
        return Ok(());
    }
    Err(invalid(format!("The card has {} bytes; the most is {MAX_JSON_BYTES}.", json.len())))
}

/// The texts for people: `names` are a version, a name and a licence.
pub fn check_texts(names: &[&String], provenance: &Provenance, figures: &[Figure]) -> Result<()> {
    if let Some(name) = names.iter().find(|name| !is_readable(name, MAX_NAME_CHARS)) {
        let start: String = name.chars().take(40).collect();
        return Err(invalid(format!(
            "The card's version, name and licence must have 1 to {MAX_NAME_CHARS} printable characters, unlike {start:?}."
        )));
    }
    let Provenance { source, sha256, data, conversion } = provenance;
    let of_figures = figures.iter().flat_map(|figure| [&figure.name, &figure.set, &figure.how]);
    let is_unfit = |text: &String| !has_only_shown(text) || text.chars().count() > MAX_TEXT_CHARS;
    if [source, sha256, data, conversion].into_iter().chain(of_figures).any(is_unfit) || figures.len() > MAX_FIGURES {
        return Err(invalid(format!(
            "The card's provenance and figures may have at most {MAX_TEXT_CHARS} printable characters each, and {MAX_FIGURES} figures."
        )));
    }
    Ok(())
}

/// Names of the network's values, and ids of tags.
pub fn check_values<'a>(names: impl IntoIterator<Item = &'a String>) -> Result<()> {
    if names.into_iter().all(|name| name.len() <= MAX_TEXT_CHARS && has_only_shown(name)) {
        return Ok(());
    }
    Err(invalid(format!(
        "The card's names of inputs, outputs and tags must have at most {MAX_TEXT_CHARS} printable characters."
    )))
}
