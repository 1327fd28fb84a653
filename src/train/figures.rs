//! Figures and how sure they are at this number of pictures.

use serde::{Deserialize, Serialize};

/// Of the normal distribution: 95 of 100 lie within.
const Z: f64 = 1.959_964;

/// A share between 0 and 1, with the range that holds the true one in 95 of 100 cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub value: f32,
    pub low: f32,
    pub high: f32,
}

impl Figure {
    /// Wilson's interval of a share of `n`: it stays within 0 and 1, and is no point at either end. `None` of nothing.
    ///
    /// Also for an average precision, with the number of pictures that have the tag as `n`.
    pub fn of(share: f64, n: usize) -> Option<Self> {
        if n == 0 {
            return None;
        }
        let n = n as f64;
        let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let reach = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).max(0.0).sqrt();
        // Rounding must not put the value outside.
        let (low, high) = ((middle - reach).clamp(0.0, share), (middle + reach).clamp(share, 1.0));
        Some(Self { value: share as f32, low: low as f32, high: high as f32 })
    }

    pub fn of_counts(n_right: usize, n: usize) -> Option<Self> {
        Self::of(n_right as f64 / n.max(1) as f64, n)
    }

    /// The mean of several, each of other pictures: their ranges add up like those of independent errors.
    pub fn mean(of: &[Self]) -> Option<Self> {
        if of.is_empty() {
            return None;
        }
        let n = of.len() as f64;
        let mean = |get: fn(&Self) -> f64| of.iter().map(get).sum::<f64>() / n;
        let root = |get: fn(&Self) -> f64| of.iter().map(get).map(|reach| reach * reach).sum::<f64>().sqrt() / n;
        let value = mean(|one| f64::from(one.value));
        let low = (value - root(|one| f64::from(one.value - one.low))).max(0.0);
        let high = (value + root(|one| f64::from(one.high - one.value))).min(1.0);
        Some(Self { value: value as f32, low: low as f32, high: high as f32 })
    }
}

/// Area below the steps of precision over recall, as scikit-learn's `average_precision_score`: equal scores count as one step.
/// `None` where nothing is right.
pub fn average_precision(mut scored: Vec<(f32, bool)>) -> Option<f64> {
    let n_right = scored.iter().filter(|(_, is_right)| *is_right).count();
    if n_right == 0 {
        return None;
    }
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (mut sum, mut n_found, mut n_seen) = (0.0, 0, 0);
    for step in scored.chunk_by(|(a, _), (b, _)| a == b) {
        let n_new = step.iter().filter(|(_, is_right)| *is_right).count();
        n_seen += step.len();
        n_found += n_new;
        sum += n_new as f64 * n_found as f64 / n_seen as f64;
    }
    Some(sum / n_right as f64)
}

/// The value that the share `at` of all is below, between neighbours as NumPy does; `None` of nothing.
pub fn quantile(values: &[f32], at: f32) -> Option<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let place = at * sorted.len().saturating_sub(1) as f32;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

pub fn median(values: &[f32]) -> Option<f32> {
    quantile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-4, "{a} is not {b}");
    }

    #[test]
    fn intervals_are_those_of_wilson() {
        // statsmodels: proportion_confint(8, 10, method="wilson") and (25, 25).
        let Figure { low, high, .. } = Figure::of_counts(8, 10).unwrap();
        close(low.into(), 0.490_162);
        close(high.into(), 0.943_318);
        let Figure { value, low, high } = Figure::of_counts(25, 25).unwrap();
        close(low.into(), 0.866_81);
        assert_eq!((value, high), (1.0, 1.0));
        assert_eq!(Figure::of_counts(0, 0), None);
        assert_eq!(Figure::of_counts(0, 4).unwrap().low, 0.0);
    }

    #[test]
    fn more_figures_are_surer_than_one() {
        let one = Figure::of_counts(15, 20).unwrap();
        let mean = Figure::mean(&[one; 16]).unwrap();
        close(mean.value.into(), 0.75);
        close((mean.high - mean.value).into(), f64::from(one.high - one.value) / 4.0);
        assert_eq!(Figure::mean(&[]), None);
    }

    #[test]
    fn average_precision_is_that_of_scikit_learn() {
        // average_precision_score([1, 0, 1, 1, 0], [0.9, 0.8, 0.8, 0.3, 0.1]); ties in either order.
        let scored = vec![(0.8, true), (0.9, true), (0.8, false), (0.1, false), (0.3, true)];
        close(average_precision(scored).unwrap(), 0.805_555);
        assert_eq!(average_precision(vec![(0.5, false)]), None);
        assert_eq!(average_precision(vec![(0.5, true)]), Some(1.0));
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!((median(&values), quantile(&values, 1.0)), (Some(2.5), Some(4.0)));
        close(quantile(&values, 0.1).unwrap().into(), 1.3);
        assert_eq!(median(&[]), None);
    }
}
