//! What `tagsmith relay` is told. The secret is never among it: other programs can read arguments.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use tagsmith::providers::{Setup, presets};

use crate::provider::KINDS;

#[derive(Debug, Args)]
pub struct RelayArgs {
    /// Whom the secret is for
    #[arg(long, value_name = "ID", value_parser = RelayProvider::parser(), ignore_case = true)]
    pub provider: RelayProvider,

    /// The page that may ask, such as https://tags.example.org: scheme, host and port as in the browser's address bar. Everybody else is refused
    #[arg(long, value_name = "URL")]
    pub origin: String,

    /// Where to listen; port 0 takes a free one. Others than this machine can only ask if it is another address than loopback
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8751")]
    pub listen: String,

    /// File that holds the secret and nothing else: Adobe's client secret, the others' key, or both as JSON where a service wants both, as Imagga
    /// does: {"key", "secret"} [default: environment variable TAGSMITH_RELAY_SECRET]
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,

    /// Set-up of the provider, without secrets, as JSON (docs/PROVIDERS.md); needed for microsoft, http and whatever has a model to name [default: the provider's own]
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
}

/// Whom a relay can hold a secret for: a kind of provider, or a ready-made set-up.
#[derive(Debug, Clone)]
pub struct RelayProvider(String);

impl RelayProvider {
    /// Those that want a secret at all.
    fn parser() -> impl TypedValueParser<Value = Self> {
        let ready_made = presets().into_iter().filter(|one| !one.secrets.is_empty()).map(|one| one.id);
        PossibleValuesParser::new(KINDS.into_iter().chain(ready_made)).map(|id| Self(id.to_ascii_lowercase()))
    }

    /// As in a set-up.
    pub fn kind(&self) -> &str {
        if KINDS.contains(&self.0.as_str()) { &self.0 } else { "http" }
    }

    /// Where it is a ready-made one.
    pub fn ready_made(&self) -> Option<Setup> {
        presets().into_iter().find(|one| one.id == self.0).map(|one| one.setup)
    }

    pub fn is_adobe(&self) -> bool {
        self.0 == "adobe"
    }

    /// What its users call the secret.
    pub fn secret_name(&self) -> &'static str {
        if self.is_adobe() { "client secret" } else { "key" }
    }
}
