//! Scores → confidences: the probability that a tag is right, fitted on labelled pictures, of which the network saw almost none in
//! training (`models/tools/fit/calibrate.py`).
//!
//! A logistic curve (Platt, 1999) over the logit of a tag's score. All tags share it, because there are fewer labelled pictures than
//! classes. Single tags are doubted: their logit is lowered. Two more inputs come from the heads, which know what ImageNet has no class for: support, if they see an ancestor of the tag
//! (an animal for a bee), and conflict, if they see something that the classes cannot name (a flower, a document).

use crate::model::card::Calibration;

/// Scores are clamped this far from 0 and 1 before taking their logit.
const SCORE_MARGIN: f32 = 1e-4;
/// Maximum support of a head for a detector, in logits; corresponds to a confidence of 0.98.
pub const MAX_SUPPORT_LOGIT: f32 = 4.0;

impl Calibration {
    /// The confidence for a `score` (0–1). `support` is u and `conflict` is v at the fields of the same name; `doubt` is the tag's.
    pub fn confidence(&self, score: f32, support: f32, conflict: f32, doubt: f32) -> f32 {
        let [low, high] = self.support_range;
        let support = support.clamp(low, high);
        logistic(self.slope * logit(score) + self.intercept + self.support * support + self.conflict * conflict + doubt)
    }
}

/// 1 / (1 + e^−x)
pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// ln(p / (1 − p)), with `p` clamped away from 0 and 1.
pub fn logit(p: f32) -> f32 {
    let p = p.clamp(SCORE_MARGIN, 1.0 - SCORE_MARGIN);
    (p / (1.0 - p)).ln()
}
