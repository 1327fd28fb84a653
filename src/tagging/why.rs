//! Explains a tag: finds the component that predicted it, and where in the picture it was seen.

use crate::error::{Error, ErrorKind, Result};
use crate::model::runtime::{Outputs, WantedOutputs};
use crate::model::vocabulary::TagIdx;
use crate::picture::{Limits, Picture, resize};
use crate::tagging::explain::{self, Explanation};
use crate::tagging::head::TagHead;
use crate::tagging::tagger::{Fused, TagOptions, Tagger};
use crate::tags::candidate::CLASSES;
use crate::tags::found_box::TagBoxes;
use crate::tags::tagging::Timings;

impl Tagger {
    /// Where in a file's picture the model saw `tag` (an id of the vocabulary), whether or not the policy shows it.
    ///
    /// # Errors
    /// Those of [`Tagger::decode`] and [`Tagger::explain`].
    pub fn explain_file(&self, bytes: &[u8], tag: &str, limits: &Limits) -> Result<Explanation> {
        let options = TagOptions { limits: *limits, ..TagOptions::default() };
        self.explain(&self.decode(bytes, &options)?.picture, tag)
    }

    /// Where in a decoded picture the model saw `tag`.
    ///
    /// # Errors
    /// [`ErrorKind::ExplanationUnavailable`] if the model does not have the tag, or its network cannot be explained;
    /// [`ErrorKind::InferenceFailed`] and [`ErrorKind::ScoresInvalid`].
    pub fn explain(&self, picture: &Picture, tag: &str) -> Result<Explanation> {
        let unknown = || {
            Error::new(
                ErrorKind::ExplanationUnavailable,
                format!("The model {:?} cannot recognise {tag:?}, so there is nothing to explain.", self.card.id),
            )
        };
        let idx = self.vocabulary.idx(tag).ok_or_else(unknown)?;
        let spec = &self.card.input;
        let outputs = self.runtime.run(&resize::to_tensor(picture, spec), WantedOutputs::Explanation)?;
        let faces = self.find_faces(picture, &mut Timings::default())?;
        let without_map = Outputs { feature_map: None, ..outputs.clone() };
        let Fused { mut candidates, mut boxes, .. } = self.fuse(without_map, &faces)?;
        if self.has_objects() {
            (candidates, boxes) = self.find_objects(picture, &candidates, &boxes)?;
        }
        let candidate = candidates.into_iter().find(|one| one.tag == idx);
        // A tag that is not a candidate is explained by the first component that knows it.
        let classes = self.vocabulary.leaf_classes(idx);
        let component = candidate.map_or(CLASSES, |candidate| candidate.component);
        let region = resize::region_seen(picture.full_width(), picture.full_height(), spec);
        let head = self.heads.iter().enumerate().find_map(|(nth, head)| {
            let is_meant = usize::from(component) == nth + 1 || (classes.is_empty() && component == CLASSES);
            self.direction(head, idx).filter(|_| is_meant)
        });
        if let Some(direction) = head {
            return explain::explain_direction(outputs, &direction, spec.layout, region);
        }
        match usize::from(component).checked_sub(1 + self.heads.len()) {
            Some(nth) if nth < faces.len() => {
                Ok(explain::explain_boxes(&faces[nth].iter().map(|face| face.region).collect::<Vec<_>>()))
            }
            Some(_) => {
                // A group is where its people are.
                let people = self.detectors.iter().map(|faces| faces.people());
                let counted = people.filter(|of| of.group.0 == idx || of.crowd.0 == idx).map(|of| of.person).next();
                let is_meant = |tag| tag == idx || Some(tag) == counted;
                Ok(explain::explain_boxes(&TagBoxes::of(is_meant, &boxes, &self.vocabulary).regions))
            }
            None if classes.is_empty() => Err(unknown()),
            None => explain::explain(&*self.runtime, outputs, classes, self.card.activation, spec.layout, region),
        }
    }

    /// Where in a file's picture a head of somebody's own saw a tag, by its direction in the embedding.
    ///
    /// # Errors
    /// Those of [`Tagger::decode`] and [`Tagger::explain_own`].
    pub fn explain_own_file(&self, bytes: &[u8], direction: &[f32], limits: &Limits) -> Result<Explanation> {
        let options = TagOptions { limits: *limits, ..TagOptions::default() };
        self.explain_own(&self.decode(bytes, &options)?.picture, direction)
    }

    /// [`Tagger::explain_own_file`] of a decoded picture.
    ///
    /// # Errors
    /// [`ErrorKind::ExplanationUnavailable`] if the direction is one of another network, or this one cannot be explained;
    /// [`ErrorKind::InferenceFailed`] and [`ErrorKind::ScoresInvalid`].
    pub fn explain_own(&self, picture: &Picture, direction: &[f32]) -> Result<Explanation> {
        let spec = &self.card.input;
        let outputs = self.runtime.run(&resize::to_tensor(picture, spec), WantedOutputs::Explanation)?;
        let n_features = outputs.embedding.as_ref().map_or(0, Vec::len);
        if direction.len() != n_features || !direction.iter().all(|weight| weight.is_finite()) {
            let detail = format!(
                "The tag was trained on embeddings of {} numbers, and the model {:?} has {n_features}. Train it again with this model.",
                direction.len(),
                self.card.id
            );
            return Err(Error::new(ErrorKind::ExplanationUnavailable, detail));
        }
        let region = resize::region_seen(picture.full_width(), picture.full_height(), spec);
        explain::explain_direction(outputs, direction, spec.layout, region)
    }

    /// The head's direction of a tag, or else of a descendant: a parent is at least as confident as its child.
    fn direction(&self, head: &TagHead, tag: TagIdx) -> Option<Vec<f32>> {
        head.direction(tag).or_else(|| {
            let below = |idx: &TagIdx| self.vocabulary.ancestors(*idx).contains(&tag);
            (0..self.vocabulary.tags().len() as TagIdx).filter(below).find_map(|idx| head.direction(idx))
        })
    }
}
