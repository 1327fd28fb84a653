//! The card of a model: what it is and how to feed it (`model.json`).
//!
//! Nothing about a model is hard-coded anywhere else. A card that lies is refused with the reason.

mod calibration;
mod detector;
mod input;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use calibration::Calibration;
pub use detector::{Anchors, DetectorCard, FaceTags};
pub use input::{Colour, Fit, InputSpec, Layout, ResampleFilter};

use crate::error::{Error, ErrorKind, Result};
use crate::model::companion::CompanionFile;

/// The only card schema there is so far.
const SCHEMA: u32 = 1;

/// `model.json`, parsed and validated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCard {
    /// Version of this schema: 1.
    pub schema: u32,
    /// Stable name, lower-case letters, digits and `-`; stands in every report.
    pub id: String,
    /// Version of the weights; stands in every report.
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
    /// What turns scores into confidences; without it a confidence is the score.
    #[serde(default)]
    pub calibration: Option<Calibration>,
    /// Heads on the embedding: `heads/ID.json` beside the card.
    #[serde(default)]
    pub heads: Vec<CompanionFile>,
    /// Networks that find things in a picture: `../ID/model.json`, a card of its own with its network beside it.
    #[serde(default)]
    pub detectors: Vec<CompanionFile>,
    /// How to cut a picture into tiles; without it there is no tiled inference.
    #[serde(default, rename = "thorough")]
    pub tiles: Option<TileSpec>,
    pub policy: PolicyDefaults,
    /// What was measured, on what, and how.
    #[serde(default)]
    pub figures: Vec<Figure>,
}

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// One score a class for the whole picture.
    Classifier,
    /// Boxes around what it finds. Belongs to a classifier, whose card names it.
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
    /// One value a class.
    pub scores: String,
    /// The vector before the last layer.
    #[serde(default)]
    pub embedding: Option<String>,
    /// The last feature map, for "why this tag".
    #[serde(default)]
    pub feature_map: Option<String>,
}

/// What turns the network's output into scores in [0, 1].
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

/// How to look at a picture in parts, after it was looked at whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TileSpec {
    /// Sides of the square parts as shares of the picture's shorter side, above 0 and at most 1; one round for each.
    pub shares: Vec<f32>,
    /// By how much less sure what is seen in a part alone counts, in logits, at least 0.
    pub penalty: f32,
}

/// What the page and the command line start from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDefaults {
    /// Least confidence shown, 0–1.
    pub threshold: f32,
    /// Most tags shown a picture, at least 1.
    pub max_tags: usize,
    /// Least confidence of a tag with others below it that only the classes speak for, 0–1, whatever the threshold.
    #[serde(default, rename = "parents")]
    pub min_parent: f32,
    /// Thresholds in people's words, where they were measured.
    #[serde(default, rename = "settings", skip_serializing_if = "Option::is_none")]
    pub operating_points: Option<OperatingPoints>,
}

/// Thresholds in people's words: so many of 100 shown tags were right on pictures that nothing was fitted on.
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
    /// The command that gives it.
    pub how: String,
}

impl ModelCard {
    /// Parses and validates `model.json`.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`] for anything but a card that can be followed; the detail names the field.
    pub fn parse(json: &str) -> Result<Self> {
        let card: Self = serde_json::from_str(json).map_err(|error| {
            Error::new(ErrorKind::CardInvalid, format!("This is not a valid model card: {error}.")).with_source(error)
        })?;
        card.validate()?;
        Ok(card)
    }

