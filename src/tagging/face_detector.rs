//! The second network: finds faces, and predicts the tags "person", "portrait", "group" and "crowd" from them. It does not recognise
//! people, ages or genders.
//!
//! A single-shot detector with fixed anchors (BlazeFace, Bazarevsky et al., 2019), followed by non-maximum suppression.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Anchors, DetectorCard};
use crate::model::runtime::BoxRuntime;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::picture::Picture;
use crate::picture::resize;
use crate::tagging::calibration::{MAX_SUPPORT_LOGIT, logistic, logit};
use crate::tagging::explain::Explanation;

/// No face is portrayed alone if another is at least this fraction of its size.
const RIVAL_SIZE: f32 = 0.5;
/// Boxes that are compared with each other: the surest. No picture has as many faces.
const MAX_BOXES: usize = 2_000;
/// Cells per side of an explanation.
const MAP_SIDE: usize = 28;

/// A face detector, loaded and ready.
pub struct FaceDetector {
    card: DetectorCard,
    runtime: Box<dyn BoxRuntime>,
    anchors: Vec<[f32; 2]>,
    tags: FaceTagIdx,
}

/// The positions of the face tags in the vocabulary.
#[derive(Debug, Clone, Copy)]
struct FaceTagIdx {
    person: TagIdx,
    portrait: TagIdx,
    group: TagIdx,
    crowd: TagIdx,
}

