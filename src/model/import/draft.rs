//! A draft: what the inspection, the file's metadata and the files beside it say together, each value with its basis. What none of them
//! says is usual for the kind of network, or a guess; then the draft has candidates for a person to choose from.

use serde::Serialize;

use crate::model::card::{Activation, Colour, Fit, Layout, Preparation, ResampleFilter};
use crate::model::import::choices::ImportChoices;
use crate::model::import::labels::{check_fit, check_labels};
use crate::model::import::neighbours::{Neighbour, read_neighbours};
use crate::model::import::presets::{CAFFE, IMAGENET, MINUS_ONE_TO_ONE, NormalisationPreset, UNCHANGED, ZERO_TO_ONE};
use crate::model::import::properties::from_properties;
use crate::model::import::statements::{FitRule, Normalisation, Stated, Statements};
use crate::model::import::{Basis, ModelInspection};

/// The side where nothing says one, in pixels.
const USUAL_SIDE: u32 = 224;
/// The share of a picture's shorter side that most preparations leave.
const USUAL_CROP: f64 = 0.875;
/// Least confidence shown, where nothing was measured.
const USUAL_THRESHOLD: f32 = 0.3;
const USUAL_MAX_TAGS: usize = 8;

/// A value and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drafted<T> {
    pub value: T,
    pub basis: Basis,
    /// Name of the file beside the model that tells it.
    pub source: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Pixels.
    pub height: u32,
    /// Pixels.
    pub width: u32,
}

/// How pixels become numbers: value = (pixel − mean) / std, in pixel units, in the order of `colour`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PixelValues {
    pub colour: Colour,
    pub mean: [f32; 3],
    pub std: [f32; 3],
}

/// A file whose labels are not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelsFailure {
    pub file: String,
    pub code: &'static str,
    pub detail: String,
    /// How many there are, if only their number does not fit.
    pub n_labels: Option<usize>,
}

/// A draft of everything that a card needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelDraft {
    pub size: Drafted<Size>,
    pub layout: Drafted<Layout>,
    pub pixels: Drafted<PixelValues>,
    pub fit: Drafted<Fit>,
    pub filter: Drafted<ResampleFilter>,
    pub activation: Drafted<Activation>,
    /// In class order; two for a network with one score that stands for both.
    pub labels: Option<Drafted<Vec<String>>>,
    pub labels_failure: Option<LabelsFailure>,
    /// Files that say nothing about the model.
    pub unread: Vec<String>,
    /// If the pixel values are a guess: all plausible ones, the likeliest first, which is the draft's. Else none.
    pub candidates: Vec<PixelValues>,
    /// Name of the output with the scores.
    pub scores: String,
}

impl ModelDraft {
    /// What a person who changes nothing chooses.
    pub fn choices(&self, name: &str) -> ImportChoices {
        let PixelValues { colour, mean, std } = self.pixels.value;
        ImportChoices {
            name: name.to_owned(),
            height: self.size.value.height,
            width: self.size.value.width,
            layout: self.layout.value,
            colour,
            mean,
            std,
            fit: self.fit.value,
            filter: self.filter.value,
            preparation: match self.pixels.basis {
                Basis::Graph | Basis::Neighbour => Preparation::Stated,
                Basis::Usual => Preparation::Usual,
                Basis::Guess => Preparation::Guess,
            },
            activation: self.activation.value,
            scores: self.scores.clone(),
            threshold: USUAL_THRESHOLD,
            max_tags: USUAL_MAX_TAGS,
        }
    }
}

