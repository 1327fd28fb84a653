//! The policy: which candidates are shown, and in which language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::PolicyDefaults;
use crate::model::vocabulary::{FALLBACK_LANGUAGE, TagEntry, Vocabulary};
use crate::tags::candidate::MIN_CONFIDENCE;

/// Prefix of a category in an allow or deny list.
pub(crate) const CATEGORY_PREFIX: &str = "category:";

/// Which candidates are shown, and how they are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Least confidence shown, from [`MIN_CONFIDENCE`] to 1.
    pub threshold: f32,
    /// Maximum number of tags per picture, at least 1.
    pub max_tags: usize,
    /// Tag ids and `category:NAME`; unless empty, nothing else is shown.
    #[serde(default)]
    pub allow: Vec<String>,
    /// Tag ids and `category:NAME` that are never shown, not even as parents. Their children stay.
    #[serde(default)]
    pub deny: Vec<String>,
    /// Language of the names; English for tags without a name in it.
    pub language: String,
    /// What of each provider's tags is shown, by its id; those without an entry have that of [`ProviderPolicy::default`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub providers: BTreeMap<String, ProviderPolicy>,
    /// What of each own tagger's tags is shown, by its id; those without an entry have that of [`HeadPolicy::default`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub heads: BTreeMap<String, HeadPolicy>,
}

/// What is shown of the tags that an own tagger found. Each of them has the threshold that its training gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeadPolicy {
    /// Whether any are shown.
    pub is_shown: bool,
}

impl Default for HeadPolicy {
    fn default() -> Self {
        Self { is_shown: true }
    }
}

/// What is shown of the tags that a provider found. Lists, rules and corrections hold for them as for all others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderPolicy {
    /// Least number shown, 0–1, of a provider that gives numbers; all of one that gives none.
    pub threshold: f32,
    /// Maximum number of its tags per picture, at least 1.
    pub max_tags: usize,
    /// Whether any are shown.
    pub is_shown: bool,
}

impl Default for ProviderPolicy {
    fn default() -> Self {
        Self { threshold: 0.0, max_tags: 50, is_shown: true }
    }
}

impl Policy {
    /// What holds for a provider.
    pub fn provider(&self, id: &str) -> ProviderPolicy {
        self.providers.get(id).copied().unwrap_or_default()
    }

    /// What holds for an own tagger.
    pub fn head(&self, id: &str) -> HeadPolicy {
        self.heads.get(id).copied().unwrap_or_default()
    }

    /// # Errors
    /// [`ErrorKind::PolicyInvalid`] for a threshold outside [[`MIN_CONFIDENCE`], 1], a provider's outside 0–1, and for a `max_tags` of 0.
    pub fn check(&self) -> Result<()> {
        let refuse = |detail: String| Err(Error::new(ErrorKind::PolicyInvalid, detail));
        let threshold = self.threshold;
        if !(MIN_CONFIDENCE..=1.0).contains(&threshold) {
            return refuse(format!(
                "The threshold {threshold} is out of range. Choose one from {MIN_CONFIDENCE} to 1."
            ));
        }
        if self.max_tags == 0 {
            return refuse("The maximum number of tags is 0. Choose at least 1.".to_owned());
        }
        for (id, ProviderPolicy { threshold, max_tags, .. }) in &self.providers {
            if !(0.0..=1.0).contains(threshold) || *max_tags == 0 {
                return refuse(format!(
                    "The provider {id:?} has the threshold {threshold} and at most {max_tags} tags. Choose a threshold from 0 to 1, and at \
                     least 1 tag."
                ));
            }
        }
        Ok(())
    }

    /// Removes list entries that `vocabulary` does not know, such as those of another model. An allow list that becomes empty allows
    /// everything.
    pub fn for_vocabulary(mut self, vocabulary: &Vocabulary) -> Self {
        let is_known = |entry: &String| vocabulary.tags().iter().any(|tag| is_named_by(tag, entry));
        self.allow.retain(is_known);
        self.deny.retain(is_known);
        self
    }
}

/// Whether the `entry` of a list matches this tag.
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
            providers: BTreeMap::new(),
            heads: BTreeMap::new(),
        }
    }
}
