//! The engine's model import.

use tagsmith::model::{self, ImportChoices, NORMALISATION_PRESETS};
use wasm_bindgen::prelude::*;

use crate::js::{thrown, to_js};

/// What an ONNX file reveals about the card it needs, and assumptions for the rest.
#[wasm_bindgen(js_name = inspectModel, unchecked_return_type = "ModelInspection")]
pub fn inspect_model(model: &[u8]) -> Result<JsValue, JsValue> {
    to_js(&model::inspect(model).map_err(thrown)?)
}

/// The labels in a file, in class order. `n_classes`: the network's number of classes, if known.
#[wasm_bindgen(js_name = parseLabels)]
pub fn parse_labels(text: &str, file_name: &str, n_classes: Option<u32>) -> Result<Vec<String>, JsValue> {
    model::parse_labels(text, file_name, n_classes.map(|n_classes| n_classes as usize)).map_err(thrown)
}

/// Writes the card and the vocabulary of a model, and loads the model with them once: `new Tagger()` accepts the result.
#[wasm_bindgen(js_name = importModel, unchecked_return_type = "ImportedModel")]
pub fn import_model(
    model: &[u8],
    model_sha256: &str,
    labels: Vec<String>,
    #[wasm_bindgen(unchecked_param_type = "ImportChoices")] choices: JsValue,
) -> Result<JsValue, JsValue> {
    let choices: ImportChoices = serde_wasm_bindgen::from_value(choices)?;
    let inspection = model::inspect(model).map_err(thrown)?;
    to_js(&model::import_model(model, model_sha256, &inspection, &labels, &choices).map_err(thrown)?)
}

/// Common ways to normalise pixels, the most common first.
#[wasm_bindgen(js_name = normalisationPresets, unchecked_return_type = "NormalisationPreset[]")]
pub fn normalisation_presets() -> Result<JsValue, JsValue> {
    to_js(&NORMALISATION_PRESETS)
}
