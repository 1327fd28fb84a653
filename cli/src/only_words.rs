//! `tagsmith tag --only-words FILE`: every tag shows as one of a person's own words, or not at all, by the code that the page uses.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use tagsmith::tags::{ImportedWords, StrictWords, read_words};
use tagsmith::{Error, ErrorKind, Result};

use crate::path_text::path_text;
use crate::say::{count, say};

/// More than any list of words has.
const MAX_BYTES: u64 = 64 << 20;

/// A list of words in any format that the page imports. What of it cannot be a word is said.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`], and those of [`read_words`].
pub fn read(path: &Path, language: &str) -> Result<StrictWords> {
    let name = path_text(path);
    let unreadable = |error: std::io::Error| {
        let detail = format!("{name} cannot be read: {error}. Check the path and your permissions.");
        Error::new(ErrorKind::FileUnreadable, detail)
    };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes)).map_err(unreadable)?;
    let ImportedWords { words, n_left_out, left_out, .. } = read_words(&bytes, &name, Some(language))?;
    if let Some(first) = left_out.first() {
        let entries = count(n_left_out, "entry", "entries");
        say(format_args!("{entries} of {name} cannot be a word and count for nothing. The first is {:?}", first.text));
    }
    Ok(words)
}
