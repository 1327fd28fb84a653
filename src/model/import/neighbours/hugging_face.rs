//! Hugging Face's `preprocessor_config.json` and `config.json`.

use serde_json::{Map, Value};

use super::{sides, three};
use crate::model::card::{Activation, Colour, ResampleFilter};
use crate::model::import::statements::{FitRule, Normalisation, Speaker, Statements};

/// From this shorter side on, ConvNeXt's preparation squashes instead of cropping.
const CONVNEXT_SQUASH: u32 = 384;
/// What the preparation of LeViT is left of by its crop.
const LEVIT_CROP: f64 = 224.0 / 256.0;
/// Kinds of models that are trained with a mean and a deviation of 0.5; most others with those of ImageNet.
const HALF: &[&str] = &["vit", "beit", "mobilenet_v1", "mobilenet_v2", "siglip", "vit_hybrid"];
/// Kinds of models that are trained with the mean and the deviation of ImageNet.
const IMAGENET: &[&str] = &[
    "deit",
    "swin",
    "swinv2",
    "convnext",
    "convnextv2",
    "resnet",
    "regnet",
    "levit",
    "pvt",
    "dinov2",
    "poolformer",
    "cvt",
    "focalnet",
];

/// What a preprocessor's configuration states.
pub fn from_preprocessor(json: &Map<String, Value>, say: &Speaker) -> Statements {
    let is = |key: &str, usual: bool| json.get(key).and_then(Value::as_bool).unwrap_or(usual);
    let number = |key: &str| json.get(key).and_then(Value::as_f64);
    let kind = ["image_processor_type", "feature_extractor_type"].iter().find_map(|key| json.get(*key)?.as_str());
    let kind = kind.unwrap_or_default().to_lowercase();

    let (size, fit) =
        size_and_fit(json, &kind, is("do_resize", true), is("do_center_crop", json.contains_key("crop_size")));
    let factor = if is("do_rescale", true) { number("rescale_factor").unwrap_or(1.0 / 255.0) } else { 1.0 };
    let given = json.get("image_mean").and_then(three).zip(json.get("image_std").and_then(three));
    let (mut mean, mut std) = match given {
        Some(given) if is("do_normalize", true) => given,
        _ => ([0.0; 3], [1.0; 3]),
    };
    if is("rescale_offset", false) || is("offset", false) {
        mean = mean.map(|mean| mean + 1.0);
    }
    // EfficientNet's preparation divides by the deviation a second time.
    if kind.starts_with("efficientnet") && is("do_normalize", true) && is("include_top", true) {
        std = std.map(|std| std * std);
    }
    // Without a mean the processor has one of its own, unless it does not normalise at all.
    let is_known =
        given.is_some() || json.get("do_normalize") == Some(&Value::Bool(false)) || kind.starts_with("mobilevit");
    let normalisation = Normalisation::scaled(factor, mean, std).filter(|_| is_known);
    let flipped = is("do_flip_channel_order", kind.starts_with("mobilevit"));
    let colour = if flipped { Colour::Bgr } else { Colour::Rgb };
    let filter = json.get("resample").and_then(Value::as_u64).and_then(|number| match number {
        0 => Some(ResampleFilter::Nearest),
        1 => Some(ResampleFilter::Lanczos),
        2 => Some(ResampleFilter::Bilinear),
        3 => Some(ResampleFilter::Bicubic),
        4 => Some(ResampleFilter::Box),
        5 => Some(ResampleFilter::Hamming),
        _ => None,
    });
    Statements {
        size: size.and_then(|size| say.states(size)),
        colour: say.states(colour),
        normalisation: normalisation.and_then(|normalisation| say.states(normalisation)),
        fit: fit.and_then(|fit| say.states(fit)),
        filter: filter.and_then(|filter| say.states(filter)),
        ..Statements::default()
    }
}

/// The input's (height, width), and how a picture fills it.
fn size_and_fit(
    json: &Map<String, Value>,
    kind: &str,
    is_resized: bool,
    is_cropped: bool,
) -> (Option<(u32, u32)>, Option<FitRule>) {
    let size = json.get("size");
    let crop = json.get("crop_size").and_then(sides).filter(|_| is_cropped);
    let shortest = size.and_then(|size| size.get("shortest_edge")).and_then(Value::as_u64);
    // A lone number is the shorter side where the centre is cropped, as with CLIP; else a square, as with ViT.
    let lone =
        size.and_then(Value::as_u64).filter(|_| is_cropped && !kind.starts_with("deit") && !kind.starts_with("beit"));
    let shortest = shortest.or(lone).and_then(|side| u32::try_from(side).ok());
    if !is_resized {
        return (crop, crop.map(|_| FitRule::CropShare(1.0)));
    }
    if let Some(side) = shortest {
        let share = json.get("crop_pct").and_then(Value::as_f64);
        let square = (side, side);
        return match share {
            Some(_) if kind.starts_with("convnext") && side >= CONVNEXT_SQUASH => (Some(square), Some(FitRule::Squash)),
            Some(share) => (crop.or(Some(square)), Some(FitRule::CropShare(share))),
            None if kind.starts_with("levit") => (crop.or(Some(square)), Some(FitRule::CropShare(LEVIT_CROP))),
            None => (crop.or(Some(square)), Some(FitRule::CropFrom(side))),
        };
    }
    match (size.and_then(sides), crop) {
        (Some((height, _)), Some(crop)) if height > crop.0.max(crop.1) => (Some(crop), Some(FitRule::SquashTo(height))),
        (Some(size), _) => (Some(size), Some(FitRule::Squash)),
        (None, crop) => (crop, None),
    }
}

