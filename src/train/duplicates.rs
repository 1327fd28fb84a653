//! Pictures that are the same, or nearly: what is learnt from one must not be checked on the other.

use std::collections::HashMap;

use crate::tagging::dot;
use crate::train::features::unit;
use crate::train::set::TrainingSet;

/// From this cosine between their embeddings on, two pictures are near duplicates: copies of other size, mirror images and shots of one
/// burst lie above it, other pictures of one thing below (docs/ALGORITHMS.md has what was measured).
pub const NEAR: f32 = 0.9;
/// Length of the sketch by which pairs are found that may be near.
const N_SKETCH: usize = 64;
/// A sketch keeps a distance within a fifth or so; what is further apart than twice that isn't looked at.
const SKETCH_MARGIN: f32 = 2.0;

/// For each example, the number of its group of exact and near duplicates, from 0 in the order of their first pictures. Duplicates of
/// duplicates are in one group.
pub fn groups(set: &TrainingSet) -> Vec<u32> {
    let n = set.examples.len();
    let mut leaders: Vec<usize> = (0..n).collect();
    let mut first_of = HashMap::new();
    for (number, example) in set.examples.iter().enumerate() {
        // Where nobody knows the file, it has no hash.
        let by_file = (example.sha256 != [0; 32]).then_some((Some(example.sha256), 0));
        for key in [by_file, Some((None, example.id))].into_iter().flatten() {
            let first = *first_of.entry(key).or_insert(number);
            join(&mut leaders, first, number);
        }
    }
    for (a, b, _) in near_pairs(set) {
        join(&mut leaders, a, b);
    }
    let mut numbers = HashMap::new();
    (0..n)
        .map(|example| {
            let next = numbers.len() as u32;
            *numbers.entry(leader(&mut leaders, example)).or_insert(next)
        })
        .collect()
}

/// Pairs of examples with a cosine of at least [`NEAR`], with it; the lower number first.
pub fn near_pairs(set: &TrainingSet) -> Vec<(usize, usize, f32)> {
    let rows: Vec<Vec<f32>> = set.examples.iter().map(|example| unit(&example.views[..1])).collect();
    let sketches: Vec<[f32; N_SKETCH]> = rows.iter().map(|row| sketch(row)).collect();
    let most = SKETCH_MARGIN * 2.0 * (1.0 - NEAR);
    let mut pairs = Vec::new();
    for (a, sketch) in sketches.iter().enumerate() {
        for (b, other) in sketches.iter().enumerate().skip(a + 1) {
            if squared_distance(sketch, other) <= most {
                let cosine = dot(&rows[a], &rows[b]);
                if cosine >= NEAR {
                    pairs.push((a, b, cosine));
                }
            }
        }
    }
    pairs
}

/// Few numbers that lie about as far from those of another picture as the rows do: each value is added to one of them, or taken from it
/// (a count sketch: Charikar, Chen, Farach-Colton, 2002).
fn sketch(row: &[f32]) -> [f32; N_SKETCH] {
    let mut sums = [0.0; N_SKETCH];
    for (at, value) in (0_u32..).zip(row) {
        let hash = at.wrapping_mul(0x9E37_79B1).rotate_left(15).wrapping_mul(0x85EB_CA77);
        let sign = if hash & 1 == 0 { 1.0 } else { -1.0 };
        sums[(hash >> 8) as usize % N_SKETCH] += sign * value;
    }
    sums
}

fn squared_distance(a: &[f32; N_SKETCH], b: &[f32; N_SKETCH]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for lane in 0..8 {
            lanes[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
        }
    }
    lanes.iter().sum()
}

fn leader(leaders: &mut [usize], mut one: usize) -> usize {
    while leaders[one] != one {
        leaders[one] = leaders[leaders[one]];
        one = leaders[one];
    }
    one
}

/// The earlier leader leads, so that groups don't depend on the order in which pairs are found.
fn join(leaders: &mut [usize], a: usize, b: usize) {
    let (a, b) = (leader(leaders, a), leader(leaders, b));
    leaders[a.max(b)] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::made::{example, set};
    use crate::train::matrix::tests::noise;

    #[test]
    fn copies_and_near_copies_are_one_group_and_what_is_only_alike_is_not() {
        let row = noise(200, 3);
        let moved = |by: f32, seed| row.iter().zip(noise(200, seed)).map(|(a, b)| a + by * b).collect::<Vec<_>>();
        let mut made = set(
            2,
            vec![
                example(0, &row, &[0]),
                example(1, &noise(200, 9), &[1]),
                example(2, &moved(0.3, 5), &[0]),
                example(3, &moved(1.0, 6), &[0]),
                example(4, &noise(200, 10), &[1]),
            ],
        );
        assert_eq!(groups(&made), [0, 1, 0, 2, 3]);
        made.examples[4].sha256 = [7; 32];
        made.examples[1].sha256 = [7; 32];
        made.examples[3].id = 0;
        assert_eq!(groups(&made), [0, 1, 0, 0, 1], "the same file, and the same picture");
    }

    #[test]
    fn no_near_pair_is_lost_by_the_sketch() {
        let made = set(
            1,
            (0..60)
                .map(|id| {
                    let base = noise(300, id / 2 + 1);
                    let row: Vec<f32> = base.iter().zip(noise(300, 1_000 + id)).map(|(a, b)| a + 0.15 * b).collect();
                    example(id, &row, &[0])
                })
                .collect(),
        );
        let found: Vec<_> = near_pairs(&made).into_iter().map(|(a, b, _)| (a, b)).collect();
        assert_eq!(found, (0..30).map(|pair| (2 * pair, 2 * pair + 1)).collect::<Vec<_>>());
    }
}
