//! `cargo x serve`: builds what is missing, serves the page, and rebuilds after changes.

use crate::engine::Profile;
use crate::page::{self, PAGE};
use crate::process::{Outcome, command, ended, failure, say, start};
use crate::watched::Watched;
use clap::Args;
use std::process::Stdio;

/// Files whose change rebuilds engine and page; the server itself watches www/. The tools of the models do not affect the page.
const WATCHED: Watched =
    Watched { names: &["Cargo.toml", "Cargo.lock", "src", "wasm", "models"], not: &["tools", "target"] };

#[derive(Args)]
pub struct Options {
    /// Serve on this port
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    /// Build the engine with few optimisations: compiles faster, tags several times slower
    #[arg(long)]
    dev: bool,
}

pub fn serve(options: &Options) -> Outcome {
    let profile = if options.dev { Profile::Dev } else { Profile::Shipped };
    let mut seen = WATCHED.state();
    page::build(profile)?;

    let mut node = command("node");
    node.args(["www/tools/serve.mjs", "--dir", PAGE, "--port", &options.port.to_string()]);
    node.args(["--watch", "--engine", "target/engine", "--models", "models"]);
    if options.open {
        node.arg("--open");
    }
    let mut server = start(node.stdin(Stdio::inherit()))?;
    loop {
        let changed = WATCHED.changed_since(seen);
        if let Some(status) = ended(&mut server)? {
            return if status.success() { Ok(()) } else { Err(failure(&node, status)) };
        }
        let Some(now) = changed else { continue };
        seen = now;
        say("rebuilding, because src/, wasm/ or models/ changed");
        match page::build(profile) {
            Ok(()) => say("done: reload the page"),
            Err(reason) => say(&format!("{reason} The previous page is still served.")),
        }
    }
}
