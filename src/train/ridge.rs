//! Ridge regression of all tags at once: one matrix, factored once.
//!
//! With rows x of weight w, their mean m, and targets y (1: has the tag, 0: hasn't): minimises Σ w (y − b − (x − m) · W)² + λ |W|², b free.

use crate::tagging::{add_scaled, dot};
use crate::train::cholesky::Factor;
use crate::train::matrix::{Matrix, Part, product};

/// Of a larger group the system between its rows costs more than a fit of all the others.
const MOST_TOGETHER: usize = 1_000;

/// Rows that were fitted, and what more is computed of them.
pub(super) struct Ridge {
    pub centre: Vec<f32>,
    /// Of Aᵀ · A + λ, where A has the rows √w (x − m).
    pub factor: Factor,
    rows: Matrix,
    /// √w of each row.
    roots: Vec<f32>,
    total: f32,
    lambda: f32,
}

/// What was fitted for each tag.
pub(super) struct Solution {
    /// One row per tag.
    pub weights: Matrix,
    /// For rows that are not centred.
    pub intercepts: Vec<f32>,
}

/// What λ is: a number, or a multiple of twice the mean squared length of the centred rows.
#[derive(Clone, Copy)]
pub(super) enum Penalty {
    Absolute(f32),
    Relative(f32),
}

impl Ridge {
    pub fn new(mut rows: Matrix, weights: &[f32], penalty: Penalty) -> Self {
        let n_features = rows.n_columns;
        let total: f32 = weights.iter().sum();
        let mut centre = vec![0.0; n_features];
        for (row, weight) in weights.iter().enumerate() {
            add_scaled(&mut centre, weight / total, rows.row(row));
        }
        let roots: Vec<f32> = weights.iter().map(|weight| weight.sqrt()).collect();
        let mut squares = 0.0;
        for (row, root) in roots.iter().enumerate() {
            let values = rows.row_mut(row);
            values.iter_mut().zip(&centre).for_each(|(value, centre)| *value = (*value - centre) * root);
            squares += dot(values, values);
        }
        let lambda = match penalty {
            Penalty::Absolute(lambda) => lambda,
            // Rows that are all the same have no length, and no direction tells them apart.
            Penalty::Relative(factor) => factor * 2.0 * (squares / total).max(f32::MIN_POSITIVE.sqrt()),
        };
        let mut gram = Matrix::zeros(n_features, n_features);
        let all = Part { rows: &rows.values, n_columns: n_features, from: 0, to: n_features };
        product(all, all, true, |row, column, values| add_scaled(&mut gram.row_mut(row)[column..], 1.0, values));
        (0..n_features).for_each(|at| gram.row_mut(at)[at] += lambda);
        Self { centre, factor: Factor::new(gram), rows, roots, total, lambda }
    }

    /// Aᵀ · √w (y − ȳ), one column per target, and ȳ.
    pub fn moments(&self, targets: &Matrix) -> (Matrix, Vec<f32>) {
        let means = self.means(targets);
        let mut moments = Matrix::zeros(self.rows.n_columns, targets.n_columns);
        let centred = self.centred(targets, &means);
        let left = Part { rows: &self.rows.values, n_columns: self.rows.n_columns, from: 0, to: self.rows.n_columns };
        let right = Part { rows: &centred.values, n_columns: targets.n_columns, from: 0, to: targets.n_columns };
        product(left, right, false, |row, column, values| {
            add_scaled(&mut moments.row_mut(row)[column..], 1.0, values);
        });
        (moments, means)
    }

    pub fn solve(&self, targets: &Matrix) -> Solution {
        let (mut moments, means) = self.moments(targets);
        self.factor.solve(&mut moments);
        let weights = moments.transposed();
        let intercepts = means.iter().enumerate().map(|(tag, mean)| mean - dot(weights.row(tag), &self.centre));
        Solution { intercepts: intercepts.collect(), weights }
    }

    /// What is predicted of each row by a fit of all rows but those of its group: exactly, without fitting again. `groups` are numbers of
    /// rows, each row in one group. (Cook and Weisberg, 1982: the residuals of the rows left out solve (I − H) e = r, with the hat
    /// matrix H between them.)
    pub fn left_out(&self, targets: &Matrix, solution: &Solution, groups: &[Vec<usize>]) -> Matrix {
        self.left_out_with(targets, solution, groups, MOST_TOGETHER)
    }

    fn left_out_with(
        &self,
        targets: &Matrix,
        solution: &Solution,
        groups: &[Vec<usize>],
        most_together: usize,
    ) -> Matrix {
        let mut half = self.rows.transposed();
        self.factor.solve_half(&mut half);
        // Rows again, so that two of them are multiplied in one go.
        let half = half.transposed();
        let means = self.means(targets);
        let mut predicted = Matrix::zeros(targets.n_rows(), targets.n_columns);
        for group in groups {
            if group.len() > most_together && group.len() < self.roots.len() {
                self.fit_without(group, targets, &mut predicted);
                continue;
            }
            let residual = |&row: &usize, tag: usize| {
                let fitted = dot(self.rows.row(row), solution.weights.row(tag));
                self.roots[row] * (targets.row(row)[tag] - means[tag]) - fitted
            };
            let mut residuals = Vec::with_capacity(group.len() * targets.n_columns);
            for row in group {
                residuals.extend((0..targets.n_columns).map(|tag| f64::from(residual(row, tag))));
            }
            let hat =
                |&i: &usize, &j: &usize| dot(half.row(i), half.row(j)) + self.roots[i] * self.roots[j] / self.total;
            let mut system: Vec<f64> = Vec::with_capacity(group.len() * group.len());
            for (at, i) in group.iter().enumerate() {
                system.extend(group.iter().map(|j| -f64::from(hat(i, j))));
                system[at * group.len() + at] += 1.0;
            }
            solve_small(&mut system, &mut residuals, group.len());
            for (row, errors) in group.iter().zip(residuals.chunks_exact(targets.n_columns)) {
                let root = f64::from(self.roots[*row]);
                let left = targets
                    .row(*row)
                    .iter()
                    .zip(errors)
                    .map(|(&target, error)| (f64::from(target) - error / root) as f32);
                predicted.row_mut(*row).iter_mut().zip(left).for_each(|(to, value)| *to = value);
            }
        }
        predicted
    }

