//! What the parts of a model say of one picture, brought together: one confidence a tag.
//!
//! Classes, heads and detectors speak of one vocabulary. They meet twice: what the heads see decides how far the classes are believed
//! (see [`crate::tagging::calibration`]), and where several say the same tag the surest counts. A tag is never surer than those above it.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Calibration, ModelCard};
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tagging::calibration::{logistic, logit};
use crate::tagging::face_detector::FacePrediction;
use crate::tagging::head::HeadPrediction;
use crate::tags::candidate::{CLASSES, Candidate, MIN_CONFIDENCE, by_confidence};

/// A card looked up in a vocabulary, ready for many pictures.
#[derive(Debug, Clone)]
pub struct Fusion {
    calibration: Option<ResolvedCalibration>,
}

#[derive(Debug, Clone)]
struct ResolvedCalibration {
    curve: Calibration,
    conflicting: Vec<TagIdx>,
}

/// What was predictions in one picture, by part.
#[derive(Debug, Clone, Copy, Default)]
pub struct Predictions<'a> {
    /// What the classes give each tag, in the vocabulary's order: [`tag_scores`].
    pub scores: &'a [f32],
    /// One list a head, in the card's order.
    pub heads: &'a [Vec<HeadPrediction>],
    /// One list a detector, in the card's order.
    pub detectors: &'a [Vec<FacePrediction>],
}

impl Fusion {
    /// # Errors
    /// [`ErrorKind::CardInvalid`] where the calibration names a tag that the vocabulary does not have.
    pub fn new(card: &ModelCard, vocabulary: &Vocabulary) -> Result<Self> {
        let resolve = |curve: &Calibration| {
            let named = |id: &String| {
                vocabulary.idx(id).ok_or_else(|| {
                    Error::new(
                        ErrorKind::CardInvalid,
                        format!("The card's calibration names {id:?}, which is no tag of the vocabulary."),
                    )
                })
            };
            let conflicting = curve.conflicting.iter().map(named).collect::<Result<_>>()?;
            Ok(ResolvedCalibration { curve: curve.clone(), conflicting })
        };
        Ok(Self { calibration: card.calibration.as_ref().map(resolve).transpose()? })
    }

    /// Everything that some policy could show, the surest first, ties in the vocabulary's order.
    pub fn candidates(&self, predictions: Predictions, vocabulary: &Vocabulary) -> Vec<Candidate> {
        let scores = predictions.scores;
        let mut best: Vec<Option<Candidate>> = vec![None; scores.len()];
        let mut offer = |candidate: Candidate| {
            let place = &mut best[usize::from(candidate.tag)];
            if place.is_none_or(|other| other.confidence < candidate.confidence) {
                *place = Some(candidate);
            }
        };
        let head_confidences = head_confidences(predictions, scores.len());
        for (tag, &score) in (0..).zip(scores) {
            if let Some(confidence) = self.confidence(tag, score, &head_confidences, vocabulary) {
                offer(Candidate { tag, score, confidence, component: CLASSES });
            }
        }
        let mut component = CLASSES;
        for answers in predictions.heads {
            component += 1;
            for &HeadPrediction { tag, z, confidence } in answers {
                offer(Candidate { tag, score: logistic(z), confidence, component });
            }
        }
        for answers in predictions.detectors {
            component += 1;
            for &FacePrediction { tag, score, confidence } in answers {
                offer(Candidate { tag, score, confidence, component });
            }
        }
        raise_parents(best, scores, vocabulary)
    }

    /// How sure the classes are of a tag; None if not worth keeping.
    fn confidence(
        &self,
        tag: TagIdx,
        score: f32,
        head_confidences: &[Option<f32>],
        vocabulary: &Vocabulary,
    ) -> Option<f32> {
        let Some(ResolvedCalibration { curve, conflicting }) = &self.calibration else {
            return (score >= MIN_CONFIDENCE).then_some(score);
        };
        if score < curve.least_score || score <= 0.0 {
            return None;
        }
        let above = vocabulary.ancestors(tag);
        let support = std::iter::once(&tag).chain(above).find_map(|&one| head_confidences[usize::from(one)]);
        let is_related =
            |other: TagIdx| other == tag || above.contains(&other) || vocabulary.ancestors(other).contains(&tag);
        let conflict = (conflicting.iter())
            .filter(|&&other| !is_related(other))
            .filter_map(|&other| head_confidences[usize::from(other)])
            .fold(0.0, f32::max);
        Some(curve.confidence(score, support.map_or(0.0, logit), conflict))
    }
}

/// What the heads say, by tag.
fn head_confidences(predictions: Predictions, n_tags: usize) -> Vec<Option<f32>> {
    let mut all: Vec<Option<f32>> = vec![None; n_tags];
    for answer in predictions.heads.iter().flatten() {
        let place = &mut all[usize::from(answer.tag)];
        *place = Some(place.unwrap_or(0.0).max(answer.confidence));
    }
    all
}

