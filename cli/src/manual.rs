//! `tagsmith completions` and `tagsmith man`: what a shell and `man` know of the command line, from the same definitions as `--help`.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::args::Cli;
use crate::path_text::path_text;
use crate::print::print;
use crate::whole_file::replace;

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to write for
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page for the program and one for each command into this folder, such as ~/.local/share/man/man1
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

pub fn completions(args: &CompletionsArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "tagsmith", &mut script);
    print(&script)
}

pub fn man(args: &ManArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut program = Cli::command().disable_help_subcommand(true);
    // Each command then has its whole name, such as "tagsmith models draft".
    program.build();
    let Some(folder) = &args.out else { return print(&page(program)?) };
    let write_pages = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for command in with_commands(program) {
            let name = command.get_display_name().unwrap_or_else(|| command.get_name());
            replace(&folder.join(format!("{name}.1")), &page(command)?)?;
        }
        Ok(())
    };
    write_pages().map_err(|error| {
        format!("The manual cannot be written into {}: {error}. Choose another folder.", path_text(folder))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A command and all below it.
fn with_commands(command: Command) -> Vec<Command> {
    let below: Vec<Command> = command.get_subcommands().cloned().flat_map(with_commands).collect();
    [vec![command], below].concat()
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let source = concat!("tagsmith ", env!("CARGO_PKG_VERSION"));
    Man::new(command).source(source).manual("Tagsmith").render(&mut page)?;
    Ok(page)
}
