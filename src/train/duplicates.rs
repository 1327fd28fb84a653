//! Pictures that are there twice: the same file, or the same picture cut, mirrored, made smaller or brighter.
//!
//! Near duplicates stay in one fold when a tagger is checked, else it would be asked what it was told.

use std::collections::HashMap;

use crate::tagging::dot;
use crate::train::features::unit;
use crate::train::matrix::{Matrix, Part, product};
use crate::train::set::TrainingSet;

/// Values of a sketch, from which near pictures are found; then they are compared in full.
const N_SKETCH: usize = 64;
/// Neighbours of each picture that are compared in full.
const N_NEAREST: usize = 8;
/// From here a pair is one picture, whatever else is there.
const SURE: f32 = 0.95;
/// Below it a pair is two.
const LEAST: f32 = 0.75;
/// Between them, a pair is one picture where it is at least twice as close as what comes next: a heap of apples is like another heap of
/// apples, but also like a third.
const CLOSER: f32 = 0.5;
/// Which neighbour comes next: not the second, for of three copies that is one, too.
const NEXT: usize = 2;

/// Two examples that show one picture, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twins {
    pub first: usize,
    pub second: usize,
    /// Whether they are the same file.
    pub is_exact: bool,
}

/// For each example, the number of its group of exact and near duplicates, from 0 in the order of their first pictures.
pub fn groups(set: &TrainingSet) -> Vec<u32> {
    connected(set.examples.len(), &twins(set))
}

/// A row of length 1 for each example.
pub(super) fn rows(set: &TrainingSet) -> Matrix {
    let values = set.examples.iter().flat_map(|example| unit(&example.views)).collect();
    Matrix { n_columns: set.n_features, values }
}

/// All pairs, in the order of places.
pub fn twins(set: &TrainingSet) -> Vec<Twins> {
    twins_of(set, &rows(set))
}

/// All pairs, of which `rows` tell the near ones.
pub(super) fn twins_of(set: &TrainingSet, rows: &Matrix) -> Vec<Twins> {
    let mut found = near(rows);
    let mut last_of = HashMap::new();
    for (second, example) in set.examples.iter().enumerate() {
        // Where nobody knows the file, it has no hash.
        let file = (example.sha256 != [0; 32]).then_some((Some(example.sha256), 0));
        for key in [file, Some((None, example.id))].into_iter().flatten() {
            if let Some(first) = last_of.insert(key, second) {
                found.push(Twins { first, second, is_exact: true });
            }
        }
    }
    // The exact ones first, so that they are those that are kept.
    found.sort_by_key(|pair| (pair.first, pair.second, !pair.is_exact));
    found.dedup_by_key(|pair| (pair.first, pair.second));
    found
}

fn near(rows: &Matrix) -> Vec<Twins> {
    let nearest = nearest(rows);
    let next = |row: usize| nearest[row].get(NEXT).map_or(1.0 - (1.0 - SURE) / CLOSER, |(likeness, _)| *likeness);
    let mut found = Vec::new();
    for (row, neighbours) in nearest.iter().enumerate() {
        for &(likeness, other) in neighbours {
            let is_closer = 1.0 - likeness <= CLOSER * (1.0 - next(row).max(next(other)));
            if likeness >= SURE || (likeness >= LEAST && is_closer) {
                found.push(Twins { first: row.min(other), second: row.max(other), is_exact: false });
            }
        }
    }
    found
}

/// For each of `n` the number of its group, from 0 in the order of their first ones: twins of twins are in one.
pub(super) fn connected(n: usize, twins: &[Twins]) -> Vec<u32> {
    let mut first: Vec<usize> = (0..n).collect();
    let find = |first: &[usize], mut at: usize| {
        while first[at] != at {
            at = first[at];
        }
        at
    };
    for pair in twins {
        let (a, b) = (find(&first, pair.first), find(&first, pair.second));
        first[a.max(b)] = a.min(b);
    }
    let (mut numbers, mut n_groups) = (vec![0; n], 0);
    for at in 0..n {
        // Each points to an earlier one, whose number is known by then.
        numbers[at] = if first[at] == at { n_groups } else { numbers[first[at]] };
        n_groups += u32::from(first[at] == at);
    }
    numbers
}

/// The most alike of each row, the nearest first.
fn nearest(rows: &Matrix) -> Vec<Vec<(f32, usize)>> {
    let n = rows.n_rows();
    if n == 0 {
        return Vec::new();
    }
    let sketches = sketches(rows);
    let lengths: Vec<f32> =
        (0..n).map(|row| (0..N_SKETCH).map(|k| sketches.row(k)[row] * sketches.row(k)[row]).sum()).collect();
    let mut nearest = vec![Vec::with_capacity(N_NEAREST + 1); n];
    // Of those that are kept of each; looking here first spares most pairs the way to the lists.
    let mut farthest = vec![f32::INFINITY; n];
    let part = Part { rows: &sketches.values, n_columns: n, from: 0, to: n };
    product(part, part, true, |row, column, values| {
        for (other, value) in (column..).zip(values).filter(|(other, _)| *other > row) {
            // Of sketches the distance is nearer to the true one than the product is.
            let distance = lengths[row] + lengths[other] - 2.0 * value;
            for (one, other) in [(row, other), (other, row)] {
                if distance < farthest[one] {
                    farthest[one] = put(&mut nearest[one], distance, other);
                }
            }
        }
    });
    for (row, neighbours) in nearest.iter_mut().enumerate() {
        for (likeness, other) in neighbours.iter_mut() {
            *likeness = dot(rows.row(row), rows.row(*other));
        }
        neighbours.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    }
    nearest
}

