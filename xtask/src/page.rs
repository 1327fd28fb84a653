//! Builds the page from www/, the engine and the models, with www/tools/build.mjs.

use crate::engine::{self, Mode, Profile};
use crate::process::{Outcome, command, run};
use crate::tools::ensure_packages;

/// The page for `serve`.
pub const PAGE: &str = "target/page";

/// The page for the tests: as shipped, but compressed with less effort.
pub const TESTED: &str = "target/test-page";

/// `cargo x build`.
pub fn build(profile: Profile) -> Outcome {
    ensure_packages()?;
    engine::build(profile, Mode::Foreground)?;
    put_together(PAGE, &[])
}

/// Builds the page for the tests from the engine in target/engine.
pub fn put_together_for_tests() -> Outcome {
    put_together(TESTED, &["--hash", "--compress", "fast", "--minify"])
}

fn put_together(out: &str, flags: &[&str]) -> Outcome {
    let mut node = command("node");
    run(node.args(["www/tools/build.mjs", "--engine", "target/engine", "--models", "models", "--out", out]).args(flags))
}
