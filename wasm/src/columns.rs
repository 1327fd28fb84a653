//! Candidates and boxes as JavaScript has them: typed arrays, one per field, which cost nothing to hand from worker to worker.

use js_sys::{Float32Array, Object, Reflect, Uint8Array, Uint16Array};
use tagsmith::Candidate;
use tagsmith::tags::{FoundBox, Region};
use wasm_bindgen::prelude::*;

#[cfg(feature = "engine")]
use crate::js::object;

/// `Boxes` of types.d.ts.
#[cfg(feature = "engine")]
pub fn js_boxes(boxes: &[FoundBox]) -> Result<JsValue, JsValue> {
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

/// Adds the arrays of a `Tagging` of types.d.ts to `tagging`.
#[cfg(feature = "engine")]
pub fn set_candidates(tagging: &JsValue, candidates: &[Candidate]) -> Result<(), JsValue> {
    let tags: Vec<u16> = candidates.iter().map(|candidate| candidate.tag).collect();
    let scores: Vec<f32> = candidates.iter().map(|candidate| candidate.score).collect();
    let confidences: Vec<f32> = candidates.iter().map(|candidate| candidate.confidence).collect();
    let components: Vec<u8> = candidates.iter().map(|candidate| candidate.component).collect();
    for (key, value) in [
        ("tags", Uint16Array::from(&tags[..]).into()),
        ("scores", Float32Array::from(&scores[..]).into()),
        ("confidences", Float32Array::from(&confidences[..]).into()),
        ("components", Uint8Array::from(&components[..]).into()),
    ] {
        Reflect::set(tagging, &key.into(), &value)?;
    }
    Ok(())
}

/// The candidates of a `Tagging`, without those of unknown tags and components.
pub fn candidates(tagging: &JsValue, n_tags: usize, n_components: usize) -> Result<Vec<Candidate>, JsValue> {
    let (tags, scores) = (shorts(tagging, "tags")?, floats(tagging, "scores")?);
    let (confidences, components) = (floats(tagging, "confidences")?, bytes(tagging, "components")?);
    let columns = tags.into_iter().zip(scores).zip(confidences).zip(components);
    let all = columns.map(|(((tag, score), confidence), component)| Candidate { tag, score, confidence, component });
    Ok(all.filter(|one| usize::from(one.tag) < n_tags && usize::from(one.component) < n_components).collect())
}

/// The boxes of a `Tagging`, without those of unknown tags and components.
pub fn boxes(tagging: &JsValue, n_tags: usize, n_components: usize) -> Result<Vec<FoundBox>, JsValue> {
    let boxes: Object = Reflect::get(tagging, &"boxes".into())?.dyn_into()?;
    let (tags, components) = (shorts(&boxes, "tags")?, bytes(&boxes, "components")?);
    let (confidences, regions) = (floats(&boxes, "confidences")?, floats(&boxes, "regions")?);
    let regions: &[Region] = regions.as_chunks().0;
    let columns = tags.into_iter().zip(components).zip(confidences).zip(regions);
    let all = columns.map(|(((tag, component), confidence), &region)| FoundBox { tag, component, confidence, region });
    Ok(all.filter(|one| usize::from(one.tag) < n_tags && usize::from(one.component) < n_components).collect())
}

fn shorts(of: &JsValue, key: &str) -> Result<Vec<u16>, JsValue> {
    Ok(Reflect::get(of, &key.into())?.dyn_into::<Uint16Array>()?.to_vec())
}

fn bytes(of: &JsValue, key: &str) -> Result<Vec<u8>, JsValue> {
    Ok(Reflect::get(of, &key.into())?.dyn_into::<Uint8Array>()?.to_vec())
}

fn floats(of: &JsValue, key: &str) -> Result<Vec<f32>, JsValue> {
    Ok(Reflect::get(of, &key.into())?.dyn_into::<Float32Array>()?.to_vec())
}
