//! A head of own tags: what a person's pictures taught, on the embedding of one backbone.
//!
//! For each tag, with the embedding v: l = slope · (weights · v / |v| + intercept) + offset, which is what speaks for the tag alone. Tags
//! that are never meant together are rivals: with R = ln(1 + Σ e^l of the tag's rivals), z = evidence · l − rivals · R + offset, and
//! confidence = σ(z). How much rivals count was learnt with the tags. A picture is *familiar* if one more row of weights gives it at
//! least a limit; what is not looks like none of the examples, and gets no own tag.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::BackboneRef;
use crate::tagging::linear::{dot, length, logistic};
use crate::tags::TagRef;
use crate::tags::embedding::Embedding;

/// l is kept within this many logits of 0, so that e^l is a number.
pub(crate) const MOST_EVIDENCE: f32 = 30.0;
/// What is kept of a picture: below this confidence a tag isn't recorded, whatever its threshold becomes.
const MIN_RECORDED: f32 = 0.05;

/// Own tags with weights, calibration and thresholds. Made by training, or read from a file ([`OwnHead::parse`]).
#[derive(Debug, Clone, PartialEq)]
pub struct OwnHead {
    /// Of the own tagger; `head:ID` names the component in reports.
    pub id: String,
    /// The own tagger's name, as a person gave it.
    pub name: String,
    /// Counts the trainings of one own tagger.
    pub version: u32,
    /// What the person called this training, and said of it. Perhaps empty.
    pub title: String,
    pub comment: String,
    /// When it was trained, in ms from 1970.
    pub made_ms: i64,
    pub seed: u64,
    pub backbone: BackboneRef,
    /// Length of the embedding.
    pub n_features: usize,
    pub tags: Vec<OwnTag>,
    /// One row of `n_features` per tag.
    pub weights: Vec<f32>,
    pub rivalry: Rivalry,
    /// `None` where nothing was there to tell the examples from.
    pub familiarity: Option<Familiarity>,
}

/// A tag of an own head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnTag {
    pub tag: TagRef,
    pub intercept: f32,
    /// l = slope · (weights · v / |v| + intercept) + offset
    pub slope: f32,
    pub offset: f32,
    /// The tag is shown from this confidence on.
    pub threshold: f32,
    /// Whether it had as many examples as the guidelines ask for.
    pub is_completely_trained: bool,
    /// Pictures that had the tag, and pictures that a person took it from.
    pub n_examples: u32,
    pub n_rejected: u32,
    /// Numbers of tags that pictures have together with this one. All others are its rivals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<u16>,
}

/// How much the evidence for a tag counts against that for its rivals: z = evidence · l − rivals · R + offset.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rivalry {
    pub evidence: f32,
    pub rivals: f32,
    pub offset: f32,
}

/// Tells pictures like the examples from all others: row · v / |v| + intercept, familiar from `limit` on.
#[derive(Debug, Clone, PartialEq)]
pub struct Familiarity {
    pub weights: Vec<f32>,
    pub intercept: f32,
    pub limit: f32,
}

/// What a head finds in one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFound {
    /// In the order of the head's tags.
    pub tags: Vec<OwnPrediction>,
    /// False: unlike all examples, none of these tags is meant.
    pub is_familiar: bool,
}

/// A head's prediction for one tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnPrediction {
    /// The logit of the confidence.
    pub z: f32,
    /// 0–1
    pub confidence: f32,
}

impl OwnHead {
    /// Whether embeddings of the network with this `id` and `version` mean anything to this head.
    ///
    /// # Errors
    /// [`ErrorKind::OwnHeadOtherBackbone`] if they don't.
    pub fn check_backbone(&self, id: &str, version: &str) -> Result<()> {
        if self.backbone.is(id, version) {
            return Ok(());
        }
        let BackboneRef { id: own_id, version: own_version, .. } = &self.backbone;
        let detail = format!(
            "The own tags {:?} were trained on {own_id} {own_version}, and this is {id} {version}. Train them again from the pictures.",
            self.name
        );
        Err(Error::new(ErrorKind::OwnHeadOtherBackbone, detail))
    }

    /// What the head finds in a picture with this embedding.
    ///
    /// # Errors
    /// As [`predict_values`](Self::predict_values).
    pub fn predict(&self, embedding: &Embedding) -> Result<OwnFound> {
        self.predict_values(&embedding.values())
    }

    /// What the head finds in a picture with these values before the network's last layer.
    ///
    /// # Errors
    /// [`ErrorKind::ScoresInvalid`] if the embedding has another length, or is not finite.
    pub fn predict_values(&self, embedding: &[f32]) -> Result<OwnFound> {
        let unit = self.unit(embedding)?;
        let rows = self.weights.chunks_exact(self.n_features);
        let alone = |(tag, row): (&OwnTag, &[f32])| tag.slope * (dot(row, &unit) + tag.intercept) + tag.offset;
        let evidence: Vec<f32> = self.tags.iter().zip(rows).map(alone).collect();
        let companions: Vec<&[u16]> = self.tags.iter().map(|tag| &tag.companions[..]).collect();
        let z = self.rivalry.logits(&evidence, &companions);
        let tags = z.into_iter().map(|z| OwnPrediction { z, confidence: logistic(z) }).collect();
        let is_familiar = self.familiarity.as_ref().is_none_or(|row| row.value(&unit) >= row.limit);
        Ok(OwnFound { tags, is_familiar })
    }

