//! Matrices, and the one product that training takes its time with.

use crate::tagging::Lanes;

/// Rows of f32 values, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Matrix {
    pub n_columns: usize,
    pub values: Vec<f32>,
}

impl Matrix {
    pub fn zeros(n_rows: usize, n_columns: usize) -> Self {
        Self { n_columns, values: vec![0.0; n_rows * n_columns] }
    }

    pub fn n_rows(&self) -> usize {
        self.values.len().checked_div(self.n_columns).unwrap_or(0)
    }

    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.n_columns..][..self.n_columns]
    }

    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.n_columns..][..self.n_columns]
    }

    /// A row to change, and an earlier one.
    pub fn row_and_earlier(&mut self, row: usize, earlier: usize) -> (&mut [f32], &[f32]) {
        let (before, from) = self.values.split_at_mut(row * self.n_columns);
        (&mut from[..self.n_columns], &before[earlier * self.n_columns..][..self.n_columns])
    }

    pub fn transposed(&self) -> Self {
        let (n_rows, n_columns) = (self.n_rows(), self.n_columns);
        let mut turned = Self::zeros(n_columns, n_rows);
        for row in 0..n_rows {
            for (column, value) in self.row(row).iter().enumerate() {
                turned.values[column * n_rows + row] = *value;
            }
        }
        turned
    }
}

/// Columns of a tile of the product: `TILE_ROWS` of the left matrix by `TILE_COLUMNS` of the right one stay in registers.
const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 8;
/// Rows that are multiplied at once, so that a tile's columns stay in the nearest cache.
const BLOCK: usize = 256;

/// Part of a matrix: some of its rows, and the columns from `from` until `to`.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub rows: &'a [f32],
    pub n_columns: usize,
    pub from: usize,
    pub to: usize,
}

impl Part<'_> {
    fn width(&self) -> usize {
        self.to - self.from
    }

    /// `N` columns at a time, row by row, so that they are read one after the other; columns that are missing are zeros.
    fn packed<const N: usize>(&self, first_row: usize, n_rows: usize) -> Vec<[f32; N]> {
        let n_tiles = self.width().div_ceil(N);
        let mut packed = vec![[0.0; N]; n_tiles * n_rows];
        for row in 0..n_rows {
            let values = &self.rows[(first_row + row) * self.n_columns..][self.from..self.to];
            for (tile, columns) in values.chunks(N).enumerate() {
                packed[tile * n_rows + row][..columns.len()].copy_from_slice(columns);
            }
        }
        packed
    }
}

/// Calls `take(row, column, values)` with pieces of leftᵀ · right, which add up to it. With `is_upper`, for two parts of the same columns,
/// pieces wholly below the diagonal are left out.
pub(super) fn product(left: Part, right: Part, is_upper: bool, mut take: impl FnMut(usize, usize, &[f32])) {
    let n_rows = left.rows.len() / left.n_columns;
    for first in (0..n_rows).step_by(BLOCK) {
        let n = BLOCK.min(n_rows - first);
        let (a, b) = (left.packed::<TILE_ROWS>(first, n), right.packed::<TILE_COLUMNS>(first, n));
        for (tile, b) in b.chunks_exact(n).enumerate() {
            let column = tile * TILE_COLUMNS;
            let width = TILE_COLUMNS.min(right.width() - column);
            for (tile, a) in a.chunks_exact(n).enumerate() {
                let row = tile * TILE_ROWS;
                if is_upper && row >= column + width {
                    break;
                }
                let sums = tile_product(a, b);
                for (at, values) in sums.iter().enumerate().take(left.width() - row) {
                    take(row + at, column, &values[..width]);
                }
            }
        }
    }
}

/// The heart of it: sums of products, each in the order of the rows.
fn tile_product(a: &[[f32; TILE_ROWS]], b: &[[f32; TILE_COLUMNS]]) -> [[f32; TILE_COLUMNS]; TILE_ROWS] {
    let mut sums = [[Lanes::splat(0.0); TILE_COLUMNS / 4]; TILE_ROWS];
    for (a, b) in a.iter().zip(b) {
        let b: [Lanes; TILE_COLUMNS / 4] = std::array::from_fn(|four| Lanes::new(&b.as_chunks::<4>().0[four]));
        for (sums, a) in sums.iter_mut().zip(a) {
            let a = Lanes::splat(*a);
            sums.iter_mut().zip(b).for_each(|(sum, b)| *sum = sum.plus_product(a, b));
        }
    }
    let mut values = [[0.0; TILE_COLUMNS]; TILE_ROWS];
    for (values, sums) in values.iter_mut().zip(sums) {
        values.as_chunks_mut::<4>().0.iter_mut().zip(sums).for_each(|(values, sum)| *values = sum.values());
    }
    values
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::tagging::add_scaled;
    use crate::train::validate::mixed;

    /// Values that look like chance and are always the same.
    pub(in crate::train) fn noise(n: usize, seed: u32) -> Vec<f32> {
        let value = |at: usize| {
            let bits = mixed(mixed(u64::from(seed)) ^ at as u64);
            f32::from(u16::try_from(bits >> 48).unwrap()) / 32_768.0 - 1.0
        };
        (0..n).map(value).collect()
    }

    #[test]
    fn a_product_of_any_shape_is_that_of_the_definition() {
        for (n, m, k) in [(1, 1, 1), (3, 9, 5), (8, 4, 300), (17, 21, 513)] {
            let (a, b) = (noise(n * k, 1), noise(m * k, 2));
            let mut found = Matrix::zeros(n, m);
            let left = Part { rows: &a, n_columns: n, from: 0, to: n };
            let right = Part { rows: &b, n_columns: m, from: 0, to: m };
            product(left, right, false, |row, column, values| {
                add_scaled(&mut found.row_mut(row)[column..], 1.0, values);
            });
            for row in 0..n {
                for column in 0..m {
                    let wanted: f64 = (0..k).map(|i| f64::from(a[i * n + row]) * f64::from(b[i * m + column])).sum();
                    assert!((f64::from(found.row(row)[column]) - wanted).abs() < 1e-4, "{n} {m} {k}");
                }
            }
        }
    }
}
