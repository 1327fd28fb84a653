//! Runs networks: the only code that uses `tract`.
//!
//! Reads ONNX with floats of all sizes, weights of 4 to 16 bits, and quantised activations: [`passes`] says what becomes of each. Weights
//! become float32 constants when loading; activations quantised to int8 stay int8.

mod batch;
mod boxes;
mod caught;
mod census;
mod demand;
pub mod external;
mod graph;
pub mod inspect;
mod passes;
mod plan;
mod ranks;
mod scoring_layers;
mod shapes;
mod strided;
mod tensor;

use std::collections::{BTreeSet, HashSet};

use prost::Message;
use tract_onnx::Onnx;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, ModelProto, TensorProto, ValueInfoProto, type_proto};
use tract_onnx::prelude::*;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{InputSpec, Layout, ModelCard};
pub use boxes::{BoxRuntime, TractBoxes};
pub use caught::catches_panics;
use caught::{loading, running};
use scoring_layers::ScoringLayers;

/// Runs a network on one picture.
pub trait Runtime: Send + Sync {
    /// The length of [`Outputs::scores`].
    fn n_classes(&self) -> usize;

    /// `input`: one picture as the card describes, `3 × height × width` values in the card's layout.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`].
    fn run(&self, input: &[f32], wanted: WantedOutputs) -> Result<Outputs>;

    /// Runs only the scoring layers: the [`Outputs::scores`] that belong to `embedding`.
    ///
    /// # Errors
    /// [`ErrorKind::ExplanationUnavailable`] if the network has no embedding, or its scores depend on anything else.
    fn score_embedding(&self, embedding: &[f32]) -> Result<Vec<f32>>;
}

/// Which outputs to return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedOutputs {
    /// Scores and embedding.
    Tags,
    /// The feature map too.
    Explanation,
}

/// The network's outputs for one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs {
    /// One value per class, before activation.
    pub scores: Vec<f32>,
    /// The vector before the last layer, if the card names it.
    pub embedding: Option<Vec<f32>>,
    /// The activations whose mean is the embedding, if wanted and if the card names both.
    pub feature_map: Option<FeatureMap>,
}

/// The last spatial activations: one vector per cell of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureMap {
    /// The shape without the batch: (channels, height, width) or (height, width, channels).
    pub shape: Vec<usize>,
    /// As many values as the product of the shape.
    pub values: Vec<f32>,
}

/// An ONNX network in tract, on one thread.
pub struct TractRuntime {
    plan: Arc<TypedRunnableModel>,
    input_shape: [usize; 4],
    n_classes: usize,
    has_embedding: bool,
    has_feature_map: bool,
    scoring_layers: Option<ScoringLayers>,
}

impl TractRuntime {
    /// Parses, checks and optimises an ONNX file for the card's input.
    ///
    /// # Errors
    /// [`ErrorKind::ModelInvalid`] for bytes that are not a complete ONNX file, [`ErrorKind::ModelOperatorUnsupported`] with the names of
    /// the operators, [`ErrorKind::ModelMismatch`] if the network lacks the card's input or outputs.
    pub fn load(model: &[u8], card: &ModelCard) -> Result<Self> {
        loading(|| Self::load_unguarded(model, card))
    }

    fn load_unguarded(model: &[u8], card: &ModelCard) -> Result<Self> {
        let onnx = tract_onnx::onnx();
        let shape = input_shape(&card.input);
        let named = card.outputs.embedding.as_ref().zip(card.outputs.feature_map.as_ref());
        let outputs = std::iter::once(&card.outputs.scores).chain(&card.outputs.embedding);
        let outputs: Vec<&str> = outputs.chain(named.map(|(_, feature_map)| feature_map)).map(String::as_str).collect();
        let proto = open_for(&onnx, model, &card.input, &outputs)?;
        // Before dequantisation, while the weights are small.
        let scoring_layers =
            named.and_then(|(embedding, _)| scoring_layers::cut_from(&proto, embedding, &card.outputs.scores));
        let plan = plan::prepare(&onnx, proto, shape)?;

        let n_classes = vector_len(&plan, 0, &card.outputs.scores)?;
        let n_features = card.outputs.embedding.as_ref().map(|name| vector_len(&plan, 1, name)).transpose()?;
        Ok(Self {
            plan,
            input_shape: shape,
            n_classes,
            has_embedding: n_features.is_some(),
            has_feature_map: named.is_some(),
            scoring_layers: scoring_layers
                .zip(n_features)
                .map(|(scoring_layers, n_features)| ScoringLayers::new(scoring_layers, n_features)),
        })
    }
}

