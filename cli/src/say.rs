//! Sentences on standard error.

use std::fmt::Display;
use std::io::{self, Write};

use tagsmith::printable;

/// One line. A file's name may hold what a terminal would obey, and perhaps nobody listens any more.
pub fn say(sentence: impl Display) {
    let _ = writeln!(io::stderr(), "tagsmith: {}", printable(&sentence.to_string()));
}

/// `count(1, "file", "files")` is "1 file".
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
