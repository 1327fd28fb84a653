//! The engine's tagger: a loaded model that tags pictures and explains tags.

use js_sys::{Array, Float32Array, Function, Int8Array, Object, Reflect, Uint8Array, Uint8ClampedArray};
use serde::{Deserialize, Serialize};
use tagsmith::model::no_companions;
use tagsmith::picture::{self, decode, thumbnail};
use tagsmith::tags::{Embedding, OtherDecoder, PictureFacts, Tagging};
use tagsmith::{Explanation, Inference, Limits, Picture, TagOptions};
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use crate::facts::ModelFacts;
use crate::js::{object, thrown, to_js};
use crate::tagging::{js_tagging, read_tagging};

/// Longer side of a thumbnail, in pixels: a picture card's 180 CSS pixels at somewhat more than one device pixel
/// each, because a library keeps thousands of them.
const THUMBNAIL_SIDE: u32 = 256;

/// A loaded model.
#[wasm_bindgen(js_name = Tagger)]
pub struct JsTagger(pub(crate) tagsmith::Tagger);

#[derive(Serialize)]
struct JsForBrowser {
    format: &'static str,
    width: u32,
    height: u32,
}

/// `TagOptions` of types.d.ts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsTagOptions {
    limits: Limits,
}

fn options(options: JsValue) -> Result<TagOptions, JsValue> {
    let JsTagOptions { limits } = serde_wasm_bindgen::from_value(options)?;
    Ok(TagOptions { limits, policy: None })
}

#[wasm_bindgen(js_class = Tagger)]
impl JsTagger {
    /// `model_sha256` (lower-case hex) saves time if the caller has it: browsers hash faster outside WebAssembly. `companions` are the
    /// companion files by their paths relative to the card's folder.
    #[wasm_bindgen(constructor)]
    pub fn new(
        card: &str,
        vocabulary: &str,
        model: &[u8],
        model_sha256: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "Companions")] companions: Option<Object>,
    ) -> Result<JsTagger, JsValue> {
        let model_sha256 = model_sha256.unwrap_or_else(|| tagsmith::sha256(model));
        let read = |path: &str, most: u64| companion(companions.as_ref(), path, most);
        tagsmith::Tagger::load_hashed(card, vocabulary, model, &model_sha256, &read).map(Self).map_err(thrown)
    }

    #[wasm_bindgen(unchecked_return_type = "ModelFacts")]
    pub fn facts(&self) -> Result<JsValue, JsValue> {
        to_js(&ModelFacts::new(self.0.card(), self.0.vocabulary()))
    }

    /// Decodes a file and runs the model on it. `sha256` (the file's, lower-case hex) saves time if the caller has it; `on_decoded` is
    /// called between decoding and inference.
    #[wasm_bindgen(unchecked_return_type = "TaggedPicture")]
    pub fn tag(
        &self,
        bytes: &[u8],
        #[wasm_bindgen(unchecked_param_type = "TagOptions")] tag_options: JsValue,
        sha256: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "() => void")] on_decoded: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        let options = options(tag_options)?;
        let sha256 = sha256.unwrap_or_else(|| tagsmith::sha256(bytes));
        let decoded = self.0.decode(bytes, &options).map_err(thrown)?;
        if let Some(on_decoded) = on_decoded {
            on_decoded.call0(&JsValue::UNDEFINED)?;
        }
        let inference = self.0.infer_decoded(&decoded, sha256).map_err(thrown)?;
        tagged_picture(inference, &decoded.picture)
    }

    /// Runs the model on pixels that the browser decoded; `sha256` and `format` are those of the file.
    #[wasm_bindgen(js_name = tagPixels, unchecked_return_type = "TaggedPicture")]
    pub fn tag_pixels(
        &self,
        pixels: &ImageData,
        sha256: String,
        format: &str,
        #[wasm_bindgen(unchecked_param_type = "TagOptions")] tag_options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let options = options(tag_options)?;
        let picture = from_pixels(pixels, &options.limits)?;
        let mut inference = self.0.infer(&picture, sha256, format).map_err(thrown)?;
        inference.facts.decoder = Some(OtherDecoder::Browser);
        tagged_picture(inference, &picture)
    }

    /// Loads the detector of the card's second look. `companions`: its card and its network by their paths relative to the model's card.
    #[wasm_bindgen(js_name = loadObjects)]
    pub fn load_objects(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Companions")] companions: Object,
    ) -> Result<(), JsValue> {
        self.0.load_objects(&|path, most| companion(Some(&companions), path, most)).map_err(thrown)
    }

    #[wasm_bindgen(js_name = hasObjects)]
    pub fn has_objects(&self) -> bool {
        self.0.has_objects()
    }

    /// The second look at a file: `first`, which [`Self::tag`] gave, with objects. `on_decoded` is called between decoding and inference.
    #[wasm_bindgen(js_name = lookAgain, unchecked_return_type = "Tagging")]
    pub fn look_again(
        &self,
        bytes: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Tagging")] first: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "() => void")] on_decoded: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        let first = self.tagging(first)?;
        let decoded = self.0.decode_again(bytes, &limits).map_err(thrown)?;
        if let Some(on_decoded) = on_decoded {
            on_decoded.call0(&JsValue::UNDEFINED)?;
        }
        js_tagging(&self.0.look_again_decoded(&decoded, &first).map_err(thrown)?)
    }

    /// [`Self::look_again`] for pixels that the browser decoded.
    #[wasm_bindgen(js_name = lookAgainPixels, unchecked_return_type = "Tagging")]
    pub fn look_again_pixels(
        &self,
        pixels: &ImageData,
        #[wasm_bindgen(unchecked_param_type = "Tagging")] first: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        let picture = from_pixels(pixels, &limits)?;
        js_tagging(&self.0.look_again(&picture, &self.tagging(first)?).map_err(thrown)?)
    }

    fn tagging(&self, tagging: JsValue) -> Result<Tagging, JsValue> {
        read_tagging(tagging, self.0.vocabulary().tags().len(), self.0.card().components().len())
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

    /// [`Self::explain`] for pixels that the browser decoded.
    #[wasm_bindgen(js_name = explainPixels, unchecked_return_type = "Explanation")]
    pub fn explain_pixels(
        &self,
        pixels: &ImageData,
        tag_id: &str,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        explanation(&self.0.explain(&from_pixels(pixels, &limits)?, tag_id).map_err(thrown)?)
    }
}

