//! A model's card (`model.json`): what the model is and how to feed it.
//!
//! Nothing about a model is hard-coded elsewhere. A card that does not fit its files is refused with the reason.

mod calibration;
mod detector;
mod input;
mod second_look;
mod texts;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use calibration::Calibration;
pub use detector::{Anchors, DetectorCard, FaceTags};
pub use input::{Colour, Fit, InputSpec, Layout, ResampleFilter};
pub use second_look::{ObjectFusion, SecondLook};

use crate::error::{Error, ErrorKind, Result};
use crate::model::companion::CompanionFile;
use crate::model::readable::is_file_name;
use texts::{check_json, check_texts, check_values};

/// The only schema version so far.
const SCHEMA: u32 = 1;

/// Maximum length of an id.
const MAX_ID_BYTES: usize = 100;
/// Maximum number of heads and of detectors: all of them have a place among 255 components.
const MAX_HEADS: usize = 32;
const MAX_DETECTORS: usize = 8;
/// The most tags that a vocabulary can hold.
const MAX_TAGS: usize = u16::MAX as usize;

/// `model.json`, parsed and validated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCard {
    /// Version of this schema: 1.
    pub schema: u32,
    /// Stable id of lower-case letters, digits and `-`; part of every report.
    pub id: String,
    /// Version of the weights; part of every report.
    pub version: String,
    /// Name for people.
    pub name: String,
    pub kind: ModelKind,
    /// SPDX expression for the weights.
    pub licence: String,
    pub provenance: Provenance,
    pub model: ModelFile,
    pub vocabulary: VocabularyRef,
    pub input: InputSpec,
    pub outputs: OutputNames,
    pub activation: Activation,
    /// What is known of how pictures are prepared; without it the card itself is the statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preparation: Option<Preparation>,
    /// Maps scores to confidences; without it the confidence is the score.
    #[serde(default)]
    pub calibration: Option<Calibration>,
    /// Heads on the embedding: `heads/ID.json` beside the card.
    #[serde(default)]
    pub heads: Vec<CompanionFile>,
    /// Detectors: `../ID/model.json`, each a card with its network beside it.
    #[serde(default)]
    pub detectors: Vec<CompanionFile>,
    /// What looks again, at pictures that have their first tags; it is loaded when somebody asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_look: Option<SecondLook>,
    /// How older versions cut a picture into tiles, if they were asked to. It never changed what is tagged without asking, so cards that
    /// have it stay valid.
    #[serde(default, skip_serializing)]
    pub thorough: IgnoredAny,
    pub policy: PolicyDefaults,
    /// Measured quality, with the pictures and the command.
    #[serde(default)]
    pub figures: Vec<Figure>,
}

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// One score per class for the whole picture.
    Classifier,
    /// Boxes around what it finds. Belongs to a classifier whose card names it.
    Detector,
}

/// Where the weights come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The package or file the weights were taken from.
    pub source: String,
    /// SHA-256 of that source, lower-case hex.
    pub sha256: String,
    /// What the network was trained on.
    pub data: String,
    /// How the source became the model file.
    pub conversion: String,
}

/// The ONNX file beside the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    pub file: String,
    pub bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// The vocabulary beside the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VocabularyRef {
    pub file: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// Names of the graph's outputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputNames {
    /// One value per class.
    pub scores: String,
    /// The vector before the last layer.
    #[serde(default)]
    pub embedding: Option<String>,
    /// The last feature map, for explanations.
    #[serde(default)]
    pub feature_map: Option<String>,
    /// The network gives one probability, that of the second of two classes; the first has the rest.
    #[serde(default, skip_serializing_if = "is_false")]
    pub complement: bool,
}

/// What the colour order, the mean and the deviation of a card without a maker rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preparation {
    /// The model's file, or one beside it.
    Stated,
    /// What all models of its kind do.
    Usual,
    /// A person set them, or saw with a picture that they are right.
    Confirmed,
    /// Nothing. Wrong ones seldom fail: they give confident nonsense.
    Guess,
}

