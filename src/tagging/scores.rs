//! Network output → class scores in [0, 1] → tag scores.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::Activation;
use crate::model::vocabulary::{TagIdx, Vocabulary};

/// How far rounding may move a probability out of [0, 1].
const ROUNDING: f32 = 1e-3;

/// Converts the network's output (one value per class) to scores in [0, 1].
///
/// # Errors
/// [`ErrorKind::ScoresInvalid`] for NaN and infinities, and for values outside [0, 1] that should be probabilities.
pub fn activate(mut output: Vec<f32>, activation: Activation) -> Result<Vec<f32>> {
    if let Some(class) = output.iter().position(|value| !value.is_finite()) {
        return Err(scores_invalid(format!(
            "The network returned {} for class {class}. Check its weights, and the card's mean and std.",
            output[class]
        )));
    }
    match activation {
        Activation::Softmax => {
            let highest = output.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            output.iter_mut().for_each(|value| *value = (*value - highest).exp());
            let sum: f64 = output.iter().map(|&value| f64::from(value)).sum();
            output.iter_mut().for_each(|value| *value = (f64::from(*value) / sum) as f32);
        }
        Activation::Sigmoid => output.iter_mut().for_each(|value| *value = 1.0 / (1.0 + (-*value).exp())),
        Activation::None => {
            let allowed = -ROUNDING..=1.0 + ROUNDING;
            if let Some(class) = output.iter().position(|value| !allowed.contains(value)) {
                return Err(scores_invalid(format!(
                    "The network returned {} for class {class}, which is not a probability. Set the card's activation to \"softmax\" or \"sigmoid\".",
                    output[class]
                )));
            }
            output.iter_mut().for_each(|value| *value = value.clamp(0.0, 1.0));
        }
    }
    Ok(output)
}

/// Tag scores from class scores, parents included: the sum over a tag's leaf classes, or their maximum for independent classes
/// (sigmoid).
///
/// # Errors
/// [`ErrorKind::ScoresInvalid`] unless there is one finite score per class.
pub fn tag_scores(scores: &[f32], activation: Activation, vocabulary: &Vocabulary) -> Result<Vec<f32>> {
    let invalid = |detail: String| Err(Error::new(ErrorKind::ScoresInvalid, detail));
    if scores.len() != vocabulary.n_classes() {
        return invalid(format!(
            "The network returned {} scores, but the vocabulary has {} classes.",
            scores.len(),
            vocabulary.n_classes()
        ));
    }
    if let Some(class) = scores.iter().position(|score| !score.is_finite()) {
        return invalid(format!("The score of class {class} is {}.", scores[class]));
    }
    let score = |tag: TagIdx| {
        let scores = vocabulary.leaf_classes(tag).iter().map(|&class| scores[class as usize]);
        match activation {
            Activation::Sigmoid => scores.fold(0.0, f32::max),
            Activation::Softmax | Activation::None => scores.sum::<f32>().min(1.0),
        }
    };
    Ok((0..vocabulary.tags().len() as TagIdx).map(score).collect())
}

fn scores_invalid(detail: String) -> Error {
    Error::new(ErrorKind::ScoresInvalid, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_sums_to_one_even_for_huge_logits() {
        let scores = activate(vec![1000.0, 999.0, -1000.0], Activation::Softmax).unwrap();
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((scores[0] - 0.731_058_6).abs() < 1e-6);
    }

    #[test]
    fn nan_and_infinities_are_errors_under_every_activation() {
        for activation in [Activation::Softmax, Activation::Sigmoid, Activation::None] {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let error = activate(vec![0.5, bad], activation).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::ScoresInvalid);
                assert!(error.detail().contains("class 1"));
            }
        }
        assert_eq!(activate(vec![7.0], Activation::None).unwrap_err().kind(), ErrorKind::ScoresInvalid);
    }
}
