//! The second look that a classifier's card names: a detector of objects, and how what it finds is fused with the first look.

use serde::{Deserialize, Serialize};

use super::texts::check_values;
use super::{check_digits, check_id, invalid};
use crate::error::Result;
use crate::model::companion::CompanionFile;

/// Maximum number of tags whose descendants rival each other.
const MAX_RIVALS: usize = 64;

/// A detector of objects that is loaded when somebody asks for it, and looks at pictures that have their first tags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondLook {
    /// `../ID/model.json`, a [`DetectorCard`](super::DetectorCard) with `classes`, and its network beside it.
    pub detector: CompanionFile,
    pub fusion: ObjectFusion,
}

/// How boxes and the first look's candidates become one confidence per tag, fitted on pictures with all objects labelled
/// (`models/tools/fit`).
///
/// A box of tag t has the confidence 1 / (1 + e^−x) with x = slope · z + intercept + support · f + overlapped · o + against · v. z is its
/// logit; f is the logit of the first look's confidence in t; o is the highest score of a box of another tag that overlaps it; v is the
/// highest confidence of the first look's classes in a rival of t. The confidence in t is that of its box with the highest z.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectFusion {
    /// Above 0.
    pub slope: f32,
    pub intercept: f32,
    /// At least 0.
    pub support: f32,
    /// At most 0: one thing is of one class.
    pub overlapped: f32,
    /// At most 0: a fox is no dog.
    pub against: f32,
    /// Times how much surer the detector is of a rival than of the tag's kin, and than an even chance, added to the logit of a tag of the
    /// classes: no corgi where a cat is. At most 0.
    pub conflict: f32,
    /// Times 1 − the detector's confidence in the tag's kin, added to the logit of a tag that the detector knows and does not see. At most 0.
    pub unseen: f32,
    /// Ids of tags, such as "animal". Two tags at or below one of them are rivals unless one is the other's ancestor.
    pub rivals: Vec<String>,
    /// A box with at least this confidence counts, 0–1.
    pub count_at: f32,
}

impl SecondLook {
    pub(super) fn validate(&self) -> Result<()> {
        check_id("second_look.detector", &self.detector.id)?;
        check_digits("second_look.detector", &self.detector.sha256)?;
        let ObjectFusion { slope, intercept, support, overlapped, against, conflict, unseen, rivals, count_at } =
            &self.fusion;
        let is_finite = [slope, intercept, support].iter().all(|value| value.is_finite());
        let lowers = [overlapped, against, conflict, unseen].iter().all(|value| value.is_finite() && **value <= 0.0);
        if !is_finite || *slope <= 0.0 || *support < 0.0 || !lowers {
            return Err(invalid(
                "The card's second_look.fusion needs a slope above 0, a support of at least 0, and overlapped, against, conflict and unseen of at most 0."
                    .into(),
            ));
        }
        if !(0.0..=1.0).contains(count_at) {
            return Err(invalid("The card's second_look.fusion.count_at must be from 0 to 1.".into()));
        }
        if rivals.len() > MAX_RIVALS {
            return Err(invalid(format!("The card's second_look.fusion.rivals may name {MAX_RIVALS} tags.")));
        }
        check_values(rivals)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn weights_of_the_wrong_sign_and_ids_that_are_none_are_refused() {
        let sound = json!({
            "detector": {"id": "nanodet-g", "sha256": "0".repeat(64)},
            "fusion": {"slope": 2, "intercept": 3, "support": 0.4, "overlapped": -2, "against": -1, "conflict": -2, "unseen": -2,
                "rivals": ["animal"], "count_at": 0.5},
        });
        let checked = |value: Value| serde_json::from_value::<SecondLook>(value).unwrap().validate();
        assert!(checked(sound.clone()).is_ok());
        let wrong = [
            ("/detector/id", json!("../etc")),
            ("/detector/sha256", json!("0")),
            ("/fusion/slope", json!(0)),
            ("/fusion/support", json!(-0.1)),
            ("/fusion/overlapped", json!(0.1)),
            ("/fusion/against", json!(0.1)),
            ("/fusion/conflict", json!(0.1)),
            ("/fusion/unseen", json!(0.1)),
            ("/fusion/intercept", json!(1e39)),
            ("/fusion/count_at", json!(1.1)),
            ("/fusion/rivals", json!(vec!["animal"; 65])),
        ];
        for (pointer, value) in wrong {
            let mut card = sound.clone();
            *card.pointer_mut(pointer).unwrap() = value.clone();
            assert!(checked(card).is_err(), "{pointer}: {value}");
        }
    }
}
