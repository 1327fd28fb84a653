//! The crate's facade: a loaded model that tags pictures.

use std::path::Path;
use std::sync::Arc;

use web_time::Instant;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{ModelCard, sha256};
use crate::model::companion::{CompanionReader, read_from_dir, read_text};
use crate::model::runtime::external::{self, external_files, with_external_data};
use crate::model::runtime::{Outputs, Runtime, TractRuntime, WantedOutputs};
use crate::model::vocabulary::Vocabulary;
use crate::picture::decode;
use crate::picture::format::PictureFormat;
use crate::picture::resize;
use crate::picture::taken::taken_ms;
use crate::picture::{Limits, Picture};
use crate::tagging::complement::with_every_class;
use crate::tagging::face_detector::{Face, FaceDetector, FacePrediction};
use crate::tagging::fusion::{Fusion, Predictions};
use crate::tagging::head::{HeadPrediction, TagHead};
use crate::tagging::load::{load_detectors, load_heads};
use crate::tagging::look_again::Objects;
use crate::tagging::scores::{self, activate};
use crate::tags::candidate::{Candidate, ComponentIdx};
use crate::tags::corrections::ResolvedCorrections;
use crate::tags::found_box::{FoundBox, counted};
use crate::tags::policy::Policy;
use crate::tags::select::Selector;
use crate::tags::tag::Tag;
use crate::tags::tagging::{PictureFacts, Timings};

/// A face with at least this confidence counts as a person, where no second look says otherwise.
const COUNT_AT: f32 = 0.5;

/// A loaded model that tags pictures. Can be shared between threads.
pub struct Tagger {
    pub(super) card: ModelCard,
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) runtime: Box<dyn Runtime>,
    pub(super) heads: Vec<TagHead>,
    pub(super) detectors: Vec<FaceDetector>,
    fusion: Fusion,
    pub(super) objects: Option<Objects>,
}

/// How to tag a picture.
#[derive(Debug, Clone, Default)]
pub struct TagOptions {
    /// Which tags are shown; `None` is the model's own policy.
    pub policy: Option<Policy>,
    /// The largest file and picture that are decoded.
    pub limits: Limits,
}

/// A tagged picture.
#[derive(Debug)]
pub struct TaggedPicture {
    /// The tags that the policy shows, the surest first.
    pub tags: Vec<Tag>,
    /// Everything before the policy: it goes into [`Tagger::select`].
    pub inference: Inference,
    /// The decoded picture, for a thumbnail; a JPEG may be decoded at a reduced scale.
    pub picture: Picture,
    /// Why there was no second look although objects are loaded: then the tags are those of the first.
    pub objects_failed: Option<Error>,
}

/// The model's result for one picture, before any policy.
#[derive(Debug, Clone)]
pub struct Inference {
    pub facts: PictureFacts,
    /// One score in [0, 1] per class.
    pub scores: Vec<f32>,
    /// Every tag that some policy could show, the surest first. None for a [blank](Picture::is_blank) picture: the scores of such a one mean
    /// nothing.
    pub candidates: Vec<Candidate>,
    /// What the detectors found, and where.
    pub boxes: Vec<FoundBox>,
    /// The vector before the last layer, where the model has one.
    pub embedding: Option<Vec<f32>>,
    pub timings: Timings,
}

/// The result of fusion.
pub(super) struct Fused {
    scores: Vec<f32>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) boxes: Vec<FoundBox>,
    embedding: Option<Vec<f32>>,
}

/// A decoded file.
pub struct Decoded {
    /// Upright; a JPEG may be decoded at a reduced scale.
    pub picture: Picture,
    format: PictureFormat,
    taken_ms: Option<i64>,
    /// Duration of decoding in milliseconds.
    pub(super) ms: f64,
}

impl Tagger {
    /// Loads the model in a folder: `model.json` and the files it names.
    ///
    /// # Errors
    /// [`ErrorKind::FileUnreadable`], and those of [`Tagger::load`].
    pub fn from_dir(dir: impl AsRef<Path>) -> Result<Self> {
        Self::from_reader(&|path, most| read_from_dir(dir.as_ref(), path, most))
    }

    /// Loads a model through `read`, which maps a path relative to the card's folder to a file's content; the card is `model.json`. Of the
    /// network no more is read than the card says.
    ///
    /// # Errors
    /// Those of `read` and of [`Tagger::load`].
    pub fn from_reader(read: CompanionReader) -> Result<Self> {
        let json = read_text(read, "model.json")?;
        let card = ModelCard::parse(&json)?;
        let vocabulary = read_text(read, &card.vocabulary.file)?;
        Self::load(&json, &vocabulary, &read(&card.model.file, card.model.bytes)?, read)
    }

    /// Loads a model from its card and vocabulary (JSON), its ONNX file, and its companion files: those that the card names, and those
    /// beside the ONNX file in which it keeps weights.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`], [`ErrorKind::VocabularyInvalid`], [`ErrorKind::ModelHashMismatch`], [`ErrorKind::HeadInvalid`], and
    /// those of [`TractRuntime::load`] and `read_companion`.
    pub fn load(card: &str, vocabulary: &str, model: &[u8], read_companion: CompanionReader) -> Result<Self> {
        Self::load_hashed(card, vocabulary, model, &sha256(model), read_companion)
    }

