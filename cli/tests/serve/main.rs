//! The service over real sockets: the tags of the command line, whom it lets in, what it refuses and with which words, and that nobody takes
//! it down.
#![cfg(unix)]

#[path = "../bench/mod.rs"]
mod bench;
#[path = "../bench/drawn.rs"]
mod drawn;
#[path = "../hostile_files/mod.rs"]
mod hostile_files;
#[path = "../bench/http.rs"]
mod http;
mod lasting;
mod load;
mod photoprism;
mod provider;
mod refusing;
#[path = "../bench/server.rs"]
mod server;
mod starting;
mod tagging;
