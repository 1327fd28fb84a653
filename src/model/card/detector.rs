//! The card of a detector: its boxes, and the tags that follow from them.

use serde::{Deserialize, Serialize};

use super::texts::{check_json, check_texts, check_values};
use super::{
    Figure, InputSpec, ModelFile, ModelKind, Provenance, SCHEMA, check_beside, check_digits, check_id, invalid,
};
use crate::error::{Error, ErrorKind, Result};

/// Maximum number of anchors of a network, and of anchors in a cell.
const MAX_ANCHORS: u64 = 1 << 17;
const MAX_STRIDES: usize = 64;
/// Maximum number of classes of a detector of objects, and of scores for one picture.
const MAX_CLASSES: usize = 1_024;
const MAX_SCORES: u64 = 1 << 23;

/// `model.json` of a detector, parsed and validated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorCard {
    /// Version of this schema: 1.
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
    /// Boxes with a lower score are dropped, 0–1.
    pub least_score: f32,
    /// Non-maximum suppression: of two boxes with a larger intersection over union, the one with the lower score is dropped, 0–1.
    pub overlap: f32,
    /// Of a face detector: the tags that follow from faces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<FaceTags>,
    /// Of a detector of objects: the id of each class's tag, in the order of the network's outputs. Classes may share a tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    #[serde(default)]
    pub figures: Vec<Figure>,
}

/// Names of the graph's outputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxOutputs {
    /// One logit per anchor; of a detector of objects, one per anchor and class.
    pub scores: String,
    /// At least four values per anchor: the centre's x and y relative to the anchor's, width and height, all in input pixels.
    pub boxes: String,
}

/// The anchors, in the order of the network's rows: for each stride a grid of cells, row by row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    /// Input pixels per cell, one entry per anchor in a cell. Equal entries are adjacent and share a grid.
    pub strides: Vec<u32>,
    /// Position of an anchor in its cell, along both axes, 0–1.
    pub offset: f32,
}

/// The tags that follow from faces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceTags {
    pub person: PersonRule,
    pub portrait: PortraitRule,
    pub group: CountRule,
    pub crowd: CountRule,
}

/// Confidence 1 / (1 + e^−x) in a person, with x = slope · logit of the face's score + intercept + `against` + `support`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRule {
    /// Above 0.
    pub slope: f32,
    pub intercept: f32,
    /// Adds weight · ln(s / (1 − s)) for the classes' score s of a tag, because cats have faces too.
    #[serde(default)]
    pub against: Option<ClassConflict>,
    /// Adds weight · a head's logit of a tag.
    #[serde(default)]
    pub support: Option<HeadSupport>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassConflict {
    /// Id of a tag of the vocabulary.
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

/// A portrait: one face that fills much of the picture, and no other face at least half as large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortraitRule {
    /// Least ratio of the face's longer side to the picture's shorter side, above 0.
    pub least_size: f32,
}

/// At least this many faces; the confidence is that of the least sure among them.
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
    /// [`ErrorKind::CardInvalid`]; the detail names the field.
    pub fn parse(json: &str) -> Result<Self> {
        check_json(json)?;
        let card: Self = serde_json::from_str(json).map_err(|error| {
            Error::new(ErrorKind::CardInvalid, format!("This is not a valid detector card: {error}."))
                .with_source(error)
        })?;
        card.validate()?;
        Ok(card)
    }

    /// Checks the length and the SHA-256 of the network's file.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] if either differs from the card's.
    pub fn check_model(&self, bytes: u64, sha256: &str) -> Result<()> {
        self.model.check(bytes, sha256)
    }

    fn validate(&self) -> Result<()> {
        if self.schema != SCHEMA || self.kind != ModelKind::Detector {
            return Err(invalid(format!("The card of {:?} does not describe a detector in schema {SCHEMA}.", self.id)));
        }
        check_id("id", &self.id)?;
        check_texts(&[&self.version, &self.name, &self.licence], &self.provenance, &self.figures)?;
        check_values([&self.input.name, &self.outputs.scores, &self.outputs.boxes])?;
        check_digits("model", &self.model.sha256)?;
        check_beside("model", &self.model.file)?;
        self.input.validate()?;
        let Anchors { strides, offset } = &self.anchors;
        let sides = 1..=self.input.width.min(self.input.height);
        if strides.is_empty() || !strides.iter().all(|stride| sides.contains(stride)) || !(0.0..=1.0).contains(offset) {
            return Err(invalid(
                "The card's anchors.strides must be from 1 to the input's side, and anchors.offset from 0 to 1.".into(),
            ));
        }
        let cells =
            |stride: u32| u64::from(self.input.width.div_ceil(stride)) * u64::from(self.input.height.div_ceil(stride));
        if strides.len() > MAX_STRIDES {
            return Err(invalid(format!("The card's anchors.strides may have {MAX_STRIDES} entries.")));
        }
        let n_anchors: u64 = strides.iter().map(|&stride| cells(stride)).sum();
        if n_anchors > MAX_ANCHORS {
            return Err(invalid(format!(
                "The card's anchors.strides give {n_anchors} anchors; the most are {MAX_ANCHORS}."
            )));
        }
        let shares = [self.least_score, self.overlap];
        if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
            return Err(invalid("The card's least_score and overlap must be from 0 to 1.".into()));
        }
        match (&self.tags, &self.classes) {
            (Some(tags), None) => tags.validate(),
            (None, Some(classes)) => check_classes(classes, n_anchors),
            _ => Err(invalid(
                "The card of a detector needs either tags, for one that finds faces, or classes, for one that finds objects.".into(),
            )),
        }
    }

    /// How many logits the network gives for each anchor.
    pub fn n_classes(&self) -> usize {
        self.classes.as_ref().map_or(1, Vec::len)
    }
}