    /// [`Tagger::load`] with a known SHA-256 of `model` (lower-case hex): browsers hash faster outside WebAssembly.
    ///
    /// # Errors
    /// As [`Tagger::load`].
    pub fn load_hashed(
        card: &str,
        vocabulary: &str,
        model: &[u8],
        model_sha256: &str,
        read_companion: CompanionReader,
    ) -> Result<Self> {
        let card = ModelCard::parse(card)?;
        card.check_vocabulary(vocabulary)?;
        card.check_model(model.len() as u64, model_sha256)?;
        let vocabulary = Vocabulary::parse(vocabulary)?;
        let runtime = if external_files(model)?.is_empty() {
            TractRuntime::load(model, &card)?
        } else {
            let read = |name: &str| read_companion(name, external::MAX_BYTES as u64);
            TractRuntime::load(&with_external_data(model, &read)?, &card)?
        };
        let runtime = with_every_class(Box::new(runtime), &card)?;
        let heads = load_heads(&card, &vocabulary, read_companion)?;
        let detectors = load_detectors(&card, &vocabulary, read_companion)?;
        Ok(Self { heads, detectors, ..Self::new(card, vocabulary, runtime)? })
    }

    /// A tagger without heads and detectors on any runtime, for another engine or for tests.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`] if the calibration does not fit the vocabulary, [`ErrorKind::ModelMismatch`] if runtime and vocabulary
    /// differ in their number of classes.
    pub fn new(card: ModelCard, vocabulary: Vocabulary, runtime: Box<dyn Runtime>) -> Result<Self> {
        if runtime.n_classes() != vocabulary.n_classes() {
            return Err(Error::new(
                ErrorKind::ModelMismatch,
                format!(
                    "The network has {} classes, but its vocabulary has {}. Choose files that belong together.",
                    runtime.n_classes(),
                    vocabulary.n_classes()
                ),
            ));
        }
        let fusion = Fusion::new(&card, &vocabulary)?;
        let vocabulary = Arc::new(vocabulary);
        Ok(Self { card, vocabulary, runtime, heads: Vec::new(), detectors: Vec::new(), fusion, objects: None })
    }

