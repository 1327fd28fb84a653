//! Sums that tell tags apart → confidences that mean what they say, learnt from what was predicted of examples that were left out.
//!
//! Few parameters, since there may be five examples of a tag: what speaks for a tag alone is l = slope · sum + offset, with one slope for
//! all tags, and offsets that are drawn to each other. With rivals, what speaks for them counts against it: logit = l − R. Slope and
//! offsets are those with which these logits fit best, so they are looked for in turns with R, which follows from them.

use crate::tagging::{Rivalry, logistic, rivals};
use crate::train::matrix::Matrix;
use crate::train::unlike::evenly;

/// How strongly a tag's offset is drawn to the mean of all: as by 4 examples of even odds.
const POOLING: f64 = 1.0;
/// How strongly the slope is drawn to where it begins: just enough that it ends where tags are told apart without an error.
const STIFFNESS: f64 = 0.05;
/// Targets are 0 and 1, so a slope of 8 says 0.98 of the one and 0.02 of the other.
const FIRST_SLOPE: f64 = 8.0;
const LEAST_SLOPE: f64 = 0.1;
/// Steps of Newton's method at once, and turns with R. Each turn goes half the way, which keeps it from swinging.
const MAX_STEPS: usize = 15;
const MAX_TURNS: usize = 15;
const TOLERANCE: f64 = 1e-3;
/// More examples say nothing new about so few parameters.
const MAX_EXAMPLES: usize = 600;
/// How much less likely rivals may make what is right: few examples say it by chance, and they order pictures better.
const MOST_LOSS: f64 = 1.1;
/// Kept from 0 and 1 before a logarithm is taken.
const MARGIN: f32 = 1e-6;

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
        let chosen: Vec<usize> = evenly(chosen.len(), MAX_EXAMPLES).map(|at| chosen[at]).collect();
        let (sums, targets) = (picked(sums, &chosen), picked(targets, &chosen));
        let companions: Vec<&[u16]> = companions.iter().map(Vec::as_slice).collect();
        let mut shifts = Matrix::zeros(chosen.len(), sums.n_columns);
        let mut curve = Curve::new(&targets);
        curve.fit(&sums, &targets, &shifts);
        let alone = curve.calibration(0.0);
        for _ in 0..MAX_TURNS {
            let mut furthest = 0.0_f32;
            for row in 0..chosen.len() {
                let against = rivals(&curve.evidence(sums.row(row)), &companions);
                for (shift, against) in shifts.row_mut(row).iter_mut().zip(against) {
                    furthest = furthest.max((*shift + against).abs());
                    *shift = (*shift - against) / 2.0;
                }
            }
            if furthest < TOLERANCE as f32 {
                break;
            }
            curve.fit(&sums, &targets, &shifts);
        }
        let together = curve.calibration(1.0);
        // Where rivals clearly mislead, as with colours beside kinds of which few have been seen together, they are not asked.
        let loss = |one: &Self| one.loss(&sums, &targets, &companions);
        if loss(&together) <= MOST_LOSS * loss(&alone) { together } else { alone }
    }

    /// Logits of the confidences of one example.
    pub fn logits(&self, sums: &[f32], companions: &[Vec<u16>]) -> Vec<f32> {
        let companions: Vec<&[u16]> = companions.iter().map(Vec::as_slice).collect();
        self.logits_of(sums, &companions)
    }

    fn logits_of(&self, sums: &[f32], companions: &[&[u16]]) -> Vec<f32> {
        let evidence: Vec<f32> =
            sums.iter().zip(&self.offsets).map(|(sum, offset)| self.slope * sum + offset).collect();
        self.rivalry.logits(&evidence, companions)
    }

    /// − Σ ln of the probability that was given to what was right.
    fn loss(&self, sums: &Matrix, targets: &Matrix, companions: &[&[u16]]) -> f64 {
        let of_one = |(z, target): (f32, &f32)| {
            let right = if *target > 0.0 { logistic(z) } else { logistic(-z) };
            -f64::from(libm::logf(right.max(MARGIN)))
        };
        let of_row =
            |row| self.logits_of(sums.row(row), companions).into_iter().zip(targets.row(row)).map(of_one).sum::<f64>();
        (0..sums.n_rows()).map(of_row).sum()
    }
}

fn picked(matrix: &Matrix, rows: &[usize]) -> Matrix {
    let values = rows.iter().flat_map(|&row| matrix.row(row).iter().copied()).collect();
    Matrix { n_columns: matrix.n_columns, values }
}

/// logit = slope · sum + offset of the tag + shift
struct Curve {
    slope: f64,
    offsets: Vec<f64>,
}

impl Curve {
    fn new(targets: &Matrix) -> Self {
        let n_positive: f64 = targets.values.iter().map(|&target| f64::from(target)).sum();
        let share = (n_positive + 1.0) / (targets.values.len() as f64 + 2.0);
        Self { slope: FIRST_SLOPE, offsets: vec![libm::log(share / (1.0 - share)); targets.n_columns] }
    }

    fn evidence(&self, sums: &[f32]) -> Vec<f32> {
        let slope = self.slope as f32;
        sums.iter().zip(&self.offsets).map(|(sum, offset)| slope * sum + *offset as f32).collect()
    }

    fn calibration(&self, rivals: f32) -> Calibration {
        Calibration {
            slope: self.slope as f32,
            offsets: self.offsets.iter().map(|offset| *offset as f32).collect(),
            rivalry: Rivalry { evidence: 1.0, rivals, offset: 0.0 },
        }
    }

