//! An embedding in a byte a value, as a library keeps it: a quarter of the size, and as near to others as before.

use serde::{Deserialize, Serialize};

/// A vector before a network's last layer. A value is that of `vector` times `scale`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Embedding {
    pub scale: f32,
    /// From -127 to 127.
    pub vector: Vec<i8>,
}

impl Embedding {
    /// The nearest to `values`, whose largest becomes 127; `None` where one of them is no finite number.
    pub fn new(values: &[f32]) -> Option<Self> {
        if !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let scale = values.iter().fold(0.0_f32, |most, value| most.max(value.abs())) / f32::from(i8::MAX);
        // Of zeros, or of values so small that their scale is none.
        let steps = |value: f32| if scale > 0.0 { (value / scale).round() } else { 0.0 };
        Some(Self { scale, vector: values.iter().map(|&value| steps(value) as i8).collect() })
    }

    /// The values again, each within half a step.
    pub fn values(&self) -> Vec<f32> {
        self.vector.iter().map(|&step| f32::from(step) * self.scale).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_value_becomes_127_and_what_is_no_number_has_no_embedding() {
        let embedding = Embedding::new(&[0.5, -2.0, 0.0, 1.004]).unwrap();
        assert_eq!((embedding.scale, &embedding.vector[..]), (2.0 / 127.0, &[32, -127, 0, 64][..]));
        assert_eq!(Embedding::new(&[0.0; 3]).unwrap(), Embedding { scale: 0.0, vector: vec![0; 3] });
        assert_eq!(Embedding::new(&[1.0, f32::NAN]), None);
        assert_eq!(Embedding::new(&[f32::NEG_INFINITY]), None);
    }

    proptest! {
        #[test]
        fn no_value_moves_by_more_than_half_a_step(values in prop::collection::vec(-1e6_f32..1e6, 1..50)) {
            let embedding = Embedding::new(&values).unwrap();
            for (&step, value) in embedding.vector.iter().zip(values) {
                prop_assert!((f32::from(step) * embedding.scale - value).abs() <= embedding.scale * 0.5001);
            }
        }
    }
}