    /// What is recorded of a picture: tags, by their number here, with their confidence, the surest first. Nothing of a picture that is
    /// not familiar.
    ///
    /// # Errors
    /// As [`predict_values`](Self::predict_values).
    pub fn found(&self, embedding: &Embedding) -> Result<Vec<(usize, f32)>> {
        let OwnFound { tags, is_familiar } = self.predict(embedding)?;
        let sure = |(number, one): (usize, OwnPrediction)| {
            (is_familiar && one.confidence >= MIN_RECORDED).then_some((number, one.confidence))
        };
        let mut found: Vec<_> = tags.into_iter().enumerate().filter_map(sure).collect();
        found.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal).then(a.0.cmp(&b.0)));
        Ok(found)
    }

    /// The direction in the space of embeddings that raises what speaks for the tag with this number, its rivals aside; `None` if there
    /// is no such tag.
    pub fn direction(&self, tag: usize) -> Option<Vec<f32>> {
        let slope = self.tags.get(tag)?.slope;
        let row = &self.weights[tag * self.n_features..][..self.n_features];
        Some(row.iter().map(|weight| weight * slope).collect())
    }

    fn unit(&self, embedding: &[f32]) -> Result<Vec<f32>> {
        let length = length(embedding, self.n_features).ok_or_else(|| {
            let detail = format!(
                "The own tags {:?} need a finite embedding of {} values, but this one has {}.",
                self.name,
                self.n_features,
                embedding.len()
            );
            Error::new(ErrorKind::ScoresInvalid, detail)
        })?;
        Ok(embedding.iter().map(|value| value / length.max(f32::MIN_POSITIVE)).collect())
    }
}

impl Rivalry {
    /// z of each tag, from what speaks for each alone.
    pub(crate) fn logits(&self, evidence: &[f32], companions: &[impl AsRef<[u16]>]) -> Vec<f32> {
        let against = rivals(evidence, companions);
        let logit = |(own, against): (&f32, f32)| self.evidence * own - self.rivals * against + self.offset;
        evidence.iter().zip(against).map(logit).collect()
    }
}

/// R of each tag: what speaks for its rivals.
pub(crate) fn rivals(evidence: &[f32], companions: &[impl AsRef<[u16]>]) -> Vec<f32> {
    let odds: Vec<f32> = evidence.iter().map(|own| libm::expf(own.clamp(-MOST_EVIDENCE, MOST_EVIDENCE))).collect();
    // Sums of what follows each tag: taking a tag's own odds from the sum of all would leave only rounding of the others.
    let mut after = vec![0.0; odds.len() + 1];
    for tag in (0..odds.len()).rev() {
        after[tag] = after[tag + 1] + odds[tag];
    }
    let mut before = 0.0;
    let against = |tag: usize| {
        let companions = companions[tag].as_ref();
        let sum = if companions.is_empty() { before + after[tag + 1] } else { between(&odds, tag, companions) };
        before += odds[tag];
        libm::logf(1.0 + sum)
    };
    (0..odds.len()).map(against).collect()
}

/// The sum of all odds but those of a tag and its companions, which are in order: one walk, however many they are.
fn between(odds: &[f32], tag: usize, companions: &[u16]) -> f32 {
    let at = companions.partition_point(|&other| usize::from(other) < tag);
    let (before, after) = companions.split_at(at);
    let left_out = before.iter().map(|&other| usize::from(other)).chain([tag]);
    let left_out = left_out.chain(after.iter().map(|&other| usize::from(other))).chain([odds.len()]);
    let (mut sum, mut from) = (0.0, 0);
    for other in left_out {
        sum = odds.get(from..other).unwrap_or_default().iter().fold(sum, |sum, odds| sum + odds);
        from = other + 1;
    }
    sum
}

