//! The result of a run: counts, failures, skipped tests with reasons, and durations.

use super::ring::Ring;
use crate::tally::Tally;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A failure, as precise as is known: a test, a file, or a whole ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub ring: Ring,
    pub file: Option<String>,
    pub test: Option<String>,
}

#[derive(Default)]
pub struct Report {
    pub tally: Tally,
    pub failures: Vec<Failure>,
    /// The test or file, and the reason.
    pub skipped: Vec<(String, String)>,
    /// Duration of a file in seconds, including set-up and tear-down.
    pub files: BTreeMap<String, f64>,
    /// Duration of a test in seconds, if its runner reports it.
    pub tests: Vec<(String, f64)>,
    /// How long it took until the first test ran, in seconds: compiling, installing.
    pub before_tests_s: f64,
}

/// Number of slowest tests that are listed at the end of a run.
const N_SLOWEST: usize = 10;

impl Report {
    pub fn passed(&mut self) {
        self.tally.passed += 1;
    }

    pub fn failed(&mut self, ring: Ring, file: Option<&str>, test: Option<&str>) {
        self.tally.failed += 1;
        self.failures.push(Failure { ring, file: file.map(str::to_owned), test: test.map(str::to_owned) });
    }

    pub fn skipped(&mut self, name: &str, reason: &str) {
        self.tally.skipped += 1;
        self.skipped.push((name.to_owned(), reason.to_owned()));
    }

    pub fn took(&mut self, file: &str, seconds: f64) {
        *self.files.entry(file.to_owned()).or_default() += seconds;
    }

    pub fn add(&mut self, other: Report) {
        self.tally += other.tally;
        self.failures.extend(other.failures);
        self.skipped.extend(other.skipped);
        self.tests.extend(other.tests);
        self.before_tests_s += other.before_tests_s;
        other.files.into_iter().for_each(|(file, seconds)| self.took(&file, seconds));
    }

    /// All files with their durations, the slowest first.
    pub fn file_lines(&self) -> Vec<String> {
        lines_of(self.files.iter().map(|(file, seconds)| (file.as_str(), *seconds)))
    }

    /// The slowest tests; a file stands for its tests if they are not timed one by one.
    pub fn slowest(&self) -> Vec<String> {
        let is_timed = |file: &str| self.tests.iter().any(|(test, _)| test.starts_with(file));
        let files = self.files.iter().filter(|(file, _)| !is_timed(file)).map(|(file, s)| (file.as_str(), *s));
        let mut lines = lines_of(self.tests.iter().map(|(test, s)| (test.as_str(), *s)).chain(files));
        lines.truncate(N_SLOWEST);
        lines
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.file, &self.test) {
            (Some(file), Some(test)) => write!(f, "{file}: {test}"),
            (Some(file), None) => write!(f, "{file}"),
            (None, _) => write!(f, "{}", self.ring.heading()),
        }
    }
}

fn lines_of<'a>(timed: impl Iterator<Item = (&'a str, f64)>) -> Vec<String> {
    let mut timed: Vec<_> = timed.collect();
    timed.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    timed.into_iter().map(|(name, seconds)| format!("{seconds:8.1} s  {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_are_tests_and_files_whose_tests_are_not_timed() {
        let mut report = Report::default();
        report.took("tests/web/a.test.mjs", 9.0);
        report.took("tests/layers.rs", 3.0);
        report.took("tests/layers.rs", 1.0);
        report.tests.push(("tests/web/a.test.mjs: one".into(), 2.0));
        report.tests.push(("tests/web/a.test.mjs: other".into(), 6.0));
        let names: Vec<String> = report.slowest().iter().map(|line| line.trim().to_owned()).collect();
        assert_eq!(
            names,
            ["6.0 s  tests/web/a.test.mjs: other", "4.0 s  tests/layers.rs", "2.0 s  tests/web/a.test.mjs: one"]
        );
    }
}
