//! The axes that a node needs: those that it counts from the last, and the one of channels. tract counts on from an axis that is not there, for
//! LayerNormalization up to 2^64.

use std::collections::HashMap;

use tract_onnx::pb::{GraphProto, NodeProto};

/// Operators that count a negative `axis` from the last one of their first input, and the axis where none is stated.
const BY_AXIS: &[(&str, i64)] = &[
    ("ArgMax", 0),
    ("ArgMin", 0),
    ("Concat", 0),
    ("Flatten", 1),
    ("Gather", 0),
    ("GatherElements", 0),
    ("Hardmax", -1),
    ("LayerNormalization", -1),
    ("LogSoftmax", -1),
    ("LpNormalization", -1),
    ("RMSNormalization", -1),
    ("ScatterElements", 0),
    ("SimplifiedLayerNormalization", -1),
    ("Softmax", -1),
    ("Split", 0),
    ("TopK", -1),
];

/// Operators that take the second axis of their first input for its channels. tract reads it without looking whether it is there.
const BY_CHANNEL: &[&str] = &[
    "AveragePool",
    "BatchNormalization",
    "Conv",
    "ConvInteger",
    "ConvTranspose",
    "GlobalAveragePool",
    "GlobalLpPool",
    "GlobalMaxPool",
    "InstanceNormalization",
    "LRN",
    "LpPool",
    "MaxPool",
    "QLinearConv",
];

/// Name of a node's first output, by which tract calls it → the least rank of its first input.
pub type LeastRanks = HashMap<String, i64>;

/// Of all nodes, those of branches included. The census bounds how deep these lie.
pub fn least_ranks(graph: &GraphProto) -> LeastRanks {
    let mut ranks = LeastRanks::new();
    add(graph, &mut ranks);
    ranks
}

fn add(graph: &GraphProto, ranks: &mut LeastRanks) {
    for node in &graph.node {
        if let (Some(name), Some(rank)) = (node.output.first(), least_rank(node)) {
            let known = ranks.entry(name.clone()).or_default();
            *known = rank.max(*known);
        }
        for attribute in &node.attribute {
            attribute.g.iter().chain(&attribute.graphs).for_each(|branch| add(branch, ranks));
        }
    }
}

fn least_rank(node: &NodeProto) -> Option<i64> {
    if BY_CHANNEL.contains(&node.op_type.as_str()) {
        return Some(2);
    }
    let stated = node.attribute.iter().find(|attribute| attribute.name == "axis").map(|attribute| attribute.i);
    let axis = match BY_AXIS.iter().find(|(operator, _)| *operator == node.op_type) {
        Some((_, usual)) => stated.unwrap_or(*usual),
        // Its output has one axis more than its input.
        None if node.op_type == "OneHot" => stated.unwrap_or(-1).saturating_add(1),
        None => return None,
    };
    (axis < 0).then(|| axis.saturating_neg())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tract_onnx::pb::AttributeProto;

    #[test]
    fn an_axis_from_the_last_needs_as_many_axes() {
        let rank = |operator: &str, axis: Option<i64>| {
            let attribute = axis.map(|i| AttributeProto { name: "axis".into(), i, ..Default::default() });
            let node = NodeProto {
                op_type: operator.into(),
                output: vec!["y".into()],
                attribute: attribute.into_iter().collect(),
                ..Default::default()
            };
            least_ranks(&GraphProto { node: vec![node], ..Default::default() }).get("y").copied()
        };
        assert_eq!(rank("LayerNormalization", None), Some(1));
        assert_eq!(rank("Concat", Some(-3)), Some(3));
        assert_eq!((rank("OneHot", None), rank("OneHot", Some(-3))), (None, Some(2)));
        assert_eq!(rank("BatchNormalization", None), Some(2));
        assert_eq!((rank("Softmax", Some(1)), rank("Gather", None), rank("Relu", Some(-9))), (None, None, None));
    }
}
