//! `cargo x bench`: measures the built page in Chromium next to its peers.

use crate::page;
use crate::process::{Outcome, command, run};
use crate::tools::ensure_chromium;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// Run only this benchmark
    name: Option<String>,
    /// Also write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub fn bench(options: &Options) -> Outcome {
    let chromium = ensure_chromium()?;
    page::dist()?;
    let mut node = command("node");
    node.arg("benches/run.mjs").args(&options.name).env("CHROMIUM", chromium);
    if let Some(file) = &options.json {
        // The program runs in the repository's root, so make the path absolute here.
        let file = std::path::absolute(file)
            .map_err(|error| format!("{} is not a valid file name: {error}.", file.display()))?;
        node.arg("--json").arg(file);
    }
    run(&mut node)
}
