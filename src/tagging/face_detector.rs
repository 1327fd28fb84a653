//! The second network: finds faces, and predicts the tags "person", "portrait", "group" and "crowd" from them. It does not recognise
//! people, ages or genders.
//!
//! The network is BlazeFace (Bazarevsky et al., 2019).

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{DetectorCard, FaceTags};
use crate::model::runtime::BoxRuntime;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::picture::Picture;
use crate::tagging::calibration::{MAX_SUPPORT_LOGIT, logistic, logit};
use crate::tagging::single_shot::{Detection, SingleShot};
use crate::tags::found_box::Region;

/// No face is portrayed alone if another is at least this fraction of its size.
const RIVAL_SIZE: f32 = 0.5;

/// A face detector, loaded and ready.
pub struct FaceDetector {
    network: SingleShot,
    rules: FaceTags,
    tag_idx: FaceTagIdx,
}

/// The positions of the face tags in the vocabulary.
#[derive(Debug, Clone, Copy)]
struct FaceTagIdx {
    person: TagIdx,
    portrait: TagIdx,
    group: TagIdx,
    crowd: TagIdx,
}

/// The tags that count people, with the least number for each.
#[derive(Debug, Clone, Copy)]
pub struct People {
    pub person: TagIdx,
    pub group: (TagIdx, usize),
    pub crowd: (TagIdx, usize),
}

/// A face in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    pub region: Region,
    /// Logit of the network's score.
    pub z: f32,
    /// Ratio of the longer side to the picture's shorter side.
    pub size: f32,
}

/// What the faces of a picture give for one tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacePrediction {
    pub tag: TagIdx,
    /// The network's score of the decisive face, 0–1.
    pub score: f32,
    /// 0–1
    pub confidence: f32,
}

impl FaceDetector {
    /// # Errors
    /// [`ErrorKind::CardInvalid`] if the vocabulary lacks one of the tags, [`ErrorKind::ModelMismatch`] if the network does not have
    /// one row per anchor.
    pub fn new(card: DetectorCard, runtime: Box<dyn BoxRuntime>, vocabulary: &Vocabulary) -> Result<Self> {
        let Some(rules) = card.tags.clone() else {
            let detail =
                format!("The detector {:?} finds objects, not faces. Name it in the card's second_look.", card.id);
            return Err(Error::new(ErrorKind::CardInvalid, detail));
        };
        let named = |id: &str| {
            vocabulary.idx(id).ok_or_else(|| {
                Error::new(
                    ErrorKind::CardInvalid,
                    format!("The vocabulary has no tag {id:?}, which the detector {:?} needs.", card.id),
                )
            })
        };
        let tag_idx = FaceTagIdx {
            person: named("person")?,
            portrait: named("portrait")?,
            group: named("group")?,
            crowd: named("crowd")?,
        };
        if let Some(against) = &rules.person.against {
            named(&against.tag)?;
        }
        Ok(Self { network: SingleShot::new(card, runtime)?, rules, tag_idx })
    }

    pub fn card(&self) -> &DetectorCard {
        self.network.card()
    }

    /// The faces of a picture, the surest first.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`], and [`ErrorKind::ScoresInvalid`] for values that are not finite.
    pub fn find(&self, picture: &Picture) -> Result<Vec<Face>> {
        let (width, height) = (picture.full_width() as f32, picture.full_height() as f32);
        let face = |Detection { z, region, .. }: Detection| {
            let longer = (region[2] * width).max(region[3] * height);
            Face { region, z, size: longer / width.min(height) }
        };
        Ok(self.network.find(picture, &[self.tag_idx.person])?.into_iter().map(face).collect())
    }

