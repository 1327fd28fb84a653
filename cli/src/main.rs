//! `tagsmith`: the core as a command line.

mod args;
mod model;
mod output;
mod pictures;
mod tag;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let Command::Tag(args) = Cli::parse().command;
    match tag::run(&args) {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("tagsmith: {error}");
            ExitCode::from(2)
        }
    }
}
