//! Turns a rewritten network into a plan that runs, and checks that optimising it did not change what it computes.

use std::collections::HashSet;

use tract_onnx::Onnx;
use tract_onnx::pb::{GraphProto, ModelProto};
use tract_onnx::prelude::*;

use super::ranks::{LeastRanks, least_ranks};
use super::tensor::n_values;
use super::{batch, demand, passes, root_cause, shapes, strided};
use crate::error::{Error, ErrorKind, Result};

/// Operators that are optimised right in every network of the tests, or that nothing is moved over. A network of these alone is not tried.
const PLAIN: &[&str] = &[
    "Add",
    "AveragePool",
    "BatchNormalization",
    "Clip",
    "Concat",
    "Constant",
    "Conv",
    "DequantizeLinear",
    "Dropout",
    "Flatten",
    "Gemm",
    "GlobalAveragePool",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LeakyRelu",
    "MatMul",
    "MaxPool",
    "Mul",
    "PRelu",
    "Pad",
    "QuantizeLinear",
    "ReduceMean",
    "Relu",
    "Reshape",
    "Sigmoid",
    "Softmax",
];
/// Networks with more weights than this are not tried: they are too slow to run twice more.
const MAX_TRIED_WEIGHTS: usize = 1 << 26;
/// The difference that is rounding, as a share of the range of an output; and where activations are quantised, so that rounding moves some by a
/// whole step.
const TOLERANCE: f32 = 0.002;
const QUANTISED_TOLERANCE: f32 = 0.05;

/// Dequantises the weights and optimises the network for inputs of `shape`. `proto` must have passed [`super::open_for`].
///
/// # Errors
/// [`ErrorKind::ModelInvalid`], and [`ErrorKind::ModelMismatch`] for a network that takes only several pictures at a time.
pub fn prepare(onnx: &Onnx, mut proto: ModelProto, shape: [usize; 4]) -> Result<Arc<TypedRunnableModel>> {
    let stated_batch = proto.graph.as_ref().and_then(batch::stated);
    let tolerance = proto.graph.as_ref().filter(|graph| is_tried(graph)).map(tolerance);
    passes::fold_constant_weights(&mut proto)?;
    let least_ranks = proto.graph.as_ref().map(least_ranks).unwrap_or_default();
    (|| -> TractResult<_> {
        let mut network = onnx.parse(&proto, None)?.model;
        drop(proto);
        network.set_input_fact(0, f32::fact(shape).into())?;
        let typed = type_all(network, &least_ranks)?;
        match tolerance {
            Some(tolerance) => tried(typed, shape, tolerance),
            // What optimising cannot take runs as it is written.
            None => optimise_typed(typed.clone()).unwrap_or(typed).into_runnable(),
        }
    })()
    .map_err(|error| match (error.downcast::<Error>(), stated_batch) {
        // A limit's own sentence says what to do.
        (Ok(error), _) => error,
        (Err(error), Some(batch)) => batch::refusal(batch).with_source(error),
        (Err(error), None) => {
            let detail = format!("The network cannot be prepared: {}.", root_cause(&error));
            Error::new(ErrorKind::ModelUnsupported, detail).with_source(error)
        }
    })
}

/// What tract's `into_optimized` does, with limits before anything is computed.
pub fn optimise(network: InferenceModel, least_ranks: &LeastRanks) -> TractResult<TypedModel> {
    optimise_typed(type_all(network, least_ranks)?)
}

fn type_all(mut network: InferenceModel, least_ranks: &LeastRanks) -> TractResult<TypedModel> {
    shapes::infer(&mut network, least_ranks)?;
    let mut typed = network.into_typed()?;
    strided::gather_instead(&mut typed)?;
    demand::check(&typed)?;
    Ok(typed)
}

fn optimise_typed(typed: TypedModel) -> TractResult<TypedModel> {
    let optimised = typed.into_optimized()?;
    demand::check(&optimised)?;
    Ok(optimised)
}

