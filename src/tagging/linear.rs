//! The linear part of a head, with sums in a fixed order: a compiler may not reorder sums of floating-point numbers, so these give the
//! same bits on every processor, with vectors of any width.

/// Partial sums of a product, added up at its end.
const LANES: usize = 8;

/// a · b, of two vectors of one length.
#[allow(clippy::needless_range_loop, reason = "loops over places are vectorised more surely than iterators")]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    debug_assert_eq!(a.len(), b.len());
    let mut lanes = [0.0_f32; LANES];
    let ((a_blocks, a_rest), (b_blocks, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    for at in 0..a_blocks.len().min(b_blocks.len()) {
        let (x, y) = (&a_blocks[at], &b_blocks[at]);
        for lane in 0..LANES {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let halves: [f32; 4] = std::array::from_fn(|lane| lanes[lane] + lanes[lane + 4]);
    (halves[0] + halves[2]) + (halves[1] + halves[3]) + rest
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
