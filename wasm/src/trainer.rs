//! The training module: own tags are learnt, and found. The trainer, a worker, loads it; a network it has none, embeddings are handed to it.

use std::ops::ControlFlow;

use js_sys::{Float32Array, Function, Uint16Array, Uint32Array};
use serde::{Deserialize, Serialize};
use tagsmith::model::BackboneRef;
use tagsmith::tagging::{OwnHead, OwnTag};
use tagsmith::tags::TagRef;
use tagsmith::train::{self, Background, Fit, History, Schedule, TrainOptions, TrainingReport, TrainingSet};
use wasm_bindgen::prelude::*;

use crate::js::{object, thrown, to_js};
use crate::training_columns::{read_array, read_embeddings, read_set};

/// Examples, and what is made of them.
#[wasm_bindgen(js_name = Teaching)]
pub struct JsTeaching {
    set: TrainingSet,
    other_ids: Vec<u32>,
    background: Option<Background>,
    /// For drafts: made with the first of them.
    fit: Option<Fit>,
}

#[wasm_bindgen(js_class = Teaching)]
impl JsTeaching {
    /// `background`: the file of everyday pictures that comes with the network. One of another network says nothing, and is left out.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "TrainingColumns")] set: JsValue,
        background: Option<Vec<u8>>,
    ) -> Result<JsTeaching, JsValue> {
        let other_ids = read_array::<Uint32Array>(&set, "other_ids")?.to_vec();
        let set = read_set(&set)?;
        let background = background.as_deref().map(Background::parse).transpose().map_err(thrown)?;
        let BackboneRef { id, version, .. } = &set.backbone;
        let background = background.filter(|one| one.backbone.is(id, version));
        Ok(Self { other_ids, background, fit: None, set })
    }

    /// JSON of the head and of the report. `on_progress` is told a share in [0, 1].
    #[wasm_bindgen(unchecked_return_type = "{ head: string; report: string }")]
    pub fn train(
        &self,
        #[wasm_bindgen(unchecked_param_type = "TrainOptions")] options: JsValue,
        #[wasm_bindgen(unchecked_param_type = "(share: number) => void")] on_progress: &Function,
    ) -> Result<JsValue, JsValue> {
        let JsTrainOptions { seed, title, comment, name, id, version, made_ms } =
            serde_wasm_bindgen::from_value(options)?;
        let options = TrainOptions { seed: seed as u64, title, comment, name, id, version, made_ms: made_ms as i64 };
        let mut progress = |share: f32| {
            // Who cancels ends the worker.
            let _ = on_progress.call1(&JsValue::UNDEFINED, &share.into());
            ControlFlow::Continue(())
        };
        let trained = train::train(&self.set, self.background.as_ref(), &options, &mut progress).map_err(thrown)?;
        let report = serde_json::to_string(&train::report(&self.set, &trained)).map_err(type_error)?;
        object([("head", trained.head.json().into()), ("report", report.into())])
    }

    /// How far the examples are what training needs: JSON.
    pub fn guidelines(&self) -> Result<String, JsValue> {
        self.set.check().map_err(thrown)?;
        let said = train::guidelines(&self.set, &self.other_ids, self.background.as_ref());
        serde_json::to_string(&said).map_err(type_error)
    }

    /// Examples of which somebody said something else since, or for the first time. Their tags are those of the set.
    pub fn change(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TrainingColumns")] changed: JsValue,
    ) -> Result<(), JsValue> {
        let changed = read_set(&changed)?;
        let fit = self.fit()?;
        changed.examples.iter().try_for_each(|example| fit.change(example)).map_err(thrown)
    }

    /// JSON of the head refitted to the set and what was changed, on top of `last`, JSON too.
    pub fn draft(&mut self, last: &str) -> Result<String, JsValue> {
        let last = OwnHead::parse(last).map_err(thrown)?;
        Ok(self.fit()?.head(&last).map_err(thrown)?.json())
    }

    fn fit(&mut self) -> Result<&mut Fit, JsValue> {
        match &mut self.fit {
            Some(fit) => Ok(fit),
            none => Ok(none.insert(Fit::new(&self.set, self.background.as_ref()).map_err(thrown)?)),
        }
    }
}

/// A head of own tags.
#[wasm_bindgen(js_name = OwnTagger)]
pub struct JsOwnTagger(OwnHead);

