//! timm's `pretrained_cfg` in a `config.json`, and open_clip's `preprocess_cfg`.

use serde_json::{Map, Value};

use super::{filter_named, sides, three};
use crate::model::card::Colour;
use crate::model::import::statements::{FitRule, Normalisation, Speaker, Statements};

/// Share of a picture's side that timm leaves where a configuration says none.
const USUAL_CROP: f64 = 0.875;

/// What the configuration states of a picture's preparation.
pub fn from_config(config: &Map<String, Value>, say: &Speaker) -> Statements {
    let text = |key: &str| config.get(key).and_then(Value::as_str);
    let (mean, std) = (config.get("mean").and_then(three), config.get("std").and_then(three));
    let normalisation = mean.zip(std).and_then(|(mean, std)| Normalisation::scaled(1.0 / 255.0, mean, std));
    let size = config.get("input_size").or(config.get("size")).and_then(sides);
    // open_clip resizes to the input's size itself.
    let is_open_clip = config.contains_key("resize_mode");
    let share = config.get("crop_pct").and_then(Value::as_f64).unwrap_or(if is_open_clip { 1.0 } else { USUAL_CROP });
    let pad = || {
        let mean = mean.unwrap_or_default();
        config
            .get("fill_color")
            .and_then(three)
            .unwrap_or(mean.map(|mean| mean * 255.0))
            .map(|value| value.round() as u8)
    };
    let fit = match text("crop_mode").or(text("resize_mode")) {
        Some("squash") => FitRule::SquashShare(share),
        Some("border" | "longest") => FitRule::Letterbox(pad()),
        _ => FitRule::CropShare(share),
    };
    Statements {
        size: size.and_then(|size| say.states(size)),
        colour: normalisation.and_then(|_| say.states(Colour::Rgb)),
        normalisation: normalisation.and_then(|normalisation| say.states(normalisation)),
        fit: say.states(fit),
        filter: text("interpolation").and_then(filter_named).and_then(|filter| say.states(filter)),
        ..Statements::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::card::{Fit, ResampleFilter};

    #[test]
    fn sizes_before_the_crop_are_those_of_timm() {
        for (config, fit, side) in [
            (
                r#"{"input_size":[3,224,224],"mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225],"crop_pct":0.9,"interpolation":"bicubic"}"#,
                Fit::CentreCrop { shorter_side: 248 },
                224,
            ),
            (
                r#"{"input_size":[3,288,288],"crop_pct":1.0,"crop_mode":"center"}"#,
                Fit::CentreCrop { shorter_side: 288 },
                288,
            ),
            (
                r#"{"input_size":[3,224,224],"crop_pct":0.95,"crop_mode":"squash"}"#,
                Fit::SquashCrop { height: 235, width: 235 },
                224,
            ),
            (
                r#"{"size":[224,224],"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5],"resize_mode":"squash"}"#,
                Fit::Squash {},
                224,
            ),
            (
                r#"{"size":224,"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5],"resize_mode":"longest","fill_color":255}"#,
                Fit::Letterbox { pad: [255; 3] },
                224,
            ),
        ] {
            let json: Map<String, Value> = serde_json::from_str(config).unwrap();
            let stated = from_config(&json, &Speaker::of(Some("config.json")));
            let (height, width) = stated.size.unwrap().value;
            assert_eq!((height, width, stated.fit.unwrap().value.fit(height, width)), (side, side, fit), "{config}");
            assert_eq!(
                stated.filter.is_some_and(|filter| filter.value == ResampleFilter::Bicubic),
                config.contains("bicubic")
            );
        }
    }
}
