//! `tagsmith licences`: the notices that belong to every copy.

use std::io::{self, Write};
use std::process::ExitCode;

/// `cargo x licences` writes it, and `cargo x check` holds it against what is linked.
const TEXTS: &str = include_str!("../../THIRD_PARTY_LICENCES.txt");

pub fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    match out.write_all(TEXTS.as_bytes()).and_then(|()| out.flush()) {
        // The reader closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(ExitCode::SUCCESS)
}
