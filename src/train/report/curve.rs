//! Curves of a training report: what other thresholds would give, and how often confidences are right.

use serde::{Deserialize, Serialize};

use crate::train::report::Seen;

/// Thresholds of a curve, evenly between 0 and 1, and bins of confidences.
const N_POINTS: usize = 20;
const N_BINS: usize = 10;
/// Below it nothing is recorded, so it is in no bin: nearly everything is there, and right.
const LEAST_RECORDED: f32 = 0.05;

/// What a threshold would give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    pub threshold: f32,
    /// `None` where nothing would be shown.
    pub precision: Option<f32>,
    pub recall: f32,
}

/// Predictions of about one confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// Their mean.
    pub confidence: f32,
    /// How many of them are right.
    pub share: f32,
    pub n: usize,
}

pub fn curve(seen: &Seen, column: usize) -> Vec<CurvePoint> {
    let familiar: Vec<usize> = seen.examples().filter(|&example| seen.validated().is_familiar(example)).collect();
    let n_with = seen.examples().filter(|&example| seen.has(example, column)).count();
    (1..N_POINTS)
        .map(|step| {
            let threshold = step as f32 / N_POINTS as f32;
            let shown = familiar.iter().filter(|&&example| seen.confidence(example, column) >= threshold);
            let (n_shown, n_right) = shown.fold((0_usize, 0_usize), |(n, n_right), &example| {
                (n + 1, n_right + usize::from(seen.has(example, column)))
            });
            CurvePoint {
                threshold,
                precision: (n_shown > 0).then(|| n_right as f32 / n_shown as f32),
                recall: n_right as f32 / n_with.max(1) as f32,
            }
        })
        .collect()
}

/// Bins of all recorded confidences, and how far they are from how often they are right, on average (the expected calibration error).
pub fn reliability(seen: &Seen) -> (Vec<Bin>, Option<f32>) {
    let mut bins = [(0_usize, 0_usize, 0.0_f64); N_BINS];
    for example in seen.examples() {
        for column in 0..seen.n_columns() {
            let confidence = seen.confidence(example, column);
            if confidence >= LEAST_RECORDED {
                let bin = &mut bins[((confidence * N_BINS as f32) as usize).min(N_BINS - 1)];
                *bin = (bin.0 + 1, bin.1 + usize::from(seen.has(example, column)), bin.2 + f64::from(confidence));
            }
        }
    }
    let n_all: usize = bins.iter().map(|bin| bin.0).sum();
    let errors = bins.iter().map(|&(_, n_right, sum)| (sum - n_right as f64).abs());
    let ece = (n_all > 0).then(|| (errors.sum::<f64>() / n_all as f64) as f32);
    let filled = bins.iter().filter(|bin| bin.0 > 0);
    let bins = filled.map(|&(n, n_right, sum)| {
        let of = |sum: f64| (sum / n as f64) as f32;
        Bin { confidence: of(sum), share: of(n_right as f64), n }
    });
    (bins.collect(), ece)
}