    fn validate(&self) -> Result<()> {
        let refuse = |reason: String| Err(Error::new(ErrorKind::CardInvalid, reason));
        if self.schema != SCHEMA {
            return refuse(format!("The card has schema {}; this version reads schema {SCHEMA}.", self.schema));
        }
        if self.kind != ModelKind::Classifier {
            return refuse(format!("{:?} is a detector. Load the classifier whose card names it.", self.id));
        }
        check_id("id", &self.id)?;
        for (field, hash) in [("model", &self.model.sha256), ("vocabulary", &self.vocabulary.sha256)] {
            check_digits(field, hash)?;
        }
        for (field, file) in [("model", &self.model.file), ("vocabulary", &self.vocabulary.file)] {
            check_beside(field, file)?;
        }
        for (field, part) in
            self.heads.iter().map(|part| ("heads", part)).chain(self.detectors.iter().map(|part| ("detectors", part)))
        {
            check_id(field, &part.id)?;
            check_digits(field, &part.sha256)?;
        }
        if let Some(calibration) = &self.calibration {
            calibration.validate()?;
        }
        if let Some(TileSpec { shares, penalty }) = &self.tiles
            && (shares.iter().any(|share| !(0.1..=1.0).contains(share)) || !penalty.is_finite() || *penalty < 0.0)
        {
            return refuse("The card's thorough needs shares from 0.1 to 1 and a penalty of at least 0.".into());
        }
        self.input.validate()?;
        let PolicyDefaults { threshold, max_tags, min_parent, operating_points } = self.policy;
        if ![threshold, min_parent].iter().all(|least| (0.0..=1.0).contains(least)) || max_tags == 0 {
            return refuse("The card's policy needs a threshold from 0 to 1 and at least one tag.".into());
        }
        if let Some(OperatingPoints { sure, balanced, generous }) = operating_points
            && !(0.0 < generous && generous <= balanced && balanced <= sure && sure <= 1.0)
        {
            return refuse(
                "The card's policy.settings must rise from generous over balanced to sure, within 0 and 1.".into(),
            );
        }
        Ok(())
    }

    /// Who can say a tag, as it stands in reports: "classes", then "head:ID", then "detector:ID".
    pub fn components(&self) -> Vec<String> {
        let heads = self.heads.iter().map(|part| format!("head:{}", part.id));
        let detectors = self.detectors.iter().map(|part| format!("detector:{}", part.id));
        std::iter::once("classes".to_owned()).chain(heads).chain(detectors).collect()
    }

    /// Checks that a model file of `bytes` bytes with this SHA-256 is the very one that the card describes.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] where length or SHA-256 differ.
    pub fn check_model(&self, bytes: u64, sha256: &str) -> Result<()> {
        self.model.check(bytes, sha256)
    }

    /// Checks that `vocabulary` is the very file this card describes.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] where the SHA-256 differs.
    pub fn check_vocabulary(&self, vocabulary: &str) -> Result<()> {
        check_hash(&self.vocabulary.file, &sha256(vocabulary.as_bytes()), &self.vocabulary.sha256)
    }
}

impl ModelFile {
    fn check(&self, bytes: u64, sha256: &str) -> Result<()> {
        let Self { file, bytes: stated, sha256: stated_sha256 } = self;
        if bytes != *stated {
            return Err(Error::new(
                ErrorKind::ModelHashMismatch,
                format!(
                    "{file} has {bytes} bytes, its card says {stated}. Fetch the model again, or correct its card."
                ),
            ));
        }
        check_hash(file, sha256, stated_sha256)
    }
}

/// SHA-256 of `bytes`, lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    // In pieces: a browser swaps quickly compiled wasm for fast code between two calls, not within a long one.
    let hash = bytes.chunks(1 << 16).fold(Sha256::new(), Sha256::chain_update).finalize();
    hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
        hex
    })
}

fn check_id(field: &str, id: &str) -> Result<()> {
    if !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Ok(());
    }
    Err(invalid(format!("The card's {field} {id:?} may hold only lower-case letters, digits and \"-\".")))
}

fn check_digits(field: &str, hash: &str) -> Result<()> {
    if hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(());
    }
    Err(invalid(format!("The card's {field}.sha256 must be 64 lower-case hexadecimal digits.")))
}

fn check_beside(field: &str, file: &str) -> Result<()> {
    if !file.is_empty() && !file.contains(['/', '\\']) {
        return Ok(());
    }
    Err(invalid(format!("The card's {field}.file must name a file beside the card, not {file:?}.")))
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
            "{file} is not the file that its card describes (SHA-256 {found}, the card says {stated}). Fetch it again, or correct its card."
        ),
    ))
}
