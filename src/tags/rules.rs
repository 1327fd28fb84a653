//! Rules over tags: what a person decides about a tag once, for every picture, also for those that come later. Candidates and corrections
//! are never rewritten, so taking a rule away brings back what was there before.
//!
//! `[{"tag":{"id","name"},"action":{"kind":"rename","name"} | {"kind":"merge","into":{"id","name"}} | {"kind":"hide"}}]` is their shape
//! between the page, the session and whatever keeps them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::Vocabulary;
use crate::tags::corrections::{MAX_TAG_CHARS, TagRef};
use crate::tags::keys::{TagKey, TagKeys};
use crate::tags::strict::{StrictMap, StrictWords};

/// One rule; a tag has at most one, and of several the last counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The tag it is about, with the name that it had; for [`RuleAction::Hide`] also `category:NAME`.
    pub tag: TagRef,
    pub action: RuleAction,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RuleAction {
    /// The tag is called this, in every language.
    Rename { name: String },
    /// Another tag is shown in its place.
    Merge { into: TagRef },
    /// The model never shows it, not even as a parent. What a person adds is shown.
    Hide,
}

/// Rules by the keys of their tags. Chains of merges are followed to their end; a circle merges nothing. A strict vocabulary comes after
/// them: what they show is then shown as one of its words, or not at all.
#[derive(Debug, Clone, Default)]
pub struct ResolvedRules {
    into: HashMap<TagKey, TagKey>,
    names: HashMap<TagKey, String>,
    hidden: Vec<String>,
    strict: Option<StrictMap>,
}

impl ResolvedRules {
    /// `key` numbers tags.
    ///
    /// # Errors
    /// [`ErrorKind::TagInvalid`] for a new name that is empty, has control characters or is longer than [`MAX_TAG_CHARS`].
    pub fn new(rules: &[Rule], mut key: impl FnMut(&TagRef) -> TagKey) -> Result<Self> {
        let (mut into, mut names, mut hidden) = (HashMap::new(), HashMap::new(), Vec::new());
        let newest: HashMap<&str, &Rule> = rules.iter().map(|rule| (rule.tag.id.as_str(), rule)).collect();
        for rule in rules.iter().filter(|rule| newest[rule.tag.id.as_str()] == *rule) {
            match &rule.action {
                RuleAction::Rename { name } => {
                    check_name(name)?;
                    names.insert(key(&rule.tag), name.clone());
                }
                RuleAction::Merge { into: other } => drop(into.insert(key(&rule.tag), key(other))),
                RuleAction::Hide => hidden.push(rule.tag.id.clone()),
            }
        }
        let ends = into.keys().filter_map(|&from| Some((from, end_of(from, &into)?))).collect();
        Ok(Self { into: ends, names, hidden, strict: None })
    }

    /// The same rules under a strict vocabulary. `keys` were begun with its words.
    ///
    /// # Errors
    /// As [`StrictWords::check`].
    pub fn with_strict(mut self, words: Arc<StrictWords>, keys: &TagKeys, vocabulary: &Vocabulary) -> Result<Self> {
        self.strict = Some(StrictMap::new(words, keys, vocabulary, |tag| self.merged(tag))?);
        Ok(self)
    }

    /// Finds what keys show as that were new. Until then they show as nothing under a strict vocabulary.
    pub fn learn(&mut self, keys: &TagKeys, vocabulary: &Vocabulary) {
        if let Some(mut strict) = self.strict.take() {
            strict.learn(keys, vocabulary, |tag| self.merged(tag));
            self.strict = Some(strict);
        }
    }

    /// The strict vocabulary in force.
    pub fn strict(&self) -> Option<&StrictMap> {
        self.strict.as_ref()
    }

    fn merged(&self, tag: TagKey) -> TagKey {
        self.into.get(&tag).copied().unwrap_or(tag)
    }

    /// What is shown in place of a tag: itself, unless it is merged, or is a word of the strict vocabulary. Whether it may be shown is
    /// [`ResolvedRules::permits`]'s.
    pub fn target(&self, tag: TagKey) -> TagKey {
        let into = self.strict.as_ref().and_then(|strict| strict.target(tag));
        into.unwrap_or_else(|| self.merged(tag))
    }

    /// Whether the strict vocabulary has this [target](ResolvedRules::target); without one, always.
    pub fn permits(&self, target: TagKey) -> bool {
        self.strict.as_ref().is_none_or(|strict| strict.permits(target))
    }

    /// The tags that are shown as this one.
    pub fn sources(&self, tag: TagKey) -> Vec<TagKey> {
        match &self.strict {
            Some(strict) => strict.sources(tag).to_vec(),
            None => self.into.iter().filter(|&(_, &into)| into == tag).map(|(&from, _)| from).collect(),
        }
    }

