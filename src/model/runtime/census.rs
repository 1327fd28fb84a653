//! A census of an ONNX graph before tract reads it: how much there is of everything, and numbers that no network needs.
//!
//! tract trusts these numbers: it multiplies, allocates and divides by them. What can only be judged once shapes are known is judged in
//! `shapes` and `demand`.

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_shape_proto::dimension::Value::DimParam;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto, type_proto};

use super::tensor::bits_per_value;
use crate::error::{Error, ErrorKind, Result};

/// Maximum number of nodes, those of branches included. The largest classifiers have about 9,000; tract's time grows with the square.
const MAX_NODES: usize = 12_000;
/// Maximum number of nodes that tract takes long to optimise, or makes many of; few networks have more than 500.
const MAX_LAYERS: usize = 1_500;
const LAYERS: &[&str] = &[
    "Conv",
    "MatMul",
    "Gemm",
    "Einsum",
    "Norm",
    "Attention",
    "LSTM",
    "GRU",
    "RNN",
    "Gelu",
    "LRN",
    "Pool",
    "Resize",
    "Upsample",
    "Softmax",
];
/// Maximum number of inputs and of outputs of one node.
const MAX_ARITY: usize = 1_024;
/// Maximum number of inputs of all nodes, of outputs of all nodes, and of weights.
const MAX_VALUES: usize = 40_000;
/// Maximum depth of branches in branches.
const MAX_DEPTH: usize = 3;
/// Maximum length of a name, in bytes. Exporters join the names of all modules around a node.
const MAX_NAME: usize = 2_000;
/// Maximum length of a symbolic dimension ("batch", "floor(w/2) + 1") and of an Einsum equation; their parsers are recursive.
const MAX_FORMULA: usize = 100;
/// Maximum number of axes.
pub const MAX_RANK: usize = 16;
/// Maximum side, stride, dilation, padding or block of a window, and maximum area of one: some networks end in one of 224 × 224.
const MAX_WINDOW: i64 = 4_096;
const MAX_WINDOW_AREA: i64 = 1 << 17;
/// Maximum number of groups or of hidden features.
const MAX_CHANNELS: i64 = 1 << 16;
/// Maximum number of values that a node makes from nothing.
const MAX_GENERATED: i64 = 1 << 24;

/// Counts everything in `graph`.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`]; the detail names the node and the number.
pub fn check(graph: &GraphProto) -> Result<()> {
    Census::default().count_graph(graph, 0)
}

#[derive(Default)]
struct Census {
    nodes: usize,
    layers: usize,
    inputs: usize,
    outputs: usize,
    tensors: usize,
}

impl Census {
    fn count_graph(&mut self, graph: &GraphProto, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(invalid(format!("This network has branches in branches, more than {MAX_DEPTH} deep.")));
        }
        self.nodes += graph.node.len();
        self.layers += graph.node.iter().filter(|node| is_layer(node)).count();
        self.tensors += graph.initializer.len();
        self.inputs += graph.node.iter().map(|node| node.input.len()).sum::<usize>();
        self.outputs += graph.node.iter().map(|node| node.output.len()).sum::<usize>();
        for (found, most, what) in [
            (self.nodes, MAX_NODES, "nodes"),
            (self.layers, MAX_LAYERS, "layers"),
            (self.inputs, MAX_VALUES, "inputs of nodes"),
            (self.outputs, MAX_VALUES, "outputs of nodes"),
            (self.tensors, MAX_VALUES, "weights"),
        ] {
            if found > most {
                return Err(invalid(format!("This network has {found} {what}; the most that can be read is {most}.")));
            }
        }
        graph.initializer.iter().try_for_each(check_tensor)?;
        for value in graph.input.iter().chain(&graph.output).chain(&graph.value_info) {
            check_name(&value.name)?;
            check_formulas(value)?;
        }
        for node in &graph.node {
            if node.input.len().max(node.output.len()) > MAX_ARITY {
                let (operator, name) = (start(&node.op_type), start(&node.name));
                return Err(invalid(format!(
                    "The node {name:?} ({operator}) has {} inputs and {} outputs; the most is {MAX_ARITY}.",
                    node.input.len(),
                    node.output.len()
                )));
            }
            node.input
                .iter()
                .chain(&node.output)
                .chain([&node.name, &node.op_type])
                .try_for_each(|name| check_name(name))?;
            for attribute in &node.attribute {
                check_attribute(node, attribute)?;
                for branch in attribute.g.iter().chain(&attribute.graphs) {
                    self.count_graph(branch, depth + 1)?;
                }
            }
        }
        Ok(())
    }
}

fn is_layer(node: &NodeProto) -> bool {
    LAYERS.iter().any(|kind| node.op_type.contains(kind))
}

fn check_name(name: &str) -> Result<()> {
    if name.len() <= MAX_NAME {
        return Ok(());
    }
    Err(invalid(format!(
        "This network has a name of {} bytes; the longest that can be read has {MAX_NAME}.",
        name.len()
    )))
}