impl Runtime for TractRuntime {
    fn n_classes(&self) -> usize {
        self.n_classes
    }

    fn run(&self, input: &[f32], wanted: WantedOutputs) -> Result<Outputs> {
        let run = || -> TractResult<Outputs> {
            let input = Tensor::from_shape(&self.input_shape, input)?;
            let outputs = self.plan.run(tvec!(input.into()))?;
            let vector = |idx: usize| -> TractResult<Vec<f32>> {
                Ok(outputs[idx].cast_to::<f32>()?.to_plain_array_view::<f32>()?.iter().copied().collect())
            };
            let embedding = self.has_embedding.then(|| vector(1)).transpose()?;
            let is_wanted = self.has_feature_map && wanted == WantedOutputs::Explanation;
            let feature_map = if is_wanted {
                // Without the batch. Whoever reads the map checks its shape.
                Some(FeatureMap { shape: outputs[2].shape().iter().skip(1).copied().collect(), values: vector(2)? })
            } else {
                None
            };
            Ok(Outputs { scores: vector(0)?, embedding, feature_map })
        };
        running(|| run().map_err(run_failed))
    }

    fn score_embedding(&self, embedding: &[f32]) -> Result<Vec<f32>> {
        let refuse = |detail: String| Error::new(ErrorKind::ExplanationUnavailable, detail);
        let scoring_layers = self.scoring_layers.as_ref().ok_or_else(|| {
            refuse("This network's scores do not depend on its embedding alone. Name the vector before the last layer as embedding in the card.".into())
        })?;
        running(|| Ok(scoring_layers.run(embedding)))?
            .map_err(|cause| refuse(format!("This network's last layers cannot be run alone: {cause}.")))
    }
}

fn run_failed(error: TractError) -> Error {
    let detail = format!("The network failed on this picture: {}.", root_cause(&error));
    Error::new(ErrorKind::InferenceFailed, detail).with_source(error)
}

fn input_shape(input: &InputSpec) -> [usize; 4] {
    let (height, width) = (input.height as usize, input.width as usize);
    match input.layout {
        Layout::Nchw => [1, 3, height, width],
        Layout::Nhwc => [1, height, width, 3],
    }
}

fn read(model: &[u8]) -> Result<ModelProto> {
    ModelProto::decode(model).map_err(|error| {
        let detail = "This is not an ONNX file, or it is cut off. Download it again, or export the model as ONNX.";
        Error::new(ErrorKind::ModelInvalid, detail).with_source(error)
    })
}

/// Operators that tract knows and no picture classifier needs: a loop may run without end, and the browser's engine is built without
/// those for sound (`xtask/src/unreached.rs`).
const UNSUPPORTED: &[&str] =
    &["BlackmanWindow", "DFT", "HammingWindow", "HannWindow", "MelWeightMatrix", "STFT", "Scan"];

/// The network of an ONNX file that was [`read`], rewritten for tract and checked.
fn open(onnx: &Onnx, mut proto: ModelProto) -> Result<ModelProto> {
    check_is_complete(&proto)?;
    passes::rewrite(&mut proto)?;
    check_is_complete(&proto)?;
    check_operators(&proto, |operator| onnx.op_register.0.contains_key(operator))?;
    Ok(proto)
}

/// [`open`] for what a card says: its input, and the values that it names as outputs, in that order; nothing else is computed.
fn open_for(onnx: &Onnx, model: &[u8], input: &InputSpec, named: &[&str]) -> Result<ModelProto> {
    let mismatch = |detail: String| Error::new(ErrorKind::ModelMismatch, detail);
    let mut proto = read(model)?;
    let graph = check_is_complete(&proto)?;
    let stated = graph.output.iter().map(|output| format!("{:?}", output.name)).collect::<Vec<_>>().join(", ");
    batch::check_pixels(graph, input)?;
    let output = named.iter().map(|&name| ValueInfoProto { name: name.to_owned(), ..Default::default() });
    proto.graph.as_mut().expect("check_is_complete found a graph").output = output.collect();
    passes::rewrite(&mut proto)?;
    let graph = check_is_complete(&proto)?;
    let values: HashSet<&str> = graph.node.iter().flat_map(|node| &node.output).map(String::as_str).collect();
    if let Some(name) = named.iter().find(|name| !values.contains(**name)) {
        return Err(mismatch(format!(
            "The card names the output {name:?}, but the network has {stated}. Correct the card."
        )));
    }
    check_operators(&proto, |operator| onnx.op_register.0.contains_key(operator))?;
    let found = sole_input(graph)?;
    if found.name != input.name {
        return Err(mismatch(format!(
            "The card names the input {:?}, but the network's input is {:?}. Correct the card.",
            input.name, found.name
        )));
    }
    Ok(proto)
}