/// Maps the network's output to scores in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// The classes exclude each other; the output holds logits.
    Softmax,
    /// The classes are independent; the output holds logits.
    Sigmoid,
    /// The output holds probabilities already.
    None,
}

/// The policy to start from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDefaults {
    /// Least confidence shown, 0–1.
    pub threshold: f32,
    /// Maximum number of tags per picture, at least 1.
    pub max_tags: usize,
    /// Least confidence of a tag with children and no class of its own that only the classes predict, 0–1, whatever the threshold.
    #[serde(default, rename = "parents")]
    pub min_parent: f32,
    /// Named thresholds, where they were measured.
    #[serde(default, rename = "settings", skip_serializing_if = "Option::is_none")]
    pub operating_points: Option<OperatingPoints>,
}

/// Named thresholds, by how many of 100 shown tags were right on pictures that nothing was fitted on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatingPoints {
    /// 95 of 100.
    pub sure: f32,
    /// 90 of 100.
    pub balanced: f32,
    /// 75 of 100.
    pub generous: f32,
}

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    /// The pictures it was measured on.
    pub set: String,
    pub pictures: u32,
    /// The command that measures it.
    pub how: String,
}

impl ModelCard {
    /// Parses and validates `model.json`.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`]; the detail names the field.
    pub fn parse(json: &str) -> Result<Self> {
        check_json(json)?;
        let card: Self = serde_json::from_str(json).map_err(|error| {
            Error::new(ErrorKind::CardInvalid, format!("This is not a valid model card: {error}.")).with_source(error)
        })?;
        card.validate()?;
        Ok(card)
    }

    fn validate(&self) -> Result<()> {
        let refuse = |reason: String| Err(Error::new(ErrorKind::CardInvalid, reason));
        if self.schema != SCHEMA {
            return refuse(format!("The card has schema {}, but this version reads schema {SCHEMA}.", self.schema));
        }
        if self.kind != ModelKind::Classifier {
            return refuse(format!(
                "{:?} is a detector, not a classifier. Load the classifier whose card names it.",
                self.id
            ));
        }
        check_id("id", &self.id)?;
        check_texts(&[&self.version, &self.name, &self.licence], &self.provenance, &self.figures)?;
        let OutputNames { scores, embedding, feature_map, .. } = &self.outputs;
        check_values([&self.input.name, scores].into_iter().chain(embedding).chain(feature_map))?;
        if self.heads.len() > MAX_HEADS || self.detectors.len() > MAX_DETECTORS {
            return refuse(format!(
                "The card names {} heads and {} detectors; the most are {MAX_HEADS} and {MAX_DETECTORS}.",
                self.heads.len(),
                self.detectors.len()
            ));
        }
        for (field, hash) in [("model", &self.model.sha256), ("vocabulary", &self.vocabulary.sha256)] {
            check_digits(field, hash)?;
        }
        for (field, file) in [("model", &self.model.file), ("vocabulary", &self.vocabulary.file)] {
            check_beside(field, file)?;
        }
        let heads = self.heads.iter().map(|file| ("heads", file));
        for (field, file) in heads.chain(self.detectors.iter().map(|file| ("detectors", file))) {
            check_id(field, &file.id)?;
            check_digits(field, &file.sha256)?;
        }
        if let Some(calibration) = &self.calibration {
            calibration.validate()?;
        }
        if let Some(second_look) = &self.second_look {
            second_look.validate()?;
        }
        self.input.validate()?;
        if self.outputs.complement && self.activation == Activation::Softmax {
            return refuse("The card's outputs.complement needs the activation \"sigmoid\" or \"none\": the softmax of one score is always 1.".into());
        }
        let PolicyDefaults { threshold, max_tags, min_parent, operating_points } = self.policy;
        if ![threshold, min_parent].iter().all(|least| (0.0..=1.0).contains(least))
            || !(1..=MAX_TAGS).contains(&max_tags)
        {
            return refuse(format!(
                "The card's policy.threshold and policy.parents must be from 0 to 1, and policy.max_tags from 1 to {MAX_TAGS}."
            ));
        }
        if let Some(OperatingPoints { sure, balanced, generous }) = operating_points
            && !(0.0 < generous && generous <= balanced && balanced <= sure && sure <= 1.0)
        {
            return refuse(
                "The card's policy.settings must rise from generous to balanced to sure, above 0 and at most 1.".into(),
            );
        }
        Ok(())
    }

