//! Sentences on standard error.

use std::fmt::Display;
use std::io::{self, Write};

/// One line. A file's name may hold what a terminal would obey, and perhaps nobody listens any more.
pub fn say(sentence: impl Display) {
    let line = sentence.to_string().replace(char::is_control, "\u{FFFD}");
    let _ = writeln!(io::stderr(), "tagsmith: {line}");
}

/// `count(1, "file", "files")` is "1 file".
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
