//! Model import: a card and a vocabulary for an ONNX file that comes with nothing but labels. [`inspect`] reads what the file reveals,
//! a person chooses the rest, and [`import_model`] writes both and loads the model with them once, so that the result is known to work.

mod choices;
mod draft;
mod labels;
mod neighbours;
mod presets;
mod properties;
mod statements;
mod vocabulary;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{
    Activation, Colour, InputSpec, Layout, ModelCard, ModelFile, ModelKind, OutputNames, PolicyDefaults, Provenance,
    VocabularyRef, sha256,
};
use crate::model::runtime::inspect::{self as network, FileFacts, NetworkOutput, Range};
use crate::model::runtime::{Runtime, TractRuntime};
use crate::model::vocabulary::Vocabulary;

pub use choices::ImportChoices;
pub use draft::{Drafted, LabelsFailure, ModelDraft, PixelValues, Size, draft};
pub use labels::{decode_text, parse_labels};
pub use neighbours::Neighbour;
use presets::{IMAGENET, MINUS_ONE_TO_ONE, UNCHANGED, ZERO_TO_ONE};
pub use presets::{NORMALISATION_PRESETS, NormalisationPreset};
use vocabulary::{build_vocabulary, slug};

/// Maximum length of a model's name, in characters.
const MAX_NAME_CHARS: usize = 200;
/// Maximum number of characters of the name in a card's id.
const MAX_SLUG_CHARS: usize = 40;

/// What an entry of an inspection is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The ONNX file states it.
    Graph,
    /// A file beside it states it.
    Neighbour,
    /// Nothing states it; networks of this kind do it this way.
    Usual,
    /// Nothing states it, and networks of this kind do it in several ways.
    Guess,
}

/// What an ONNX file reveals about the card it needs, and assumptions for the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelInspection {
    pub input: InputInspection,
    /// In the file's order.
    pub outputs: Vec<OutputInspection>,
    /// Name of the output that most likely holds the scores.
    pub scores: String,
    pub normalisation: NormalisationGuess,
    /// Order of the colours, where the normalisation inside the network shows it.
    #[serde(skip)]
    pub colour: Option<Colour>,
    #[serde(skip)]
    pub facts: FileFacts,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputInspection {
    pub name: String,
    pub layout: Layout,
    pub layout_basis: Basis,
    /// Pixels; `None` if any height is accepted.
    pub height: Option<u32>,
    /// Pixels; `None` if any width is accepted.
    pub width: Option<u32>,
}

/// One output, and what follows if it holds the scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutputInspection {
    pub name: String,
    /// `None` if the file states no shape; a side is `None` if it depends on the input.
    pub shape: Option<Vec<Option<u32>>>,
    /// `None` if it is not a vector, or its length is unknown.
    pub n_classes: Option<usize>,
    pub activation: Activation,
    pub activation_basis: Basis,
    /// The input of the last linear layer.
    pub embedding: Option<String>,
    /// The value whose mean over height and width is the embedding.
    pub feature_map: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NormalisationGuess {
    /// Id of one of [`NORMALISATION_PRESETS`].
    pub preset: &'static str,
    pub mean: [f32; 3],
    pub std: [f32; 3],
    pub basis: Basis,
}

/// A card and a vocabulary that belong together, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedModel {
    pub card: String,
    pub vocabulary: String,
}

/// Reads what an ONNX file reveals about the card it needs.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`] and [`ErrorKind::ModelOperatorUnsupported`] as when loading, and [`ErrorKind::ModelMismatch`] for a
/// network that does not map one colour picture to a vector.
pub fn inspect(model: &[u8]) -> Result<ModelInspection> {
    let network = network::inspect(model)?;
    let input = network.input;
    // PyTorch networks usually have channels first and ImageNet's mean; TensorFlow networks have channels last and take −1 to 1.
    let layout = input.layout.unwrap_or(Layout::Nchw);
    let (preset, basis) = match (input.range, layout) {
        (Some(Range::Bytes), _) => (UNCHANGED, Basis::Graph),
        (Some(Range::Unit), _) => (ZERO_TO_ONE, Basis::Graph),
        (None, Layout::Nchw) => (IMAGENET, Basis::Guess),
        (None, Layout::Nhwc) => (MINUS_ONE_TO_ONE, Basis::Guess),
    };
    Ok(ModelInspection {
        input: InputInspection {
            name: input.name,
            layout,
            layout_basis: if input.layout.is_some() { Basis::Graph } else { Basis::Usual },
            height: input.height,
            width: input.width,
        },
        outputs: network.outputs.into_iter().map(OutputInspection::from).collect(),
        scores: network.scores,
        normalisation: NormalisationGuess { preset: preset.id, mean: preset.mean, std: preset.std, basis },
        colour: input.colour,
        facts: network.facts,
    })
}

