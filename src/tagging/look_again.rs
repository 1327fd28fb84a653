//! The second look: a detector of objects, loaded when somebody asks for it, looks at pictures that have their first tags. What fails here
//! costs none of those.

use web_time::Instant;

use crate::error::{Error, ErrorKind, Result};
use crate::model::companion::CompanionReader;
use crate::picture::{Limits, Picture};
use crate::tagging::late_fusion::{Evidence, LateFusion};
use crate::tagging::load::load_objects;
use crate::tagging::object_detector::ObjectDetector;
use crate::tagging::tagger::{Decoded, Inference, Tagger, ms_since};
use crate::tags::candidate::Candidate;
use crate::tags::found_box::FoundBox;
use crate::tags::tagging::Tagging;

/// What the second look works with, once it is loaded.
pub(super) struct Objects {
    pub detector: ObjectDetector,
    pub fusion: LateFusion,
}

impl Tagger {
    /// Whether the card names a second look.
    pub fn has_second_look(&self) -> bool {
        self.card.second_look.is_some()
    }

    /// Whether [`Tagger::load_objects`] has loaded it.
    pub fn has_objects(&self) -> bool {
        self.objects.is_some()
    }

    /// Loads the detector of the card's second look through `read`, which maps a path relative to the card's folder to a file's content. If
    /// that fails, the tagger is as it was.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`] for a card without a second look, or a detector's that does not fit it;
    /// [`ErrorKind::ModelHashMismatch`], [`ErrorKind::ModelMismatch`], and those of [`TractBoxes::load`](crate::model::TractBoxes::load)
    /// and `read`.
    pub fn load_objects(&mut self, read: CompanionReader) -> Result<()> {
        let Some(second_look) = &self.card.second_look else {
            let detail = format!("The card of {:?} names no second look, so there is none to load.", self.card.id);
            return Err(Error::new(ErrorKind::CardInvalid, detail));
        };
        let component = self.component_of_detector(self.detectors.len());
        let detector = load_objects(second_look, &self.vocabulary, read)?;
        let fusion = LateFusion::new(&second_look.fusion, component, detector.tags(), &self.vocabulary)?;
        self.objects = Some(Objects { detector, fusion });
        Ok(())
    }

    /// Decodes a file for the second look, which may need more pixels than the first.
    ///
    /// # Errors
    /// Those of [`decode`](crate::picture::decode()), and [`ErrorKind::ModelMismatch`] if no objects are loaded.
    pub fn decode_again(&self, bytes: &[u8], limits: &Limits) -> Result<Decoded> {
        self.decode_for(self.objects()?.detector.wanted_side(), bytes, limits)
    }

    /// The second look at a file that was decoded by [`Tagger::decode_again`].
    ///
    /// # Errors
    /// Those of [`Tagger::look_again`].
    pub fn look_again_decoded(&self, decoded: &Decoded, first: &Tagging) -> Result<Tagging> {
        let mut second = self.look_again(&decoded.picture, first)?;
        second.timings.objects = second.timings.objects.map(|ms| ms + decoded.ms);
        Ok(second)
    }

    /// The second look at a decoded picture: `first`, with objects.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`]; [`ErrorKind::ScoresInvalid`] for a network that gives none, and for a `first` that is a second look
    /// already; [`ErrorKind::ModelMismatch`] if no objects are loaded.
    pub fn look_again(&self, picture: &Picture, first: &Tagging) -> Result<Tagging> {
        let component = self.component_of_detector(self.detectors.len());
        if first.candidates.iter().any(|one| one.component >= component) {
            let detail = "The picture had its second look. Look again with the result of the first.";
            return Err(Error::new(ErrorKind::ScoresInvalid, detail));
        }
        let start = Instant::now();
        // Nothing is in a blank picture, whatever networks say.
        let (candidates, boxes) = if picture.is_blank() {
            (first.candidates.clone(), first.boxes.clone())
        } else {
            self.find_objects(picture, &first.candidates, &first.boxes)?
        };
        let mut timings = first.timings;
        timings.objects = Some(ms_since(start));
        Ok(Tagging { facts: first.facts.clone(), candidates, boxes, timings })
    }

    /// The candidates and boxes of the first look, with objects.
    pub(super) fn find_objects(
        &self,
        picture: &Picture,
        candidates: &[Candidate],
        faces: &[FoundBox],
    ) -> Result<(Vec<Candidate>, Vec<FoundBox>)> {
        let Objects { detector, fusion } = self.objects()?;
        let found = detector.find(picture)?;
        let people = self.detectors.first().map(|faces| faces.people());
        let evidence = Evidence { candidates, faces, found: &found, overlap: detector.overlap(), people };
        Ok(fusion.fuse(evidence, &self.vocabulary))
    }

    /// The second look at a file that was decoded for the first, if objects are loaded.
    pub(super) fn look_again_at(
        &self,
        bytes: &[u8],
        decoded: &Decoded,
        limits: &Limits,
        first: &mut Inference,
    ) -> Result<()> {
        let Some(Objects { detector, .. }) = &self.objects else { return Ok(()) };
        let Inference { facts, candidates, boxes, timings, .. } = first.clone();
        let tagging = Tagging { facts, candidates, boxes, timings };
        let second = if decoded.picture.is_enough_for(detector.wanted_side()) {
            self.look_again(&decoded.picture, &tagging)?
        } else {
            self.look_again_decoded(&self.decode_again(bytes, limits)?, &tagging)?
        };
        (first.candidates, first.boxes, first.timings) = (second.candidates, second.boxes, second.timings);
        Ok(())
    }

    fn objects(&self) -> Result<&Objects> {
        self.objects.as_ref().ok_or_else(|| {
            let detail = format!(
                "The model {:?} has no detector of objects loaded. Load it before looking again.",
                self.card.id
            );
            Error::new(ErrorKind::ModelMismatch, detail)
        })
    }
}
