//! Fusion: combines the predictions of all components of a model into one confidence per tag.
//!
//! Classes, heads and detectors share one vocabulary. The heads' confidences adjust those of the classes (see `tagging::calibration`), and
//! where several components predict the same tag, the highest confidence counts. No tag is surer than its ancestors.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Calibration, ModelCard};
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tagging::calibration::{logistic, logit};
use crate::tagging::face_detector::FacePrediction;
use crate::tagging::head::HeadPrediction;
use crate::tags::candidate::{CLASSES, Candidate, MIN_CONFIDENCE, by_confidence};

/// A card's calibration, resolved in a vocabulary.
#[derive(Debug, Clone)]
pub struct Fusion {
    calibration: Option<ResolvedCalibration>,
}

#[derive(Debug, Clone)]
struct ResolvedCalibration {
    curve: Calibration,
    conflicting: Vec<TagIdx>,
    doubts: HashMap<TagIdx, f32>,
}

/// The predictions for one picture, by component.
#[derive(Debug, Clone, Copy, Default)]
pub struct Predictions<'a> {
    /// The score of each tag from the classes, in the vocabulary's order: [`tag_scores`](crate::tagging::scores::tag_scores).
    pub scores: &'a [f32],
    /// One list per head, in the card's order.
    pub heads: &'a [Vec<HeadPrediction>],
    /// One list per detector, in the card's order.
    pub detectors: &'a [Vec<FacePrediction>],
}

impl Fusion {
    /// # Errors
    /// [`ErrorKind::CardInvalid`] if the calibration names a tag that is not in the vocabulary.
    pub fn new(card: &ModelCard, vocabulary: &Vocabulary) -> Result<Self> {
        let resolve = |curve: &Calibration| {
            let named = |id: &String| {
                vocabulary.idx(id).ok_or_else(|| {
                    Error::new(
                        ErrorKind::CardInvalid,
                        format!("The card's calibration names the tag {id:?}, which is not in the vocabulary."),
                    )
                })
            };
            let conflicting = curve.conflicting.iter().map(named).collect::<Result<_>>()?;
            let doubts = curve.doubts.iter().map(|(id, &doubt)| Ok((named(id)?, doubt))).collect::<Result<_>>()?;
            Ok(ResolvedCalibration { curve: curve.clone(), conflicting, doubts })
        };
        Ok(Self { calibration: card.calibration.as_ref().map(resolve).transpose()? })
    }

    /// Every tag that some policy could show, the surest first, ties in the vocabulary's order.
    pub fn candidates(&self, predictions: Predictions, vocabulary: &Vocabulary) -> Vec<Candidate> {
        let scores = predictions.scores;
        let mut best: Vec<Option<Candidate>> = vec![None; scores.len()];
        let mut offer = |candidate: Candidate| {
            let best_of_tag = &mut best[usize::from(candidate.tag)];
            if best_of_tag.is_none_or(|other| other.confidence < candidate.confidence) {
                *best_of_tag = Some(candidate);
            }
        };
        let head_confidences = head_confidences(predictions, scores.len());
        for (tag, &score) in (0..=TagIdx::MAX).zip(scores) {
            if let Some(confidence) = self.confidence(tag, score, &head_confidences, vocabulary) {
                offer(Candidate { tag, score, confidence, component: CLASSES });
            }
        }
        let mut component = CLASSES;
        for head in predictions.heads {
            component += 1;
            for &HeadPrediction { tag, z, confidence } in head {
                offer(Candidate { tag, score: logistic(z), confidence, component });
            }
        }
        for detector in predictions.detectors {
            component += 1;
            for &FacePrediction { tag, score, confidence } in detector {
                offer(Candidate { tag, score, confidence, component });
            }
        }
        raise_parents(best, scores, vocabulary)
    }

    /// The calibrated confidence of the classes in a tag; `None` if too low to keep.
    fn confidence(
        &self,
        tag: TagIdx,
        score: f32,
        head_confidences: &[Option<f32>],
        vocabulary: &Vocabulary,
    ) -> Option<f32> {
        let Some(ResolvedCalibration { curve, conflicting, doubts }) = &self.calibration else {
            return (score >= MIN_CONFIDENCE).then_some(score);
        };
        if score < curve.least_score || score <= 0.0 {
            return None;
        }
        let above = vocabulary.ancestors(tag);
        let support = std::iter::once(&tag).chain(above).find_map(|&one| head_confidences[usize::from(one)]);
        let conflict = (conflicting.iter())
            .filter(|&&other| !vocabulary.are_related(other, tag))
            .filter_map(|&other| head_confidences[usize::from(other)])
            .fold(0.0, f32::max);
        let doubt = doubts.get(&tag).copied().unwrap_or(0.0);
        Some(curve.confidence(score, support.map_or(0.0, logit), conflict, doubt))
    }
}

