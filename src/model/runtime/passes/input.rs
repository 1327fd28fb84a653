//! Gives every network an input of float32 values with a batch axis.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::Dimension;
use tract_onnx::pb::tensor_shape_proto::dimension::Value::DimValue;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TensorShapeProto, TypeProto, ValueInfoProto, type_proto};

use super::build::{for_each_graph, int, int_tensor, ints, node};
use super::default_opset;
use crate::error::Result;

/// A picture of whole numbers (uint8, int8) is given as float32 values and converted inside: tensors of pixels are float32.
pub fn convert_whole_numbers(model: &mut ModelProto) -> Result<()> {
    let Some(graph) = &mut model.graph else { return Ok(()) };
    let [input] = &mut graph.input[..] else { return Ok(()) };
    let Some(tensor) = tensor_type(input) else { return Ok(()) };
    let stated = tensor.elem_type;
    if ![DataType::Uint8 as i32, DataType::Int8 as i32].contains(&stated) {
        return Ok(());
    }
    tensor.elem_type = DataType::Float as i32;
    insert_after_input(graph, |name, output| node("Cast", &[name], output, vec![int("to", i64::from(stated))]));
    Ok(())
}

/// A network without a batch axis, (3, height, width) or (height, width, 3), gets one.
pub fn add_batch_axis(model: &mut ModelProto) -> Result<()> {
    let opset = default_opset(model);
    let Some(graph) = &mut model.graph else { return Ok(()) };
    let [input] = &mut graph.input[..] else { return Ok(()) };
    let Some(TensorShapeProto { dim }) = tensor_type(input).and_then(|tensor| tensor.shape.as_mut()) else {
        return Ok(());
    };
    let is_picture = matches!(&dim[..], [first, _, last] if is_three(first) != is_three(last));
    if !is_picture {
        return Ok(());
    }
    dim.insert(0, Dimension { value: Some(DimValue(1)), ..Default::default() });
    let axes = "tagsmith.batch_axis";
    if opset >= 13 {
        graph.initializer.push(int_tensor(axes, &[0]));
        insert_after_input(graph, |name, output| node("Squeeze", &[name, axes], output, vec![]));
    } else {
        insert_after_input(graph, |name, output| node("Squeeze", &[name], output, vec![ints("axes", &[0])]));
    }
    Ok(())
}

fn is_three(dim: &Dimension) -> bool {
    matches!(dim.value, Some(DimValue(3)))
}

fn tensor_type(value: &mut ValueInfoProto) -> Option<&mut type_proto::Tensor> {
    let TypeProto { value: Some(type_proto::Value::TensorType(tensor)), .. } = value.r#type.as_mut()? else {
        return None;
    };
    Some(tensor)
}

/// Puts a node between the sole input and all who read it.
fn insert_after_input(graph: &mut GraphProto, build: impl Fn(&str, String) -> NodeProto) {
    let name = graph.input[0].name.clone();
    let built = build(&name, format!("{name}/tagsmith.{}", graph.node.len()));
    let output = &built.output[0];
    for_each_graph(graph, &mut |graph| {
        let inputs = graph.node.iter_mut().flat_map(|node| &mut node.input);
        inputs.filter(|input| **input == name).for_each(|input| input.clone_from(output));
    });
    graph.node.insert(0, built);
}
