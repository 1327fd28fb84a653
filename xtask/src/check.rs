//! `cargo x check`: formatting, lints, documentation and types, with every warning an error, and checks of our own.

mod duplicates;
mod lengths;
mod sources;
mod versions;

use crate::advisories;
use crate::licences;
use crate::process::{Outcome, cargo, command, run as run_command, say};
use crate::tally::Tally;
use crate::tools::{ensure_packages, ensure_python, ensure_python_of_models};
use std::time::Instant;

/// The result of a check that did not fail.
pub enum Checked {
    Passed,
    Skipped(String),
}

type Check = (&'static str, fn() -> Outcome<Checked>);

/// The fast ones first.
const CHECKS: [Check; 12] = [
    ("formatting", formatting),
    ("lengths of files", || passed(lengths::check())),
    ("duplicates", || passed(duplicates::check())),
    ("versions", || passed(versions::check())),
    ("advisories", || passed(advisories::check())),
    ("licences", || passed(ensure_packages().and_then(|()| licences::check()))),
    ("format and lint of the page", page_lints),
    ("format and lint of the models' tools", python_lints),
    ("types of the page", page_types),
    ("lints", lints),
    ("lints of the modules of wasm", module_lints),
    ("documentation", documentation),
];

/// `cargo x check`.
pub fn check() -> Outcome {
    let mut tally = Tally::default();
    run(
        |_| true,
        |_, result, _| match result {
            Ok(Checked::Passed) => tally.passed += 1,
            Ok(Checked::Skipped(_)) => tally.skipped += 1,
            Err(_) => tally.failed += 1,
        },
    );
    println!("{tally}");
    if tally.failed == 0 { Ok(()) } else { Err("Some checks failed; the reasons are above.".into()) }
}

pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.into_iter().map(|(name, _)| name)
}

/// Runs the chosen checks, and continues after a failure. `take` gets the name, the result and the seconds of each.
pub fn run(is_chosen: impl Fn(&str) -> bool, mut take: impl FnMut(&'static str, Outcome<Checked>, f64)) {
    for (name, check) in CHECKS.into_iter().filter(|(name, _)| is_chosen(name)) {
        let begin = Instant::now();
        let result = check();
        let word = match &result {
            Ok(Checked::Passed) => "ok".into(),
            Ok(Checked::Skipped(reason)) => format!("skipped: {reason}"),
            Err(reason) => {
                say(reason);
                "FAILED".into()
            }
        };
        println!("check {name} ... {word}");
        take(name, result, begin.elapsed().as_secs_f64());
    }
}

fn passed(outcome: Outcome) -> Outcome<Checked> {
    outcome.map(|()| Checked::Passed)
}

fn formatting() -> Outcome<Checked> {
    passed(run_command(cargo().args(["fmt", "--all", "--check"])))
}

fn lints() -> Outcome<Checked> {
    passed(run_command(cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])))
}

/// Those without networks, with the features of the library that they are built with, and the smallest of them by itself; the engine is
/// linted with the workspace.
fn module_lints() -> Outcome<Checked> {
    for modules in [&["exports", "providers", "session", "train"][..], &["session"]] {
        let packages = modules.iter().map(|module| format!("--package=tagsmith-{module}"));
        run_command(cargo().arg("clippy").args(packages).args(["--", "--deny", "warnings"]))?;
    }
    Ok(Checked::Passed)
}

fn documentation() -> Outcome<Checked> {
    let mut doc = cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "--deny warnings");
    passed(run_command(&mut doc))
}

fn python_lints() -> Outcome<Checked> {
    if let Err(reason) = ensure_python() {
        return Ok(Checked::Skipped(reason));
    }
    let python = ensure_python_of_models()?;
    let ruff = |arguments: &[&str]| run_command(command(&python).args(["-m", "ruff"]).args(arguments));
    ruff(&["check", "--quiet", "models/tools"])?;
    passed(ruff(&["format", "--check", "--quiet", "models/tools"]))
}

fn page_lints() -> Outcome<Checked> {
    page_script("lint")
}

fn page_types() -> Outcome<Checked> {
    page_script("check")
}

/// Runs a script of www/package.json.
fn page_script(name: &str) -> Outcome<Checked> {
    ensure_packages()?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    passed(run_command(command(npm).args(["--prefix", "www", "run", "--silent", name])))
}
