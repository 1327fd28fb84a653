//! What the program exits with. `--help` and docs/USING.md list the same codes; there are no others.

/// Some pictures could not be read, tagged or written; each is named.
pub const SOME_FAILED: u8 = 1;
/// Invalid arguments, no model, no output: nothing was done, or no more could be written.
pub const CANNOT_GO_ON: u8 = 2;
/// Ctrl-C, or asked to end. What was finished is written.
pub const INTERRUPTED: u8 = 130;
