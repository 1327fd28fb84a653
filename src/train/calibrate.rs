//! Sums that tell tags apart → confidences that mean what they say, learnt from what was predicted of examples that were left out.
//!
//! Two logistic regressions with few parameters, since there may be five examples of a tag. First what speaks for each tag alone:
//! l = slope · z + offset, with one slope for all tags, and offsets that are drawn to each other. Then rivals: logit = evidence · l −
//! rivals · R + offset, with three numbers for all tags. Tags that are meant together leave nothing for rivals to say.

use crate::tagging::{Rivalry, rivals};
use crate::train::matrix::Matrix;

/// How strongly a tag's offset is drawn to that of all tags: as by so many observations of even odds, times 4.
const POOLING: f64 = 1.0;
/// How strongly slopes are drawn to where they begin: just enough that tags which are told apart without an error have one.
const STIFFNESS: f64 = 0.05;
const MAX_STEPS: usize = 25;
const TOLERANCE: f64 = 1e-4;

/// From the sums of a fit to confidences.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Calibration {
    pub slope: f32,
    /// One per tag.
    pub offsets: Vec<f32>,
    pub rivalry: Rivalry,
}

impl Calibration {
    /// `sums`, `targets`: example × tag, the first of examples that were left out; `chosen`: the examples to learn from.
    pub fn new(sums: &Matrix, targets: &Matrix, chosen: &[usize], companions: &[Vec<u16>]) -> Self {
        let observed = |row: usize| sums.row(row).iter().zip(targets.row(row)).enumerate();
        let alone: Vec<Observation<1>> = chosen
            .iter()
            .flat_map(|&row| {
                observed(row).map(|(tag, (&sum, &target))| Observation {
                    inputs: [f64::from(sum)],
                    tag,
                    target: f64::from(target),
                })
            })
            .collect();
        let fitted = regress(&alone, [INITIAL_SLOPE], sums.n_columns);
        let slope = fitted.factors[0].max(LEAST_SLOPE) as f32;
        let offsets: Vec<f32> = fitted.offsets.iter().map(|offset| *offset as f32).collect();
        let mut calibration = Self { slope, offsets, rivalry: Rivalry { evidence: 1.0, rivals: 0.0, offset: 0.0 } };
        let companions = borrowed(companions);
        let mut against = Vec::with_capacity(alone.len());
        for &row in chosen {
            let evidence = calibration.evidence(sums.row(row));
            let r = rivals(&evidence, &companions);
            against.extend(evidence.iter().zip(r).zip(targets.row(row)).map(|((&own, r), &target)| Observation {
                inputs: [f64::from(own), -f64::from(r)],
                tag: 0,
                target: f64::from(target),
            }));
        }
        let fitted = regress(&against, [1.0, 0.0], 1);
        let [evidence, rivals] = fitted.factors;
        if evidence > LEAST_SLOPE && rivals > 0.0 {
            let offset = fitted.offsets[0] as f32;
            calibration.rivalry = Rivalry { evidence: evidence as f32, rivals: rivals as f32, offset };
        }
        calibration
    }

    /// Logits of the confidences of one example.
    pub fn logits(&self, sums: &[f32], companions: &[Vec<u16>]) -> Vec<f32> {
        self.rivalry.logits(&self.evidence(sums), &borrowed(companions))
    }

    fn evidence(&self, sums: &[f32]) -> Vec<f32> {
        sums.iter().zip(&self.offsets).map(|(sum, offset)| self.slope * sum + offset).collect()
    }
}

/// Targets are 0 and 1, so a slope of 8 says 0.98 of the one and 0.02 of the other.
const INITIAL_SLOPE: f64 = 8.0;
const LEAST_SLOPE: f64 = 0.05;

fn borrowed(companions: &[Vec<u16>]) -> Vec<&[u16]> {
    companions.iter().map(Vec::as_slice).collect()
}

