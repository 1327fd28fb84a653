//! The tagged pictures of a sitting, as JavaScript sees them.

use std::collections::BTreeSet;

use js_sys::{Float32Array, Reflect, Uint8Array, Uint16Array, Uint32Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::{object, thrown, to_js};
use crate::batch::{self, Kept};
use crate::candidate::Candidate;
use crate::card::ModelCard;
use crate::corrections::OwnTag;
use crate::export::ExportFormat;
use crate::report::{Failure, PictureFacts, ReportTag, Timings};
use crate::tags::Policy;
use crate::vocabulary::Vocabulary;

/// The tagged pictures of a sitting. Needs no model file.
#[wasm_bindgen]
pub struct Batch(batch::Batch);

#[derive(Deserialize)]
struct Put {
    sha256: String,
    width: u32,
    height: u32,
    format: String,
    timings_ms: PutTimings,
}

#[derive(Deserialize)]
struct PutTimings {
    decode: f64,
    resize: f64,
    infer: f64,
    tags: f64,
}

#[wasm_bindgen]
impl Batch {
    #[wasm_bindgen(constructor)]
    pub fn new(card: &str, vocabulary: &str) -> Result<Batch, JsValue> {
        let card = ModelCard::parse(card).map_err(thrown)?;
        card.check_vocabulary(vocabulary).map_err(thrown)?;
        let vocabulary = Vocabulary::parse(vocabulary).map_err(thrown)?;
        batch::Batch::new(&card, vocabulary).map(Self).map_err(thrown)
    }

    /// Adds or replaces a picture.
    pub fn put(
        &mut self,
        id: u32,
        path: String,
        #[wasm_bindgen(unchecked_param_type = "Tagging")] tagging: JsValue,
    ) -> Result<(), JsValue> {
        let tags: Uint16Array = Reflect::get(&tagging, &"tags".into())?.dyn_into()?;
        let scores: Float32Array = Reflect::get(&tagging, &"scores".into())?.dyn_into()?;
        let confidences: Float32Array = Reflect::get(&tagging, &"confidences".into())?.dyn_into()?;
        let sources: Uint8Array = Reflect::get(&tagging, &"sources".into())?.dyn_into()?;
        let Put { sha256, width, height, format, timings_ms } = serde_wasm_bindgen::from_value(tagging)?;
        let PutTimings { decode, resize, infer, tags: tags_ms } = timings_ms;
        let (n_tags, n_sources) = (self.0.vocabulary().tags().len(), self.0.n_sources());
        let columns = tags.to_vec().into_iter().zip(scores.to_vec()).zip(confidences.to_vec()).zip(sources.to_vec());
        let candidates =
            columns.map(|(((tag, score), confidence), source)| Candidate { tag, score, confidence, source });
        let is_known = |one: &Candidate| usize::from(one.tag) < n_tags && usize::from(one.source) < n_sources;
        let kept = Kept {
            facts: PictureFacts { sha256, width, height, format },
            candidates: candidates.filter(is_known).collect(),
            timings: Timings { decode, resize, infer, tags: tags_ms },
        };
        self.0.put(id, path, kept);
        Ok(())
    }

    /// Adds or replaces a picture that could not be tagged.
    pub fn fail(&mut self, id: u32, path: String, code: String, detail: String) {
        self.0.fail(id, path, Failure { code, detail });
    }

    pub fn remove(&mut self, id: u32) {
        self.0.remove(id);
    }

    /// Puts everything, also what comes later, under `policy`.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn apply(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Policy")] policy: JsValue,
    ) -> Result<JsValue, JsValue> {
        let policy: Policy = serde_wasm_bindgen::from_value(policy)?;
        summary(&self.0.apply(policy).map_err(thrown)?)
    }

    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        summary(&self.0.summary())
    }

    /// What the policy in force shows more and less than `before` did.
    #[wasm_bindgen(unchecked_return_type = "Change")]
    pub fn compare(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Policy")] before: JsValue,
    ) -> Result<JsValue, JsValue> {
        let before: Policy = serde_wasm_bindgen::from_value(before)?;
        to_js(&self.0.compare(before).map_err(thrown)?)
    }

    /// Replaces what a person says of a picture; it holds for the picture's id, whatever is put there later.
    pub fn correct(
        &mut self,
        id: u32,
        #[wasm_bindgen(unchecked_param_type = "Corrections")] corrections: JsValue,
    ) -> Result<(), JsValue> {
        self.0.correct(id, serde_wasm_bindgen::from_value(corrections)?);
        Ok(())
    }

    /// The tags of `ids` under the policy in force, in that order; a person's first.
    #[wasm_bindgen(unchecked_return_type = "Tag[][]")]
    pub fn tags(&self, ids: &[u32]) -> Result<JsValue, JsValue> {
        let pictures: Vec<Vec<PageTag>> = ids.iter().map(|&id| page_tags(self.0.tags(id))).collect();
        to_js(&pictures)
    }

    /// What fell just short on a picture, and what was rejected there.
    #[wasm_bindgen(unchecked_return_type = "Details")]
    pub fn details(&self, id: u32) -> Result<JsValue, JsValue> {
        let details = self.0.details(id);
        to_js(&PageDetails { nearly: page_tags(details.nearly), rejected: details.rejected })
    }

    /// The pictures that `filter` lets through, by rising id.
    pub fn find(&self, #[wasm_bindgen(unchecked_param_type = "Filter")] filter: JsValue) -> Result<Vec<u32>, JsValue> {
        Ok(self.0.find(&serde_wasm_bindgen::from_value(filter)?))
    }

    /// At most `n` tags that someone who has `typed` this much may mean.
    #[wasm_bindgen(unchecked_return_type = "OwnTag[]")]
    pub fn completions(&self, typed: &str, n: usize) -> Result<JsValue, JsValue> {
        to_js(&self.0.completions(typed, n))
    }

    /// The tag that a person means by `text`.
    #[wasm_bindgen(unchecked_return_type = "OwnTag")]
    pub fn own_tag(&self, text: &str) -> Result<JsValue, JsValue> {
        to_js(&self.0.own_tag(text).map_err(thrown)?)
    }

    /// What allow and deny lists can hold beside tags: the categories, by name.
    pub fn categories(&self) -> Vec<String> {
        let all = self.0.vocabulary().tags().iter().filter_map(|tag| tag.category.clone());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The names of list entries in the policy's language; null for what the vocabulary does not know.
    #[wasm_bindgen(unchecked_return_type = "(string | null)[]")]
    pub fn names(&self, ids: Vec<String>) -> Result<JsValue, JsValue> {
        let vocabulary = self.0.vocabulary();
        let name = |id: &String| vocabulary.idx(id).map(|idx| vocabulary.tag(idx).name(self.0.language()));
        to_js(&ids.iter().map(name).collect::<Vec<_>>())
    }

    /// What is shown of `ids`, in that order, as files.
    #[wasm_bindgen(unchecked_return_type = "ExportFile[]")]
    pub fn report(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ExportFormat")] format: &str,
        ids: &[u32],
    ) -> Result<JsValue, JsValue> {
        let format = match format {
            "csv" => ExportFormat::Csv,
            "json" => ExportFormat::Json,
            "jsonl" => ExportFormat::Jsonl,
            "captions" => ExportFormat::Captions,
            "xmp" => ExportFormat::Xmp,
            other => return Err(js_sys::RangeError::new(&format!("There is no export format {other:?}.")).into()),
        };
        to_js(&self.0.export(format, ids))
    }
}

