//! A network with one probability for two classes.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Activation, ModelCard};
use crate::model::runtime::{Outputs, Runtime, WantedOutputs};

/// Two scores of a network that has one: that of the second class as it is, and before it that of the first, which has the rest.
struct Complement {
    runtime: Box<dyn Runtime>,
    activation: Activation,
}

/// `runtime` with one score per class: two where the card says that one stands for two.
///
/// # Errors
/// [`ErrorKind::ModelMismatch`] for a complement to more than one score.
pub fn with_every_class(runtime: Box<dyn Runtime>, card: &ModelCard) -> Result<Box<dyn Runtime>> {
    if !card.outputs.complement {
        return Ok(runtime);
    }
    if runtime.n_classes() != 1 {
        let detail = format!(
            "The card's outputs.complement stands for a network with one score, but this one has {}. Leave it out.",
            runtime.n_classes()
        );
        return Err(Error::new(ErrorKind::ModelMismatch, detail));
    }
    Ok(Box::new(Complement { runtime, activation: card.activation }))
}

impl Complement {
    fn both(&self, scores: &[f32]) -> Vec<f32> {
        let rest = |score: f32| match self.activation {
            Activation::None => 1.0 - score,
            // sigmoid(-z) = 1 - sigmoid(z)
            Activation::Sigmoid | Activation::Softmax => -score,
        };
        scores.iter().flat_map(|&score| [rest(score), score]).collect()
    }
}

impl Runtime for Complement {
    fn n_classes(&self) -> usize {
        2
    }

    fn run(&self, input: &[f32], wanted: WantedOutputs) -> Result<Outputs> {
        let outputs = self.runtime.run(input, wanted)?;
        Ok(Outputs { scores: self.both(&outputs.scores), ..outputs })
    }

    fn score_embedding(&self, embedding: &[f32]) -> Result<Vec<f32>> {
        Ok(self.both(&self.runtime.score_embedding(embedding)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagging::scores::activate;

    /// Gives the embedding as its scores.
    struct Echo;

    impl Runtime for Echo {
        fn n_classes(&self) -> usize {
            1
        }

        fn run(&self, input: &[f32], _: WantedOutputs) -> Result<Outputs> {
            Ok(Outputs { scores: input.to_vec(), embedding: None, feature_map: None })
        }

        fn score_embedding(&self, embedding: &[f32]) -> Result<Vec<f32>> {
            Ok(embedding.to_vec())
        }
    }

    #[test]
    fn the_first_class_has_the_rest_whether_the_network_gives_a_logit_or_a_probability() {
        for (activation, score, expected) in [(Activation::None, 0.75, 0.75), (Activation::Sigmoid, 2.0, 0.880_797)] {
            let both = Complement { runtime: Box::new(Echo), activation };
            for scores in
                [both.run(&[score], WantedOutputs::Tags).unwrap().scores, both.score_embedding(&[score]).unwrap()]
            {
                let scores = activate(scores, activation).unwrap();
                assert!(
                    (scores[1] - expected).abs() < 1e-6 && (scores[0] + scores[1] - 1.0).abs() < 1e-6,
                    "{scores:?}"
                );
            }
        }
    }
}
