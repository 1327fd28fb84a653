//! The facade: a model ready to tag. Card, vocabulary and network, and the heads and detectors that the card names.

use std::path::Path;
use std::sync::Arc;

use web_time::Instant;

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{ModelCard, TileSpec, sha256};
use crate::model::companion::{CompanionReader, companion_text, read_from_dir};
use crate::model::runtime::{Outputs, Runtime, TractRuntime, WantedOutputs};
use crate::model::vocabulary::Vocabulary;
use crate::picture::decode;
use crate::picture::format::PictureFormat;
use crate::picture::resize;
use crate::picture::{Limits, Picture};
use crate::tagging::face_detector::{Face, FaceDetector, FacePrediction};
use crate::tagging::fusion::{Fusion, Predictions};
use crate::tagging::head::{HeadPrediction, TagHead};
use crate::tagging::load::{load_detectors, load_heads};
use crate::tagging::scores::{activate, tag_scores};
use crate::tagging::tiles;
use crate::tags::candidate::Candidate;
use crate::tags::corrections::ResolvedCorrections;
use crate::tags::policy::Policy;
use crate::tags::select::{Selector, Tag};
use crate::tags::tagging::{PictureFacts, Timings};

/// Tags pictures with one model. May be shared among threads.
pub struct Tagger {
    pub(super) card: ModelCard,
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) runtime: Box<dyn Runtime>,
    pub(super) heads: Vec<TagHead>,
    detectors: Vec<FaceDetector>,
    fusion: Fusion,
}

/// How to tag a picture.
#[derive(Debug, Clone, Default)]
pub struct TagOptions {
    /// Which tags are shown; the model's own policy if there is none.
    pub policy: Option<Policy>,
    /// Whether to run the network on tiles of the picture too: it finds smaller things and takes several times as long.
    pub tiled: bool,
    /// What a file may ask for in memory.
    pub limits: Limits,
}

/// A tagged picture.
#[derive(Debug, Clone)]
pub struct TaggedPicture {
    /// What the policy shows, the surest first.
    pub tags: Vec<Tag>,
    /// What [`Tagger::select`] needs for another policy, and more.
    pub inference: Inference,
    /// The decoded picture, for a thumbnail; a JPEG may be held at a reduced scale.
    pub picture: Picture,
}

/// What the model gives for one picture, before any policy.
#[derive(Debug, Clone)]
pub struct Inference {
    pub facts: PictureFacts,
    /// One score in [0, 1] a class.
    pub scores: Vec<f32>,
    /// Every tag that some policy could show, the surest first.
    pub candidates: Vec<Candidate>,
    /// The vector before the last layer, where the model has one.
    pub embedding: Option<Vec<f32>>,
    pub timings: Timings,
}

/// What the network's outputs and the detections give together.
pub(super) struct Fused {
    scores: Vec<f32>,
    pub(super) candidates: Vec<Candidate>,
    embedding: Option<Vec<f32>>,
}

/// A decoded file.
pub struct Decoded {
    /// Upright; a JPEG may be held at a reduced scale.
    pub picture: Picture,
    format: PictureFormat,
    /// What decoding took, in milliseconds.
    ms: f64,
}

impl Tagger {
    /// Loads the model in a folder: `model.json` and the files it names.
    ///
    /// # Errors
    /// [`ErrorKind::FileUnreadable`] for a missing file, and what [`Tagger::load`] refuses.
    pub fn from_dir(dir: impl AsRef<Path>) -> Result<Self> {
        Self::from_reader(&|path| read_from_dir(dir.as_ref(), path))
    }

    /// Loads a model whose files `read` gives, by their paths from the card's folder; the card is `model.json`.
    ///
    /// # Errors
    /// What `read` and [`Tagger::load`] refuse.
    pub fn from_reader(read: CompanionReader) -> Result<Self> {
        let text = |path: &str| companion_text(read(path)?, path);
        let json = text("model.json")?;
        let card = ModelCard::parse(&json)?;
        Self::load(&json, &text(&card.vocabulary.file)?, &read(&card.model.file)?, read)
    }

    /// Loads a model: its card and vocabulary (JSON), its ONNX file, and what else the card names.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`], [`ErrorKind::VocabularyInvalid`], [`ErrorKind::ModelHashMismatch`], [`ErrorKind::HeadInvalid`], what
    /// [`TractRuntime::load`] refuses, and what `read_companion` does.
    pub fn load(card: &str, vocabulary: &str, model: &[u8], read_companion: CompanionReader) -> Result<Self> {
        Self::load_hashed(card, vocabulary, model, &sha256(model), read_companion)
    }

