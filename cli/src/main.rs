//! The command line, `tagsmith`.

mod args;
mod bench;
mod draft;
mod draft_args;
mod exit;
mod files_from;
mod http;
mod in_order;
mod interruption;
mod language;
mod left_out;
mod library;
mod licences;
mod limit_args;
mod manual;
mod memory_gate;
mod model;
mod models;
mod only_words;
mod output;
mod outputs;
mod own;
mod path_text;
mod picture_tagger;
mod pictures;
mod print;
mod progress;
mod provider;
mod relay;
mod say;
mod secret;
mod select;
mod serve;
mod sort;
mod source;
mod tag;
mod tagging_args;
mod terminal;
mod watch;
mod whole_file;

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use clap::Parser;
use tagsmith::is_unprintable;

use crate::args::{Cli, Command};
use crate::say::say;

/// Pictures are hostile: what their decoders take is counted.
#[global_allocator]
static ALLOCATOR: tagsmith::CountingAllocator = tagsmith::CountingAllocator;

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
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) => {
            // It quotes what was given, and a file's name may look like an option.
            let said = wrong.render().to_string();
            if !said.lines().any(|line| line.contains(is_unprintable)) {
                wrong.exit();
            }
            said.lines().for_each(say);
            return Ok(ExitCode::from(exit::CANNOT_GO_ON));
        }
    };
    match cli.command {
        Command::Tag(args) => tag::run(*args),
        Command::Unsort(args) => sort::unsort(&args),
        Command::Train(args) => own::train(&args),
        Command::Evaluate(args) => own::evaluate(&args),
        Command::Library(args) => library::run(&args),
        Command::Select(args) => select::run(&args),
        Command::Models(args) => models::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::man(&args),
        Command::Relay(args) => relay::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Licences => licences::run(),
    }
}

/// A crash is a line like any other error: a decoder's costs one picture, which has its report.
fn say_crash(crash: &PanicHookInfo) {
    // A network's becomes an error.
    if tagsmith::model::catches_panics() {
        return;
    }
    let place = crash.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let reason = crash.payload_as_str().unwrap_or("no reason given");
    say(format_args!("crashed{place}: {reason}. Please report this, with the picture if you can."));
}