/// SHA-256 of `bytes`, lower-case hex.
#[wasm_bindgen]
pub fn sha256(bytes: &[u8]) -> String {
    tagsmith::sha256(bytes)
}

/// The thumbnail of a file's picture; no network runs.
#[wasm_bindgen(unchecked_return_type = "Thumbnail")]
pub fn preview(
    bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
) -> Result<JsValue, JsValue> {
    let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
    let (_, picture) = decode(bytes, &limits, Some(THUMBNAIL_SIDE)).map_err(thrown)?;
    js_thumbnail(&picture)
}

/// [`preview`] for pixels that the browser decoded.
#[wasm_bindgen(js_name = previewPixels, unchecked_return_type = "Thumbnail")]
pub fn preview_pixels(
    pixels: &ImageData,
    #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
) -> Result<JsValue, JsValue> {
    let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
    js_thumbnail(&from_pixels(pixels, &limits)?)
}

/// A file's picture as another tagger takes it, upright: its longer side at most `max_side`, its shorter at least `min_side` as far as that goes.
#[wasm_bindgen(unchecked_return_type = "ShrunkPicture")]
pub fn shrink(
    bytes: &[u8],
    max_side: u32,
    min_side: u32,
    #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
) -> Result<JsValue, JsValue> {
    let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
    let shrunk = picture::decode_shrunk(bytes, &limits, max_side, min_side).map_err(thrown)?;
    let js = js_pixels(&shrunk.picture)?;
    let facts = PictureFacts {
        sha256: String::new(), // the caller's, who has it from the browser
        width: shrunk.full_size.0,
        height: shrunk.full_size.1,
        format: shrunk.format.name().into(),
        incomplete: shrunk.is_incomplete,
        decoder: None,
        taken_ms: shrunk.taken_ms,
    };
    Reflect::set(&js, &"facts".into(), &to_js(&facts)?)?;
    Ok(js)
}

