//! IPTC's older metadata (IIM): a list of data sets, of which 2:25 are keywords of at most 64 bytes.
//! Specification: <https://www.iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf>.

use std::collections::HashSet;
use std::ops::Range;

use super::bytes::{take, take_array};
use super::keywords::{each_once, keyword};
use super::{damaged, not_writable};
use crate::error::Result;

const MARK: u8 = 0x1C;
const KEYWORD: (u8, u8) = (2, 25);
const CHARACTER_SET: (u8, u8) = (1, 90);
/// The value of [`CHARACTER_SET`] for UTF-8.
const UTF_8: &[u8] = b"\x1B%G";
const MAX_KEYWORD_BYTES: usize = 64;

/// A data set: what it holds, and where it is.
struct DataSet<'a> {
    /// Record and number.
    id: (u8, u8),
    value: &'a [u8],
    range: Range<usize>,
}

impl DataSet<'_> {
    /// Whether its character set matters. The others are numbers and pictures.
    fn is_text(&self) -> bool {
        matches!(self.id, (2, number) if !matches!(number, 0 | 125 | 200..=202))
    }
}

/// The beginning of `keyword` that fits.
pub fn cut(keyword: &str) -> &str {
    keyword[..keyword.floor_char_boundary(MAX_KEYWORD_BYTES)].trim_end()
}

/// The keywords in `iim`.
pub fn keywords(iim: &[u8]) -> Result<Vec<String>> {
    let sets = read(iim)?;
    let values = sets.iter().filter(|set| set.id == KEYWORD).map(|set| text(set.value));
    let texts = values.collect::<Option<Vec<_>>>().ok_or_else(other_character_set)?;
    Ok(texts.into_iter().map(keyword).filter(|keyword| !keyword.is_empty()).collect())
}

/// `iim` with those of `keywords` that it does not have, each cut to the length that fits. `None` if it has them all.
pub fn with_keywords(iim: &[u8], keywords: &[String]) -> Result<Option<Vec<u8>>> {
    let sets = read(iim)?;
    let known: HashSet<String> = self::keywords(iim)?.into_iter().collect();
    let new = each_once(keywords.iter().map(|keyword| cut(keyword).to_owned()));
    let new: Vec<_> = new.into_iter().filter(|keyword| !known.contains(keyword)).collect();
    if new.is_empty() {
        return Ok(None);
    }
    let mut added = Vec::new();
    for keyword in &new {
        added.extend([MARK, KEYWORD.0, KEYWORD.1, 0, keyword.len() as u8]);
        added.extend_from_slice(keyword.as_bytes());
    }
    let mut edits = vec![(position(&sets, KEYWORD), added)];
    edits.extend(declaration(&sets, &new)?);
    edits.sort_by_key(|(range, _)| range.start);

    let (mut written, mut at) = (Vec::with_capacity(iim.len() + 64), 0);
    for (range, bytes) in edits {
        written.extend_from_slice(&iim[at..range.start]);
        written.extend_from_slice(&bytes);
        at = range.end;
    }
    written.extend_from_slice(&iim[at..]);
    Ok(Some(written))
}

/// The edit that declares UTF-8 where that is not so yet. Text in another character set, which nobody can tell for certain, is not
/// converted: it stays readable if the new keywords are the same in all of them.
fn declaration(sets: &[DataSet], new: &[String]) -> Result<Option<(Range<usize>, Vec<u8>)>> {
    let declared = sets.iter().find(|set| set.id == CHARACTER_SET);
    if declared.is_some_and(|set| set.value == UTF_8) {
        return Ok(None);
    }
    let mut texts = sets.iter().filter(|set| set.is_text()).map(|set| set.value);
    let is_same = match declared {
        Some(_) => texts.all(<[u8]>::is_ascii),
        None => texts.all(|value| text(value).is_some()),
    };
    if is_same {
        let set = [&[MARK, CHARACTER_SET.0, CHARACTER_SET.1, 0, UTF_8.len() as u8], UTF_8].concat();
        let range = declared.map_or_else(|| position(sets, CHARACTER_SET), |set| set.range.clone());
        return Ok(Some((range, set)));
    }
    if new.iter().all(|keyword| keyword.is_ascii()) { Ok(None) } else { Err(other_character_set()) }
}

/// Where a data set goes, sorted by number and behind its like.
fn position(sets: &[DataSet], id: (u8, u8)) -> Range<usize> {
    let behind = sets.iter().rev().find(|set| set.id == id).map(|set| set.range.end);
    let before = || sets.iter().find(|set| set.id > id).map(|set| set.range.start);
    let filled = || sets.last().map_or(0, |set| set.range.end);
    let at = behind.or_else(before).unwrap_or_else(filled);
    at..at
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok()
}

fn other_character_set() -> crate::error::Error {
    not_writable(
        "The IPTC of this JPEG has text in an old character set, which new keywords would make unreadable. Save the file with a \
         program that writes IPTC in UTF-8, or save a sidecar.",
    )
}

