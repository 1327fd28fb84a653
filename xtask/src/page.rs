//! The page: www/, the engine and the models put together by www/tools/build.mjs.

use crate::engine::{self, Mode, Profile};
use crate::process::{Outcome, command, run};
use crate::tools::ensure_packages;

/// Where the page is that `serve` shows.
pub const PAGE: &str = "target/page";

/// Where the page is that a static host serves and that the tests drive.
pub const DIST: &str = "dist/page";

/// `cargo x build`.
pub fn build(profile: Profile) -> Outcome {
    ensure_packages()?;
    engine::build(profile, Mode::Foreground)?;
    put_together(PAGE, &[])
}

/// `cargo x dist`.
pub fn dist() -> Outcome {
    ensure_packages()?;
    engine::build(Profile::Shipped, Mode::Foreground)?;
    put_together_dist()
}

/// Makes dist/page from the engine that is in target/engine.
pub fn put_together_dist() -> Outcome {
    put_together(DIST, &["--hash", "--compress", "--minify"])
}

fn put_together(out: &str, flags: &[&str]) -> Outcome {
    let mut node = command("node");
    run(node.args(["www/tools/build.mjs", "--engine", "target/engine", "--models", "models", "--out", out]).args(flags))
}
