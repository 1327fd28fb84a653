//! Single-shot detectors: a network with fixed anchors gives a box and scores for each, and non-maximum suppression keeps one box per
//! thing. Finds boxes of classes; what they mean is said by `face_detector` and `object_detector`.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Anchors, DetectorCard};
use crate::model::runtime::BoxRuntime;
use crate::model::vocabulary::TagIdx;
use crate::picture::{Picture, resize};
use crate::tagging::calibration::logit;
use crate::tags::found_box::{Region, intersection_over_union};

/// Boxes that are compared with each other: the surest. No picture has as many things.
const MAX_BOXES: usize = 2_000;
/// Boxes that are kept.
const MAX_FOUND: usize = 300;

/// A detector's network, loaded and ready.
pub struct SingleShot {
    card: DetectorCard,
    runtime: Box<dyn BoxRuntime>,
    /// Centres, as fractions of the input.
    anchors: Vec<[f32; 2]>,
}

/// One box of one class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detection {
    /// The class's tag.
    pub tag: TagIdx,
    /// Logit of the network's score.
    pub z: f32,
    pub region: Region,
}

impl SingleShot {
    /// # Errors
    /// [`ErrorKind::ModelMismatch`] if the network does not have one row per anchor.
    pub fn new(card: DetectorCard, runtime: Box<dyn BoxRuntime>) -> Result<Self> {
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
        Ok(Self { card, runtime, anchors })
    }

    pub fn card(&self) -> &DetectorCard {
        &self.card
    }