    pub fn card(&self) -> &ModelCard {
        &self.card
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The model's own policy, with English names.
    pub fn policy(&self) -> Policy {
        self.card.policy.into()
    }

    /// Checks options before many pictures are tagged with them: whatever fails here would fail for every picture.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`].
    pub fn check(&self, options: &TagOptions) -> Result<()> {
        options.policy.clone().map(|policy| self.selector(policy)).transpose()?;
        Ok(())
    }

    /// Decodes and tags a file, with a second look if [objects are loaded](Tagger::load_objects).
    ///
    /// # Errors
    /// Those of [`decode`](decode::decode); [`ErrorKind::PolicyInvalid`]; [`ErrorKind::InferenceFailed`] and
    /// [`ErrorKind::ScoresInvalid`] if the network fails on this picture.
    pub fn tag(&self, bytes: &[u8], options: &TagOptions) -> Result<TaggedPicture> {
        let selector = self.selector(options.policy.clone().unwrap_or_else(|| self.policy()))?;
        let decoded = self.decode(bytes, options)?;
        let mut inference = self.infer_decoded(&decoded, sha256(bytes))?;
        let objects_failed = self.look_again_at(bytes, &decoded, &options.limits, &mut inference).err();
        let tags = selector.select_named(&inference.candidates, &inference.boxes, &ResolvedCorrections::default());
        Ok(TaggedPicture { tags, inference, picture: decoded.picture, objects_failed })
    }

    /// The tags that another policy shows of an [`Inference`], in microseconds: the network does not run.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`].
    pub fn select(&self, inference: &Inference, policy: Policy) -> Result<Vec<Tag>> {
        Ok(self.selector(policy)?.select_named(
            &inference.candidates,
            &inference.boxes,
            &ResolvedCorrections::default(),
        ))
    }

    /// A selector for selecting many pictures' tags under one policy.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`].
    pub fn selector(&self, policy: Policy) -> Result<Selector> {
        Selector::new(policy, self.card.policy.min_parent, self.vocabulary.clone())
    }

    /// Decodes a file for this model: the first half of [`Tagger::tag`], for callers that report progress.
    ///
    /// # Errors
    /// Those of [`decode`](decode::decode).
    pub fn decode(&self, bytes: &[u8], options: &TagOptions) -> Result<Decoded> {
        self.decode_for(self.card.input.wanted_side(), bytes, &options.limits)
    }

    pub(super) fn decode_for(&self, wanted_side: u32, bytes: &[u8], limits: &Limits) -> Result<Decoded> {
        let start = Instant::now();
        let (format, picture) = decode::decode(bytes, limits, Some(wanted_side))?;
        Ok(Decoded { picture, format, taken_ms: taken_ms(format, bytes), ms: ms_since(start) })
    }

    /// Runs the model on a decoded file: the second half of [`Tagger::tag`]. `sha256` is the file's, lower-case hex.
    ///
    /// # Errors
    /// Those of [`Tagger::infer`].
    pub fn infer_decoded(&self, decoded: &Decoded, sha256: String) -> Result<Inference> {
        let mut inference = self.infer(&decoded.picture, sha256, decoded.format.name())?;
        inference.timings.decode = decoded.ms;
        inference.facts.taken_ms = decoded.taken_ms;
        Ok(inference)
    }

    /// Runs the model on a picture. `sha256` (lower-case hex) and `format` are those of its file.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`] and [`ErrorKind::ScoresInvalid`].
    pub fn infer(&self, picture: &Picture, sha256: String, format: &str) -> Result<Inference> {
        let mut timings = Timings::default();
        let outputs = self.run_network(picture, &mut timings)?;
        let faces = self.find_faces(picture, &mut timings)?;

        let start = Instant::now();
        let mut fused = self.fuse(outputs, &faces)?;
        if picture.is_blank() {
            fused.candidates.clear();
            fused.boxes.clear();
        }
        timings.tags = ms_since(start);

        let facts = PictureFacts {
            sha256,
            width: picture.full_width(),
            height: picture.full_height(),
            format: format.to_owned(),
            incomplete: picture.is_incomplete(),
            decoder: None,
            taken_ms: None,
        };
        Ok(Inference {
            facts,
            scores: fused.scores,
            candidates: fused.candidates,
            boxes: fused.boxes,
            embedding: fused.embedding,
            timings,
        })
    }

    fn run_network(&self, picture: &Picture, timings: &mut Timings) -> Result<Outputs> {
        let start = Instant::now();
        let input = resize::to_tensor(picture, &self.card.input);
        timings.resize += ms_since(start);
        let start = Instant::now();
        let outputs = self.runtime.run(&input, WantedOutputs::Tags)?;
        timings.infer += ms_since(start);
        Ok(outputs)
    }

    /// The faces of each detector.
    pub(super) fn find_faces(&self, picture: &Picture, timings: &mut Timings) -> Result<Vec<Vec<Face>>> {
        let start = Instant::now();
        let faces = self.detectors.iter().map(|detector| detector.find(picture)).collect();
        timings.infer += ms_since(start);
        faces
    }

    /// Combines the network's `outputs` and the `faces` of each detector.
    pub(super) fn fuse(&self, outputs: Outputs, faces: &[Vec<Face>]) -> Result<Fused> {
        let scores = activate(outputs.scores, self.card.activation)?;
        let tag_scores = scores::tag_scores(&scores, self.card.activation, &self.vocabulary)?;
        let heads = self.predict_heads(outputs.embedding.as_deref(), &tag_scores)?;
        let score_of = |tag: &str| self.vocabulary.idx(tag).map_or(0.0, |idx| tag_scores[usize::from(idx)]);
        let logit_of = |head: &str, tag: &str| {
            let idx = self.vocabulary.idx(tag)?;
            let nth = self.heads.iter().position(|one| one.id() == head)?;
            heads[nth].iter().find(|one| one.tag == idx).map(|one| one.z)
        };
        let mut boxes = Vec::new();
        let mut detectors: Vec<Vec<FacePrediction>> = Vec::new();
        for (nth, (detector, faces)) in self.detectors.iter().zip(faces).enumerate() {
            let confidences = detector.confidences(faces, score_of, logit_of);
            let (tag, component) = (detector.people().person, self.component_of_detector(nth));
            boxes.extend((faces.iter().zip(&confidences)).map(|(face, &confidence)| FoundBox {
                tag,
                component,
                confidence,
                region: face.region,
            }));
            detectors.push(detector.predict(faces, &confidences));
        }
        let count_at = self.card.second_look.as_ref().map_or(COUNT_AT, |second_look| second_look.fusion.count_at);
        let predictions = Predictions { scores: &tag_scores, heads: &heads, detectors: &detectors };
        let candidates = self.fusion.candidates(predictions, &self.vocabulary);
        Ok(Fused { scores, candidates, boxes: counted(boxes, count_at), embedding: outputs.embedding })
    }

    /// The component of a detector: the faces' in the card's order, then the second look's.
    pub(super) fn component_of_detector(&self, nth: usize) -> ComponentIdx {
        // A card's heads and detectors are few.
        (1 + self.heads.len() + nth) as ComponentIdx
    }

    fn predict_heads(&self, embedding: Option<&[f32]>, tag_scores: &[f32]) -> Result<Vec<Vec<HeadPrediction>>> {
        let predict = |head: &TagHead| match embedding {
            Some(embedding) => head.predict(embedding, |tag| tag_scores[usize::from(tag)]),
            None => Err(Error::new(
                ErrorKind::ModelMismatch,
                format!(
                    "The head {:?} needs an embedding, but the model's card names none. Name it in the card's outputs.",
                    head.id()
                ),
            )),
        };
        self.heads.iter().map(predict).collect()
    }
}

pub(super) fn ms_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}