impl From<NetworkOutput> for OutputInspection {
    fn from(output: NetworkOutput) -> Self {
        Self {
            name: output.name,
            shape: output.shape,
            n_classes: output.n_classes,
            // The softmax of one score is always 1.
            activation: output.activation.unwrap_or(match output.n_classes {
                Some(1) => Activation::Sigmoid,
                _ => Activation::Softmax,
            }),
            activation_basis: if output.activation.is_some() { Basis::Graph } else { Basis::Usual },
            embedding: output.embedding,
            feature_map: output.feature_map,
        }
    }
}

/// Writes the card and the vocabulary of a model, and loads the model with them once: [`Tagger::load`](crate::tagging::Tagger::load)
/// accepts the result. `model_sha256` is lower-case hex, `inspection` comes from [`inspect`], and `labels` are in class order.
///
/// # Errors
/// [`ErrorKind::LabelsInvalid`] for labels that are invalid or do not fit, [`ErrorKind::CardInvalid`] for choices that contradict each
/// other, [`ErrorKind::ModelMismatch`] for choices that contradict the network, and the errors of [`TractRuntime::load`].
pub fn import_model(
    model: &[u8],
    model_sha256: &str,
    inspection: &ModelInspection,
    labels: &[String],
    choices: &ImportChoices,
) -> Result<ImportedModel> {
    let labels = labels::check_labels(labels)?;
    let output = scores_output(inspection, choices)?;
    check_size(&inspection.input, choices)?;
    if let Some(n_classes) = output.n_classes {
        labels::check_fit(&labels, n_classes)?;
    }
    let vocabulary = build_vocabulary(&labels);
    Vocabulary::parse(&vocabulary)?;
    let (mut card, runtime) = load(model, model_sha256, inspection, output, &vocabulary, choices)?;
    labels::check_fit(&labels, runtime.n_classes())?;
    card.outputs.complement = labels::is_complement(&labels, runtime.n_classes());
    Ok(ImportedModel { card: pretty(&ModelCard::parse(&pretty(&card))?), vocabulary })
}

/// Loads a model as a person's choices say, before its labels are known: whatever fails here fails with every label.
///
/// # Errors
/// Those of [`import_model`] that do not concern labels.
pub fn load_undescribed(
    model: &[u8],
    inspection: &ModelInspection,
    choices: &ImportChoices,
) -> Result<(ModelCard, TractRuntime)> {
    let output = scores_output(inspection, choices)?;
    check_size(&inspection.input, choices)?;
    load(model, &"0".repeat(64), inspection, output, "", choices)
}

fn load(
    model: &[u8],
    model_sha256: &str,
    inspection: &ModelInspection,
    output: &OutputInspection,
    vocabulary: &str,
    choices: &ImportChoices,
) -> Result<(ModelCard, TractRuntime)> {
    // Embedding and feature map are guesses that nobody confirmed, so they are dropped if the network refutes them.
    let (embedding, feature_map) = (output.embedding.clone(), output.feature_map.clone());
    let mut guesses = vec![(embedding.clone(), feature_map), (embedding, None), (None, None)];
    guesses.dedup();
    let mut refuted = None;
    for (embedding, feature_map) in guesses {
        let outputs = OutputNames { scores: output.name.clone(), embedding, feature_map, complement: false };
        let card = build_card(model, model_sha256, &inspection.input.name, vocabulary, outputs, choices)?;
        match TractRuntime::load(model, &card) {
            Ok(runtime) => return Ok((card, runtime)),
            Err(error) if error.kind() == ErrorKind::ModelMismatch => refuted = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(refuted.expect("there is at least one guess"))
}

fn scores_output<'a>(inspection: &'a ModelInspection, choices: &ImportChoices) -> Result<&'a OutputInspection> {
    inspection.outputs.iter().find(|output| output.name == choices.scores).ok_or_else(|| {
        let names = inspection.outputs.iter().map(|output| format!("{:?}", output.name)).collect::<Vec<_>>().join(", ");
        let detail = format!("The network has no output {:?}. Choose one of {names}.", choices.scores);
        Error::new(ErrorKind::ModelMismatch, detail)
    })
}

