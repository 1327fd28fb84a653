//! The time of everything in an archive: when the commit was made, so that the same commit gives the same bytes.

use crate::process::{Outcome, command, output};
use jiff::Timestamp;

/// SOURCE_DATE_EPOCH, or else the time of the commit.
/// # Errors
/// If that is no number of seconds, or nothing is known of a commit.
pub fn commit_time() -> Outcome<Timestamp> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => parsed(&seconds),
        Err(_) => parsed(&output(command("git").args(["log", "--max-count=1", "--format=%ct"])).map_err(|error| {
            format!("{error}\nWithout git, SOURCE_DATE_EPOCH has to say the time of the files in archives.")
        })?),
    }
}

/// Of whole seconds since 1970.
fn parsed(seconds: &str) -> Outcome<Timestamp> {
    let time = seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.ok_or_else(|| {
        format!("SOURCE_DATE_EPOCH is \"{}\", but has to be a number of seconds since 1970.", seconds.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_none_is_named() {
        assert_eq!(parsed("1764511507\n").unwrap().to_string(), "2025-11-30T14:05:07Z");
        assert!(parsed("yesterday").unwrap_err().contains("SOURCE_DATE_EPOCH is \"yesterday\""));
    }
}
