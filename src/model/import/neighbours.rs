//! The files that lie beside a model where people have it from. Each is recognised by what is in it, so their order and most of their names
//! do not matter.

mod hugging_face;
mod timm;

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::model::card::{Activation, Colour, Layout, ResampleFilter};
use crate::model::import::labels::{decode_text, parse_fitting_labels, parse_labels};
use crate::model::import::properties::from_properties;
use crate::model::import::statements::{FitRule, Normalisation, Speaker, Statements};

/// A file beside the model.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// Without its folder.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What all neighbours together state.
#[derive(Debug, Default)]
pub struct Neighbours {
    pub statements: Statements,
    /// A file that seemed to hold labels, and why they are not taken. Only where no other file has them.
    pub labels_failure: Option<UnreadLabels>,
    /// Names of the files that say nothing about the model.
    pub unread: Vec<String>,
}

/// Labels that are not taken.
#[derive(Debug)]
pub struct UnreadLabels {
    pub file: String,
    pub error: Error,
    /// How many there are, if only their number does not fit.
    pub n_labels: Option<usize>,
}

/// Reads the files beside a model. `n_classes`: the network's number of classes, if known.
pub fn read_neighbours(files: &[Neighbour], n_classes: Option<usize>) -> Neighbours {
    let mut all = Neighbours::default();
    let mut failures = Vec::new();
    for file in files {
        match read(file, n_classes) {
            Ok(Some(statements)) => all.statements.add(statements),
            Ok(None) => all.unread.push(file.name.clone()),
            Err(error) => failures.push((file, error)),
        }
    }
    if all.statements.labels.is_none() {
        all.labels_failure = failures.into_iter().next().map(|(file, error)| {
            let text = decode_text(&file.bytes).ok();
            let labels = text.and_then(|text| parse_labels(&text, &file.name, None).ok());
            UnreadLabels { file: file.name.clone(), error, n_labels: labels.map(|labels| labels.len()) }
        });
    } else {
        all.unread.extend(failures.into_iter().map(|(file, _)| file.name.clone()));
    }
    all
}