/// [`shrink`] for pixels that the browser decoded; without facts.
#[wasm_bindgen(js_name = shrinkPixels, unchecked_return_type = "Thumbnail")]
pub fn shrink_pixels(
    pixels: &ImageData,
    max_side: u32,
    min_side: u32,
    #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
) -> Result<JsValue, JsValue> {
    let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
    js_pixels(&picture::shrink(&from_pixels(pixels, &limits)?, max_side, min_side))
}

/// Which file that the engine refuses the browser may be asked for, with the size in its header; `undefined` if it may not.
#[wasm_bindgen(js_name = forBrowser, unchecked_return_type = "ForBrowser | undefined")]
pub fn for_browser(
    bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
) -> Result<JsValue, JsValue> {
    let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
    let Some(file) = picture::for_browser(bytes, &limits).map_err(thrown)? else { return Ok(JsValue::UNDEFINED) };
    to_js(&JsForBrowser { format: file.format.name(), width: file.width, height: file.height })
}

/// About how many bytes decoding a file takes.
#[wasm_bindgen(js_name = memoryEstimate)]
pub fn memory_estimate(
    bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
) -> Result<f64, JsValue> {
    let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
    Ok(picture::memory_estimate(bytes, &limits) as f64)
}

#[wasm_bindgen(js_name = defaultLimits, unchecked_return_type = "Limits")]
pub fn default_limits() -> Result<JsValue, JsValue> {
    to_js(&Limits::default())
}

pub fn from_pixels(pixels: &ImageData, limits: &Limits) -> Result<Picture, JsValue> {
    Picture::from_rgba(pixels.width(), pixels.height(), &pixels.data().0, limits).map_err(thrown)
}

fn tagged_picture(inference: Inference, picture: &Picture) -> Result<JsValue, JsValue> {
    let Inference { facts, candidates, boxes, embedding, timings, .. } = inference;
    let tagged = js_tagging(&Tagging { facts, candidates, boxes, timings })?;
    let embedding = embedding.as_deref().and_then(Embedding::new).map(js_embedding).transpose()?;
    Reflect::set(&tagged, &"embedding".into(), &embedding.unwrap_or(JsValue::UNDEFINED))?;
    Reflect::set(&tagged, &"thumbnail".into(), &js_thumbnail(picture)?)?;
    Ok(tagged)
}

/// `Embedding` of types.d.ts.
pub fn js_embedding(Embedding { scale, vector }: Embedding) -> Result<JsValue, JsValue> {
    object([("scale", scale.into()), ("vector", Int8Array::from(&vector[..]).into())])
}

/// The companion file at `path`.
fn companion(companions: Option<&Object>, path: &str, most: u64) -> tagsmith::Result<Vec<u8>> {
    let found = companions.and_then(|companions| Reflect::get(companions, &path.into()).ok());
    match found.and_then(|found| found.dyn_into::<Uint8Array>().ok()) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => no_companions(path, most),
    }
}

fn js_thumbnail(picture: &Picture) -> Result<JsValue, JsValue> {
    js_pixels(&thumbnail(picture, THUMBNAIL_SIDE))
}

/// `Thumbnail` of types.d.ts, of any size.
pub fn js_pixels(small: &Picture) -> Result<JsValue, JsValue> {
    let pixels = small.pixels().as_chunks::<3>().0.iter();
    let rgba: Vec<u8> = pixels.flat_map(|&[red, green, blue]| [red, green, blue, u8::MAX]).collect();
    object([
        ("width", small.width().into()),
        ("height", small.height().into()),
        ("pixels", Uint8ClampedArray::from(&rgba[..]).into()),
    ])
}

pub fn explanation(explanation: &Explanation) -> Result<JsValue, JsValue> {
    object([
        ("width", explanation.width.into()),
        ("height", explanation.height.into()),
        ("heat", Float32Array::from(&explanation.heat[..]).into()),
        ("region", explanation.region.map(JsValue::from).into_iter().collect::<Array>().into()),
    ])
}
