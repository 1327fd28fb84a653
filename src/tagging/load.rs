//! Loads a card's heads and detectors.

use crate::error::Result;
use crate::model::card::{DetectorCard, ModelCard, SecondLook, sha256};
use crate::model::companion::{CompanionFile, CompanionReader, read_text};
use crate::model::runtime::TractBoxes;
use crate::model::vocabulary::Vocabulary;
use crate::tagging::face_detector::FaceDetector;
use crate::tagging::head::TagHead;
use crate::tagging::object_detector::ObjectDetector;

/// The heads, in the card's order.
pub fn load_heads(card: &ModelCard, vocabulary: &Vocabulary, read: CompanionReader) -> Result<Vec<TagHead>> {
    let load = |file: &CompanionFile| {
        let path = file.head_path();
        let json = read_text(read, &path)?;
        file.check(&json)?;
        TagHead::parse(&json, card, vocabulary)
    };
    card.heads.iter().map(load).collect()
}

/// The face detectors, in the card's order.
pub fn load_detectors(card: &ModelCard, vocabulary: &Vocabulary, read: CompanionReader) -> Result<Vec<FaceDetector>> {
    let load = |file: &CompanionFile| {
        let (card, runtime) = load_boxes(file, read)?;
        FaceDetector::new(card, Box::new(runtime), vocabulary)
    };
    card.detectors.iter().map(load).collect()
}

/// The detector of a second look.
pub fn load_objects(look: &SecondLook, vocabulary: &Vocabulary, read: CompanionReader) -> Result<ObjectDetector> {
    let (card, runtime) = load_boxes(&look.detector, read)?;
    ObjectDetector::new(card, Box::new(runtime), vocabulary)
}

fn load_boxes(file: &CompanionFile, read: CompanionReader) -> Result<(DetectorCard, TractBoxes)> {
    let json = read_text(read, &file.detector_path("model.json"))?;
    file.check(&json)?;
    let card = DetectorCard::parse(&json)?;
    let model = read(&file.detector_path(&card.model.file), card.model.bytes)?;
    card.check_model(model.len() as u64, &sha256(&model))?;
    let runtime = TractBoxes::load(&model, &card)?;
    Ok((card, runtime))
}
