//! The last layers alone: what a network makes of its embedding. Cut out of the same graph, so nothing about them is assumed.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TypeProto, ValueInfoProto, type_proto};
use tract_onnx::prelude::*;

use super::{dequantize, root_cause};

/// Operators that hand their first input on as it is, perhaps in another shape: what an embedding goes through to become an output
/// of its own, beside the way to the scores.
const PASSING: &[&str] = &["Identity", "Cast", "Dropout", "Flatten", "Reshape", "Squeeze", "Unsqueeze"];

/// Embedding → scores. Prepared when it is first run: most taggers are never asked for it.
pub struct ScoringLayers(LazyLock<Prepared, Box<dyn FnOnce() -> Prepared + Send>>);

/// Or why these layers cannot be run on their own.
type Prepared = Result<Plan, String>;

struct Plan {
    plan: Arc<TypedRunnableModel>,
    input_shape: TVec<usize>,
}

impl ScoringLayers {
    /// `proto` from [`cut_from`]; `n_features`: how long the embedding is.
    pub fn new(proto: ModelProto, n_features: usize) -> Self {
        Self(LazyLock::new(Box::new(move || prepare(proto, n_features))))
    }

    /// The scores, before activation, that `embedding` gives; or why these layers cannot be run on their own.
    pub fn run(&self, embedding: &[f32]) -> Result<Vec<f32>, String> {
        let Plan { plan, input_shape } = self.0.as_ref().map_err(Clone::clone)?;
        let run = || -> TractResult<Vec<f32>> {
            let outputs = plan.run(tvec!(Tensor::from_shape(input_shape, embedding)?.into()))?;
            Ok(outputs[0].cast_to::<f32>()?.to_plain_array_view::<f32>()?.iter().copied().collect())
        };
        run().map_err(|error| root_cause(&error))
    }
}

/// What lies nodes_between `embedding` and `scores`, with the weights as they are stored. None where the scores do not come from the embedding
/// alone.
pub fn cut_from(proto: &ModelProto, embedding: &str, scores: &str) -> Option<ModelProto> {
    let graph = proto.graph.as_ref()?;
    let head = cut_points(graph, embedding).into_iter().find_map(|cut_from| nodes_between(graph, cut_from, scores))?;
    let ModelProto { ir_version, ref opset_import, .. } = *proto;
    Some(ModelProto { ir_version, opset_import: opset_import.clone(), graph: Some(head), ..Default::default() })
}

/// `embedding` and the values that it merely repeats, the nearest first.
fn cut_points<'a>(graph: &'a GraphProto, embedding: &'a str) -> Vec<&'a str> {
    let mut cut_points = vec![embedding];
    // Each step goes up; a graph that bites its own tail has no more steps than nodes.
    for _ in &graph.node {
        let producer = graph
            .node
            .iter()
            .find(|node| node.output.first().is_some_and(|name| name == cut_points[cut_points.len() - 1]));
        match producer.filter(|node| PASSING.contains(&node.op_type.as_str())).and_then(|node| node.input.first()) {
            Some(above) => cut_points.push(above),
            None => break,
        }
    }
    cut_points
}

/// The part of `graph` that computes `scores` from `cut_from`, if it needs nothing else but constants.
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
            let idx = *producers.get(name.as_str())?; // else it is the picture
            let node = &graph.node[idx];
            if node.attribute.iter().any(|attribute| attribute.g.is_some() || !attribute.graphs.is_empty()) {
                return None; // a graph within may read any value
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

/// `node`, or if it ends a rounding of activations to int8, one that leaves them as they are: those are rounded to the range that the
/// mean of all places has, and single places go far beyond it.
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

/// The shape that the layers take their vector in is not written down: one of those that a vector can have.
fn prepare(mut proto: ModelProto, n: usize) -> Prepared {
    if let Some(graph) = &mut proto.graph {
        dequantize::fold_constant_weights(graph);
    }
    let mut first_refusal = None;
    for shape in [tvec![1, n], tvec![1, n, 1, 1], tvec![1, 1, 1, n], tvec![n]] {
        let plan = (|| -> TractResult<_> {
            let mut network = tract_onnx::onnx().parse(&proto, None)?.model;
            network.set_input_fact(0, f32::fact(&shape).into())?;
            network.into_optimized()?.into_runnable()
        })();
        match plan {
            Ok(plan) => return Ok(Plan { plan, input_shape: shape }),
            Err(error) => _ = first_refusal.get_or_insert_with(|| root_cause(&error)),
        }
    }
    Err(first_refusal.expect("at least one shape was tried"))
}
