//! The texts of a vocabulary: how long and how many they may be, and that they can be shown.

use super::{FALLBACK_LANGUAGE, TagEntry, invalid};
use crate::error::Result;
use crate::model::readable::{has_only_shown, is_readable};

/// Maximum number of languages, and length of the code of one, in bytes.
const MAX_LANGUAGES: usize = 100;
const MAX_LANGUAGE_BYTES: usize = 35;
/// Maximum length of a name, an alias or a category, in characters, and number of a tag's aliases in one language.
const MAX_NAME_CHARS: usize = 300;
const MAX_ALIASES: usize = 100;

pub fn check_languages(languages: &[String]) -> Result<()> {
    let is_code = |code: &String| !code.is_empty() && code.len() <= MAX_LANGUAGE_BYTES && has_only_shown(code);
    if languages.len() <= MAX_LANGUAGES && languages.iter().all(is_code) {
        return Ok(());
    }
    Err(invalid(format!(
        "The vocabulary's languages must be at most {MAX_LANGUAGES} codes such as \"en\", of at most {MAX_LANGUAGE_BYTES} characters."
    )))
}

pub fn check_names(tag: &TagEntry, languages: &[String]) -> Result<()> {
    if !tag.names.contains_key(FALLBACK_LANGUAGE) {
        return Err(invalid(format!("The tag {:?} has no English name.", tag.id)));
    }
    for (language, name) in &tag.names {
        if !languages.contains(language) {
            return Err(invalid(format!(
                "The tag {:?} has a name in {language:?}, which is not among the vocabulary's languages.",
                tag.id
            )));
        }
        if !is_readable(name, MAX_NAME_CHARS) {
            return Err(invalid(format!(
                "The tag {:?} has a name in {language:?} that is empty, unprintable or longer than {MAX_NAME_CHARS} characters.",
                tag.id
            )));
        }
    }
    let is_long = tag.aliases.len() > MAX_LANGUAGES || tag.aliases.values().any(|aliases| aliases.len() > MAX_ALIASES);
    let mut others = tag.category.iter().chain(tag.aliases.values().flatten());
    if is_long || others.any(|word| !has_only_shown(word) || word.chars().count() > MAX_NAME_CHARS) {
        return Err(invalid(format!(
            "The tag {:?} has more than {MAX_ALIASES} aliases in a language, or a category or an alias that is unprintable or longer than {MAX_NAME_CHARS} characters.",
            tag.id
        )));
    }
    Ok(())
}
