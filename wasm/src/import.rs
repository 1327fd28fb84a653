//! The engine's model import.

use js_sys::{Array, Function, Uint8Array};
use serde::Serialize;
use tagsmith::model::{
    self, ImportChoices, ModelDraft, ModelInspection, NORMALISATION_PRESETS, Neighbour, external_files, no_companions,
    with_external_data,
};
use tagsmith::tagging::Trial;
use tagsmith::{Limits, Picture};
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use crate::js::{thrown, to_js};

/// So many tags are compared.
const N_BEST: usize = 5;

/// A model without a card, until it has one.
#[wasm_bindgen(js_name = ModelImport)]
pub struct JsModelImport {
    /// With its weights inside.
    model: Vec<u8>,
    inspection: ModelInspection,
    trial: Option<Trial>,
    picture: Option<Picture>,
}

#[derive(Serialize)]
struct JsDraft<'a> {
    inspection: &'a ModelInspection,
    draft: ModelDraft,
    choices: ImportChoices,
}

/// One of the best classes.
#[derive(Serialize)]
struct Best {
    class: usize,
    score: f32,
}

#[wasm_bindgen(js_class = ModelImport)]
impl JsModelImport {
    /// Inspects an ONNX file. `read` gives a file beside it by its name, for weights that lie there.
    #[wasm_bindgen(constructor)]
    pub fn new(
        model: &[u8],
        #[wasm_bindgen(unchecked_param_type = "(name: string) => Uint8Array | undefined")] read: &Function,
    ) -> Result<JsModelImport, JsValue> {
        let read = |name: &str| match read.call1(&JsValue::UNDEFINED, &name.into()) {
            Ok(found) if found.is_instance_of::<Uint8Array>() => Ok(Uint8Array::from(found).to_vec()),
            _ => no_companions(name, 0),
        };
        let model = with_external_data(model, &read).map_err(thrown)?;
        let inspection = model::inspect(&model).map_err(thrown)?;
        Ok(Self { model, inspection, trial: None, picture: None })
    }

    /// The ONNX file, with its weights inside.
    pub fn model(&self) -> Vec<u8> {
        self.model.clone()
    }

    /// What the file and its neighbours (pairs of a name and bytes) say. `name`: for people.
    #[wasm_bindgen(unchecked_return_type = "DraftedModel")]
    pub fn draft(
        &self,
        name: &str,
        #[wasm_bindgen(unchecked_param_type = "[string, Uint8Array][]")] neighbours: &Array,
    ) -> Result<JsValue, JsValue> {
        let neighbour = |pair: JsValue| {
            let pair = Array::from(&pair);
            Neighbour {
                name: pair.get(0).as_string().unwrap_or_default(),
                bytes: Uint8Array::new(&pair.get(1)).to_vec(),
            }
        };
        let neighbours: Vec<Neighbour> = neighbours.iter().map(neighbour).collect();
        let draft = model::draft(&self.inspection, &neighbours);
        let choices = draft.choices(name);
        to_js(&JsDraft { inspection: &self.inspection, draft, choices })
    }

    /// Loads the network, unless it is loaded for such choices: what fails here fails with every list of labels.
    pub fn load(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ImportChoices")] choices: JsValue,
    ) -> Result<(), JsValue> {
        let choices: ImportChoices = serde_wasm_bindgen::from_value(choices)?;
        if !self.trial.as_ref().is_some_and(|trial| trial.fits(&choices)) {
            // The old one's memory is free before the new one needs it.
            self.trial = None;
            self.trial = Some(Trial::load(&self.model, &self.inspection, &choices).map_err(thrown)?);
        }
        Ok(())
    }

    /// The picture to try the network on.
    #[wasm_bindgen(js_name = lookAt)]
    pub fn look_at(
        &mut self,
        bytes: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<(), JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        self.picture = Some(Trial::decode(bytes, &limits).map_err(thrown)?);
        Ok(())
    }

    /// [`Self::look_at`] for pixels that the browser decoded.
    #[wasm_bindgen(js_name = lookAtPixels)]
    pub fn look_at_pixels(
        &mut self,
        pixels: &ImageData,
        #[wasm_bindgen(unchecked_param_type = "Limits")] limits: JsValue,
    ) -> Result<(), JsValue> {
        let limits: Limits = serde_wasm_bindgen::from_value(limits)?;
        let picture = Picture::from_rgba(pixels.width(), pixels.height(), &pixels.data().0, &limits);
        self.picture = Some(picture.map_err(thrown)?);
        Ok(())
    }

    /// The best classes of the picture, prepared as `choices` say. The network must have been loaded, and the picture looked at.
    #[wasm_bindgen(js_name = bestClasses, unchecked_return_type = "{ class: number; score: number }[]")]
    pub fn best_classes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ImportChoices")] choices: JsValue,
        n_labels: usize,
    ) -> Result<JsValue, JsValue> {
        let choices: ImportChoices = serde_wasm_bindgen::from_value(choices)?;
        let (Some(trial), Some(picture)) = (&self.trial, &self.picture) else {
            return Err(JsValue::from_str("load() and lookAt() come first"));
        };
        let best = trial.best(picture, &choices, n_labels, N_BEST).map_err(thrown)?;
        to_js(&best.into_iter().map(|(class, score)| Best { class, score }).collect::<Vec<_>>())
    }

    /// Writes the card and the vocabulary of the model, and loads it with them once: `new Tagger()` accepts the result.
    #[wasm_bindgen(unchecked_return_type = "ImportedModel")]
    pub fn finish(
        &self,
        model_sha256: &str,
        labels: Vec<String>,
        #[wasm_bindgen(unchecked_param_type = "ImportChoices")] choices: JsValue,
    ) -> Result<JsValue, JsValue> {
        let choices: ImportChoices = serde_wasm_bindgen::from_value(choices)?;
        to_js(&model::import_model(&self.model, model_sha256, &self.inspection, &labels, &choices).map_err(thrown)?)
    }
}

/// The names of the files beside an ONNX file that hold its weights.
#[wasm_bindgen(js_name = weightFiles)]
pub fn weight_files(model: &[u8]) -> Result<Vec<String>, JsValue> {
    external_files(model).map_err(thrown)
}

/// Common ways to normalise pixels, the most common first.
#[wasm_bindgen(js_name = normalisationPresets, unchecked_return_type = "NormalisationPreset[]")]
pub fn normalisation_presets() -> Result<JsValue, JsValue> {
    to_js(&NORMALISATION_PRESETS)
}