    /// Fits all rows but those of a group, and predicts these.
    fn fit_without(&self, group: &[usize], targets: &Matrix, predicted: &mut Matrix) {
        let mut is_kept = vec![true; self.roots.len()];
        group.iter().for_each(|&row| is_kept[row] = false);
        let kept: Vec<usize> = (0..self.roots.len()).filter(|&row| is_kept[row]).collect();
        let centred = |row: usize| self.rows.row(row).iter().map(move |value| value / self.roots[row]);
        let rows =
            Matrix { n_columns: self.rows.n_columns, values: kept.iter().flat_map(|&row| centred(row)).collect() };
        let weights: Vec<f32> = kept.iter().map(|&row| self.roots[row] * self.roots[row]).collect();
        let values = kept.iter().flat_map(|&row| targets.row(row).iter().copied()).collect();
        let targets = Matrix { n_columns: targets.n_columns, values };
        let Solution { weights, intercepts } =
            Self::new(rows, &weights, Penalty::Absolute(self.lambda)).solve(&targets);
        for &row in group {
            let centred: Vec<f32> = centred(row).collect();
            for (tag, value) in predicted.row_mut(row).iter_mut().enumerate() {
                *value = dot(&centred, weights.row(tag)) + intercepts[tag];
            }
        }
    }

    fn means(&self, targets: &Matrix) -> Vec<f32> {
        let mut means = vec![0.0; targets.n_columns];
        for (row, root) in self.roots.iter().enumerate() {
            add_scaled(&mut means, root * root / self.total, targets.row(row));
        }
        means
    }

    /// √w (y − ȳ)
    fn centred(&self, targets: &Matrix, means: &[f32]) -> Matrix {
        let mut centred = targets.clone();
        for (row, root) in self.roots.iter().enumerate() {
            let values = centred.row_mut(row);
            values.iter_mut().zip(means).for_each(|(value, mean)| *value = (*value - mean) * root);
        }
        centred
    }
}

/// Solves a small symmetric system, positive but for rounding, for several right sides that lie row by row in `b`.
fn solve_small(a: &mut [f64], b: &mut [f64], n: usize) {
    const LEAST_PIVOT: f64 = 1e-6;
    let width = b.len() / n;
    for at in 0..n {
        let pivot = a[at * n + at].max(LEAST_PIVOT);
        a[at * n + at] = pivot;
        for below in at + 1..n {
            let factor = a[below * n + at] / pivot;
            for column in at..n {
                a[below * n + column] -= factor * a[at * n + column];
            }
            for column in 0..width {
                b[below * width + column] -= factor * b[at * width + column];
            }
        }
    }
    for at in (0..n).rev() {
        for column in 0..width {
            let known: f64 = (at + 1..n).map(|other| a[at * n + other] * b[other * width + column]).sum();
            b[at * width + column] = (b[at * width + column] - known) / a[at * n + at];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::matrix::tests::noise;

    fn made() -> (Matrix, Vec<f32>, Matrix) {
        let rows = Matrix { n_columns: 9, values: noise(20 * 9, 5) };
        let weights = noise(20, 6).iter().map(|value| 1.0 + value / 2.0).collect();
        let has = |value: &f32| if *value > 0.2 { 1.0 } else { 0.0 };
        (rows, weights, Matrix { n_columns: 3, values: noise(20 * 3, 8).iter().map(has).collect() })
    }

    #[test]
    fn what_is_predicted_of_rows_left_out_is_that_of_a_fit_without_them() {
        let (rows, weights, targets) = made();
        let groups: Vec<Vec<usize>> = vec![vec![0], vec![1, 7, 19], vec![2, 3], (4..7).collect(), (8..19).collect()];
        let ridge = Ridge::new(rows.clone(), &weights, Penalty::Absolute(0.7));
        let left_out = ridge.left_out(&targets, &ridge.solve(&targets), &groups);
        // However it is found.
        let refitted = ridge.left_out_with(&targets, &ridge.solve(&targets), &groups, 2);
        let apart = |(one, other): (&f32, &f32)| (one - other).abs();
        let furthest = left_out.values.iter().zip(&refitted.values).map(apart).fold(0.0, f32::max);
        assert!(furthest > 0.0 && furthest < 2e-4, "{furthest}");
        for group in &groups {
            let kept: Vec<usize> = (0..20).filter(|row| !group.contains(row)).collect();
            let some = |matrix: &Matrix| Matrix {
                n_columns: matrix.n_columns,
                values: kept.iter().flat_map(|&row| matrix.row(row).to_vec()).collect(),
            };
            let kept_weights: Vec<f32> = kept.iter().map(|&row| weights[row]).collect();
            let again = Ridge::new(some(&rows), &kept_weights, Penalty::Absolute(0.7)).solve(&some(&targets));
            for &row in group {
                for tag in 0..3 {
                    let wanted = dot(rows.row(row), again.weights.row(tag)) + again.intercepts[tag];
                    let found = left_out.row(row)[tag];
                    assert!((found - wanted).abs() < 2e-4, "row {row}, tag {tag}: {found}, not {wanted}");
                }
            }
        }
    }
}
