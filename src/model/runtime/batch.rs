//! What a network's input says of batches and pixels, where one picture must fit in.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::dimension::Value::DimValue;
use tract_onnx::pb::{GraphProto, TypeProto, ValueInfoProto, type_proto};

use super::element_type;
use super::graph::{Graph, int};
use crate::error::{Error, ErrorKind, Result};
use crate::model::card::InputSpec;

/// The number of pictures that the input is stated to take at a time, if that is more than one.
pub fn stated(graph: &GraphProto) -> Option<i64> {
    let TypeProto { value, .. } = graph.input.first()?.r#type.as_ref()?;
    let Some(type_proto::Value::TensorType(tensor)) = value else { return None };
    match tensor.shape.as_ref()?.dim[..] {
        [ref batch, _, _, _] => match batch.value {
            Some(DimValue(batch)) if batch > 1 => Some(batch),
            _ => None,
        },
        _ => None,
    }
}

/// The refusal of a network that takes `batch` pictures at a time, and only so many.
pub fn refusal(batch: i64) -> Error {
    let detail = format!(
        "This network wants {batch} pictures at a time, and Tagsmith gives it one. Export it with a batch of 1, or of any size."
    );
    Error::new(ErrorKind::ModelMismatch, detail)
}

/// Refuses a network that has its batch of more than one written into its layers. A batch that only the input states does no harm.
///
/// # Errors
/// [`ErrorKind::ModelMismatch`].
pub fn check_is_open(graph: &GraphProto) -> Result<()> {
    let Some(batch) = stated(graph) else { return Ok(()) };
    let values = Graph::new(graph);
    let is_fixed = graph.node.iter().filter(|node| ["Reshape", "Expand"].contains(&&*node.op_type)).any(|node| {
        let shape = node.input.get(1).and_then(|shape| values.whole_numbers(shape));
        shape.is_some_and(|shape| shape.len() > 1 && shape[0] == batch)
    });
    if is_fixed { Err(refusal(batch)) } else { Ok(()) }
}

/// Whether a rewritten network turns its pixels into whole numbers first.
pub fn takes_whole_numbers(graph: &GraphProto) -> bool {
    let first = graph.node.iter().find(|node| node.input.first() == graph.input.first().map(|input| &input.name));
    first.is_some_and(|node| node.op_type == "Cast" && [2, 3].contains(&int(node, "to")))
}

fn takes_bytes(input: &ValueInfoProto) -> bool {
    [DataType::Uint8 as i32, DataType::Int8 as i32].contains(&element_type(input))
}

/// Refuses a card whose pixel values would be rounded to whole numbers on the way into the network.
///
/// # Errors
/// [`ErrorKind::ModelMismatch`].
pub fn check_pixels(graph: &GraphProto, input: &InputSpec) -> Result<()> {
    let found = graph.input.iter().find(|found| found.name == input.name);
    let is_whole = |mean: &f32| mean.fract() == 0.0;
    if !found.is_some_and(takes_bytes) || (input.std == [1.0; 3] && input.mean.iter().all(is_whole)) {
        return Ok(());
    }
    let detail = format!(
        "The network's input {:?} takes pixels as whole numbers, and the card turns them into fractions. Set mean to 0 and std to 1 in the card.",
        input.name
    );
    Err(Error::new(ErrorKind::ModelMismatch, detail))
}
