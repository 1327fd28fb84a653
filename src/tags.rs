//! Candidates → tags under a policy, with a person's corrections. Takes microseconds per picture; the network does not run.

pub(crate) mod candidate;
pub(crate) mod corrections;
pub(crate) mod policy;
pub(crate) mod select;
pub(crate) mod tagging;

pub use candidate::{CLASSES, Candidate, ComponentIdx, MIN_CONFIDENCE, by_confidence};
pub use corrections::{Corrections, MAX_TAG_CHARS, ResolvedCorrections, TagRef};
pub use policy::Policy;
pub use select::{Selector, Tag};
pub use tagging::{PictureFacts, Tagging, Timings};
