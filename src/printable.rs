//! Text of others among our own: names of files, operators and models may hold what a terminal obeys, or what turns a line around.

use std::fmt::Write;

/// Controls (C0, DEL and C1: U+009B begins a terminal's commands as ESC does), and the marks that change the direction of writing.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `text` on one line that no terminal obeys: what is unprintable as `\u{1b}`.
pub fn printable(text: &str) -> String {
    replace_unprintable(text, |escaped, c| write!(escaped, "{}", c.escape_unicode()))
}

/// `json` with the same value, and nothing unprintable in it but line feeds between values.
pub fn printable_json(json: &str) -> String {
    replace_unprintable(json, |escaped, c| match c {
        '\n' => write!(escaped, "{c}"), // in strings it is escaped already
        _ => write!(escaped, "\\u{:04x}", u32::from(c)),
    })
}

fn replace_unprintable(text: &str, replace: impl Fn(&mut String, char) -> std::fmt::Result) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unprintable(c) {
            replace(&mut escaped, c).expect("a string can be written to");
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const ODD: &str = "a\u{1b}]0;x\u{7}\u{7f}\u{9b}31m\u{202e}gpj\u{2069}\u{200f}\u{61c}\nö🦀\u{200d}";

    #[test]
    fn nothing_is_left_that_a_terminal_obeys_or_that_turns_a_line_around() {
        let wanted = "a\\u{1b}]0;x\\u{7}\\u{7f}\\u{9b}31m\\u{202e}gpj\\u{2069}\\u{200f}\\u{61c}\\u{a}ö🦀\u{200d}";
        assert_eq!(printable(ODD), wanted);
        assert_eq!(printable("åäö: \"x\" \\u{1b}"), "åäö: \"x\" \\u{1b}");
    }

    #[test]
    fn json_keeps_its_value() {
        let json = serde_json::to_string_pretty(&[ODD]).unwrap();
        let escaped = printable_json(&json);
        assert!(!escaped.chars().any(|c| is_unprintable(c) && c != '\n'), "{escaped:?}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&escaped).unwrap(), [ODD]);
    }
}