    /// Logistic regression by Newton's method, from where the curve is.
    fn fit(&mut self, sums: &Matrix, targets: &Matrix, shifts: &Matrix) {
        let n_tags = self.offsets.len();
        for _ in 0..MAX_STEPS {
            let common = self.offsets.iter().sum::<f64>() / n_tags as f64;
            // Of the slope, and of each offset: gradient and curvature. Offsets touch the slope only, by their mixed curvature.
            let mut gradient = STIFFNESS * (self.slope - FIRST_SLOPE);
            let mut curvature = STIFFNESS;
            let mut own: Vec<[f64; 3]> =
                self.offsets.iter().map(|offset| [POOLING * (offset - common), POOLING, 0.0]).collect();
            for row in 0..sums.n_rows() {
                let known = sums.row(row).iter().zip(targets.row(row)).zip(shifts.row(row));
                for (tag, ((&sum, &target), &shift)) in known.enumerate() {
                    let logit = self.slope as f32 * sum + self.offsets[tag] as f32 + shift;
                    let p = f64::from(logistic(logit));
                    let (error, weight, sum) = (p - f64::from(target), p * (1.0 - p), f64::from(sum));
                    gradient += error * sum;
                    curvature += weight * sum * sum;
                    let [offset_gradient, offset_curvature, mixed] = &mut own[tag];
                    *offset_gradient += error;
                    *offset_curvature += weight;
                    *mixed += weight * sum;
                }
            }
            for [offset_gradient, offset_curvature, mixed] in &own {
                gradient -= mixed * offset_gradient / offset_curvature;
                curvature -= mixed * mixed / offset_curvature;
            }
            let step = (gradient / curvature.max(STIFFNESS)).clamp(-FIRST_SLOPE, FIRST_SLOPE);
            self.slope = (self.slope - step).max(LEAST_SLOPE);
            let mut furthest = step.abs();
            for (offset, [gradient, curvature, mixed]) in self.offsets.iter_mut().zip(own) {
                let by = ((gradient - mixed * step) / curvature).clamp(-4.0, 4.0);
                *offset -= by;
                furthest = furthest.max(by.abs());
            }
            if furthest < TOLERANCE {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::matrix::tests::noise;

    /// Sums of examples of four tags, one of which each has; with `n_facets` 2 a tag of two others too.
    fn made(n_facets: usize) -> (Matrix, Matrix, Vec<Vec<u16>>) {
        let (n, n_tags) = (600, 4 * n_facets);
        let mut targets = Matrix::zeros(n, n_tags);
        for row in 0..n {
            (0..n_facets).for_each(|facet| targets.row_mut(row)[4 * facet + (row >> (2 * facet)) % 4] = 1.0);
        }
        let around = noise(n * n_tags, 4);
        let values = targets.values.iter().zip(around).map(|(target, by)| 0.4 * target + 0.35 * by + 0.2).collect();
        let companion = |tag: usize| (0..n_tags as u16).filter(|other| usize::from(*other) / 4 != tag / 4).collect();
        (Matrix { n_columns: n_tags, values }, targets, (0..n_tags).map(companion).collect())
    }

    #[test]
    fn confidences_are_as_often_right_as_they_say() {
        for n_facets in [1, 2] {
            let (sums, targets, companions) = made(n_facets);
            let rows: Vec<usize> = (0..600).collect();
            let made = Calibration::new(&sums, &targets, &rows[..300], &companions);
            assert_eq!(made.rivalry.rivals, 1.0);
            let mut bins = [[0.0_f32; 3]; 5];
            for &row in &rows[300..] {
                for (z, target) in made.logits(sums.row(row), &companions).into_iter().zip(targets.row(row)) {
                    let p = logistic(z);
                    let bin = &mut bins[((p * 5.0) as usize).min(4)];
                    [1.0, p, *target].iter().zip(bin).for_each(|(by, sum)| *sum += by);
                }
            }
            let n = 300.0 * sums.n_columns as f32;
            let error: f32 = bins.iter().map(|[_, said, was]| (said - was).abs() / n).sum();
            assert!(error < 0.05, "{error}: {bins:?}");
        }
    }

    #[test]
    fn tags_that_come_together_by_chance_are_not_set_against_each_other() {
        // Each of eight tags on half of the pictures, whatever others are: that no two were seen together is made up.
        let targets =
            Matrix { n_columns: 8, values: noise(1_600, 5).iter().map(|v| f32::from(u8::from(*v > 0.0))).collect() };
        let values = targets.values.iter().zip(noise(1_600, 6)).map(|(target, by)| 0.5 * target + 0.6 * by).collect();
        let rows: Vec<usize> = (0..200).collect();
        let made = Calibration::new(&Matrix { n_columns: 8, values }, &targets, &rows, &vec![Vec::new(); 8]);
        assert_eq!(made.rivalry.rivals, 0.0);
    }

    #[test]
    fn tags_that_are_told_apart_without_an_error_have_a_slope_all_the_same() {
        let (_, targets, _) = made(1);
        let rows: Vec<usize> = (0..200).collect();
        let made = Calibration::new(&targets, &targets, &rows, &vec![Vec::new(); 4]);
        assert!((5.0..200.0).contains(&made.slope), "{made:?}");
        assert!(made.logits(targets.row(0), &vec![Vec::new(); 4])[0] > 2.0);
    }
}
