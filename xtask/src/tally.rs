//! How many tests passed, failed and were skipped, read from what test runners print.

use std::fmt;
use std::ops::AddAssign;
use std::process::ExitStatus;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Tally {
    pub const PASSED: Tally = Tally { passed: 1, failed: 0, skipped: 0 };
    pub const FAILED: Tally = Tally { passed: 0, failed: 1, skipped: 0 };
    pub const SKIPPED: Tally = Tally { passed: 0, failed: 0, skipped: 1 };

    /// Adds what one line of `cargo test` tells: "test result: ok. 3 passed; 0 failed; 1 ignored; ...".
    pub fn add_cargo_line(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else {
            return;
        };
        for count in counts.split("; ") {
            match count.split_once(' ').map(|(n, what)| (n.parse().unwrap_or(0), what)) {
                Some((n, "passed")) => self.passed += n,
                Some((n, "failed")) => self.failed += n,
                Some((n, "ignored")) => self.skipped += n,
                _ => {}
            }
        }
    }

    /// Adds what one line of Python's unittest tells: "Ran 28 tests in 0.016s", then "OK (skipped=1)" or "FAILED (failures=1, errors=2)".
    pub fn add_unittest_line(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("Ran ") {
            self.passed += rest.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        } else if line.starts_with("OK") || line.starts_with("FAILED") {
            for part in line.split(['(', ',', ')']) {
                match part.trim().split_once('=').map(|(what, n)| (what, n.parse::<usize>().unwrap_or(0))) {
                    Some(("skipped", n)) => {
                        (self.skipped, self.passed) = (self.skipped + n, self.passed.saturating_sub(n))
                    }
                    Some(("failures" | "errors", n)) => {
                        (self.failed, self.passed) = (self.failed + n, self.passed.saturating_sub(n));
                    }
                    _ => {}
                }
            }
        }
    }

    /// What the summary at the end of node's TAP report tells. Lines that a test printed itself come before it, so the last
    /// line of a kind counts.
    pub fn of_tap(report: &str) -> Tally {
        let count = |name: &str| -> usize {
            let of_name = |line: &str| line.strip_prefix("# ")?.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
            report.lines().rev().find_map(of_name).unwrap_or(0)
        };
        Tally {
            passed: count("pass"),
            failed: count("fail") + count("cancelled"),
            skipped: count("skipped") + count("todo"),
        }
    }

    /// A run that failed without a failed test (it did not compile, it crashed) counts as one failure.
    pub fn and_status(mut self, status: ExitStatus) -> Tally {
        if !status.success() && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(f, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_the_results_of_several_test_programs() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test tests::passed ... ok",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 1.25s",
        ] {
            tally.add_cargo_line(line);
        }
        assert_eq!(tally, Tally { passed: 15, failed: 2, skipped: 1 });
    }

    #[test]
    fn reads_the_summary_of_node_and_not_what_a_test_printed() {
        let report = "TAP version 13\n# pass 99\nok 1 - a\n    # fail 7\n1..4\n# tests 5\n# suites 0\n# pass 2\n# fail 1\n\
                      # cancelled 1\n# skipped 1\n# todo 0\n# duration_ms 12.5\n";
        assert_eq!(Tally::of_tap(report), Tally { passed: 2, failed: 2, skipped: 1 });
    }

    #[test]
    fn reads_the_last_lines_of_pythons_unittest() {
        let count = |lines: &[&str]| {
            let mut tally = Tally::default();
            lines.iter().for_each(|line| tally.add_unittest_line(line));
            tally
        };
        assert_eq!(count(&["..", "Ran 28 tests in 0.016s", "", "OK"]), Tally { passed: 28, failed: 0, skipped: 0 });
        assert_eq!(
            count(&["Ran 9 tests in 1s", "FAILED (failures=1, errors=2)"]),
            Tally { passed: 6, failed: 3, skipped: 0 }
        );
        assert_eq!(count(&["Ran 9 tests in 1s", "OK (skipped=4)"]), Tally { passed: 5, failed: 0, skipped: 4 });
    }

    #[test]
    fn an_empty_report_counts_nothing() {
        assert_eq!(Tally::of_tap(""), Tally::default());
    }

    #[cfg(unix)]
    #[test]
    fn a_run_that_failed_without_a_failed_test_is_one_failure() {
        use std::os::unix::process::ExitStatusExt;
        let failed = ExitStatus::from_raw(101 << 8);
        assert_eq!(Tally::default().and_status(failed), Tally::FAILED);
        let counted = Tally { passed: 3, failed: 2, skipped: 0 };
        assert_eq!(counted.and_status(failed), counted);
        assert_eq!(Tally::PASSED.and_status(ExitStatus::from_raw(0)), Tally::PASSED);
    }

    #[test]
    fn the_last_line_is_plain_and_names_skipped_ones_only_if_there_are_some() {
        assert_eq!(Tally { passed: 412, failed: 0, skipped: 0 }.to_string(), "412 passed, 0 failed");
        assert_eq!(Tally { passed: 1, failed: 2, skipped: 3 }.to_string(), "1 passed, 2 failed, 3 skipped");
    }
}
