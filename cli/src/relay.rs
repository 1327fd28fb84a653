//! `tagsmith relay`: holds a provider's secret on this machine, for one page that may ask through it. For those who have no server of their
//! own: a secret in a page is everybody's.

mod args;
mod gate;
mod held;
mod origin;
mod server;
mod set_up;
mod upstream;

use std::error::Error;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

pub use args::RelayArgs;

use crate::interruption;
use crate::library::with_code;
use crate::provider::Asker;
use crate::relay::gate::Gate;
use crate::relay::server::Relay;
use crate::relay::set_up::SetUp;
use crate::relay::upstream::Upstream;
use crate::say::say;

const ANSWER_TIME: Duration = Duration::from_secs(60);

/// Serves until it is asked to end; then what is under way is finished.
///
/// # Errors
/// A sentence, before anything is listened for.
pub fn run(args: &RelayArgs) -> Result<ExitCode, Box<dyn Error>> {
    let origin = origin::parse(&args.origin)?;
    let address: SocketAddr = address(&args.listen)?;
    let secrets = held::read(&args.provider, args.secret_file.as_deref())?;
    let set_up = SetUp::read(&args.provider, args.setup.as_deref())?;
    let upstream =
        Upstream::new(set_up, secrets, Asker::new(ANSWER_TIME)).map_err(held::where_both_go).map_err(with_code)?;
    let listener = listen(address)?;
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        // From here on who connects is answered.
        let mut out = io::stdout().lock();
        writeln!(out, "listening on http://{listening}")?;
        out.flush()?;
        drop(out);
        relay.serve(listener, is_stopped).await
    })?;
    // An answer that takes longer than the end may is not waited for.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}

/// `ADDRESS:PORT`, or `localhost:PORT`.
fn address(text: &str) -> Result<SocketAddr, String> {
    let named = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    named.as_deref().unwrap_or(text).parse().map_err(|_| {
        let has_port = text.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok());
        let why = if has_port { "the address is none" } else { "the port is missing or no number from 0 to 65535" };
        format!("--listen {text:?}: {why}. Write it as 127.0.0.1:8751.")
    })
}

fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is taken by another program, perhaps another relay. Choose another port with --listen.")
        }
        io::ErrorKind::PermissionDenied => {
            format!("{address} cannot be listened on without more rights. Choose a port from 1024 on with --listen.")
        }
        _ => format!("{address} cannot be listened on: {error}. Choose another address with --listen."),
    })?;
    listener.set_nonblocking(true).map_err(|error| format!("{address} cannot be listened on: {error}."))?;
    Ok(listener)
}
