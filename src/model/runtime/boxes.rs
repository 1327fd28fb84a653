//! A network that gives boxes: one score and a few values for each of its anchors.

use tract_onnx::prelude::*;

use super::{check_graph, input_shape, prepare, prepare_interface, read, run_failed, widen};
use crate::error::{Error, ErrorKind, Result};
use crate::model::card::DetectorCard;

/// Something that runs a detector on one picture.
pub trait BoxRuntime: Send + Sync {
    /// How many anchors the network has.
    fn n_rows(&self) -> usize;

    /// `input`: one picture as the card says. Gives one logit a row, and as many values as a row has, row by row.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`].
    fn run(&self, input: &[f32]) -> Result<(Vec<f32>, Vec<f32>)>;
}

/// A detector in tract, on one thread.
pub struct TractBoxes {
    plan: Arc<TypedRunnableModel>,
    input_shape: [usize; 4],
    n_rows: usize,
}

/// A box has a centre and two sides.
const LEAST_VALUES: usize = 4;

impl TractBoxes {
    /// Parses, checks and optimises an ONNX file for the input that `card` states.
    ///
    /// # Errors
    /// As [`super::TractRuntime::load`].
    pub fn load(model: &[u8], card: &DetectorCard) -> Result<Self> {
        let onnx = tract_onnx::onnx();
        let mut proto = read(&onnx, model)?;
        let graph = check_graph(&mut proto, |operator| onnx.op_register.0.contains_key(operator))?;
        let shape = input_shape(&card.input);
        widen::float16_to_float32(graph);
        prepare_interface(graph, &card.input.name, &[&card.outputs.scores, &card.outputs.boxes])?;
        let plan = prepare(&onnx, proto, shape)?;
        let sizes: Vec<usize> = (0..2)
            .filter_map(|idx| Some(plan.model().output_fact(idx).ok()?.shape.as_concrete()?.iter().product()))
            .collect();
        match sizes[..] {
            [n_rows, n_values] if n_rows > 0 && n_values % n_rows == 0 && n_values / n_rows >= LEAST_VALUES => {
                Ok(Self { plan, input_shape: shape, n_rows })
            }
            _ => Err(Error::new(
                ErrorKind::ModelMismatch,
                format!(
                    "The detector's outputs have {sizes:?} values; it needs one score, and four or more values of a box, an anchor."
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
        run().map_err(run_failed)
    }
}
