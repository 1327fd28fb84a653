//! The command line, `tagsmith`.

mod args;
mod exit;
mod in_order;
mod language;
mod left_out;
mod model;
mod output;
mod path_text;
mod pictures;
mod say;
mod select;
mod source;
mod tag;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Tag(args) => tag::run(*args),
        Command::Select(args) => select::run(&args),
    };
    match outcome {
        Ok(exit) => exit,
        Err(error) => {
            say::say(error);
            ExitCode::from(exit::CANNOT_GO_ON)
        }
    }
}