/// Drafts what a card needs from an inspection and the files beside the model, in any order.
pub fn draft(inspection: &ModelInspection, files: &[Neighbour]) -> ModelDraft {
    let input = &inspection.input;
    let output = inspection.outputs.iter().find(|output| output.name == inspection.scores);
    let n_classes = output.and_then(|output| output.n_classes);
    let neighbours = read_neighbours(files, n_classes);
    let in_file = in_file(inspection);
    let (pixels, candidates) = pixels(inspection, &in_file, &neighbours.statements);

    // Labels that a person adds have names for people; those in the file may be ids.
    let of_file = in_file.labels.clone().filter(|labels| {
        check_labels(&labels.value).is_ok_and(|labels| n_classes.is_none_or(|n| check_fit(&labels, n).is_ok()))
    });
    let labels = neighbours.statements.labels.clone().or(of_file).map(drafted);
    let mut stated = in_file;
    stated.add(neighbours.statements);

    let side = |fixed: Option<u32>, stated: Option<u32>| fixed.or(stated).unwrap_or(USUAL_SIDE);
    let said = stated.size.as_ref().map(|size| size.value);
    let size = Size {
        height: side(input.height, said.map(|(height, _)| height)),
        width: side(input.width, said.map(|(_, width)| width)),
    };
    let size = match (input.height.is_some() && input.width.is_some(), stated.size) {
        (true, _) => Drafted { value: size, basis: Basis::Graph, source: None },
        (false, Some(stated)) => drafted(Stated { value: size, source: stated.source, is_usual: stated.is_usual }),
        (false, None) => Drafted { value: size, basis: Basis::Guess, source: None },
    };
    let Size { height, width } = size.value;
    let fit = stated.fit.map_or_else(|| usual(FitRule::CropShare(USUAL_CROP)), drafted);
    let shown = |basis: Basis| basis == Basis::Graph;
    ModelDraft {
        fit: Drafted { value: fit.value.fit(height, width), basis: fit.basis, source: fit.source },
        size,
        layout: match stated.layout.filter(|_| !shown(input.layout_basis)) {
            Some(layout) => drafted(layout),
            None => Drafted { value: input.layout, basis: input.layout_basis, source: None },
        },
        pixels,
        filter: stated.filter.map_or_else(|| usual(ResampleFilter::Bilinear), drafted),
        activation: match (output, stated.activation) {
            (Some(output), _) if shown(output.activation_basis) => {
                Drafted { value: output.activation, basis: Basis::Graph, source: None }
            }
            (_, Some(activation)) => drafted(activation),
            (output, None) => usual(output.map_or(Activation::Softmax, |output| output.activation)),
        },
        labels_failure: neighbours.labels_failure.filter(|_| labels.is_none()).map(|failure| LabelsFailure {
            file: failure.file,
            code: failure.error.kind().code(),
            detail: failure.error.detail().to_owned(),
            n_labels: failure.n_labels,
        }),
        labels,
        unread: neighbours.unread,
        candidates,
        scores: inspection.scores.clone(),
    }
}

fn drafted<T>(stated: Stated<T>) -> Drafted<T> {
    let basis = match (stated.is_usual, &stated.source) {
        (true, _) => Basis::Usual,
        (false, None) => Basis::Graph,
        (false, Some(_)) => Basis::Neighbour,
    };
    Drafted { value: stated.value, basis, source: stated.source }
}

fn usual<T>(value: T) -> Drafted<T> {
    Drafted { value, basis: Basis::Usual, source: None }
}

/// What the file states of itself, in its metadata and its graph.
fn in_file(inspection: &ModelInspection) -> Statements {
    let facts = &inspection.facts;
    let entries = facts.metadata.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let mut stated = from_properties(entries, None);
    let by_graph = |value| Stated { value, source: None, is_usual: false };
    if let Some(names) = &facts.class_names {
        stated.labels = Some(Stated { value: names.clone(), source: None, is_usual: false });
    }
    if inspection.normalisation.basis == Basis::Graph {
        let by_graph =
            by_graph(Normalisation { mean: inspection.normalisation.mean, std: inspection.normalisation.std });
        stated.normalisation = stated.normalisation.filter(|stated| !stated.is_usual).or(Some(by_graph));
    }
    let colour = inspection.colour.map(|value| Stated { value, source: None, is_usual: false });
    stated.colour = stated.colour.filter(|stated| !stated.is_usual).or(colour);
    stated
}

