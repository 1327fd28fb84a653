//! The curve from scores to confidences in a card. `tagging::calibration` applies it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// confidence = 1 / (1 + e^−x) with x = slope · ln(s / (1 − s)) + intercept + support · u + conflict · v + doubt, for the score s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Above 0.
    pub slope: f32,
    pub intercept: f32,
    /// Weight of u, at least 0. u is the logit of a head's confidence in the tag, or else in its nearest ancestor that a head knows; 0 if
    /// there is none.
    pub support: f32,
    /// u is clamped to this range: a head that is sure of an animal knows nothing about its breed.
    pub support_range: [f32; 2],
    /// Weight of v, at most 0. v is the highest confidence (0–1) of the `conflicting` tags, the tag, its ancestors and descendants excepted.
    pub conflict: f32,
    /// Ids of tags of heads that are evidence against the classes.
    pub conflicting: Vec<String>,
    /// The doubt of some tags, by id, at most 0: labelled everyday pictures disproved these more often than the curve allows for. The doubt of
    /// all others is 0.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub doubts: BTreeMap<String, f32>,
    /// Lower scores were not fitted, and give no tag.
    pub least_score: f32,
}

/// Maximum number of conflicting tags; each is compared with each tag.
const MAX_CONFLICTING: usize = 64;
/// Maximum number of tags with a doubt.
const MAX_DOUBTS: usize = 1000;

impl Calibration {
    pub(crate) fn validate(&self) -> Result<()> {
        let Self { slope, intercept, support, conflict, least_score, .. } = *self;
        let is_finite = [slope, intercept, support, conflict].iter().all(|value| value.is_finite());
        let [low, high] = self.support_range;
        if is_finite
            && low <= 0.0
            && 0.0 <= high
            && slope > 0.0
            && support >= 0.0
            && conflict <= 0.0
            && (0.0..1.0).contains(&least_score)
            && self.conflicting.len() <= MAX_CONFLICTING
            && self.doubts.len() <= MAX_DOUBTS
            && self.doubts.values().all(|doubt| doubt.is_finite() && *doubt <= 0.0)
        {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::CardInvalid,
            format!(
                "The card's calibration needs a slope above 0, a support of at least 0, a support_range that includes 0, a conflict of at most 0, a least_score from 0 to 1, at most {MAX_CONFLICTING} conflicting tags, and at most {MAX_DOUBTS} doubts of at most 0."
            ),
        ))
    }
}
