//! What is kept of a tagged picture, so that any policy can be applied later without the network.

use serde::{Deserialize, Serialize, Serializer};

use crate::tags::candidate::Candidate;

/// What is kept of a tagged picture.
#[derive(Debug, Clone)]
pub struct Tagging {
    pub facts: PictureFacts,
    /// The surest first.
    pub candidates: Vec<Candidate>,
    pub timings: Timings,
}

/// What a file is, apart from what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Pixels of the upright picture.
    pub width: u32,
    /// Pixels of the upright picture.
    pub height: u32,
    /// Lower-case name of the format, by content: "jpeg", "png", …
    pub format: String,
}

/// How long each stage took, in ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    #[serde(serialize_with = "hundredths")]
    pub decode: f64,
    #[serde(serialize_with = "hundredths")]
    pub resize: f64,
    #[serde(serialize_with = "hundredths")]
    pub infer: f64,
    #[serde(serialize_with = "hundredths")]
    pub tags: f64,
}

/// Finer than this is noise.
fn hundredths<S: Serializer>(ms: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((ms * 100.0).round() / 100.0)
}
