//! The command line, `tagsmith`.

mod args;
mod model;
mod output;
mod pictures;
mod select;
mod tag;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Tag(args) => tag::run(&args),
        Command::Select(args) => select::run(&args),
    };
    match outcome {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("tagsmith: {error}");
            ExitCode::from(2)
        }
    }
}