    /// The name that a person gave a tag; of a word of the strict vocabulary always that.
    pub fn name(&self, tag: TagKey, language: &str) -> Option<&str> {
        let word = self.strict.as_ref().and_then(|strict| strict.word(tag));
        word.map(|word| word.name_in(language)).or_else(|| self.names.get(&tag).map(String::as_str))
    }

    /// Every name that a person gave, also in a strict vocabulary.
    pub fn each_name(&self, act: &mut dyn FnMut(TagKey, &str)) {
        if let Some(strict) = &self.strict {
            strict.each_name(act);
        }
        self.names.iter().for_each(|(&tag, name)| act(tag, name));
    }

    /// Entries for the deny list of a policy.
    pub fn hidden(&self) -> &[String] {
        &self.hidden
    }
}

/// The last of a chain of merges.
fn end_of(from: TagKey, into: &HashMap<TagKey, TagKey>) -> Option<TagKey> {
    let (mut at, mut passed) = (from, HashSet::from([from]));
    while let Some(&next) = into.get(&at) {
        if !passed.insert(next) {
            return None;
        }
        at = next;
    }
    Some(at)
}

fn check_name(name: &str) -> Result<()> {
    let n_chars = name.chars().count();
    if name.trim().is_empty() || name.chars().any(char::is_control) || n_chars > MAX_TAG_CHARS {
        let detail = format!("A tag cannot be called {name:?}. Choose 1 to {MAX_TAG_CHARS} printable characters.");
        return Err(Error::new(ErrorKind::TagInvalid, detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(id: &str) -> TagRef {
        TagRef::known(id, id)
    }

    fn merge(from: &str, into: &str) -> Rule {
        Rule { tag: tag(from), action: RuleAction::Merge { into: tag(into) } }
    }

    /// Tags are called a, b, c … and have the keys 0, 1, 2 ….
    fn resolved(rules: &[Rule]) -> ResolvedRules {
        ResolvedRules::new(rules, |tag| TagKey::from(tag.id.as_bytes()[0] - b'a')).unwrap()
    }

    #[test]
    fn chains_of_merges_end_at_the_last_and_a_circle_merges_nothing() {
        let rules = resolved(&[merge("a", "b"), merge("b", "c")]);
        assert_eq!([0, 1, 2].map(|key| rules.target(key)), [2, 2, 2]);
        let mut sources = rules.sources(2);
        sources.sort_unstable();
        assert_eq!(sources, [0, 1]);
        let circle = resolved(&[merge("a", "b"), merge("b", "a"), merge("c", "a"), merge("d", "d")]);
        assert_eq!([0, 1, 2, 3].map(|key| circle.target(key)), [0, 1, 2, 3]);
    }

    #[test]
    fn the_last_rule_for_a_tag_counts() {
        let hide = Rule { tag: tag("a"), action: RuleAction::Hide };
        let rules = resolved(&[merge("a", "b"), hide.clone()]);
        assert_eq!((rules.target(0), rules.hidden()), (0, &["a".to_owned()][..]));
        let rules = resolved(&[hide, merge("a", "b")]);
        assert_eq!((rules.target(0), rules.hidden()), (1, &[][..]));
    }

    #[test]
    fn names_that_nobody_could_read_are_refused() {
        for name in ["", "  ", "a\nb", &"x".repeat(101)] {
            let rule = Rule { tag: tag("a"), action: RuleAction::Rename { name: name.into() } };
            assert_eq!(ResolvedRules::new(&[rule], |_| 0).unwrap_err().kind(), ErrorKind::TagInvalid, "{name:?}");
        }
    }

    #[test]
    fn the_shape_on_the_wire_is_the_documented_one() {
        let rules = vec![
            merge("a", "b"),
            Rule { tag: tag("c"), action: RuleAction::Rename { name: "d".into() } },
            Rule { tag: tag("e"), action: RuleAction::Hide },
        ];
        let json = concat!(
            r#"[{"tag":{"id":"a","name":"a"},"action":{"kind":"merge","into":{"id":"b","name":"b"}}},"#,
            r#"{"tag":{"id":"c","name":"c"},"action":{"kind":"rename","name":"d"}},"#,
            r#"{"tag":{"id":"e","name":"e"},"action":{"kind":"hide"}}]"#
        );
        assert_eq!(serde_json::to_string(&rules).unwrap(), json);
        assert_eq!(serde_json::from_str::<Vec<Rule>>(json).unwrap(), rules);
        assert!(serde_json::from_str::<Rule>(r#"{"tag":{"id":"a","name":"a"},"action":{"kind":"burn"}}"#).is_err());
    }
}
