//! Scores to confidences: how probable it is that a tag is right, fitted on labelled pictures, nearly none of which the network was trained
//! on (`models/tools/fit/calibrate.py`).
//!
//! A logistic curve (Platt, 1999) over the logit of a tag's score, one for all tags, since there are fewer labelled pictures than
//! classes. Two more inputs come from the heads, which know what ImageNet has no class for: whether they see the kind of thing that the
//! tag is (an animal for a bee), and whether they see something that the classes cannot name (a flower, a document).

use crate::model::card::Calibration;

/// Scores are kept this far from 0 and 1 before their logit is taken.
const SCORE_MARGIN: f32 = 1e-4;
/// No head counts for more than this for a detector, in logits: 98 in 100.
pub const MAX_SUPPORT_LOGIT: f32 = 4.0;

impl Calibration {
    /// `score` 0–1, `support` and `conflict` as at the fields of the same name.
    pub fn confidence(&self, score: f32, support: f32, conflict: f32) -> f32 {
        let [low, high] = self.support_range;
        let support = support.clamp(low, high);
        logistic(self.slope * logit(score) + self.intercept + self.support * support + self.conflict * conflict)
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
