//! The session module: results of many pictures, without a network.

use std::collections::BTreeSet;

use js_sys::Uint32Array;
use serde::Serialize;
use tagsmith::session::{Failure, HiddenTag, Naming, ReportTag, Session, StoredText, Summary, Voices};
use tagsmith::tags::{HiddenReason, Region, Rule, StrictWords};
use tagsmith::{ExportFormat, ModelCard, Policy, TagRef, Vocabulary};
use wasm_bindgen::prelude::*;

use crate::facts::ModelFacts;
use crate::js::{object, thrown, to_js};
use crate::tagging::read_tagging;

/// The results of many pictures under one policy.
#[wasm_bindgen(js_name = Session)]
pub struct JsSession(pub(crate) Session, ModelFacts);

#[wasm_bindgen(js_class = Session)]
impl JsSession {
    #[wasm_bindgen(constructor)]
    pub fn new(card: &str, vocabulary: &str) -> Result<JsSession, JsValue> {
        let card = ModelCard::parse(card).map_err(thrown)?;
        card.check_vocabulary(vocabulary).map_err(thrown)?;
        let vocabulary = Vocabulary::parse(vocabulary).map_err(thrown)?;
        let facts = ModelFacts::new(&card, &vocabulary);
        Ok(Self(Session::new(&card, vocabulary).map_err(thrown)?, facts))
    }

    /// What the engine says of its model, before there is one.
    #[wasm_bindgen(unchecked_return_type = "ModelFacts")]
    pub fn facts(&self) -> Result<JsValue, JsValue> {
        to_js(&self.1)
    }

    /// Adds a picture that is not tagged yet. `modified_ms`: when its file was changed, in ms since 1970, or 0.
    pub fn add(&mut self, id: u32, path: String, modified_ms: f64) {
        self.0.add(id, path, modified_ms);
    }

    /// The result of a picture that was added.
    pub fn put(
        &mut self,
        id: u32,
        #[wasm_bindgen(unchecked_param_type = "Tagging")] tagging: JsValue,
    ) -> Result<(), JsValue> {
        let tagging = read_tagging(tagging, self.0.vocabulary().tags().len(), self.0.n_components())?;
        self.0.put(id, tagging);
        Ok(())
    }

    /// The reason why a picture that was added could not be tagged.
    pub fn fail(&mut self, id: u32, code: String, detail: String) {
        self.0.fail(id, Failure { code, detail });
    }

    pub fn remove(&mut self, id: u32) {
        self.0.remove(id);
    }

