//! The second look's network: finds objects of its classes anywhere in a picture, and puts a box around each.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::DetectorCard;
use crate::model::runtime::BoxRuntime;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::picture::Picture;
use crate::tagging::single_shot::{Detection, SingleShot};

/// A detector of objects, loaded and ready.
pub struct ObjectDetector {
    network: SingleShot,
    /// Of each class.
    tags: Vec<TagIdx>,
}

impl ObjectDetector {
    /// # Errors
    /// [`ErrorKind::CardInvalid`] for a card without classes, or with one that the vocabulary does not have;
    /// [`ErrorKind::ModelMismatch`] if the network does not have one row per anchor.
    pub fn new(card: DetectorCard, runtime: Box<dyn BoxRuntime>, vocabulary: &Vocabulary) -> Result<Self> {
        let invalid = |detail: String| Error::new(ErrorKind::CardInvalid, detail);
        let classes = card.classes.as_ref().ok_or_else(|| {
            invalid(format!("The detector {:?} finds faces, not objects. Name it among the card's detectors.", card.id))
        })?;
        let named = |id: &String| {
            vocabulary.idx(id).ok_or_else(|| {
                invalid(format!(
                    "The detector {:?} finds {id:?}, which is not in the vocabulary. Correct its classes.",
                    card.id
                ))
            })
        };
        let tags = classes.iter().map(named).collect::<Result<_>>()?;
        Ok(Self { network: SingleShot::new(card, runtime)?, tags })
    }

    /// As [`InputSpec::wanted_side`](crate::model::InputSpec::wanted_side).
    pub fn wanted_side(&self) -> u32 {
        self.network.card().input.wanted_side()
    }

    /// The tag of each class.
    pub fn tags(&self) -> &[TagIdx] {
        &self.tags
    }

    /// Two boxes overlap if their intersection over union is larger.
    pub fn overlap(&self) -> f32 {
        self.network.card().overlap
    }

    /// The objects in a picture, the surest first, with the part of each box that is inside the picture.
    ///
    /// # Errors
    /// Those of [`SingleShot::find`].
    pub fn find(&self, picture: &Picture) -> Result<Vec<Detection>> {
        let mut found = self.network.find(picture, &self.tags)?;
        for Detection { region: [left, top, width, height], .. } in &mut found {
            for (start, len) in [(left, width), (top, height)] {
                let end = (*start + *len).clamp(0.0, 1.0);
                *start = start.clamp(0.0, 1.0);
                *len = end - *start;
            }
        }
        found.retain(|one| one.region[2] > 0.0 && one.region[3] > 0.0);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagging::single_shot::tests::{Fixed, card, picture, tiny};

    fn vocabulary(ids: &[&str]) -> Vocabulary {
        let tags: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}","names":{{"en":"{id}"}}}}"#)).collect();
        let json = format!(r#"{{"version":1,"languages":["en"],"tags":[{}],"classes":["cat"]}}"#, tags.join(","));
        Vocabulary::parse(&json).unwrap()
    }

    #[test]
    fn boxes_end_at_the_edges_of_the_picture_and_those_in_the_bars_are_none() {
        // The picture of 2:1 fills the rows from 4 to 12; the first box begins above it, the second ends above it.
        let whole = [-4.0, 0.0, 16.0, 8.0];
        let network = tiny(&[(0, 0, 2.0, whole), (1, 1, 1.0, [0.0, -4.0, 8.0, 4.0])]);
        let found = ObjectDetector { network, tags: vec![0, 1] }.find(&picture(20, 10)).unwrap();
        assert_eq!(found.iter().map(|one| one.region).collect::<Vec<_>>(), [[0.0, 0.0, 0.5, 0.5]]);
    }

    #[test]
    fn a_card_that_finds_no_objects_or_unknown_ones_is_refused_with_the_reason() {
        let refusal = |card: DetectorCard, ids: &[&str]| {
            let runtime = Fixed { scores: vec![], boxes: vec![], n_rows: 3549 };
            let refused = ObjectDetector::new(card, Box::new(runtime), &vocabulary(ids)).err().unwrap();
            assert_eq!(refused.kind(), ErrorKind::CardInvalid);
            refused.detail().to_owned()
        };
        assert!(refusal(card("blazeface-short"), &["cat"]).contains("faces"));
        assert!(refusal(card("nanodet-g"), &["cat", "person"]).contains("\"bicycle\""));
    }
}
