//! One picture → its candidates: class scores, heads on the embedding, the face detector, and their fusion. Own heads read embeddings
//! that are already there, so they need no network.

#[cfg(feature = "inference")]
mod calibration;
#[cfg(feature = "inference")]
mod complement;
#[cfg(feature = "inference")]
mod explain;
#[cfg(feature = "inference")]
mod face_detector;
#[cfg(feature = "inference")]
mod fusion;
#[cfg(feature = "inference")]
mod head;
mod head_file;
mod lanes;
#[cfg(feature = "inference")]
mod late_fusion;
mod linear;
#[cfg(feature = "inference")]
mod load;
#[cfg(feature = "inference")]
mod look_again;
#[cfg(feature = "inference")]
mod object_detector;
mod own_head;
mod own_head_file;
#[cfg(feature = "inference")]
mod scores;
#[cfg(feature = "inference")]
mod single_shot;
#[cfg(feature = "inference")]
mod tagger;
#[cfg(feature = "inference")]
mod trial;
#[cfg(feature = "inference")]
mod views;
#[cfg(feature = "inference")]
mod why;

#[cfg(feature = "inference")]
pub use explain::Explanation;
#[cfg(feature = "inference")]
pub use face_detector::{Face, FaceDetector};
#[cfg(feature = "inference")]
pub use head::{HeadPrediction, TagHead};
#[cfg(feature = "train")]
pub(crate) use head_file::MAX_JSON_BYTES;
#[cfg(feature = "train")]
pub(crate) use lanes::Lanes;
#[cfg(feature = "train")]
pub(crate) use linear::{add_scaled, dot, logistic};
pub use own_head::{Familiarity, OwnFound, OwnHead, OwnPrediction, OwnTag, Rivalry};
#[cfg(feature = "train")]
pub(crate) use own_head::{MOST_EVIDENCE, rivals};
#[cfg(feature = "train")]
pub(crate) use own_head_file::{
    MAX_COMMENT_CHARS, MAX_SEED, MAX_TAGS, MAX_TITLE_CHARS, is_name, is_tag, is_text, n_bytes_of_weights,
};
#[cfg(feature = "inference")]
pub use tagger::{Decoded, Inference, TagOptions, TaggedPicture, Tagger};
#[cfg(feature = "inference")]
pub use trial::Trial;
#[cfg(feature = "inference")]
pub use views::EmbeddedViews;
