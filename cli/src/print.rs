//! Text on standard output, all at once.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// # Errors
/// Those of standard output, unless its reader has gone, as `head` does.
pub fn print(text: &[u8]) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(ExitCode::SUCCESS)
}