fn check_formulas(value: &ValueInfoProto) -> Result<()> {
    let Some(type_proto::Value::TensorType(tensor)) = value.r#type.as_ref().and_then(|r#type| r#type.value.as_ref())
    else {
        return Ok(());
    };
    let dims = || tensor.shape.iter().flat_map(|shape| &shape.dim);
    let is_long = dims().any(|dim| matches!(&dim.value, Some(DimParam(formula)) if formula.len() > MAX_FORMULA));
    if is_long || dims().count() > MAX_RANK {
        return Err(invalid(format!("The value {:?} has a shape that cannot be read.", start(&value.name))));
    }
    Ok(())
}

/// The dimensions, and that there are as many values as they say.
fn check_tensor(tensor: &TensorProto) -> Result<()> {
    check_name(&tensor.name)?;
    let refuse = || {
        let dims = &tensor.dims[..tensor.dims.len().min(MAX_RANK)];
        Err(invalid(format!(
            "The weight {:?} has the dimensions {dims:?}, which do not fit its values.",
            start(&tensor.name)
        )))
    };
    let mut sides = tensor.dims.iter().map(|&dim| u64::try_from(dim).ok());
    let n_values = sides.try_fold(1_u64, |product, dim| product.checked_mul(dim?));
    let Some(n_values) = n_values.filter(|_| tensor.dims.len() <= MAX_RANK) else { return refuse() };
    if tensor.raw_data.is_empty() {
        // Two 4-bit numbers may share an element; external data has none here.
        let stored = [
            tensor.float_data.len(),
            tensor.int32_data.len(),
            tensor.int64_data.len(),
            tensor.double_data.len(),
            tensor.uint64_data.len(),
            tensor.string_data.len(),
        ];
        let most = stored.into_iter().max().unwrap_or(0) as u64;
        let is_elsewhere =
            tensor.data_location.is_some_and(|location| location != 0) || !tensor.external_data.is_empty();
        return if is_elsewhere || most * 2 >= n_values { Ok(()) } else { refuse() };
    }
    match bits_per_value(tensor.data_type) {
        Some(bits)
            if n_values.checked_mul(bits as u64).map(|bits| bits.div_ceil(8)) == Some(tensor.raw_data.len() as u64) =>
        {
            Ok(())
        }
        _ => refuse(),
    }
}

fn check_attribute(node: &NodeProto, attribute: &AttributeProto) -> Result<()> {
    check_name(&attribute.name)?;
    attribute.t.iter().chain(&attribute.tensors).try_for_each(check_tensor)?;
    let refuse = |found: String| {
        let (operator, name) = (start(&node.op_type), start(&attribute.name));
        Err(invalid(format!(
            "The node {:?} ({operator}) has {name} = {found}, which no network needs.",
            start(&node.name)
        )))
    };
    let is_list = attribute.r#type == AttributeType::Ints as i32 || !attribute.ints.is_empty();
    let numbers = || attribute.ints.iter().copied().chain((!is_list).then_some(attribute.i));
    let outside = |least: i64, most: i64| numbers().find(|number| !(least..=most).contains(number));
    let is_window = ["Conv", "Pool", "LRN", "Unpool", "Im2Col"].iter().any(|kind| node.op_type.contains(kind));
    let found = match attribute.name.as_str() {
        "axis" | "axes" | "perm" | "batch_dims" | "start_axis" => outside(-(MAX_RANK as i64), MAX_RANK as i64),
        "kernel_shape" | "strides" | "dilations" | "blocksize" | "size" => outside(1, MAX_WINDOW),
        "pads" if is_window => outside(0, MAX_WINDOW),
        "pads" | "paddings" => outside(-MAX_GENERATED, MAX_GENERATED),
        "output_padding" | "output_shape" | "output_height" | "output_width" | "sampling_ratio" => {
            outside(0, MAX_WINDOW)
        }
        "group" | "hidden_size" | "num_groups" | "num_heads" => outside(1, MAX_CHANNELS),
        "equation" if attribute.s.len() > MAX_FORMULA => Some(attribute.s.len() as i64),
        _ => None,
    };
    if let Some(found) = found {
        return refuse(found.to_string());
    }
    // tract follows the cycles of a permutation until they close.
    let is_each_once = || (0..attribute.ints.len() as i64).all(|axis| attribute.ints.contains(&axis));
    if attribute.name == "perm" && !is_each_once() {
        return refuse(format!("{:?}", attribute.ints));
    }
    let most = match attribute.name.as_str() {
        "kernel_shape" => MAX_WINDOW_AREA,
        "shape" if node.input.is_empty() => MAX_GENERATED,
        _ => return Ok(()),
    };
    let area = attribute.ints.iter().try_fold(1_i64, |area, &side| area.checked_mul(side));
    if area.is_some_and(|area| (0..=most).contains(&area)) { Ok(()) } else { refuse(format!("{:?}", attribute.ints)) }
}

