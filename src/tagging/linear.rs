//! The linear part of a head, with sums in a fixed order: a compiler may not reorder sums of floating-point numbers, so these give the
//! same bits on every processor, with vectors of any width.

use crate::tagging::lanes::Lanes;

/// a · b, of two vectors of one length: eight partial sums, added up at the end.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    debug_assert_eq!(a.len(), b.len());
    let mut sums = [Lanes::splat(0.0); 2];
    let ((a_blocks, a_rest), (b_blocks, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    for (x, y) in a_blocks.iter().zip(b_blocks) {
        let fours = x.as_chunks::<4>().0.iter().zip(y.as_chunks::<4>().0);
        for (sum, (x, y)) in sums.iter_mut().zip(fours) {
            *sum = sum.plus_product(Lanes::new(x), Lanes::new(y));
        }
    }
    let halves = sums[0].plus(sums[1]).values();
    (halves[0] + halves[2]) + (halves[1] + halves[3]) + rest
}

/// target += factor · source, as far as both go.
#[cfg(feature = "train")]
pub(crate) fn add_scaled(target: &mut [f32], factor: f32, source: &[f32]) {
    let n = target.len().min(source.len());
    let factors = Lanes::splat(factor);
    let ((targets, target_rest), (sources, source_rest)) =
        (target[..n].as_chunks_mut::<4>(), source[..n].as_chunks::<4>());
    for (target, source) in targets.iter_mut().zip(sources) {
        *target = Lanes::new(target).plus_product(factors, Lanes::new(source)).values();
    }
    target_rest.iter_mut().zip(source_rest).for_each(|(target, source)| *target += factor * source);
}

/// 1 / (1 + e^−x), with the same bits everywhere.
pub(crate) fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-x))
}

/// The length of an embedding; `None` if it has other than `n_features` values, or one that is no finite number.
pub(super) fn length(embedding: &[f32], n_features: usize) -> Option<f32> {
    let length = embedding.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
    (embedding.len() == n_features && length.is_finite()).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_every_term_whatever_its_length() {
        for n in 0..40 {
            let ones: Vec<f32> = (1..=n).map(|value| value as f32).collect();
            assert_eq!(dot(&ones, &vec![2.0; n]), (n * (n + 1)) as f32);
        }
    }

    #[test]
    fn a_logistic_value_is_between_0_and_1_at_any_distance() {
        assert_eq!([-500.0, 0.0, 500.0].map(logistic), [0.0, 0.5, 1.0]);
    }
}
