//! Bytes as text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Appends `bytes` as base64: standard alphabet, padded, no line breaks.
pub(super) fn base64_into(text: &mut String, bytes: &[u8]) {
    STANDARD.encode_string(bytes, text);
}

/// How long the base64 of `n` bytes is.
pub(super) fn base64_len(n: u64) -> u64 {
    n.div_ceil(3) * 4
}

/// `text` as part of a query or a path segment: only what RFC 3986 leaves unreserved stays as it is.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded_and_as_long_as_foretold() {
        for n in 0..10_usize {
            let mut text = String::new();
            base64_into(&mut text, &vec![255; n]);
            assert_eq!(text.len() as u64, base64_len(n as u64));
        }
        let mut text = String::from("=");
        base64_into(&mut text, &[0xfb, 0xff]);
        assert_eq!(text, "=+/8=");
    }

    #[test]
    fn what_would_end_a_part_of_an_address_is_encoded() {
        assert_eq!(percent_encoded("a b&c=d/e?#é"), "a%20b%26c%3Dd%2Fe%3F%23%C3%A9");
    }
}
