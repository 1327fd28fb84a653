//! The rings of tests, from unit tests to the built page in Chromium.

use super::choice::{Choice, Selected, contains};
use super::report::Report;
use super::{native, node, python};
use crate::check;
use crate::process::Outcome;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ring {
    /// Natively: unit tests, tests/*.rs, examples in the documentation
    Native,
    /// All checks of `cargo x check`
    Check,
    /// The page's modules, in node: www
    Www,
    /// The engine, in node: tests/web/node
    Wasm,
    /// The built page in Chromium: tests/web
    Browser,
    /// The tools of the models, and the model files made again from their source
    Model,
}

/// In the order in which they run: those that do not need the engine first, while it is built.
pub const RINGS: [Ring; 6] = [Ring::Native, Ring::Check, Ring::Www, Ring::Wasm, Ring::Browser, Ring::Model];

impl Ring {
    pub fn heading(self) -> &'static str {
        match self {
            Ring::Native => "natively",
            Ring::Check => "formatting, lints, documentation, types",
            Ring::Www => "the page's modules, in node",
            Ring::Wasm => "the engine, in node",
            Ring::Browser => "the built page, in Chromium",
            Ring::Model => "the tools of the models, and the model files made again",
        }
    }

    pub fn needs_engine(self) -> bool {
        matches!(self, Ring::Wasm | Ring::Browser)
    }

    pub fn needs_page(self) -> bool {
        matches!(self, Ring::Browser)
    }

    /// Whether it runs files of www and tests/web.
    pub fn is_of_the_page(self) -> bool {
        matches!(self, Ring::Www | Ring::Wasm | Ring::Browser)
    }

    /// The test files that match a filter.
    pub fn files_named(self, filter: &str) -> Outcome<Vec<Selected>> {
        match self {
            Ring::Native => native::files_named(filter),
            Ring::Check => Ok(Vec::new()),
            Ring::Www | Ring::Wasm | Ring::Browser => Ok(node::files_named(self, filter)),
            Ring::Model => Ok(python::files_named(filter)),
        }
    }

    /// The tests that match a filter; a check, which has no file, is listed by its name.
    pub fn tests_named(self, filter: &str) -> Outcome<Vec<Selected>> {
        match self {
            Ring::Native => native::tests_named(filter),
            Ring::Check => Ok(check::names().filter(|name| contains(name, filter)).map(Selected::file).collect()),
            Ring::Www | Ring::Wasm | Ring::Browser => Ok(node::tests_named(self, filter)),
            Ring::Model => Ok(python::tests_named(filter)),
        }
    }

    pub fn run(self, choice: &Choice, long: bool) -> Outcome<Report> {
        match self {
            Ring::Native => native::run(choice, long),
            Ring::Check => Ok(check_ring(choice)),
            Ring::Www | Ring::Wasm | Ring::Browser => node::run(self, choice, long),
            Ring::Model => python::run(choice, long),
        }
    }
}

fn check_ring(choice: &Choice) -> Report {
    let mut report = Report::default();
    let is_chosen = |name: &str| match choice {
        Choice::All => true,
        Choice::Some(selected) => selected.iter().any(|one| one.file == name),
    };
    check::run(is_chosen, |name, result, seconds| {
        report.took(&format!("check: {name}"), seconds);
        match result {
            Ok(check::Checked::Passed) => report.passed(),
            Ok(check::Checked::Skipped(reason)) => report.skipped(&format!("check: {name}"), &reason),
            Err(_) => report.failed(Ring::Check, Some(name), None),
        }
    });
    report
}
