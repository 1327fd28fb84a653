//! Converts float16, bfloat16 and float64 networks to float32: browsers have no float16 arithmetic, tract cannot type every float16 graph,
//! and pictures need no float64.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{ModelProto, NodeProto, TensorProto, ValueInfoProto, type_proto};
use tract_onnx::prelude::tract_data::prelude::f16;

use super::build::for_each_graph;
use crate::error::Result;

const FLOAT32: i32 = DataType::Float as i32;

/// Attributes that name a type.
const TYPES: &[&str] = &["to", "dtype", "output_dtype", "stash_type"];

/// Converts all weights, constants, casts, inputs and outputs of other float types to float32, which is exact but for float64.
pub fn floats_to_float32(model: &mut ModelProto) -> Result<()> {
    let Some(graph) = &mut model.graph else { return Ok(()) };
    for_each_graph(graph, &mut |graph| {
        graph.initializer.iter_mut().for_each(widen_tensor);
        graph.node.iter_mut().for_each(widen_node);
        for value in graph.input.iter_mut().chain(&mut graph.output).chain(&mut graph.value_info) {
            widen_type(value);
        }
    });
    Ok(())
}

fn is_other_float(data_type: i32) -> bool {
    [DataType::Float16 as i32, DataType::Bfloat16 as i32, DataType::Double as i32].contains(&data_type)
}

fn widen_node(node: &mut NodeProto) {
    for attribute in &mut node.attribute {
        if TYPES.contains(&attribute.name.as_str()) && i32::try_from(attribute.i).is_ok_and(is_other_float) {
            attribute.i = i64::from(FLOAT32);
        }
        attribute.t.iter_mut().chain(&mut attribute.tensors).for_each(widen_tensor);
    }
}

fn widen_type(value: &mut ValueInfoProto) {
    if let Some(type_proto::Value::TensorType(tensor)) = value.r#type.as_mut().and_then(|r#type| r#type.value.as_mut())
        && is_other_float(tensor.elem_type)
    {
        tensor.elem_type = FLOAT32;
    }
}

/// Values of 16 bits are in `raw_data`, two bytes each, or in the lower half of each `int32_data`.
fn widen_tensor(tensor: &mut TensorProto) {
    let bits = || -> Vec<u16> {
        if tensor.raw_data.is_empty() {
            tensor.int32_data.iter().map(|&bits| bits as u16).collect()
        } else {
            tensor.raw_data.as_chunks::<2>().0.iter().map(|&bytes| u16::from_le_bytes(bytes)).collect()
        }
    };
    let values: Vec<f32> = match DataType::try_from(tensor.data_type) {
        Ok(DataType::Float16) => bits().into_iter().map(|bits| f16::from_bits(bits).to_f32()).collect(),
        Ok(DataType::Bfloat16) => bits().into_iter().map(|bits| f32::from_bits(u32::from(bits) << 16)).collect(),
        Ok(DataType::Double) if tensor.raw_data.is_empty() => {
            tensor.double_data.iter().map(|&value| value as f32).collect()
        }
        Ok(DataType::Double) => {
            tensor.raw_data.as_chunks::<8>().0.iter().map(|&bytes| f64::from_le_bytes(bytes) as f32).collect()
        }
        _ => return,
    };
    tensor.raw_data = values.into_iter().flat_map(f32::to_le_bytes).collect();
    tensor.int32_data.clear();
    tensor.double_data.clear();
    tensor.data_type = FLOAT32;
}
