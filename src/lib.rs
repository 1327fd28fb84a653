//! Tags pictures locally: a quantised network, calibrated confidences, and policies that are applied in microseconds.
//!
//! Three calls are enough: load a model, tag a picture, and select tags under another policy without running the network again.
//!
//! ```
//! use tagsmith::{Policy, TagOptions, Tagger};
//!
//! // The folder holds `model.json` and the files that it names.
//! let tagger = Tagger::from_dir("models/efficientnet-lite0")?;
//!
//! // Any JPEG, PNG, WebP, GIF, BMP, TIFF or ICO file.
//! let picture = std::fs::read("tests/cases/coffee/picture.jpg")?;
//! let tagged = tagger.tag(&picture, &TagOptions::default())?;
//! for tag in &tagged.tags {
//!     println!("{} {:.0} %", tag.name, tag.confidence * 100.0);
//! }
//!
//! // Fewer tags, with Swedish names, from the same result.
//! let strict = Policy { threshold: 0.95, language: "sv".into(), ..tagger.policy() };
//! assert!(tagger.select(&tagged.inference, strict)?.len() <= tagged.tags.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`TagOptions`] holds the policy and the limits on untrusted files. Every failure is an [`Error`] with a stable code ([`ErrorKind::code`]) and a sentence for people.
//!
//! # Modules
//!
//! In the order in which a picture passes through them:
//!
//! - [`picture`]: bytes → pixels → tensor
//! - [`model`]: card, vocabulary, network; import of an ONNX file without a card
//! - [`tagging`]: scores → calibrated candidates
//! - [`tags`]: candidates → tags under a policy
//! - [`session`]: many pictures: counts, corrections, reports, exports
//! - [`metadata`]: keywords inside copies of picture files, and in sidecars
//! - [`train`]: own tags, learnt from a person's pictures
//! - [`providers`]: other taggers: requests for them, and their answers
//!
//! The crate builds natively and for wasm32, with the same results. Without its default feature `inference` only the modules that need
//! no network are left: cards, [`tags`] and [`session`]; without `exports` nothing writes reports as files or keywords into them; without
//! `providers` no other tagger can be asked, and without `train` no own tags can be taught.
//! `docs/ARCHITECTURE.md` is a map of the code, `docs/GLOSSARY.md` defines the terms.

mod error;
#[cfg(feature = "pictures")]
mod memory;
#[cfg(feature = "exports")]
pub mod metadata;
pub mod model;
#[cfg(feature = "pictures")]
pub mod picture;
mod printable;
#[cfg(feature = "providers")]
pub mod providers;
pub mod session;
#[cfg(feature = "exports")]
mod spreadsheet;
#[cfg(any(feature = "inference", feature = "train"))]
pub mod tagging;
pub mod tags;
#[cfg(feature = "train")]
pub mod train;

pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "pictures")]
pub use memory::CountingAllocator;
#[cfg(feature = "exports")]
pub use metadata::{Keywords, merge_sidecar, sidecar, write_keywords};
pub use model::{ModelCard, Vocabulary, sha256};
#[cfg(feature = "pictures")]
pub use picture::{Limits, Picture};
pub use printable::{is_unprintable, printable, printable_json};
pub use session::{ExportFormat, PIPELINE_VERSION, Session};
#[cfg(feature = "inference")]
pub use tagging::{Explanation, Inference, TagOptions, TaggedPicture, Tagger};
pub use tags::{Candidate, Corrections, Policy, Tag, TagRef};
