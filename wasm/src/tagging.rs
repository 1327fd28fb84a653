//! A [`Tagging`] as JavaScript has it: its candidates and boxes are typed arrays, one per field, which cost nothing to hand from worker
//! to worker.

#[cfg(feature = "session")]
use js_sys::Uint32Array;
use js_sys::{Float32Array, Object, Reflect, Uint8Array, Uint16Array};
use serde::Deserialize;
use tagsmith::Candidate;
use tagsmith::tags::{FoundBox, OtherDecoder, PictureFacts, Region, Tagging, Timings};
use wasm_bindgen::prelude::*;

#[cfg(feature = "engine")]
use crate::js::{object, to_js};

/// `Tagging` of types.d.ts without its typed arrays. Not flattened, because serde would then read the arrays too.
#[derive(Deserialize)]
struct TaggingFacts {
    sha256: String,
    width: u32,
    height: u32,
    format: String,
    #[serde(default)]
    incomplete: bool,
    #[serde(default)]
    decoder: Option<OtherDecoder>,
    #[serde(default)]
    taken_ms: Option<i64>,
    timings_ms: Timings,
}

/// `Tagging` of types.d.ts, without candidates and boxes of unknown tags and components.
pub fn read_tagging(tagging: JsValue, n_tags: usize, n_components: usize) -> Result<Tagging, JsValue> {
    let is_known = |tag: u16, component: u8| usize::from(tag) < n_tags && usize::from(component) < n_components;
    let mut candidates = candidates(&tagging)?;
    candidates.retain(|one| is_known(one.tag, one.component));
    let mut boxes = boxes(&Reflect::get(&tagging, &"boxes".into())?.dyn_into()?)?;
    boxes.retain(|one| is_known(one.tag, one.component));
    let TaggingFacts { sha256, width, height, format, incomplete, decoder, taken_ms, timings_ms: timings } =
        serde_wasm_bindgen::from_value(tagging)?;
    let facts = PictureFacts { sha256, width, height, format, incomplete, decoder, taken_ms };
    Ok(Tagging { facts, candidates, boxes, timings })
}

fn candidates(tagging: &JsValue) -> Result<Vec<Candidate>, JsValue> {
    let (tags, scores) = (shorts(tagging, "tags")?, floats(tagging, "scores")?);
    let (confidences, components) = (floats(tagging, "confidences")?, bytes(tagging, "components")?);
    let columns = tags.into_iter().zip(scores).zip(confidences).zip(components);
    let candidate = |(((tag, score), confidence), component)| Candidate { tag, score, confidence, component };
    Ok(columns.map(candidate).collect())
}

fn boxes(boxes: &Object) -> Result<Vec<FoundBox>, JsValue> {
    let (tags, components) = (shorts(boxes, "tags")?, bytes(boxes, "components")?);
    let (confidences, regions) = (floats(boxes, "confidences")?, floats(boxes, "regions")?);
    let regions: &[Region] = regions.as_chunks().0;
    let columns = tags.into_iter().zip(components).zip(confidences).zip(regions);
    let one = |(((tag, component), confidence), &region)| FoundBox { tag, component, confidence, region };
    Ok(columns.map(one).collect())
}

pub fn shorts(of: &JsValue, key: &str) -> Result<Vec<u16>, JsValue> {
    Ok(Reflect::get(of, &key.into())?.dyn_into::<Uint16Array>()?.to_vec())
}

#[cfg(feature = "session")]
pub fn longs(of: &JsValue, key: &str) -> Result<Vec<u32>, JsValue> {
    Ok(Reflect::get(of, &key.into())?.dyn_into::<Uint32Array>()?.to_vec())
}

pub fn bytes(of: &JsValue, key: &str) -> Result<Vec<u8>, JsValue> {
    Ok(Reflect::get(of, &key.into())?.dyn_into::<Uint8Array>()?.to_vec())
}

pub fn floats(of: &JsValue, key: &str) -> Result<Vec<f32>, JsValue> {
    Ok(Reflect::get(of, &key.into())?.dyn_into::<Float32Array>()?.to_vec())
}

/// `Tagging` of types.d.ts.
#[cfg(feature = "engine")]
pub fn js_tagging(Tagging { facts, candidates, boxes, timings }: &Tagging) -> Result<JsValue, JsValue> {
    let tags: Vec<u16> = candidates.iter().map(|candidate| candidate.tag).collect();
    let scores: Vec<f32> = candidates.iter().map(|candidate| candidate.score).collect();
    let confidences: Vec<f32> = candidates.iter().map(|candidate| candidate.confidence).collect();
    let components: Vec<u8> = candidates.iter().map(|candidate| candidate.component).collect();
    let tagging = to_js(facts)?;
    for (key, value) in [
        ("tags", Uint16Array::from(&tags[..]).into()),
        ("scores", Float32Array::from(&scores[..]).into()),
        ("confidences", Float32Array::from(&confidences[..]).into()),
        ("components", Uint8Array::from(&components[..]).into()),
        ("boxes", js_boxes(boxes)?),
        ("timings_ms", to_js(timings)?),
    ] {
        Reflect::set(&tagging, &key.into(), &value)?;
    }
    Ok(tagging)
}

/// `Boxes` of types.d.ts.
#[cfg(feature = "engine")]
fn js_boxes(boxes: &[FoundBox]) -> Result<JsValue, JsValue> {
    let tags: Vec<u16> = boxes.iter().map(|one| one.tag).collect();
    let components: Vec<u8> = boxes.iter().map(|one| one.component).collect();
    let confidences: Vec<f32> = boxes.iter().map(|one| one.confidence).collect();
    let regions: Vec<f32> = boxes.iter().flat_map(|one| one.region).collect();
    object([
        ("tags", Uint16Array::from(&tags[..]).into()),
        ("components", Uint8Array::from(&components[..]).into()),
        ("confidences", Float32Array::from(&confidences[..]).into()),
        ("regions", Float32Array::from(&regions[..]).into()),
    ])
}
