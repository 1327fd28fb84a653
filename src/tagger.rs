//! A model ready to tag: card + vocabulary + runtime, and the heads and detectors that the card names.

use web_time::Instant;

use crate::candidate::CLASSES;
use crate::candidate::Candidate;
use crate::card::{DetectorCard, ModelCard, PartFile, Thorough, sha256};
use crate::decode::{self, Limits, Picture};
use crate::detector::{self, Detector, Face};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{Evidence, Findings, tag_scores};
use crate::explain::{self, Explanation};
use crate::format::Format;
use crate::head::{self, Head};
use crate::report::{PictureFacts, Timings};
use crate::resize;
use crate::runtime::{Outputs, Runtime, TractBoxes, TractRuntime, Wanted};
use crate::tags::activate;
use crate::thorough;
use crate::vocabulary::{TagIdx, Vocabulary};

/// Tags pictures with one model. May be shared among threads.
pub struct Tagger {
    card: ModelCard,
    vocabulary: Vocabulary,
    runtime: Box<dyn Runtime>,
    heads: Vec<Head>,
    detectors: Vec<Detector>,
    evidence: Evidence,
    is_thorough: bool,
}

/// Gives the file at a path that is seen from the card's folder.
pub type PartReader<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>>;

/// For a model whose card names no heads and no detectors.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`], always.
pub fn no_parts(path: &str) -> Result<Vec<u8>> {
    Err(Error::new(
        ErrorKind::FileUnreadable,
        format!("The model's card names {path:?}, which is not among its files."),
    ))
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

/// What one look at a picture gives.
struct View {
    scores: Vec<f32>,
    candidates: Vec<Candidate>,
    embedding: Option<Vec<f32>>,
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
    /// Loads a model: its card and vocabulary (JSON), its ONNX file, and what else the card names.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`], [`ErrorKind::VocabularyInvalid`], [`ErrorKind::ModelHashMismatch`], [`ErrorKind::HeadInvalid`], what
    /// [`TractRuntime::load`] refuses, and what `part` does.
    pub fn load(card: &str, vocabulary: &str, model: &[u8], part: PartReader) -> Result<Self> {
        Self::load_hashed(card, vocabulary, model, &sha256(model), part)
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
        part: PartReader,
    ) -> Result<Self> {
        let card = ModelCard::parse(card)?;
        card.check_vocabulary(vocabulary)?;
        card.check_model(model.len() as u64, model_sha256)?;
        let vocabulary = Vocabulary::parse(vocabulary)?;
        let runtime = TractRuntime::load(model, &card)?;
        let heads = load_heads(&card, &vocabulary, part)?;
        let detectors = load_detectors(&card, &vocabulary, part)?;
        Ok(Self { heads, detectors, ..Self::new(card, vocabulary, Box::new(runtime))? })
    }

    /// A tagger on any runtime, for another engine or for a test; without heads and detectors.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`] if the calibration does not fit the vocabulary, [`ErrorKind::ModelMismatch`] if the vocabulary does not have one class for each of the runtime's scores.
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
        let evidence = Evidence::new(&card, &vocabulary)?;
        Ok(Self { card, vocabulary, runtime, heads: Vec::new(), detectors: Vec::new(), evidence, is_thorough: false })
    }

    /// From now on, pictures are looked at in parts too, or not.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`] if the model's card does not say how.
    pub fn set_thorough(&mut self, is_thorough: bool) -> Result<()> {
        if is_thorough && self.card.thorough.is_none() {
            let detail = format!("The card of {:?} says nothing of looking thoroughly.", self.card.id);
            return Err(Error::new(ErrorKind::PolicyInvalid, detail));
        }
        self.is_thorough = is_thorough;
        Ok(())
    }

    /// How to look, where it is to be thorough.
    fn thorough(&self) -> Option<&Thorough> {
        self.card.thorough.as_ref().filter(|_| self.is_thorough)
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
        let smallest = self.thorough().map_or(1.0, |spec| spec.shares.iter().copied().fold(1.0, f32::min));
        let wanted = (self.card.input.wanted_side() as f32 / smallest).ceil() as u32;
        let (format, picture) = decode::decode(bytes, limits, Some(wanted))?;
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
        let mut timings = Timings::default();
        let outputs = self.look(picture, &mut timings)?;
        let mut faces = self.find_faces(picture, &mut timings)?;
        let mut of_parts = Vec::new();
        if let Some(spec) = self.thorough() {
            for place in thorough::parts(picture.width(), picture.height(), spec) {
                let part = thorough::cut(picture, place);
                of_parts.push(self.look(&part, &mut timings)?);
                for (known, found) in faces.iter_mut().zip(self.find_faces(&part, &mut timings)?) {
                    known.extend(found.into_iter().map(|face| face.in_whole(picture, place)));
                }
            }
            for (detector, faces) in self.detectors.iter().zip(&mut faces) {
                detector.sort_out(faces);
            }
        }

        let start = Instant::now();
        let mut view = self.weigh(outputs, &faces)?;
        for outputs in of_parts {
            let nobody = vec![Vec::new(); self.detectors.len()];
            let of_part = self.weigh(outputs, &nobody)?.candidates;
            let penalty = self.thorough().map_or(0.0, |spec| spec.penalty);
            thorough::add(&mut view.candidates, of_part, penalty, self.vocabulary.tags().len());
        }
        timings.tags = ms_since(start);

        let facts = PictureFacts {
            sha256,
            width: picture.full_width(),
            height: picture.full_height(),
            format: format.to_owned(),
        };
        Ok(Scored { facts, scores: view.scores, candidates: view.candidates, embedding: view.embedding, timings })
    }

    /// What the network gives for a picture, or a part of one.
    fn look(&self, picture: &Picture, timings: &mut Timings) -> Result<Outputs> {
        let start = Instant::now();
        let input = resize::to_tensor(picture, &self.card.input);
        timings.resize += ms_since(start);
        let start = Instant::now();
        let outputs = self.runtime.run(&input, Wanted::Tags)?;
        timings.infer += ms_since(start);
        Ok(outputs)
    }

    /// The faces that each detector finds.
    fn find_faces(&self, picture: &Picture, timings: &mut Timings) -> Result<Vec<Vec<Face>>> {
        let start = Instant::now();
        let faces = self.detectors.iter().map(|detector| detector.find(picture)).collect();
        timings.infer += ms_since(start);
        faces
    }

    /// What the network's `outputs` and the `faces` say together.
    fn weigh(&self, outputs: Outputs, faces: &[Vec<Face>]) -> Result<View> {
        let scores = activate(outputs.scores, self.card.activation)?;
        let of_tags = tag_scores(&scores, self.card.activation, &self.vocabulary)?;
        let heads = self.ask_heads(outputs.embedding.as_deref(), &of_tags)?;
        let score_of = |tag: &str| self.vocabulary.idx(tag).map_or(0.0, |idx| of_tags[usize::from(idx)]);
        let logit_of = |head: &str, tag: &str| {
            let idx = self.vocabulary.idx(tag)?;
            let place = self.heads.iter().position(|one| one.id() == head)?;
            heads[place].iter().find(|answer| answer.tag == idx).map(|answer| answer.z)
        };
        let detectors: Vec<Vec<detector::Answer>> = (self.detectors.iter().zip(faces))
            .map(|(detector, faces)| detector.answers(faces, score_of, logit_of))
            .collect();
        let found = Findings { scores: &of_tags, heads: &heads, detectors: &detectors };
        let candidates = self.evidence.candidates(found, &self.vocabulary);
        Ok(View { scores, candidates, embedding: outputs.embedding })
    }

    fn ask_heads(&self, embedding: Option<&[f32]>, of_tags: &[f32]) -> Result<Vec<Vec<head::Answer>>> {
        let ask = |head: &Head| match embedding {
            Some(embedding) => head.answers(embedding, |tag| of_tags[usize::from(tag)]),
            None => Err(Error::new(
                ErrorKind::ModelMismatch,
                format!("The head {:?} needs an embedding, and the model's card names none.", head.id()),
            )),
        };
        self.heads.iter().map(ask).collect()
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
        let unknown = || {
            Error::new(
                ErrorKind::ExplanationUnavailable,
                format!("The model {:?} has no part for the tag {tag:?}, so it did not look for it.", self.card.id),
            )
        };
        let idx = self.vocabulary.idx(tag).ok_or_else(unknown)?;
        let spec = &self.card.input;
        let outputs = self.runtime.run(&resize::to_tensor(picture, spec), Wanted::Explanation)?;
        let faces = self.find_faces(picture, &mut Timings::default())?;
        let looked = Outputs { feature_map: None, ..outputs.clone() };
        let said = self.weigh(looked, &faces)?.candidates.into_iter().find(|candidate| candidate.tag == idx);
        // What nobody says may still be asked for: of the first part that knows it.
        let classes = self.vocabulary.members(idx);
        let part = said.map_or(CLASSES, |candidate| candidate.source);
        let region = resize::region_seen(picture.full_width(), picture.full_height(), spec);
        let head = self.heads.iter().enumerate().find_map(|(nth, head)| {
            let is_meant = usize::from(part) == nth + 1 || (classes.is_empty() && part == CLASSES);
            self.direction(head, idx).filter(|_| is_meant)
        });
        if let Some(direction) = head {
            return explain::explain_direction(outputs, &direction, spec.layout, region);
        }
        match usize::from(part).checked_sub(1 + self.heads.len()) {
            Some(detector) => Ok(Detector::explain(&faces[detector])),
            None if classes.is_empty() => Err(unknown()),
            None => explain::explain(&*self.runtime, outputs, classes, self.card.activation, spec.layout, region),
        }
    }

    /// What in an embedding speaks for a tag, or for the one below it that the head knows: a parent is as sure as its child.
    fn direction(&self, head: &Head, tag: TagIdx) -> Option<Vec<f32>> {
        head.direction(tag).or_else(|| {
            let below = |idx: &TagIdx| self.vocabulary.ancestors(*idx).contains(&tag);
            (0..self.vocabulary.tags().len() as TagIdx).filter(below).find_map(|idx| head.direction(idx))
        })
    }
}

fn load_heads(card: &ModelCard, vocabulary: &Vocabulary, part: PartReader) -> Result<Vec<Head>> {
    let load = |file: &PartFile| {
        let json = text(part(&file.head_path())?, &file.head_path())?;
        file.check(&json)?;
        Head::parse(&json, card, vocabulary)
    };
    card.heads.iter().map(load).collect()
}

fn load_detectors(card: &ModelCard, vocabulary: &Vocabulary, part: PartReader) -> Result<Vec<Detector>> {
    let load = |file: &PartFile| {
        let path = file.detector_path("model.json");
        let json = text(part(&path)?, &path)?;
        file.check(&json)?;
        let card = DetectorCard::parse(&json)?;
        let model = part(&file.detector_path(&card.model.file))?;
        card.check_model(model.len() as u64, &sha256(&model))?;
        let runtime = TractBoxes::load(&model, &card)?;
        Detector::new(card, Box::new(runtime), vocabulary)
    };
    card.detectors.iter().map(load).collect()
}

fn text(bytes: Vec<u8>, path: &str) -> Result<String> {
    String::from_utf8(bytes)
        .map_err(|error| Error::new(ErrorKind::CardInvalid, format!("{path} is not text in UTF-8.")).with_source(error))
}

fn ms_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}
