//! Pictures as rows of numbers.

use crate::tagging::dot;
use crate::tags::Embedding;
use crate::train::background::Background;

/// Added to each deviation, in parts of their root mean square: a value that hardly ever differs must not count most.
const LEAST_DEVIATION: f32 = 0.05;

/// A picture's row: the mean of its views' embeddings, each of length 1, itself made as long. Zeros where all embeddings are.
pub(super) fn unit(views: &[Embedding]) -> Vec<f32> {
    let mut sum = vec![0.0; views.first().map_or(0, |view| view.vector.len())];
    for view in views {
        // The scale of an embedding is that of all its values, so it is in the length too.
        let square: i64 = view.vector.iter().map(|&step| i64::from(step) * i64::from(step)).sum();
        if square > 0 && view.scale > 0.0 {
            let length = (square as f64).sqrt() as f32;
            sum.iter_mut().zip(&view.vector).for_each(|(sum, &step)| *sum += f32::from(step) / length);
        }
    }
    let length = dot(&sum, &sum).sqrt();
    if length > 0.0 {
        sum.iter_mut().for_each(|value| *value /= length);
    }
    sum
}

/// By how much each value of an embedding counts: less, the more it differs between everyday pictures, or all alike.
pub(super) fn scales(background: Option<&Background>, n_features: usize) -> Vec<f32> {
    let Some(Background { deviations, .. }) = background else { return vec![1.0; n_features] };
    let mean_square = dot(deviations, deviations) / n_features as f32;
    if mean_square <= 0.0 {
        return vec![1.0; n_features];
    }
    let least = LEAST_DEVIATION * mean_square.sqrt();
    deviations.iter().map(|deviation| 1.0 / (deviation + least).sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_counts_alike_however_long_its_embedding_is() {
        let view = |values: [f32; 2]| Embedding::new(&values).unwrap();
        let row = unit(&[view([1.0, 0.0]), view([0.0, 50.0])]);
        assert!(row.iter().all(|value| (value - 0.5_f32.sqrt()).abs() < 1e-6), "{row:?}");
        assert_eq!(unit(&[view([0.0, 0.0])]), [0.0, 0.0]);
    }
}
