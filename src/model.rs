//! Models: card, vocabulary, companion files, network, and the import of an ONNX file that has no card.

pub(crate) mod card;
pub(crate) mod companion;
#[cfg(feature = "inference")]
pub(crate) mod import;
pub(crate) mod readable;
#[cfg(feature = "inference")]
pub(crate) mod runtime;
pub(crate) mod vocabulary;

pub use card::{
    Activation, Anchors, Calibration, Colour, DetectorCard, FaceTags, Figure, Fit, InputSpec, Layout, ModelCard,
    OperatingPoints, OutputNames, PolicyDefaults, ResampleFilter, TileSpec, sha256,
};
pub use companion::{CompanionFile, CompanionReader, no_companions};
#[cfg(feature = "inference")]
pub use companion::{companion_text, read_from_dir};
#[cfg(feature = "inference")]
pub use import::{
    Basis, ImportChoices, ImportedModel, InputInspection, ModelInspection, NORMALISATION_PRESETS, NormalisationGuess,
    NormalisationPreset, OutputInspection, import_model, inspect, parse_labels,
};
#[cfg(feature = "inference")]
pub use runtime::{BoxRuntime, FeatureMap, Outputs, Runtime, TractBoxes, TractRuntime, WantedOutputs, catches_panics};
pub use vocabulary::{FALLBACK_LANGUAGE, TagEntry, TagIdx, Vocabulary};
