//! What own tags need of the engine: embeddings of a picture for training, and where one of them was seen.

use js_sys::Array;
use tagsmith::Limits;
use tagsmith::tagging::EmbeddedViews;
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use crate::js::{object, thrown};
use crate::tagger::{JsTagger, explanation, from_pixels, js_embedding, js_pixels};

#[wasm_bindgen(js_class = Tagger)]
impl JsTagger {
    /// A file's picture, embedded for training. `is_square`: it is the square of a picture whose original is out of reach, and is not cropped.
    #[wasm_bindgen(js_name = embedViews, unchecked_return_type = "EmbeddedViews")]
    pub fn embed_views(
        &self,
        bytes: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
        is_square: bool,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        if !is_square {
            return js_views(self.0.embed_views(bytes, &limits).map_err(thrown)?);
        }
        let (_, square) = tagsmith::picture::decode(bytes, &limits, None).map_err(thrown)?;
        js_views(self.0.embed_square(&square).map_err(thrown)?)
    }

    /// [`Self::embed_views`] for pixels that the browser decoded.
    #[wasm_bindgen(js_name = embedViewsPixels, unchecked_return_type = "EmbeddedViews")]
    pub fn embed_views_pixels(
        &self,
        pixels: &ImageData,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        js_views(self.0.embed_picture(&from_pixels(pixels, &limits)?).map_err(thrown)?)
    }

    /// Where in a file's picture a head saw a tag of its own, by its direction.
    #[wasm_bindgen(js_name = explainDirection, unchecked_return_type = "Explanation")]
    pub fn explain_direction(
        &self,
        bytes: &[u8],
        direction: &[f32],
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        explanation(&self.0.explain_own_file(bytes, direction, &limits).map_err(thrown)?)
    }

    /// [`Self::explain_direction`] for pixels that the browser decoded.
    #[wasm_bindgen(js_name = explainDirectionPixels, unchecked_return_type = "Explanation")]
    pub fn explain_direction_pixels(
        &self,
        pixels: &ImageData,
        direction: &[f32],
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<JsValue, JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        explanation(&self.0.explain_own(&from_pixels(pixels, &limits)?, direction).map_err(thrown)?)
    }
}

fn js_views(EmbeddedViews { views, square, longer_side }: EmbeddedViews) -> Result<JsValue, JsValue> {
    let views = views.into_iter().map(js_embedding).collect::<Result<Array, _>>()?;
    object([("views", views.into()), ("square", js_pixels(&square)?), ("longer_side", longer_side.into())])
}
