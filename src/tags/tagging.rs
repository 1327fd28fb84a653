//! A tagged picture as a session keeps it: enough to apply any policy later without the network.

use serde::{Deserialize, Serialize, Serializer};

use crate::tags::candidate::Candidate;
use crate::tags::found_box::FoundBox;

/// A tagged picture, before any policy.
#[derive(Debug, Clone)]
pub struct Tagging {
    pub facts: PictureFacts,
    /// The surest first.
    pub candidates: Vec<Candidate>,
    /// What detectors found, and where.
    pub boxes: Vec<FoundBox>,
    pub timings: Timings,
}

/// Facts about a picture's file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Pixels of the upright picture.
    pub width: u32,
    /// Pixels of the upright picture.
    pub height: u32,
    /// Name of the format, recognised by content: "jpeg", "png", …
    pub format: String,
    /// Whether the file ended, or was damaged, before its last row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// Who decoded it, if not this crate: then other machines may give other tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoder: Option<OtherDecoder>,
    /// When the camera took it, in ms from 1970 by its clock: no time zone is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_ms: Option<i64>,
}

/// A decoder that is not of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OtherDecoder {
    Browser,
}

/// Duration of each stage, in ms.
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
    /// Of the second look, with decoding the file for it where that was needed; none before.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "optional_hundredths")]
    pub objects: Option<f64>,
}

/// Rounds to 0.01 ms; finer is noise.
fn hundredths<S: Serializer>(ms: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((ms * 100.0).round() / 100.0)
}

fn optional_hundredths<S: Serializer>(ms: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    ms.map(|ms| (ms * 100.0).round() / 100.0).serialize(serializer)
}
