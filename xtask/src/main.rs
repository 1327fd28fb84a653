//! `cargo x`: one command each to build, serve, test, check and measure.
//!
//! A command installs what it needs and says why. If a program fails, the error names its command line.

mod advisories;
mod archive;
mod bench;
mod check;
mod commit_time;
mod dist;
mod engine;
mod hash;
mod licences;
mod model;
mod page;
mod plain_simd;
mod process;
mod release;
mod sbom;
mod serve;
mod shells;
mod tally;
mod test;
mod tools;
mod unreached;
mod wasm_target;
mod watched;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo x", bin_name = "cargo x", about = "Builds, serves, tests, checks and measures Tagsmith.")]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Install missing Debian packages even if this is not root; otherwise the command to run is printed
    #[arg(long, global = true)]
    install: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is missing, serve the page, and rebuild whenever a source file changes
    Serve(serve::Options),
    /// Build the engine into target/engine and the page into target/page
    Build {
        /// Build the engine with few optimisations: compiles faster, tags several times slower
        #[arg(long)]
        dev: bool,
    },
    /// Build every shell as it is shipped into dist, or those of --only
    Dist(dist::Options),
    /// Pack every shell and the command line into dist/release, with hashes and a bill of materials: the same bytes every time
    Release(release::Options),
    /// Run all tests, from unit tests to the built page in Chromium, or those that match a filter
    Test(test::Options),
    /// Check formatting, lints, documentation, types, duplicates, file lengths and versions; every warning is an error
    Check,
    /// Write what is known of weaknesses in the packages of our lock files (advisories.json)
    Advisories(advisories::Options),
    /// Write the licence texts of what is linked (THIRD_PARTY_LICENCES.txt) and the tables of THIRD_PARTY.md
    Licences,
    /// Measure the built page in Chromium against its peers
    Bench(bench::Options),
    /// Make the model files again from their sources and compare them with the committed ones, fit their numbers, or evaluate their tags
    Model(model::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    process::end_children_when_interrupted();
    if arguments.install {
        tools::allow_installing();
    }
    let outcome = match arguments.command {
        Command::Serve(options) => serve::serve(&options),
        Command::Build { dev } => page::build(if dev { engine::Profile::Dev } else { engine::Profile::Shipped }),
        Command::Dist(options) => dist::dist(&options),
        Command::Release(options) => release::release(&options),
        Command::Test(options) => return test::test(&options),
        Command::Check => check::check(),
        Command::Advisories(options) => advisories::write(&options),
        Command::Licences => tools::ensure_packages().and_then(|()| licences::write()),
        Command::Bench(options) => bench::bench(&options),
        Command::Model(options) => model::model(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\ncargo x: {reason}");
            ExitCode::FAILURE
        }
    }
}