/// A face in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Left, top, width and height, as fractions of the upright picture's sides. May extend beyond the picture.
    pub region: [f32; 4],
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
        let named = |id: &str| {
            vocabulary.idx(id).ok_or_else(|| {
                Error::new(
                    ErrorKind::CardInvalid,
                    format!("The vocabulary has no tag {id:?}, which the detector {:?} needs.", card.id),
                )
            })
        };
        let tags = FaceTagIdx {
            person: named("person")?,
            portrait: named("portrait")?,
            group: named("group")?,
            crowd: named("crowd")?,
        };
        if let Some(against) = &card.tags.person.against {
            named(&against.tag)?;
        }
        let anchors = anchors(&card.anchors, card.input.width, card.input.height);
        if runtime.n_rows() != anchors.len() {
            return Err(Error::new(
                ErrorKind::ModelMismatch,
                format!(
                    "The detector's network has {} rows, but its card gives {} anchors. Correct the card.",
                    runtime.n_rows(),
                    anchors.len()
                ),
            ));
        }
        Ok(Self { card, runtime, anchors, tags })
    }

    pub fn card(&self) -> &DetectorCard {
        &self.card
    }

    /// The faces of a picture, the surest first.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`], and [`ErrorKind::ScoresInvalid`] for values that are not finite.
    pub fn find(&self, picture: &Picture) -> Result<Vec<Face>> {
        let input = &self.card.input;
        let (scores, boxes) = self.runtime.run(&resize::to_tensor(picture, input))?;
        if !scores.iter().chain(&boxes).all(|value| value.is_finite()) {
            return Err(Error::new(ErrorKind::ScoresInvalid, "The face detector returned values that are not finite."));
        }
        let n_values = boxes.len() / self.anchors.len();
        let [left, top, width, height] = resize::region_seen(picture.full_width(), picture.full_height(), input);
        let (full_width, full_height) = (picture.full_width() as f32, picture.full_height() as f32);
        let least = logit(self.card.least_score);
        let rows = scores.iter().zip(boxes.chunks_exact(n_values)).zip(&self.anchors);
        let mut faces: Vec<Face> = rows
            .filter(|((z, _), _)| **z >= least)
            .map(|((&z, values), anchor)| {
                let side = [input.width as f32, input.height as f32];
                let centre = [values[0] / side[0] + anchor[0], values[1] / side[1] + anchor[1]];
                let size = [values[2] / side[0], values[3] / side[1]];
                let region = [
                    left + (centre[0] - size[0] / 2.0) * width,
                    top + (centre[1] - size[1] / 2.0) * height,
                    size[0] * width,
                    size[1] * height,
                ];
                let longer = (region[2] * full_width).max(region[3] * full_height);
                Face { region, z, size: longer / full_width.min(full_height) }
            })
            .filter(|face| face.region[2] > 0.0 && face.region[3] > 0.0)
            .collect();
        self.suppress_overlaps(&mut faces);
        Ok(faces)
    }

    /// Sorts `faces` by confidence and applies non-maximum suppression.
    pub fn suppress_overlaps(&self, faces: &mut Vec<Face>) {
        faces.sort_by(|a, b| b.z.total_cmp(&a.z));
        faces.truncate(MAX_BOXES);
        *faces = non_max_suppression(std::mem::take(faces), self.card.overlap);
    }

    /// The predictions from `faces` (the surest first). `score_of` maps the id of a tag to its score from the classes, `logit_of` the ids
    /// of a head and a tag to the head's logit, if it has one.
    pub fn predict(
        &self,
        faces: &[Face],
        score_of: impl Fn(&str) -> f32,
        logit_of: impl Fn(&str, &str) -> Option<f32>,
    ) -> Vec<FacePrediction> {
        let person = &self.card.tags.person;
        let against = person.against.as_ref().map_or(0.0, |against| against.weight * logit(score_of(&against.tag)));
        let support = person.support.as_ref().and_then(|support| {
            let z = logit_of(&support.head, &support.tag)?;
            Some(support.weight * z.clamp(-MAX_SUPPORT_LOGIT, MAX_SUPPORT_LOGIT))
        });
        let offset = person.intercept + against + support.unwrap_or(0.0);
        let prediction = |tag: TagIdx, face: &Face| FacePrediction {
            tag,
            score: logistic(face.z),
            confidence: logistic(person.slope * face.z + offset),
        };
        let FaceTagIdx { person, portrait, group, crowd } = self.tags;
        let nth = |tag: TagIdx, n: usize| faces.get(n - 1).map(|face| prediction(tag, face));
        let portrayed = faces.iter().max_by(|a, b| a.size.total_cmp(&b.size)).filter(|largest| {
            let n_rivals = faces.iter().filter(|face| face.size >= RIVAL_SIZE * largest.size).count();
            largest.size >= self.card.tags.portrait.least_size && n_rivals == 1
        });
        [
            nth(person, 1),
            portrayed.map(|face| prediction(portrait, face)),
            nth(group, self.card.tags.group.faces),
            nth(crowd, self.card.tags.crowd.faces),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// A heat map of the whole picture: 1 inside the box of a face, 0 elsewhere.
    pub fn explain(faces: &[Face]) -> Explanation {
        let is_inside = |x: usize, y: usize| {
            let at = [x, y].map(|cell| (cell as f32 + 0.5) / MAP_SIDE as f32);
            faces.iter().any(|face| {
                let [left, top, width, height] = face.region;
                (left..left + width).contains(&at[0]) && (top..top + height).contains(&at[1])
            })
        };
        let heat =
            (0..MAP_SIDE * MAP_SIDE).map(|cell| f32::from(u8::from(is_inside(cell % MAP_SIDE, cell / MAP_SIDE))));
        Explanation { width: MAP_SIDE, height: MAP_SIDE, heat: heat.collect(), region: [0.0, 0.0, 1.0, 1.0] }
    }
}

/// Centres of the anchors, as fractions of the input.
fn anchors(spec: &Anchors, width: u32, height: u32) -> Vec<[f32; 2]> {
    let mut all = Vec::new();
    for alike in spec.strides.chunk_by(|a, b| a == b) {
        let (columns, rows) = (width.div_ceil(alike[0]), height.div_ceil(alike[0]));
        let at = |cell: u32, cells: u32| (cell as f32 + spec.offset) / cells as f32;
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            all.extend(std::iter::repeat_n([at(column, columns), at(row, rows)], alike.len()));
        }
    }
    all
}

