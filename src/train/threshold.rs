//! From which confidence on a tag is shown.

use crate::train::matrix::Matrix;

/// A tag is worth showing from here on, and shown at the latest from there on, whatever a few examples say.
const LEAST: usize = 25;
const MOST: usize = 80;
/// In hundredths.
const STEPS: usize = 100;
/// All tags together say as much as so many examples of the tag itself.
const POOLED: f32 = 10.0;

/// For each tag the confidence, in hundredths, with the largest F1 on examples that were left out. `confidences`, `targets`: row × tag.
pub(super) fn thresholds(confidences: &Matrix, targets: &Matrix) -> Vec<f32> {
    let n_tags = targets.n_columns;
    // How many with the tag, and how many without it, are shown at each threshold.
    let mut with = vec![[0.0_f32; STEPS + 1]; n_tags];
    let mut without = vec![[0.0_f32; STEPS + 1]; n_tags];
    for row in 0..targets.n_rows() {
        for (tag, (confidence, target)) in confidences.row(row).iter().zip(targets.row(row)).enumerate() {
            let counts = if *target > 0.0 { &mut with[tag] } else { &mut without[tag] };
            let last = (confidence * STEPS as f32) as usize;
            counts[..=last.min(STEPS)].iter_mut().for_each(|count| *count += 1.0);
        }
    }
    let sum = |counts: &[[f32; STEPS + 1]], at: usize| counts.iter().map(|counts| counts[at]).sum::<f32>();
    let n_positive = sum(&with, 0).max(1.0);
    (0..n_tags)
        .map(|tag| {
            let f1 = |at: usize| {
                let share = POOLED / n_positive;
                let [right, wrong, all] = [
                    with[tag][at] + share * sum(&with, at),
                    without[tag][at] + share * sum(&without, at),
                    with[tag][0] + share * sum(&with, 0),
                ];
                2.0 * right / (right + wrong + all).max(f32::MIN_POSITIVE)
            };
            // Among equals the one nearest to even odds.
            let better = |best: usize, at: usize| {
                let nearer = at.abs_diff(STEPS / 2) < best.abs_diff(STEPS / 2);
                if f1(at) > f1(best) || f1(at) == f1(best) && nearer { at } else { best }
            };
            (LEAST..=MOST).fold(LEAST, better) as f32 / STEPS as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_lies_between_what_has_the_tag_and_what_has_not() {
        let of = |values: Vec<f32>| Matrix { n_columns: 1, values };
        let targets = of([vec![1.0; 8], vec![0.0; 40]].concat());
        let apart = |positive: f32, negative: f32| {
            thresholds(&of([vec![positive; 8], vec![negative; 40]].concat()), &targets)[0]
        };
        assert_eq!(apart(0.9, 0.1), 0.5, "as near to even odds as it can be");
        assert_eq!(apart(0.4, 0.1), 0.4);
        assert_eq!(apart(0.9, 0.7), 0.71);
        assert_eq!(apart(0.1, 0.02), 0.5, "below what is worth showing all are equal");
    }
}
