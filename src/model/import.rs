//! A card and a vocabulary for a model that comes with nothing but labels: [`inspect`] reads what the file tells, a person says the
//! rest, [`import_model`] writes both and loads the model with them, so that what it gives works.

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
pub use labels::parse_labels;
use presets::{IMAGENET, MINUS_ONE_TO_ONE, UNCHANGED, ZERO_TO_ONE};
pub use presets::{NORMALISATION_PRESETS, NormalisationPreset};

/// Longest name of a model, in characters.
const MAX_NAME_CHARS: usize = 200;
/// Longest part of a card's id that comes from the name.
const MAX_SLUG_CHARS: usize = 40;

/// What a guess rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The file says so.
    Graph,
    /// The file says nothing; most networks of this kind do it so.
    Usual,
}

/// What an ONNX file tells of the card it needs, and guesses for the rest.
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
    /// Pixels; `None` where any size goes.
    pub height: Option<u32>,
    /// Pixels; `None` where any size goes.
    pub width: Option<u32>,
}

/// One output, and what follows if it is the one with the scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutputInspection {
    pub name: String,
    /// `None` for a side that depends on the input; no shape at all where the file states none.
    pub shape: Option<Vec<Option<u32>>>,
    /// `None` if it is no vector, or of unknown length.
    pub n_classes: Option<usize>,
    pub activation: Activation,
    pub activation_basis: Basis,
    /// The vector that goes into the last linear layer.
    pub embedding: Option<String>,
    /// What that vector is the mean of, over height and width.
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

/// Reads what an ONNX file tells.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`] and [`ErrorKind::ModelOperatorUnsupported`] as loading would give, and
/// [`ErrorKind::ModelMismatch`] for a network that does not take one colour picture and give a vector.
pub fn inspect(model: &[u8]) -> Result<ModelInspection> {
    let network = network::inspect(model)?;
    let input = network.input;
    // PyTorch's networks have channels first and ImageNet's mean, TensorFlow's have channels last and take −1 to 1.
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

/// Writes the card and the vocabulary of a model, and loads it with them: what this gives, [`Tagger::load`](crate::tagging::tagger::Tagger::load)
/// takes. `model_sha256` is the model's, lower-case hex; `inspection` is what [`inspect`] said of it; `labels` are its classes in order.
///
/// # Errors
/// [`ErrorKind::LabelsInvalid`] for labels that are none or do not fit, [`ErrorKind::CardInvalid`] for choices that contradict
/// themselves, [`ErrorKind::ModelMismatch`] for those that contradict the network, and what [`TractRuntime::load`] refuses.
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

    // The guesses are dropped where the network refutes them: nobody was asked about them.
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

/// A network of one size takes no other.
fn check_size(input: &InputInspection, choices: &ImportChoices) -> Result<()> {
    let fits = |fixed: Option<u32>, chosen: u32| fixed.is_none_or(|fixed| fixed == chosen);
    if choices.layout != input.layout || fits(input.height, choices.height) && fits(input.width, choices.width) {
        return Ok(());
    }
    let spelt = |side: Option<u32>| side.map_or("any".to_owned(), |side| side.to_string());
    let detail = format!(
        "The network takes pictures of {} × {} pixels (width × height), not {} × {}. Choose that size.",
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
        let detail = format!("A model needs a name of at most {MAX_NAME_CHARS} printable characters.");
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
    // NaN and infinities have no form in JSON: they are found here rather than by whoever reads the card.
    ModelCard::parse(&pretty(&card))
}

fn pretty(card: &ModelCard) -> String {
    serde_json::to_string_pretty(card).expect("a card has only strings as keys")
}

/// "own-", the name, and the start of the model's hash: the same for the same model, and no other's.
fn custom_id(name: &str, model_sha256: &str) -> String {
    let slug: String =
        slug(name).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(MAX_SLUG_CHARS).collect();
    let hash: String = model_sha256.chars().take(8).collect();
    ["own", slug.trim_matches('-'), &hash].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[derive(Serialize)]
struct VocabularyJson {
    version: u32,
    languages: [&'static str; 1],
    tags: Vec<TagEntry>,
    classes: Vec<String>,
}

/// One tag a label, in order. Labels that are alike get ids of their own.
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
    // Where the search for a free number goes on: from 2 each time, thousands of equal labels would take minutes.
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

/// Letters and digits of any script in lower case, everything between them a "-".
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// "tench, Tinca tinca" is a name and another word for it. A comma within brackets or without a space after it parts nothing.
fn synonyms(label: &str) -> (String, Vec<String>) {
    let (mut parts, mut depth) = (vec![String::new()], 0_usize);
    let mut characters = label.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if character == ',' && depth == 0 && characters.peek() == Some(&' ') {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    let mut parts = parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    let name = parts.next().unwrap_or_else(|| label.to_owned());
    (name, parts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn equal_labels_and_those_that_look_like_a_number_get_ids_of_their_own() {
        let ids = unique_ids(&strings(&["crane", "crane 2", "crane", "Crane!", "***", "köttbullar", "鶴"]));
        assert_eq!(ids, ["crane", "crane-2", "crane-3", "crane-4", "class-4", "köttbullar", "鶴"]);
        let equal = unique_ids(&vec!["same".to_owned(); 60_000]);
        assert_eq!((equal[0].as_str(), equal[59_999].as_str()), ("same", "same-60000"));
    }

    #[test]
    fn synonyms_become_aliases_and_other_commas_part_nothing() {
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
    fn an_id_holds_what_a_card_allows_whatever_the_name_is() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(custom_id("My Birds (v2)", &hash), "own-my-birds-v2-01234567");
        assert_eq!(custom_id("鶴", &hash), "own-01234567");
        assert_eq!(custom_id(&"x ".repeat(300), &hash).len(), "own-".len() + 39 + "-01234567".len());
    }
}