#[derive(Serialize)]
struct PageDetails {
    nearly: Vec<PageTag>,
    rejected: Vec<OwnTag>,
}

#[derive(Serialize)]
struct PageTag {
    id: String,
    name: String,
    category: Option<String>,
    confidence: f32,
    score: Option<f32>,
    source: &'static str,
    from: String,
    parents: Vec<PageParent>,
}

#[derive(Serialize)]
struct PageParent {
    id: String,
    name: String,
}

fn page_tags(tags: Vec<ReportTag>) -> Vec<PageTag> {
    let page_tag = |tag: ReportTag| PageTag {
        parents: tag.parents.into_iter().zip(tag.parent_names).map(|(id, name)| PageParent { id, name }).collect(),
        id: tag.id,
        name: tag.name,
        category: tag.category,
        confidence: tag.confidence,
        score: tag.score,
        source: tag.source,
        from: tag.from,
    };
    tags.into_iter().map(page_tag).collect()
}

fn summary(summary: &batch::Summary) -> Result<JsValue, JsValue> {
    object([
        ("pictures", summary.pictures.into()),
        ("failed", summary.failed.into()),
        ("with_tags", summary.with_tags.into()),
        ("corrected", summary.corrected.into()),
        ("tags", summary.tags.into()),
        ("frequent", to_js(&summary.frequent)?),
        ("histogram", Uint32Array::from(&summary.histogram[..]).into()),
    ])
}
