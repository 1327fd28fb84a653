//! No file is longer than a person reads at once.

use super::sources::{self, Source};
use crate::process::Outcome;

const MOST_LINES: usize = 400;
const FOLDERS: [&str; 5] = ["src", "cli", "wasm", "www", "xtask"];
const EXTENSIONS: [&str; 7] = ["rs", "js", "mjs", "ts", "css", "html", "py"];

pub fn check() -> Outcome {
    let sources = sources::read(&FOLDERS, &EXTENSIONS);
    if sources.is_empty() {
        return Err("No file was found whose length could be checked.".into());
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
    fn a_file_may_have_as_many_lines_as_allowed_and_not_one_more() {
        let source = |name: &str, n| Source { file: name.into(), text: "x\n".repeat(n) };
        let found = too_long(&[source("a.rs", MOST_LINES), source("b.rs", MOST_LINES + 1)]);
        assert_eq!(found, ["b.rs: 401 lines"]);
    }
}
