//! What the servers of this program have in common: an address to listen on, connections with limits, and what a browser may do.

mod headers;
mod listening;
mod origin;
mod pages;
mod server;

pub use headers::{close, open_for, value};
pub use listening::{address, listen};
pub use origin::parse as parse_origin;
pub use pages::{From, Preflight, from, is_look, is_own_address, preflight};
pub use server::{Answer, Answering, run};