/// The start of a name, for a sentence.
fn start(name: &str) -> String {
    name.chars().take(60).collect()
}

fn invalid(reason: String) -> Error {
    Error::new(ErrorKind::ModelInvalid, format!("{reason} Export the model again."))
}

#[cfg(test)]
mod tests {
    use tract_onnx::pb::tensor_proto::DataType;

    use super::*;
    use crate::model::runtime::inspect::test_graph::nodes;

    fn refusal(graph: &GraphProto) -> String {
        check(graph).expect_err("must be refused").to_string()
    }

    fn graph(lines: &[&str]) -> GraphProto {
        GraphProto { node: nodes(lines), ..Default::default() }
    }

    fn within(branch: GraphProto) -> GraphProto {
        let mut graph = graph(&["If a > b"]);
        graph.node[0].attribute.push(AttributeProto {
            name: "then_branch".into(),
            g: Some(branch),
            ..Default::default()
        });
        graph
    }

    #[test]
    fn too_much_of_anything_is_refused_in_branches_too() {
        let of = |line: &str, n: usize| graph(&vec![line; n]);
        assert!(check(&of("Relu a > b", MAX_NODES)).is_ok());
        assert!(refusal(&of("Relu a > b", MAX_NODES + 1)).contains("12001 nodes"));
        assert!(refusal(&within(of("Relu a > b", MAX_NODES))).contains("12001 nodes"));
        assert!(check(&of("Conv a w > b", MAX_LAYERS)).is_ok());
        assert!(refusal(&of("FusedConv a w > b", MAX_LAYERS + 1)).contains("1501 layers"));
        assert!(
            refusal(&graph(&[&format!("Concat {} > b", "a ".repeat(MAX_ARITY + 1).trim_end())]))
                .contains("1025 inputs")
        );
        assert!(refusal(&graph(&[&format!("Relu a > {}", "b".repeat(MAX_NAME + 1))])).contains("2001 bytes"));
        let nested = (0..MAX_DEPTH).fold(graph(&["Relu a > b"]), |branch, _| within(branch));
        assert!(check(&nested).is_ok());
        assert!(refusal(&within(nested)).contains("more than 3 deep"));
    }

    #[test]
    fn numbers_that_no_network_needs_are_refused_and_those_of_networks_are_not() {
        let with = |operator: &str, name: &str, numbers: &[i64]| {
            let mut graph = graph(&[&format!("{operator} a > b")]);
            let one = AttributeProto { name: name.into(), i: numbers[0], r#type: 2, ..Default::default() };
            let list = AttributeProto { name: name.into(), ints: numbers.into(), r#type: 7, ..Default::default() };
            graph.node[0].attribute.push(if numbers.len() == 1 { one } else { list });
            check(&graph).is_ok()
        };
        for (operator, name, good, bad) in [
            ("Conv", "strides", &[2, 2][..], &[0, 1][..]),
            ("Conv", "dilations", &[24, 24], &[-1, 1]),
            ("MaxPool", "kernel_shape", &[224, 224], &[4_096, 4_096]),
            ("Conv", "pads", &[0, 1, 0, 1], &[1 << 30, 0]),
            ("Pad", "pads", &[-1, 4_000], &[i64::MAX, 0]),
            ("Conv", "group", &[1_280], &[0]),
            ("Softmax", "axis", &[-1], &[i64::MIN]),
            ("Transpose", "perm", &[0, 2, 3, 1], &[0, 99]),
            ("DepthToSpace", "blocksize", &[2], &[0]),
            ("LSTM", "hidden_size", &[512], &[1 << 40]),
        ] {
            assert!(with(operator, name, good), "{operator} {name} {good:?}");
            assert!(!with(operator, name, bad), "{operator} {name} {bad:?}");
        }
    }

    #[test]
    fn a_weight_has_as_many_values_as_its_dimensions_say() {
        let weight = |dims: &[i64], data_type: DataType, bytes: usize| {
            let tensor = TensorProto {
                dims: dims.into(),
                data_type: data_type as i32,
                raw_data: vec![0; bytes],
                ..Default::default()
            };
            check(&GraphProto { initializer: vec![tensor], ..Default::default() }).is_ok()
        };
        assert!(
            weight(&[2, 3], DataType::Float, 24) && weight(&[], DataType::Int64, 8) && weight(&[0], DataType::Float, 0)
        );
        for dims in [&[2, 4][..], &[-2, -3], &[1 << 40], &[1 << 33, 1 << 33], &[1; 17]] {
            assert!(!weight(dims, DataType::Float, 24), "{dims:?}");
        }
        assert!(!weight(&[1 << 20, 1 << 20], DataType::Float, 0), "nothing stored");
    }
}
