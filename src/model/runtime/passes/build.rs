//! Builds nodes, attributes and stored tensors, and replaces nodes by others.

use std::collections::HashMap;

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto};

/// Maximum nesting of graphs in graphs that is rewritten.
const MAX_DEPTH: usize = 8;

/// The stored tensors of a graph by name.
pub type Constants<'a> = HashMap<&'a str, &'a TensorProto>;

/// What takes the place of one node. The last node gives the values of the old one under their names.
#[derive(Default)]
pub struct Replacement {
    pub nodes: Vec<NodeProto>,
    pub constants: Vec<TensorProto>,
}

impl Replacement {
    /// Adds a node that gives `output`, and returns that name.
    pub fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: impl Into<String>,
        attribute: Vec<AttributeProto>,
    ) -> String {
        let node = node(operator, inputs, output, attribute);
        let output = node.output[0].clone();
        self.nodes.push(node);
        output
    }

    /// Adds a stored tensor, and returns its name.
    pub fn constant(&mut self, tensor: TensorProto) -> String {
        let name = tensor.name.clone();
        self.constants.push(tensor);
        name
    }
}

/// Replaces every node for which `replace` gives nodes, in the graph and in the graphs inside it.
pub fn replace_nodes(graph: &mut GraphProto, replace: &dyn Fn(&NodeProto, &Constants) -> Option<Replacement>) {
    for_each_graph(graph, &mut |graph| {
        let constants = constants(graph);
        let found: Vec<(usize, Replacement)> =
            (graph.node.iter().enumerate()).filter_map(|(idx, node)| Some((idx, replace(node, &constants)?))).collect();
        if found.is_empty() {
            return;
        }
        let mut found = found.into_iter().peekable();
        for (idx, node) in std::mem::take(&mut graph.node).into_iter().enumerate() {
            match found.next_if(|(replaced, _)| *replaced == idx) {
                Some((_, Replacement { nodes, constants })) => {
                    graph.node.extend(nodes);
                    graph.initializer.extend(constants);
                }
                None => graph.node.push(node),
            }
        }
    });
}

/// Calls `visit` for `graph` and for the graphs inside it.
pub fn for_each_graph(graph: &mut GraphProto, visit: &mut dyn FnMut(&mut GraphProto)) {
    for_each_graph_within(graph, visit, MAX_DEPTH);
}

fn for_each_graph_within(graph: &mut GraphProto, visit: &mut dyn FnMut(&mut GraphProto), depth: usize) {
    visit(graph);
    let Some(depth) = depth.checked_sub(1) else { return };
    for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
        for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
            for_each_graph_within(inner, visit, depth);
        }
    }
}

/// The stored tensors of `graph` itself.
pub fn constants(graph: &GraphProto) -> Constants<'_> {
    graph.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect()
}

/// The input at `idx`; `None` if it is left out.
pub fn input(node: &NodeProto, idx: usize) -> Option<&str> {
    node.input.get(idx).map(String::as_str).filter(|name| !name.is_empty())
}

pub fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|attribute| attribute.name == name)
}

pub fn node(operator: &str, inputs: &[&str], output: impl Into<String>, attribute: Vec<AttributeProto>) -> NodeProto {
    let output = output.into();
    NodeProto {
        op_type: operator.into(),
        name: output.clone(),
        input: inputs.iter().map(|&input| input.to_owned()).collect(),
        output: vec![output],
        attribute,
        ..Default::default()
    }
}

pub fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto { name: name.into(), r#type: AttributeType::Int as i32, i, ..Default::default() }
}

pub fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto { name: name.into(), r#type: AttributeType::Float as i32, f, ..Default::default() }
}

pub fn ints(name: &str, ints: &[i64]) -> AttributeProto {
    AttributeProto { name: name.into(), r#type: AttributeType::Ints as i32, ints: ints.into(), ..Default::default() }
}

pub fn float_tensor(name: impl Into<String>, dims: &[i64], values: &[f32]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: dims.into(),
        data_type: DataType::Float as i32,
        raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        ..Default::default()
    }
}

pub fn int_tensor(name: impl Into<String>, values: &[i64]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: vec![values.len() as i64],
        data_type: DataType::Int64 as i32,
        raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        ..Default::default()
    }
}
