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
/// Of one group of duplicates, which say the same, at most these are fitted.
const MOST_ALIKE: usize = 40;
/// Fewer other pictures say too little.
const MIN_OTHERS: usize = 20;
const MAX_OTHERS: usize = 600;

/// The row, and for each example by how much it exceeds the limit when it and its duplicates are left out.
pub(super) fn familiarity(design: &Design, others: Vec<Vec<f32>>) -> Option<(Familiarity, Vec<f32>)> {
    if others.len() < MIN_OTHERS {
        return None;
    }
    // Whole groups, so that no example that isn't fitted has a duplicate that is.
    let n_groups = design.split.len() - (design.units.n_rows() - design.n_examples);
    let mut fitted: Vec<usize> = Vec::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    // Examples of groups that are fitted in part, and the place of one among the fitted that looks the same.
    let mut alike: Vec<(usize, usize)> = Vec::new();
    for group in chosen(&design.split[..n_groups]).map(|group| &design.split[group]) {
        let first = fitted.len();
        fitted.extend(evenly(group.len(), MOST_ALIKE).map(|at| group[at]));
        groups.push((first..fitted.len()).collect());
        if group.len() > MOST_ALIKE {
            let place = |at: usize| first + at * MOST_ALIKE / group.len();
            alike.extend(group.iter().enumerate().map(|(at, &example)| (example, place(at))));
        }
    }
    let n_fitted = fitted.len();
    let rows = fitted.iter().map(|&row| design.units.row(row).to_vec()).chain(others);
    let values: Vec<f32> = rows.flatten().collect();
    let rows = Matrix { n_columns: design.units.n_columns, values };
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
    let known = alike.into_iter().chain(fitted.iter().enumerate().map(|(at, &example)| (example, at)));
    known.for_each(|(example, at)| values[example] = left_out.values[at]);
    row.limit = quantile(&values, LEFT_BELOW);
    let margins = values.iter().map(|value| value - row.limit).collect();
    Some((row, margins))
}

/// Numbers of groups that are fitted, evenly: so many that their examples are not many more than are needed.
fn chosen(groups: &[Vec<usize>]) -> impl Iterator<Item = usize> {
    let size = |group: usize| groups[group].len().min(MOST_ALIKE);
    let n = evenly(groups.len(), MAX_EXAMPLES).map(size).sum::<usize>();
    let most = if n > 2 * MAX_EXAMPLES { MAX_EXAMPLES * 2 * MAX_EXAMPLES / n } else { MAX_EXAMPLES };
    evenly(groups.len(), most)
}

/// Rows of pictures that are no examples: everyday ones that came with the model, else the rest of the library.
pub(super) fn others(set: &TrainingSet, design: &Design, background: Option<&Background>) -> Vec<Vec<f32>> {
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
    use crate::train::made::clouds;

    /// A set of which every example comes so often.
    fn repeated(times: usize) -> TrainingSet {
        let mut set = clouds(3, 12, 0.4, 1);
        set.examples = set.examples.iter().flat_map(|one| vec![one.clone(); times]).collect();
        set.others = clouds(9, 8, 0.5, 4).examples.into_iter().map(|mut one| one.views.remove(0)).collect();
        set
    }

    #[test]
    fn duplicates_without_end_are_not_all_fitted_and_each_is_judged_as_left_out() {
        let of = |times: usize| {
            let set = repeated(times);
            let design = Design::new(&set, vec![0, 1, 2], None);
            (familiarity(&design, others(&set, &design, None)).unwrap(), design)
        };
        let ((_, margins), design) = of(60);
        assert_eq!((margins.len(), design.groups.len()), (36 * 60, 36));
        // Duplicates of one group were left out together, so they are all judged alike.
        let apart =
            design.groups.iter().flat_map(|group| group.iter().map(|&row| (margins[row] - margins[group[0]]).abs()));
        assert!(apart.fold(0.0, f32::max) < 1e-4);
        let n: usize = chosen(&design.groups).map(|group| design.groups[group].len().min(MOST_ALIKE)).sum();
        assert!(n <= 1_600, "{n}");
        let ((_, once), _) = of(1);
        let below =
            |margins: &[f32]| margins.iter().filter(|margin| **margin < 0.0).count() as f32 / margins.len() as f32;
        assert!(below(&once) <= 0.1 && below(&margins) <= 0.1, "{} {}", below(&once), below(&margins));
    }

    #[test]
    fn a_quantile_lies_in_proportion_between_two_values() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.25), 1.5);
        assert_eq!(quantile(&[4.0], 0.03), 4.0);
    }
}
