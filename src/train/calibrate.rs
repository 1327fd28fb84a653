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
/// Where all are sure, nothing says where the mean of the offsets lies: it stays.
const LEAST_CURVATURE: f64 = 1e-3;
/// Steps of Newton's method at once, and turns with R. Each turn goes half the way, which keeps it from swinging.
const MAX_STEPS: usize = 15;
const MAX_TURNS: usize = 15;
const TOLERANCE: f64 = 1e-3;
/// More examples say nothing new about so few parameters, but for a tag with fewer than these among them.
const MAX_EXAMPLES: usize = 600;
const MIN_POSITIVES: usize = 10;
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
        let (chosen, weights) = sample(targets, chosen);
        let (sums, targets) = (picked(sums, &chosen), picked(targets, &chosen));
        let companions: Vec<&[u16]> = companions.iter().map(Vec::as_slice).collect();
        let mut shifts = Matrix::zeros(chosen.len(), sums.n_columns);
        let mut curve = Curve::new(&targets, &weights);
        curve.fit(&sums, &targets, &weights, &shifts);
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
            curve.fit(&sums, &targets, &weights, &shifts);
        }
        let together = curve.calibration(1.0);
        // Where rivals clearly mislead, as with colours beside kinds of which few have been seen together, they are not asked.
        let loss = |one: &Self| one.loss(&sums, &targets, &weights, &companions);
        if loss(&together) <= MOST_LOSS * loss(&alone) { together } else { alone }
    }

    /// Logits of the confidences of one example.
    pub fn logits(&self, sums: &[f32], companions: &[impl AsRef<[u16]>]) -> Vec<f32> {
        let evidence: Vec<f32> =
            sums.iter().zip(&self.offsets).map(|(sum, offset)| self.slope * sum + offset).collect();
        self.rivalry.logits(&evidence, companions)
    }

    /// − Σ ln of the probability that was given to what was right.
    fn loss(&self, sums: &Matrix, targets: &Matrix, weights: &[f64], companions: &[&[u16]]) -> f64 {
        let of_one = |(z, target): (f32, &f32)| {
            let right = if *target > 0.0 { logistic(z) } else { logistic(-z) };
            -f64::from(libm::logf(right.max(MARGIN)))
        };
        let of_row =
            |row| self.logits(sums.row(row), companions).into_iter().zip(targets.row(row)).map(of_one).sum::<f64>();
        weights.iter().enumerate().map(|(row, weight)| weight * of_row(row)).sum()
    }
}

