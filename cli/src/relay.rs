//! `tagsmith relay`: holds a provider's secret on this machine, for one page that may ask through it. For those who have no server of their
//! own: a secret in a page is everybody's.

mod args;
mod gate;
mod held;
mod server;
mod set_up;
mod upstream;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

pub use args::RelayArgs;

use crate::http;
use crate::interruption;
use crate::library::with_code;
use crate::provider::Asker;
use crate::relay::gate::Gate;
use crate::relay::server::Relay;
use crate::relay::set_up::SetUp;
use crate::relay::upstream::Upstream;
use crate::say::say;

const MAX_CONNECTIONS: usize = 64;
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// Serves until it is asked to end; then what is under way is finished.
///
/// # Errors
/// A sentence, before anything is listened for.
pub fn run(args: &RelayArgs) -> Result<ExitCode, Box<dyn Error>> {
    let origin = http::parse_origin(&args.origin)?;
    let address = http::address(&args.listen, "127.0.0.1:8751")?;
    let secrets = held::read(&args.provider, args.secret_file.as_deref())?;
    let set_up = SetUp::read(&args.provider, args.setup.as_deref())?;
    let upstream =
        Upstream::new(set_up, secrets, Asker::new(ANSWER_TIME)).map_err(held::where_both_go).map_err(with_code)?;
    let listener = http::listen(address, "another relay")?;
    let is_stopped = interruption::watch()?;
    let listening = listener.local_addr()?;
    if !listening.ip().is_loopback() {
        say(
            "others than this machine can reach this relay, and any program of theirs can say that it is the page. Only a firewall keeps them out",
        );
    }
    let gate = Gate { origin, listening, target: upstream.target().clone() };
    say(format_args!("requests of {} go to {}{}", gate.origin, gate.target.origin, gate.target.path));
    let relay = Arc::new(Relay::new(gate, upstream));
    http::run(listener, MAX_CONNECTIONS, &is_stopped, &relay)?;
    Ok(ExitCode::SUCCESS)
}
