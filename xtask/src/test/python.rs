//! The model ring: the tests of the Python tools, and a comparison of the model files with newly made ones.

use super::choice::{Choice, Selected, Tests, is_named};
use super::report::Report;
use super::ring::Ring;
use crate::model;
use crate::process::{Outcome, command, root, run_with_errors, say};
use crate::tools::{ensure_python, ensure_python_of_models};
use crate::workspace::relative;
use std::path::Path;
use std::time::Instant;

const TOOLS: &str = "models/tools";

/// The name of that comparison in lists of tests.
const MAKING: &str = "the model files, made again";

pub fn files_named(filter: &str) -> Vec<Selected> {
    test_files().into_iter().filter(|file| is_named(file, filter)).map(Selected::file).collect()
}

pub fn tests_named(filter: &str) -> Vec<Selected> {
    let filter = filter.replace(' ', "_");
    let has_test = |file: &String| {
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
        test_names(&text).iter().any(|name| name.contains(&filter))
    };
    test_files().into_iter().filter(has_test).map(|file| Selected::tests(file, &filter)).collect()
}

/// Without Python the ring is skipped; a native test still compares the files with their cards.
pub fn run(choice: &Choice, long: bool) -> Outcome<Report> {
    let mut report = Report::default();
    if let Err(reason) = ensure_python() {
        say(&format!("{reason}\nThe tests of the models' tools are skipped."));
        report.skipped("the tools of the models", reason.lines().next().unwrap_or_default());
        return Ok(report);
    }
    let selected = match choice {
        Choice::All => test_files().into_iter().chain([MAKING.to_owned()]).map(Selected::file).collect(),
        Choice::Some(selected) => selected.clone(),
    };
    for one in &selected {
        let begin = Instant::now();
        report.add(if one.file == MAKING { make() } else { run_file(one, long)? });
        report.took(&one.file, begin.elapsed().as_secs_f64());
    }
    Ok(report)
}

fn make() -> Report {
    let mut report = Report::default();
    match model::make(false) {
        Ok(()) => report.passed(),
        Err(reason) => {
            say(&reason);
            report.failed(Ring::Model, Some(MAKING), None);
        }
    }
    report
}

fn run_file(selected: &Selected, long: bool) -> Outcome<Report> {
    let mut python = command(ensure_python_of_models()?);
    python.args([&selected.file, "--verbose"]);
    match &selected.tests {
        Tests::All => {}
        Tests::Containing(part) => {
            python.args(["-k", part]);
        }
        Tests::Exactly(names) => names.iter().for_each(|name| {
            python.args(["-k", &format!("*.{name}")]);
        }),
    }
    if long {
        python.env("TAGSMITH_LONG", "1");
    }
    let mut report = Report::default();
    let status = run_with_errors(&mut python, |line| take(&mut report, &selected.file, line))?;
    let has_run = report.tally.passed + report.tally.skipped + report.tally.failed > 0;
    if !has_run {
        say(&format!(
            "{} runs no tests: its functions belong into a unittest.TestCase, and it ends with unittest.main().",
            selected.file
        ));
    }
    if !has_run || (!status.success() && report.tally.failed == 0) {
        report.failed(Ring::Model, Some(&selected.file), None);
    }
    Ok(report)
}

/// A line of unittest: "test_a (__main__.A.test_a) ... skipped 'why'", "FAIL: test_a (__main__.A.test_a)", "Ran 28 tests in 0.016s",
/// "FAILED (failures=1, errors=2)". All tests that were run pass at first, and what was none of that is taken off.
fn take(report: &mut Report, file: &str, line: &str) {
    let take_off = |report: &mut Report| report.tally.passed = report.tally.passed.saturating_sub(1);
    if let Some((name, reason)) = line.split_once(" ... skipped ") {
        let name = name.split(' ').next().unwrap_or(name);
        report.skipped(&format!("{file}: {name}"), reason.trim_matches(['\'', '"']));
    } else if let Some(name) = line.strip_prefix("FAIL: ").or_else(|| line.strip_prefix("ERROR: ")) {
        let name = name.split(' ').next().unwrap_or(name);
        // A failure in setUpClass has another name, so `--failed` runs the whole file again.
        let test = name.starts_with("test").then_some(name);
        if !report.failures.iter().any(|failure| failure.test.as_deref() == Some(name)) {
            report.failed(Ring::Model, Some(file), test);
        }
    } else if let Some(rest) = line.strip_prefix("Ran ") {
        report.tally.passed += rest.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        for _ in 0..report.tally.skipped + report.failures.iter().filter(|failure| failure.test.is_some()).count() {
            take_off(report);
        }
    }
}

/// The names of test methods.
fn test_names(text: &str) -> Vec<&str> {
    let functions = text.lines().filter_map(|line| line.trim_start().strip_prefix("def "));
    functions.filter_map(|rest| rest.split('(').next()).filter(|name| name.starts_with("test")).collect()
}

fn test_files() -> Vec<String> {
    let mut files = Vec::new();
    add_test_files(&root().join(TOOLS), &mut files);
    files.sort();
    files
}

/// Every `test_*.py` in a folder, recursively, except in virtual environments.
fn add_test_files(folder: &Path, files: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() && !name.starts_with('.') {
            add_test_files(&path, files);
        } else if name.starts_with("test_") && name.ends_with(".py") {
            files.push(relative(&path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::choice::contains as holds;

    fn read(lines: &[&str]) -> Report {
        let mut report = Report::default();
        lines.iter().for_each(|line| take(&mut report, "t.py", line));
        report
    }

    #[test]
    fn what_unittest_prints_is_counted_and_named() {
        assert_eq!(read(&["test_a (m.A.test_a) ... ok", "Ran 28 tests in 0.016s", "", "OK"]).tally.passed, 28);
        let report = read(&[
            "test_a (__main__.A.test_a) ... skipped 'no network'",
            "test_b (__main__.A.test_b) ... FAIL",
            "FAIL: test_b (__main__.A.test_b) (i=1)",
            "FAIL: test_b (__main__.A.test_b) (i=2)",
            "ERROR: test_c (__main__.A.test_c)",
            "Ran 9 tests in 1s",
            "FAILED (failures=2, errors=1, skipped=1)",
        ]);
        assert_eq!(report.tally.to_string(), "6 passed, 2 failed, 1 skipped");
        assert_eq!(report.skipped, [("t.py: test_a".into(), "no network".into())]);
        let failed: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
        assert_eq!(failed, ["t.py: test_b", "t.py: test_c"]);
    }

    #[test]
    fn a_class_that_cannot_be_set_up_fails_the_file() {
        let report = read(&["ERROR: setUpClass (__main__.A)", "Ran 0 tests in 0s", "FAILED (errors=1)"]);
        assert_eq!(
            (report.tally.to_string().as_str(), report.failures[0].to_string().as_str()),
            ("0 passed, 1 failed", "t.py")
        );
    }

    #[test]
    fn tests_are_found_by_file_and_by_name() {
        assert!(files_named("test_fit").iter().any(|one| holds(&one.file, "fit/test_fit.py")));
        assert_eq!(
            test_names("class A:\n    def test_one(self):\n        pass\n    def other(self): pass"),
            ["test_one"]
        );
        assert!(tests_named("no_such_test").is_empty());
    }
}
