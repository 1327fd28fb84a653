//! Finds duplicated code.

use super::sources::{self, Source};
use crate::process::Outcome;
use std::collections::HashMap;

/// Minimum number of equal consecutive lines, without white space, comments and imports, that counts as a duplicate.
const FEWEST_LINES: usize = 12;

const FOLDERS: [&str; 7] = ["src", "cli", "wasm", "www", "xtask", "benches", "models/tools"];
const EXTENSIONS: [&str; 6] = ["rs", "js", "mjs", "css", "html", "py"];

/// Message catalogues have the same structure in every language.
const CATALOGUES: &str = "www/i18n/";

pub fn check() -> Outcome {
    let sources = sources::read(&FOLDERS, &EXTENSIONS);
    let files: Vec<File> = sources.iter().filter(|source| !is_left_out(&source.file)).map(File::of).collect();
    if files.is_empty() {
        return Err("No file was found to check for duplicates.".into());
    }
    let found = duplicates(&files);
    let lines: Vec<String> = found.iter().map(|(one, other)| format!("{one} ~ {other}")).collect();
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("{FEWEST_LINES} or more lines are duplicated:\n{}", lines.join("\n")))
    }
}

fn is_left_out(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let is_test =
        name.contains(".test.") || name.starts_with("test_") || file.contains("/tests/") || name == "tests.rs";
    file.starts_with(CATALOGUES) || is_test
}

/// The significant lines of a file: their numbers and contents.
struct File {
    name: String,
    lines: Vec<(usize, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    Script,
    Python,
    Other,
}

impl File {
    fn of(source: &Source) -> File {
        let language = match source.file.rsplit('.').next() {
            Some("rs") => Language::Rust,
            Some("js" | "mjs") => Language::Script,
            Some("py") => Language::Python,
            _ => Language::Other,
        };
        File { name: source.file.clone(), lines: lines_that_count(&source.text, language) }
    }
}

/// The significant lines, without white space: not empty, not a comment or import, and in Rust not in a test module.
fn lines_that_count(text: &str, language: Language) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let (mut comment_ends, mut import_ends): (Option<&str>, Option<char>) = (None, None);
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if language == Language::Rust && line == "#[cfg(test)]" {
            break;
        }
        if let Some(end) = comment_ends {
            if line.contains(end) {
                comment_ends = None;
            }
            continue;
        }
        if let Some(end) = import_ends {
            if line.contains(end) {
                import_ends = None;
            }
            continue;
        }
        if let Some(end) = begin_of_comment(line, language) {
            comment_ends = (!line[2..].contains(end) && !end.is_empty()).then_some(end);
            continue;
        }
        if is_import(line, language) {
            let end = if language == Language::Python { ')' } else { ';' };
            let goes_on = if language == Language::Python { line.ends_with('(') } else { !line.ends_with(';') };
            import_ends = (goes_on && !line.contains(end)).then_some(end);
            continue;
        }
        let content: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        if !content.is_empty() {
            lines.push((at + 1, content));
        }
    }
    lines
}

/// The end mark of the comment that begins in a line; empty for a line comment.
fn begin_of_comment(line: &str, language: Language) -> Option<&'static str> {
    match language {
        Language::Python if line.starts_with('#') => Some(""),
        Language::Python if line.starts_with("\"\"\"") => Some("\"\"\""),
        Language::Rust | Language::Script if line.starts_with("//") => Some(""),
        Language::Rust | Language::Script | Language::Other if line.starts_with("/*") => Some("*/"),
        Language::Other if line.starts_with("<!--") => Some("-->"),
        _ => None,
    }
}

fn is_import(line: &str, language: Language) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    match language {
        Language::Rust => begins(&["use ", "pub use ", "pub(crate) use ", "mod ", "pub mod ", "extern crate "]),
        Language::Script => begins(&["import ", "import{", "export {", "export *"]) && !line.starts_with("import ("),
        Language::Python => begins(&["import ", "from "]),
        Language::Other => false,
    }
}

