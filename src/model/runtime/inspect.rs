//! What an ONNX file says about itself, for a model that comes without a card. Nothing is run, so all of it is a reading of names,
//! shapes and operators; whether the reading holds is seen when the network is loaded.

mod input;
mod output;
#[cfg(test)]
mod test_graph;

use serde::{Deserialize, Serialize};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::dimension::Value::DimValue;
use tract_onnx::pb::{GraphProto, ValueInfoProto, type_proto};

use input::inspect_input;
use output::{guess_scores, inspect_output};

use super::graph::Graph;
use super::{check_graph, element_type, read, sole_input, widen};
use crate::error::Result;
use crate::model::card::{Activation, Layout};

/// No classifier has more outputs than this; a file that claims so is not read further.
const MAX_OUTPUTS: usize = 64;

/// What the file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    pub input: NetworkInput,
    /// In the file's order; only those of floats.
    pub outputs: Vec<NetworkOutput>,
    /// Name of the output that most likely holds the scores.
    pub scores: String,
}

/// The input that the picture goes to.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkInput {
    pub name: String,
    /// `None` where neither the shape nor the first layer tells.
    pub layout: Option<Layout>,
    /// Pixels; `None` where any size goes.
    pub height: Option<u32>,
    /// Pixels; `None` where any size goes.
    pub width: Option<u32>,
    /// The values that the network takes, where it normalises them itself.
    pub range: Option<Range>,
}

/// The values of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// 0 to 255
    Bytes,
    /// 0 to 1
    Unit,
}

/// One output, and what follows if it is the one with the scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkOutput {
    pub name: String,
    /// `None` for a side that depends on the input; no shape at all where the file states none.
    pub shape: Option<Vec<Option<u32>>>,
    /// How many scores it would hold; `None` if it is no vector, or of unknown length.
    pub n_classes: Option<usize>,
    /// What is still to be done to it, where its last operator tells.
    pub activation: Option<Activation>,
    /// The vector that goes into the last linear layer.
    pub embedding: Option<String>,
    /// What that vector is the mean of, over height and width.
    pub feature_map: Option<String>,
}

/// Reads the graph of an ONNX file.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`](crate::error::ErrorKind) and [`ErrorKind::ModelOperatorUnsupported`](crate::error::ErrorKind) as loading would give, and
/// [`ErrorKind::ModelMismatch`](crate::error::ErrorKind) for a network that does not take one picture and give a vector.
pub fn inspect(model: &[u8]) -> Result<Network> {
    let onnx = tract_onnx::onnx();
    let mut proto = read(&onnx, model)?;
    let graph = check_graph(&mut proto, |operator| onnx.op_register.0.contains_key(operator))?;
    widen::float16_to_float32(graph);
    inspect_graph(graph)
}

fn inspect_graph(graph: &GraphProto) -> Result<Network> {
    let input = sole_input(graph)?;
    let graph = Graph::new(graph);
    let input = inspect_input(&graph, input)?;
    let is_float = |output: &&ValueInfoProto| {
        [DataType::Float as i32, DataType::Undefined as i32].contains(&element_type(output)) && !output.name.is_empty()
    };
    let outputs: Vec<NetworkOutput> = graph
        .proto
        .output
        .iter()
        .filter(is_float)
        .take(MAX_OUTPUTS)
        .map(|output| inspect_output(&graph, output))
        .collect();
    let scores = guess_scores(&graph, &outputs)?;
    Ok(Network { input, outputs, scores })
}

/// The sides that a value is stated to have.
fn shape(value: &ValueInfoProto) -> Option<Vec<Option<u32>>> {
    let Some(type_proto::Value::TensorType(tensor)) = value.r#type.as_ref()?.value.as_ref() else { return None };
    let sides = tensor.shape.as_ref()?.dim.iter().map(|dim| match dim.value {
        Some(DimValue(size)) => u32::try_from(size).ok().filter(|&size| size > 0),
        _ => None,
    });
    Some(sides.collect())
}

/// A shape in words: "(1, ?, 224, 224)".
fn spelt(shape: &[Option<u32>]) -> String {
    let sides = shape.iter().take(8).map(|side| side.map_or("?".to_owned(), |side| side.to_string()));
    format!("({})", sides.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::test_graph::{graph, nodes};
    use super::*;

    #[test]
    fn a_graph_that_goes_round_in_a_circle_is_read_to_an_end() {
        for lines in [
            &["Identity b > a", "Identity a > b", "Identity b > scores"][..],
            &["Add b b > a", "Add a a > b", "Add a b > scores"],
            &["Relu x > x", "Softmax scores > scores"],
            &["MatMul scores a > scores", "Transpose a > a"],
        ] {
            let graph = graph(&[1, 3, 8, 8], &[("scores", &[1, 5])], vec![], nodes(lines));
            assert_eq!(inspect_graph(&graph).unwrap().outputs[0].n_classes, Some(5));
        }
    }
}
