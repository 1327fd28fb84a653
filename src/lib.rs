//! Tags for pictures, made where the pictures are.
//!
//! One pipeline, a file a stage: [`decode`] → [`resize`] → [`runtime`] → [`head`], [`detector`] → [`evidence`] → [`tags`] → [`report`].
//! [`tagger`] runs it on one picture,
//! [`batch`] keeps what many pictures gave so that a new policy is applied to all of them without the model. It builds natively
//! and for wasm32, with the same results. The map and the invariants are in `docs/ARCHITECTURE.md`.
//!
//! ```
//! use tagsmith::{card::sha256, corrections::Resolved, decode::Limits, tagger::Tagger, tags::{Policy, Selector}};
//!
//! let dir = std::path::Path::new("models/efficientnet-lite0");
//! let read = |name| std::fs::read_to_string(dir.join(name));
//! let part = |path: &str| Ok(std::fs::read(dir.join(path)).expect("a part of the bundled model"));
//! let model = std::fs::read(dir.join("model.onnx"))?;
//! let tagger = Tagger::load(&read("model.json")?, &read("vocabulary.json")?, &model, &part)?;
//!
//! let picture = std::fs::read("tests/cases/coffee/picture.jpg")?;
//! let (scored, _) = tagger.tag_file(&picture, sha256(&picture), &Limits::default())?;
//! let policy = Policy { language: "sv".into(), ..tagger.card().policy.into() };
//! let selector = Selector::new(policy, tagger.card().policy.parents, tagger.vocabulary())?;
//! for tag in selector.select(&scored.candidates, &Resolved::default(), tagger.vocabulary()) {
//!     println!("{} {:.0} %", tag.name, tag.confidence * 100.0);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod batch;
pub mod calibration;
pub mod candidate;
pub mod card;
pub mod corrections;
pub mod decode;
pub mod detector;
pub mod draft;
pub mod error;
pub mod evidence;
pub mod explain;
pub mod export;
pub mod format;
pub mod head;
pub mod report;
pub mod resize;
pub mod runtime;
pub mod tagger;
pub mod tags;
pub mod thorough;
pub mod vocabulary;
#[cfg(target_arch = "wasm32")]
mod wasm_api;