fn is_tried(graph: &GraphProto) -> bool {
    let plain: HashSet<&str> = PLAIN.iter().copied().collect();
    let n_weights = graph.initializer.iter().filter_map(n_values).fold(0usize, usize::saturating_add);
    n_weights <= MAX_TRIED_WEIGHTS && !graph.node.iter().all(|node| plain.contains(node.op_type.as_str()))
}

fn tolerance(graph: &GraphProto) -> f32 {
    let is_quantised = graph.node.iter().any(|node| node.op_type == "QuantizeLinear");
    if is_quantised { QUANTISED_TOLERANCE } else { TOLERANCE }
}

/// The optimised plan if it gives what the network gives as it is written, else that one, which is slower.
fn tried(typed: TypedModel, shape: [usize; 4], tolerance: f32) -> TractResult<Arc<TypedRunnableModel>> {
    let input = noise(shape)?;
    let as_written = typed.clone().into_runnable()?;
    let optimised = optimise_typed(typed).and_then(|model| model.into_runnable());
    let Ok(expected) = as_written.run(tvec!(input.clone().into())) else { return optimised };
    match optimised {
        Ok(optimised) => {
            let found = optimised.run(tvec!(input.into()));
            let is_same = found.is_ok_and(|found| agree(&expected, &found, tolerance).unwrap_or(false));
            Ok(if is_same { optimised } else { as_written })
        }
        Err(_) => Ok(as_written),
    }
}

/// The same pseudo-random pixels every time, between −2 and 2.
fn noise(shape: [usize; 4]) -> TractResult<Tensor> {
    let mut state = 0x9E37_79B9_u32;
    let values: Vec<f32> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as f32 / u32::MAX as f32 * 4.0 - 2.0
    })
    .take(shape.iter().product())
    .collect();
    Tensor::from_shape(&shape, &values)
}

/// Whether two runs gave the same, but for `tolerance` of each output's range.
fn agree(expected: &[TValue], found: &[TValue], tolerance: f32) -> TractResult<bool> {
    for (expected, found) in expected.iter().zip(found) {
        let (expected, found) = (expected.cast_to::<f32>()?, found.cast_to::<f32>()?);
        let (expected, found) = (expected.to_plain_array_view::<f32>()?, found.to_plain_array_view::<f32>()?);
        let (least, most) =
            expected.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), &x| (least.min(x), most.max(x)));
        let tolerance = tolerance * (most - least) + 1e-3 * most.abs().max(least.abs());
        let is_near = |(expected, found): (&f32, &f32)| {
            (expected - found).abs() <= tolerance || expected == found || (expected.is_nan() && found.is_nan())
        };
        if expected.shape() != found.shape() || !expected.iter().zip(found.iter()).all(is_near) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_optimising_changes_runs_as_it_is_written() {
        let onnx = tract_onnx::onnx();
        let model = include_bytes!("../../../tests/fixtures/brought/strided_slice_with_an_offset.onnx");
        let mut proto = super::super::read(model).unwrap();
        passes::rewrite(&mut proto).unwrap();
        assert!(is_tried(proto.graph.as_ref().unwrap()));
        let shape = [1, 3, 16, 16];
        let mut network = onnx.parse(&proto, None).unwrap().model;
        network.set_input_fact(0, f32::fact(shape).into()).unwrap();
        let typed = network.into_typed().unwrap();
        let run = |plan: &Arc<TypedRunnableModel>| plan.run(tvec!(noise(shape).unwrap().into())).unwrap();

        let as_written = run(&typed.clone().into_runnable().unwrap());
        let optimised = run(&typed.clone().into_optimized().unwrap().into_runnable().unwrap());
        assert!(!agree(&as_written, &optimised, TOLERANCE).unwrap(), "tract is mended: is `strided` still needed?");
        assert!(agree(&as_written, &run(&tried(typed, shape, TOLERANCE).unwrap()), TOLERANCE).unwrap());
    }
}
