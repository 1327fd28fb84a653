//! Keys and values that describe a picture's preparation: an ONNX file's metadata, and Custom Vision's `metadata_properties.json`.
//! <https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md>

use crate::model::card::{Activation, Colour, ResampleFilter};
use crate::model::import::labels::literal::{Literal, parse_literal};
use crate::model::import::labels::parse_labels;
use crate::model::import::statements::{FitRule, Normalisation, Speaker, Statements};

/// Keys under which exporters write lists of names, the most specific first.
const NAMES: &[&str] = &["names", "id2label", "character", "labels", "classes", "class_names", "label_names"];

/// What a file's metadata states. `source`: its name, or `None` for the ONNX file itself.
pub fn from_properties<'a>(
    entries: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    source: Option<&str>,
) -> Statements {
    let say = Speaker::of(source);
    let get = |key: &str| {
        let found = entries.clone().find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let mut stated = Statements::default();
    if let Some(format) = get("Image.BitmapPixelFormat") {
        stated.colour = match format.to_lowercase().as_str() {
            "rgb8" | "rgba8" => say.states(Colour::Rgb),
            "bgr8" | "bgra8" => say.states(Colour::Bgr),
            _ => None,
        };
    }
    // Linear light cannot be made here, so that such a range says nothing.
    let is_linear = get("Image.ColorSpaceGamma").is_some_and(|gamma| gamma.eq_ignore_ascii_case("linear"));
    if let Some(range) = get("Image.NominalPixelRange").filter(|_| !is_linear) {
        stated.normalisation = range_of(range).and_then(|range| say.states(range));
    }
    let ultralytics = ["description", "author"].iter().any(|key| get(key).is_some_and(|by| by.contains("Ultralytics")));
    if ultralytics && get("task") == Some("classify") {
        stated.colour = say.implies(Colour::Rgb);
        stated.normalisation = say.implies(Normalisation { mean: [0.0; 3], std: [255.0; 3] });
        stated.fit = say.implies(FitRule::CropShare(1.0));
        stated.filter = say.implies(ResampleFilter::Bilinear);
    }
    stated.size = get("imgsz").and_then(two_sides).and_then(|size| say.states(size));
    custom_vision(&get, &say, &mut stated);
    stated.labels = NAMES.iter().find_map(|key| names(get(key)?)).and_then(|names| say.states(names));
    stated
}

/// What Custom Vision's exports say, besides colour and range.
fn custom_vision<'a>(get: &impl Fn(&str) -> Option<&'a str>, say: &Speaker, stated: &mut Statements) {
    let preprocess = |key: &str| get(&format!("CustomVision.Preprocess.{key}"));
    let side = |key: &str| preprocess(key)?.parse().ok().filter(|&side: &u32| side > 0);
    if let Some(size) = side("TargetHeight").zip(side("TargetWidth")) {
        stated.size = say.states(size);
    }
    let (mean, std) = (preprocess("NormalizeMean").and_then(three), preprocess("NormalizeStd").and_then(three));
    if let Some((mean, std)) = mean.zip(std) {
        // On top of the nominal range.
        let range = stated
            .normalisation
            .as_ref()
            .map_or((0.0, 1.0), |range| (f64::from(range.value.mean[0]), f64::from(range.value.std[0])));
        let in_pixels = |value: f64| range.0 + value * range.1;
        let both = Normalisation::scaled(1.0, mean.map(in_pixels), std.map(|std| std * range.1));
        stated.normalisation = both.and_then(|both| say.states(both)).or(stated.normalisation.take());
    }
    let crop = preprocess("CropMethod").unwrap_or_default().to_lowercase();
    let resize = preprocess("ResizeMethod").unwrap_or_default().to_lowercase();
    if crop.contains("shorterside") || crop.contains("center") || crop.contains("centre") {
        stated.fit = say.states(FitRule::CropShare(1.0));
    } else if resize == "stretch" {
        stated.fit = say.states(FitRule::Squash);
    }
    if let Some(method) = get("CustomVision.Postprocess.Method") {
        stated.activation = match method {
            "ClassificationMultiLabel" => say.states(Activation::Sigmoid),
            "ClassificationMultiClass" => say.states(Activation::Softmax),
            _ => None,
        };
    }
}

fn range_of(name: &str) -> Option<Normalisation> {
    let (mean, std) = match name.to_lowercase().replace("nominalrange", "").trim_start_matches('_') {
        "0_255" => (0.0, 1.0),
        "16_235" => (-16.0 * 255.0 / 219.0, 255.0 / 219.0),
        "normalized_0_1" => (0.0, 255.0),
        "normalized_1_1" => (127.5, 127.5),
        _ => return None,
    };
    Normalisation::scaled(1.0, [mean; 3], [std; 3])
}