/// Keeps the nearest, and says how near the next one must be.
fn put(nearest: &mut Vec<(f32, usize)>, distance: f32, other: usize) -> f32 {
    let at = nearest.partition_point(|(kept, _)| *kept <= distance);
    nearest.insert(at, (distance, other));
    nearest.truncate(N_NEAREST);
    nearest.get(N_NEAREST - 1).map_or(f32::INFINITY, |(kept, _)| *kept)
}

/// A column for each row: sums of its values with signs that look like chance (a *count sketch*), which keep distances.
fn sketches(rows: &Matrix) -> Matrix {
    let n = rows.n_rows();
    let mut sketches = Matrix::zeros(N_SKETCH, n);
    let mut state = 1_u32;
    let negative: Vec<bool> = (0..rows.n_columns)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 31 == 1
        })
        .collect();
    for row in 0..n {
        for (at, (value, negative)) in rows.row(row).iter().zip(&negative).enumerate() {
            sketches.values[at % N_SKETCH * n + row] += if *negative { -value } else { *value };
        }
    }
    sketches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::made::{example, set};
    use crate::train::matrix::tests::noise;

    /// Pictures of the kind `seed`, each so far from it.
    fn pictures(of: &[(u32, f32)]) -> TrainingSet {
        let examples = (0..).zip(of).map(|(id, (seed, stray))| {
            let own = noise(320, 1_000 + id);
            let values: Vec<f32> = noise(320, *seed).iter().zip(own).map(|(base, own)| base + stray * own).collect();
            example(id, &values, &[0])
        });
        set(1, examples.collect())
    }

    fn pairs(set: &TrainingSet) -> Vec<(usize, usize, bool)> {
        twins(set).iter().map(|pair| (pair.first, pair.second, pair.is_exact)).collect()
    }

    #[test]
    fn a_copy_is_found_and_what_is_only_alike_is_not() {
        let made = pictures(&[(1, 0.0), (2, 0.0), (3, 0.0), (1, 0.3), (2, 0.6), (4, 0.0)]);
        let rows = rows(&made);
        assert!((dot(rows.row(1), rows.row(4)) - 0.85).abs() < 0.05);
        assert_eq!(pairs(&made), [(0, 3, false), (1, 4, false)]);
        assert_eq!(groups(&made), [0, 1, 2, 0, 1, 3]);
        let kind = pictures(&[(1, 0.45); 5]);
        assert_eq!(pairs(&kind), [], "five that are as near to each other are a kind, not one picture");
    }

    #[test]
    fn the_same_file_or_picture_is_a_twin_whatever_is_in_it() {
        let mut made = pictures(&[(1, 0.0), (2, 0.0), (3, 0.0), (1, 0.0), (4, 0.0)]);
        made.examples[0].sha256 = [7; 32];
        made.examples[2].sha256 = [7; 32];
        made.examples[4].id = 1;
        assert_eq!(pairs(&made), [(0, 2, true), (0, 3, false), (1, 4, true)]);
        made.examples[3].sha256 = [7; 32];
        assert_eq!(pairs(&made), [(0, 2, true), (0, 3, false), (1, 4, true), (2, 3, true)]);
    }

    #[test]
    fn twins_of_twins_are_in_one_group() {
        let pair = |first, second| Twins { first, second, is_exact: false };
        assert_eq!(connected(6, &[pair(1, 4), pair(3, 4), pair(2, 5)]), [0, 1, 2, 1, 1, 2]);
        assert_eq!(connected(5, &[pair(3, 4), pair(0, 3), pair(1, 2)]), [0, 1, 1, 0, 0]);
    }

    #[test]
    fn nothing_and_one_have_no_twins() {
        let mut made = pictures(&[(1, 0.0)]);
        assert_eq!(pairs(&made), []);
        made.examples.clear();
        assert_eq!((pairs(&made), groups(&made)), (vec![], vec![]));
    }

    #[test]
    fn no_copy_is_lost_by_the_sketch() {
        let of: Vec<(u32, f32)> = (0..120).map(|at| (at / 2 + 1, 0.2)).collect();
        let wanted: Vec<_> = (0..60).map(|pair| (2 * pair, 2 * pair + 1, false)).collect();
        assert_eq!(pairs(&pictures(&of)), wanted);
    }
}
