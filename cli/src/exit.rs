//! What the program exits with. `--help` and docs/USING.md list the same codes; there are no others.

/// At the end of `tagsmith --help`, and in the manual.
pub const HELP: &str = "\
Exit codes of all commands:
  0    done
  1    done but for some pictures or files; each is named, in a report or on standard error
  2    invalid arguments, or it could not begin or go on
  130  interrupted (Ctrl-C or SIGTERM): what was finished is written, and files are whole
";

/// Some pictures could not be read, tagged or written; each is named.
pub const SOME_FAILED: u8 = 1;
/// Invalid arguments, no model, no output: nothing was done, or no more could be written.
pub const CANNOT_GO_ON: u8 = 2;
/// Ctrl-C, or asked to end. What was finished is written.
pub const INTERRUPTED: u8 = 130;
