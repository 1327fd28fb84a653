//! A network without a card on trial: loaded once, and run with several preparations of one picture, so that a person sees which is right.

use crate::error::Result;
use crate::model::card::{InputSpec, ModelCard};
use crate::model::import::{ImportChoices, ModelInspection, load_undescribed};
use crate::model::runtime::{Runtime, WantedOutputs};
use crate::picture::{Limits, Picture, decode, resize};
use crate::tagging::scores::activate;

/// A loaded network whose preparation is not known.
pub struct Trial {
    runtime: Box<dyn Runtime>,
    card: ModelCard,
}

impl Trial {
    /// Loads a network for the size, the layout and the scores in `choices`.
    ///
    /// # Errors
    /// Those of [`import_model`](crate::model::import_model) that do not concern labels.
    pub fn load(model: &[u8], inspection: &ModelInspection, choices: &ImportChoices) -> Result<Self> {
        let (card, runtime) = load_undescribed(model, inspection, choices)?;
        Ok(Self { runtime: Box::new(runtime), card })
    }

    /// Whether the network, as it was loaded, can be tried with these choices: their size, layout and scores are the same.
    pub fn fits(&self, choices: &ImportChoices) -> bool {
        let InputSpec { height, width, layout, .. } = self.card.input;
        (height, width, layout) == (choices.height, choices.width, choices.layout)
            && self.card.outputs.scores == choices.scores
    }

    /// Decodes a picture as large as any of the preparations needs it.
    ///
    /// # Errors
    /// Those of [`decode`](decode::decode).
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
        Ok(decode::decode(bytes, limits, None)?.1)
    }

    /// The classes with the `n` highest scores, and these, for a picture prepared as `choices` say. With two labels, one score stands for
    /// two classes.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`](crate::error::ErrorKind) and [`ErrorKind::ScoresInvalid`](crate::error::ErrorKind).
    pub fn best(
        &self,
        picture: &Picture,
        choices: &ImportChoices,
        n_labels: usize,
        n: usize,
    ) -> Result<Vec<(usize, f32)>> {
        let ImportChoices { colour, mean, std, fit, filter, .. } = *choices;
        let input = InputSpec { colour, mean, std, fit, filter, ..self.card.input.clone() };
        let outputs = self.runtime.run(&resize::to_tensor(picture, &input), WantedOutputs::Tags)?;
        let mut scores = activate(outputs.scores, choices.activation)?;
        if let (&[score], 2) = (&scores[..], n_labels) {
            scores = vec![1.0 - score, score];
        }
        let mut ranked: Vec<(usize, f32)> = scores.into_iter().enumerate().collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1));
        ranked.truncate(n);
        Ok(ranked)
    }
}