fn read(iim: &[u8]) -> Result<Vec<DataSet<'_>>> {
    let mut sets = Vec::new();
    let mut rest = iim;
    // Some programs fill the end with zeros.
    while rest.iter().any(|&byte| byte != 0) {
        let begin = iim.len() - rest.len();
        let (id, value) = read_one(&mut rest).ok_or_else(|| damaged("The IPTC in this JPEG"))?;
        sets.push(DataSet { id, value, range: begin..iim.len() - rest.len() });
    }
    Ok(sets)
}

/// Takes a data set off the front.
fn read_one<'a>(rest: &mut &'a [u8]) -> Option<((u8, u8), &'a [u8])> {
    let [MARK, record, number] = take_array(rest)? else { return None };
    let mut len = usize::from(u16::from_be_bytes(take_array(rest)?));
    if len & 0x8000 != 0 {
        // The length of the length.
        let digits = take(rest, len & 0x7FFF)?;
        len = digits.iter().try_fold(0usize, |len, &digit| len.checked_mul(256)?.checked_add(usize::from(digit)))?;
    }
    Some(((record, number), take(rest, len)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
        [&[MARK, record, number][..], &(value.len() as u16).to_be_bytes(), value].concat()
    }

    fn strings(keywords: &[&str]) -> Vec<String> {
        keywords.iter().map(|&keyword| keyword.to_owned()).collect()
    }

    fn utf_8() -> Vec<u8> {
        set(1, 90, UTF_8)
    }

    #[test]
    fn keywords_go_behind_those_that_are_there_and_utf_8_is_declared() {
        let (version, caption) = (set(2, 0, &[0, 4]), set(2, 120, "Ö".as_bytes()));
        let before = [&version[..], &set(2, 25, b"cat"), &set(2, 25, b"pet"), &caption].concat();
        let after = [&utf_8()[..], &version, &set(2, 25, b"cat"), &set(2, 25, b"pet"), &set(2, 25, b"dog"), &caption];
        let keywords_after = with_keywords(&before, &strings(&["cat", "dog", "dog"])).unwrap();
        assert_eq!(keywords_after, Some(after.concat()));
        assert_eq!(keywords(&after.concat()).unwrap(), ["cat", "pet", "dog"]);
        assert_eq!(with_keywords(&before, &strings(&["pet"])).unwrap(), None, "nothing is added");
    }

    #[test]
    fn keywords_are_cut_between_characters() {
        let long = format!("a{}", "å".repeat(40));
        let after = with_keywords(&utf_8(), &strings(&[&long])).unwrap().unwrap();
        assert_eq!(keywords(&after).unwrap(), [format!("a{}", "å".repeat(31))]);
        assert_eq!(with_keywords(&after, &strings(&[&long])).unwrap(), None);
    }

    #[test]
    fn text_in_another_character_set_is_never_made_unreadable() {
        let latin = [set(2, 0, &[0, 4]), set(2, 90, b"M\xFCnchen")].concat();
        let after = with_keywords(&latin, &strings(&["dog"])).unwrap().unwrap();
        assert_eq!(after, [&set(2, 0, &[0, 4])[..], &set(2, 25, b"dog"), &set(2, 90, b"M\xFCnchen")].concat());
        let error = with_keywords(&latin, &strings(&["räv"])).unwrap_err();
        assert_eq!(error.kind().code(), "keywords_not_writable");
        assert!(keywords(&set(2, 25, b"M\xFCnchen")).is_err(), "which would be lost to readers of XMP");

        let declared = [set(1, 90, b"\x1B.A"), set(2, 5, b"plain")].concat();
        let after = with_keywords(&declared, &strings(&["räv"])).unwrap().unwrap();
        assert_eq!(after, [utf_8(), set(2, 5, b"plain"), set(2, 25, "räv".as_bytes())].concat());
        let declared = [set(1, 90, b"\x1B.A"), set(2, 5, "å".as_bytes())].concat();
        assert!(with_keywords(&declared, &strings(&["räv"])).is_err(), "UTF-8 by chance");
    }

    #[test]
    fn keywords_are_read_as_one_line_that_xml_can_hold() {
        let odd = [utf_8(), set(2, 25, b"\n big\x01\0 dog\0"), set(2, 25, b" \0")].concat();
        assert_eq!(keywords(&odd).unwrap(), ["big dog"]);
        assert_eq!(with_keywords(&odd, &strings(&["big dog"])).unwrap(), None);
    }

    #[test]
    fn long_data_sets_and_filling_are_kept() {
        let preview = [&[MARK, 8, 10, 0x80, 3, 0, 1, 0][..], &[7; 256]].concat();
        let before = [&set(2, 0, &[0, 4])[..], &preview, &[0; 5]].concat();
        let after = with_keywords(&before, &strings(&["dog"])).unwrap().unwrap();
        assert_eq!(after, [&utf_8()[..], &set(2, 0, &[0, 4]), &set(2, 25, b"dog"), &preview, &[0; 5]].concat());
        let only_filling = with_keywords(&[0; 4], &strings(&["dog"])).unwrap().unwrap();
        assert_eq!(keywords(&only_filling).unwrap(), ["dog"]);
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for lie in [
            &b"\x1C\x02\x19\0\x05cat"[..],
            b"\x1C\x02\x19\xFF\xFFcat",
            b"\x1C\x02",
            b"cat",
            b"\x1C\x02\x19\x80\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
        ] {
            assert!(read(lie).is_err(), "{lie:?}");
        }
    }
}