/// "[224, 224]" or "224": height and width.
fn two_sides(text: &str) -> Option<(u32, u32)> {
    let sides: Vec<u32> = text
        .trim_matches(['[', ']', '(', ')', ' '])
        .split(',')
        .map(|side| side.trim().parse().ok())
        .collect::<Option<_>>()?;
    match sides[..] {
        [side] => Some((side, side)),
        [height, width] => Some((height, width)),
        _ => None,
    }
}

/// "[0.0, 0.0, 0.0]"
fn three(text: &str) -> Option<[f64; 3]> {
    let numbers: Option<Vec<f64>> =
        text.trim_matches(['[', ']', ' ']).split(',').map(|number| number.trim().parse().ok()).collect();
    numbers?.try_into().ok()
}

/// A list of names in any notation. One without brackets has one name a line.
fn names(text: &str) -> Option<Vec<String>> {
    let is_literal = text.starts_with(['[', '{', '(']);
    if is_literal && let Some(Literal::List(names)) = parse_literal(text) {
        return Some(names);
    }
    parse_labels(text, if is_literal { "metadata.json" } else { "metadata.txt" }, None)
        .ok()
        .filter(|names| names.len() > 1 || is_literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(entries: &[(&str, &str)]) -> Statements {
        from_properties(entries.iter().copied(), None)
    }

    #[test]
    fn formats_and_ranges_of_onnx_metadata_are_understood() {
        for (range, mean, std) in [
            ("NominalRange_0_255", 0.0, 1.0),
            ("Normalized_0_1", 0.0, 255.0),
            ("Normalized_1_1", 127.5, 127.5),
            ("NominalRange_16_235", -18.630_137, 1.164_383_5),
        ] {
            let stated = read(&[("Image.BitmapPixelFormat", "Bgr8"), ("Image.NominalPixelRange", range)]);
            let normalisation = stated.normalisation.expect(range).value;
            assert_eq!((normalisation.mean, normalisation.std), ([mean; 3], [std; 3]), "{range}");
            assert_eq!(stated.colour.unwrap().value, Colour::Bgr);
        }
        let odd = read(&[("Image.BitmapPixelFormat", "Gray8"), ("Image.NominalPixelRange", "Nominal")]);
        assert_eq!(odd, Statements::default());
        let linear = read(&[("Image.ColorSpaceGamma", "Linear"), ("Image.NominalPixelRange", "Normalized_0_1")]);
        assert_eq!(linear, Statements::default());
    }

    #[test]
    fn ultralytics_states_names_and_size_and_implies_zero_to_one() {
        let stated = read(&[
            ("description", "Ultralytics YOLOv8n-cls model"),
            ("task", "classify"),
            ("imgsz", "[160, 224]"),
            ("names", "{0: 'ant', 1: \"bee's\"}"),
        ]);
        assert_eq!(stated.labels.unwrap().value, ["ant", "bee's"]);
        assert_eq!(stated.size.unwrap().value, (160, 224));
        let normalisation = stated.normalisation.unwrap();
        assert!(normalisation.is_usual && normalisation.value.std == [255.0; 3]);
        let detector = read(&[("author", "Ultralytics"), ("task", "detect")]);
        assert_eq!(detector, Statements::default());
    }

    #[test]
    fn lists_of_names_are_read_in_every_notation() {
        for (key, value) in
            [("character", "ant\nbee's"), ("labels", "['ant', \"bee's\"]"), ("classes", r#"["ant", "bee's"]"#)]
        {
            assert_eq!(read(&[(key, value)]).labels.expect(value).value, ["ant", "bee's"]);
        }
        assert_eq!(read(&[("labels", "see labels.txt")]).labels, None);
    }

    #[test]
    fn custom_vision_states_size_fit_and_activation() {
        let stated = read(&[
            ("CustomVision.Postprocess.Method", "ClassificationMultiLabel"),
            ("CustomVision.Preprocess.CropMethod", "FullImageShorterSide"),
            ("CustomVision.Preprocess.NormalizeMean", "[0.485, 0.456, 0.406]"),
            ("CustomVision.Preprocess.NormalizeStd", "[0.229, 0.224, 0.225]"),
            ("CustomVision.Preprocess.TargetHeight", "224"),
            ("CustomVision.Preprocess.TargetWidth", "300"),
            ("Image.BitmapPixelFormat", "Rgb8"),
            ("Image.NominalPixelRange", "Normalized_0_1"),
        ]);
        assert_eq!((stated.size.unwrap().value, stated.fit.unwrap().value), ((224, 300), FitRule::CropShare(1.0)));
        assert_eq!(
            (stated.activation.unwrap().value, stated.colour.unwrap().value),
            (Activation::Sigmoid, Colour::Rgb)
        );
        let normalisation = stated.normalisation.unwrap().value;
        assert!((normalisation.mean[0] - 123.675).abs() < 1e-3 && (normalisation.std[2] - 57.375).abs() < 1e-3);
    }
}
