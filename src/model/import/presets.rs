//! Common ways to normalise pixels.

use serde::Serialize;

use crate::model::card::Colour;

/// A common way to normalise pixels, in pixel units: value = (pixel − mean) / std.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NormalisationPreset {
    pub id: &'static str,
    pub mean: [f32; 3],
    pub std: [f32; 3],
    /// The order of the colours that belongs to it; `None` if it goes with both.
    pub colour: Option<Colour>,
    /// The libraries that use it.
    pub source: &'static str,
}

/// Mean 0.485, 0.456, 0.406 and standard deviation 0.229, 0.224, 0.225, times 255.
pub const IMAGENET: NormalisationPreset = NormalisationPreset {
    id: "imagenet",
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
    colour: None,
    source: "torchvision (transforms of its ImageNet weights), timm (IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD)",
};
/// −1 to 1.
pub const MINUS_ONE_TO_ONE: NormalisationPreset = NormalisationPreset {
    id: "minus_one_to_one",
    mean: [127.5; 3],
    std: [127.5; 3],
    colour: None,
    source: "Keras (preprocess_input, mode \"tf\"), timm (IMAGENET_INCEPTION_MEAN, IMAGENET_INCEPTION_STD)",
};
/// 0 to 1.
pub const ZERO_TO_ONE: NormalisationPreset = NormalisationPreset {
    id: "zero_to_one",
    mean: [0.0; 3],
    std: [255.0; 3],
    colour: None,
    source: "torchvision (ToTensor), Keras (Rescaling(1/255))",
};
/// Unchanged pixels, for networks that normalise them themselves.
pub const UNCHANGED: NormalisationPreset = NormalisationPreset {
    id: "as_they_are",
    mean: [0.0; 3],
    std: [1.0; 3],
    colour: None,
    source: "Keras (include_preprocessing)",
};
/// BGR less ImageNet's mean, not divided.
pub const CAFFE: NormalisationPreset = NormalisationPreset {
    id: "caffe",
    mean: [103.939, 116.779, 123.68],
    std: [1.0; 3],
    colour: Some(Colour::Bgr),
    source: "Caffe, Keras (preprocess_input, mode \"caffe\")",
};

/// Every preset, the most common first.
pub const NORMALISATION_PRESETS: [NormalisationPreset; 5] = [IMAGENET, MINUS_ONE_TO_ONE, ZERO_TO_ONE, UNCHANGED, CAFFE];
