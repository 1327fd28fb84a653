//! `cargo x serve`: builds what is missing, serves the page, and builds again what a change asks for.

use crate::engine::Profile;
use crate::page::{self, PAGE};
use crate::process::{Outcome, command, ended, failure, root, say, start};
use clap::Args;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

/// What makes engine or page anew when it changes; www/ is watched by the server itself.
const WATCHED: [&str; 4] = ["Cargo.toml", "Cargo.lock", "src", "models"];

/// Scripts, and what they install, are no part of the page.
const NOT_WATCHED: [&str; 1] = ["tools"];

/// How often the files are looked at.
const GLANCE: Duration = Duration::from_millis(500);

#[derive(Args)]
pub struct Options {
    /// Serve on this port
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    /// Build the engine without most optimisations: ready sooner, several times slower at tagging
    #[arg(long)]
    dev: bool,
}

pub fn serve(options: &Options) -> Outcome {
    let profile = if options.dev { Profile::Dev } else { Profile::Shipped };
    let mut seen = state_of_files();
    page::build(profile)?;

    let mut node = command("node");
    node.args(["www/tools/serve.mjs", "--dir", PAGE, "--port", &options.port.to_string()]);
    node.args(["--watch", "--engine", "target/engine", "--models", "models"]);
    if options.open {
        node.arg("--open");
    }
    let mut server = start(node.stdin(Stdio::inherit()))?;
    loop {
        std::thread::sleep(GLANCE);
        if let Some(status) = ended(&mut server)? {
            return if status.success() { Ok(()) } else { Err(failure(&node, status)) };
        }
        let now = state_of_files();
        if now == seen {
            continue;
        }
        seen = now;
        say("building again, because src/ or models/ changed");
        match page::build(profile) {
            Ok(()) => say("done: reload the page"),
            Err(reason) => say(&format!("{reason} The page is served as it was.")),
        }
    }
}

/// Number of watched files, and when the last one changed.
fn state_of_files() -> (usize, SystemTime) {
    let mut state = (0, SystemTime::UNIX_EPOCH);
    for name in WATCHED {
        add_state(&root().join(name), &mut state);
    }
    state
}

fn add_state(path: &Path, state: &mut (usize, SystemTime)) {
    let Ok(facts) = std::fs::metadata(path) else { return };
    if facts.is_file() {
        state.0 += 1;
        state.1 = state.1.max(facts.modified().unwrap_or(SystemTime::UNIX_EPOCH));
    } else if !path.file_name().is_some_and(|name| NOT_WATCHED.iter().any(|not| name == *not)) {
        let Ok(entries) = std::fs::read_dir(path) else { return };
        entries.flatten().for_each(|entry| add_state(&entry.path(), state));
    }
}
