//! Undoes predictors: compressors store the difference of each sample from the one to its left.

use crate::picture::directory::Order;

/// What was done to each row before it was compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Predictor {
    None,
    /// Differences of whole numbers of so many bytes.
    Whole {
        width: usize,
        order: Order,
    },
    /// Floats of so many bytes: all first bytes of a row, then all second ones, and so on; then the differences of these bytes.
    Float {
        width: usize,
    },
}

impl Predictor {
    /// `row`: all samples of its pixels, `samples` each, none of them in part.
    pub fn undo(self, row: &mut [u8], samples: usize) {
        match self {
            Predictor::None => {}
            Predictor::Whole { width: 1, .. } => add_bytes(row, samples),
            Predictor::Whole { width, order } => {
                let step = width * samples;
                for at in (step..row.len()).step_by(width) {
                    let left = order.number(&row[at - step..at - step + width]);
                    let sum = order.number(&row[at..at + width]).wrapping_add(left).to_le_bytes();
                    let sample = &mut row[at..at + width];
                    sample.copy_from_slice(&sum[..width]);
                    if order == Order::Big {
                        sample.reverse();
                    }
                }
            }
            Predictor::Float { width } => {
                add_bytes(row, samples);
                let planes = row.to_vec();
                let n_samples = row.len() / width;
                for (idx, sample) in row.chunks_exact_mut(width).enumerate() {
                    // Big-endian, whatever the file is.
                    sample.iter_mut().enumerate().for_each(|(byte, out)| *out = planes[byte * n_samples + idx]);
                }
            }
        }
    }
}

fn add_bytes(row: &mut [u8], step: usize) {
    for at in step..row.len() {
        row[at] = row[at].wrapping_add(row[at - step]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_run_over_all_samples_of_a_pixel() {
        let undone = |predictor: Predictor, row: &[u8], samples| {
            let mut row = row.to_vec();
            predictor.undo(&mut row, samples);
            row
        };
        let whole = |width, order| Predictor::Whole { width, order };
        assert_eq!(undone(whole(1, Order::Big), &[1, 10, 255, 5, 1, 1], 2), [1, 10, 0, 15, 1, 16]);
        assert_eq!(undone(whole(2, Order::Little), &[255, 0, 1, 0, 0, 255], 1), [255, 0, 0, 1, 0, 0]);
        assert_eq!(undone(whole(2, Order::Big), &[0, 255, 0, 1], 1), [0, 255, 1, 0]);
        // 1.0 and 2.0: 3F80 0000 and 4000 0000.
        let floats = [0x3F, 1, 0x40, 0x80, 0, 0, 0, 0];
        let expected = [1f32.to_be_bytes(), 2f32.to_be_bytes()].concat();
        assert_eq!(undone(Predictor::Float { width: 4 }, &floats, 1), expected);
        assert!(undone(Predictor::Float { width: 4 }, &[], 1).is_empty());
    }
}
