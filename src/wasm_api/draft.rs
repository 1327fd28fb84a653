//! Models without a card: see [`crate::draft`].

use wasm_bindgen::prelude::*;

use super::{thrown, to_js};
use crate::draft::{self, DraftChoices, PRESETS};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Layout = "nchw" | "nhwc";
export type Activation = "softmax" | "sigmoid" | "none";
/** What a guess rests on: the file itself, or what most networks of its kind do. */
export type Basis = "graph" | "usual";
export type Preset = { id: string, mean: [number, number, number], std: [number, number, number], source: string };
/** One output, and what follows if it is the one with the scores. Sides that depend on the input are null. */
export type OutputDraft = { name: string, shape: (number | null)[] | null, n_classes: number | null,
    activation: Activation, activation_basis: Basis, embedding: string | null, feature_map: string | null };
export type ModelDraft = {
    input: { name: string, layout: Layout, layout_basis: Basis, height: number | null, width: number | null },
    outputs: OutputDraft[], scores: string,
    normalisation: { preset: string, mean: [number, number, number], std: [number, number, number], basis: Basis } };
export type Fit = { kind: "squash" } | { kind: "centre_crop", shorter_side: number } | { kind: "letterbox", pad: [number, number, number] };
export type DraftChoices = { name: string, height: number, width: number, layout: Layout, colour: "rgb" | "bgr",
    mean: [number, number, number], std: [number, number, number], fit: Fit, filter: "bicubic" | "bilinear",
    activation: Activation, scores: string, threshold: number, max_tags: number };
export type DraftedModel = { card: string, vocabulary: string };
"#;

/// What an ONNX file tells of the card it needs, and guesses for the rest.
#[wasm_bindgen(unchecked_return_type = "ModelDraft")]
pub fn inspect_model(model: &[u8]) -> Result<JsValue, JsValue> {
    to_js(&draft::inspect(model).map_err(thrown)?)
}

/// The labels in a file, in the order of the classes. `n_classes`: how many the network has, where that is known.
#[wasm_bindgen]
pub fn parse_labels(text: &str, file_name: &str, n_classes: Option<u32>) -> Result<Vec<String>, JsValue> {
    draft::parse_labels(text, file_name, n_classes.map(|n_classes| n_classes as usize)).map_err(thrown)
}

/// Card and vocabulary of a model, loaded with them once: what this gives, `new Tagger()` takes.
#[wasm_bindgen(unchecked_return_type = "DraftedModel")]
pub fn draft_model(
    model: &[u8],
    model_sha256: &str,
    labels: Vec<String>,
    #[wasm_bindgen(unchecked_param_type = "DraftChoices")] choices: JsValue,
) -> Result<JsValue, JsValue> {
    let choices: DraftChoices = serde_wasm_bindgen::from_value(choices)?;
    let draft = draft::inspect(model).map_err(thrown)?;
    to_js(&draft::finish(model, model_sha256, &draft, &labels, &choices).map_err(thrown)?)
}

/// The usual ways to normalise pixels, the most usual first.
#[wasm_bindgen(unchecked_return_type = "Preset[]")]
pub fn normalisation_presets() -> Result<JsValue, JsValue> {
    to_js(&PRESETS)
}
