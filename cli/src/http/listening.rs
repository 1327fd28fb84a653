//! The address of a server.

use std::io;
use std::net::{SocketAddr, TcpListener};

/// `ADDRESS:PORT`, or `localhost:PORT`. `example`: one that would do.
///
/// # Errors
/// A sentence.
pub fn address(text: &str, example: &str) -> Result<SocketAddr, String> {
    let named = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    named.as_deref().unwrap_or(text).parse().map_err(|_| {
        let has_port = text.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok());
        let why = if has_port { "the address is none" } else { "the port is missing or no number from 0 to 65535" };
        format!("--listen {text:?}: {why}. Write it as {example}.")
    })
}

/// `who`: what else of the kind may be there already, such as "another relay".
///
/// # Errors
/// A sentence.
pub fn listen(address: SocketAddr, who: &str) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is taken by another program, perhaps {who}. Choose another port with --listen.")
        }
        io::ErrorKind::PermissionDenied => {
            format!("{address} cannot be listened on without more rights. Choose a port from 1024 on with --listen.")
        }
        _ => format!("{address} cannot be listened on: {error}. Choose another address with --listen."),
    })?;
    listener.set_nonblocking(true).map_err(|error| format!("{address} cannot be listened on: {error}."))?;
    Ok(listener)
}