/// Refuses a size other than the network's, if that is fixed.
fn check_size(input: &InputInspection, choices: &ImportChoices) -> Result<()> {
    let fits = |fixed: Option<u32>, chosen: u32| fixed.is_none_or(|fixed| fixed == chosen);
    if choices.layout != input.layout || fits(input.height, choices.height) && fits(input.width, choices.width) {
        return Ok(());
    }
    let spelt = |side: Option<u32>| side.map_or("any".to_owned(), |side| side.to_string());
    let detail = format!(
        "The network takes pictures of {} × {} pixels (width × height), not {} × {}. Choose the network's size.",
        spelt(input.width),
        spelt(input.height),
        choices.width,
        choices.height
    );
    Err(Error::new(ErrorKind::ModelMismatch, detail))
}

fn build_card(
    model: &[u8],
    model_sha256: &str,
    input: &str,
    vocabulary: &str,
    outputs: OutputNames,
    choices: &ImportChoices,
) -> Result<ModelCard> {
    let name = choices.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        let detail =
            format!("The model's name must have 1 to {MAX_NAME_CHARS} printable characters. Choose another name.");
        return Err(Error::new(ErrorKind::CardInvalid, detail));
    }
    let card = ModelCard {
        schema: 1,
        id: custom_id(&name, model_sha256),
        version: "1.0.0".into(),
        name,
        kind: ModelKind::Classifier,
        licence: "NOASSERTION".into(),
        provenance: Provenance {
            source: "a file of yours".into(),
            sha256: model_sha256.into(),
            data: "not stated".into(),
            conversion: "none".into(),
        },
        model: ModelFile { file: "model.onnx".into(), bytes: model.len() as u64, sha256: model_sha256.into() },
        vocabulary: VocabularyRef { file: "vocabulary.json".into(), sha256: sha256(vocabulary.as_bytes()) },
        input: InputSpec {
            name: input.into(),
            height: choices.height,
            width: choices.width,
            layout: choices.layout,
            colour: choices.colour,
            mean: choices.mean,
            std: choices.std,
            fit: choices.fit,
            filter: choices.filter,
        },
        outputs,
        activation: choices.activation,
        preparation: Some(choices.preparation),
        calibration: None,
        heads: Vec::new(),
        detectors: Vec::new(),
        second_look: None,
        thorough: Default::default(),
        policy: PolicyDefaults {
            threshold: choices.threshold,
            max_tags: choices.max_tags,
            min_parent: 0.0,
            operating_points: None,
        },
        figures: Vec::new(),
    };
    // JSON has no NaN and no infinities: this finds them now, not when the card is loaded.
    ModelCard::parse(&pretty(&card))
}

fn pretty(card: &ModelCard) -> String {
    serde_json::to_string_pretty(card).expect("a card has only strings as keys")
}

/// "own-", the name, and the first 8 digits of the model's hash: stable, and different for every model.
fn custom_id(name: &str, model_sha256: &str) -> String {
    let slug: String =
        slug(name).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(MAX_SLUG_CHARS).collect();
    let hash: String = model_sha256.chars().take(8).collect();
    ["own", slug.trim_matches('-'), &hash].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_gives_an_id_that_a_card_allows() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(custom_id("My Birds (v2)", &hash), "own-my-birds-v2-01234567");
        assert_eq!(custom_id("鶴", &hash), "own-01234567");
        assert_eq!(custom_id(&"x ".repeat(300), &hash).len(), "own-".len() + 39 + "-01234567".len());
    }
}
