//! `cargo x test`: runs the rings of tests, or the tests that match a filter, and prints a summary.

mod choice;
mod native;
mod node;
mod python;
mod report;
mod ring;

use crate::engine::{self, Mode, Profile};
use crate::process::{Outcome, root, say};
use crate::watched::Watched;
use crate::{page, tools};
use choice::{Choice, Selected};
use clap::Args;
use report::{Failure, Report};
use ring::{RINGS, Ring};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

#[derive(Args)]
pub struct Options {
    /// Run only the test files whose names contain this, or if there are none, the tests whose names do
    filter: Option<String>,
    /// Run only this ring
    #[arg(long, value_name = "NAME")]
    ring: Option<Ring>,
    /// Run only the tests that failed the last time
    #[arg(long, conflicts_with = "filter")]
    failed: bool,
    /// Run the page's tests, again whenever www or tests/web changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Run randomised tests in full instead of a few times (sets TAGSMITH_LONG=1)
    #[arg(long)]
    long: bool,
    /// Test the existing engine and page without rebuilding them
    #[arg(long)]
    no_build: bool,
}

/// Rings, and the chosen tests of each.
type Plan = Vec<(Ring, Choice)>;

/// What must be built before the tests.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Build {
    Nothing,
    Page,
    EngineAndPage,
}

/// The page's files, and those of its tests.
const WATCHED: Watched = Watched { names: &["www", "tests/web"], not: &["node_modules"] };

