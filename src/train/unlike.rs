//! The part of a library that looks like none of the examples. What nobody has tagged may well be what a tag means, so only what is
//! clearly something else is taken for it.

use crate::tagging::dot;
use crate::train::features::unit;
use crate::train::set::TrainingSet;

/// Examples that others are compared with.
const MAX_COMPARED: usize = 500;

/// Rows of at most `most` other pictures, evenly from all of them, that are less like every example than most examples are like each
/// other.
pub(super) fn unlike(set: &TrainingSet, examples: &[Vec<f32>], most: usize) -> Vec<Vec<f32>> {
    let compared: Vec<&Vec<f32>> = evenly(examples.len(), MAX_COMPARED).map(|at| &examples[at]).collect();
    let nearest = |row: &Vec<f32>| {
        let others = compared.iter().filter(|other| !std::ptr::eq(**other, row));
        others.map(|other| dot(row, other)).fold(-1.0, f32::max)
    };
    let mut between: Vec<f32> = compared.iter().map(|row| nearest(row)).collect();
    between.sort_by(f32::total_cmp);
    // One in twenty examples is as far from all others.
    let Some(&limit) = between.get(between.len() / 20) else { return Vec::new() };
    let looked_at = evenly(set.others.len(), 2 * most).map(|at| unit(&set.others[at..=at]));
    looked_at.filter(|row| nearest(row) < limit).take(most).collect()
}

/// At most `most` of the numbers below `n`, evenly.
pub(super) fn evenly(n: usize, most: usize) -> impl Iterator<Item = usize> {
    let taken = n.min(most);
    (0..taken).map(move |at| at * n / taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::made::clouds;

    #[test]
    fn what_looks_like_an_example_is_not_taken_for_something_else() {
        let mut set = clouds(2, 20, 0.3, 1);
        set.others = [clouds(2, 10, 0.3, 2), clouds(5, 10, 0.3, 3)]
            .iter()
            .flat_map(|other| other.examples.iter().map(|example| example.views[0].clone()))
            .collect();
        let examples: Vec<_> = set.examples.iter().map(|example| unit(&example.views)).collect();
        // Of the second library three of five tags are others.
        let found = unlike(&set, &examples, 100);
        assert!((25..=35).contains(&found.len()), "{} of 30 and of 40 that are alike", found.len());
    }

    #[test]
    fn numbers_are_taken_evenly() {
        assert_eq!(evenly(10, 4).collect::<Vec<_>>(), [0, 2, 5, 7]);
        assert_eq!(evenly(3, 4).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(evenly(0, 4).count(), 0);
    }
}
