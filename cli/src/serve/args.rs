//! What `tagsmith serve` is told.

use clap::{Args, value_parser};

use crate::tagging_args::TaggingArgs;

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes a free one. Others than this machine can only ask if it is another address than loopback
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8750")]
    pub listen: String,

    /// Page that may ask from a browser, such as https://tags.example.org: scheme, host and port as in the browser's address bar; can be repeated.
    /// Every other page is refused; programs need no such leave
    #[arg(long, value_name = "URL")]
    pub origin: Vec<String>,

    /// Number of pictures to tag at once, at most 256 [default: one per core]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(0..=256))]
    pub threads: Option<u16>,

    /// Number of pictures that may wait for a thread; whoever sends more is answered 429 and when to ask again
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = value_parser!(u16).range(0..=4096))]
    pub waiting: u16,

    #[command(flatten)]
    pub tagging: TaggingArgs,
}
