//! Checks that no file is too long.

use super::sources::{self, Source};
use crate::process::Outcome;

const MOST_LINES: usize = 400;
const FOLDERS: [&str; 5] = ["src", "cli", "wasm", "www", "xtask"];
const EXTENSIONS: [&str; 7] = ["rs", "js", "mjs", "ts", "css", "html", "py"];

pub fn check() -> Outcome {
    let sources = sources::read(&FOLDERS, &EXTENSIONS);
    if sources.is_empty() {
        return Err("No file was found to check for its length.".into());
    }
    let long = too_long(&sources);
    if long.is_empty() { Ok(()) } else { Err(format!("Longer than {MOST_LINES} lines:\n{}", long.join("\n"))) }
}

fn too_long(sources: &[Source]) -> Vec<String> {
    let lines = sources.iter().map(|source| (source, source.text.lines().count()));
    lines.filter(|(_, n)| *n > MOST_LINES).map(|(source, n)| format!("{}: {n} lines", source.file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_one_line_too_many_is_found() {
        let source = |name: &str, n| Source { file: name.into(), text: "x\n".repeat(n) };
        let found = too_long(&[source("a.rs", MOST_LINES), source("b.rs", MOST_LINES + 1)]);
        assert_eq!(found, ["b.rs: 401 lines"]);
    }
}
