//! None of these: what tells pictures like the examples from all others.
//!
//! One more ridge regression, "an example (1) or another picture (0)", both halves weighing alike. What it says of examples that were left
//! out gives the limit: few of them lie below it.

use crate::tagging::Familiarity;
use crate::tags::Embedding;
use crate::train::background::Background;
use crate::train::design::Design;
use crate::train::features::unit;
use crate::train::matrix::Matrix;
use crate::train::ridge::{Penalty, Ridge};
use crate::train::set::TrainingSet;
use crate::train::unlike::{evenly, unlike};

const LAMBDA: f32 = 0.3;
/// So many of the examples lie below the limit.
const LEFT_BELOW: f32 = 0.04;
/// More examples than these say nothing new about where examples lie; the others are judged as pictures that were left out.
const MAX_EXAMPLES: usize = 800;
/// Fewer other pictures say too little.
const MIN_OTHERS: usize = 20;
const MAX_OTHERS: usize = 600;

/// The row, and for each example by how much it exceeds the limit when it and its duplicates are left out.
pub(super) fn familiarity(
    set: &TrainingSet,
    design: &Design,
    background: Option<&Background>,
) -> Option<(Familiarity, Vec<f32>)> {
    let others = others(set, design, background);
    if others.len() < MIN_OTHERS {
        return None;
    }
    // Whole groups, so that no example that isn't fitted has a duplicate that is.
    let n_groups = design.groups.len() - (design.units.n_rows() - design.n_examples);
    let mut fitted: Vec<usize> = Vec::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for group in evenly(n_groups, MAX_EXAMPLES) {
        groups.push((fitted.len()..fitted.len() + design.groups[group].len()).collect());
        fitted.extend(&design.groups[group]);
    }
    let n_fitted = fitted.len();
    let rows = fitted.iter().map(|&row| design.units.row(row).to_vec()).chain(others);
    let values: Vec<f32> = rows.flatten().collect();
    let rows = Matrix { n_columns: set.n_features, values };
    let n_rows = rows.n_rows();
    let weight = n_fitted as f32 / (n_rows - n_fitted) as f32;
    let weights: Vec<f32> = (0..n_rows).map(|row| if row < n_fitted { 1.0 } else { weight }).collect();
    let targets: Vec<f32> = (0..n_rows).map(|row| if row < n_fitted { 1.0 } else { 0.0 }).collect();
    let targets = Matrix { n_columns: 1, values: targets };
    let ridge = Ridge::new(rows, &weights, Penalty::Absolute(LAMBDA));
    let solution = ridge.solve(&targets);
    let left_out = ridge.left_out(&targets, &solution, &groups);
    let mut row = Familiarity { weights: solution.weights.values, intercept: solution.intercepts[0], limit: 0.0 };
    let mut values: Vec<f32> = (0..design.n_examples).map(|example| row.value(design.units.row(example))).collect();
    fitted.iter().enumerate().for_each(|(at, &example)| values[example] = left_out.values[at]);
    row.limit = quantile(&values, LEFT_BELOW);
    let margins = values.iter().map(|value| value - row.limit).collect();
    Some((row, margins))
}

/// Rows of pictures that are no examples: everyday ones that came with the model, else the rest of the library.
fn others(set: &TrainingSet, design: &Design, background: Option<&Background>) -> Vec<Vec<f32>> {
    if let Some(Background { centres, .. }) = background {
        return centres.iter().map(|one: &Embedding| unit(std::slice::from_ref(one))).collect();
    }
    let examples: Vec<Vec<f32>> = (0..design.n_examples).map(|row| design.units.row(row).to_vec()).collect();
    unlike(set, &examples, MAX_OTHERS)
}

/// The value that a share of all lies below, between two of them in proportion.
fn quantile(values: &[f32], share: f32) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let place = share * (sorted.len() - 1) as f32;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f32) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_in_proportion_between_two_values() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.25), 1.5);
        assert_eq!(quantile(&[4.0], 0.03), 4.0);
    }
}
