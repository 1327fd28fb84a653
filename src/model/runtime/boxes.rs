//! A detector's network: a score per class and one box per anchor.

use tract_onnx::prelude::*;

use super::{input_shape, loading, open_for, plan, run_failed, running};
use crate::error::{Error, ErrorKind, Result};
use crate::model::card::DetectorCard;

/// Runs a detector's network on one picture.
pub trait BoxRuntime: Send + Sync {
    /// The number of anchors.
    fn n_rows(&self) -> usize;

    /// `input`: one picture as the card describes. Returns the logits and the box values of all rows, row by row; a row has one logit per
    /// class of the card.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`].
    fn run(&self, input: &[f32]) -> Result<(Vec<f32>, Vec<f32>)>;
}

/// A detector's network in tract, on one thread.
pub struct TractBoxes {
    plan: Arc<TypedRunnableModel>,
    input_shape: [usize; 4],
    n_rows: usize,
}

/// Centre x and y, width and height.
const LEAST_VALUES: usize = 4;

impl TractBoxes {
    /// Parses, checks and optimises an ONNX file for the input that `card` states.
    ///
    /// # Errors
    /// As [`super::TractRuntime::load`].
    pub fn load(model: &[u8], card: &DetectorCard) -> Result<Self> {
        loading(|| Self::load_unguarded(model, card))
    }

    fn load_unguarded(model: &[u8], card: &DetectorCard) -> Result<Self> {
        let onnx = tract_onnx::onnx();
        let shape = input_shape(&card.input);
        let proto = open_for(&onnx, model, &card.input, &[&card.outputs.scores, &card.outputs.boxes])?;
        let plan = plan::prepare(&onnx, proto, shape)?;
        let sizes: Vec<usize> = (0..2)
            .filter_map(|idx| Some(plan.model().output_fact(idx).ok()?.shape.as_concrete()?.iter().product()))
            .collect();
        let n_classes = card.n_classes();
        let last = |idx: usize| plan.model().output_fact(idx).ok()?.shape.as_concrete()?.last().copied();
        // With several scores per anchor, another order of the dimensions would give other values, and no error.
        let is_by_row = |n_values: usize| n_classes == 1 || (last(0) == Some(n_classes) && last(1) == Some(n_values));
        match sizes[..] {
            [n_scores, n_values]
                if n_scores >= n_classes
                    && n_scores % n_classes == 0
                    && n_values % (n_scores / n_classes) == 0
                    && n_values / (n_scores / n_classes) >= LEAST_VALUES
                    && is_by_row(n_values / (n_scores / n_classes)) =>
            {
                Ok(Self { plan, input_shape: shape, n_rows: n_scores / n_classes })
            }
            _ => Err(Error::new(
                ErrorKind::ModelMismatch,
                format!(
                    "The detector's outputs have {sizes:?} values. Row by row, it needs {n_classes} per anchor as its card says, and a box of four or more values. Correct the card's classes or outputs."
                ),
            )),
        }
    }
}

impl BoxRuntime for TractBoxes {
    fn n_rows(&self) -> usize {
        self.n_rows
    }

    fn run(&self, input: &[f32]) -> Result<(Vec<f32>, Vec<f32>)> {
        let run = || -> TractResult<_> {
            let outputs = self.plan.run(tvec!(Tensor::from_shape(&self.input_shape, input)?.into()))?;
            let values = |idx: usize| -> TractResult<Vec<f32>> {
                Ok(outputs[idx].cast_to::<f32>()?.to_plain_array_view::<f32>()?.iter().copied().collect())
            };
            Ok((values(0)?, values(1)?))
        };
        running(|| run().map_err(run_failed))
    }
}