/// Drops the boxes that overlap a surer one. `faces`: the surest first.
fn non_max_suppression(faces: Vec<Face>, overlap: f32) -> Vec<Face> {
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|other| intersection_over_union(face.region, other.region) <= overlap) {
            kept.push(face);
        }
    }
    kept
}

/// The area that two boxes share, divided by the area of their union.
fn intersection_over_union(a: [f32; 4], b: [f32; 4]) -> f32 {
    let side = |axis: usize| (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]) - a[axis].max(b[axis]);
    let both = side(0).max(0.0) * side(1).max(0.0);
    both / (a[2] * a[3] + b[2] * b[3] - both)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network with the same output for every picture.
    struct Fixed {
        scores: Vec<f32>,
        boxes: Vec<f32>,
    }

    impl BoxRuntime for Fixed {
        fn n_rows(&self) -> usize {
            self.scores.len()
        }

        fn run(&self, _: &[f32]) -> Result<(Vec<f32>, Vec<f32>)> {
            Ok((self.scores.clone(), self.boxes.clone()))
        }
    }

    fn card() -> DetectorCard {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/blazeface-short/model.json");
        DetectorCard::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

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
        let n = anchors(&card().anchors, 128, 128).len();
        let mut fixed = Fixed { scores: vec![-10.0; n], boxes: vec![0.0; n * 16] };
        for &(row, z, values) in found {
            fixed.scores[row] = z;
            fixed.boxes[row * 16..][..4].copy_from_slice(&values);
        }
        FaceDetector::new(card(), Box::new(fixed), &vocabulary()).unwrap()
    }

    fn picture(width: u32, height: u32) -> Picture {
        let grey = vec![128; (width * height * 4) as usize];
        Picture::from_rgba(width, height, &grey, &crate::picture::Limits::default()).unwrap()
    }

    fn predicted(detector: &FaceDetector, faces: &[Face], animal: f32) -> Vec<(String, f32)> {
        let vocabulary = vocabulary();
        let predictions = detector.predict(faces, |_| animal, |_, _| None);
        predictions.into_iter().map(|one| (vocabulary.tag(one.tag).id.clone(), one.confidence)).collect()
    }

    fn face(z: f32, size: f32) -> Face {
        Face { region: [0.0, 0.0, size, size], z, size }
    }

    #[test]
    fn anchors_are_centred_in_their_cells_and_equal_strides_share_a_grid() {
        let all = anchors(&Anchors { strides: vec![8, 8, 16, 16, 16, 16, 16, 16], offset: 0.5 }, 128, 128);
        assert_eq!(all.len(), 896);
        assert_eq!((all[0], all[1], all[2]), ([4.0 / 128.0; 2], [4.0 / 128.0; 2], [12.0 / 128.0, 4.0 / 128.0]));
        assert_eq!((all[512], all[895]), ([8.0 / 128.0; 2], [120.0 / 128.0; 2]));
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
        let few = Fixed { scores: vec![0.0; 3], boxes: vec![0.0; 48] };
        assert!(
            FaceDetector::new(card(), Box::new(few), &vocabulary())
                .is_err_and(|error| error.kind() == ErrorKind::ModelMismatch)
        );
        let lost = Fixed { scores: vec![f32::NAN; 896], boxes: vec![0.0; 896 * 16] };
        let detector = FaceDetector::new(card(), Box::new(lost), &vocabulary()).unwrap();
        assert_eq!(detector.find(&picture(9, 9)).unwrap_err().kind(), ErrorKind::ScoresInvalid);
    }

    #[test]
    fn an_explanation_is_hot_inside_the_faces() {
        let seen = FaceDetector::explain(&[Face { region: [0.5, 0.0, 0.5, 0.5], z: 1.0, size: 0.5 }]);
        let at = |x: usize, y: usize| seen.heat[y * seen.width + x];
        assert_eq!((at(0, 0), at(MAP_SIDE - 1, 0), at(MAP_SIDE - 1, MAP_SIDE - 1)), (0.0, 1.0, 0.0));
    }
}
