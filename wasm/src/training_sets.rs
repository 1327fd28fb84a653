//! The training module reads training sets of other programs, and makes files that travel. An archive stays on the disk: of a `Blob`, only
//! what is asked for is read, which a worker can do at once.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use js_sys::Uint8Array;
use serde::Deserialize;
use tagsmith::ModelCard;
use tagsmith::tagging::OwnHead;
use tagsmith::train::import::{self, Archive, Document, Entry, TagSource};
use tagsmith::train::onnx::onnx;
use tagsmith::train::{MovedSet, TaggerFile};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};

use crate::js::{object, thrown, to_js};
use crate::training_columns::{read_set, write_set};

/// So much of an archive is read at a time: its list of files, and small files, in one go.
const BUFFER_BYTES: usize = 256 << 10;

/// An open archive. It is closed by `free`.
#[wasm_bindgen(js_name = PackedSet)]
pub struct JsPackedSet(Archive<BufReader<BlobReader>>);

#[wasm_bindgen(js_class = PackedSet)]
impl JsPackedSet {
    #[wasm_bindgen(constructor)]
    pub fn new(blob: Blob) -> Result<JsPackedSet, JsValue> {
        let reader = BlobReader { length: blob.size() as u64, at: 0, reader: FileReaderSync::new()?, blob };
        Archive::open(BufReader::with_capacity(BUFFER_BYTES, reader)).map(Self).map_err(thrown)
    }

    #[wasm_bindgen(unchecked_return_type = "SetEntry[]")]
    pub fn entries(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.entries())
    }

    /// The content of the entry at that place, if it has no more than `most` bytes.
    pub fn read(&mut self, entry: u32, most: f64) -> Result<Vec<u8>, JsValue> {
        self.0.read(entry as usize, most as u64).map_err(thrown)
    }
}

/// The entries whose content `planTrainingSet` has to have.
#[wasm_bindgen(js_name = documentsOfTrainingSet)]
pub fn documents(
    #[wasm_bindgen(unchecked_param_type = "readonly SetEntry[]")] entries: JsValue,
) -> Result<Vec<u32>, JsValue> {
    Ok(import::documents(&serde_wasm_bindgen::from_value::<Vec<Entry>>(entries)?))
}

#[derive(Deserialize)]
struct JsDocument {
    entry: u32,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    bytes: Uint8Array,
}

/// The pictures of a training set and their tags. `source`: from where, if not from where they most likely are.
#[wasm_bindgen(js_name = planTrainingSet, unchecked_return_type = "ImportPlan")]
pub fn plan(
    name: &str,
    #[wasm_bindgen(unchecked_param_type = "readonly SetEntry[]")] entries: JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly SetDocument[]")] documents: JsValue,
    #[wasm_bindgen(unchecked_param_type = "TagSource | null")] source: JsValue,
) -> Result<JsValue, JsValue> {
    let entries: Vec<Entry> = serde_wasm_bindgen::from_value(entries)?;
    let source: Option<TagSource> = serde_wasm_bindgen::from_value(source)?;
    let documents: Vec<JsDocument> = serde_wasm_bindgen::from_value(documents)?;
    let document = |one: JsDocument| Document { entry: one.entry, bytes: one.bytes.to_vec() };
    let documents: Vec<Document> = documents.into_iter().map(document).collect();
    to_js(&import::plan(name, &entries, &documents, source).map_err(thrown)?)
}

/// The network of `card`, JSON, and a head, JSON too, in one ONNX file.
#[wasm_bindgen(js_name = ownTagsOnnx)]
pub fn own_tags_onnx(model: &[u8], card: &str, head: &str) -> Result<Vec<u8>, JsValue> {
    let card = ModelCard::parse(card).map_err(thrown)?;
    let head = OwnHead::parse(head).map_err(thrown)?;
    onnx(model, &card, &head).map_err(thrown)
}

/// The file in which an own tagger travels. `lights`: JSON, what the guidelines said. `set`: what it learnt from, where that goes along.
#[wasm_bindgen(js_name = taggerFile)]
pub fn tagger_file(
    head: &str,
    lights: &str,
    #[wasm_bindgen(unchecked_param_type = "TrainingColumns | null")] set: JsValue,
) -> Result<String, JsValue> {
    let head = OwnHead::parse(head).map_err(thrown)?;
    let lights = serde_json::from_str(lights).map_err(|error| js_sys::TypeError::new(&error.to_string()))?;
    let moved = |set| MovedSet { set, squares: Vec::new() };
    let set = if set.is_null() || set.is_undefined() { None } else { Some(moved(read_set(&set)?)) };
    Ok(TaggerFile { head, lights, set }.json())
}

/// What came as such a file, or as that of a head.
#[wasm_bindgen(
    js_name = readTaggerFile,
    unchecked_return_type = "{ head: string; lights: GuidelineState[]; set: TrainingColumns | null }"
)]
pub fn read_tagger_file(json: &str) -> Result<JsValue, JsValue> {
    let TaggerFile { head, lights, set } = TaggerFile::parse(json).map_err(thrown)?;
    let set = set.map_or(Ok(JsValue::NULL), |moved| write_set(&moved.set))?;
    object([("head", head.json().into()), ("lights", to_js(&lights)?), ("set", set)])
}

/// A `Blob` as a file: only in a worker can it be read at once.
struct BlobReader {
    blob: Blob,
    reader: FileReaderSync,
    length: u64,
    at: u64,
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.length.min(self.at.saturating_add(buffer.len() as u64));
        if end <= self.at {
            return Ok(0);
        }
        let unreadable = |_| io::Error::other("the browser does not read the file any more");
        let slice = self.blob.slice_with_f64_and_f64(self.at as f64, end as f64).map_err(unreadable)?;
        let read = Uint8Array::new(&self.reader.read_as_array_buffer(&slice).map_err(unreadable)?.into());
        let n = (read.length() as usize).min(buffer.len());
        read.subarray(0, n as u32).copy_to(&mut buffer[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
