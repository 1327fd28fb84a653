//! Scores to confidences: how probable it is that a tag is right, fitted on labelled pictures, nearly none of which the network was trained
//! on (`models/tools/calibrate.py`).
//!
//! A logistic curve (Platt, 1999) over the logit of a tag's score, one for all tags, since there are fewer labelled pictures than
//! classes. Two more inputs come from the heads, which know what ImageNet has no class for: whether they see the kind of thing that the
//! tag is (an animal for a bee), and whether they see something that the classes cannot name (a flower, a document).

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Scores are kept this far from 0 and 1 before their logit is taken.
const SCORE_MARGIN: f32 = 1e-4;
/// No head counts for more than this for a detector, in logits: 98 in 100.
pub const MOST_EVIDENCE: f32 = 4.0;

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
    /// `score` 0–1, `support` and `conflict` as at the fields of the same name.
    pub fn confidence(&self, score: f32, support: f32, conflict: f32) -> f32 {
        let [low, high] = self.support_range;
        let support = support.clamp(low, high);
        logistic(self.slope * logit(score) + self.intercept + self.support * support + self.conflict * conflict)
    }

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

/// 1 / (1 + e^−x)
pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// ln(p / (1 − p)), with `p` kept off 0 and 1.
pub fn logit(p: f32) -> f32 {
    let p = p.clamp(SCORE_MARGIN, 1.0 - SCORE_MARGIN);
    (p / (1.0 - p)).ln()
}
