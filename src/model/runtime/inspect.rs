//! Inspects an ONNX file that has no card. The network is not run: everything is inferred from names, shapes and operators, and is only
//! confirmed when the network is loaded.

mod facts;
mod input;
mod output;
#[cfg(test)]
pub mod test_graph;

use serde::{Deserialize, Serialize};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::dimension::Value::DimValue;
use tract_onnx::pb::{GraphProto, ValueInfoProto, type_proto};

pub use facts::FileFacts;
use input::inspect_input;
use output::{guess_scores, inspect_output};

use super::graph::Graph;
use super::{batch, element_type, loading, open, read, sole_input};
use crate::error::Result;
use crate::model::card::{Activation, Colour, Layout};

/// Maximum number of outputs. No classifier has more, and a file that does is not read further.
const MAX_OUTPUTS: usize = 64;

/// The result of inspecting a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    pub input: NetworkInput,
    /// Float outputs, in the file's order.
    pub outputs: Vec<NetworkOutput>,
    /// Name of the output that most likely holds the scores.
    pub scores: String,
    pub facts: FileFacts,
}

/// The input for the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkInput {
    pub name: String,
    /// `None` if neither the shape nor the first layer shows it.
    pub layout: Option<Layout>,
    /// Pixels; `None` if any size is accepted.
    pub height: Option<u32>,
    /// Pixels; `None` if any size is accepted.
    pub width: Option<u32>,
    /// The range of pixel values, if the network normalises them itself.
    pub range: Option<Range>,
    /// The order of the colours, if the network subtracts ImageNet's mean itself.
    pub colour: Option<Colour>,
}

/// The range of a pixel's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// 0 to 255
    Bytes,
    /// 0 to 1
    Unit,
}

/// One output, and what follows if it holds the scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkOutput {
    pub name: String,
    /// `None` if the file states no shape; a side is `None` if it depends on the input.
    pub shape: Option<Vec<Option<u32>>>,
    /// Number of scores; `None` if it is not a vector, or its length is unknown.
    pub n_classes: Option<usize>,
    /// The activation that is still to be applied, if the last operator shows it.
    pub activation: Option<Activation>,
    /// The input of the last linear layer.
    pub embedding: Option<String>,
    /// The value whose mean over height and width is the embedding.
    pub feature_map: Option<String>,
}

/// Reads the graph of an ONNX file.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`](crate::error::ErrorKind) and [`ErrorKind::ModelOperatorUnsupported`](crate::error::ErrorKind) as when loading, and
/// [`ErrorKind::ModelMismatch`](crate::error::ErrorKind) for a network that does not map one picture to a vector.
pub fn inspect(model: &[u8]) -> Result<Network> {
    loading(|| {
        let proto = read(model)?;
        let facts = facts::facts(&proto);
        let proto = open(&tract_onnx::onnx(), proto)?;
        let graph = proto.graph.as_ref().expect("open found a graph");
        batch::check_is_open(graph)?;
        let mut network = inspect_graph(graph)?;
        if batch::takes_whole_numbers(graph) {
            network.input.range = Some(Range::Bytes);
        }
        Ok(Network { facts, ..network })
    })
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
    Ok(Network { input, outputs, scores, facts: FileFacts::default() })
}

/// The stated shape of a value.
fn shape(value: &ValueInfoProto) -> Option<Vec<Option<u32>>> {
    let Some(type_proto::Value::TensorType(tensor)) = value.r#type.as_ref()?.value.as_ref() else { return None };
    let sides = tensor.shape.as_ref()?.dim.iter().map(|dim| match dim.value {
        Some(DimValue(size)) => u32::try_from(size).ok().filter(|&size| size > 0),
        _ => None,
    });
    Some(sides.collect())
}

/// A shape as text: "(1, ?, 224, 224)".
fn spelt(shape: &[Option<u32>]) -> String {
    let sides = shape.iter().take(8).map(|side| side.map_or("?".to_owned(), |side| side.to_string()));
    format!("({})", sides.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::test_graph::{graph, nodes};
    use super::*;

    #[test]
    fn inspecting_a_cyclic_graph_ends() {
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
