//! Bytes of a text file as text.

use crate::error::Result;
use crate::tags::strict::invalid;

/// UTF-8, or UTF-16 with its mark; without the mark.
///
/// # Errors
/// [`ErrorKind::WordsInvalid`](crate::ErrorKind) for any other encoding.
pub fn text_of(bytes: &[u8]) -> Result<String> {
    let unit: Option<fn([u8; 2]) -> u16> = match bytes {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    let text = match unit {
        Some(unit) => {
            let units = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
            char::decode_utf16(units).collect::<Result<String, _>>().ok()
        }
        None => std::str::from_utf8(bytes).ok().map(|text| text.trim_start_matches('\u{feff}').to_owned()),
    };
    let text = text.filter(|text| !text.contains('\0'));
    text.ok_or_else(|| invalid("The file is no text in UTF-8. Save it as UTF-8, then choose it again.".to_owned()))
}