fn check_classes(classes: &[String], n_anchors: u64) -> Result<()> {
    if classes.is_empty() || classes.len() > MAX_CLASSES || classes.len() as u64 * n_anchors > MAX_SCORES {
        return Err(invalid(format!(
            "The card has {} classes for {n_anchors} anchors; it needs 1 to {MAX_CLASSES}, and may give {MAX_SCORES} scores.",
            classes.len()
        )));
    }
    check_values(classes)
}

impl FaceTags {
    fn validate(&self) -> Result<()> {
        let FaceTags { person, portrait, group, crowd } = self;
        let against = person.against.as_ref().map_or(0.0, |against| against.weight);
        let support = person.support.as_ref().map_or(0.0, |support| support.weight);
        let is_finite = [person.slope, person.intercept, against, support].iter().all(|value| value.is_finite());
        if !is_finite || person.slope <= 0.0 || against > 0.0 || support < 0.0 {
            return Err(invalid(
                "The card's tags.person needs a slope above 0, an against.weight of at most 0 and a support.weight of at least 0.".into(),
            ));
        }
        if portrait.least_size.is_nan() || portrait.least_size <= 0.0 || group.faces == 0 || crowd.faces < group.faces {
            return Err(invalid(
                "The card's tags need a portrait.least_size above 0, a group.faces of at least 1 and a crowd.faces no smaller.".into(),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The card of a shipped detector, changed.
    fn parse(id: &str, change: impl Fn(&mut Value)) -> Result<DetectorCard> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(id).join("model.json");
        let mut card: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        change(&mut card);
        DetectorCard::parse(&card.to_string())
    }

    #[test]
    fn a_detector_finds_faces_or_objects_and_has_classes_within_limits() {
        for id in ["blazeface-short", "nanodet-g"] {
            assert!(parse(id, |_| ()).is_ok(), "{id}");
        }
        assert_eq!(parse("nanodet-g", |_| ()).unwrap().n_classes(), 80);
        let refusal = |id: &str, change: &dyn Fn(&mut Value)| parse(id, change).unwrap_err().detail().to_owned();
        let both = refusal("blazeface-short", &|card| card["classes"] = json!(["cat"]));
        let none = refusal("nanodet-g", &|card| drop(card.as_object_mut().unwrap().remove("classes")));
        assert!(both.contains("either tags") && none == both, "{both}");
        for n in [0, 1_025, 100_000] {
            let many = refusal("nanodet-g", &|card| card["classes"] = json!(vec!["cat"; n]));
            assert!(many.contains(&format!("{n} classes")), "{many}");
        }
        let million = refusal("nanodet-g", &|card| card["classes"] = json!(vec!["cat"; 1_000_000]));
        assert!(million.contains("bytes"), "before anything of it is parsed: {million}");
        let fine = |card: &mut Value| {
            card["classes"] = json!(vec!["cat"; 1_024]);
            card["anchors"]["strides"] = json!(vec![2; 3]);
        };
        let scores = refusal("nanodet-g", &fine);
        assert!(scores.contains("anchors"), "more scores than are ever needed: {scores}");
    }
}
