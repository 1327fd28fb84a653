//! The rings that node runs: finds files and tests, and reads the reporter's output.

use super::choice::{Choice, Selected, Tests, contains, is_named};
use super::report::Report;
use super::ring::Ring;
use crate::process::{Outcome, command, root, run_with_lines, say};
use crate::workspace::relative;
use crate::{page, tools};
use serde::Deserialize;
use std::path::Path;
use std::time::Instant;

/// The reporter, which prints for people and writes a line of JSON per finished test.
const REPORTER: &str = "--test-reporter=./tests/web/reporter.mjs";

/// A test file that takes longer counts as hanging.
const TEST_TIMEOUT_MS: &str = "--test-timeout=900000";

/// Number of files that run in parallel: one more than the cores of the smallest machine, because a page waits a quarter of its time.
const AT_A_TIME: usize = 3;

/// A file with this in its first lines runs alone, because it measures time or needs the whole machine.
const ALONE: &str = "// @alone:";
const N_FIRST_LINES: usize = 20;

/// The file that needs more browsers than Chromium.
const OTHER_BROWSERS: &str = "tests/web/browsers.test.mjs";

/// One call of node.
#[derive(Debug, Default, PartialEq)]
struct Group {
    files: Vec<String>,
    patterns: Vec<String>,
}

/// A line from the reporter. A line without an outcome has the duration of a file.
#[derive(Deserialize)]
struct Line {
    file: std::path::PathBuf,
    test: Option<String>,
    outcome: Option<String>,
    reason: Option<String>,
    seconds: f64,
}

pub fn files_named(ring: Ring, filter: &str) -> Vec<Selected> {
    test_files(ring).into_iter().filter(|file| is_named(file, filter)).map(Selected::file).collect()
}

pub fn tests_named(ring: Ring, filter: &str) -> Vec<Selected> {
    let has_test = |file: &String| {
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
        test_names(&text).iter().any(|name| contains(name, filter))
    };
    test_files(ring).into_iter().filter(has_test).map(|file| Selected::tests(file, filter)).collect()
}

/// Runs files in parallel, then those that must run alone.
pub fn run(ring: Ring, choice: &Choice, long: bool) -> Outcome<Report> {
    tools::ensure_packages()?;
    let selected = match choice {
        Choice::All => test_files(ring).into_iter().map(Selected::file).collect(),
        Choice::Some(selected) => selected.clone(),
    };
    let mut report = Report::default();
    for group in groups(&selected) {
        let (alone, together) = group.files.iter().cloned().partition(|file| is_alone(file));
        for (files, at_a_time) in [(together, AT_A_TIME), (alone, 1)] {
            if !Vec::is_empty(&files) {
                let group = Group { files, patterns: group.patterns.clone() };
                report.add(run_group(ring, &group, at_a_time, long)?);
            }
        }
    }
    Ok(report)
}

/// Groups whole files, and files with chosen tests. The names apply to all files in a group, so tests of the same name in two files both
/// run, which only costs time.
fn groups(selected: &[Selected]) -> Vec<Group> {
    let (mut whole, mut part) = (Group::default(), Group::default());
    for Selected { file, tests } in selected {
        let group = if *tests == Tests::All { &mut whole } else { &mut part };
        group.files.push(file.clone());
        let patterns = match tests {
            Tests::All => Vec::new(),
            Tests::Containing(text) => vec![format!("/{}/i", escaped(text))],
            Tests::Exactly(names) => names.iter().map(|name| format!("/^{}$/", escaped(name))).collect(),
        };
        group.patterns.extend(patterns);
    }
    part.patterns.sort();
    part.patterns.dedup();
    [whole, part].into_iter().filter(|group| !group.files.is_empty()).collect()
}

fn run_group(ring: Ring, group: &Group, at_a_time: usize, long: bool) -> Outcome<Report> {
    let begin = Instant::now();
    let lines = root().join("target/test-reports").join(format!("{ring:?}.jsonl").to_lowercase());
    let unwritable = |error| format!("{} cannot be written: {error}.", lines.display());
    std::fs::create_dir_all(lines.parent().expect("it lies in a folder")).map_err(unwritable)?;
    std::fs::write(&lines, "").map_err(unwritable)?;
    let mut node = command("node");
    node.args(["--test", &format!("--test-concurrency={at_a_time}"), TEST_TIMEOUT_MS, REPORTER]);
    node.env("TAGSMITH_REPORT", &lines);
    node.args(group.patterns.iter().map(|pattern| format!("--test-name-pattern={pattern}")));
    if ring == Ring::Browser {
        let chromium = tools::ensure_chromium()?;
        node.env("CHROMIUM_SHELL", tools::chromium_shell(&chromium)?).env("CHROMIUM", chromium);
        node.env("TAGSMITH_PAGE", page::TESTED);
        if group.files.iter().any(|file| file == OTHER_BROWSERS) {
            tools::try_other_browsers();
        }
    }
    if long {
        node.env("TAGSMITH_LONG", "1");
    }
    let before_tests_s = begin.elapsed().as_secs_f64();
    let status = run_with_lines(node.args(&group.files), |_| {})?;
    let lines = std::fs::read_to_string(&lines).map_err(|error| format!("The reporter's file is missing: {error}."))?;
    let mut report = report_of(ring, &lines)?;
    report.before_tests_s = before_tests_s;
    if !status.success() && report.tally.failed == 0 {
        say(&format!("node failed without a failed test: {status}"));
        report.failed(ring, None, None);
    }
    Ok(report)
}