/// Pairs of duplicates as `file:from-to`, each of maximal length.
fn duplicates(files: &[File]) -> Vec<(String, String)> {
    let mut seen: HashMap<Vec<&str>, Vec<(usize, usize)>> = HashMap::new();
    let mut found = Vec::new();
    for (at_file, file) in files.iter().enumerate() {
        for at in 0..(file.lines.len() + 1).saturating_sub(FEWEST_LINES) {
            let window = file.lines[at..at + FEWEST_LINES].iter().map(|(_, line)| line.as_str()).collect();
            let places = seen.entry(window).or_default();
            for (other_file, other) in places.iter().copied() {
                let before = |file: &File, at: usize| at.checked_sub(1).map(|at| file.lines[at].1.clone());
                let goes_on = before(&files[other_file], other).is_some_and(|line| Some(line) == before(file, at));
                // Skip duplicates that began a line earlier, and a range that overlaps itself.
                let is_itself = other_file == at_file && other + FEWEST_LINES > at;
                if !goes_on && !is_itself {
                    let n = length(&files[other_file].lines[other..], &file.lines[at..]);
                    found.push((place(&files[other_file], other, n), place(file, at, n)));
                }
            }
            places.push((at_file, at));
        }
    }
    found
}

fn length(one: &[(usize, String)], other: &[(usize, String)]) -> usize {
    one.iter().zip(other).take_while(|((_, one), (_, other))| one == other).count()
}

fn place(file: &File, at: usize, n: usize) -> String {
    format!("{}:{}-{}", file.name, file.lines[at].0, file.lines[at + n - 1].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File::of(&Source { file: name.into(), text: text.into() })
    }

    fn lines(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("let x = {n};\n")).collect()
    }

    #[test]
    fn twelve_lines_that_stand_twice_are_found_whatever_stands_between_them() {
        let one = file("a.rs", &format!("first\n{}last\n", lines(0, 12)));
        let mut spread = String::from("use a::{\n    b,\n};\n");
        lines(0, 12).lines().for_each(|line| spread.push_str(&format!("    {line}\n\n    // more\n")));
        let found = duplicates(&[one, file("b.rs", &spread)]);
        assert_eq!(found, [("a.rs:2-13".into(), "b.rs:4-37".into())]);
    }

    #[test]
    fn eleven_lines_are_no_duplicate_and_a_longer_one_is_reported_once() {
        assert!(duplicates(&[file("a.rs", &lines(0, 11)), file("b.rs", &lines(0, 11))]).is_empty());
        let found = duplicates(&[file("a.rs", &lines(0, 30)), file("b.js", &lines(5, 30))]);
        assert_eq!(found, [("a.rs:6-30".into(), "b.js:1-25".into())]);
    }

    #[test]
    fn a_duplicate_within_a_file_is_found_and_a_row_of_equal_lines_is_none() {
        let twice = format!("{}between\n{}", lines(0, 12), lines(0, 12));
        assert_eq!(duplicates(&[file("a.rs", &twice)]), [("a.rs:1-12".into(), "a.rs:14-25".into())]);
        assert!(duplicates(&[file("a.rs", &"None,\n".repeat(20))]).is_empty());
    }

    #[test]
    fn tests_comments_and_imports_do_not_count() {
        let count = |name: &str, text: &str| file(name, text).lines.len();
        assert_eq!(count("a.rs", "/// Doc.\nfn a() {}\n/* one\n two */\n#[cfg(test)]\nmod tests {}\n"), 1);
        assert_eq!(count("a.js", "import {\n    a,\n} from \"./a.js\";\n/** one */\n/**\n * two\n */\nf();\n"), 1);
        assert_eq!(
            count(
                "a.py",
                "from a import (\n    b,\n)\nimport c\n\"\"\"One.\"\"\"\n\"\"\"Two\nlines.\"\"\"\nf()  # yes\n"
            ),
            1
        );
        assert!(
            is_left_out("www/i18n/en.js")
                && is_left_out("www/core/pool.test.mjs")
                && is_left_out("models/tools/test_a.py")
        );
        assert!(!is_left_out("www/core/pool.js"));
    }
}
