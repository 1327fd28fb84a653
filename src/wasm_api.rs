//! The engine as JavaScript sees it: the only code that names JS types. It converts and decides nothing.
//!
//! Every error thrown is an `Error` with `code` (stable), `detail` (one English sentence) and `subject` (a format, an operator; or undefined).

mod batch;
mod draft;

use js_sys::{Array, Float32Array, Function, Object, Reflect, Uint8Array, Uint8ClampedArray, Uint16Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use crate::card;
use crate::decode::{Limits, Picture};
use crate::error::{Error, ErrorKind};
use crate::explain::Explanation;
use crate::report::PIPELINE_VERSION;
use crate::resize;
use crate::tagger::{self, Scored};

/// Longer side of the thumbnails, in pixels: two device pixels for each of a card's 180.
const THUMBNAIL_SIDE: u32 = 360;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Limits = { max_file_bytes: number, max_side: number, max_pixels: number };
export type TimingsMs = { decode: number, resize: number, infer: number, tags: number };
export type PictureFacts = { sha256: string, width: number, height: number, format: string };
/** What the model says of one picture: candidates by vocabulary index, the surest first; `sources`: which part of the model says so. */
export type Tagging = PictureFacts & { tags: Uint16Array, scores: Float32Array, confidences: Float32Array, sources: Uint8Array,
    timings_ms: TimingsMs };
/** A tagging with what is shown or kept beside it. `thumbnail` is upright RGBA. */
export type TaggedPicture = Tagging & { embedding: Float32Array | undefined,
    thumbnail: { width: number, height: number, pixels: Uint8ClampedArray<ArrayBuffer> } };
/** How much each place of a picture speaks for a tag: `heat` row by row, 0 to 1; `region` (left, top, width, height) is what the places
 *  cover together, as fractions of the upright picture. It may reach over its edges. */
export type Explanation = { width: number, height: number, heat: Float32Array, region: [number, number, number, number] };
export type Policy = { threshold: number, max_tags: number, allow: string[], deny: string[], language: string };
/** `frequent`: the tags on most pictures, parents included. `histogram`: 50 bins over [0, 1]. */
export type Summary = { pictures: number, failed: number, with_tags: number, corrected: number, tags: number,
    frequent: TagCount[], histogram: Uint32Array };
export type TagCount = { id: string, name: string, pictures: number };
/** What a policy shows more and less than another one; `edge`: the pictures that gain or lose a tag, nearest to the threshold first. */
export type Change = { tags_gained: number, tags_lost: number, pictures_gained: number, pictures_lost: number,
    edge: { id: number, tag: string, name: string, confidence: number, is_gained: boolean }[] };
/** `score` is null where the model has none for a tag that a person gave. */
export type Tag = { id: string, name: string, category: string | null, confidence: number, score: number | null,
    source: "auto" | "manual", from: string, parents: { id: string, name: string }[] };
/** A tag by a person: an id of the vocabulary, or "own:" and the word. */
export type OwnTag = { id: string, name: string };
export type Corrections = { own: OwnTag[], rejected: string[] };
export type Details = { nearly: Tag[], rejected: OwnTag[] };
export type Filter = { kind: "untagged" } | { kind: "failed" } | { kind: "corrected" } | { kind: "tag", id: string };
export type ModelFacts = { id: string, version: string, name: string, n_classes: number, n_tags: number,
    languages: string[], policy: { threshold: number, max_tags: number, parents: number, settings?: Settings }, can_be_thorough: boolean };
/** Thresholds in people's words. */
export type Settings = { sure: number, balanced: number, generous: number };
/** What a card names beside its model and vocabulary, by path from the card's folder. */
export type Parts = Record<string, Uint8Array>;
export type ExportFormat = "csv" | "json" | "jsonl" | "captions" | "xmp";
export type ExportFile = { name: string, content: string };
"#;

/// Panics are reported with their message instead of a bare "unreachable".
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// A loaded model.
#[wasm_bindgen]
pub struct Tagger(tagger::Tagger);

#[derive(Serialize)]
struct ModelFacts<'a> {
    id: &'a str,
    version: &'a str,
    name: &'a str,
    n_classes: usize,
    n_tags: usize,
    languages: &'a [String],
    policy: card::PolicyDefaults,
    can_be_thorough: bool,
}

