//! The command line, `tagsmith`.

mod args;
mod draft;
mod draft_args;
mod exit;
mod in_order;
mod interruption;
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

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::draft_args::ModelsCommand;
use crate::say::say;

fn main() -> ExitCode {
    panic::set_hook(Box::new(say_crash));
    match panic::catch_unwind(run) {
        Ok(Ok(exit)) => return exit,
        Ok(Err(error)) => say(error),
        // It has been said.
        Err(_) => {}
    }
    ExitCode::from(exit::CANNOT_GO_ON)
}

fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    match Cli::parse().command {
        Command::Tag(args) => tag::run(*args),
        Command::Select(args) => select::run(&args),
        Command::Models(ModelsCommand::Draft(args)) => draft::run(&args),
    }
}

/// A crash is a line like any other error: a decoder's costs one picture, which has its report.
fn say_crash(crash: &PanicHookInfo) {
    let place = crash.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let reason = crash.payload_as_str().unwrap_or("no reason given");
    say(format_args!("crashed{place}: {reason}. Please report this, with the picture if you can."));
}
