//! Forgets what a file states beside its operators: shapes of intermediate values and of outputs, names of nodes, and which weights can be
//! replaced.

use std::collections::HashSet;

use tract_onnx::pb::{GraphProto, ModelProto, TypeProto, ValueInfoProto, type_proto};

use super::build::for_each_graph;
use crate::error::Result;

/// Clears the stated shapes of intermediate values in all graphs, and those of outputs of graphs inside. Exporters state them with a batch
/// of any size, and the engine would not unify that with a batch of 1; it finds them itself.
pub fn forget_shapes(model: &mut ModelProto) -> Result<()> {
    let Some(graph) = &mut model.graph else { return Ok(()) };
    let outputs = std::mem::take(&mut graph.output);
    for_each_graph(graph, &mut |graph| {
        graph.value_info.clear();
        graph.output.iter_mut().for_each(forget_shape);
    });
    graph.output = outputs;
    Ok(())
}

/// Clears the names of nodes, which need not be unique; tract asks for that, and takes the names of their outputs instead, which are.
pub fn forget_node_names(model: &mut ModelProto) -> Result<()> {
    if let Some(graph) = &mut model.graph {
        for_each_graph(graph, &mut |graph| graph.node.iter_mut().for_each(|node| node.name.clear()));
    }
    Ok(())
}

fn forget_shape(value: &mut ValueInfoProto) {
    if let Some(TypeProto { value: Some(type_proto::Value::TensorType(tensor)), .. }) = &mut value.r#type {
        tensor.shape = None;
    }
}

/// Stored tensors that are listed as inputs too, so that callers could replace them (IR version 3), are no inputs.
pub fn unlist_stored_inputs(model: &mut ModelProto) -> Result<()> {
    let Some(GraphProto { input, initializer, .. }) = &mut model.graph else { return Ok(()) };
    let stored: HashSet<&str> = initializer.iter().map(|tensor| tensor.name.as_str()).collect();
    input.retain(|input| !stored.contains(input.name.as_str()));
    Ok(())
}
