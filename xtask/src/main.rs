//! `cargo x`: everything that is built, served, tested, checked and measured here, each behind one word.
//!
//! A command installs what it needs, says what and why, and names the command that failed where one does.

mod bench;
mod check;
mod engine;
mod hash;
mod model;
mod page;
mod plain_simd;
mod process;
mod serve;
mod tally;
mod test;
mod tools;
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
    /// Install Debian packages that are missing even where this is not root; else the command to run is said
    #[arg(long, global = true)]
    install: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is missing, serve the page, and build again whenever src/ or www/ changes
    Serve(serve::Options),
    /// Build the engine into target/engine and the page into target/page
    Build {
        /// Build the engine without most optimisations: ready sooner, several times slower at tagging
        #[arg(long)]
        dev: bool,
    },
    /// Build what a static host serves into dist/page: shipped engine, hashed names, .br and .gz beside each file
    Dist,
    /// Run tests: all of them, from unit tests to the built page in Chromium, or those that a filter names
    Test(test::Options),
    /// Check formatting, lints, documentation and types, with every warning an error; and duplicates, lengths and versions
    Check,
    /// Measure the built page in Chromium next to its peers
    Bench(bench::Options),
    /// Make the model files again from their source and compare them with those here; or evaluate the tags they give
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
        Command::Dist => page::dist(),
        Command::Test(options) => return test::test(&options),
        Command::Check => check::check(),
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
