//! The relay over real sockets: whom it lets in, what it sends on, and that its secret stays where it is.
#![cfg(unix)]

#[path = "../bench/mod.rs"]
mod bench;
mod both_parts;
mod forwarding;
mod refusing;
mod running;
#[path = "../bench/server.rs"]
mod server;
mod starting;
mod upstream;

use crate::upstream::http;
