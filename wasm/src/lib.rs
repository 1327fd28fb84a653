//! Tagsmith as JavaScript sees it: the only code that names JS types. It converts and decides nothing.
//!
//! Two modules are built from it, each with one feature: the *engine* (decode, infer, tag, import a model) and the *session* (policy,
//! results, export), which needs no network and is a small part of the engine's size. `types.d.ts` declares what crosses this border.
//!
//! Every error thrown is an `Error` with `code` (stable), `detail` (one English sentence) and `subject` (a format, an operator; or undefined).
#![cfg(target_arch = "wasm32")]

#[cfg(feature = "engine")]
mod import;
mod js;
#[cfg(feature = "session")]
mod session;
#[cfg(feature = "engine")]
mod tagger;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// Panics are reported with their message instead of a bare "unreachable".
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Every code that a thrown error can carry.
#[wasm_bindgen(js_name = errorCodes)]
pub fn error_codes() -> Vec<String> {
    tagsmith::ErrorKind::ALL.iter().map(|kind| kind.code().to_owned()).collect()
}

#[wasm_bindgen(js_name = pipelineVersion)]
pub fn pipeline_version() -> u32 {
    tagsmith::PIPELINE_VERSION
}
