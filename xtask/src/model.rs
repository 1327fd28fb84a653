//! `cargo x model`: makes the model files again from their source and fits their numbers again on what is kept of the pictures, to
//! compare them or to write them; tests the tools that do it; and evaluates what comes out on labelled pictures.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, Subcommand};

use crate::process::{Outcome, cargo, command, root, run, run_with_errors};
use crate::tally::Tally;
use crate::tools::ensure_python;

const TOOLS: &str = "models/tools";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    /// Write the files that were made instead of comparing
    #[arg(long)]
    write: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Fit heads, calibration, thresholds and what a face means again on models/tools/data, and compare them with those here
    Fit {
        /// Write what was fitted instead of comparing; `cargo x model --write` then renews the cards
        #[arg(long, conflicts_with = "collect")]
        write: bool,
        /// Make models/tools/data again of the pictures in this folder [default: ../shared/data]
        #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "../shared/data")]
        collect: Option<PathBuf>,
    },
    /// Measure the tags on labelled pictures, in the layout of ../shared/data: figures with their bars, and target/eval/report.html
    Eval {
        /// Folder with the pictures [default: ../shared/data]
        dir: Option<PathBuf>,
        /// Every n-th picture only
        #[arg(long, value_name = "N")]
        quick: Option<usize>,
    },
}

pub fn model(options: &Options) -> Outcome {
    match &options.part {
        None => make(options.write),
        Some(Part::Fit { write, collect }) => fit(*write, collect.as_deref()),
        Some(Part::Eval { dir, quick }) => eval(dir.as_deref(), *quick),
    }
}

/// Makes the files, to compare them with those here or to write them.
pub fn make(write: bool) -> Outcome {
    let mut python = python()?;
    python.args(["-m", "convert"]);
    if !write {
        python.arg("--check");
    }
    run(&mut python)
}

/// Fits the numbers, to compare them with those here or to write them; or makes what they are fitted on.
pub fn fit(write: bool, collect: Option<&Path>) -> Outcome {
    let mut python = python_with_program("fit")?;
    if write {
        python.arg("--write");
    }
    if let Some(dir) = collect {
        python.arg("--collect").arg(absolute(dir)?);
    }
    run(&mut python)
}

fn eval(dir: Option<&Path>, quick: Option<usize>) -> Outcome {
    let mut python = python_with_program("eval")?;
    if let Some(dir) = dir {
        python.arg(absolute(dir)?);
    }
    if let Some(n) = quick {
        python.args(["--quick", &n.to_string()]);
    }
    run(&mut python)
}

fn absolute(dir: &Path) -> Outcome<PathBuf> {
    std::path::absolute(dir).map_err(|error| format!("{} is no path: {error}.", dir.display()))
}

/// Python with what models/tools/pyproject.toml pins, its folder on the path; made or brought up to date where that is needed.
pub fn python() -> Outcome<Command> {
    ensure_python()?;
    run(command("python3").arg(format!("{TOOLS}/environment.py")))?;
    let python = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    Ok(command(root().join(TOOLS).join(".venv").join(python)))
}

/// Runs a package of the tools that asks the command line.
fn python_with_program(package: &str) -> Outcome<Command> {
    let mut python = python()?;
    run(cargo().args(["build", "--bin", "tagsmith"]))?;
    python.args(["-m", package, "--tagsmith", "target/debug/tagsmith"]);
    Ok(python)
}

/// Runs the tests of the tools, a file after the other.
pub fn test_tools() -> Outcome<Tally> {
    let mut all = Tally::default();
    for test in test_files(&root().join(TOOLS))? {
        let mut tally = Tally::default();
        let status = run_with_errors(python()?.arg(test), |line| tally.add_unittest_line(line))?;
        all += tally.and_status(status);
    }
    Ok(all)
}

/// Every `test_*.py` in the folder and in those of the tools below it, sorted.
fn test_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let unreadable = |error| format!("{} cannot be read: {error}.", folder.display());
    let mut tests = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') {
            tests.extend(test_files(&path)?);
        } else if name.starts_with("test_") && name.ends_with(".py") {
            tests.push(path);
        }
    }
    tests.sort();
    Ok(tests)
}
