//! Mutates an ONNX file without breaking its form: operators, edges, numbers and dimensions.

use prost::Message;
use tract_onnx::pb::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto};

use crate::{Dice, give};

const NUMBERS: &[i64] =
    &[0, 1, -1, 2, 3, 5, 7, 8, 16, 31, 64, 1_000, 4_096, 65_536, 1 << 31, 1 << 40, i64::MIN, i64::MAX];

const OPERATORS: &[&str] = &[
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Mod",
    "Pow",
    "Relu",
    "Sigmoid",
    "Softmax",
    "Conv",
    "ConvTranspose",
    "MaxPool",
    "AveragePool",
    "GlobalAveragePool",
    "GlobalLpPool",
    "LRN",
    "Gemm",
    "MatMul",
    "Einsum",
    "Reshape",
    "Flatten",
    "Squeeze",
    "Unsqueeze",
    "Transpose",
    "Concat",
    "Split",
    "Slice",
    "Gather",
    "GatherND",
    "GatherElements",
    "ScatterND",
    "Pad",
    "Tile",
    "Expand",
    "Resize",
    "Upsample",
    "Range",
    "ConstantOfShape",
    "Shape",
    "Size",
    "OneHot",
    "EyeLike",
    "Cast",
    "Identity",
    "Clip",
    "Where",
    "TopK",
    "ArgMax",
    "CumSum",
    "ReduceMean",
    "ReduceSum",
    "ReduceMax",
    "BatchNormalization",
    "LayerNormalization",
    "InstanceNormalization",
    "QuantizeLinear",
    "DequantizeLinear",
    "DynamicQuantizeLinear",
    "ConvInteger",
    "MatMulInteger",
    "DepthToSpace",
    "SpaceToDepth",
    "LSTM",
    "GRU",
    "NonZero",
    "Dropout",
    "Trilu",
    "Exp",
    "Log",
    "Sqrt",
    "Erf",
    "Not",
    "Equal",
    "Less",
    "If",
];

const ATTRIBUTES: &[&str] = &[
    "axis",
    "axes",
    "perm",
    "pads",
    "strides",
    "dilations",
    "kernel_shape",
    "group",
    "keepdims",
    "to",
    "blocksize",
    "mode",
    "auto_pad",
    "ceil_mode",
    "epsilon",
    "alpha",
    "transA",
    "transB",
    "size",
    "p",
    "output_shape",
    "hidden_size",
];

pub fn mutate_onnx(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed));
    let parsed = ModelProto::decode(&data[..size]).ok().filter(|model| model.graph.is_some());
    let Some(mut model) = parsed.filter(|_| dice.below(12) > 0) else {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    };
    for _ in 0..=dice.below(3) {
        change(model.graph.as_mut().expect("it was filtered"), &mut dice);
    }
    give(&model.encode_to_vec(), data, size, max_size)
}

fn change(graph: &mut GraphProto, dice: &mut Dice) {
    let values: Vec<String> = graph.node.iter().flat_map(|node| node.output.clone()).collect();
    let values: Vec<String> =
        values.into_iter().chain(graph.initializer.iter().map(|tensor| tensor.name.clone())).collect();
    match dice.below(8) {
        0 if !graph.initializer.is_empty() => {
            let at = dice.below(graph.initializer.len());
            change_tensor(&mut graph.initializer[at], dice);
        }
        1 if graph.node.len() > 1 => drop(graph.node.remove(dice.below(graph.node.len()))),
        2 if !values.is_empty() => insert_node(graph, dice),
        _ if graph.node.is_empty() => {}
        _ => {
            let at = dice.below(graph.node.len());
            change_node(&mut graph.node[at], &values, dice);
        }
    }
}

/// A new operator between a node and its first input.
fn insert_node(graph: &mut GraphProto, dice: &mut Dice) {
    let at = dice.below(graph.node.len());
    let name = format!("new{}", dice.below(1 << 30));
    let Some(input) = graph.node.get_mut(at).and_then(|node| node.input.first_mut()) else { return };
    let old = std::mem::replace(input, name.clone());
    let input = if dice.below(3) == 0 { vec![old.clone(), old] } else { vec![old] };
    let node = NodeProto { op_type: dice.one_of(OPERATORS).into(), input, output: vec![name], ..Default::default() };
    graph.node.insert(at, node);
}

fn change_node(node: &mut NodeProto, values: &[String], dice: &mut Dice) {
    match dice.below(7) {
        0 => node.op_type = dice.one_of(OPERATORS).into(),
        1 if !node.input.is_empty() && !values.is_empty() => {
            let at = dice.below(node.input.len());
            node.input[at].clone_from(&values[dice.below(values.len())]);
        }
        2 if !values.is_empty() => node.input.push(values[dice.below(values.len())].clone()),
        3 => drop(node.input.pop()),
        4 => {
            let (name, number) = (dice.one_of(ATTRIBUTES).to_owned(), dice.one_of(NUMBERS));
            let ints = (0..dice.below(5)).map(|_| dice.one_of(NUMBERS)).collect::<Vec<_>>();
            let r#type = if ints.is_empty() { 2 } else { 7 };
            node.attribute.push(AttributeProto { name, i: number, ints, r#type, ..Default::default() });
        }
        _ if !node.attribute.is_empty() => {
            let at = dice.below(node.attribute.len());
            change_attribute(&mut node.attribute[at], dice);
        }
        _ => {}
    }
}

fn change_attribute(attribute: &mut AttributeProto, dice: &mut Dice) {
    if let Some(tensor) = &mut attribute.t {
        return change_tensor(tensor, dice);
    }
    if let Some(graph) = &mut attribute.g {
        return change(graph, dice);
    }
    if attribute.ints.is_empty() {
        attribute.i = dice.one_of(NUMBERS);
        attribute.f = dice.one_of(&[0.0, 1.0, -1.0, f32::NAN, f32::INFINITY, 1e-30]);
    } else {
        let at = dice.below(attribute.ints.len());
        attribute.ints[at] = dice.one_of(NUMBERS);
    }
}

/// Another dimension, or other numbers of the same length.
fn change_tensor(tensor: &mut TensorProto, dice: &mut Dice) {
    match dice.below(4) {
        0 if !tensor.dims.is_empty() => {
            let at = dice.below(tensor.dims.len());
            tensor.dims[at] = dice.one_of(NUMBERS);
        }
        1 if tensor.dims.len() > 1 => tensor.dims.swap(0, 1),
        _ if tensor.raw_data.len() >= 8 => {
            let at = dice.below(tensor.raw_data.len() / 8);
            let float = dice.one_of(&[0.0, -1.0, 1e30, f32::NAN, f32::INFINITY, 1e-40]);
            let bytes = match dice.below(2) {
                0 => dice.one_of(NUMBERS).to_le_bytes(),
                _ => [float.to_le_bytes(), float.to_le_bytes()].concat().try_into().expect("8 bytes"),
            };
            tensor.raw_data[8 * at..8 * at + 8].copy_from_slice(&bytes);
        }
        _ => tensor.int64_data.iter_mut().for_each(|number| *number = dice.one_of(NUMBERS)),
    }
}
