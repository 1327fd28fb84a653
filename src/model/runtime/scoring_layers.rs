//! The scoring layers: the layers from the embedding to the scores, cut out of the network's graph.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TypeProto, ValueInfoProto, type_proto};
use tract_onnx::prelude::*;

use super::plan::optimise;
use super::ranks::least_ranks;
use super::{passes, root_cause};

/// Operators that keep their first input's values, at most in another shape. An embedding may pass through them on its way to its own
/// output, off the path to the scores.
const PASSING: &[&str] = &["Identity", "Cast", "Dropout", "Flatten", "Reshape", "Squeeze", "Unsqueeze"];

/// Embedding → scores. Prepared on the first run, because most taggers never explain a tag.
pub struct ScoringLayers(LazyLock<Prepared, Box<dyn FnOnce() -> Prepared + Send>>);

/// The error is the reason why these layers cannot be run alone.
type Prepared = Result<Plan, String>;

struct Plan {
    plan: Arc<TypedRunnableModel>,
    input_shape: TVec<usize>,
}

impl ScoringLayers {
    /// `proto`: from [`cut_from`]; `n_features`: the length of the embedding.
    pub fn new(proto: ModelProto, n_features: usize) -> Self {
        Self(LazyLock::new(Box::new(move || prepare(proto, n_features))))
    }

    /// The scores of `embedding`, before activation, or the reason why these layers cannot be run alone.
    pub fn run(&self, embedding: &[f32]) -> Result<Vec<f32>, String> {
        let Plan { plan, input_shape } = self.0.as_ref().map_err(Clone::clone)?;
        let run = || -> TractResult<Vec<f32>> {
            let outputs = plan.run(tvec!(Tensor::from_shape(input_shape, embedding)?.into()))?;
            Ok(outputs[0].cast_to::<f32>()?.to_plain_array_view::<f32>()?.iter().copied().collect())
        };
        run().map_err(|error| root_cause(&error))
    }
}

/// The layers between `embedding` and `scores`, with the weights as stored. `None` if the scores depend on anything besides the embedding.
pub fn cut_from(proto: &ModelProto, embedding: &str, scores: &str) -> Option<ModelProto> {
    let graph = proto.graph.as_ref()?;
    let head = cut_points(graph, embedding).into_iter().find_map(|cut_from| nodes_between(graph, cut_from, scores))?;
    let ModelProto { ir_version, ref opset_import, .. } = *proto;
    Some(ModelProto { ir_version, opset_import: opset_import.clone(), graph: Some(head), ..Default::default() })
}

/// `embedding` and the values that it only repeats, the nearest first.
fn cut_points<'a>(graph: &'a GraphProto, embedding: &'a str) -> Vec<&'a str> {
    let producers = graph.node.iter().filter_map(|node| Some((node.output.first()?.as_str(), node)));
    let producers: HashMap<&str, &NodeProto> = producers.collect();
    let mut cut_points = vec![embedding];
    // Each step goes up one node. The limit ends the walk in a cyclic graph.
    for _ in &graph.node {
        let producer = producers.get(cut_points[cut_points.len() - 1]).copied();
        match producer.filter(|node| PASSING.contains(&node.op_type.as_str())).and_then(|node| node.input.first()) {
            Some(above) => cut_points.push(above),
            None => break,
        }
    }
    cut_points
}

/// The subgraph that computes `scores` from the value `cut_from`, if it needs only constants besides.
fn nodes_between(graph: &GraphProto, cut_from: &str, scores: &str) -> Option<GraphProto> {
    let producers: HashMap<&str, usize> = (graph.node.iter().enumerate())
        .flat_map(|(idx, node)| node.output.iter().map(move |name| (name.as_str(), idx)))
        .collect();
    let constants: HashSet<&str> = graph.initializer.iter().map(|tensor| tensor.name.as_str()).collect();
    let (mut nodes, mut used, mut meets_cut) = (BTreeMap::new(), HashSet::new(), false);
    let mut wanted = vec![scores.to_owned()];
    while let Some(name) = wanted.pop() {
        if name == cut_from {
            meets_cut = true;
        } else if constants.contains(name.as_str()) {
            used.insert(name);
        } else {
            let idx = *producers.get(name.as_str())?; // `None` for the picture
            let node = &graph.node[idx];
            if node.attribute.iter().any(|attribute| attribute.g.is_some() || !attribute.graphs.is_empty()) {
                return None; // a subgraph could read any value
            }
            if let Entry::Vacant(place) = nodes.entry(idx) {
                let node = place.insert(unrounded(node, |name| Some(&graph.node[*producers.get(name)?])));
                wanted.extend(node.input.iter().filter(|name| !name.is_empty()).cloned());
            }
        }
    }
    let float = type_proto::Tensor { elem_type: DataType::Float as i32, shape: None };
    let float = TypeProto { value: Some(type_proto::Value::TensorType(float)), ..Default::default() };
    meets_cut.then(|| GraphProto {
        name: graph.name.clone(),
        node: nodes.into_values().collect(),
        initializer: graph.initializer.iter().filter(|tensor| used.contains(&tensor.name)).cloned().collect(),
        input: vec![ValueInfoProto { name: cut_from.into(), r#type: Some(float), ..Default::default() }],
        output: vec![ValueInfoProto { name: scores.into(), ..Default::default() }],
        ..Default::default()
    })
}

/// Replaces the end of a quantisation of activations by an identity: their range fits the mean over all cells, and single cells exceed it
/// by far.
fn unrounded<'a>(node: &NodeProto, producer: impl Fn(&str) -> Option<&'a NodeProto>) -> NodeProto {
    let rounding = (node.input.first().filter(|_| node.op_type == "DequantizeLinear"))
        .and_then(|name| producer(name))
        .filter(|above| above.op_type == "QuantizeLinear");
    match rounding {
        Some(above) => NodeProto {
            name: node.name.clone(),
            op_type: "Identity".into(),
            input: above.input.first().cloned().into_iter().collect(),
            output: node.output.clone(),
            ..Default::default()
        },
        None => node.clone(),
    }
}

/// Tries the shapes that a vector can have, because the graph does not state the one that the layers take.
fn prepare(mut proto: ModelProto, n: usize) -> Prepared {
    passes::fold_constant_weights(&mut proto).map_err(|error| error.to_string())?;
    let least_ranks = proto.graph.as_ref().map(least_ranks).unwrap_or_default();
    let mut first_refusal = None;
    for shape in [tvec![1, n], tvec![1, n, 1, 1], tvec![1, 1, 1, n], tvec![n]] {
        let plan = (|| -> TractResult<_> {
            let mut network = tract_onnx::onnx().parse(&proto, None)?.model;
            network.set_input_fact(0, f32::fact(&shape).into())?;
            optimise(network, &least_ranks)?.into_runnable()
        })();
        match plan {
            Ok(plan) => return Ok(Plan { plan, input_shape: shape }),
            Err(error) => _ = first_refusal.get_or_insert_with(|| root_cause(&error)),
        }
    }
    Err(first_refusal.expect("at least one shape was tried"))
}
