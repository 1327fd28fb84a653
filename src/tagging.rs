//! One picture → its candidates: scores of the classes, heads on the embedding, the face detector, and how they are brought together.

mod calibration;
mod explain;
mod face_detector;
mod fusion;
mod head;
mod load;
mod scores;
mod tagger;
mod tiles;
mod why;

pub use explain::Explanation;
pub use face_detector::{Face, FaceDetector};
pub use head::TagHead;
pub use scores::{activate, tag_scores};
pub use tagger::{Decoded, Inference, TagOptions, TaggedPicture, Tagger};