    /// [`Tagger::load`] where the SHA-256 of `model` (lower-case hex) is known already: a browser hashes faster outside wasm.
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
        let runtime = TractRuntime::load(model, &card)?;
        let heads = load_heads(&card, &vocabulary, read_companion)?;
        let detectors = load_detectors(&card, &vocabulary, read_companion)?;
        Ok(Self { heads, detectors, ..Self::new(card, vocabulary, Box::new(runtime))? })
    }

    /// A tagger on any runtime, for another engine or for a test; without heads and detectors.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`] if the calibration does not fit the vocabulary, [`ErrorKind::ModelMismatch`] if the vocabulary does
    /// not have one class for each of the runtime's scores.
    pub fn new(card: ModelCard, vocabulary: Vocabulary, runtime: Box<dyn Runtime>) -> Result<Self> {
        if runtime.n_classes() != vocabulary.n_classes() {
            return Err(Error::new(
                ErrorKind::ModelMismatch,
                format!(
                    "The network gives {} scores, its vocabulary lists {} classes. They do not belong together.",
                    runtime.n_classes(),
                    vocabulary.n_classes()
                ),
            ));
        }
        let fusion = Fusion::new(&card, &vocabulary)?;
        let vocabulary = Arc::new(vocabulary);
        Ok(Self { card, vocabulary, runtime, heads: Vec::new(), detectors: Vec::new(), fusion })
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

    /// Whether `options` make sense for this model: what [`Tagger::tag`] would refuse for every picture.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`].
    pub fn check(&self, options: &TagOptions) -> Result<()> {
        self.tiles(options)?;
        options.policy.clone().map(|policy| self.selector(policy)).transpose()?;
        Ok(())
    }

    /// Decodes and tags a file.
    ///
    /// # Errors
    /// What [`decode`](decode::decode) refuses; [`ErrorKind::PolicyInvalid`]; [`ErrorKind::InferenceFailed`] and
    /// [`ErrorKind::ScoresInvalid`] where the network fails on this picture.
    pub fn tag(&self, bytes: &[u8], options: &TagOptions) -> Result<TaggedPicture> {
        let selector = self.selector(options.policy.clone().unwrap_or_else(|| self.policy()))?;
        let decoded = self.decode(bytes, options)?;
        let inference = self.infer_decoded(&decoded, sha256(bytes), options)?;
        let tags = selector.select_named(&inference.candidates, &ResolvedCorrections::default());
        Ok(TaggedPicture { tags, inference, picture: decoded.picture })
    }

    /// The tags of `candidates` (of [`Inference`]) under another policy; the network does not run.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`].
    pub fn select(&self, candidates: &[Candidate], policy: Policy) -> Result<Vec<Tag>> {
        Ok(self.selector(policy)?.select_named(candidates, &ResolvedCorrections::default()))
    }

    /// A policy ready for many pictures of this model.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`].
    pub fn selector(&self, policy: Policy) -> Result<Selector> {
        Selector::new(policy, self.card.policy.min_parent, self.vocabulary.clone())
    }

    /// Decodes a file for this model: the first half of [`Tagger::tag`], for callers that report progress.
    ///
    /// # Errors
    /// What [`decode`](decode::decode) refuses, and [`ErrorKind::PolicyInvalid`] for tiles that the card does not describe.
    pub fn decode(&self, bytes: &[u8], options: &TagOptions) -> Result<Decoded> {
        let start = Instant::now();
        let shares = self.tiles(options)?.map_or(&[][..], |spec| &spec.shares);
        let smallest = shares.iter().copied().fold(1.0, f32::min);
        let wanted = (self.card.input.wanted_side() as f32 / smallest).ceil() as u32;
        let (format, picture) = decode::decode(bytes, &options.limits, Some(wanted))?;
        Ok(Decoded { picture, format, ms: ms_since(start) })
    }

    /// Runs the model on what [`Tagger::decode`] gave. `sha256` is the file's.
    ///
    /// # Errors
    /// What [`Tagger::infer`] refuses.
    pub fn infer_decoded(&self, decoded: &Decoded, sha256: String, options: &TagOptions) -> Result<Inference> {
        let mut inference = self.infer(&decoded.picture, sha256, decoded.format.name(), options)?;
        inference.timings.decode = decoded.ms;
        Ok(inference)
    }

    /// Runs the model on a decoded picture. `sha256` and `format` are those of the file it came from.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`] and [`ErrorKind::ScoresInvalid`]; [`ErrorKind::PolicyInvalid`] for tiles that the card does not
    /// describe.
    pub fn infer(&self, picture: &Picture, sha256: String, format: &str, options: &TagOptions) -> Result<Inference> {
        let tiles = self.tiles(options)?;
        let mut timings = Timings::default();
        let outputs = self.run_network(picture, &mut timings)?;
        let mut faces = self.find_faces(picture, &mut timings)?;
        let mut tile_outputs = Vec::new();
        if let Some(spec) = tiles {
            for tile in tiles::tile_grid(picture.width(), picture.height(), spec) {
                let cropped = tiles::crop(picture, tile);
                tile_outputs.push(self.run_network(&cropped, &mut timings)?);
                for (known, found) in faces.iter_mut().zip(self.find_faces(&cropped, &mut timings)?) {
                    known.extend(found.into_iter().map(|face| face.to_picture(picture, tile)));
                }
            }
            for (detector, faces) in self.detectors.iter().zip(&mut faces) {
                detector.suppress_overlaps(faces);
            }
        }

        let start = Instant::now();
        let mut fused = self.fuse(outputs, &faces)?;
        for outputs in tile_outputs {
            let no_faces = vec![Vec::new(); self.detectors.len()];
            let of_tile = self.fuse(outputs, &no_faces)?.candidates;
            let penalty = tiles.map_or(0.0, |spec| spec.penalty);
            tiles::merge(&mut fused.candidates, of_tile, penalty, self.vocabulary.tags().len());
        }
        timings.tags = ms_since(start);

        let facts = PictureFacts {
            sha256,
            width: picture.full_width(),
            height: picture.full_height(),
            format: format.to_owned(),
        };
        Ok(Inference { facts, scores: fused.scores, candidates: fused.candidates, embedding: fused.embedding, timings })
    }

    /// How to cut tiles, where `options` ask for them.
    fn tiles(&self, options: &TagOptions) -> Result<Option<&TileSpec>> {
        if !options.tiled {
            return Ok(None);
        }
        self.card.tiles.as_ref().map(Some).ok_or_else(|| {
            let detail = format!("The card of {:?} describes no tiles, so the model cannot look closer.", self.card.id);
            Error::new(ErrorKind::PolicyInvalid, detail)
        })
    }

    /// What the network gives for a picture or a tile.
    fn run_network(&self, picture: &Picture, timings: &mut Timings) -> Result<Outputs> {
        let start = Instant::now();
        let input = resize::to_tensor(picture, &self.card.input);
        timings.resize += ms_since(start);
        let start = Instant::now();
        let outputs = self.runtime.run(&input, WantedOutputs::Tags)?;
        timings.infer += ms_since(start);
        Ok(outputs)
    }

    /// The faces that each detector finds.
    pub(super) fn find_faces(&self, picture: &Picture, timings: &mut Timings) -> Result<Vec<Vec<Face>>> {
        let start = Instant::now();
        let faces = self.detectors.iter().map(|detector| detector.find(picture)).collect();
        timings.infer += ms_since(start);
        faces
    }

    /// What the network's `outputs` and the `faces` say together.
    pub(super) fn fuse(&self, outputs: Outputs, faces: &[Vec<Face>]) -> Result<Fused> {
        let scores = activate(outputs.scores, self.card.activation)?;
        let of_tags = tag_scores(&scores, self.card.activation, &self.vocabulary)?;
        let heads = self.predict_heads(outputs.embedding.as_deref(), &of_tags)?;
        let score_of = |tag: &str| self.vocabulary.idx(tag).map_or(0.0, |idx| of_tags[usize::from(idx)]);
        let logit_of = |head: &str, tag: &str| {
            let idx = self.vocabulary.idx(tag)?;
            let place = self.heads.iter().position(|one| one.id() == head)?;
            heads[place].iter().find(|one| one.tag == idx).map(|one| one.z)
        };
        let detectors: Vec<Vec<FacePrediction>> = (self.detectors.iter().zip(faces))
            .map(|(detector, faces)| detector.predict(faces, score_of, logit_of))
            .collect();
        let predictions = Predictions { scores: &of_tags, heads: &heads, detectors: &detectors };
        let candidates = self.fusion.candidates(predictions, &self.vocabulary);
        Ok(Fused { scores, candidates, embedding: outputs.embedding })
    }

    fn predict_heads(&self, embedding: Option<&[f32]>, of_tags: &[f32]) -> Result<Vec<Vec<HeadPrediction>>> {
        let ask = |head: &TagHead| match embedding {
            Some(embedding) => head.predict(embedding, |tag| of_tags[usize::from(tag)]),
            None => Err(Error::new(
                ErrorKind::ModelMismatch,
                format!("The head {:?} needs an embedding, and the model's card names none.", head.id()),
            )),
        };
        self.heads.iter().map(ask).collect()
    }
}

fn ms_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}
