//! A head: a linear classifier on a network's embedding, one-versus-rest, with its own calibration (`heads/ID.json`).
//!
//! For each tag, with the embedding v: z = scale · (weights · v / |v|) + intercept; score = σ(z); confidence =
//! σ(slope · z + offset + classes · ln(s / (1 − s))), where σ(x) = 1 / (1 + e^−x) and s is the tag's score from the classes. `classes` is
//! above 0 for tags that the classes know too, such as "animal".

use std::collections::HashSet;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::ModelCard;
use crate::model::readable::is_readable;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tagging::calibration::{logistic, logit};
use crate::tagging::head_file::{MAX_ID_CHARS, MAX_JSON_BYTES, weights as read_weights};
use crate::tagging::linear;

/// The schema of heads whose tags are a vocabulary's; 2 is that of own tags (`own_head_file.rs`).
const SCHEMA: u32 = 1;

/// `heads/ID.json`, parsed, validated and resolved.
#[derive(Debug, Clone)]
pub struct TagHead {
    id: String,
    n_features: usize,
    tags: Vec<TagRow>,
    /// One row of `n_features` weights per tag.
    weights: Vec<i8>,
}

#[derive(Debug, Clone)]
struct TagRow {
    idx: TagIdx,
    scale: f32,
    intercept: f32,
    calibration: HeadCalibration,
}

