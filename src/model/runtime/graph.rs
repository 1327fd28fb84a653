//! An ONNX graph, indexed for traversal: the producer and the consumers of a value, and constants.
//!
//! Graphs are untrusted input: every traversal ends, even in a cycle.

use std::collections::{HashMap, HashSet};

use tract_onnx::pb::{GraphProto, NodeProto, TensorProto};

use super::tensor::{self, float_values};

/// Operators that only change type, shape or precision.
const PASS_THROUGH: &[&str] = &[
    "Identity",
    "Cast",
    "Reshape",
    "Flatten",
    "Squeeze",
    "Unsqueeze",
    "Transpose",
    "Dropout",
    "QuantizeLinear",
    "DynamicQuantizeLinear",
    "DequantizeLinear",
];
/// Maximum number of axes.
const MAX_AXES: usize = 64;
/// Maximum number of nodes between a stored constant and a computed one; weights are cast, dequantised and transposed in a few.
const MAX_CONSTANT_DEPTH: usize = 5;

pub struct Graph<'a> {
    pub proto: &'a GraphProto,
    producers: HashMap<&'a str, &'a NodeProto>,
    consumers: HashMap<&'a str, Vec<&'a NodeProto>>,
    constants: HashMap<&'a str, &'a TensorProto>,
}

impl<'a> Graph<'a> {
    pub fn new(proto: &'a GraphProto) -> Self {
        let mut constants: HashMap<&str, &TensorProto> =
            proto.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
        let (mut producers, mut consumers) = (HashMap::new(), HashMap::<&str, Vec<&NodeProto>>::new());
        for node in &proto.node {
            for output in node.output.iter().filter(|output| !output.is_empty()) {
                producers.insert(output.as_str(), node);
            }
            for input in node.input.iter().filter(|input| !input.is_empty()) {
                consumers.entry(input.as_str()).or_default().push(node);
            }
            if let ("Constant", [output], Some(value)) = (
                node.op_type.as_str(),
                &node.output[..],
                node.attribute.iter().find_map(|attribute| attribute.t.as_ref()),
            ) {
                constants.insert(output, value);
            }
        }
        Self { proto, producers, consumers, constants }
    }

    pub fn producer(&self, value: &str) -> Option<&'a NodeProto> {
        self.producers.get(value).copied()
    }

    /// The node that consumes `value`, if there is exactly one.
    pub fn sole_consumer(&self, value: &str) -> Option<&'a NodeProto> {
        let mut nodes = self.consumers.get(value)?.iter().filter(|node| node.op_type != "Shape");
        let node = nodes.next()?;
        nodes.next().is_none().then_some(node)
    }

    /// The values of a stored float constant.
    pub fn constant(&self, value: &str) -> Option<Vec<f32>> {
        float_values(self.constants.get(value)?)
    }

    /// The values of an integer constant of few values, such as axes or a shape.
    pub fn whole_numbers(&self, value: &str) -> Option<Vec<i64>> {
        let few = self.constants.get(value).filter(|tensor| tensor::n_values(tensor).is_some_and(|n| n <= MAX_AXES));
        tensor::whole_numbers(few?)
    }

    /// Whether `value` is stored in the file, or computed from stored values only.
    pub fn is_constant(&self, value: &str) -> bool {
        self.is_constant_within(value, MAX_CONSTANT_DEPTH)
    }

    fn is_constant_within(&self, value: &str, depth: usize) -> bool {
        if self.constants.contains_key(value) {
            return true;
        }
        let Some(node) = self.producer(value) else { return false };
        let inputs: Vec<&String> =
            node.input.iter().filter(|input| !input.is_empty()).take(MAX_CONSTANT_DEPTH).collect();
        if inputs.is_empty() {
            return node.op_type.starts_with("Constant");
        }
        depth > 0 && inputs.len() <= 3 && inputs.iter().all(|input| self.is_constant_within(input, depth - 1))
    }

    /// The shape of a weight, after casts, dequantisation and transposition of the stored constant.
    pub fn weight_shape(&self, value: &str) -> Option<Vec<usize>> {
        let (mut value, mut is_turned) = (value, false);
        for _ in 0..MAX_CONSTANT_DEPTH {
            if let Some(tensor) = self.constants.get(value) {
                let mut shape: Vec<usize> =
                    tensor.dims.iter().map(|&dim| usize::try_from(dim).ok()).collect::<Option<_>>()?;
                if is_turned {
                    shape.reverse();
                }
                return Some(shape);
            }
            let node = self.producer(value)?;
            match node.op_type.as_str() {
                "Identity" | "Cast" | "DequantizeLinear" => {}
                "Transpose" => is_turned = !is_turned,
                _ => return None,
            }
            value = node.input.first()?;
        }
        None
    }

    /// The only input of `node` that is not constant.
    pub fn data_input(&self, node: &'a NodeProto) -> Option<&'a str> {
        let mut inputs =
            node.input.iter().map(String::as_str).filter(|input| !input.is_empty() && !self.is_constant(input));
        let input = inputs.next()?;
        inputs.next().is_none().then_some(input)
    }

    /// The value from which `value` is derived by pass-through operators only.
    pub fn origin(&self, value: &'a str) -> &'a str {
        let mut origin = value;
        for _ in 0..self.proto.node.len() {
            let Some(node) = self.producer(origin).filter(|node| PASS_THROUGH.contains(&node.op_type.as_str())) else {
                break;
            };
            // The first input of all of these is the data; others, such as a shape or a scale, may be computed too.
            let Some(input) = node.input.first() else { break };
            origin = input;
        }
        origin
    }

    /// All values that `value` is computed from.
    pub fn ancestors(&self, value: &'a str) -> HashSet<&'a str> {
        let (mut seen, mut next) = (HashSet::new(), vec![value]);
        while let Some(value) = next.pop() {
            for input in self.producer(value).into_iter().flat_map(|node| &node.input) {
                if seen.insert(input.as_str()) {
                    next.push(input);
                }
            }
        }
        seen
    }
}

/// Whether this node only changes type, shape or precision.
pub fn is_pass_through(node: &NodeProto) -> bool {
    PASS_THROUGH.contains(&node.op_type.as_str())
}

/// An attribute that is a list of integers.
pub fn ints<'a>(node: &'a NodeProto, name: &str) -> Option<&'a [i64]> {
    node.attribute.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.ints.as_slice())
}

/// An integer attribute; 0 if it is missing.
pub fn int(node: &NodeProto, name: &str) -> i64 {
    node.attribute.iter().find(|attribute| attribute.name == name).map_or(0, |attribute| attribute.i)
}