/// What one file states; `None` if it says nothing about a model.
///
/// # Errors
/// [`ErrorKind::LabelsInvalid`](crate::error::ErrorKind) for a file of no known kind whose labels cannot be read, or do not fit.
fn read(file: &Neighbour, n_classes: Option<usize>) -> Result<Option<Statements>> {
    let say = Speaker::of(Some(&file.name));
    let text = decode_text(&file.bytes)?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{')
        && let Ok(Value::Object(json)) = serde_json::from_str(text)
        && let Some(statements) = from_json(&json, &file.name, &say, n_classes)
    {
        return Ok(Some(statements));
    }
    let labels = parse_fitting_labels(text, &file.name, n_classes)?;
    let statements = if is_selected_tags(text) { wd14(&say) } else { Statements::default() };
    Ok(Some(Statements { labels: say.states(labels), ..statements }))
}

/// The known kinds of JSON. What else is in one is read as a list of labels.
fn from_json(json: &Map<String, Value>, name: &str, say: &Speaker, n_classes: Option<usize>) -> Option<Statements> {
    let has = |key: &str| json.contains_key(key);
    let labels = || {
        let labels = parse_fitting_labels(&Value::Object(json.clone()).to_string(), "labels.json", n_classes);
        labels.ok().filter(|labels| !are_placeholders(labels)).and_then(|labels| say.states(labels))
    };
    if ["image_mean", "rescale_factor", "image_processor_type", "feature_extractor_type", "do_resize"]
        .into_iter()
        .any(has)
    {
        return Some(hugging_face::from_preprocessor(json, say));
    }
    if let Some(config) = json.get("pretrained_cfg").or(json.get("preprocess_cfg")).and_then(Value::as_object) {
        return Some(Statements { labels: labels(), ..timm::from_config(config, say) });
    }
    if has("architectures") || has("model_type") || has("problem_type") || has("transformers_version") {
        return Some(Statements { labels: labels(), ..hugging_face::from_config(json, say) });
    }
    if json.keys().any(|key| key.starts_with("CustomVision.") || key.starts_with("Image.")) {
        let entries = json.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
        return Some(from_properties(entries, Some(name)));
    }
    if has("DomainType") && has("Flavor") || has("ExporterVersion") {
        return Some(from_manifest(json, say));
    }
    if has("tmVersion")
        || json.get("packageName").and_then(Value::as_str).is_some_and(|name| name.contains("teachablemachine"))
    {
        return Some(teachable_machine(json, say, labels()));
    }
    None
}

/// Whether these are what transformers writes where nobody named the classes.
fn are_placeholders(labels: &[String]) -> bool {
    labels.len() > 1 && labels.iter().enumerate().all(|(class, label)| *label == format!("LABEL_{class}"))
}

/// Custom Vision's `cvexport.manifest`. Its ONNX networks take BGR, 0 to 255, unless their file says otherwise.
fn from_manifest(json: &Map<String, Value>, say: &Speaker) -> Statements {
    let is_onnx = json.get("Platform").and_then(Value::as_str).is_none_or(|name| name.eq_ignore_ascii_case("onnx"));
    if !is_onnx {
        return Statements::default();
    }
    Statements {
        colour: say.implies(Colour::Bgr),
        normalisation: say.implies(Normalisation { mean: [0.0; 3], std: [1.0; 3] }),
        // As the samples that come with the export do.
        fit: say.implies(FitRule::CropShare(0.875)),
        filter: say.implies(ResampleFilter::Bilinear),
        ..Statements::default()
    }
}

/// Teachable Machine's `metadata.json`.
fn teachable_machine(
    json: &Map<String, Value>,
    say: &Speaker,
    labels: Option<super::statements::Stated<Vec<String>>>,
) -> Statements {
    let size = json.get("imageSize").and_then(Value::as_u64).and_then(|size| u32::try_from(size).ok());
    Statements {
        labels,
        size: size.and_then(|size| say.states((size, size))),
        colour: say.implies(Colour::Rgb),
        normalisation: say.implies(Normalisation { mean: [127.5; 3], std: [127.5; 3] }),
        fit: say.implies(FitRule::CropShare(1.0)),
        filter: say.implies(ResampleFilter::Bilinear),
        activation: say.implies(Activation::Softmax),
        ..Statements::default()
    }
}

/// Whether a table is the `selected_tags.csv` of the WD14 family.
fn is_selected_tags(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default().to_lowercase();
    let columns: Vec<&str> = header.split(',').map(str::trim).collect();
    ["tag_id", "name", "category"].iter().all(|column| columns.contains(column))
}

/// The WD14 family: BGR, 0 to 255, white bars, independent tags.
fn wd14(say: &Speaker) -> Statements {
    Statements {
        layout: say.implies(Layout::Nhwc),
        colour: say.implies(Colour::Bgr),
        normalisation: say.implies(Normalisation { mean: [0.0; 3], std: [1.0; 3] }),
        fit: say.implies(FitRule::Letterbox([255; 3])),
        filter: say.implies(ResampleFilter::Bicubic),
        activation: say.implies(Activation::Sigmoid),
        ..Statements::default()
    }
}

/// A number, or a list of height and width.
fn sides(value: &Value) -> Option<(u32, u32)> {
    let side = |value: &Value| value.as_u64().and_then(|side| u32::try_from(side).ok()).filter(|&side| side > 0);
    match value {
        Value::Array(sides) => match &sides[..] {
            [height, width] => Some((side(height)?, side(width)?)),
            [_, height, width] => Some((side(height)?, side(width)?)),
            _ => None,
        },
        Value::Object(map) => Some((side(map.get("height")?)?, side(map.get("width")?)?)),
        value => side(value).map(|side| (side, side)),
    }
}

/// Three numbers, or one for all channels.
fn three(value: &Value) -> Option<[f64; 3]> {
    match value {
        Value::Array(values) => values.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>()?.try_into().ok(),
        value => value.as_f64().map(|value| [value; 3]),
    }
}

/// A filter by the name that torchvision, timm and Pillow give it.
fn filter_named(name: &str) -> Option<ResampleFilter> {
    Some(match name.to_lowercase().trim_start_matches("interpolationmode.") {
        "bicubic" => ResampleFilter::Bicubic,
        "bilinear" => ResampleFilter::Bilinear,
        "lanczos" => ResampleFilter::Lanczos,
        "hamming" => ResampleFilter::Hamming,
        "box" => ResampleFilter::Box,
        "nearest" => ResampleFilter::Nearest,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbour(name: &str, text: &str) -> Neighbour {
        Neighbour { name: name.into(), bytes: text.into() }
    }

    #[test]
    fn hugging_faces_two_files_are_told_apart_in_any_order() {
        let config = neighbour("a.json", r#"{"model_type":"vit","id2label":{"0":"ant","1":"bee"},"image_size":384}"#);
        let preprocessor = neighbour(
            "b.json",
            r#"{"do_normalize":true,"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"size":{"height":224,"width":224},"resample":2}"#,
        );
        for files in [[config.clone(), preprocessor.clone()], [preprocessor, config]] {
            let stated = read_neighbours(&files, Some(2)).statements;
            assert_eq!(stated.labels.unwrap().value, ["ant", "bee"]);
            let normalisation = stated.normalisation.unwrap();
            assert_eq!((normalisation.value.mean, normalisation.source.as_deref()), ([127.5; 3], Some("b.json")));
            assert_eq!(stated.fit.unwrap().value, FitRule::Squash);
        }
    }

    #[test]
    fn one_score_takes_two_labels_or_one() {
        let labels = |text: &str| read_neighbours(&[neighbour("l.txt", text)], Some(1)).statements.labels;
        assert_eq!(labels("cats\ndogs\n").unwrap().value, ["cats", "dogs"]);
        assert_eq!(labels("cats, dogs").unwrap().value, ["cats", "dogs"]);
        assert_eq!(labels("dogs\n").unwrap().value, ["dogs"]);
        assert!(labels("cats\ndogs\nbirds").is_none());
    }

    #[test]
    fn the_tags_of_wd14_imply_how_its_networks_see() {
        let stated = read_neighbours(
            &[neighbour("selected_tags.csv", "tag_id,name,category,count\r\n9,general,9,1\r\n1,tag_0,0,1\r\n")],
            Some(2),
        )
        .statements;
        assert_eq!(stated.labels.unwrap().value, ["general", "tag_0"]);
        assert_eq!(stated.fit.unwrap().value, FitRule::Letterbox([255; 3]));
        let (colour, filter) = (stated.colour.unwrap(), stated.filter.unwrap());
        assert_eq!((colour.value, filter.value, colour.is_usual), (Colour::Bgr, ResampleFilter::Bicubic, true));
    }

    #[test]
    fn custom_visions_and_teachable_machines_files_are_known_by_their_content() {
        let files = [
            neighbour(
                "cvexport.manifest",
                r#"{"DomainType":"Classification","Platform":"ONNX","Flavor":"ONNX12","ExporterVersion":"2.0"}"#,
            ),
            neighbour(
                "metadata_properties.json",
                r#"{"Image.BitmapPixelFormat":"Rgb8","Image.NominalPixelRange":"Normalized_0_1"}"#,
            ),
            neighbour("labels.txt", "Donuts\nFries"),
        ];
        let stated = read_neighbours(&files, Some(2)).statements;
        assert_eq!(stated.colour.unwrap().value, Colour::Rgb, "what is stated goes before what is usual");
        assert_eq!(stated.normalisation.unwrap().value.std, [255.0; 3]);
        assert_eq!(stated.labels.unwrap().value, ["Donuts", "Fries"]);
        let file = neighbour("metadata.json", r#"{"tmVersion":"2.4.5","labels":["a","b"],"imageSize":224}"#);
        let stated = read_neighbours(&[file], Some(2)).statements;
        assert_eq!((stated.size.unwrap().value, stated.normalisation.unwrap().value.mean), ((224, 224), [127.5; 3]));
        assert_eq!(stated.labels.unwrap().value, ["a", "b"]);
    }

    #[test]
    fn what_says_nothing_is_named_and_placeholders_are_no_labels() {
        let placeholders =
            neighbour("config.json", r#"{"architectures":["X"],"id2label":{"0":"LABEL_0","1":"LABEL_1"}}"#);
        let all = read_neighbours(&[placeholders.clone(), neighbour("notes.txt", "a\nb\nc")], Some(2));
        assert!(all.statements.labels.is_none());
        assert!(all.labels_failure.is_some_and(|failure| failure.file == "notes.txt" && failure.n_labels == Some(3)));
        let all =
            read_neighbours(&[placeholders, neighbour("notes.txt", "a\nb\nc"), neighbour("l.txt", "a\nb")], Some(2));
        assert_eq!(
            (all.unread, all.statements.labels.unwrap().source.as_deref()),
            (vec!["notes.txt".into()], Some("l.txt"))
        );
    }
}
