//! Text of a model's files that is shown to people: short, and without characters that command a terminal or turn text around.

/// Whether `text` has something to read, at most `most` characters, and none that is not shown.
pub fn is_readable(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && has_only_shown(text) && text.chars().count() <= most
}

/// Whether no character of `text` is a control character, ends a line, or turns what follows around: in a list, such a one changes how its
/// neighbours read.
pub fn has_only_shown(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
    })
}

/// Whether `name` names a file in the same folder, on every system: no path, drive, device or hidden end.
pub fn is_file_name(name: &str) -> bool {
    const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_port = (stem.strip_prefix("com").or(stem.strip_prefix("lpt"))).is_some_and(|port| {
        matches!(port, "¹" | "²" | "³") || port.len() == 1 && port.bytes().all(|b| b.is_ascii_digit())
    });
    is_readable(name, 255)
        && name.len() <= 255
        && !name.contains(['/', '\\', ':', '<', '>', '"', '|', '?', '*'])
        && !name.starts_with(' ')
        && !name.ends_with(['.', ' '])
        && !is_port
        && !DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_commands_a_terminal_or_turns_around_is_not_readable() {
        for bad in ["", " \u{3000}", "a\nb", "\u{1b}[2J", "\u{9b}31m", "a\u{202E}b", "\u{2067}", "two\u{2028}lines"] {
            assert!(!is_readable(bad, 10), "{bad:?}");
        }
        assert!(is_readable("naïve 鶴 👩‍🚀", 20) && is_readable("ab", 2) && !is_readable("abc", 2));
    }

    #[test]
    fn a_file_name_stays_in_its_folder_on_every_system() {
        for good in ["model.onnx", "modell för katter.onnx", ".hidden", "com10.onnx", "console.json", "a..b", "model"]
        {
            assert!(is_file_name(good), "{good:?}");
        }
        let long = "x".repeat(256);
        for bad in [
            "",
            ".",
            "..",
            "a/b",
            "/etc/passwd",
            "a\\b",
            "C:x",
            "C:",
            "a:stream",
            "NUL",
            "nul.onnx",
            "Com1.json",
            "lpt9",
            "COM².onnx",
            "x.",
            "x ",
            "a\nb",
            "a*",
            &long,
        ] {
            assert!(!is_file_name(bad), "{bad:?}");
        }
    }
}