    /// The boxes in a picture, the surest first; of each tag none that overlaps a surer one. `tags`: one per class of the card.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`], and [`ErrorKind::ScoresInvalid`] for values that are not finite.
    pub fn find(&self, picture: &Picture, tags: &[TagIdx]) -> Result<Vec<Detection>> {
        let input = &self.card.input;
        let (scores, boxes) = self.runtime.run(&resize::to_tensor(picture, input))?;
        if !scores.iter().chain(&boxes).all(|value| value.is_finite()) {
            let detail = format!("The detector {:?} returned values that are not finite.", self.card.id);
            return Err(Error::new(ErrorKind::ScoresInvalid, detail));
        }
        let least = logit(self.card.least_score);
        let rows = scores.chunks_exact(tags.len()).enumerate();
        let scored = rows.flat_map(|(row, scores)| scores.iter().zip(tags).map(move |(&z, &tag)| (z, row, tag)));
        let mut surest: Vec<(f32, usize, TagIdx)> = scored.filter(|(z, ..)| *z >= least).collect();
        surest.sort_by(|a, b| b.0.total_cmp(&a.0));
        surest.truncate(MAX_BOXES);

        let n_values = boxes.len() / self.anchors.len();
        let side = [input.width as f32, input.height as f32];
        let [left, top, width, height] = resize::region_seen(picture.full_width(), picture.full_height(), input);
        let region = |row: usize| {
            let (values, anchor) = (&boxes[row * n_values..][..4], self.anchors[row]);
            let centre = [values[0] / side[0] + anchor[0], values[1] / side[1] + anchor[1]];
            let size = [values[2] / side[0], values[3] / side[1]];
            [
                left + (centre[0] - size[0] / 2.0) * width,
                top + (centre[1] - size[1] / 2.0) * height,
                size[0] * width,
                size[1] * height,
            ]
        };
        let found = surest.into_iter().map(|(z, row, tag)| Detection { tag, z, region: region(row) });
        let has_area = |one: &Detection| {
            one.region[2] > 0.0 && one.region[3] > 0.0 && one.region.iter().all(|side| side.is_finite())
        };
        Ok(non_max_suppression(found.filter(has_area), self.card.overlap))
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

/// Drops the boxes that overlap a surer one of their tag. `found`: the surest first.
fn non_max_suppression(found: impl Iterator<Item = Detection>, overlap: f32) -> Vec<Detection> {
    let mut kept: Vec<Detection> = Vec::new();
    for one in found {
        let is_apart =
            |other: &Detection| other.tag != one.tag || intersection_over_union(one.region, other.region) <= overlap;
        if kept.iter().all(is_apart) {
            kept.push(one);
            if kept.len() == MAX_FOUND {
                break;
            }
        }
    }
    kept
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::card::InputSpec;

    /// A network with the same output for every picture.
    pub struct Fixed {
        pub scores: Vec<f32>,
        pub boxes: Vec<f32>,
        pub n_rows: usize,
    }

    impl BoxRuntime for Fixed {
        fn n_rows(&self) -> usize {
            self.n_rows
        }

        fn run(&self, _: &[f32]) -> Result<(Vec<f32>, Vec<f32>)> {
            Ok((self.scores.clone(), self.boxes.clone()))
        }
    }

    /// The card of a shipped detector.
    pub fn card(id: &str) -> DetectorCard {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(id).join("model.json");
        DetectorCard::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// A detector of two classes with four anchors, at the quarters of an input of 16 × 16; its bars are black. `found`: row, class, logit
    /// and box.
    pub fn tiny(found: &[(usize, usize, f32, [f32; 4])]) -> SingleShot {
        let card = card("nanodet-g");
        let input = InputSpec { width: 16, height: 16, ..card.input.clone() };
        let anchors = Anchors { strides: vec![8], offset: 0.5 };
        let classes = Some(vec!["cat".into(), "person".into()]);
        let (mut scores, mut boxes) = (vec![-9.0; 8], vec![0.0; 16]);
        for &(row, class, z, values) in found {
            scores[2 * row + class] = z;
            boxes[4 * row..][..4].copy_from_slice(&values);
        }
        let runtime = Fixed { scores, boxes, n_rows: 4 };
        SingleShot::new(DetectorCard { input, anchors, classes, ..card }, Box::new(runtime)).unwrap()
    }

    pub fn picture(width: u32, height: u32) -> Picture {
        Picture::from_rgb(width, height, vec![128; (width * height * 3) as usize])
    }

    #[test]
    fn anchors_are_centred_in_their_cells_and_equal_strides_share_a_grid() {
        let all = anchors(&Anchors { strides: vec![8, 8, 16, 16, 16, 16, 16, 16], offset: 0.5 }, 128, 128);
        assert_eq!(all.len(), 896);
        assert_eq!((all[0], all[1], all[2]), ([4.0 / 128.0; 2], [4.0 / 128.0; 2], [12.0 / 128.0, 4.0 / 128.0]));
        assert_eq!((all[512], all[895]), ([8.0 / 128.0; 2], [120.0 / 128.0; 2]));
    }

    #[test]
    fn each_class_has_its_own_boxes_and_only_those_of_one_tag_suppress_each_other() {
        let square = [0.0, 0.0, 8.0, 8.0];
        // The second row's box lies where the first one's does.
        let moved = [-8.0, 0.0, 8.0, 8.0];
        let detector = tiny(&[(0, 0, 2.0, square), (1, 0, 1.0, moved), (1, 1, 3.0, moved), (3, 0, -8.0, square)]);
        let all = detector.find(&picture(20, 20), &[7, 9]).unwrap();
        let found: Vec<_> = all.iter().map(|one| (one.tag, one.z)).collect();
        assert_eq!(found, [(9, 3.0), (7, 2.0)], "the second cat is the first, and the last is below the least score");
        assert_eq!((all[0].region, all[1].region), ([0.0, 0.0, 0.5, 0.5], [0.0, 0.0, 0.5, 0.5]));
        assert_eq!(detector.find(&picture(20, 20), &[7, 7]).unwrap().len(), 1, "two classes may share a tag");
    }

    #[test]
    fn boxes_are_of_the_picture_inside_the_letterbox_also_of_a_panorama() {
        // The third anchor's box, its whole cell: the picture of 4:1 fills the rows from 6 to 10 of 16.
        let detector = tiny(&[(2, 0, 2.0, [0.0, 0.0, 8.0, 8.0])]);
        assert_eq!(detector.find(&picture(40, 10), &[0, 1]).unwrap()[0].region, [0.0, 0.5, 0.5, 2.0]);
        assert_eq!(detector.find(&picture(10, 40), &[0, 1]).unwrap()[0].region, [-1.5, 0.5, 2.0, 0.5]);
    }

    #[test]
    fn values_that_are_not_finite_are_refused_and_boxes_without_an_area_are_dropped() {
        let lost = tiny(&[(0, 0, f32::NAN, [0.0; 4])]).find(&picture(9, 9), &[0, 1]).unwrap_err();
        assert_eq!(lost.kind(), ErrorKind::ScoresInvalid);
        for size in [[0.0, 8.0], [-1.0, 8.0], [f32::MAX, 8.0]] {
            let found =
                tiny(&[(0, 0, 2.0, [-f32::MAX, 0.0, size[0], size[1]])]).find(&picture(1, 900), &[0, 1]).unwrap();
            assert_eq!(found, [], "{size:?}");
        }
    }
}
