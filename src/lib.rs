//! Tags for pictures, made on the device: a quantized network, calibrated confidences, and policies that are applied in microseconds.
//!
//! Load a model, tag a picture, and apply another policy without running the network again:
//!
//! ```
//! use tagsmith::{Policy, TagOptions, Tagger};
//!
//! let tagger = Tagger::from_dir("models/efficientnet-lite0")?;
//!
//! let picture = std::fs::read("tests/cases/coffee/picture.jpg")?;
//! let tagged = tagger.tag(&picture, &TagOptions::default())?;
//! for tag in &tagged.tags {
//!     println!("{} {:.0} %", tag.name, tag.confidence * 100.0);
//! }
//!
//! let strict = Policy { threshold: 0.95, language: "sv".into(), ..tagger.policy() };
//! assert!(tagger.select(&tagged.inference.candidates, strict)?.len() <= tagged.tags.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A picture's way: [`picture`] (bytes to pixels to tensor) → [`model`] (card, vocabulary, network) → [`tagging`] (scores to calibrated
//! candidates) → [`tags`] (candidates to tags under a policy) → [`session`] (many pictures: counts, reports, exports). It builds
//! natively and for wasm32 and gives the same results. `docs/ARCHITECTURE.md` is the map, `docs/GLOSSARY.md` has the words.

mod error;
pub mod model;
#[cfg(feature = "inference")]
pub mod picture;
pub mod session;
#[cfg(feature = "inference")]
pub mod tagging;
pub mod tags;

pub use error::{Error, ErrorKind, Result};
pub use model::{ModelCard, Vocabulary, sha256};
#[cfg(feature = "inference")]
pub use picture::{Limits, Picture};
pub use session::{ExportFormat, PIPELINE_VERSION, Session};
#[cfg(feature = "inference")]
pub use tagging::{Explanation, Inference, TagOptions, TaggedPicture, Tagger};
pub use tags::{Candidate, Corrections, Policy, Tag, TagRef};