/// The highest confidence of the heads in each tag.
fn head_confidences(predictions: Predictions, n_tags: usize) -> Vec<Option<f32>> {
    let mut all: Vec<Option<f32>> = vec![None; n_tags];
    for prediction in predictions.heads.iter().flatten() {
        let highest = &mut all[usize::from(prediction.tag)];
        *highest = Some(highest.unwrap_or(0.0).max(prediction.confidence));
    }
    all
}

/// The candidates after every ancestor was raised to at least the confidence of its descendants, the surest first. `scores`: what the
/// classes give each tag.
pub fn raise_parents(mut best: Vec<Option<Candidate>>, scores: &[f32], vocabulary: &Vocabulary) -> Vec<Candidate> {
    let mut surest: Vec<Candidate> = best.iter().flatten().copied().collect();
    surest.sort_by(by_confidence);
    for candidate in surest {
        for &above in vocabulary.ancestors(candidate.tag) {
            let best_of_tag = &mut best[usize::from(above)];
            if best_of_tag.is_none_or(|parent| parent.confidence < candidate.confidence) {
                let score = if candidate.component == CLASSES { scores[usize::from(above)] } else { candidate.score };
                *best_of_tag = Some(Candidate { tag: above, score, ..candidate });
            }
        }
    }
    let mut all: Vec<Candidate> =
        best.into_iter().flatten().filter(|candidate| candidate.confidence >= MIN_CONFIDENCE).collect();
    all.sort_by(by_confidence);
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::card::Activation;
    use crate::tagging::scores::tag_scores;
    use crate::tags::candidate::ComponentIdx;

    /// animal > bee; plant > flower; nature > mountain > alp; document; classes: bee, alp.
    fn vocabulary() -> Vocabulary {
        let tag = |id: &str, parents: &str| format!(r#"{{"id":"{id}","names":{{"en":"{id}"}},"parents":[{parents}]}}"#);
        let tags = [
            tag("animal", ""),
            tag("bee", r#""animal""#),
            tag("plant", ""),
            tag("flower", r#""plant""#),
            tag("mountain", ""),
            tag("alp", r#""mountain""#),
            tag("document", ""),
        ];
        let json = format!(r#"{{"version":1,"languages":["en"],"tags":[{}],"classes":["bee","alp"]}}"#, tags.join(","));
        Vocabulary::parse(&json).unwrap()
    }

    fn fusion(vocabulary: &Vocabulary, support: f32, conflict: f32) -> Fusion {
        let ids = ["flower", "document", "mountain"];
        let curve = Calibration {
            slope: 1.0,
            intercept: 0.0,
            support,
            support_range: [-4.0, 1.0],
            conflict,
            conflicting: ids.map(Into::into).to_vec(),
            doubts: BTreeMap::new(),
            least_score: 0.003,
        };
        let conflicting = ids.iter().map(|id| vocabulary.idx(id).unwrap()).collect();
        Fusion { calibration: Some(ResolvedCalibration { curve, conflicting, doubts: HashMap::new() }) }
    }

    fn predictions(vocabulary: &Vocabulary, all: &[(&str, f32)]) -> Vec<HeadPrediction> {
        all.iter()
            .map(|&(id, confidence)| HeadPrediction {
                tag: vocabulary.idx(id).unwrap(),
                z: logit(confidence),
                confidence,
            })
            .collect()
    }

    fn confidences(fusion: &Fusion, scores: [f32; 2], head: &[(&str, f32)]) -> Vec<(String, f32, ComponentIdx)> {
        let vocabulary = vocabulary();
        let heads = [predictions(&vocabulary, head)];
        let scores = tag_scores(&scores, Activation::Softmax, &vocabulary).unwrap();
        let all = fusion.candidates(Predictions { scores: &scores, heads: &heads, detectors: &[] }, &vocabulary);
        all.into_iter().map(|one| (vocabulary.tag(one.tag).id.clone(), one.confidence, one.component)).collect()
    }

    fn of(all: &[(String, f32, ComponentIdx)], id: &str) -> (f32, ComponentIdx) {
        all.iter().find(|one| one.0 == id).map(|one| (one.1, one.2)).unwrap_or_else(|| panic!("no {id}"))
    }

    #[test]
    fn a_conflicting_tag_of_a_head_lowers_the_confidence_of_the_classes() {
        let vocabulary = vocabulary();
        let alone = confidences(&fusion(&vocabulary, 0.5, -3.0), [0.7, 0.1], &[]);
        let among = confidences(&fusion(&vocabulary, 0.5, -3.0), [0.7, 0.1], &[("flower", 0.98), ("animal", 0.02)]);
        assert!(of(&alone, "bee").0 > 0.69);
        assert!(of(&among, "bee").0 < 0.05, "no animal, and a flower: {among:?}");
        assert_eq!(of(&among, "flower"), (0.98, 1));
        assert_eq!(of(&among, "plant"), (0.98, 1), "the flower's parent is as sure, from the same component");
    }

    #[test]
    fn a_doubted_tag_is_less_sure_and_its_parent_is_not_doubted() {
        let vocabulary = vocabulary();
        let mut doubting = fusion(&vocabulary, 0.5, -3.0);
        let resolved = doubting.calibration.as_mut().unwrap();
        resolved.doubts.insert(vocabulary.idx("bee").unwrap(), -2.0);
        let alone = confidences(&fusion(&vocabulary, 0.5, -3.0), [0.7, 0.1], &[]);
        let doubted = confidences(&doubting, [0.7, 0.1], &[]);
        assert!((logit(of(&doubted, "bee").0) - (logit(of(&alone, "bee").0) - 2.0)).abs() < 1e-4);
        assert_eq!(of(&doubted, "animal"), of(&alone, "animal"));
        assert_eq!(of(&doubted, "alp"), of(&alone, "alp"));
    }

    #[test]
    fn components_that_agree_support_each_other_and_the_surest_counts() {
        let vocabulary = vocabulary();
        let all = confidences(&fusion(&vocabulary, 0.5, -3.0), [0.1, 0.7], &[("mountain", 0.95)]);
        let alone = confidences(&fusion(&vocabulary, 0.5, -3.0), [0.1, 0.7], &[]);
        assert!(of(&all, "alp").0 > of(&alone, "alp").0, "an ancestor is support, not conflict");
        let (mountain, component) = of(&all, "mountain");
        assert!(mountain >= 0.95 && mountain >= of(&all, "alp").0);
        assert_eq!(component, if mountain > 0.95 { CLASSES } else { 1 });
    }

    #[test]
    fn no_tag_is_surer_than_its_parent() {
        let vocabulary = vocabulary();
        for head in [&[][..], &[("flower", 0.9), ("animal", 0.1)], &[("mountain", 0.01), ("document", 0.99)]] {
            for score in [0.004, 0.1, 0.5, 0.9, 0.999] {
                let all = confidences(&fusion(&vocabulary, 0.7, -2.0), [score, 1.0 - score], head);
                for (child, above) in [("bee", "animal"), ("alp", "mountain")] {
                    let Some(child) = all.iter().find(|one| one.0 == child) else { continue };
                    assert!(of(&all, above).0 >= child.1, "{head:?}, {score}: {all:?}");
                }
            }
        }
    }

    #[test]
    fn a_confidence_rises_with_its_score() {
        let vocabulary = vocabulary();
        let fusion = fusion(&vocabulary, 0.7, -2.0);
        let of_bee = |score| of(&confidences(&fusion, [score, 0.0], &[("document", 0.5)]), "bee").0;
        let rising: Vec<f32> = [0.003, 0.01, 0.2, 0.5, 0.8, 0.99, 1.0].map(of_bee).to_vec();
        assert!(rising.is_sorted_by(|a, b| a < b), "{rising:?}");
    }

    #[test]
    fn without_a_calibration_the_confidence_is_the_score() {
        let plain = Fusion { calibration: None };
        let all = confidences(&plain, [0.6, 0.0005], &[]);
        assert_eq!(of(&all, "bee"), (0.6, CLASSES));
        assert!(!all.iter().any(|one| one.0 == "alp"), "below the lowest possible threshold");
    }

    #[test]
    fn a_parent_has_the_sum_of_its_classes_or_their_maximum() {
        let vocabulary = Vocabulary::parse(
            r#"{"version":1,"languages":["en"],"tags":[{"id":"animal","names":{"en":"animal"}},
                {"id":"dog","names":{"en":"dog"},"parents":["animal"]},{"id":"cat","names":{"en":"cat"},"parents":["animal"]}],
              "classes":["dog","cat","dog"]}"#,
        )
        .unwrap();
        let scores = [0.3, 0.2, 0.25];
        let sums = tag_scores(&scores, Activation::Softmax, &vocabulary).unwrap();
        assert!((sums[0] - 0.75).abs() < 1e-6 && (sums[1] - 0.55).abs() < 1e-6, "two classes, one tag: {sums:?}");
        assert_eq!(tag_scores(&scores, Activation::Sigmoid, &vocabulary).unwrap(), [0.3, 0.3, 0.2]);
    }

    #[test]
    fn scores_that_do_not_fit_the_vocabulary_are_refused() {
        for scores in [&[0.5; 3][..], &[0.5, f32::NAN]] {
            let error = tag_scores(scores, Activation::Softmax, &vocabulary()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ScoresInvalid);
        }
    }
}
