//! Own tags: learnt from embeddings of a person's pictures, in seconds, without a network.
//!
//! A [`TrainingSet`] → [`train`] → a head with calibration and thresholds, and what it says of each example when it has not seen it. A
//! [`Fit`] is kept in memory, and gives a draft at once when a person corrects a picture. The formulas are in docs/ALGORITHMS.md.

mod background;
mod calibrate;
mod cholesky;
mod companions;
mod design;
mod draft;
mod due;
mod duplicates;
mod evaluate;
mod familiarity;
mod features;
mod figures;
mod fit;
mod guidelines;
pub mod import;
#[cfg(test)]
mod made;
mod matrix;
pub mod onnx;
mod options;
mod report;
mod ridge;
mod set;
mod tagger_file;
mod threshold;
mod unlike;
mod validate;

pub use background::Background;
pub use draft::Fit;
pub use due::{Due, History, Schedule, Weekly, Why, due};
pub use duplicates::{Twins, groups, twins};
pub use evaluate::{Evaluation, TagEvaluation, evaluate};
pub use figures::Figure;
pub use fit::{Trained, train};
pub use guidelines::{
    Check, Concerned, DuplicateKind, Duplicates, Guideline, Guidelines, Kind, Light, MIN_LONGER_SIDE, TagGuidelines,
    guidelines,
};
pub use options::TrainOptions;
pub use report::{
    Bin, ConfusedPair, CurvePoint, Reason, ReasonCode, ReportBackbone, ReportTagger, ReportWords, Suspect, SuspectKind,
    TagReport, TagStatus, TrainingReport, report,
};
pub use set::{Example, MIN_EXAMPLES, N_COMPLETE, TrainingSet};
pub use tagger_file::{GuidelineState, MovedSet, TaggerFile};
pub use validate::Validated;
