//! Tagsmith's JavaScript interface: the only code that uses JS types. It converts values and decides nothing.
//!
//! Five modules are built from it, with one feature each: the *engine* (decode, infer, tag, import a model), the much smaller *session
//! module* (policy, results), which has no runtime, the *exports module* (files), which comes with the first export, the *providers
//! module* (other taggers), which comes with the provider worker, and the *training module* (own tags), which comes with the trainer.
//! `types.d.ts`, `stored_types.d.ts` and `train_types.d.ts` declare the types of all.
//!
//! Every thrown error is an `Error` with `code` (stable), `detail` (one English sentence) and `subject` (a format or an operator, or
//! undefined).

#[cfg(feature = "exports")]
mod exports;
#[cfg(any(feature = "engine", feature = "session"))]
mod facts;
#[cfg(feature = "engine")]
mod import;
mod js;
#[cfg(feature = "providers")]
mod providers;
#[cfg(feature = "session")]
mod session;
#[cfg(feature = "session")]
mod stored;
#[cfg(feature = "engine")]
mod tagger;
#[cfg(any(feature = "engine", feature = "session"))]
mod tagging;
#[cfg(feature = "train")]
mod trainer;
#[cfg(feature = "train")]
mod training_columns;
#[cfg(feature = "train")]
mod training_sets;
#[cfg(feature = "engine")]
mod views;

use wasm_bindgen::prelude::*;

/// Pictures are hostile: what their decoders take is counted.
#[cfg(feature = "engine")]
#[global_allocator]
static ALLOCATOR: tagsmith::CountingAllocator = tagsmith::CountingAllocator;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[cfg(feature = "session")]
#[wasm_bindgen(typescript_custom_section)]
const STORED_TYPES: &str = include_str!("stored_types.d.ts");

#[cfg(feature = "train")]
#[wasm_bindgen(typescript_custom_section)]
const TRAIN_TYPES: &str = include_str!("train_types.d.ts");

/// Reports panics with their message instead of a bare "unreachable".
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
