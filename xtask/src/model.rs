//! `cargo x model`: makes the model files again from their source, to compare them or to write them; and
//! evaluates what comes out on labelled pictures.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::process::{Outcome, cargo, command, run};
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
        Some(Part::Eval { dir, quick }) => eval(dir.as_deref(), *quick),
    }
}

/// Makes the files, to compare them with those here or to write them.
pub fn make(write: bool) -> Outcome {
    ensure_python()?;
    let mut python = command("python3");
    python.arg(format!("{TOOLS}/make.py"));
    if !write {
        python.arg("--check");
    }
    run(&mut python)
}

fn eval(dir: Option<&Path>, quick: Option<usize>) -> Outcome {
    ensure_python()?;
    run(cargo().args(["build", "--bin", "tagsmith"]))?;
    let mut python = command("python3");
    python.arg(format!("{TOOLS}/eval.py"));
    if let Some(dir) = dir {
        let dir = std::path::absolute(dir).map_err(|error| format!("{} is no path: {error}.", dir.display()))?;
        python.arg(dir);
    }
    python.args(["--tagsmith", "target/debug/tagsmith"]);
    if let Some(n) = quick {
        python.args(["--quick", &n.to_string()]);
    }
    run(&mut python)
}