    /// The components that can predict a tag, as in reports: "classes", then each "head:ID", then each "detector:ID", the second look's
    /// last.
    pub fn components(&self) -> Vec<String> {
        let heads = self.heads.iter().map(|file| format!("head:{}", file.id));
        let again = self.second_look.as_ref().map(|look| &look.detector);
        let detectors = self.detectors.iter().chain(again).map(|file| format!("detector:{}", file.id));
        std::iter::once("classes".to_owned()).chain(heads).chain(detectors).collect()
    }

    /// Checks the length and the SHA-256 of the model file.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] if either differs from the card's.
    pub fn check_model(&self, bytes: u64, sha256: &str) -> Result<()> {
        self.model.check(bytes, sha256)
    }

    /// Checks the SHA-256 of the vocabulary.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] if it differs from the card's.
    pub fn check_vocabulary(&self, vocabulary: &str) -> Result<()> {
        check_hash(&self.vocabulary.file, &sha256(vocabulary.as_bytes()), &self.vocabulary.sha256)
    }
}

impl ModelFile {
    fn check(&self, bytes: u64, sha256: &str) -> Result<()> {
        let Self { file, bytes: stated, sha256: stated_sha256 } = self;
        if bytes != *stated {
            // Who read it may have stopped one byte after those that the card says.
            let has = if bytes > *stated { "more bytes".to_owned() } else { format!("{bytes} bytes") };
            let detail =
                format!("{file} has {has}, but its card says {stated}. Download the model again, or correct its card.");
            return Err(Error::new(ErrorKind::ModelHashMismatch, detail));
        }
        check_hash(file, sha256, stated_sha256)
    }
}

/// SHA-256 of `bytes`, lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    // In chunks: a browser replaces quickly compiled wasm by optimised code between two calls, not within a long one.
    let hash = bytes.chunks(1 << 16).fold(Sha256::new(), Sha256::chain_update).finalize();
    hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
        hex
    })
}

fn is_false(value: &bool) -> bool {
    !value
}

fn check_id(field: &str, id: &str) -> Result<()> {
    if !id.is_empty()
        && id.len() <= MAX_ID_BYTES
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        return Ok(());
    }
    let start: String = id.chars().take(MAX_ID_BYTES).collect();
    Err(invalid(format!(
        "The card's {field} {start:?} may only contain lower-case letters, digits and \"-\", and at most {MAX_ID_BYTES} of them."
    )))
}

fn check_digits(field: &str, hash: &str) -> Result<()> {
    if hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(());
    }
    Err(invalid(format!("The card's {field}.sha256 must be 64 lower-case hexadecimal digits.")))
}

fn check_beside(field: &str, file: &str) -> Result<()> {
    if is_file_name(file) {
        return Ok(());
    }
    let start: String = file.chars().take(MAX_ID_BYTES).collect();
    Err(invalid(format!("The card's {field}.file must name a file beside the card, not {start:?}.")))
}

fn invalid(reason: String) -> Error {
    Error::new(ErrorKind::CardInvalid, reason)
}

pub(crate) fn check_hash(file: &str, found: &str, stated: &str) -> Result<()> {
    if found == stated {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::ModelHashMismatch,
        format!(
            "{file} is not the file that its card describes: its SHA-256 is {found}, the card's is {stated}. Download it again, or correct its card."
        ),
    ))
}