struct Observation<const K: usize> {
    inputs: [f64; K],
    tag: usize,
    target: f64,
}

struct Regression<const K: usize> {
    factors: [f64; K],
    offsets: Vec<f64>,
}

/// Logistic regression by Newton's method, with factors for all tags and an offset for each.
fn regress<const K: usize>(observations: &[Observation<K>], start: [f64; K], n_tags: usize) -> Regression<K> {
    let mut factors = start;
    let n_positive: f64 = observations.iter().map(|one| one.target).sum();
    let share = (n_positive + 1.0) / (observations.len() as f64 + 2.0);
    let mut offsets = vec![libm::log(share / (1.0 - share)); n_tags];
    for _ in 0..MAX_STEPS {
        let common = offsets.iter().sum::<f64>() / n_tags as f64;
        let mut gradient: [f64; K] = std::array::from_fn(|k| STIFFNESS * (factors[k] - start[k]));
        let mut curvature = [[0.0; K]; K];
        (0..K).for_each(|k| curvature[k][k] = STIFFNESS);
        // Of each tag's offset: gradient, curvature, and curvature with the factors. A single tag's is drawn to nothing.
        let pull = if n_tags > 1 { POOLING } else { 0.0 };
        let mut own: Vec<(f64, f64, [f64; K])> =
            offsets.iter().map(|offset| (pull * (offset - common), pull + 1e-9, [0.0; K])).collect();
        for Observation { inputs, tag, target } in observations {
            let sum: f64 = inputs.iter().zip(&factors).map(|(input, factor)| input * factor).sum();
            let p = 1.0 / (1.0 + f64::from(libm::expf(-(sum + offsets[*tag]) as f32)));
            let (error, weight) = (p - target, p * (1.0 - p));
            let (offset_gradient, offset_curvature, mixed) = &mut own[*tag];
            *offset_gradient += error;
            *offset_curvature += weight;
            for k in 0..K {
                gradient[k] += error * inputs[k];
                mixed[k] += weight * inputs[k];
                for other in 0..K {
                    curvature[k][other] += weight * inputs[k] * inputs[other];
                }
            }
        }
        // Offsets are eliminated: each touches the factors only.
        for (offset_gradient, offset_curvature, mixed) in &own {
            for k in 0..K {
                gradient[k] -= mixed[k] * offset_gradient / offset_curvature;
                for other in 0..K {
                    curvature[k][other] -= mixed[k] * mixed[other] / offset_curvature;
                }
            }
        }
        let step = solved(curvature, gradient);
        let mut largest = 0.0_f64;
        for (offset, (gradient, curvature, mixed)) in offsets.iter_mut().zip(&own) {
            let by = (gradient - mixed.iter().zip(&step).map(|(a, b)| a * b).sum::<f64>()) / curvature;
            *offset -= by.clamp(-4.0, 4.0);
            largest = largest.max(by.abs());
        }
        for k in 0..K {
            factors[k] -= step[k].clamp(-8.0, 8.0);
            largest = largest.max(step[k].abs());
        }
        if largest < TOLERANCE {
            break;
        }
    }
    Regression { factors, offsets }
}

/// a⁻¹ · b, for a positive matrix of few rows.
fn solved<const K: usize>(mut a: [[f64; K]; K], mut b: [f64; K]) -> [f64; K] {
    for at in 0..K {
        a[at][at] = a[at][at].max(1e-9);
        for below in at + 1..K {
            let factor = a[below][at] / a[at][at];
            let pivot_row = a[at];
            a[below].iter_mut().zip(pivot_row).skip(at).for_each(|(value, pivot)| *value -= factor * pivot);
            b[below] -= factor * b[at];
        }
    }
    for at in (0..K).rev() {
        let known: f64 = (at + 1..K).map(|other| a[at][other] * b[other]).sum();
        b[at] = (b[at] - known) / a[at][at];
    }
    b
}