/// The graph, if it and all its weights are there.
fn check_is_complete(proto: &ModelProto) -> Result<&GraphProto> {
    let graph =
        proto.graph.as_ref().filter(|graph| !graph.node.is_empty()).ok_or_else(|| {
            Error::new(ErrorKind::ModelInvalid, "This ONNX file has no network. Export the model again.")
        })?;
    census::check(graph)?;
    if let Some(tensor) = graph.initializer.iter().find(|tensor| is_external(tensor)) {
        let cause = Error::new(ErrorKind::ModelInvalid, "The weights are not inside.");
        return Err(external::missing(external::location(tensor)?, cause));
    }
    Ok(graph)
}

/// Refuses operators that tract does not know, and [`UNSUPPORTED`] ones.
fn check_operators(proto: &ModelProto, is_known: impl Fn(&str) -> bool) -> Result<()> {
    let mut unknown = BTreeSet::new();
    let mut graphs: Vec<&GraphProto> = proto.graph.iter().collect();
    while let Some(graph) = graphs.pop() {
        for node in &graph.node {
            let operator = node.op_type.as_str();
            if !is_known(operator) || UNSUPPORTED.contains(&operator) {
                unknown.insert(operator);
            }
            graphs.extend(node.attribute.iter().flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs)));
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let names = unknown.into_iter().collect::<Vec<_>>().join(", ");
    let detail = format!("This network uses unsupported operators: {names}. Export it without them.");
    Err(Error::new(ErrorKind::ModelOperatorUnsupported, detail).with_subject(names))
}

fn is_external(tensor: &TensorProto) -> bool {
    tensor.data_location.is_some_and(|location| location != 0) || !tensor.external_data.is_empty()
}

/// The only input. It must be float32; other floats and small whole numbers were converted before.
fn sole_input(graph: &GraphProto) -> Result<&ValueInfoProto> {
    let mismatch = |detail: String| Error::new(ErrorKind::ModelMismatch, detail);
    let [input] = &graph.input[..] else {
        return Err(mismatch(format!(
            "This network has {} inputs, but needs exactly one, for the picture. Export the classifier alone.",
            graph.input.len()
        )));
    };
    let found = element_type(input);
    if found != DataType::Float as i32 {
        let name = DataType::try_from(found).map_or("unknown", |found| found.as_str_name()).to_lowercase();
        return Err(mismatch(format!(
            "The network's input {:?} takes {name} values, but pictures are given as floats or bytes. Export it with a float32 or uint8 input.",
            input.name
        )));
    }
    Ok(input)
}

fn element_type(value: &ValueInfoProto) -> i32 {
    match value.r#type.as_ref().and_then(|r#type| r#type.value.as_ref()) {
        Some(type_proto::Value::TensorType(tensor)) => tensor.elem_type,
        None => DataType::Undefined as i32,
    }
}

/// The length of an output that must be a vector: (n), (1, n) or (1, n, 1, 1).
fn vector_len(plan: &TypedRunnableModel, idx: usize, name: &str) -> Result<usize> {
    let fact = plan.model().output_fact(idx).ok();
    let shape = fact.and_then(|fact| fact.shape.as_concrete());
    match shape {
        Some(shape) if shape.iter().filter(|&&dim| dim != 1).count() <= 1 => Ok(shape.iter().product()),
        _ => {
            let shape = shape.map_or("no fixed shape".to_owned(), |shape| format!("the shape {shape:?}"));
            Err(Error::new(
                ErrorKind::ModelMismatch,
                format!("The output {name:?} has {shape}, but it must be one vector. Name another output in the card."),
            ))
        }
    }
}

/// The innermost message; the outer ones only locate the node in the graph.
fn root_cause(error: &TractError) -> String {
    error.root_cause().to_string()
}
