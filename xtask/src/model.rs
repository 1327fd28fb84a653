//! `cargo x model`: makes the model files again from their source and fits their numbers again on what is kept of the pictures, to
//! compare them or to write them; and evaluates what comes out on labelled pictures.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, Subcommand};

use crate::process::{Outcome, cargo, command, run};
use crate::tools::ensure_python_of_models;

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

fn python() -> Outcome<Command> {
    Ok(command(ensure_python_of_models()?))
}

/// Runs a package of the tools that asks the command line.
fn python_with_program(package: &str) -> Outcome<Command> {
    let mut python = python()?;
    run(cargo().args(["build", "--bin", "tagsmith"]))?;
    python.args(["-m", package, "--tagsmith", "target/debug/tagsmith"]);
    Ok(python)
}
