//! Model import: a card and a vocabulary for an ONNX file that comes with nothing but labels. [`inspect`] reads what the file reveals,
//! a person chooses the rest, and [`import_model`] writes both and loads the model with them once, so that the result is known to work.

mod choices;
mod labels;
mod presets;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{
    Activation, InputSpec, Layout, ModelCard, ModelFile, ModelKind, OutputNames, PolicyDefaults, Provenance,
    VocabularyRef, sha256,
};
use crate::model::runtime::inspect::{self as network, NetworkOutput, Range};
use crate::model::runtime::{Runtime, TractRuntime};
use crate::model::vocabulary::{FALLBACK_LANGUAGE, TagEntry, Vocabulary};

pub use choices::ImportChoices;
pub use labels::{decode_text, parse_labels};
use presets::{IMAGENET, MINUS_ONE_TO_ONE, UNCHANGED, ZERO_TO_ONE};
pub use presets::{NORMALISATION_PRESETS, NormalisationPreset};

/// Maximum length of a model's name, in characters.
const MAX_NAME_CHARS: usize = 200;
/// Maximum number of characters of the name in a card's id.
const MAX_SLUG_CHARS: usize = 40;

/// What an entry of an inspection is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The file states it.
    Graph,
    /// The file does not state it; most networks of this kind do it this way.
    Usual,
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
        (None, Layout::Nchw) => (IMAGENET, Basis::Usual),
        (None, Layout::Nhwc) => (MINUS_ONE_TO_ONE, Basis::Usual),
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
    })
}

impl From<NetworkOutput> for OutputInspection {
    fn from(output: NetworkOutput) -> Self {
        Self {
            name: output.name,
            shape: output.shape,
            n_classes: output.n_classes,
            activation: output.activation.unwrap_or(Activation::Softmax),
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
    let output = inspection.outputs.iter().find(|output| output.name == choices.scores).ok_or_else(|| {
        let names = inspection.outputs.iter().map(|output| format!("{:?}", output.name)).collect::<Vec<_>>().join(", ");
        let detail = format!("The network has no output {:?}. Choose one of {names}.", choices.scores);
        Error::new(ErrorKind::ModelMismatch, detail)
    })?;
    check_size(&inspection.input, choices)?;
    if let Some(n_classes) = output.n_classes {
        labels::check_count(&labels, n_classes)?;
    }
    let vocabulary = build_vocabulary(&labels);
    Vocabulary::parse(&vocabulary)?;

    // Embedding and feature map are guesses that nobody confirmed, so they are dropped if the network refutes them.
    let (embedding, feature_map) = (output.embedding.clone(), output.feature_map.clone());
    let mut guesses = vec![(embedding.clone(), feature_map), (embedding, None), (None, None)];
    guesses.dedup();
    let mut refuted = None;
    for (embedding, feature_map) in guesses {
        let outputs = OutputNames { scores: output.name.clone(), embedding, feature_map };
        let card = build_card(model, model_sha256, &inspection.input.name, &vocabulary, outputs, choices)?;
        match TractRuntime::load(model, &card) {
            Ok(runtime) => {
                labels::check_count(&labels, runtime.n_classes())?;
                return Ok(ImportedModel { card: pretty(&card), vocabulary });
            }
            Err(error) if error.kind() == ErrorKind::ModelMismatch => refuted = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(refuted.expect("there is at least one guess"))
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
        calibration: None,
        heads: Vec::new(),
        detectors: Vec::new(),
        tiles: None,
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

#[derive(Serialize)]
struct VocabularyJson {
    version: u32,
    languages: [&'static str; 1],
    tags: Vec<TagEntry>,
    classes: Vec<String>,
}

/// One tag per label, in order. Equal labels get different ids.
fn build_vocabulary(labels: &[String]) -> String {
    let ids = unique_ids(labels);
    let tag = |(label, id): (&String, &String)| {
        let (name, aliases) = synonyms(label);
        let in_english = |words| BTreeMap::from([(FALLBACK_LANGUAGE.to_owned(), words)]);
        TagEntry {
            id: id.clone(),
            names: BTreeMap::from([(FALLBACK_LANGUAGE.to_owned(), name)]),
            parents: Vec::new(),
            category: None,
            aliases: if aliases.is_empty() { BTreeMap::new() } else { in_english(aliases) },
        }
    };
    let tags = labels.iter().zip(&ids).map(tag).collect();
    let vocabulary = VocabularyJson { version: 1, languages: [FALLBACK_LANGUAGE], tags, classes: ids };
    serde_json::to_string(&vocabulary).expect("a vocabulary has only strings as keys")
}

fn unique_ids(labels: &[String]) -> Vec<String> {
    let mut taken = HashSet::with_capacity(labels.len());
    // The next number to try per slug: starting at 2 each time would take minutes for thousands of equal labels.
    let mut next: HashMap<String, usize> = HashMap::new();
    let unique = |(class, label): (usize, &String)| {
        let slug = match slug(&synonyms(label).0) {
            slug if slug.is_empty() => format!("class-{class}"),
            slug => slug,
        };
        let mut id = slug.clone();
        while !taken.insert(id.clone()) {
            let number = next.entry(slug.clone()).or_insert(2);
            id = format!("{slug}-{number}");
            *number += 1;
        }
        id
    };
    labels.iter().enumerate().map(unique).collect()
}

/// Letters and digits of any script in lower case; everything between them becomes one "-".
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Splits "tench, Tinca tinca" into a name and its synonyms. A comma in brackets or without a following space does not split.
fn synonyms(label: &str) -> (String, Vec<String>) {
    let (mut words, mut depth) = (vec![String::new()], 0_usize);
    let mut characters = label.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if character == ',' && depth == 0 && characters.peek() == Some(&' ') {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let mut words = words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    let name = words.next().unwrap_or_else(|| label.to_owned());
    (name, words.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn equal_labels_get_different_ids() {
        let ids = unique_ids(&strings(&["crane", "crane 2", "crane", "Crane!", "***", "köttbullar", "鶴"]));
        assert_eq!(ids, ["crane", "crane-2", "crane-3", "crane-4", "class-4", "köttbullar", "鶴"]);
        let equal = unique_ids(&vec!["same".to_owned(); 60_000]);
        assert_eq!((equal[0].as_str(), equal[59_999].as_str()), ("same", "same-60000"));
    }

    #[test]
    fn only_top_level_commas_separate_synonyms() {
        for (label, name, aliases) in [
            ("tench, Tinca tinca", "tench", &["Tinca tinca"][..]),
            ("great white shark, white shark, man-eater", "great white shark", &["white shark", "man-eater"]),
            ("1,000 kronor", "1,000 kronor", &[]),
            ("dress (long, formal)", "dress (long, formal)", &[]),
            (", ", ", ", &[]),
            ("a),b, c", "a),b", &["c"]),
        ] {
            assert_eq!(synonyms(label), (name.to_owned(), strings(aliases)), "{label}");
        }
    }

    #[test]
    fn any_name_gives_an_id_that_a_card_allows() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(custom_id("My Birds (v2)", &hash), "own-my-birds-v2-01234567");
        assert_eq!(custom_id("鶴", &hash), "own-01234567");
        assert_eq!(custom_id(&"x ".repeat(300), &hash).len(), "own-".len() + 39 + "-01234567".len());
    }
}
