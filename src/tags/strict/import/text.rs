//! Lines of words, as Lightroom and Bridge write and people type them, and lines of paths.
//!
//! A tab before a word puts it below the line before. `{cat}` is a synonym of the word above it, and `[places]` a keyword that is not
//! exported. A file without indentation may have whole paths instead: `Animals/Dog` as in digiKam's `TagsList`, `Animals|Dog` as in
//! Lightroom's `hierarchicalSubject`.

use crate::error::Result;
use crate::tags::strict::import::WordsFormat;
use crate::tags::strict::import::builder::{Builder, Place};

/// # Errors
/// [`ErrorKind::WordsInvalid`](crate::ErrorKind) for more words than fit.
pub fn read(text: &str, words: &mut Builder) -> Result<WordsFormat> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let is_indented = lines.iter().any(|line| line.starts_with([' ', '\t']));
    if let Some(separator) = path_separator(&lines).filter(|_| !is_indented) {
        for line in lines {
            path(line.split(separator), words)?;
        }
        return Ok(WordsFormat::Paths);
    }
    // Who types one line may separate words by commas; in a keyword there is none.
    let pieces = lines
        .iter()
        .flat_map(|line| if is_indented { vec![*line] } else { line.split([',', ';']).map(str::trim).collect() });
    let mut above: Vec<(usize, Option<Place>)> = Vec::new();
    for piece in pieces.filter(|piece| !piece.trim().is_empty()) {
        let depth = indentation(piece);
        let piece = piece.trim();
        while above.last().is_some_and(|&(of, _)| of >= depth) {
            above.pop();
        }
        let parent = above.last().and_then(|&(_, place)| place);
        let within = |open, close| piece.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
        if let Some(synonym) = within('{', '}') {
            if let Some(place) = parent {
                words.add_alias(place, synonym);
            }
            continue;
        }
        let heading = within('[', ']');
        let place = words.word(heading.unwrap_or(piece), parent)?;
        if let (Some(place), Some(_)) = (place, heading) {
            words.make_heading(place);
        }
        above.push((depth, place.or(parent)));
    }
    Ok(WordsFormat::Text)
}

/// The way from the root, each part below the one before.
///
/// # Errors
/// As [`read`].
pub fn path<'a>(parts: impl Iterator<Item = &'a str>, words: &mut Builder) -> Result<()> {
    let mut parent = None;
    for part in parts.filter(|part| !part.trim().is_empty()) {
        match words.word(part, parent)? {
            Some(place) => parent = Some(place),
            None => break,
        }
    }
    Ok(())
}

/// A tab is a step; of spaces the more are deeper.
fn indentation(line: &str) -> usize {
    let before = line.chars().take_while(|c| c.is_whitespace());
    before.map(|c| if c == '\t' { 8 } else { 1 }).sum()
}

/// What most lines have: one slash in a list of words is a part of that word.
fn path_separator(lines: &[&str]) -> Option<char> {
    let n =
        |separator: char| lines.iter().filter(|line| line.trim().trim_matches(separator).contains(separator)).count();
    if n('|') > 0 {
        return Some('|');
    }
    (n('/') * 2 > lines.len()).then_some('/')
}
