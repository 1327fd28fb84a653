//! Chooses the tests of a ring: all, those that match a filter, or those that failed before.

use super::report::Failure;
use super::ring::Ring;

#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    All,
    Some(Vec<Selected>),
}

/// A file, and its chosen tests.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    pub file: String,
    pub tests: Tests,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Tests {
    All,
    Containing(String),
    Exactly(Vec<String>),
}

impl Selected {
    pub fn file(file: impl Into<String>) -> Selected {
        Selected { file: file.into(), tests: Tests::All }
    }

    pub fn tests(file: impl Into<String>, containing: &str) -> Selected {
        Selected { file: file.into(), tests: Tests::Containing(containing.to_owned()) }
    }
}

impl Choice {
    /// The failures in a ring, or `None` if there are none.
    pub fn of_failures(ring: Ring, failures: &[Failure]) -> Option<Choice> {
        let mut selected: Vec<Selected> = Vec::new();
        for failure in failures.iter().filter(|failure| failure.ring == ring) {
            let Some(file) = &failure.file else { return Some(Choice::All) };
            let at = selected.iter().position(|one| one.file == *file).unwrap_or_else(|| {
                selected.push(Selected { file: file.clone(), tests: Tests::Exactly(Vec::new()) });
                selected.len() - 1
            });
            match (&failure.test, &mut selected[at].tests) {
                (Some(test), Tests::Exactly(tests)) => tests.push(test.clone()),
                (_, tests) => *tests = Tests::All,
            }
        }
        (!selected.is_empty()).then_some(Choice::Some(selected))
    }

    /// Whether an earlier failure was run again now, so that it can be forgotten.
    pub fn covers(&self, failure: &Failure) -> bool {
        let Choice::Some(selected) = self else { return true };
        selected.iter().any(|one| {
            failure.file.as_ref() == Some(&one.file)
                && match (&one.tests, &failure.test) {
                    (Tests::All, _) => true,
                    (Tests::Containing(part), Some(test)) => contains(test, part),
                    (Tests::Exactly(tests), Some(test)) => tests.contains(test),
                    (_, None) => false,
                }
        })
    }
}

/// Whether a filter matches a file: its name, or its path if the filter contains a folder.
pub fn is_named(file: &str, filter: &str) -> bool {
    let name = if filter.contains('/') { file } else { file.rsplit('/').next().unwrap_or(file) };
    contains(name, filter)
}

/// Whether `text` contains `part`, ignoring case.
pub fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(file: Option<&str>, test: Option<&str>) -> Failure {
        Failure { ring: Ring::Www, file: file.map(str::to_owned), test: test.map(str::to_owned) }
    }

    #[test]
    fn what_failed_is_chosen_as_narrowly_as_it_is_known() {
        let of = |failures: &[Failure]| Choice::of_failures(Ring::Www, failures);
        assert_eq!(of(&[]), None);
        assert_eq!(Choice::of_failures(Ring::Wasm, &[failure(None, None)]), None);
        assert_eq!(of(&[failure(Some("a"), Some("x")), failure(None, None)]), Some(Choice::All));
        let narrow = of(&[failure(Some("a"), Some("x")), failure(Some("a"), Some("y")), failure(Some("b"), None)]);
        let tests = Tests::Exactly(vec!["x".into(), "y".into()]);
        assert_eq!(narrow, Some(Choice::Some(vec![Selected { file: "a".into(), tests }, Selected::file("b")])));
        let whole_file = of(&[failure(Some("a"), None), failure(Some("a"), Some("y"))]);
        assert_eq!(whole_file, Some(Choice::Some(vec![Selected::file("a")])));
    }

    #[test]
    fn a_failure_that_was_not_run_again_stays() {
        let choice = Choice::Some(vec![Selected::tests("a", "Undo")]);
        assert!(choice.covers(&failure(Some("a"), Some("can undo"))));
        assert!(!choice.covers(&failure(Some("a"), Some("other"))));
        assert!(!choice.covers(&failure(Some("b"), Some("can undo"))));
        assert!(!choice.covers(&failure(Some("a"), None)));
        assert!(Choice::All.covers(&failure(None, None)));
    }

    #[test]
    fn a_filter_names_a_file_by_its_name_or_by_its_path() {
        assert!(is_named("tests/web/settings.test.mjs", "settings"));
        assert!(!is_named("tests/web/settings.test.mjs", "web"));
        assert!(is_named("tests/web/settings.test.mjs", "tests/web/settings.test.mjs"));
    }
}