    /// The confidence that each of `faces` is a person's. `score_of` maps the id of a tag to its score from the classes, `logit_of` the
    /// ids of a head and a tag to the head's logit, if it has one.
    pub fn confidences(
        &self,
        faces: &[Face],
        score_of: impl Fn(&str) -> f32,
        logit_of: impl Fn(&str, &str) -> Option<f32>,
    ) -> Vec<f32> {
        let person = &self.rules.person;
        let against = person.against.as_ref().map_or(0.0, |against| against.weight * logit(score_of(&against.tag)));
        let support = person.support.as_ref().and_then(|support| {
            let z = logit_of(&support.head, &support.tag)?;
            Some(support.weight * z.clamp(-MAX_SUPPORT_LOGIT, MAX_SUPPORT_LOGIT))
        });
        let offset = person.intercept + against + support.unwrap_or(0.0);
        faces.iter().map(|face| logistic(person.slope * face.z + offset)).collect()
    }

    /// The predictions from `faces` (the surest first) and their `confidences`.
    pub fn predict(&self, faces: &[Face], confidences: &[f32]) -> Vec<FacePrediction> {
        let prediction = |tag: TagIdx, nth: usize| {
            let (face, &confidence) = faces.get(nth).zip(confidences.get(nth))?;
            Some(FacePrediction { tag, score: logistic(face.z), confidence })
        };
        let sizes = || faces.iter().map(|face| face.size).enumerate();
        let portrayed = sizes().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|&(_, largest)| {
            let n_rivals = sizes().filter(|(_, size)| *size >= RIVAL_SIZE * largest).count();
            largest >= self.rules.portrait.least_size && n_rivals == 1
        });
        let People { person, group, crowd } = self.people();
        [
            prediction(person, 0),
            portrayed.and_then(|(nth, _)| prediction(self.tag_idx.portrait, nth)),
            prediction(group.0, group.1 - 1),
            prediction(crowd.0, crowd.1 - 1),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What follows from the number of people.
    pub fn people(&self) -> People {
        let FaceTagIdx { person, group, crowd, .. } = self.tag_idx;
        People { person, group: (group, self.rules.group.faces), crowd: (crowd, self.rules.crowd.faces) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagging::single_shot::tests::{Fixed, card, picture};

    const FACES: &str = "blazeface-short";

    fn vocabulary() -> Vocabulary {
        let tags = ["person", "portrait", "group", "crowd", "animal"]
            .map(|id| format!(r#"{{"id":"{id}","names":{{"en":"{id}"}}}}"#))
            .join(",");
        Vocabulary::parse(&format!(r#"{{"version":1,"languages":["en"],"tags":[{tags}],"classes":["animal"]}}"#))
            .unwrap()
    }

    /// A detector whose network finds faces at these rows, each with a logit and a box (centre relative to the anchor, sides) in input
    /// pixels.
    fn detector(found: &[(usize, f32, [f32; 4])]) -> FaceDetector {
        let n_rows = 896;
        let mut fixed = Fixed { scores: vec![-10.0; n_rows], boxes: vec![0.0; n_rows * 16], n_rows };
        for &(row, z, values) in found {
            fixed.scores[row] = z;
            fixed.boxes[row * 16..][..4].copy_from_slice(&values);
        }
        FaceDetector::new(card(FACES), Box::new(fixed), &vocabulary()).unwrap()
    }

    fn predicted(detector: &FaceDetector, faces: &[Face], animal: f32) -> Vec<(String, f32)> {
        let vocabulary = vocabulary();
        let predictions = detector.predict(faces, &detector.confidences(faces, |_| animal, |_, _| None));
        predictions.into_iter().map(|one| (vocabulary.tag(one.tag).id.clone(), one.confidence)).collect()
    }

    fn face(z: f32, size: f32) -> Face {
        Face { region: [0.0, 0.0, size, size], z, size }
    }

    #[test]
    fn boxes_are_mapped_back_through_the_letterbox() {
        // Row 272: the ninth row of cells, the first of two anchors in the ninth cell; its centre is at 68 of 128.
        let wide = detector(&[(272, 3.0, [-4.0, -4.0, 32.0, 16.0])]).find(&picture(256, 128)).unwrap();
        let [left, top, width, height] = wide[0].region;
        // The picture fills the input's width and the middle half of its height.
        for (found, expected) in [(left, 48.0 / 128.0), (width, 0.25), (top, (56.0 - 32.0) / 64.0), (height, 0.25)] {
            assert!((found - expected).abs() < 1e-5, "{:?}", wide[0]);
        }
        assert!((wide[0].size - 64.0 / 128.0).abs() < 1e-5, "the longer side, 64 px, of the shorter, 128");
    }

    #[test]
    fn only_the_surest_of_overlapping_boxes_is_kept() {
        let found =
            [(272, 1.0, [0.0, 0.0, 30.0, 30.0]), (273, 3.0, [0.0, 0.0, 32.0, 32.0]), (0, 2.0, [0.0, 0.0, 8.0, 8.0])];
        let faces = detector(&found).find(&picture(128, 128)).unwrap();
        assert_eq!(faces.iter().map(|face| face.z).collect::<Vec<_>>(), [3.0, 2.0]);
        assert_eq!(
            detector(&[(0, -1.0, [0.0, 0.0, 8.0, 8.0])]).find(&picture(9, 9)).unwrap(),
            [],
            "below the least score"
        );
        assert_eq!(detector(&[(0, 5.0, [0.0, 0.0, 0.0, 8.0])]).find(&picture(9, 9)).unwrap(), [], "without an area");
    }

    #[test]
    fn the_number_and_size_of_faces_give_portrait_group_and_crowd() {
        let detector = detector(&[]);
        let ids = |faces: &[Face]| predicted(&detector, faces, 0.0).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids(&[]), [""; 0]);
        assert_eq!(ids(&[face(3.0, 0.5)]), ["person", "portrait"]);
        assert_eq!(ids(&[face(3.0, 0.1)]), ["person"], "too small for a portrait");
        assert_eq!(ids(&[face(3.0, 0.5), face(2.0, 0.2)]), ["person", "portrait"], "somebody in the background");
        assert_eq!(ids(&[face(3.0, 0.5), face(2.0, 0.4)]), ["person"], "a couple");
        assert_eq!(ids(&[face(3.0, 0.3), face(2.0, 0.3), face(1.0, 0.3)]), ["person", "group"]);
        assert_eq!(ids(&[face(3.0, 0.1); 8]), ["person", "group", "crowd"]);
    }

    #[test]
    fn a_group_is_as_sure_as_its_third_face_and_an_animal_lowers_the_confidence_in_a_person() {
        let detector = detector(&[]);
        let faces = [face(4.0, 0.3), face(2.0, 0.3), face(0.5, 0.3)];
        let all = predicted(&detector, &faces, 0.0);
        let third = predicted(&detector, &faces[2..], 0.0)[0].1;
        assert_eq!((all[1].0.as_str(), all[1].1), ("group", third));
        assert!(predicted(&detector, &faces, 0.99)[0].1 < all[0].1);
    }

    #[test]
    fn a_network_that_does_not_fit_its_card_is_refused() {
        let few = Fixed { scores: vec![0.0; 3], boxes: vec![0.0; 48], n_rows: 3 };
        assert!(
            FaceDetector::new(card(FACES), Box::new(few), &vocabulary())
                .is_err_and(|error| error.kind() == ErrorKind::ModelMismatch)
        );
        let lost = Fixed { scores: vec![f32::NAN; 896], boxes: vec![0.0; 896 * 16], n_rows: 896 };
        let detector = FaceDetector::new(card(FACES), Box::new(lost), &vocabulary()).unwrap();
        assert_eq!(detector.find(&picture(9, 9)).unwrap_err().kind(), ErrorKind::ScoresInvalid);
        let objects = Fixed { scores: vec![], boxes: vec![], n_rows: 3549 };
        let refused = FaceDetector::new(card("nanodet-g"), Box::new(objects), &vocabulary());
        assert!(refused.is_err_and(|error| error.detail().contains("second_look")));
    }
}
