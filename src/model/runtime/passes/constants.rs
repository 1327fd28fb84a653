//! Stores the values of `Constant` nodes with the weights, so that other passes find all constants in one place.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{AttributeProto, ModelProto, NodeProto, TensorProto};

use super::build::{float_tensor, int_tensor};
use crate::error::Result;

pub fn store_constants(model: &mut ModelProto) -> Result<()> {
    let Some(graph) = &mut model.graph else { return Ok(()) };
    for mut node in std::mem::take(&mut graph.node) {
        match value(&mut node) {
            Some(tensor) => graph.initializer.push(tensor),
            None => graph.node.push(node),
        }
    }
    Ok(())
}

/// The value of a `Constant` node, which gives it up.
fn value(node: &mut NodeProto) -> Option<TensorProto> {
    let ("Constant", [name], [attribute]) = (node.op_type.as_str(), &node.output[..], &mut node.attribute[..]) else {
        return None;
    };
    let name = name.clone();
    let AttributeProto { name: form, t, f, floats, i, ints, .. } = attribute;
    Some(match form.as_str() {
        "value" if t.as_ref()?.data_type != DataType::String as i32 => TensorProto { name, ..t.take()? },
        "value_float" => float_tensor(name, &[], &[*f]),
        "value_floats" => float_tensor(name, &[floats.len() as i64], floats),
        "value_int" => TensorProto { dims: vec![], ..int_tensor(name, &[*i]) },
        "value_ints" => int_tensor(name, ints),
        _ => return None,
    })
}
