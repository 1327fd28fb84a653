//! Removes what the wanted outputs do not need, so that nobody asks for its operators, inputs and weights.

use std::collections::{HashMap, HashSet};

use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, ValueInfoProto};

use super::build::input;
use crate::error::Result;

/// Maximum nesting of graphs in graphs whose values are searched.
const MAX_DEPTH: usize = 8;

/// Operators whose further outputs are for training or bookkeeping, and may be left out.
const OPTIONAL_OUTPUTS: &[&str] = &[
    "BatchNormalization",
    "Dropout",
    "MaxPool",
    "LayerNormalization",
    "SkipLayerNormalization",
    "GRU",
    "LSTM",
    "RNN",
    "SimplifiedLayerNormalization",
    "SkipSimplifiedLayerNormalization",
];

/// Offers the scores in an output that is a map from labels to scores (`ZipMap`), instead of that map.
pub fn unzip_maps(model: &mut ModelProto) -> Result<()> {
    let Some(GraphProto { node, output, .. }) = &mut model.graph else { return Ok(()) };
    let maps: HashMap<&str, &str> = (node.iter().filter(|node| node.op_type == "ZipMap"))
        .filter_map(|node| Some((node.output.first()?.as_str(), input(node, 0)?)))
        .collect();
    for value in output {
        if let Some(&scores) = maps.get(value.name.as_str()) {
            *value = ValueInfoProto { name: scores.to_owned(), ..Default::default() };
        }
    }
    Ok(())
}

/// Keeps the nodes, weights and inputs from which the graph's outputs are computed.
pub fn prune(model: &mut ModelProto) -> Result<()> {
    let Some(graph) = &mut model.graph else { return Ok(()) };
    let (kept, needed) = needed(graph);
    let mut is_kept = kept.into_iter();
    graph.node.retain(|_| is_kept.next().expect("one flag a node"));
    for node in graph.node.iter_mut().filter(|node| OPTIONAL_OUTPUTS.contains(&node.op_type.as_str())) {
        while node.output.len() > 1 && node.output.last().is_some_and(|name| !needed.contains(name.as_str())) {
            node.output.pop();
        }
    }
    graph.initializer.retain(|tensor| needed.contains(tensor.name.as_str()));
    graph.input.retain(|input| needed.contains(input.name.as_str()));
    Ok(())
}

/// Which nodes are needed, and the names of all values that are.
fn needed(graph: &GraphProto) -> (Vec<bool>, HashSet<String>) {
    let producers: HashMap<&str, usize> = (graph.node.iter().enumerate())
        .flat_map(|(idx, node)| node.output.iter().map(move |name| (name.as_str(), idx)))
        .collect();
    let mut kept = vec![false; graph.node.len()];
    let mut next: Vec<&str> = graph.output.iter().map(|output| output.name.as_str()).collect();
    let mut needed: HashSet<String> = next.iter().map(|&name| name.to_owned()).collect();
    while let Some(name) = next.pop() {
        let Some(&idx) = producers.get(name) else { continue };
        if std::mem::replace(&mut kept[idx], true) {
            continue;
        }
        read_by(&graph.node[idx], MAX_DEPTH, &mut |name| {
            if !name.is_empty() && needed.insert(name.to_owned()) {
                next.push(name);
            }
        });
    }
    (kept, needed)
}

/// Calls `visit` for each value that `node` reads, also from the graphs inside it.
fn read_by<'a>(node: &'a NodeProto, depth: usize, visit: &mut dyn FnMut(&'a str)) {
    node.input.iter().for_each(|name| visit(name));
    let Some(depth) = depth.checked_sub(1) else { return };
    for inner in node.attribute.iter().flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs)) {
        inner.node.iter().for_each(|node| read_by(node, depth, visit));
        inner.output.iter().for_each(|output| visit(&output.name));
    }
}
