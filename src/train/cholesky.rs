//! Factor of a symmetric, positive matrix, and what is solved with it.

use crate::tagging::add_scaled;
use crate::train::matrix::{Matrix, Part, product};

/// Columns that are factored at once.
const BLOCK: usize = 64;
/// Where rounding leaves nothing of a pivot.
const LEAST_PIVOT: f32 = 1e-6;

/// U with Uᵀ · U = A, above the diagonal and on it.
#[derive(Debug, Clone)]
pub(super) struct Factor(Matrix);

impl Factor {
    /// Of a square matrix, of which only what is above the diagonal and on it is read.
    pub fn new(mut a: Matrix) -> Self {
        let n = a.n_columns;
        for first in (0..n).step_by(BLOCK) {
            let end = (first + BLOCK).min(n);
            for row in first..end {
                for earlier in first..row {
                    let (values, above) = a.row_and_earlier(row, earlier);
                    add_scaled(&mut values[row..], -above[row], &above[row..]);
                }
                let values = &mut a.row_mut(row)[row..];
                let pivot = values[0].max(LEAST_PIVOT).sqrt();
                values.iter_mut().for_each(|value| *value /= pivot);
                values[0] = pivot;
            }
            let (done, rest) = a.values.split_at_mut(end * n);
            let part = Part { rows: &done[first * n..], n_columns: n, from: end, to: n };
            product(part, part, true, |row, column, values| {
                add_scaled(&mut rest[row * n + end + column..], -1.0, values);
            });
        }
        Self(a)
    }

    fn n(&self) -> usize {
        self.0.n_columns
    }

    /// Uᵀ⁻¹ · b, in place of b.
    pub fn solve_half(&self, b: &mut Matrix) {
        let (n, width) = (self.n(), b.n_columns);
        for first in (0..n).step_by(BLOCK) {
            let end = (first + BLOCK).min(n);
            let (done, rest) = b.values.split_at_mut(first * width);
            let left = Part { rows: &self.0.values[..first * n], n_columns: n, from: first, to: end };
            let right = Part { rows: done, n_columns: width, from: 0, to: width };
            product(left, right, false, |row, column, values| {
                add_scaled(&mut rest[row * width + column..], -1.0, values);
            });
            for row in first..end {
                for earlier in first..row {
                    let factor = -self.0.row(earlier)[row];
                    let (values, above) = b.row_and_earlier(row, earlier);
                    add_scaled(values, factor, above);
                }
                let pivot = self.0.row(row)[row];
                b.row_mut(row).iter_mut().for_each(|value| *value /= pivot);
            }
        }
    }

    /// A⁻¹ · b, in place of b.
    pub fn solve(&self, b: &mut Matrix) {
        self.solve_half(b);
        let width = b.n_columns;
        for row in (0..self.n()).rev() {
            let (before, after) = b.values.split_at_mut((row + 1) * width);
            let values = &mut before[row * width..];
            let factors = self.0.row(row);
            for (factor, other) in factors[row + 1..].iter().zip(after.chunks_exact(width)) {
                add_scaled(values, -factor, other);
            }
            values.iter_mut().for_each(|value| *value /= factors[row]);
        }
    }

    /// The factor of A + v · vᵀ. Takes time with the square of its size, where a new factor takes its cube.
    pub fn add(&mut self, v: Vec<f32>) {
        self.change(v, 1.0);
    }

    /// The factor of A − v · vᵀ, of which something positive must be left.
    pub fn take(&mut self, v: Vec<f32>) {
        self.change(v, -1.0);
    }

    fn change(&mut self, mut v: Vec<f32>, sign: f32) {
        for row in 0..self.n() {
            let values = &mut self.0.row_mut(row)[row..];
            let (old, change) = (values[0], v[row]);
            let new = (old * old + sign * change * change).max(LEAST_PIVOT).sqrt();
            let (cosine, sine) = (new / old, change / old);
            values[0] = new;
            for (value, change) in values[1..].iter_mut().zip(&mut v[row + 1..]) {
                *value = (*value + sign * sine * *change) / cosine;
                *change = cosine * *change - sine * *value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::matrix::tests::noise;

    /// A = Xᵀ · X + 0.1 for noise X, in full.
    fn positive(n: usize) -> Matrix {
        let x = noise(n * (n + 3), 7);
        let entry = |i: usize, j: usize| (0..n + 3).map(|k| x[k * n + i] * x[k * n + j]).sum::<f32>();
        let values = (0..n * n).map(|at| entry(at / n, at % n) + if at / n == at % n { 0.1 } else { 0.0 });
        Matrix { n_columns: n, values: values.collect() }
    }

    fn residual(a: &Matrix, x: &Matrix, b: &[f32]) -> f32 {
        let row = |i: usize| a.row(i).iter().zip(&x.values).map(|(a, x)| a * x).sum::<f32>();
        b.iter().enumerate().map(|(i, wanted)| (row(i) - wanted).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn what_is_solved_solves_at_sizes_of_part_of_a_block_and_of_several() {
        for n in [1, 5, 64, 150] {
            let (a, b) = (positive(n), noise(n, 3));
            let mut x = Matrix { n_columns: 1, values: b.clone() };
            Factor::new(a.clone()).solve(&mut x);
            assert!(residual(&a, &x, &b) < 2e-3, "{n}: {}", residual(&a, &x, &b));
        }
    }

    #[test]
    fn a_factor_takes_one_more_row_and_gives_one_back() {
        let (mut a, v, b) = (positive(70), noise(70, 11), noise(70, 3));
        let mut factor = Factor::new(a.clone());
        factor.add(v.clone());
        factor.add(noise(70, 12));
        factor.take(noise(70, 12));
        (0..70 * 70).for_each(|at| a.values[at] += v[at / 70] * v[at % 70]);
        let mut x = Matrix { n_columns: 1, values: b.clone() };
        factor.solve(&mut x);
        assert!(residual(&a, &x, &b) < 2e-3, "{}", residual(&a, &x, &b));
    }
}