/// Rows to learn from, and as how many each counts. Of a tag that few of the evenly chosen rows would have, so many are taken that it is
/// learnt about, and each of them counts as the one that it is: taking more of it doesn't make it look more frequent.
fn sample(targets: &Matrix, chosen: &[usize]) -> (Vec<usize>, Vec<f64>) {
    let n = chosen.len();
    if n <= MAX_EXAMPLES {
        return (chosen.to_vec(), vec![1.0; n]);
    }
    let mut positives: Vec<Vec<usize>> = vec![Vec::new(); targets.n_columns];
    for (at, &row) in chosen.iter().enumerate() {
        let of_row = targets.row(row).iter().zip(&mut positives).filter(|(target, _)| **target > 0.0);
        of_row.for_each(|(_, positives)| positives.push(at));
    }
    let mut is_kept = vec![false; n];
    for rare in positives.iter().filter(|positives| positives.len() * MAX_EXAMPLES < MIN_POSITIVES * n) {
        evenly(rare.len(), MIN_POSITIVES).for_each(|at| is_kept[rare[at]] = true);
    }
    let rest: Vec<usize> = (0..n).filter(|&at| !is_kept[at]).collect();
    let n_kept = n - rest.len();
    let n_taken = MAX_EXAMPLES.saturating_sub(n_kept).max(MAX_EXAMPLES / 2).min(rest.len());
    // Without a rare tag all rows count as one, as they do where all are learnt from: how much the pooling weighs is then the same.
    let weight = if n_kept == 0 { 1.0 } else { rest.len() as f64 / n_taken.max(1) as f64 };
    let mut taken: Vec<(usize, f64)> = (0..n).filter(|&at| is_kept[at]).map(|at| (chosen[at], 1.0)).collect();
    taken.extend(evenly(rest.len(), n_taken).map(|at| (chosen[rest[at]], weight)));
    taken.sort_unstable_by_key(|(row, _)| *row);
    taken.into_iter().unzip()
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
    fn new(targets: &Matrix, weights: &[f64]) -> Self {
        let of_row = |(row, weight): (usize, &f64)| {
            weight * targets.row(row).iter().map(|&target| f64::from(target)).sum::<f64>()
        };
        let n_positive: f64 = weights.iter().enumerate().map(of_row).sum();
        let n: f64 = weights.iter().sum::<f64>() * targets.n_columns as f64;
        let share = (n_positive + 1.0) / (n + 2.0);
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

    /// Logistic regression by Newton's method, from where the curve is. The mean of the offsets, to which they are drawn, is looked for with
    /// them: what is drawn to where it was itself comes on slowly.
    fn fit(&mut self, sums: &Matrix, targets: &Matrix, weights: &[f64], shifts: &Matrix) {
        let n_tags = self.offsets.len() as f64;
        for _ in 0..MAX_STEPS {
            let mean = self.offsets.iter().sum::<f64>() / n_tags;
            // Of the slope, and of each offset: gradient and curvature. Offsets touch the slope and the mean only, not each other.
            let mut gradient = STIFFNESS * (self.slope - FIRST_SLOPE);
            let mut curvature = STIFFNESS;
            let mut own: Vec<[f64; 3]> =
                self.offsets.iter().map(|offset| [POOLING * (offset - mean), POOLING, 0.0]).collect();
            for (row, &counts) in weights.iter().enumerate() {
                let known = sums.row(row).iter().zip(targets.row(row)).zip(shifts.row(row));
                for (tag, ((&sum, &target), &shift)) in known.enumerate() {
                    let logit = self.slope as f32 * sum + self.offsets[tag] as f32 + shift;
                    let p = f64::from(logistic(logit));
                    let (error, weight) = (counts * (p - f64::from(target)), counts * p * (1.0 - p));
                    let sum = f64::from(sum);
                    gradient += error * sum;
                    curvature += weight * sum * sum;
                    let [offset_gradient, offset_curvature, mixed] = &mut own[tag];
                    *offset_gradient += error;
                    *offset_curvature += weight;
                    *mixed += weight * sum;
                }
            }
            // Without the offsets, two unknowns are left.
            let (mut mean_gradient, mut mean_curvature, mut both) = (0.0, LEAST_CURVATURE, 0.0);
            for [offset_gradient, offset_curvature, mixed] in &own {
                gradient -= mixed * offset_gradient / offset_curvature;
                curvature -= mixed * mixed / offset_curvature;
                mean_gradient += POOLING * offset_gradient / offset_curvature;
                mean_curvature += POOLING * (offset_curvature - POOLING) / offset_curvature;
                both += POOLING * mixed / offset_curvature;
            }
            gradient -= both * mean_gradient / mean_curvature;
            curvature -= both * both / mean_curvature;
            let step = (gradient / curvature.max(STIFFNESS)).clamp(-FIRST_SLOPE, FIRST_SLOPE);
            let mean_step = (mean_gradient - both * step) / mean_curvature;
            self.slope = (self.slope - step).max(LEAST_SLOPE);
            let mut furthest = step.abs();
            for (offset, [gradient, curvature, mixed]) in self.offsets.iter_mut().zip(own) {
                let by = ((gradient - mixed * step + POOLING * mean_step) / curvature).clamp(-4.0, 4.0);
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

    /// Like [`made`], with a tag of ten pictures in five thousand, none of which is at an even place.
    fn made_with_a_rare_tag() -> (Matrix, Matrix) {
        let n = 5_000;
        let mut targets = Matrix::zeros(n, 3);
        for row in 0..n {
            let tag = if row % 500 == 7 { 2 } else { row % 2 };
            targets.row_mut(row)[tag] = 1.0;
        }
        let around = noise(n * 3, 4);
        let values = targets.values.iter().zip(around).map(|(target, by)| 0.5 * target + 0.2 * by + 0.2).collect();
        (Matrix { n_columns: 3, values }, targets)
    }

    #[test]
    fn a_rare_tag_of_a_large_set_is_learnt_about_and_does_not_look_frequent() {
        let (sums, targets) = made_with_a_rare_tag();
        let rows: Vec<usize> = (0..5_000).collect();
        let (taken, weights) = sample(&targets, &rows);
        assert!(taken.is_sorted() && taken.len() == MAX_EXAMPLES, "{}", taken.len());
        assert_eq!(taken.iter().filter(|row| targets.row(**row)[2] > 0.0).count(), 10);
        assert!((weights.iter().sum::<f64>() - 5_000.0).abs() < 1e-6);
        let companions: Vec<Vec<u16>> = vec![Vec::new(); 3];
        let made = Calibration::new(&sums, &targets, &rows, &companions);
        let said = |is: bool| {
            let of = rows.iter().filter(|row| (targets.row(**row)[2] > 0.0) == is);
            let (sum, n) = of.fold((0.0, 0.0), |(sum, n), &row| {
                (sum + logistic(made.logits(sums.row(row), &companions)[2]), n + 1.0)
            });
            sum / n
        };
        assert!(said(true) > 0.3 && said(false) < 0.01, "{} {}", said(true), said(false));
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
        assert!(made.logits(targets.row(0), &[[0_u16; 0]; 4])[0] > 2.0);
    }
}