impl Familiarity {
    /// How much a picture with this embedding, of length 1, looks like the examples.
    pub(crate) fn value(&self, unit: &[f32]) -> f32 {
        dot(&self.weights, unit) + self.intercept
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Two tags on three features; familiar is what has more of the first feature than of the third.
    pub(in crate::tagging) fn head() -> OwnHead {
        let tag = |id: &str, name: &str, intercept: f32| OwnTag {
            tag: TagRef { id: id.into(), name: name.into(), language: None },
            intercept,
            slope: 4.0,
            offset: -1.0,
            threshold: 0.5,
            is_completely_trained: false,
            n_examples: 7,
            n_rejected: 1,
            companions: Vec::new(),
        };
        OwnHead {
            id: "shoes".into(),
            name: "Shoes".into(),
            version: 3,
            title: "Spring".into(),
            comment: "With the new\nmodels".into(),
            made_ms: 1_790_000_000_000,
            seed: 1,
            backbone: BackboneRef { id: "small".into(), version: "1.0.0".into(), sha256: None },
            n_features: 3,
            tags: vec![tag("own:casual shoe", "Casual shoe", 0.25), tag("sandal", "sandal", 0.0)],
            weights: vec![1.0, 0.0, 0.0, 0.0, 2.0, 0.0],
            rivalry: Rivalry { evidence: 1.0, rivals: 0.0, offset: 0.0 },
            familiarity: Some(Familiarity { weights: vec![1.0, 0.0, -1.0], intercept: 0.0, limit: 0.1 }),
        }
    }

    #[test]
    fn a_prediction_follows_the_formula_at_any_length_of_the_embedding() {
        for length in [1e-3_f32, 1.0, 50.0] {
            let found = head().predict_values(&[3.0 * length, 4.0 * length, 0.0]).unwrap();
            for (one, sum) in found.tags.iter().zip([0.6 + 0.25, 1.6_f32]) {
                let z = 4.0 * sum - 1.0;
                assert!((one.z - z).abs() < 1e-5, "{one:?}");
                assert!((one.confidence - 1.0 / (1.0 + (-z).exp())).abs() < 1e-6, "{one:?}");
            }
        }
    }

    #[test]
    fn what_speaks_for_a_rival_speaks_against_a_tag_and_a_companion_does_not() {
        let mut head = OwnHead { rivalry: Rivalry { evidence: 2.0, rivals: 0.5, offset: -1.0 }, ..head() };
        let [first, second] = [4.0 * 0.85_f32 - 1.0, 4.0 * 1.6_f32 - 1.0];
        let z = head.predict_values(&[3.0, 4.0, 0.0]).unwrap().tags[0].z;
        assert!((z - (2.0 * first - 0.5 * second.exp().ln_1p() - 1.0)).abs() < 1e-4, "{z}");
        head.tags[0].companions = vec![1];
        let z = head.predict_values(&[3.0, 4.0, 0.0]).unwrap().tags[0].z;
        assert!((z - (2.0 * first - 1.0)).abs() < 1e-4, "{z}");
    }

    #[test]
    fn rivals_are_all_tags_but_a_tag_and_its_companions() {
        let evidence: Vec<f32> = (0..9_u8).map(|tag| f32::from(tag) - 4.0).collect();
        let with: [&[u16]; 9] = [&[], &[0], &[0, 1, 3], &[8], &[0, 8], &[1, 2, 3, 4, 6, 7, 8], &[5], &[6, 8], &[2, 3]];
        for (tag, found) in rivals(&evidence, &with).into_iter().enumerate() {
            let is_rival = |other: &usize| *other != tag && !with[tag].contains(&(*other as u16));
            let sum: f32 = (0..9).filter(is_rival).map(|other| libm::expf(evidence[other])).sum();
            assert!((found - libm::logf(1.0 + sum)).abs() < 1e-6, "tag {tag}: {found}");
        }
    }

    #[test]
    fn what_looks_like_no_example_gets_no_tag() {
        let head = head();
        let embedding = |values: [f32; 3]| Embedding::new(&values).unwrap();
        assert!(!head.predict(&embedding([0.5, 2.0, 0.5])).unwrap().is_familiar);
        assert_eq!(head.found(&embedding([0.5, 2.0, 0.5])).unwrap(), []);
        let found = head.found(&embedding([1.0, 2.0, 0.0])).unwrap();
        assert_eq!(found.iter().map(|one| one.0).collect::<Vec<_>>(), [1, 0], "the surest first");
    }

    #[test]
    fn a_head_without_familiarity_knows_every_picture() {
        let head = OwnHead { familiarity: None, ..head() };
        assert!(head.predict_values(&[0.0, 0.0, 1.0]).unwrap().is_familiar);
    }

    #[test]
    fn an_embedding_of_another_length_or_without_an_end_is_refused() {
        for values in [&[1.0; 4][..], &[f32::NAN, 0.0, 0.0]] {
            assert_eq!(head().predict_values(values).unwrap_err().kind(), ErrorKind::ScoresInvalid);
        }
        assert_eq!(head().predict_values(&[0.0; 3]).unwrap().tags[0].z, 0.0, "the intercept alone");
    }

    #[test]
    fn another_network_is_refused_with_the_way_out() {
        let head = head();
        assert!(head.check_backbone("small", "1.0.0").is_ok());
        for (id, version) in [("small", "1.0.1"), ("large", "1.0.0")] {
            let error = head.check_backbone(id, version).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OwnHeadOtherBackbone);
            assert!(error.detail().contains("Train them again"), "{error}");
        }
    }

    #[test]
    fn a_direction_raises_the_logit_of_its_tag_alone() {
        let head = head();
        assert_eq!(head.direction(1), Some(vec![0.0, 8.0, 0.0]));
        assert_eq!(head.direction(2), None);
    }
}
