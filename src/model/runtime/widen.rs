//! Converts float16 networks to float32: browsers have no float16 arithmetic, and tract cannot type every float16 graph.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, NodeProto, TensorProto, ValueInfoProto, type_proto};
use tract_onnx::prelude::tract_data::prelude::f16;

const FLOAT16: i32 = DataType::Float16 as i32;
const FLOAT32: i32 = DataType::Float as i32;

/// Converts all float16 weights, constants, casts, inputs and outputs of a graph to float32, which is exact.
pub fn float16_to_float32(graph: &mut GraphProto) {
    graph.initializer.iter_mut().for_each(widen_tensor);
    graph.node.iter_mut().for_each(widen_node);
    for value in graph.input.iter_mut().chain(&mut graph.output).chain(&mut graph.value_info) {
        widen_type(value);
    }
}

fn widen_node(node: &mut NodeProto) {
    let is_cast = node.op_type == "Cast";
    for attribute in &mut node.attribute {
        if is_cast && attribute.name == "to" && attribute.i == i64::from(FLOAT16) {
            attribute.i = i64::from(FLOAT32);
        }
        attribute.t.iter_mut().chain(&mut attribute.tensors).for_each(widen_tensor);
        attribute.g.iter_mut().chain(&mut attribute.graphs).for_each(float16_to_float32);
    }
}

fn widen_type(value: &mut ValueInfoProto) {
    if let Some(type_proto::Value::TensorType(tensor)) = value.r#type.as_mut().and_then(|r#type| r#type.value.as_mut())
        && tensor.elem_type == FLOAT16
    {
        tensor.elem_type = FLOAT32;
    }
}

/// The bits are in `raw_data`, two bytes each, or in the lower half of each `int32_data`.
fn widen_tensor(tensor: &mut TensorProto) {
    if tensor.data_type != FLOAT16 {
        return;
    }
    let bits: Vec<u16> = if tensor.raw_data.is_empty() {
        tensor.int32_data.iter().map(|&bits| bits as u16).collect()
    } else {
        tensor.raw_data.as_chunks::<2>().0.iter().map(|&bytes| u16::from_le_bytes(bytes)).collect()
    };
    tensor.raw_data = bits.into_iter().flat_map(|bits| f16::from_bits(bits).to_f32().to_le_bytes()).collect();
    tensor.int32_data.clear();
    tensor.data_type = FLOAT32;
}
