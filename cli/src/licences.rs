//! `tagsmith licences`: the notices that belong to every copy.

use std::process::ExitCode;

use crate::print::print;

/// `cargo x licences` writes it, and `cargo x check` holds it against what is linked.
const TEXTS: &str = include_str!("../../THIRD_PARTY_LICENCES.txt");

pub fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    print(TEXTS.as_bytes())
}
