//! Paths as text: what reports and messages have.

use std::fmt::Write;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// A byte that is no UTF-8 becomes `\xE8`, so two files are two paths. A backslash that begins what looks like such an escape becomes
/// `\x5C`: whoever turns every `\xHH` back into its byte, from left to right, has the name. All other names are as they are.
pub fn path_text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        let valid = chunk.valid();
        let mut written = 0;
        for (at, _) in valid.match_indices("\\x").filter(|(at, _)| is_escape(&valid[*at..])) {
            text += &valid[written..at];
            text += "\\x5C";
            written = at + 1;
        }
        text += &valid[written..];
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02X}").expect("a string can be written to");
        }
    }
    text
}

/// The path whose [`path_text`] it is; none for what no path on this system has.
pub fn path_of_text(text: &str) -> Option<PathBuf> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.match_indices("\\x").map(|(at, _)| at).find(|&at| is_escape(&rest[at..])) {
        bytes.extend(&rest.as_bytes()[..at]);
        bytes.push(u8::from_str_radix(&rest[at + 2..at + 4], 16).ok()?);
        rest = &rest[at + 4..];
    }
    bytes.extend(rest.as_bytes());
    path_of_bytes(bytes)
}

#[cfg(unix)]
pub fn path_of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
pub fn path_of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Where the backslash separates folders it begins no escape.
fn is_escape(text: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte);
    MAIN_SEPARATOR != '\\' && text.as_bytes().get(2..4).is_some_and(|digits| digits.iter().all(is_digit))
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    fn text(name: &[u8]) -> String {
        path_text(Path::new(OsStr::from_bytes(name)))
    }

    fn name(text: &str) -> Vec<u8> {
        path_of_text(text).unwrap().as_os_str().as_bytes().to_vec()
    }

    #[test]
    fn different_names_are_different_texts_from_which_the_names_can_be_had_again() {
        assert_eq!(text(b"a/lumi\xE8re.png"), "a/lumi\\xE8re.png");
        assert_eq!(text(b"a/lumi\\xE8re.png"), "a/lumi\\x5CxE8re.png");
        for plain in ["ä/🦀.png", "back\\slash.png", "\\xe8\\x4", "\\", "\\xE", "line\nfeed"] {
            assert_eq!(text(plain.as_bytes()), plain);
        }
        for odd in [&b"\xFF\xFE"[..], b"\\\xE8", b"\\x4\xE8", b"\\x5C", b"\\\\x5CxE8", b"\xE2\x82", b"\\x5\x43\\xFF"] {
            assert_eq!(name(&text(odd)), odd, "{}", text(odd));
        }
    }
}
