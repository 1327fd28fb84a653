//! A head: tags of its own on the embedding of a network, one against the rest (`heads/ID.json`).
//!
//! z = scale · (weights · e / |e|) + intercept for each tag, e the embedding; score = 1 / (1 + e^−z), and confidence the same of
//! slope · z + offset + classes · ln(s / (1 − s)), s what the classes give the same tag, where the head has measured that they know it
//! too (an animal). The general tags that come with the model are one; tags that people train are others.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::ModelCard;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tagging::calibration::{logistic, logit};

/// The only schema there is so far.
const SCHEMA: u32 = 1;

/// `heads/ID.json`, parsed, validated and resolved.
#[derive(Debug, Clone)]
pub struct TagHead {
    id: String,
    n_features: usize,
    tags: Vec<TagRow>,
    /// Row by row, a tag each.
    weights: Vec<i8>,
}

#[derive(Debug, Clone)]
struct TagRow {
    idx: TagIdx,
    scale: f32,
    intercept: f32,
    calibration: HeadCalibration,
}

/// What a head says of one tag.
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
    /// Parses and validates a head for the embedding of the network that `card` describes.
    ///
    /// # Errors
    /// [`ErrorKind::HeadInvalid`] for another schema, another network, weights that do not fit, a tag that is not in the vocabulary.
    pub fn parse(json: &str, card: &ModelCard, vocabulary: &Vocabulary) -> Result<Self> {
        let file: RawHead = serde_json::from_str(json)
            .map_err(|error| invalid(format!("This is not a valid head: {error}.")).with_source(error))?;
        let RawHead { schema, id, backbone, n_features, normalise: Normalise::L2, weights, tags, .. } = file;
        if schema != SCHEMA {
            return Err(invalid(format!("The head {id:?} has schema {schema}; this version reads schema {SCHEMA}.")));
        }
        if (&backbone.id, &backbone.version) != (&card.id, &card.version) {
            return Err(invalid(format!(
                "The head {id:?} was made for {} {}, not for {} {}. Train it again.",
                backbone.id, backbone.version, card.id, card.version
            )));
        }
        let weights: Vec<i8> = STANDARD
            .decode(weights)
            .map_err(|error| invalid(format!("The weights of the head {id:?} are not base64.")).with_source(error))?
            .into_iter()
            .map(|byte| byte as i8)
            .collect();
        if n_features == 0 || tags.is_empty() || Some(weights.len()) != tags.len().checked_mul(n_features) {
            return Err(invalid(format!(
                "The head {id:?} has {} weights for {} tags of {n_features} features.",
                weights.len(),
                tags.len()
            )));
        }
        let resolve = |tag: RawTag| {
            let RawTag { id: name, scale, intercept, calibration } = tag;
            let idx = vocabulary.idx(&name).ok_or_else(|| {
                invalid(format!("The head {id:?} has a tag {name:?}, which is not in the vocabulary."))
            })?;
            let HeadCalibration { slope, offset, classes } = calibration;
            let is_finite = [scale, intercept, slope, offset, classes].iter().all(|number| number.is_finite());
            if !is_finite || scale <= 0.0 || slope <= 0.0 || classes < 0.0 {
                return Err(invalid(format!(
                    "The tag {name:?} of the head {id:?} needs a scale and a slope above 0, and nothing below 0 for the classes."
                )));
            }
            Ok(TagRow { idx, scale, intercept, calibration })
        };
        let tags = tags.into_iter().map(resolve).collect::<Result<Vec<_>>>()?;
        Ok(Self { n_features, tags, weights, id })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the head says of a picture, in the order of its file. `score_of` gives what the classes give a tag.
    ///
    /// # Errors
    /// [`ErrorKind::ScoresInvalid`] where the embedding is not one of the network's, or not finite.
    pub fn predict(&self, embedding: &[f32], score_of: impl Fn(TagIdx) -> f32) -> Result<Vec<HeadPrediction>> {
        let length = embedding.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
        if embedding.len() != self.n_features || !length.is_finite() {
            return Err(Error::new(
                ErrorKind::ScoresInvalid,
                format!("The head {:?} cannot read this embedding of {} values.", self.id, embedding.len()),
            ));
        }
        let rows = self.weights.chunks_exact(self.n_features);
        let answer = |(tag, row): (&TagRow, &[i8])| {
            let product: f32 = row.iter().zip(embedding).map(|(&weight, value)| f32::from(weight) * value).sum();
            let z = tag.scale * product / length.max(f32::MIN_POSITIVE) + tag.intercept;
            let HeadCalibration { slope, offset, classes } = tag.calibration;
            let class_term = if classes > 0.0 { classes * logit(score_of(tag.idx)) } else { 0.0 };
            HeadPrediction { tag: tag.idx, z, confidence: logistic(slope * z + offset + class_term) }
        };
        Ok(self.tags.iter().zip(rows).map(answer).collect())
    }

    /// How much each vector of the length of an embedding speaks for a tag of this head, but for a constant; None for a tag that it
    /// does not have.
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
    fn a_tag_is_as_sure_as_its_row_on_the_embedding_of_length_one() {
        let head = parsed(|_| {}).unwrap();
        for length in [0.1, 1.0, 50.0] {
            let predict = head.predict(&[3.0 * length, 4.0 * length, 0.0], |_| 0.5).unwrap();
            let z = [0.01 * 127.0 * 0.6 + 0.5, 0.02 * -127.0 * 0.8];
            assert!((predict[0].z - z[0]).abs() < 1e-5 && (predict[1].z - z[1]).abs() < 1e-5, "{predict:?}");
            assert!((predict[0].confidence - logistic(2.0 * z[0] - 1.0)).abs() < 1e-6);
        }
    }

    #[test]
    fn where_it_says_so_the_classes_are_heard() {
        let head = parsed(|_| {}).unwrap();
        let sure = |score: f32| head.predict(&[0.0, -1.0, 0.0], |_| score).unwrap();
        assert!(sure(0.9)[1].confidence > sure(0.1)[1].confidence);
        assert_eq!(sure(0.9)[0], sure(0.1)[0], "and nowhere else");
    }

    #[test]
    fn a_head_that_does_not_belong_here_is_refused_with_the_reason() {
        let set = |pointer: &'static str, value: serde_json::Value| {
            parsed(move |head| *head.pointer_mut(pointer).unwrap() = value.clone()).map(drop)
        };
        for (refused, part) in [
            (set("/schema", 2.into()), "schema 2"),
            (set("/backbone/version", "9".into()), "Train it again"),
            (set("/weights", "?".into()), "not base64"),
            (set("/n_features", 4.into()), "6 weights for 2 tags of 4 features"),
            (set("/tags/0/id", "unicorn".into()), "unicorn"),
            (set("/tags/0/calibration/slope", 0.into()), "above 0"),
            (set("/tags/1/calibration/classes", (-1).into()), "nothing below 0"),
            (set("/normalise", "none".into()), "not a valid head"),
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HeadInvalid);
            assert!(error.detail().contains(part), "{error} does not mention {part}");
        }
    }

    #[test]
    fn an_embedding_of_another_network_is_an_error_and_an_empty_one_says_nothing() {
        let head = parsed(|_| {}).unwrap();
        for embedding in [&[1.0; 4][..], &[f32::NAN, 0.0, 0.0]] {
            assert_eq!(head.predict(embedding, |_| 0.5).unwrap_err().kind(), ErrorKind::ScoresInvalid);
        }
        assert_eq!(head.predict(&[0.0; 3], |_| 0.5).unwrap()[0].z, 0.5, "the intercept alone");
    }
}