/// What a model's configuration states besides its labels.
pub fn from_config(json: &Map<String, Value>, say: &Speaker) -> Statements {
    let activation = match json.get("problem_type").and_then(Value::as_str) {
        Some("multi_label_classification") => say.states(Activation::Sigmoid),
        Some("single_label_classification") => say.states(Activation::Softmax),
        _ => None,
    };
    let kind = json.get("model_type").and_then(Value::as_str).unwrap_or_default();
    let normalisation = if HALF.contains(&kind) {
        Normalisation::scaled(1.0 / 255.0, [0.5; 3], [0.5; 3])
    } else if IMAGENET.contains(&kind) {
        Normalisation::scaled(1.0 / 255.0, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    } else {
        None
    };
    Statements {
        size: json.get("image_size").and_then(sides).and_then(|size| say.states(size)),
        activation,
        colour: normalisation.and_then(|_| say.implies(Colour::Rgb)),
        normalisation: normalisation.and_then(|normalisation| say.implies(normalisation)),
        ..Statements::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::card::Fit;

    fn read(json: &str) -> Statements {
        from_preprocessor(&serde_json::from_str(json).unwrap(), &Speaker::of(Some("preprocessor_config.json")))
    }

    #[test]
    fn every_way_to_give_a_size_is_understood() {
        let crop = |shorter_side| Fit::CentreCrop { shorter_side };
        for (json, size, fit) in [
            (r#"{"size":224,"image_processor_type":"ViTImageProcessor"}"#, 224, Fit::Squash {}),
            (
                r#"{"size":256,"do_center_crop":true,"crop_size":224,"feature_extractor_type":"DeiTFeatureExtractor"}"#,
                224,
                Fit::SquashCrop { height: 256, width: 256 },
            ),
            (
                r#"{"size":{"height":256,"width":256},"do_center_crop":true,"crop_size":{"height":224,"width":224}}"#,
                224,
                Fit::SquashCrop { height: 256, width: 256 },
            ),
            (
                r#"{"size":{"shortest_edge":256},"do_center_crop":true,"crop_size":{"height":224,"width":224}}"#,
                224,
                crop(256),
            ),
            (
                r#"{"size":224,"do_center_crop":true,"crop_size":224,"feature_extractor_type":"CLIPFeatureExtractor"}"#,
                224,
                crop(224),
            ),
            (
                r#"{"size":{"shortest_edge":224},"crop_pct":0.875,"image_processor_type":"ConvNextImageProcessor"}"#,
                224,
                crop(256),
            ),
            (
                r#"{"size":{"shortest_edge":384},"crop_pct":0.875,"image_processor_type":"ConvNextImageProcessor"}"#,
                384,
                Fit::Squash {},
            ),
            (
                r#"{"size":{"shortest_edge":224},"do_center_crop":true,"image_processor_type":"LevitImageProcessor"}"#,
                224,
                crop(256),
            ),
            (
                r#"{"size":{"height":160,"width":160},"do_center_crop":false,"crop_size":{"height":128,"width":128}}"#,
                160,
                Fit::Squash {},
            ),
        ] {
            let stated = read(json);
            let found = stated.size.expect(json).value;
            assert_eq!((found, stated.fit.unwrap().value.fit(size, size)), ((size, size), fit), "{json}");
        }
    }

    #[test]
    fn rescaling_mean_and_flipped_channels_become_pixel_units() {
        let stated = read(
            r#"{"image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225],"rescale_factor":0.00392156862745098,"resample":3}"#,
        );
        let normalisation = stated.normalisation.unwrap().value;
        assert!((normalisation.mean[0] - 123.675).abs() < 1e-3 && (normalisation.std[2] - 57.375).abs() < 1e-3);
        assert_eq!(stated.filter.unwrap().value, ResampleFilter::Bicubic);
        let stated = read(r#"{"do_normalize":false,"do_flip_channel_order":true}"#);
        assert_eq!((stated.normalisation.unwrap().value.std, stated.colour.unwrap().value), ([255.0; 3], Colour::Bgr));
        let raw = read(r#"{"do_normalize":false,"do_rescale":false}"#);
        assert_eq!(raw.normalisation.unwrap().value.std, [1.0; 3]);
        assert!(
            read(r#"{"do_normalize":true,"do_resize":true}"#).normalisation.is_none(),
            "its mean is not in the file"
        );
    }

    #[test]
    fn a_configuration_tells_independent_classes_and_what_is_usual() {
        let json = r#"{"model_type":"vit","problem_type":"multi_label_classification","image_size":[192,48]}"#;
        let stated = from_config(&serde_json::from_str(json).unwrap(), &Speaker::of(Some("config.json")));
        assert_eq!((stated.activation.unwrap().value, stated.size.unwrap().value), (Activation::Sigmoid, (192, 48)));
        assert!(stated.normalisation.is_some_and(|usual| usual.is_usual && usual.value.std == [127.5; 3]));
    }
}
