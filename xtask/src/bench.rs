//! `cargo x bench`: measures the built page in Chromium next to its peers, and own tags beside scikit-learn.

use crate::dist;
use crate::process::{Outcome, cargo, command, root, run};
use crate::shells::Shell;
use crate::tools::{ensure_chromium, ensure_python_of};
use clap::Args;
use std::path::{Path, PathBuf};

const OWN_TAGS: &str = "own-tags";
/// Which needs neither the page nor a browser.
const CLI: &str = "cli";
/// That own tags are measured on; no part of the repository.
const PICTURES: &str = "../shared/data";

#[derive(Args)]
pub struct Options {
    /// Run only this benchmark
    name: Option<String>,
    /// Also write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub fn bench(options: &Options) -> Outcome {
    let mut node = command("node");
    node.arg("benches/run.mjs").args(&options.name);
    if options.name.as_deref() != Some(CLI) {
        node.env("CHROMIUM", ensure_chromium()?);
        dist::build(&[Shell::Page], false)?;
    }
    // The programs run in the repository's root, so make the path absolute here.
    let absolute = |file: &PathBuf| {
        std::path::absolute(file).map_err(|error| format!("{} is not a valid file name: {error}.", file.display()))
    };
    let json = options.json.as_ref().map(absolute).transpose()?;
    if let Some(file) = &json {
        node.arg("--json").arg(file);
    }
    run(&mut node)?;
    if options.name.as_deref().is_none_or(|name| name.replace('_', "-") == OWN_TAGS) {
        own_tags(json.as_deref())
    } else {
        Ok(())
    }
}

/// How good own tags are, which no browser has to say.
fn own_tags(json: Option<&Path>) -> Outcome {
    if !root().join(PICTURES).is_dir() {
        println!("Not measured beside scikit-learn: {PICTURES} is not there.");
        return Ok(());
    }
    let python = ensure_python_of("benches/own_tags")?;
    run(cargo().args(["build", "--bin", "tagsmith"]))?;
    let mut beside = command(python);
    beside.args([
        "-m",
        "eval.own_tags",
        "--tagsmith",
        "target/debug/tagsmith",
        "--cache",
        "target/own_tags.npz",
        PICTURES,
    ]);
    if let Some(file) = json {
        beside.arg("--add-to").arg(file);
    }
    run(&mut beside)
}
