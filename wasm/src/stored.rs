//! What a library keeps, as JavaScript hands it over.

use js_sys::{JsString, Reflect};
use serde::de::DeserializeOwned;
use tagsmith::session::{StoredRun, StoredTag, StoredTaggings};
use wasm_bindgen::prelude::*;

use crate::js::thrown;
use crate::session::JsSession;
use crate::tagging::{bytes, longs};

#[wasm_bindgen(js_class = Session)]
impl JsSession {
    /// The library's table of tags, in place of the one before.
    #[wasm_bindgen(js_name = setStoredTags)]
    pub fn set_stored_tags(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "readonly StoredTag[]")] tags: JsValue,
    ) -> Result<(), JsValue> {
        let tags: Vec<StoredTag> = serde_wasm_bindgen::from_value(tags)?;
        self.0.set_stored_tags(tags).map_err(thrown)
    }

    /// The results of pictures that were added, as a library keeps them; those of others are passed over. All of them, or none.
    pub fn restore(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "StoredTaggings")] stored: JsValue,
    ) -> Result<(), JsValue> {
        let run_rows: Vec<StoredRun> = field(&stored, "run_rows")?;
        let facts: String = Reflect::get(&stored, &"facts".into())?.dyn_into::<JsString>()?.into();
        let stored = StoredTaggings {
            ids: &longs(&stored, "ids")?,
            facts: &facts,
            runs: &longs(&stored, "runs")?,
            run_rows: &run_rows,
            lengths: &longs(&stored, "lengths")?,
            candidates: &bytes(&stored, "candidates")?,
            box_lengths: &longs(&stored, "box_lengths")?,
            boxes: &bytes(&stored, "boxes")?,
        };
        self.0.restore(&stored).map_err(thrown)
    }
}

fn field<T: DeserializeOwned>(of: &JsValue, key: &str) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(Reflect::get(of, &key.into())?)?)
}
