//! The exports module: reports as files. It is loaded with the first export, because nothing before needs it.

use js_sys::{Array, Uint8Array};
use tagsmith::ExportFormat;
use tagsmith::session::{Content, Export, ExportFile, ExportOptions, read_reports};
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
            return Err(js_sys::RangeError::new(&format!("There is no export format {format:?}.")).into());
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

    /// The files. The export is gone then.
    #[wasm_bindgen(unchecked_return_type = "ExportFile[]")]
    pub fn finish(self) -> Result<JsValue, JsValue> {
        let files: Result<Array, JsValue> = self.0.finish().map_err(thrown)?.into_iter().map(js_file).collect();
        Ok(files?.into())
    }
}

fn type_error(error: serde_json::Error) -> JsValue {
    js_sys::TypeError::new(&error.to_string()).into()
}

fn js_file(file: ExportFile) -> Result<JsValue, JsValue> {
    let content = match file.content {
        Content::Text(text) => text.into(),
        Content::Bytes(bytes) => Uint8Array::from(&bytes[..]).into(),
    };
    object([("name", file.name.into()), ("content", content)])
}

/// What `options` are where nobody chooses.
#[wasm_bindgen(js_name = defaultExportOptions, unchecked_return_type = "ExportOptions")]
pub fn default_export_options() -> Result<JsValue, JsValue> {
    to_js(&ExportOptions::default())
}
