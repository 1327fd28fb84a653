//! Which network an embedding is of.

use serde::{Deserialize, Serialize};

/// The network whose embedding a head reads. Embeddings of two networks, or of two versions of one, have nothing to do with each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackboneRef {
    /// Id of the card.
    pub id: String,
    /// Version of the card.
    pub version: String,
    /// Of the network's file, in hexadecimal digits; says which file to look for, and decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl BackboneRef {
    /// Whether this is the network of a card with that `id` and `version`.
    pub fn is(&self, id: &str, version: &str) -> bool {
        (self.id.as_str(), self.version.as_str()) == (id, version)
    }
}
