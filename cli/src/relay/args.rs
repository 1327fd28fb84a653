//! What `tagsmith relay` is told. The secret is never among it: other programs can read arguments.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct RelayArgs {
    /// Whom the secret is for
    #[arg(long, value_enum, ignore_case = true)]
    pub provider: RelayProvider,

    /// The page that may ask, such as https://tags.example.org: scheme, host and port as in the browser's address bar. Everybody else is refused
    #[arg(long, value_name = "URL")]
    pub origin: String,

    /// Where to listen; port 0 takes a free one. Others than this machine can only ask if it is another address than loopback
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8751")]
    pub listen: String,

    /// File that holds the secret and nothing else: Adobe's client secret, the others' key [default: environment variable TAGSMITH_RELAY_SECRET]
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,

    /// Set-up of the provider, without secrets, as JSON (docs/PROVIDERS.md); needed for microsoft and http [default: the provider's own]
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RelayProvider {
    /// Adobe, which wants a client secret that must not live in a page
    Adobe,
    /// Google Cloud Vision
    Google,
    /// Microsoft Azure Vision
    Microsoft,
    /// Any HTTP endpoint
    Http,
}

impl RelayProvider {
    /// As in a set-up.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Adobe => "adobe",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
            Self::Http => "http",
        }
    }

    /// What its users call the secret.
    pub fn secret_name(self) -> &'static str {
        if self == Self::Adobe { "client secret" } else { "key" }
    }
}