#[wasm_bindgen]
impl Tagger {
    /// `model_sha256` is the model file's, lower-case hex, where the shell has it from something faster than wasm.
    #[wasm_bindgen(constructor)]
    pub fn new(
        card: &str,
        vocabulary: &str,
        model: &[u8],
        model_sha256: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "Parts")] parts: Option<Object>,
    ) -> Result<Tagger, JsValue> {
        let model_sha256 = model_sha256.unwrap_or_else(|| card::sha256(model));
        let part = |path: &str| {
            let found = parts.as_ref().and_then(|parts| Reflect::get(parts, &path.into()).ok());
            match found.and_then(|found| found.dyn_into::<Uint8Array>().ok()) {
                Some(bytes) => Ok(bytes.to_vec()),
                None => tagger::no_parts(path),
            }
        };
        tagger::Tagger::load_hashed(card, vocabulary, model, &model_sha256, &part).map(Self).map_err(thrown)
    }

    #[wasm_bindgen(unchecked_return_type = "ModelFacts")]
    pub fn facts(&self) -> Result<JsValue, JsValue> {
        let (card, vocabulary) = (self.0.card(), self.0.vocabulary());
        to_js(&ModelFacts {
            id: &card.id,
            version: &card.version,
            name: &card.name,
            n_classes: vocabulary.n_classes(),
            n_tags: vocabulary.tags().len(),
            languages: vocabulary.languages(),
            policy: card.policy,
            can_be_thorough: card.thorough.is_some(),
        })
    }

    /// From now on, pictures are looked at in parts too, or not.
    pub fn set_thorough(&mut self, is_thorough: bool) -> Result<(), JsValue> {
        self.0.set_thorough(is_thorough).map_err(thrown)
    }

    /// Decodes and scores a file. `sha256` is the file's, lower-case hex, where the shell has it from something faster than wasm;
    /// `on_decoded` is called between the two.
    #[wasm_bindgen(unchecked_return_type = "TaggedPicture")]
    pub fn tag(
        &self,
        bytes: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
        sha256: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "() => void")] on_decoded: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        let sha256 = sha256.unwrap_or_else(|| card::sha256(bytes));
        let decoded = self.0.decode(bytes, &limits).map_err(thrown)?;
        if let Some(on_decoded) = on_decoded {
            on_decoded.call0(&JsValue::UNDEFINED)?;
        }
        let scored = self.0.score_decoded(&decoded, sha256).map_err(thrown)?;
        tagging(&scored, &decoded.picture)
    }

    /// Scores pixels that the browser decoded; `sha256` and `format` are those of the file.
    #[wasm_bindgen(unchecked_return_type = "TaggedPicture")]
    pub fn tag_pixels(
        &self,
        pixels: &ImageData,
        sha256: String,
        format: &str,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        let picture = Picture::from_rgba(pixels.width(), pixels.height(), &pixels.data().0, &limits).map_err(thrown)?;
        let scored = self.0.score(&picture, sha256, format).map_err(thrown)?;
        tagging(&scored, &picture)
    }

    /// Where in a file's picture the model saw a tag.
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn explain(
        &self,
        bytes: &[u8],
        tag_id: &str,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        explanation(&self.0.explain_file(bytes, tag_id, &limits).map_err(thrown)?)
    }

    /// The same for pixels that the browser decoded.
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn explain_pixels(
        &self,
        pixels: &ImageData,
        tag_id: &str,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        let picture = Picture::from_rgba(pixels.width(), pixels.height(), &pixels.data().0, &limits).map_err(thrown)?;
        explanation(&self.0.explain(&picture, tag_id).map_err(thrown)?)
    }
}

/// SHA-256 of `bytes`, lower-case hex.
#[wasm_bindgen]
pub fn sha256(bytes: &[u8]) -> String {
    card::sha256(bytes)
}

#[wasm_bindgen(unchecked_return_type = "Limits")]
pub fn default_limits() -> Result<JsValue, JsValue> {
    to_js(&Limits::default())
}

/// Every code that a thrown error can carry.
#[wasm_bindgen]
pub fn error_codes() -> Vec<String> {
    ErrorKind::ALL.iter().map(|kind| kind.code().to_owned()).collect()
}

#[wasm_bindgen]
pub fn pipeline_version() -> u32 {
    PIPELINE_VERSION
}

fn tagging(scored: &Scored, picture: &Picture) -> Result<JsValue, JsValue> {
    let tags: Vec<u16> = scored.candidates.iter().map(|candidate| candidate.tag).collect();
    let scores: Vec<f32> = scored.candidates.iter().map(|candidate| candidate.score).collect();
    let confidences: Vec<f32> = scored.candidates.iter().map(|candidate| candidate.confidence).collect();
    let sources: Vec<u8> = scored.candidates.iter().map(|candidate| candidate.source).collect();
    let thumbnail = resize::thumbnail(picture, THUMBNAIL_SIDE);
    let rgba: Vec<u8> = thumbnail
        .pixels()
        .as_chunks::<3>()
        .0
        .iter()
        .flat_map(|&[red, green, blue]| [red, green, blue, u8::MAX])
        .collect();
    let object = object([
        ("width", thumbnail.width().into()),
        ("height", thumbnail.height().into()),
        ("pixels", Uint8ClampedArray::from(&rgba[..]).into()),
    ])?;
    let tagging = to_js(&scored.facts)?;
    let embedding = scored.embedding.as_deref().map_or(JsValue::UNDEFINED, |values| Float32Array::from(values).into());
    for (key, value) in [
        ("tags", Uint16Array::from(&tags[..]).into()),
        ("scores", Float32Array::from(&scores[..]).into()),
        ("confidences", Float32Array::from(&confidences[..]).into()),
        ("sources", Uint8Array::from(&sources[..]).into()),
        ("embedding", embedding),
        ("timings_ms", to_js(&scored.timings)?),
        ("thumbnail", object),
    ] {
        Reflect::set(&tagging, &key.into(), &value)?;
    }
    Ok(tagging)
}

fn explanation(explanation: &Explanation) -> Result<JsValue, JsValue> {
    object([
        ("width", explanation.width.into()),
        ("height", explanation.height.into()),
        ("heat", Float32Array::from(&explanation.heat[..]).into()),
        ("region", explanation.region.map(JsValue::from).into_iter().collect::<Array>().into()),
    ])
}

fn object<const N: usize>(entries: [(&str, JsValue); N]) -> Result<JsValue, JsValue> {
    let entries: Array = entries.into_iter().map(|(key, value)| Array::of2(&key.into(), &value)).collect();
    Object::from_entries(&entries).map(Into::into)
}

/// Structs as plain objects, absent values as null.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn thrown(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(error.detail());
    for (key, value) in
        [("code", Some(error.kind().code())), ("detail", Some(error.detail())), ("subject", error.subject())]
    {
        Reflect::set(&thrown, &key.into(), &value.into()).expect("a new Error takes properties");
    }
    thrown.into()
}