#[wasm_bindgen(js_class = OwnTagger)]
impl JsOwnTagger {
    /// `head`: JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(head: &str) -> Result<JsOwnTagger, JsValue> {
        OwnHead::parse(head).map(Self).map_err(thrown)
    }

    #[wasm_bindgen(unchecked_return_type = "OwnHeadFacts")]
    pub fn facts(&self) -> Result<JsValue, JsValue> {
        let OwnHead { id, name, version, title, comment, made_ms, backbone, n_features, tags, familiarity, .. } =
            &self.0;
        let tags = tags.iter().map(OwnTagFacts::from).collect();
        to_js(&OwnHeadFacts {
            id,
            name,
            version: *version,
            title,
            comment,
            made_ms: *made_ms as f64,
            backbone,
            n_features: *n_features,
            has_familiarity: familiarity.is_some(),
            tags,
        })
    }

    /// Whether embeddings of this network mean anything to it.
    #[wasm_bindgen(js_name = checkBackbone)]
    pub fn check_backbone(
        &self,
        #[wasm_bindgen(unchecked_param_type = "BackboneRef")] backbone: JsValue,
    ) -> Result<(), JsValue> {
        let BackboneRef { id, version, .. } = serde_wasm_bindgen::from_value(backbone)?;
        self.0.check_backbone(&id, &version).map_err(thrown)
    }

    #[wasm_bindgen(unchecked_return_type = "OwnFoundColumns")]
    pub fn tag(
        &self,
        #[wasm_bindgen(unchecked_param_type = "EmbeddingColumns")] embeddings: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (mut lengths, mut tags, mut confidences) = (Vec::new(), Vec::new(), Vec::new());
        for embedding in read_embeddings(&embeddings, self.0.n_features)? {
            let found = self.0.found(&embedding).map_err(thrown)?;
            lengths.push(found.len() as u32);
            for (tag, confidence) in found {
                tags.push(tag as u16);
                confidences.push(confidence);
            }
        }
        object([
            ("lengths", Uint32Array::from(&lengths[..]).into()),
            ("tags", Uint16Array::from(&tags[..]).into()),
            ("confidences", Float32Array::from(&confidences[..]).into()),
        ])
    }

    /// Of a tag by its id.
    #[wasm_bindgen(unchecked_return_type = "Float32Array<ArrayBuffer> | undefined")]
    pub fn direction(&self, tag_id: &str) -> Option<Float32Array> {
        let tag = self.0.tags.iter().position(|one| one.tag.id == tag_id)?;
        self.0.direction(tag).map(|direction| Float32Array::from(&direction[..]))
    }
}

/// Whether a tagger is to be trained by itself at `now_ms`. `offset`: how many minutes local time is ahead of UTC at a moment.
#[wasm_bindgen(unchecked_return_type = "Due")]
pub fn due(
    #[wasm_bindgen(unchecked_param_type = "Schedule")] schedule: JsValue,
    #[wasm_bindgen(unchecked_param_type = "TrainingHistory")] history: JsValue,
    now_ms: f64,
    #[wasm_bindgen(unchecked_param_type = "(ms: number) => number")] offset: &Function,
) -> Result<JsValue, JsValue> {
    let schedule: Schedule = serde_wasm_bindgen::from_value(schedule)?;
    let JsHistory { trained_ms, set_ms, n_new } = serde_wasm_bindgen::from_value(history)?;
    let trained_ms: Vec<i64> = trained_ms.into_iter().map(|ms| ms as i64).collect();
    let offset = |ms: i64| {
        let minutes = offset.call1(&JsValue::UNDEFINED, &(ms as f64).into()).ok();
        minutes.and_then(|minutes| minutes.as_f64()).unwrap_or_default() as i32
    };
    let history = History { trained_ms: &trained_ms, set_ms: set_ms as i64, n_new };
    let due = train::due(&schedule, &history, now_ms as i64, &offset);
    object([
        ("why", to_js(&due.why)?),
        ("fell_due_ms", due.fell_due_ms.map_or(JsValue::NULL, |ms| (ms as f64).into())),
        ("next_ms", due.next_ms.map_or(JsValue::NULL, |ms| (ms as f64).into())),
    ])
}

/// A report, JSON, as a spreadsheet; `words`: JSON of how it is written.
#[wasm_bindgen(js_name = reportXlsx, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
pub fn report_xlsx(report: &str, words: &str) -> Result<Vec<u8>, JsValue> {
    TrainingReport::parse(report)
        .map_err(thrown)?
        .xlsx(&serde_json::from_str(words).map_err(type_error)?)
        .map_err(thrown)
}

/// A report, JSON, as a table of text.
#[wasm_bindgen(js_name = reportCsv)]
pub fn report_csv(report: &str) -> Result<String, JsValue> {
    Ok(TrainingReport::parse(report).map_err(thrown)?.csv())
}

/// `TrainOptions` of train_types.d.ts: numbers as JavaScript has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsTrainOptions {
    seed: f64,
    title: String,
    comment: String,
    name: String,
    id: String,
    version: u32,
    made_ms: f64,
}

/// `TrainingHistory` of train_types.d.ts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsHistory {
    trained_ms: Vec<f64>,
    set_ms: f64,
    n_new: u32,
}

#[derive(Serialize)]
struct OwnHeadFacts<'a> {
    id: &'a str,
    name: &'a str,
    version: u32,
    title: &'a str,
    comment: &'a str,
    made_ms: f64,
    backbone: &'a BackboneRef,
    n_features: usize,
    has_familiarity: bool,
    tags: Vec<OwnTagFacts<'a>>,
}

#[derive(Serialize)]
struct OwnTagFacts<'a> {
    tag: &'a TagRef,
    threshold: f32,
    is_completely_trained: bool,
    n_examples: u32,
    n_rejected: u32,
}

impl<'a> From<&'a OwnTag> for OwnTagFacts<'a> {
    fn from(OwnTag { tag, threshold, is_completely_trained, n_examples, n_rejected, .. }: &'a OwnTag) -> Self {
        Self {
            tag,
            threshold: *threshold,
            is_completely_trained: *is_completely_trained,
            n_examples: *n_examples,
            n_rejected: *n_rejected,
        }
    }
}

fn type_error(error: serde_json::Error) -> JsValue {
    js_sys::TypeError::new(&error.to_string()).into()
}
