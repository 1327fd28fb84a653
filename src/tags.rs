//! Candidates → tags under a policy, with a person's corrections. Takes microseconds per picture; the network does not run.

pub(crate) mod candidate;
pub(crate) mod corrections;
pub(crate) mod embedding;
pub(crate) mod found_box;
pub(crate) mod keys;
pub(crate) mod marks;
pub(crate) mod names;
pub(crate) mod near_miss;
pub(crate) mod packed;
pub(crate) mod policy;
mod rivals;
pub(crate) mod rules;
pub(crate) mod select;
pub(crate) mod strict;
pub(crate) mod tag;
pub(crate) mod tagging;

pub use candidate::{CLASSES, Candidate, ComponentIdx, MIN_CONFIDENCE, by_confidence};
pub use corrections::{AddedTag, Corrections, MAX_TAG_CHARS, ResolvedCorrections, TagRef};
pub use embedding::Embedding;
pub use found_box::{FoundBox, MAX_LISTED, Region, TagBoxes};
pub use keys::{TagKey, TagKeys};
pub use marks::TagMarks;
pub use names::TagNames;
pub use near_miss::{HiddenReason, NearMiss};
pub use packed::{
    BOX_BYTES, CANDIDATE_BYTES, Meanings, PackedCandidate, pack_boxes, pack_candidates, packed_candidates, packed_tags,
    unpack_boxes, unpack_candidates,
};
pub use policy::{HeadPolicy, Policy, ProviderPolicy};
pub use rules::{ResolvedRules, Rule, RuleAction};
pub use select::{SelectedTags, Selector};
#[cfg(feature = "words")]
pub use strict::health::{Near, NearWords, near_words, nearest_words};
#[cfg(feature = "words")]
pub use strict::import::{ImportedWords, LeftOut, LeftOutReason, WordsFormat, read_words};
pub use strict::{StrictMap, StrictWord, StrictWords, Why, WordRule};
pub use tag::Tag;
pub use tagging::{OtherDecoder, PictureFacts, Tagging, Timings};