fn report_of(ring: Ring, lines: &str) -> Outcome<Report> {
    let mut report = Report::default();
    for line in lines.lines() {
        let line: Line = serde_json::from_str(line)
            .map_err(|error| format!("The reporter's file has an invalid line: {error}: {line}"))?;
        let file = relative(&line.file);
        let name = line.test.as_ref().map_or_else(|| file.clone(), |test| format!("{file}: {test}"));
        if line.outcome.is_some() && line.test.is_some() {
            report.tests.push((name.clone(), line.seconds));
        }
        match line.outcome.as_deref() {
            None => report.took(&file, line.seconds),
            Some("passed") => report.passed(),
            Some("skipped") => report.skipped(&name, line.reason.as_deref().unwrap_or("no reason is given")),
            Some(_) => report.failed(ring, Some(&file), line.test.as_deref()),
        }
    }
    Ok(report)
}

/// Escapes a text for a regular expression.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if r"\^$.*+?()[]{}|/".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The names in calls of `test(...)`, without names that are computed at run time.
fn test_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices("test(") {
        let rest = &text[at + "test(".len()..];
        let Some(quote) = rest.chars().next().filter(|c| "\"'`".contains(*c)) else { continue };
        let mut name = String::new();
        let mut chars = rest[1..].chars();
        while let Some(c) = chars.next().filter(|c| *c != quote) {
            name.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
        }
        names.push(name);
    }
    names
}

fn is_alone(file: &str) -> bool {
    says_alone(&std::fs::read_to_string(root().join(file)).unwrap_or_default())
}

fn says_alone(text: &str) -> bool {
    text.lines().take(N_FIRST_LINES).any(|line| line.trim_start().starts_with(ALONE))
}

fn test_files(ring: Ring) -> Vec<String> {
    match ring {
        Ring::Wasm => files_in("tests/web/node", Depth::Folder),
        Ring::Browser => ["tests/web", "tests/web/providers", "tests/web/own_tags", "tests/web/shells"]
            .map(|folder| files_in(folder, Depth::Folder))
            .concat(),
        _ => files_in("www", Depth::Tree),
    }
}

enum Depth {
    Folder,
    Tree,
}

/// Every `*.test.mjs` and `*.test.js` in a folder, optionally recursively, without installed npm packages.
fn files_in(folder: &str, depth: Depth) -> Vec<String> {
    let mut files = Vec::new();
    add_test_files(&root().join(folder), &depth, &mut files);
    files.sort();
    files
}

fn add_test_files(folder: &Path, depth: &Depth, files: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() {
            if matches!(depth, Depth::Tree) && name != "node_modules" {
                add_test_files(&path, depth, files);
            }
        } else if name.ends_with(".test.mjs") || name.ends_with(".test.js") {
            files.push(relative(&path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_files_are_found_below_a_folder_and_never_among_installed_packages() {
        let folder = root().join("target/xtask-test-files");
        for file in ["b.test.mjs", "a/c.test.js", "a/d.mjs", "node_modules/p/e.test.mjs"] {
            let file = folder.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        let found =
            |depth| files_in("target/xtask-test-files", depth).join(" ").replace("target/xtask-test-files/", "");
        assert_eq!(found(Depth::Folder), "b.test.mjs");
        assert_eq!(found(Depth::Tree), "a/c.test.js b.test.mjs");
    }

    #[test]
    fn names_of_tests_are_read_in_any_quotes() {
        let text = "test(\"one \\\"two\\\"\", f);\n  test('x', {}, f); test(`the ${name} is kept`, f); test(name, f); contest();";
        assert_eq!(test_names(text), ["one \"two\"", "x", "the ${name} is kept"]);
    }

    #[test]
    fn whole_files_and_tests_are_run_apart_and_a_name_is_no_expression() {
        let exactly = Selected { file: "c".into(), tests: Tests::Exactly(vec!["a (b) 1/2".into()]) };
        let found = groups(&[Selected::file("a"), Selected::tests("b", "50 %?"), exactly]);
        let whole = Group { files: vec!["a".into()], patterns: vec![] };
        let patterns = vec![r"/50 %\?/i".into(), r"/^a \(b\) 1\/2$/".into()];
        assert_eq!(found, [whole, Group { files: vec!["b".into(), "c".into()], patterns }]);
    }

    #[test]
    fn a_file_that_asks_for_it_in_its_first_lines_is_run_alone() {
        assert!(says_alone("/** Times. */\n// @alone: it measures\nimport test from \"node:test\";\n"));
        assert!(!says_alone(&format!("{}// @alone: too late\n", "\n".repeat(N_FIRST_LINES))));
        assert!(!says_alone("import test from \"node:test\";\n"));
    }

    #[test]
    fn the_reporter_is_read() {
        let file = root().join("www/a.test.mjs");
        let file = serde_json::to_string(&file).unwrap();
        let lines = format!(
            r#"{{"file":{file},"test":"one","outcome":"passed","seconds":0.5}}
               {{"file":{file},"test":"two","outcome":"failed","seconds":0.25}}
               {{"file":{file},"test":"three","outcome":"skipped","reason":"other fonts","seconds":0}}
               {{"file":{file},"seconds":2}}
               {{"file":{file},"outcome":"failed","seconds":1}}"#
        );
        let report = report_of(Ring::Www, &lines).unwrap();
        assert_eq!(report.tally.to_string(), "1 passed, 2 failed, 1 skipped");
        let failed: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
        assert_eq!(failed, ["www/a.test.mjs: two", "www/a.test.mjs"]);
        assert_eq!(report.skipped, [("www/a.test.mjs: three".into(), "other fonts".into())]);
        assert_eq!(report.files["www/a.test.mjs"], 2.0);
        assert!(report_of(Ring::Www, "not JSON").is_err());
    }
}
