//! The curve from scores to confidences, as a card states it. `tagging::calibration` applies it.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// confidence = 1 / (1 + e^−x), x = slope · ln(s / (1 − s)) + intercept + support · u + conflict · v.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Above 0: the better the score, the surer.
    pub slope: f32,
    pub intercept: f32,
    /// At least 0; of u, the logit of what a head says of the tag itself, else of the nearest tag above it that the head knows; 0 where
    /// it knows none.
    pub support: f32,
    /// u is kept within these: who sees an animal says nothing of its breed.
    pub support_range: [f32; 2],
    /// At most 0; of v, the highest confidence (0 to 1) of `conflicting` tags that neither are the tag, nor lie above or below it.
    pub conflict: f32,
    /// Ids of the heads' tags that speak against the classes.
    pub conflicting: Vec<String>,
    /// Scores below this were not looked at, and give no tag.
    pub least_score: f32,
}

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
        {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::CardInvalid,
            "The card's calibration needs a slope above 0, a support of at least 0 in a range around 0, a conflict of at most 0 and a least_score from 0 to 1.",
        ))
    }
}