/// Who is sure of a tag is as sure of everything above it.
fn raise_parents(mut best: Vec<Option<Candidate>>, scores: &[f32], vocabulary: &Vocabulary) -> Vec<Candidate> {
    let mut surest: Vec<Candidate> = best.iter().flatten().copied().collect();
    surest.sort_by(by_confidence);
    for candidate in surest {
        for &above in vocabulary.ancestors(candidate.tag) {
            let place = &mut best[usize::from(above)];
            if place.is_none_or(|parent| parent.confidence < candidate.confidence) {
                let score = if candidate.component == CLASSES { scores[usize::from(above)] } else { candidate.score };
                *place = Some(Candidate { tag: above, score, ..candidate });
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

    fn evidence(vocabulary: &Vocabulary, support: f32, conflict: f32) -> Fusion {
        let ids = ["flower", "document", "mountain"];
        let curve = Calibration {
            slope: 1.0,
            intercept: 0.0,
            support,
            support_range: [-4.0, 1.0],
            conflict,
            conflicting: ids.map(Into::into).to_vec(),
            least_score: 0.003,
        };
        let conflicting = ids.iter().map(|id| vocabulary.idx(id).unwrap()).collect();
        Fusion { calibration: Some(ResolvedCalibration { curve, conflicting }) }
    }

    fn answers(vocabulary: &Vocabulary, all: &[(&str, f32)]) -> Vec<HeadPrediction> {
        all.iter()
            .map(|&(id, confidence)| HeadPrediction {
                tag: vocabulary.idx(id).unwrap(),
                z: logit(confidence),
                confidence,
            })
            .collect()
    }

    fn confidences(evidence: &Fusion, scores: [f32; 2], said: &[(&str, f32)]) -> Vec<(String, f32, ComponentIdx)> {
        let vocabulary = vocabulary();
        let heads = [answers(&vocabulary, said)];
        let scores = tag_scores(&scores, Activation::Softmax, &vocabulary).unwrap();
        let all = evidence.candidates(Predictions { scores: &scores, heads: &heads, detectors: &[] }, &vocabulary);
        all.into_iter().map(|one| (vocabulary.tag(one.tag).id.clone(), one.confidence, one.component)).collect()
    }

    fn of(all: &[(String, f32, ComponentIdx)], id: &str) -> (f32, ComponentIdx) {
        all.iter().find(|one| one.0 == id).map(|one| (one.1, one.2)).unwrap_or_else(|| panic!("no {id}"))
    }

    #[test]
    fn a_flower_beats_the_bee_that_the_classes_see_in_it() {
        let vocabulary = vocabulary();
        let alone = confidences(&evidence(&vocabulary, 0.5, -3.0), [0.7, 0.1], &[]);
        let among = confidences(&evidence(&vocabulary, 0.5, -3.0), [0.7, 0.1], &[("flower", 0.98), ("animal", 0.02)]);
        assert!(of(&alone, "bee").0 > 0.69);
        assert!(of(&among, "bee").0 < 0.05, "no animal, and a flower: {among:?}");
        assert_eq!(of(&among, "flower"), (0.98, 1));
        assert_eq!(of(&among, "plant"), (0.98, 1), "what lies above the flower is as sure as it, by the same part");
    }

    #[test]
    fn parts_that_agree_support_each_other_and_the_surest_counts() {
        let vocabulary = vocabulary();
        let all = confidences(&evidence(&vocabulary, 0.5, -3.0), [0.1, 0.7], &[("mountain", 0.95)]);
        let alone = confidences(&evidence(&vocabulary, 0.5, -3.0), [0.1, 0.7], &[]);
        assert!(of(&all, "alp").0 > of(&alone, "alp").0, "the mountain above it is no conflict, it is support");
        let (mountain, component) = of(&all, "mountain");
        assert!(mountain >= 0.95 && mountain >= of(&all, "alp").0);
        assert_eq!(component, if mountain > 0.95 { CLASSES } else { 1 });
    }

    #[test]
    fn nothing_is_surer_than_what_lies_above_it() {
        let vocabulary = vocabulary();
        for said in [&[][..], &[("flower", 0.9), ("animal", 0.1)], &[("mountain", 0.01), ("document", 0.99)]] {
            for score in [0.004, 0.1, 0.5, 0.9, 0.999] {
                let all = confidences(&evidence(&vocabulary, 0.7, -2.0), [score, 1.0 - score], said);
                for (child, above) in [("bee", "animal"), ("alp", "mountain")] {
                    let Some(child) = all.iter().find(|one| one.0 == child) else { continue };
                    assert!(of(&all, above).0 >= child.1, "{said:?}, {score}: {all:?}");
                }
            }
        }
    }

    #[test]
    fn a_confidence_rises_with_its_score() {
        let vocabulary = vocabulary();
        let evidence = evidence(&vocabulary, 0.7, -2.0);
        let of_bee = |score| of(&confidences(&evidence, [score, 0.0], &[("document", 0.5)]), "bee").0;
        let rising: Vec<f32> = [0.003, 0.01, 0.2, 0.5, 0.8, 0.99, 1.0].map(of_bee).to_vec();
        assert!(rising.is_sorted_by(|a, b| a < b), "{rising:?}");
    }

    #[test]
    fn without_a_calibration_the_confidence_is_the_score() {
        let plain = Fusion { calibration: None };
        let all = confidences(&plain, [0.6, 0.0005], &[]);
        assert_eq!(of(&all, "bee"), (0.6, CLASSES));
        assert!(!all.iter().any(|one| one.0 == "alp"), "below everything that can be shown");
    }

    #[test]
    fn a_parent_gathers_its_children_by_sum_or_by_maximum() {
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
