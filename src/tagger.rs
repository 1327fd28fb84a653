//! A model ready to tag: card + vocabulary + runtime.

use web_time::Instant;

use crate::card::{ModelCard, sha256};
use crate::decode::{self, Limits, Picture};
use crate::error::{Error, ErrorKind, Result};
use crate::explain::{self, Explanation};
use crate::format::Format;
use crate::report::{PictureFacts, Timings};
use crate::resize;
use crate::runtime::{Runtime, TractRuntime, Wanted};
use crate::tags::{Candidate, activate, candidates};
use crate::vocabulary::Vocabulary;

/// Tags pictures with one model. May be shared among threads.
pub struct Tagger {
    card: ModelCard,
    vocabulary: Vocabulary,
    runtime: Box<dyn Runtime>,
}

/// What the model says of one picture, before any policy.
#[derive(Debug, Clone)]
pub struct Scored {
    pub facts: PictureFacts,
    /// One score in [0, 1] a class.
    pub scores: Vec<f32>,
    /// The tags those scores can give, the highest first.
    pub candidates: Vec<Candidate>,
    /// The vector before the last layer, where the model has one.
    pub embedding: Option<Vec<f32>>,
    pub timings: Timings,
}

/// A decoded file.
pub struct Decoded {
    /// Upright; a JPEG may be held at a reduced scale.
    pub picture: Picture,
    format: Format,
    /// What decoding took, in milliseconds.
    ms: f64,
}

impl Tagger {
    /// Loads a model: its card and vocabulary (JSON) and its ONNX file.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`], [`ErrorKind::VocabularyInvalid`], [`ErrorKind::ModelHashMismatch`], and what
    /// [`TractRuntime::load`] refuses.
    pub fn load(card: &str, vocabulary: &str, model: &[u8]) -> Result<Self> {
        Self::load_hashed(card, vocabulary, model, &sha256(model))
    }

    /// [`Tagger::load`] where the SHA-256 of `model` (lower-case hex) is known already: a browser hashes faster outside wasm.
    ///
    /// # Errors
    /// As [`Tagger::load`].
    pub fn load_hashed(card: &str, vocabulary: &str, model: &[u8], model_sha256: &str) -> Result<Self> {
        let card = ModelCard::parse(card)?;
        card.check_vocabulary(vocabulary)?;
        card.check_model(model.len() as u64, model_sha256)?;
        let vocabulary = Vocabulary::parse(vocabulary)?;
        let runtime = TractRuntime::load(model, &card)?;
        Self::new(card, vocabulary, Box::new(runtime))
    }

    /// A tagger on any runtime, for another engine or for a test.
    ///
    /// # Errors
    /// [`ErrorKind::ModelMismatch`] if the vocabulary does not have one class for each of the runtime's scores.
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
        Ok(Self { card, vocabulary, runtime })
    }

    pub fn card(&self) -> &ModelCard {
        &self.card
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Decodes a file and scores it. `sha256` is the file's, lower-case hex: see [`sha256`]. The picture comes
    /// back for a thumbnail; a JPEG may be held at a reduced scale.
    ///
    /// # Errors
    /// What [`decode::decode`] and [`Tagger::score`] refuse.
    pub fn tag_file(&self, bytes: &[u8], sha256: String, limits: &Limits) -> Result<(Scored, Picture)> {
        let decoded = self.decode(bytes, limits)?;
        let scored = self.score_decoded(&decoded, sha256)?;
        Ok((scored, decoded.picture))
    }

    /// Decodes a file for this model: the first half of [`Tagger::tag_file`], for who wants to say how far it is.
    ///
    /// # Errors
    /// What [`decode::decode`] refuses.
    pub fn decode(&self, bytes: &[u8], limits: &Limits) -> Result<Decoded> {
        let start = Instant::now();
        let (format, picture) = decode::decode(bytes, limits, Some(self.card.input.wanted_side()))?;
        Ok(Decoded { picture, format, ms: ms_since(start) })
    }

    /// Scores what [`Tagger::decode`] gave. `sha256` is the file's.
    ///
    /// # Errors
    /// What [`Tagger::score`] refuses.
    pub fn score_decoded(&self, decoded: &Decoded, sha256: String) -> Result<Scored> {
        let mut scored = self.score(&decoded.picture, sha256, decoded.format.name())?;
        scored.timings.decode = decoded.ms;
        Ok(scored)
    }

    /// Scores a decoded picture. `sha256` and `format` are those of the file it came from.
    ///
    /// # Errors
    /// [`ErrorKind::InferenceFailed`] and [`ErrorKind::ScoresInvalid`].
    pub fn score(&self, picture: &Picture, sha256: String, format: &str) -> Result<Scored> {
        let start = Instant::now();
        let input = resize::to_tensor(picture, &self.card.input);
        let resize = ms_since(start);

        let start = Instant::now();
        let outputs = self.runtime.run(&input, Wanted::Tags)?;
        let infer = ms_since(start);

        let start = Instant::now();
        let scores = activate(outputs.scores, self.card.activation)?;
        let candidates = candidates(&scores, self.card.activation, &self.vocabulary)?;
        let tags = ms_since(start);

        let facts = PictureFacts {
            sha256,
            width: picture.full_width(),
            height: picture.full_height(),
            format: format.to_owned(),
        };
        let timings = Timings { decode: 0.0, resize, infer, tags };
        Ok(Scored { facts, scores, candidates, embedding: outputs.embedding, timings })
    }

    /// Where in a file's picture the model saw `tag` (an id of the vocabulary), whether or not any policy shows it.
    ///
    /// # Errors
    /// What [`decode::decode`] and [`Tagger::explain`] refuse.
    pub fn explain_file(&self, bytes: &[u8], tag: &str, limits: &Limits) -> Result<Explanation> {
        self.explain(&self.decode(bytes, limits)?.picture, tag)
    }

    /// Where in a decoded picture the model saw `tag`.
    ///
    /// # Errors
    /// [`ErrorKind::ExplanationUnavailable`] if the model has no such tag, or its network does not tell;
    /// [`ErrorKind::InferenceFailed`] and [`ErrorKind::ScoresInvalid`].
    pub fn explain(&self, picture: &Picture, tag: &str) -> Result<Explanation> {
        let classes = self.vocabulary.idx(tag).map_or(&[][..], |idx| self.vocabulary.members(idx));
        if classes.is_empty() {
            return Err(Error::new(
                ErrorKind::ExplanationUnavailable,
                format!("The model {:?} has no classes for the tag {tag:?}, so it did not look for it.", self.card.id),
            ));
        }
        let spec = &self.card.input;
        let outputs = self.runtime.run(&resize::to_tensor(picture, spec), Wanted::Explanation)?;
        let region = resize::region_seen(picture.full_width(), picture.full_height(), spec);
        explain::explain(&*self.runtime, outputs, classes, self.card.activation, spec.layout, region)
    }
}

fn ms_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}