    /// Applies `policy` to all present and future pictures.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn apply(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Policy")] policy: JsValue,
    ) -> Result<JsValue, JsValue> {
        let policy: Policy = serde_wasm_bindgen::from_value(policy)?;
        summary(&self.0.apply(policy).map_err(thrown)?)
    }

    /// Replaces the rules, for all present and future pictures.
    #[wasm_bindgen(js_name = setRules)]
    pub fn set_rules(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "readonly Rule[]")] rules: JsValue,
    ) -> Result<(), JsValue> {
        let rules: Vec<Rule> = serde_wasm_bindgen::from_value(rules)?;
        self.0.set_rules(&rules).map_err(thrown)
    }

    /// Puts a strict vocabulary in force, the JSON of a document; none takes it away.
    #[wasm_bindgen(js_name = setStrictWords)]
    pub fn set_strict_words(&mut self, words: Option<String>) -> Result<(), JsValue> {
        let words = words.as_deref().map(StrictWords::parse).transpose().map_err(thrown)?;
        self.0.set_strict_words(words).map_err(thrown)
    }

    /// What shows as which word, and what no word stands for, in no order.
    #[wasm_bindgen(js_name = strictReport, unchecked_return_type = "StrictReport")]
    pub fn strict_report(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.strict_report().map_err(thrown)?)
    }

    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        summary(&self.0.summary())
    }

    /// What the current policy shows more and less than `before`.
    #[wasm_bindgen(unchecked_return_type = "Change")]
    pub fn compare(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Policy")] before: JsValue,
    ) -> Result<JsValue, JsValue> {
        let before: Policy = serde_wasm_bindgen::from_value(before)?;
        to_js(&self.0.compare(before).map_err(thrown)?)
    }

    /// Replaces the corrections of a picture. They belong to the id, and stay when the picture is put again.
    pub fn correct(
        &mut self,
        id: u32,
        #[wasm_bindgen(unchecked_param_type = "Corrections")] corrections: JsValue,
    ) -> Result<(), JsValue> {
        self.0.correct(id, serde_wasm_bindgen::from_value(corrections)?);
        Ok(())
    }

    /// The shown tags of `ids`, in that order; tags that a person added come first.
    #[wasm_bindgen(unchecked_return_type = "Tag[][]")]
    pub fn tags(&self, ids: &[u32]) -> Result<JsValue, JsValue> {
        let pictures: Vec<Vec<JsTag>> = ids.iter().map(|&id| js_tags(self.0.tags(id))).collect();
        to_js(&pictures)
    }

    /// A picture's near misses, rejected tags and texts, and who says what.
    #[wasm_bindgen(unchecked_return_type = "Details")]
    pub fn details(&self, id: u32) -> Result<JsValue, JsValue> {
        let details = self.0.details(id);
        let hidden = |HiddenTag { tag, reason, shown_from }| JsHiddenTag { tag: js_tag(tag), reason, shown_from };
        let near_misses = details.near_misses.into_iter().map(hidden).collect();
        to_js(&JsDetails { near_misses, rejected: details.rejected, voices: details.voices, texts: details.texts })
    }

    /// Who says what of `ids`, in that order, each source by itself.
    #[wasm_bindgen(unchecked_return_type = "PictureSources[]")]
    pub fn sources(&self, ids: &[u32]) -> Result<JsValue, JsValue> {
        to_js(&self.0.sources(ids))
    }

    /// The ids of the pictures that `query` finds, in its order.
    #[wasm_bindgen(unchecked_return_type = "Uint32Array<ArrayBuffer>")]
    pub fn find(&self, #[wasm_bindgen(unchecked_param_type = "Query")] query: JsValue) -> Result<Vec<u32>, JsValue> {
        Ok(self.0.find(&serde_wasm_bindgen::from_value(query)?))
    }

    /// The `n` most frequent tags whose name begins with `typed`, with their numbers of pictures.
    #[wasm_bindgen(js_name = tagCounts, unchecked_return_type = "TagCount[]")]
    pub fn tag_counts(&self, typed: &str, n: usize) -> Result<JsValue, JsValue> {
        to_js(&self.0.tag_counts(typed, n))
    }

    /// At most `n` tags that begin with what a person has `typed`.
    #[wasm_bindgen(unchecked_return_type = "TagRef[]")]
    pub fn completions(&self, typed: &str, n: usize) -> Result<JsValue, JsValue> {
        to_js(&self.0.completions(typed, n))
    }

    /// The tag that a person means by `text`; `by_name`: that a word of another taxonomy is.
    #[wasm_bindgen(js_name = tagRef, unchecked_return_type = "TagRef")]
    pub fn tag_ref(&self, text: &str, by_name: bool) -> Result<JsValue, JsValue> {
        let tag = if by_name { self.0.tag_ref_by_name(text) } else { self.0.tag_ref(text) };
        to_js(&tag.map_err(thrown)?)
    }

    /// The vocabulary's categories, sorted; allow and deny lists can contain them.
    pub fn categories(&self) -> Vec<String> {
        let all = self.0.vocabulary().tags().iter().filter_map(|tag| tag.category.clone());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The names of tags in the policy's language; null for unknown ids.
    #[wasm_bindgen(unchecked_return_type = "(string | null)[]")]
    pub fn names(&self, ids: Vec<String>) -> Result<JsValue, JsValue> {
        let vocabulary = self.0.vocabulary();
        let name = |id: &String| vocabulary.idx(id).map(|idx| vocabulary.tag(idx).name(self.0.language()));
        to_js(&ids.iter().map(name).collect::<Vec<_>>())
    }

    /// Reports of the pictures `ids`, in that order, for `Export.add()`.
    pub fn reports(&self, ids: &[u32]) -> String {
        self.0.reports(ids)
    }

    /// The policy's language.
    pub fn language(&self) -> String {
        self.0.language().to_owned()
    }
}

