//! Builds small graphs for the tests in this folder.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::Dimension;
use tract_onnx::pb::tensor_shape_proto::dimension::Value::DimValue;
use tract_onnx::pb::{
    AttributeProto, GraphProto, NodeProto, TensorProto, TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};

/// A side of 0 is unknown.
pub fn value(name: &str, sides: &[i64]) -> ValueInfoProto {
    let dim = sides.iter().map(|&size| Dimension { value: (size > 0).then_some(DimValue(size)), ..Default::default() });
    let tensor =
        type_proto::Tensor { elem_type: DataType::Float as i32, shape: Some(TensorShapeProto { dim: dim.collect() }) };
    let r#type = TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..Default::default() };
    ValueInfoProto { name: name.into(), r#type: Some(r#type), ..Default::default() }
}

pub fn constant(name: &str, dims: &[i64], floats: &[f32]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: dims.into(),
        data_type: DataType::Float as i32,
        float_data: floats.into(),
        ..Default::default()
    }
}

/// A chain of nodes, written as "Operator input input > output".
pub fn nodes(lines: &[&str]) -> Vec<NodeProto> {
    let node = |line: &&str| {
        let (left, output) = line.split_once(" > ").expect("an output");
        let mut words = left.split(' ').map(str::to_owned);
        NodeProto {
            op_type: words.next().expect("an operator"),
            input: words.collect(),
            output: vec![output.into()],
            ..Default::default()
        }
    };
    lines.iter().map(node).collect()
}

pub fn with_ints(mut node: NodeProto, name: &str, ints: &[i64]) -> NodeProto {
    node.attribute.push(AttributeProto { name: name.into(), ints: ints.into(), ..Default::default() });
    node
}

pub fn graph(
    input: &[i64],
    outputs: &[(&str, &[i64])],
    initializer: Vec<TensorProto>,
    node: Vec<NodeProto>,
) -> GraphProto {
    GraphProto {
        input: vec![value("x", input)],
        output: outputs.iter().map(|(name, sides)| value(name, sides)).collect(),
        initializer,
        node,
        ..Default::default()
    }
}

/// A classifier: the nodes in `lines`, which end in "y", then a convolution, a mean and a linear layer.
pub fn normalising(input: &[i64], constants: &[(&str, &[f32])], lines: &[&str]) -> GraphProto {
    let mut initializer: Vec<TensorProto> =
        constants.iter().map(|(name, floats)| constant(name, &[1, floats.len() as i64, 1, 1], floats)).collect();
    initializer.push(constant("kernel", &[8, 3, 1, 1], &[0.5; 24]));
    initializer.push(constant("weight", &[8, 5], &[0.5; 40]));
    let rest =
        ["Conv y kernel > map", "GlobalAveragePool map > mean", "Flatten mean > flat", "MatMul flat weight > scores"];
    graph(input, &[("scores", &[0, 5])], initializer, nodes(&[lines, &rest].concat()))
}
