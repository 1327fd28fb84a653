//! Models: card, vocabulary, companion files, network, and the import of an ONNX file that has no card.

pub(crate) mod backbone;
pub(crate) mod card;
pub(crate) mod companion;
#[cfg(feature = "inference")]
pub(crate) mod import;
#[cfg(feature = "inference")]
mod read_file;
pub(crate) mod readable;
#[cfg(feature = "inference")]
pub(crate) mod runtime;
pub(crate) mod vocabulary;

pub use backbone::BackboneRef;
pub use card::{
    Activation, Anchors, Calibration, Colour, DetectorCard, FaceTags, Figure, Fit, InputSpec, Layout, ModelCard,
    ObjectFusion, OperatingPoints, OutputNames, PolicyDefaults, Preparation, ResampleFilter, SecondLook, sha256,
};
pub use companion::{CompanionFile, CompanionReader, no_companions};
#[cfg(feature = "inference")]
pub use companion::{MAX_TEXT_BYTES, read_from_dir, read_text};
#[cfg(feature = "inference")]
pub use import::{
    Basis, Drafted, ImportChoices, ImportedModel, InputInspection, LabelsFailure, ModelDraft, ModelInspection,
    NORMALISATION_PRESETS, Neighbour, NormalisationGuess, NormalisationPreset, OutputInspection, PixelValues, Size,
    decode_text, draft, import_model, inspect, parse_labels,
};
#[cfg(feature = "inference")]
pub use read_file::read_file;
#[cfg(feature = "inference")]
pub use runtime::external::{external_files, with_external_data};
#[cfg(feature = "inference")]
pub use runtime::{BoxRuntime, FeatureMap, Outputs, Runtime, TractBoxes, TractRuntime, WantedOutputs, catches_panics};
pub use vocabulary::{FALLBACK_LANGUAGE, TagEntry, TagIdx, Vocabulary};
