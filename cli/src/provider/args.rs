//! What `tagsmith tag --provider` is told. Keys are never among it: other programs can read arguments.

use std::path::PathBuf;

use clap::{Args, value_parser};
use tagsmith::tags::ProviderPolicy;

#[derive(Debug, Args)]
pub struct ProviderArgs {
    /// Ask another tagger as well: google, microsoft, adobe, http, or a ready-made one: imagga, clarifai, ollama, ollama_cloud, openai_chat,
    /// openai_responses, photoprism, tagsmith_serve. Pictures leave this machine, shrunk and without metadata; the local tags are made as always
    #[arg(long, value_name = "ID", conflicts_with = "resume")]
    pub provider: Option<String>,

    /// Set-up of the provider, without secrets, as JSON (docs/PROVIDERS.md) [default: the provider's own]
    #[arg(long, value_name = "FILE", requires = "provider")]
    pub provider_setup: Option<PathBuf>,

    /// File that holds the key and nothing else, or JSON: {"key", "secret", "token"} [default: environment variable TAGSMITH_KEY]
    #[arg(long, value_name = "FILE", requires = "provider")]
    pub key_file: Option<PathBuf>,

    /// Send the pictures. Without it, only how many would leave, where to and what that counts is said
    #[arg(long, requires = "provider")]
    pub yes: bool,

    /// Ask at most so many times in all, tries that failed included
    #[arg(long, value_name = "N", requires = "provider")]
    pub max_requests: Option<u32>,

    /// Number of requests under way at once
    #[arg(long, value_name = "N", default_value_t = 4, requires = "provider", value_parser = value_parser!(u8).range(1..=16))]
    pub requests: u8,

    /// Minimum confidence of the provider's tags, by its own measure
    #[arg(long, value_name = "0..1", default_value_t = 0.0, requires = "provider")]
    pub provider_threshold: f32,

    /// Maximum number of the provider's tags per picture
    #[arg(long, value_name = "N", default_value_t = 50, requires = "provider")]
    pub provider_max_tags: usize,
}

impl ProviderArgs {
    /// Of the provider's tags.
    pub fn policy(&self) -> ProviderPolicy {
        ProviderPolicy { threshold: self.provider_threshold, max_tags: self.provider_max_tags, is_shown: true }
    }
}
