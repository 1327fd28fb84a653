//! `cargo x model`: makes the model files again from their sources, fits their numbers again on the data in models/tools/data, and
//! evaluates their tags on labelled pictures.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, Subcommand};

use crate::process::{Outcome, cargo, command, run};
use crate::tools::ensure_python_of_models;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    /// Write the files instead of comparing them
    #[arg(long)]
    write: bool,
    #[command(subcommand)]
    step: Option<Step>,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Fit heads, calibration, thresholds and the rules for faces on models/tools/data, and compare them with the committed ones
    Fit {
        /// Write the fitted numbers instead of comparing them; then run `cargo x model --write` to update the cards
        #[arg(long, conflicts_with = "collect")]
        write: bool,
        /// Make models/tools/data again from the pictures in this folder [default: ../shared/data]
        #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "../shared/data")]
        collect: Option<PathBuf>,
    },
    /// Measure the tags of labelled pictures: prints figures with their bars, and writes target/eval/report.html
    Eval {
        /// Folder with the labelled pictures, in the layout of ../shared/data [default: ../shared/data]
        dir: Option<PathBuf>,
        /// Use only every n-th picture
        #[arg(long, value_name = "N")]
        quick: Option<usize>,
    },
}

pub fn model(options: &Options) -> Outcome {
    match &options.step {
        None => make(options.write),
        Some(Step::Fit { write, collect }) => fit(*write, collect.as_deref()),
        Some(Step::Eval { dir, quick }) => eval(dir.as_deref(), *quick),
    }
}

/// Makes the files, and compares them with the committed ones or writes them.
pub fn make(write: bool) -> Outcome {
    let mut python = python()?;
    python.args(["-m", "convert"]);
    if !write {
        python.arg("--check");
    }
    run(&mut python)
}

/// Fits the numbers, and compares them with the committed ones or writes them; or makes the data that they are fitted on.
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
    std::path::absolute(dir).map_err(|error| format!("{} is not a valid path: {error}.", dir.display()))
}

fn python() -> Outcome<Command> {
    Ok(command(ensure_python_of_models()?))
}

/// Runs a package of the tools that calls the command line, `tagsmith`.
fn python_with_program(package: &str) -> Outcome<Command> {
    let mut python = python()?;
    run(cargo().args(["build", "--bin", "tagsmith"]))?;
    python.args(["-m", package, "--tagsmith", "target/debug/tagsmith"]);
    Ok(python)
}
