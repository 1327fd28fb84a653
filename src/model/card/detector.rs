//! The card of a detector of faces: boxes around what it finds, and what they mean as tags.

use serde::{Deserialize, Serialize};

use super::{
    Figure, InputSpec, ModelFile, ModelKind, Provenance, SCHEMA, check_beside, check_digits, check_id, invalid,
};
use crate::error::{Error, ErrorKind, Result};

/// `model.json` of a detector, parsed and validated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorCard {
    /// Version of the schema: 1.
    pub schema: u32,
    pub id: String,
    pub version: String,
    /// Name for people.
    pub name: String,
    pub kind: ModelKind,
    /// SPDX expression for the weights.
    pub licence: String,
    pub provenance: Provenance,
    pub model: ModelFile,
    pub input: InputSpec,
    pub outputs: BoxOutputs,
    pub anchors: Anchors,
    /// A box whose score is lower is none, 0–1.
    pub least_score: f32,
    /// Of two boxes that share more than this of their union, the one with the lower score is dropped, 0–1.
    pub overlap: f32,
    pub tags: FaceTags,
    #[serde(default)]
    pub figures: Vec<Figure>,
}

/// Names of the graph's outputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxOutputs {
    /// One logit an anchor.
    pub scores: String,
    /// CountRule values an anchor, the first four: centre x, y, width, height in input pixels, the centre from the anchor's.
    pub boxes: String,
}

/// The places that the network's rows stand for: for each stride in turn, row by row, one a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    /// Input pixels a cell, one entry an anchor of a cell. Entries alike stand one after the other and share their cells.
    pub strides: Vec<u32>,
    /// Where in its cell an anchor lies, 0–1.
    pub offset: f32,
}

/// What faces say. A confidence is 1 / (1 + e^−x).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceTags {
    pub person: PersonRule,
    pub portrait: PortraitRule,
    pub group: CountRule,
    pub crowd: CountRule,
}

/// How sure a face makes that there is a person: x = slope · the face's logit + intercept + what speaks against and for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRule {
    /// Above 0.
    pub slope: f32,
    pub intercept: f32,
    /// Cats have faces: adds weight · ln(s / (1 − s)), s the classes' score of a tag.
    #[serde(default)]
    pub against: Option<ClassConflict>,
    /// Adds weight · the logit that a head gives a tag.
    #[serde(default)]
    pub support: Option<HeadSupport>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassConflict {
    /// Id of the vocabulary.
    pub tag: String,
    /// At most 0.
    pub weight: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadSupport {
    /// Id of a head that the classifier's card names.
    pub head: String,
    /// Id of one of its tags.
    pub tag: String,
    /// At least 0.
    pub weight: f32,
}

/// One face that fills much of the picture, and no other at least half as large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortraitRule {
    /// The longer side of the box as a share of the picture's shorter side, above 0.
    pub least_size: f32,
}

/// At least so many faces: as sure as the last of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountRule {
    /// At least 1.
    pub faces: usize,
}

impl DetectorCard {
    /// Parses and validates a detector's `model.json`.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`] for anything but a card that can be followed; the detail names the field.
    pub fn parse(json: &str) -> Result<Self> {
        let card: Self = serde_json::from_str(json).map_err(|error| {
            Error::new(ErrorKind::CardInvalid, format!("This is not a valid card of a detector: {error}."))
                .with_source(error)
        })?;
        card.validate()?;
        Ok(card)
    }

    /// Checks that a network of `bytes` bytes with this SHA-256 is the very one that the card describes.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] where length or SHA-256 differ.
    pub fn check_model(&self, bytes: u64, sha256: &str) -> Result<()> {
        self.model.check(bytes, sha256)
    }

    fn validate(&self) -> Result<()> {
        if self.schema != SCHEMA || self.kind != ModelKind::Detector {
            return Err(invalid(format!("The card of {:?} is no detector's of schema {SCHEMA}.", self.id)));
        }
        check_id("id", &self.id)?;
        check_digits("model", &self.model.sha256)?;
        check_beside("model", &self.model.file)?;
        self.input.validate()?;
        let Anchors { strides, offset } = &self.anchors;
        let sides = 1..=self.input.width.min(self.input.height);
        if strides.is_empty() || !strides.iter().all(|stride| sides.contains(stride)) || !(0.0..=1.0).contains(offset) {
            return Err(invalid("The card's anchors need strides within the input and an offset from 0 to 1.".into()));
        }
        let shares = [self.least_score, self.overlap];
        if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
            return Err(invalid("The card's least_score and overlap must lie between 0 and 1.".into()));
        }
        let FaceTags { person, portrait, group, crowd } = &self.tags;
        let against = person.against.as_ref().map_or(0.0, |against| against.weight);
        let support = person.support.as_ref().map_or(0.0, |support| support.weight);
        let is_finite = [person.slope, person.intercept, against, support].iter().all(|value| value.is_finite());
        if !is_finite || person.slope <= 0.0 || against > 0.0 || support < 0.0 {
            return Err(invalid(
                "The card's tags.person needs a slope above 0, and weights with the right sign.".into(),
            ));
        }
        if portrait.least_size.is_nan() || portrait.least_size <= 0.0 || group.faces == 0 || crowd.faces < group.faces {
            return Err(invalid(
                "The card's tags need a portrait's least_size above 0, and a crowd no smaller than a group.".into(),
            ));
        }
        Ok(())
    }
}
