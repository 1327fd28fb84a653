//! `tagsmith serve`: tags the pictures that other programs send, and pages that are let in. The same tags as `tag`.

mod args;
mod body;
mod crew;
mod gate;
mod labels;
mod question;
mod refusal;
mod service;
mod workers;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

pub use args::ServeArgs;

use crate::picture_tagger::PictureTagger;
use crate::say::say;
use crate::serve::gate::Gate;
use crate::serve::service::Service;
use crate::{http, interruption};

/// Far more than are tagged at once, for whoever keeps connections open or is slow.
const MAX_CONNECTIONS: usize = 256;

/// Serves until it is asked to end; then what is under way is finished.
///
/// # Errors
/// A sentence, before anything is listened for.
pub fn run(args: &ServeArgs) -> Result<ExitCode, Box<dyn Error>> {
    let address = http::address(&args.listen, "127.0.0.1:8750")?;
    let origins = args.origin.iter().map(|origin| http::parse_origin(origin)).collect::<Result<Vec<_>, _>>()?;
    // First, so that a port that is taken is said at once and not after the model was read.
    let listener = http::listen(address, "another `tagsmith serve`")?;
    let tagger = PictureTagger::load(&args.tagging)?;
    let is_stopped = interruption::watch()?;
    let listening = listener.local_addr()?;
    if !listening.ip().is_loopback() {
        say(
            "others than this machine can reach this service, and it asks nobody who they are. Only a firewall keeps them out",
        );
    }
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let n_threads = args.threads.filter(|n| *n > 0).map_or_else(cores, usize::from);
    let service = Arc::new(Service::new(Gate::new(origins, listening), tagger, n_threads, args));
    http::run(listener, MAX_CONNECTIONS, &is_stopped, &service)?;
    Ok(ExitCode::SUCCESS)
}
