//! The exports module: reports as files, and vocabularies of other programs. It is loaded with the first of either, because nothing before
//! needs it.

use js_sys::{Array, Uint8Array};
use tagsmith::session::{Content, Export, ExportFile, ExportOptions, keywords, read_reports};
use tagsmith::tags::{StrictWords, nearest_words};
use tagsmith::{ExportFormat, Keywords};
use wasm_bindgen::prelude::*;

use crate::js::{object, thrown, to_js};

/// An export that is being made.
#[wasm_bindgen(js_name = Export)]
pub struct JsExport(Export);

#[wasm_bindgen(js_class = Export)]
impl JsExport {
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "ExportFormat")] format: &str,
        #[wasm_bindgen(unchecked_param_type = "ExportChoices")] options: JsValue,
    ) -> Result<JsExport, JsValue> {
        let Some(format) = ExportFormat::from_name(format) else {
            return Err(js_sys::TypeError::new(&format!("There is no export format {format:?}.")).into());
        };
        // As JSON: fields of an object that nobody asks for would go unnoticed.
        let options = String::from(js_sys::JSON::stringify(&options)?);
        let options: ExportOptions = serde_json::from_str(&options).map_err(type_error)?;
        Export::new(format, options).map(Self).map_err(thrown)
    }

    /// Adds what `Session.reports()` gave. Several calls with some pictures each take less memory than one with all.
    pub fn add(&mut self, reports: &str) -> Result<(), JsValue> {
        let reports = read_reports(reports).map_err(type_error)?;
        reports.iter().try_for_each(|report| self.0.add(report)).map_err(thrown)
    }

    /// Paths of the pictures added so far that would share a file if it were named by the stem: a group for each such file.
    #[wasm_bindgen(js_name = nameCollisions, unchecked_return_type = "string[][]")]
    pub fn name_collisions(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.name_collisions())
    }

    /// How many files there are so far.
    #[wasm_bindgen(js_name = nFiles)]
    pub fn n_files(&self) -> usize {
        self.0.n_files()
    }

    /// The files. The export is gone then.
    #[wasm_bindgen(unchecked_return_type = "ExportFile[]")]
    pub fn finish(self) -> Result<JsValue, JsValue> {
        let files: Result<Array, JsValue> = self.0.finish().map_err(thrown)?.into_iter().map(js_file).collect();
        Ok(files?.into())
    }
}

/// A copy of `file`, a picture, with the tags and texts of its report inside. `reports`: what `Session.reports()` gave for it.
#[wasm_bindgen(js_name = writeKeywords, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
pub fn write_keywords(file: &[u8], reports: &str) -> Result<Vec<u8>, JsValue> {
    tagsmith::write_keywords(file, &keywords_of(reports)?).map_err(thrown)
}

/// `existing`, a sidecar by whatever program, with the tags of the picture's report among its keywords, and its texts.
#[wasm_bindgen(js_name = mergeSidecar, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
pub fn merge_sidecar(existing: &[u8], reports: &str) -> Result<Vec<u8>, JsValue> {
    tagsmith::merge_sidecar(existing, &keywords_of(reports)?).map_err(thrown)
}

fn keywords_of(reports: &str) -> Result<Keywords, JsValue> {
    let reports = read_reports(reports).map_err(type_error)?;
    Ok(reports.first().map(keywords).unwrap_or_default())
}

fn type_error(error: serde_json::Error) -> JsValue {
    js_sys::TypeError::new(&error.to_string()).into()
}

fn js_file(file: ExportFile) -> Result<JsValue, JsValue> {
    let content = match file.content {
        Content::Text(text) => text.into(),
        Content::Bytes(bytes) => Uint8Array::from(&bytes[..]).into(),
    };
    let picture = file.picture.map_or(JsValue::NULL, |at| (at as u32).into());
    object([("name", file.name.into()), ("content", content), ("picture", picture)])
}

/// A vocabulary of another program as a list of words. `name`: of the file; `language`: of the words, where the file says none.
#[wasm_bindgen(js_name = readWords, unchecked_return_type = "ImportedWords")]
pub fn read_words(file: &[u8], name: &str, language: Option<String>) -> Result<JsValue, JsValue> {
    to_js(&tagsmith::tags::read_words(file, name, language.as_deref()).map_err(thrown)?)
}

/// Words of a list that may be the same, and for each of `names` the id of the word that it nearly is, or null.
#[wasm_bindgen(js_name = nearWords, unchecked_return_type = "WordsHealth")]
pub fn near_words(words: &str, names: Vec<String>) -> Result<JsValue, JsValue> {
    let words = StrictWords::parse(words).map_err(thrown)?;
    let (near, nearest) = (tagsmith::tags::near_words(&words), nearest_words(&words, &names));
    object([("near", to_js(&near)?), ("nearest", to_js(&nearest)?)])
}

/// What `options` are where nobody chooses.
#[wasm_bindgen(js_name = defaultExportOptions, unchecked_return_type = "ExportOptions")]
pub fn default_export_options() -> Result<JsValue, JsValue> {
    to_js(&ExportOptions::default())
}
