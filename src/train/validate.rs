//! What a head says of examples that it has not seen.

use crate::tagging::logistic;
use crate::train::calibrate::Calibration;
use crate::train::design::Design;
use crate::train::matrix::Matrix;
use crate::train::ridge::{Ridge, Solution};

/// Parts of the examples: each is judged by a calibration that was learnt from the others.
const N_FOLDS: usize = 5;

/// Of each example, what would be said of it if it and its duplicates had not been learnt from.
#[derive(Debug, Clone, PartialEq)]
pub struct Validated {
    /// Numbers, in the training set, of the tags that were trained.
    pub tags: Vec<u16>,
    /// Logits of the confidences, one row per example with a value for each of `tags`.
    pub z: Vec<f32>,
    /// 0–1, one row per example with a value for each of `tags`.
    pub confidences: Vec<f32>,
    /// For each example, the number of its group of exact and near duplicates.
    pub groups: Vec<u32>,
    /// For each example, how much more than the limit it looks like the others; below 0 it would get no own tag. `None` where
    /// nothing was there to tell the examples from.
    pub familiarity: Option<Vec<f32>>,
}

impl Validated {
    /// The confidences of an example, one for each of `tags`.
    pub fn confidences_of(&self, example: usize) -> &[f32] {
        &self.confidences[example * self.tags.len()..][..self.tags.len()]
    }

    /// Whether an example would be taken for one of these things at all.
    pub fn is_familiar(&self, example: usize) -> bool {
        self.familiarity.as_ref().is_none_or(|margins| margins[example] >= 0.0)
    }
}

/// What a fit without each row and its duplicates predicts of it. Where a tag has nothing but duplicates, its own column is of fits without
/// the row alone: what is then said of the tag is too good, and the report gives no figure of it.
pub(super) fn left_out(design: &Design, ridge: &Ridge, solution: &Solution) -> Matrix {
    let mut found = ridge.left_out(&design.targets, solution, &design.groups);
    if design.only_group.iter().any(Option::is_some) {
        let alone = ridge.left_out(&design.targets, solution, &design.split);
        for (column, group) in design.only_group.iter().enumerate() {
            for &row in group.iter().flat_map(|&group| &design.groups[group]) {
                found.row_mut(row)[column] = alone.row(row)[column];
            }
        }
    }
    found
}

/// Logits of the confidences of each row, judged by calibrations that have not seen it, nor its duplicates.
pub(super) fn judged(design: &Design, left_out: &Matrix, seed: u64) -> Matrix {
    let fold_of = folds(design.groups.len(), seed);
    let mut logits = Matrix::zeros(left_out.n_rows(), left_out.n_columns);
    for fold in 0..N_FOLDS {
        let rows_of = |is_of: &dyn Fn(usize) -> bool| -> Vec<usize> {
            let groups = design.groups.iter().zip(&fold_of).filter(|(_, of)| is_of(**of));
            let mut rows: Vec<usize> = groups.flat_map(|(group, _)| group.iter().copied()).collect();
            rows.sort_unstable();
            rows
        };
        let learnt = rows_of(&|of| of != fold);
        // With every pair: that one picture alone shows some must not silence rivals for all the others. Of a pair that only the judged
        // picture and its duplicates show, they are judged as if nobody had seen it.
        let calibration = Calibration::new(left_out, &design.targets, &learnt, &design.companions.all);
        for row in rows_of(&|of| of == fold) {
            let found = calibration.logits(left_out.row(row), &design.companions.without_group_of(row));
            logits.row_mut(row).copy_from_slice(&found);
        }
    }
    logits
}

pub(super) fn confidences(logits: &[f32]) -> Vec<f32> {
    logits.iter().map(|&z| logistic(z)).collect()
}

/// A fold for each group, by chance that the seed decides, and as many in each.
fn folds(n_groups: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<(u64, usize)> =
        (0..n_groups).map(|group| (mixed(seed ^ mixed(group as u64 + 1)), group)).collect();
    order.sort_unstable();
    let mut folds = vec![0; n_groups];
    order.iter().enumerate().for_each(|(place, (_, group))| folds[*group] = place % N_FOLDS);
    folds
}

/// SplitMix64: numbers that look like chance (Steele, Lea, Flood, 2014).
pub(super) fn mixed(seed: u64) -> u64 {
    let a = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let b = (a ^ (a >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let c = (b ^ (b >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    c ^ (c >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::made::{clouds, example};
    use crate::train::matrix::tests::noise;
    use crate::train::ridge::Penalty;

    #[test]
    fn a_group_that_is_all_of_one_tag_is_left_out_whole_for_the_others() {
        // Eight copies of a picture like no other have the tag 0, which others have too, and are all of the tag 2.
        let mut set = clouds(3, 10, 0.5, 1);
        set.examples.retain(|one| one.tags != [2]);
        set.examples.extend((0..8).map(|_| example(900, &noise(32, 777), &[0, 2])));
        let design = Design::new(&set, vec![0, 1, 2], None);
        assert_eq!(design.only_group, [None, None, Some(20)]);
        let ridge = Ridge::new(design.units.clone(), &design.weights, Penalty::Relative(0.1));
        let solution = ridge.solve(&design.targets);
        let (found, alone) =
            (left_out(&design, &ridge, &solution), ridge.left_out(&design.targets, &solution, &design.split));
        for row in 20..28 {
            let ([found, alone], [other, own]) = ([found.row(row), alone.row(row)], [0, 2]);
            assert!(found[other] < alone[other] - 0.1, "{found:?} {alone:?}: its copies don't say it");
            assert_eq!(found[own], alone[own]);
        }
        assert!(judged(&design, &found, 1).values.iter().all(|logit| logit.is_finite()));
    }

    #[test]
    fn folds_are_even_and_the_seed_decides_them() {
        let made = folds(23, 7);
        assert!((0..N_FOLDS).all(|fold| (4..=5).contains(&made.iter().filter(|of| **of == fold).count())));
        assert_eq!(made, folds(23, 7));
        assert_ne!(made, folds(23, 8));
    }
}
