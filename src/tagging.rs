//! One picture → its candidates: class scores, heads on the embedding, the face detector, and their fusion.

mod calibration;
mod complement;
mod explain;
mod face_detector;
mod fusion;
mod head;
mod late_fusion;
mod load;
mod look_again;
mod object_detector;
mod scores;
mod single_shot;
mod tagger;
mod trial;
mod views;
mod why;

pub use explain::Explanation;
pub use face_detector::{Face, FaceDetector};
pub use head::{HeadPrediction, TagHead};
pub use tagger::{Decoded, Inference, TagOptions, TaggedPicture, Tagger};
pub use trial::Trial;
pub use views::EmbeddedViews;
