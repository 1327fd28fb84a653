//! Which candidates are shown, and in which language.

use serde::{Deserialize, Serialize};

use crate::model::card::PolicyDefaults;
use crate::model::vocabulary::{FALLBACK_LANGUAGE, TagEntry, Vocabulary};
use crate::tags::candidate::MIN_CONFIDENCE;

/// Marks a whole category in an allow or deny list.
pub(crate) const CATEGORY_PREFIX: &str = "category:";

/// Which candidates are shown, and how they are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Least confidence shown, from [`MIN_CONFIDENCE`] to 1.
    pub threshold: f32,
    /// Most tags a picture, at least 1.
    pub max_tags: usize,
    /// Tag ids and `category:NAME`; where there are any, nothing else is shown.
    #[serde(default)]
    pub allow: Vec<String>,
    /// Tag ids and `category:NAME` that are never shown, not even as parents. What lies below them stays.
    #[serde(default)]
    pub deny: Vec<String>,
    /// Language of the names; English where a tag has none in it.
    pub language: String,
}

impl Policy {
    /// Without the list entries that `vocabulary` does not know: lists that were kept while the model changed. An allow list of
    /// which nothing is left allows everything.
    pub fn for_vocabulary(mut self, vocabulary: &Vocabulary) -> Self {
        let is_known = |entry: &String| vocabulary.tags().iter().any(|tag| is_named_by(tag, entry));
        self.allow.retain(is_known);
        self.deny.retain(is_known);
        self
    }
}

/// Whether a list's `entry` means this tag.
pub(crate) fn is_named_by(tag: &TagEntry, entry: &str) -> bool {
    match entry.strip_prefix(CATEGORY_PREFIX) {
        Some(category) => tag.category.as_deref() == Some(category),
        None => tag.id == entry,
    }
}

impl From<PolicyDefaults> for Policy {
    fn from(defaults: PolicyDefaults) -> Self {
        Self {
            threshold: defaults.threshold.max(MIN_CONFIDENCE),
            max_tags: defaults.max_tags,
            allow: Vec::new(),
            deny: Vec::new(),
            language: FALLBACK_LANGUAGE.to_owned(),
        }
    }
}