/// The pixel values, and the plausible ones if they are a guess.
fn pixels(
    inspection: &ModelInspection,
    in_file: &Statements,
    beside: &Statements,
) -> (Drafted<PixelValues>, Vec<PixelValues>) {
    let values = |colour: Colour, normalisation: Normalisation| PixelValues {
        colour,
        mean: normalisation.mean,
        std: normalisation.std,
    };
    let mut all = in_file.clone();
    all.add(beside.clone());
    let colour = all.colour.map(drafted);
    let said = colour.as_ref().map_or(Colour::Rgb, |colour| colour.value);
    let guess = |candidates: Vec<PixelValues>| {
        (Drafted { value: candidates[0], basis: Basis::Guess, source: None }, candidates)
    };
    let sure =
        |stated: &Option<Stated<Normalisation>>| stated.as_ref().filter(|one| !one.is_usual).map(|one| one.value);
    if let Some((file, neighbour)) = sure(&in_file.normalisation).zip(sure(&beside.normalisation))
        && !is_near(file, neighbour)
    {
        // The file and its neighbour contradict each other: nobody knows which of them is out of date.
        return guess(vec![values(said, file), values(said, neighbour)]);
    }
    let Some(normalisation) = all.normalisation.map(drafted) else {
        let presets = plausible(inspection);
        let mut candidates: Vec<PixelValues> = Vec::new();
        for (preset, usual_colour) in presets {
            let normalisation = Normalisation { mean: preset.mean, std: preset.std };
            let one = values(colour.as_ref().map_or(usual_colour, |colour| colour.value), normalisation);
            if !candidates.contains(&one) {
                candidates.push(one);
            }
        }
        return guess(candidates);
    };
    // Nearly all networks take RGB.
    let basis = match (normalisation.basis, colour.map_or(Basis::Usual, |colour| colour.basis)) {
        (basis, Basis::Graph | Basis::Neighbour) => basis,
        (_, basis) => basis,
    };
    (Drafted { value: values(said, normalisation.value), basis, source: normalisation.source }, Vec::new())
}

fn is_near(one: Normalisation, other: Normalisation) -> bool {
    let near = |one: [f32; 3], other: [f32; 3]| one.iter().zip(other).all(|(one, other)| (one - other).abs() < 0.5);
    near(one.mean, other.mean) && near(one.std, other.std)
}

/// What networks of this kind are fed with, the likeliest first.
fn plausible(inspection: &ModelInspection) -> [(NormalisationPreset, Colour); 6] {
    use Colour::{Bgr, Rgb};
    let producer = inspection.facts.producer.to_lowercase();
    let is_keras = ["tf2onnx", "keras", "tensorflow"].iter().any(|name| producer.contains(name));
    if producer.contains("caffe") {
        [(CAFFE, Bgr), (UNCHANGED, Bgr), (IMAGENET, Rgb), (ZERO_TO_ONE, Rgb), (UNCHANGED, Rgb), (MINUS_ONE_TO_ONE, Rgb)]
    } else if producer.contains("coreml") {
        [(ZERO_TO_ONE, Rgb), (UNCHANGED, Rgb), (MINUS_ONE_TO_ONE, Rgb), (UNCHANGED, Bgr), (IMAGENET, Rgb), (CAFFE, Bgr)]
    } else if is_keras || inspection.input.layout == Layout::Nhwc {
        [(MINUS_ONE_TO_ONE, Rgb), (ZERO_TO_ONE, Rgb), (UNCHANGED, Rgb), (CAFFE, Bgr), (IMAGENET, Rgb), (UNCHANGED, Bgr)]
    } else {
        [(IMAGENET, Rgb), (ZERO_TO_ONE, Rgb), (MINUS_ONE_TO_ONE, Rgb), (UNCHANGED, Rgb), (CAFFE, Bgr), (IMAGENET, Bgr)]
    }
}
