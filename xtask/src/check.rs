//! `cargo x check`: formatting, lints, documentation and types, every warning an error.

use crate::engine;
use crate::process::{Outcome, cargo, command, run, say};
use crate::tally::Tally;
use crate::tools::ensure_packages;
use crate::wasm_target::WasmTarget;

/// One check: passed, skipped with a word why, or failed with a reason.
type Check = (&'static str, fn() -> Outcome<Tally>);

const CHECKS: [Check; 5] = [
    ("formatting", formatting),
    ("lints", lints),
    ("lints of the engine", engine_lints),
    ("documentation", documentation),
    ("types of the page", page_types),
];

/// `cargo x check`.
pub fn check() -> Outcome {
    let tally = run_all();
    println!("{tally}");
    if tally.failed == 0 { Ok(()) } else { Err("Not everything is as it should be; the reasons are above.".into()) }
}

/// Runs every check, going on after one that fails.
pub fn run_all() -> Tally {
    let mut tally = Tally::default();
    for (name, check) in CHECKS {
        let outcome = check();
        let word = match &outcome {
            Ok(Tally::PASSED) => "ok",
            Ok(_) => "skipped",
            Err(_) => "FAILED",
        };
        println!("check {name} ... {word}");
        tally += outcome.unwrap_or_else(|reason| {
            say(&reason);
            Tally::FAILED
        });
    }
    tally
}

fn formatting() -> Outcome<Tally> {
    run(cargo().args(["fmt", "--all", "--check"])).map(|()| Tally::PASSED)
}

fn lints() -> Outcome<Tally> {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])).map(|()| Tally::PASSED)
}

fn engine_lints() -> Outcome<Tally> {
    let target = WasmTarget::ensure()?;
    if !target.can_lint() {
        say("clippy cannot read what Debian's compiler made, so the lints of the engine are skipped");
        return Ok(Tally::SKIPPED);
    }
    for module in ["engine", "session"] {
        let mut clippy = cargo();
        clippy.args(["clippy", "--package", "tagsmith-wasm", "--features", module]);
        target.apply(&mut clippy);
        engine::apply_flags(&mut clippy);
        run(clippy.args(["--", "--deny", "warnings"]))?;
    }
    Ok(Tally::PASSED)
}

fn documentation() -> Outcome<Tally> {
    let mut doc = cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "--deny warnings");
    run(&mut doc).map(|()| Tally::PASSED)
}

fn page_types() -> Outcome<Tally> {
    ensure_packages()?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(command(npm).args(["--prefix", "www", "run", "--silent", "check"])).map(|()| Tally::PASSED)
}
