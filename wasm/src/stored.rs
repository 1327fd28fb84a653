//! What a library keeps, as JavaScript hands it over, and what a provider has just answered.

use js_sys::{JsString, Reflect};
use serde::de::DeserializeOwned;
use tagsmith::session::{HeadFound, HeadTag, ProviderFound, StoredRun, StoredTag, StoredTaggings, StoredText};
use wasm_bindgen::prelude::*;

use crate::js::{thrown, to_js};
use crate::session::JsSession;
use crate::tagging::{bytes, floats, longs, shorts};

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

    /// What a provider found in a picture that was added, in place of what the same run found before.
    #[wasm_bindgen(js_name = putProvider)]
    pub fn put_provider(
        &mut self,
        id: u32,
        #[wasm_bindgen(unchecked_param_type = "ProviderTagging")] found: JsValue,
    ) -> Result<(), JsValue> {
        let found: ProviderFound = serde_wasm_bindgen::from_value(found)?;
        self.0.put_provider(id, found).map_err(thrown)
    }

    /// What an own tagger found in pictures that were added, in place of all that it found in them before.
    #[wasm_bindgen(js_name = putHead)]
    pub fn put_head(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "HeadTaggings")] found: JsValue,
    ) -> Result<(), JsValue> {
        let (head, run): (String, u32) = (field(&found, "head")?, field(&found, "run")?);
        let tags: Vec<HeadTag> = field(&found, "tags")?;
        let found = HeadFound {
            head: &head,
            run,
            tags: &tags,
            ids: &longs(&found, "ids")?,
            lengths: &longs(&found, "lengths")?,
            places: &shorts(&found, "places")?,
            confidences: &floats(&found, "confidences")?,
        };
        self.0.put_head(&found).map_err(thrown)
    }

    /// Takes back what an own tagger found in these pictures.
    #[wasm_bindgen(js_name = takeHead)]
    pub fn take_head(&mut self, head: &str, ids: &[u32]) {
        self.0.take_head(head, ids);
    }

    /// Replaces all texts of a picture. They belong to the id, and stay when the picture is put again.
    #[wasm_bindgen(js_name = setTexts)]
    pub fn set_texts(
        &mut self,
        id: u32,
        #[wasm_bindgen(unchecked_param_type = "readonly PictureText[]")] texts: JsValue,
    ) -> Result<(), JsValue> {
        let texts: Vec<StoredText> = serde_wasm_bindgen::from_value(texts)?;
        self.0.set_texts(id, texts);
        Ok(())
    }

    /// What each of `texts`, words of a provider in `language`, is called in the library; null for what cannot be a tag.
    #[wasm_bindgen(js_name = tagRefs, unchecked_return_type = "(TagRef | null)[]")]
    pub fn tag_refs(&self, texts: Vec<String>, language: Option<String>) -> Result<JsValue, JsValue> {
        to_js(&self.0.tag_refs(&texts, language.as_deref()))
    }
}

fn field<T: DeserializeOwned>(of: &JsValue, key: &str) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(Reflect::get(of, &key.into())?)?)
}