#[derive(Serialize)]
struct JsDetails {
    #[serde(rename = "nearly")]
    near_misses: Vec<JsHiddenTag>,
    rejected: Vec<TagRef>,
    voices: Vec<Voices>,
    texts: Vec<StoredText>,
}

#[derive(Serialize)]
struct JsHiddenTag {
    #[serde(flatten)]
    tag: JsTag,
    reason: HiddenReason,
    shown_from: Option<f32>,
}

#[derive(Serialize)]
struct JsTag {
    id: String,
    name: String,
    category: Option<String>,
    confidence: f32,
    score: Option<f32>,
    #[serde(rename = "source")]
    origin: &'static str,
    #[serde(rename = "from")]
    component: String,
    also_from: Vec<String>,
    parents: Vec<JsParent>,
    count: Option<u32>,
    boxes: Vec<Region>,
}

#[derive(Serialize)]
struct JsParent {
    id: String,
    name: String,
    count: Option<u32>,
    boxes: Vec<Region>,
}

/// The export formats, in the order in which they are offered.
#[wasm_bindgen(js_name = exportFormats, unchecked_return_type = "ExportFormatFacts[]")]
pub fn export_formats() -> Result<JsValue, JsValue> {
    let facts = |format: ExportFormat| {
        let files = format.picture_files();
        ExportFormatFacts {
            name: format.name(),
            extension: format.extension(),
            media_type: format.media_type(),
            ending: files.map(|files| files.ending),
            replaces_extension: files.is_some_and(|files| files.usual != Naming::Full),
            always_stem: files.map_or(&[], |files| files.always_stem),
        }
    };
    to_js(&ExportFormat::ALL.map(facts))
}

#[derive(Serialize)]
struct ExportFormatFacts {
    name: &'static str,
    extension: &'static str,
    media_type: &'static str,
    ending: Option<&'static str>,
    replaces_extension: bool,
    always_stem: &'static [&'static str],
}

fn js_tags(tags: Vec<ReportTag>) -> Vec<JsTag> {
    tags.into_iter().map(js_tag).collect()
}

fn js_tag(tag: ReportTag) -> JsTag {
    JsTag {
        parents: (tag.parents.into_iter().zip(tag.parent_names))
            .map(|(id, name)| {
                let found = tag.counted_parents.iter().find(|counted| counted.id == id);
                let (count, boxes) = found.map(|found| (found.count, found.boxes.clone())).unzip();
                JsParent { id, name, count, boxes: boxes.unwrap_or_default() }
            })
            .collect(),
        id: tag.id,
        name: tag.name,
        category: tag.category,
        confidence: tag.confidence,
        score: tag.score,
        origin: tag.origin,
        component: tag.component,
        also_from: tag.also_from,
        count: tag.count,
        boxes: tag.boxes,
    }
}

fn summary(summary: &Summary) -> Result<JsValue, JsValue> {
    object([
        ("pictures", summary.pictures.into()),
        ("waiting", summary.waiting.into()),
        ("failed", summary.failed.into()),
        ("untagged", summary.untagged.into()),
        ("with_tags", summary.with_tags.into()),
        ("corrected", summary.corrected.into()),
        ("reviewed", summary.reviewed.into()),
        ("tags", summary.tags.into()),
        ("frequent", to_js(&summary.frequent)?),
        ("histogram", Uint32Array::from(&summary.histogram[..]).into()),
    ])
}