/// A head's prediction for one tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadPrediction {
    pub tag: TagIdx,
    /// The logit of the score.
    pub z: f32,
    /// 0–1
    pub confidence: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHead {
    schema: u32,
    id: String,
    #[serde(rename = "version")]
    _version: String,
    backbone: Backbone,
    n_features: usize,
    normalise: Normalise,
    weights: String,
    tags: Vec<RawTag>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Backbone {
    id: String,
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Normalise {
    L2,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTag {
    id: String,
    scale: f32,
    intercept: f32,
    calibration: HeadCalibration,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadCalibration {
    slope: f32,
    offset: f32,
    #[serde(default)]
    classes: f32,
}

impl TagHead {
    /// Parses and validates a head for the network that `card` describes.
    ///
    /// # Errors
    /// [`ErrorKind::HeadInvalid`] for another schema, another network, weights that do not fit, or a tag that is not in the vocabulary.
    pub fn parse(json: &str, card: &ModelCard, vocabulary: &Vocabulary) -> Result<Self> {
        if json.len() > MAX_JSON_BYTES {
            return Err(invalid(format!("The head has {} bytes; the most is {MAX_JSON_BYTES}.", json.len())));
        }
        let file: RawHead = serde_json::from_str(json)
            .map_err(|error| invalid(format!("This is not a valid head: {error}.")).with_source(error))?;
        let RawHead { schema, id, backbone, n_features, normalise: Normalise::L2, weights, tags, .. } = file;
        if !is_readable(&id, MAX_ID_CHARS) {
            return Err(invalid(format!("The head's id must have 1 to {MAX_ID_CHARS} printable characters.")));
        }
        if schema != SCHEMA {
            return Err(invalid(format!(
                "The head {id:?} has schema {schema}, but this version reads schema {SCHEMA}."
            )));
        }
        if (&backbone.id, &backbone.version) != (&card.id, &card.version) {
            return Err(invalid(format!(
                "The head {id:?} was made for {} {}, not for {} {}. Train it again.",
                backbone.id, backbone.version, card.id, card.version
            )));
        }
        let weights: Vec<i8> = read_weights(&weights, 1, tags.len(), n_features)
            .map_err(|what| {
                invalid(format!("The head {id:?} has {what}. Download the model again, or train the head again."))
            })?
            .into_iter()
            .map(|byte| byte as i8)
            .collect();
        let mut known = HashSet::with_capacity(tags.len());
        let mut resolve = |tag: RawTag| {
            let RawTag { id: name, scale, intercept, calibration } = tag;
            let idx = vocabulary.idx(&name).ok_or_else(|| {
                invalid(format!("The head {id:?} has a tag {name:?}, which is not in the vocabulary."))
            })?;
            if !known.insert(idx) {
                return Err(invalid(format!("The head {id:?} has the tag {name:?} twice.")));
            }
            let HeadCalibration { slope, offset, classes } = calibration;
            let is_finite = [scale, intercept, slope, offset, classes].iter().all(|number| number.is_finite());
            if !is_finite || scale <= 0.0 || slope <= 0.0 || classes < 0.0 {
                return Err(invalid(format!(
                    "The tag {name:?} of the head {id:?} needs a scale and a slope above 0, and a classes weight of at least 0."
                )));
            }
            Ok(TagRow { idx, scale, intercept, calibration })
        };
        let tags = tags.into_iter().map(&mut resolve).collect::<Result<Vec<_>>>()?;
        Ok(Self { n_features, tags, weights, id })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// The predictions for a picture, in the order of the head's file. `score_of` gives a tag's score from the classes.
    ///
    /// # Errors
    /// [`ErrorKind::ScoresInvalid`] if the embedding has another length, or is not finite.
    pub fn predict(&self, embedding: &[f32], score_of: impl Fn(TagIdx) -> f32) -> Result<Vec<HeadPrediction>> {
        let length = linear::length(embedding, self.n_features).ok_or_else(|| {
            let detail = format!(
                "The head {:?} needs a finite embedding of {} values, but the network returned {}.",
                self.id,
                self.n_features,
                embedding.len()
            );
            Error::new(ErrorKind::ScoresInvalid, detail)
        })?;
        let rows = self.weights.chunks_exact(self.n_features);
        let predict = |(tag, row): (&TagRow, &[i8])| {
            let product: f32 = row.iter().zip(embedding).map(|(&weight, value)| f32::from(weight) * value).sum();
            let z = tag.scale * product / length.max(f32::MIN_POSITIVE) + tag.intercept;
            let HeadCalibration { slope, offset, classes } = tag.calibration;
            let class_term = if classes > 0.0 { classes * logit(score_of(tag.idx)) } else { 0.0 };
            HeadPrediction { tag: tag.idx, z, confidence: logistic(slope * z + offset + class_term) }
        };
        Ok(self.tags.iter().zip(rows).map(predict).collect())
    }

    /// The direction in the space of embeddings that raises the logit of `tag`; `None` if the head does not have the tag.
    pub fn direction(&self, tag: TagIdx) -> Option<Vec<f32>> {
        let row = self.tags.iter().position(|one| one.idx == tag)?;
        let weights = &self.weights[row * self.n_features..][..self.n_features];
        Some(weights.iter().map(|&weight| f32::from(weight) * self.tags[row].scale).collect())
    }
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::HeadInvalid, detail)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Two tags on three features, for the network of the test fixtures.
    fn parsed(edit: impl Fn(&mut serde_json::Value)) -> Result<TagHead> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/float32");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let card = ModelCard::parse(&read("model.json")).unwrap();
        let vocabulary = Vocabulary::parse(&read("vocabulary.json")).unwrap();
        let ids: Vec<&str> = vocabulary.tags().iter().map(|tag| tag.id.as_str()).collect();
        let curve = serde_json::json!({"slope": 2.0, "offset": -1.0});
        let class_term = serde_json::json!({"slope": 2.0, "offset": -1.0, "classes": 0.5});
        let mut head = serde_json::json!({
            "schema": 1, "id": "small", "version": "1.0.0", "n_features": 3, "normalise": "l2",
            "backbone": {"id": card.id, "version": card.version},
            "weights": STANDARD.encode([127, 0, 0, 0, 256_u16.wrapping_sub(127) as u8, 0]),
            "tags": [{"id": ids[0], "scale": 0.01, "intercept": 0.5, "calibration": curve},
                     {"id": ids[1], "scale": 0.02, "intercept": 0.0, "calibration": class_term}],
        });
        edit(&mut head);
        TagHead::parse(&head.to_string(), &card, &vocabulary)
    }

    #[test]
    fn a_prediction_does_not_depend_on_the_length_of_the_embedding() {
        let head = parsed(|_| {}).unwrap();
        for length in [0.1, 1.0, 50.0] {
            let found = head.predict(&[3.0 * length, 4.0 * length, 0.0], |_| 0.5).unwrap();
            let z = [0.01 * 127.0 * 0.6 + 0.5, 0.02 * -127.0 * 0.8];
            assert!((found[0].z - z[0]).abs() < 1e-5 && (found[1].z - z[1]).abs() < 1e-5, "{found:?}");
            assert!((found[0].confidence - logistic(2.0 * z[0] - 1.0)).abs() < 1e-6);
        }
    }

    #[test]
    fn the_classes_count_only_for_tags_with_a_classes_weight() {
        let head = parsed(|_| {}).unwrap();
        let sure = |score: f32| head.predict(&[0.0, -1.0, 0.0], |_| score).unwrap();
        assert!(sure(0.9)[1].confidence > sure(0.1)[1].confidence);
        assert_eq!(sure(0.9)[0], sure(0.1)[0], "a tag without that weight");
    }

    #[test]
    fn a_head_that_does_not_fit_is_refused_with_the_reason() {
        let set = |pointer: &'static str, value: serde_json::Value| {
            parsed(move |head| *head.pointer_mut(pointer).unwrap() = value.clone()).map(drop)
        };
        for (refused, reason) in [
            (set("/schema", 2.into()), "schema 2"),
            (set("/backbone/version", "9".into()), "Train it again"),
            (set("/weights", "?".into()), "not base64"),
            (set("/n_features", 4.into()), "6 weights, which do not fit 2 tags of 4 features"),
            (set("/tags/0/id", "unicorn".into()), "unicorn"),
            (set("/id", "\u{1b}[2J".into()), "printable"),
            (parsed(|head| head["tags"][1]["id"] = head["tags"][0]["id"].clone()).map(drop), "twice"),
            (set("/tags/0/calibration/slope", 0.into()), "above 0"),
            (set("/tags/1/calibration/classes", (-1).into()), "a classes weight of at least 0"),
            (set("/normalise", "none".into()), "not a valid head"),
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HeadInvalid);
            assert!(error.detail().contains(reason), "{error} does not mention {reason}");
        }
    }

    #[test]
    fn an_embedding_of_another_length_is_an_error_and_zeros_give_the_intercept() {
        let head = parsed(|_| {}).unwrap();
        for embedding in [&[1.0; 4][..], &[f32::NAN, 0.0, 0.0]] {
            assert_eq!(head.predict(embedding, |_| 0.5).unwrap_err().kind(), ErrorKind::ScoresInvalid);
        }
        assert_eq!(head.predict(&[0.0; 3], |_| 0.5).unwrap()[0].z, 0.5, "the intercept alone");
    }
}