/// `cargo x test`.
pub fn test(options: &Options) -> ExitCode {
    let run = || -> Outcome<bool> {
        let plan = plan(options)?;
        if plan.is_empty() {
            say("no test failed the last time");
            return Ok(true);
        }
        let build = if options.no_build { Build::Nothing } else { Build::EngineAndPage };
        if options.watch { watch(options, plan, build) } else { round(&plan, build, options) }
    };
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("\ncargo x: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// The tests that the options choose; empty only if `--failed` finds none.
fn plan(options: &Options) -> Outcome<Plan> {
    let rings = RINGS.into_iter().filter(|ring| options.ring.is_none_or(|only| only == *ring));
    let rings: Vec<Ring> = rings.filter(|ring| !options.watch || ring.is_of_the_page()).collect();
    if rings.is_empty() {
        return Err("Only the rings www, wasm and browser can be watched. Choose one with --ring.".into());
    }
    if options.failed {
        let failures = failures_of_the_last_time()?;
        let chosen = rings.into_iter().filter_map(|ring| Some((ring, Choice::of_failures(ring, &failures)?)));
        return Ok(chosen.collect());
    }
    let Some(filter) = &options.filter else { return Ok(rings.into_iter().map(|ring| (ring, Choice::All)).collect()) };
    for find in [Ring::files_named, Ring::tests_named] {
        let mut plan = Plan::new();
        for ring in &rings {
            let selected: Vec<Selected> = find(*ring, filter)?;
            if !selected.is_empty() {
                plan.push((*ring, Choice::Some(selected)));
            }
        }
        if !plan.is_empty() {
            return Ok(plan);
        }
    }
    Err(format!("No test file and no test has \"{filter}\" in its name."))
}

/// Runs the plan; true if everything passed.
fn round(plan: &Plan, build: Build, options: &Options) -> Outcome<bool> {
    let begin = Instant::now();
    let needs_engine = build == Build::EngineAndPage && plan.iter().any(|(ring, _)| ring.needs_engine());
    let is_first = plan.first().is_some_and(|(ring, _)| ring.needs_engine());
    let mode = if is_first { Mode::Foreground } else { Mode::Background };
    let needs_browsers = plan.iter().any(|(ring, choice)| *ring == Ring::Browser && *choice == Choice::All);
    let mut building = needs_engine.then(|| std::thread::spawn(move || build_engine(mode, needs_browsers)));
    let mut engine: Outcome = Ok(());
    let mut page: Option<Outcome> = (build == Build::Nothing).then_some(Ok(()));
    let mut total = Report::default();
    let mut lines = Vec::new();
    for (ring, choice) in plan {
        let ring = *ring;
        let begin = Instant::now();
        let mut ready = || -> Outcome {
            if ring.needs_engine()
                && let Some(building) = building.take()
            {
                engine = building.join().expect("a build fails with a reason");
            }
            if ring.needs_engine() {
                engine.clone().map_err(|reason| format!("Not run, because building the engine failed: {reason}"))?;
            }
            if ring.needs_page() {
                let built = page.get_or_insert_with(page::put_together_for_tests).clone();
                built.map_err(|reason| format!("Not run, because building the page failed: {reason}"))?;
            }
            Ok(())
        };
        println!("\n=== {}", ring.heading());
        let is_ready = ready();
        let waited = begin.elapsed().as_secs_f64();
        let outcome = is_ready.and_then(|()| ring.run(choice, options.long));
        let mut report = outcome.unwrap_or_else(|reason| {
            say(&reason);
            let mut report = Report::default();
            report.failed(ring, None, None);
            report
        });
        report.before_tests_s += waited;
        let (seconds, before) = (begin.elapsed().as_secs(), report.before_tests_s.round());
        let before = if before > 0.0 { format!(", {before} s before the first test") } else { String::new() };
        let line = format!("{}: {} ({seconds} s{before})", ring.heading(), report.tally);
        println!("{}\n=== {line}", report.file_lines().join("\n"));
        lines.push(line);
        total.add(report);
    }
    remember(plan, &total.failures)?;
    print_end(&total, options.filter.is_none() && !options.failed);
    println!("\n{}\nall rings ({} s):", lines.join("\n"), begin.elapsed().as_secs());
    println!("{}", total.tally);
    if total.tally.is_empty() {
        return Err("No test was run.".into());
    }
    Ok(total.tally.failed == 0)
}

fn print_end(total: &Report, is_whole: bool) {
    if is_whole {
        println!("\nslowest:\n{}", total.slowest().join("\n"));
    }
    if !total.skipped.is_empty() {
        println!("\nskipped:");
        total.skipped.iter().for_each(|(name, reason)| println!("    {name}: {reason}"));
    }
    if !total.failures.is_empty() {
        println!("\nfailed (`cargo x test --failed` runs these again):");
        total.failures.iter().for_each(|failure| println!("    {failure}"));
    }
}

/// Builds and fetches what the later rings need while the first ones run.
fn build_engine(mode: Mode, needs_browsers: bool) -> Outcome {
    if mode == Mode::Background {
        say("building the release engine while the first tests run (takes minutes the first time)");
    }
    tools::ensure_packages()?;
    if needs_browsers {
        tools::fetch_browsers();
    }
    engine::build(Profile::Shipped, mode)
}

/// Runs after every change until Ctrl-C. The filter is evaluated each time, because tests may have been added.
fn watch(options: &Options, mut chosen: Plan, mut build: Build) -> Outcome<bool> {
    loop {
        let seen = WATCHED.state();
        if let Err(reason) = round(&chosen, build, options) {
            say(&reason);
        }
        // The engine is built only once; for changes to it, use `cargo x test` without --watch.
        build = if build == Build::Nothing { Build::Nothing } else { Build::Page };
        say("waiting for changes in www or tests/web; press Ctrl-C to stop");
        while WATCHED.changed_since(seen).is_none() {}
        println!();
        if !options.failed {
            match plan(options) {
                Ok(plan) => chosen = plan,
                Err(reason) => say(&reason),
            }
        }
    }
}

fn memory() -> PathBuf {
    root().join("target/test-reports/failed.json")
}

fn failures_of_the_last_time() -> Outcome<Vec<Failure>> {
    let file = memory();
    let unreadable = |error: &dyn std::fmt::Display| format!("{} cannot be read: {error}.", file.display());
    match std::fs::read(&file) {
        Ok(content) => serde_json::from_slice(&content).map_err(|error| unreadable(&error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err("No tests were run here yet.".into()),
        Err(error) => Err(unreadable(&error)),
    }
}

/// Stores the failures of this run, and earlier failures that were not run.
fn remember(plan: &Plan, failures: &[Failure]) -> Outcome {
    let was_run = |failure: &Failure| plan.iter().any(|(ring, choice)| *ring == failure.ring && choice.covers(failure));
    let mut kept: Vec<Failure> = failures_of_the_last_time().unwrap_or_default();
    kept.retain(|failure| !was_run(failure));
    kept.extend_from_slice(failures);
    let file = memory();
    let content = serde_json::to_vec_pretty(&kept).expect("failures are plain data");
    let written = std::fs::create_dir_all(file.parent().expect("it lies in a folder"))
        .and_then(|()| std::fs::write(&file, content));
    written.map_err(|error| format!("{} cannot be written: {error}.", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(filter: &str) -> Options {
        Options { filter: Some(filter.into()), ring: None, failed: false, watch: false, long: false, no_build: false }
    }

    #[test]
    fn a_filter_that_names_a_file_leaves_tests_of_that_name_elsewhere_alone() {
        let plan = plan(&options("layers.rs")).unwrap();
        assert_eq!(plan, [(Ring::Native, Choice::Some(vec![Selected::file("tests/layers.rs")]))]);
    }

    #[test]
    fn a_filter_that_names_nothing_is_an_error() {
        let name = ["no", "such", "test", "anywhere"].join("-");
        assert_eq!(plan(&options(&name)).unwrap_err(), format!("No test file and no test has \"{name}\" in its name."));
    }

    #[test]
    fn only_rings_of_the_page_are_watched() {
        let watched = |ring| plan(&Options { ring, watch: true, filter: None, ..options("") });
        assert_eq!(watched(None).unwrap().len(), 3);
        assert!(watched(Some(Ring::Native)).is_err());
    }
}
