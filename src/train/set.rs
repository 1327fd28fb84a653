//! What is learnt from.

use crate::error::{Error, ErrorKind, Result};
use crate::model::BackboneRef;
use crate::tagging::MAX_TAGS;
use crate::tags::{Embedding, TagRef};

/// With fewer pictures a tag isn't trained.
pub const MIN_EXAMPLES: usize = 5;
/// Longer embeddings are not learnt from: the matrix of all their products would not fit in a page's memory.
const MAX_FEATURES: usize = 8_192;
/// With fewer pictures a tag is not completely trained.
pub const N_COMPLETE: usize = 30;

/// Pictures with own tags, and others.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSet {
    pub backbone: BackboneRef,
    /// Length of every embedding.
    pub n_features: usize,
    pub tags: Vec<TagRef>,
    pub examples: Vec<Example>,
    /// The rest of the library: what own tags are told from where nothing better is there.
    pub others: Vec<Embedding>,
}

/// A picture of a training set.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The caller's number of the picture; the same twice is the same picture.
    pub id: u32,
    /// Embeddings of the picture itself, then of its mirror image and other views, in that order. At least one.
    pub views: Vec<Embedding>,
    /// Numbers of tags that a person gave the picture.
    pub tags: Vec<u16>,
    /// Numbers of tags that a person took from it. What is in neither list was not said, and counts as not meant.
    pub rejected: Vec<u16>,
    /// Of the file: equal ones are exact duplicates.
    pub sha256: [u8; 32],
    /// Of the original, in pixels; 0 where it is not known.
    pub longer_side: u32,
}

impl TrainingSet {
    /// How many pictures have each tag.
    pub fn counts(&self) -> Vec<usize> {
        self.count(|example| &example.tags)
    }

    /// From how many pictures a person took each tag.
    pub fn rejected_counts(&self) -> Vec<usize> {
        self.count(|example| &example.rejected)
    }

    fn count(&self, tags_of: impl Fn(&Example) -> &[u16]) -> Vec<usize> {
        let mut counts = vec![0; self.tags.len()];
        for &tag in self.examples.iter().flat_map(tags_of) {
            counts[usize::from(tag)] += 1;
        }
        counts
    }

    /// Numbers of the tags that have enough examples to be trained.
    pub fn trained_tags(&self) -> Vec<u16> {
        let counts = self.counts();
        (0..).zip(counts).filter(|(_, n)| *n >= MIN_EXAMPLES).map(|(tag, _)| tag).collect()
    }

    /// Whether everything belongs together: embeddings of one length, numbers of tags that are there.
    ///
    /// # Errors
    /// [`ErrorKind::TrainingSetInvalid`], with what is wrong.
    pub fn check(&self) -> Result<()> {
        if self.n_features == 0 || self.n_features > MAX_FEATURES {
            return Err(invalid(format!(
                "embeddings of {} values can't be learnt from; 1 to {MAX_FEATURES} can",
                self.n_features
            )));
        }
        if self.tags.len() > MAX_TAGS {
            return Err(invalid(format!("there are {} tags, and the most is {MAX_TAGS}", self.tags.len())));
        }
        let fits = |one: &Embedding| one.vector.len() == self.n_features && one.scale.is_finite();
        let is_known = |tag: &u16| usize::from(*tag) < self.tags.len();
        for example in &self.examples {
            if example.views.is_empty() || !example.views.iter().all(fits) {
                return Err(invalid(format!("picture {} has no embedding of {} values", example.id, self.n_features)));
            }
            let mut said: Vec<u16> = example.tags.iter().chain(&example.rejected).copied().collect();
            said.sort_unstable();
            if said.windows(2).any(|two| two[0] == two[1]) {
                return Err(invalid(format!("picture {} has a tag twice, or has and lacks it", example.id)));
            }
            if !example.tags.iter().chain(&example.rejected).all(is_known) {
                return Err(invalid(format!("picture {} has a tag that is not in the list", example.id)));
            }
        }
        if !self.others.iter().all(fits) {
            return Err(invalid(format!("another picture has no embedding of {} values", self.n_features)));
        }
        Ok(())
    }
}

pub(super) fn invalid(what: impl std::fmt::Display) -> Error {
    let detail =
        format!("Nothing can be learnt from these pictures: {what}. Choose other pictures, or tag more of them.");
    Error::new(ErrorKind::TrainingSetInvalid, detail)
}
