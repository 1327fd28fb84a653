//! `cargo x test`: every ring of tests, one after the other, and at the end one line that says how many passed.

use crate::engine::{self, Mode, Profile};
use crate::process::{Outcome, cargo, command, root, run_with_lines, say};
use crate::tally::Tally;
use crate::{check, model, page, tools};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::JoinHandle;
use std::time::Instant;

#[derive(Args)]
pub struct Options {
    /// Run only this ring
    #[arg(long, value_name = "NAME")]
    ring: Option<Ring>,
    /// Test the engine and the page that are there, whatever has changed since
    #[arg(long)]
    no_build: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ring {
    /// The core, natively: unit tests, tests/*.rs, examples in the documentation
    Native,
    /// Everything `cargo x check` checks
    Check,
    /// The core as WebAssembly, in node: tests/web/node
    Wasm,
    /// The page's modules, in node: www
    Www,
    /// The built page in Chromium: tests/web
    Browser,
    /// The tools of the models, and the model files made again from their source
    Model,
}

/// The engine is built beside the rings that do not need it, so the order is also one of time.
const RINGS: [Ring; 6] = [Ring::Native, Ring::Check, Ring::Wasm, Ring::Www, Ring::Browser, Ring::Model];

/// A test file that takes longer than this hangs.
const TEST_TIMEOUT_MS: &str = "--test-timeout=900000";

impl Ring {
    fn heading(self) -> &'static str {
        match self {
            Ring::Native => "the core, natively",
            Ring::Check => "formatting, lints, documentation, types",
            Ring::Wasm => "the core as WebAssembly, in node",
            Ring::Www => "the page's modules, in node",
            Ring::Browser => "the built page, in Chromium",
            Ring::Model => "the tools of the models, and the model files made again",
        }
    }

    /// Whether it tests what is built for the page.
    fn needs_page(self) -> bool {
        matches!(self, Ring::Wasm | Ring::Www | Ring::Browser)
    }

    fn run(self) -> Outcome<Tally> {
        match self {
            Ring::Native => native(),
            Ring::Check => Ok(check::run_all()),
            Ring::Wasm => node_tests("wasm", test_files("tests/web/node", Depth::Folder)),
            Ring::Www => node_tests("www", test_files("www", Depth::Tree)),
            Ring::Browser => node_tests("browser", test_files("tests/web", Depth::Folder)),
            Ring::Model => model(),
        }
    }
}

/// `cargo x test`.
pub fn test(options: &Options) -> ExitCode {
    let begin = Instant::now();
    let rings = RINGS.into_iter().filter(|ring| options.ring.is_none_or(|only| only == *ring));
    let rings: Vec<Ring> = rings.collect();
    let build = !options.no_build && rings.iter().any(|ring| ring.needs_page());
    let mut engine = build.then(|| std::thread::spawn(build_engine));
    let mut page: Outcome = Ok(());
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for ring in rings {
        if ring.needs_page()
            && let Some(engine) = engine.take()
        {
            page = page_of(engine);
            let built = if page.is_ok() { Tally::PASSED } else { Tally::FAILED };
            total += built;
            lines.push(format!("engine and page, as they are shipped: {built}"));
        }
        println!("\n=== {}", ring.heading());
        let begin = Instant::now();
        let outcome = if ring.needs_page() { page.clone().and_then(|()| ring.run()) } else { ring.run() };
        let tally = outcome.unwrap_or_else(|reason| {
            say(&reason);
            Tally::FAILED
        });
        total += tally;
        let line = format!("{}: {tally} ({} s)", ring.heading(), begin.elapsed().as_secs());
        println!("=== {line}");
        lines.push(line);
    }
    println!("\n{}\nall rings ({} s):", lines.join("\n"), begin.elapsed().as_secs());
    println!("{total}");
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Everything the later rings need, made while the first ones run.
fn build_engine() -> Outcome {
    say("building the engine as it is shipped beside the first tests (some minutes the first time)");
    tools::ensure_packages()?;
    engine::build(Profile::Shipped, Mode::Background)
}

fn page_of(engine: JoinHandle<Outcome>) -> Outcome {
    println!("\n=== engine and page, as they are shipped");
    let page = engine.join().expect("a build fails with a reason").and_then(|()| page::put_together_dist());
    page.map_err(|reason| format!("Not run, because the page could not be built: {reason}"))
}

fn native() -> Outcome<Tally> {
    let mut tally = Tally::default();
    let mut tests = cargo();
    let status =
        run_with_lines(tests.args(["test", "--workspace", "--no-fail-fast"]), |line| tally.add_cargo_line(line))?;
    Ok(tally.and_status(status))
}

/// Without Python the files cannot be made; that they are the ones their card names is tested natively.
fn model() -> Outcome<Tally> {
    if let Err(reason) = tools::ensure_python() {
        say(&format!("{reason}\nSo the model files are not made again."));
        return Ok(Tally::SKIPPED);
    }
    let mut tally = model::test_tools()?;
    match model::make(false) {
        Ok(()) => tally += Tally::PASSED,
        Err(reason) => {
            say(&reason);
            tally += Tally::FAILED;
        }
    }
    Ok(tally)
}

/// Runs test files with node, in order of their names; shows node's report and counts from another.
fn node_tests(name: &str, files: Vec<PathBuf>) -> Outcome<Tally> {
    tools::ensure_packages()?;
    if files.is_empty() {
        say("there are no tests here");
        return Ok(Tally::SKIPPED);
    }
    let folder = root().join("target/test-reports");
    let report = folder.join(name).with_extension("tap");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
    let _ = std::fs::remove_file(&report);
    let mut node = command("node");
    node.args(["--test", "--test-concurrency=1", TEST_TIMEOUT_MS]);
    node.args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
    node.arg(format!("--test-reporter-destination={}", report.display()));
    if name == "browser" {
        node.env("CHROMIUM", tools::ensure_chromium()?);
    }
    let status = run_with_lines(node.args(files), |_| {})?;
    Ok(Tally::of_tap(&std::fs::read_to_string(&report).unwrap_or_default()).and_status(status))
}

enum Depth {
    Folder,
    Tree,
}

/// Every `*.test.mjs` and `*.test.js` in a folder, or also below it; what npm installed is left out.
fn test_files(folder: &str, depth: Depth) -> Vec<PathBuf> {
    let mut files = Vec::new();
    add_test_files(&root().join(folder), &depth, &mut files);
    files.sort();
    files
}

fn add_test_files(folder: &Path, depth: &Depth, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() {
            if matches!(depth, Depth::Tree) && name != "node_modules" {
                add_test_files(&path, depth, files);
            }
        } else if name.ends_with(".test.mjs") || name.ends_with(".test.js") {
            files.push(path);
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
        let names = |depth| -> Vec<String> {
            let files = test_files("target/xtask-test-files", depth);
            files.iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names(Depth::Folder), ["b.test.mjs"]);
        assert_eq!(names(Depth::Tree), ["c.test.js", "b.test.mjs"]);
    }
}
