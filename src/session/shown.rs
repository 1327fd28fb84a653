//! What one picture shows under policy, rules and corrections: computed when one of them changes, then counted, searched and reported.

use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::session::provider_tags::{ProviderTags, WordLists};
use crate::session::report::Origin;
use crate::tags::candidate::ComponentIdx;
use crate::tags::corrections::{Corrections, ResolvedCorrections};
use crate::tags::keys::{TagKey, TagKeys};
use crate::tags::rules::ResolvedRules;
use crate::tags::select::Selector;

/// The tags of a picture: those that a person gave first, then those that own taggers found, then the model's, then those that only providers
/// found, the surest first each. No tag twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shown {
    pub tags: Vec<ShownTag>,
    /// Ancestors of `tags` that are none of them, each once.
    pub above: Vec<TagKey>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ShownTag {
    pub key: TagKey,
    /// 1 for a person's.
    pub confidence: f32,
    /// The number of whoever says it; of a person's, the model's. `None` where there is none.
    pub score: Option<f32>,
    pub by: SaidBy,
    pub in_bulk: bool,
}

/// Who says a tag that is shown: of several, a person before what they have taught, that before the model, and the model before providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SaidBy {
    Person,
    /// An own tagger: of those that say it, the surest.
    Head(ComponentIdx),
    Model(ComponentIdx),
    /// Of those that say it, the one with the highest number.
    Provider(ComponentIdx),
}

impl SaidBy {
    pub fn component(self) -> Option<ComponentIdx> {
        match self {
            Self::Person => None,
            Self::Head(component) | Self::Model(component) | Self::Provider(component) => Some(component),
        }
    }

    /// As in reports.
    pub fn origin(self) -> Origin {
        match self {
            Self::Person => "manual",
            Self::Head(_) => "custom",
            Self::Model(_) => "auto",
            Self::Provider(_) => "cloud",
        }
    }
}

impl Shown {
    /// Whether the picture has a tag that says something about it: not only what many pictures were given at once.
    pub fn is_tagged(&self) -> bool {
        self.tags.iter().any(|tag| !tag.in_bulk)
    }

    /// The confidence of the model's least sure tag.
    pub fn least_sure(&self) -> Option<f32> {
        let auto = self.tags.iter().filter(|tag| matches!(tag.by, SaidBy::Model(_)));
        auto.map(|tag| tag.confidence).min_by(f32::total_cmp)
    }

    /// All keys, those of ancestors included.
    pub fn keys(&self) -> impl Iterator<Item = TagKey> {
        self.tags.iter().map(|tag| tag.key).chain(self.above.iter().copied())
    }
}

/// A person's corrections of a picture, with what they mean under the rules.
#[derive(Debug, Clone, Default)]
pub(super) struct PictureCorrections {
    pub corrections: Corrections,
    /// The tags that are shown for `corrections.added`, each once.
    pub added: Vec<(TagKey, bool)>,
    pub rejected: Vec<TagKey>,
    pub resolved: ResolvedCorrections,
}

impl PictureCorrections {
    pub fn new(
        corrections: Corrections,
        vocabulary: &Vocabulary,
        keys: &mut TagKeys,
        rules: &mut ResolvedRules,
    ) -> Self {
        let mut added: Vec<(TagKey, bool)> = Vec::new();
        let said: Vec<TagKey> = corrections.added.iter().map(|tag| keys.key(&tag.tag_ref(), vocabulary)).collect();
        rules.learn(keys, vocabulary);
        for (tag, key) in corrections.added.iter().zip(said) {
            let key = rules.target(key);
            match added.iter_mut().find(|(one, _)| *one == key) {
                Some((_, in_bulk)) => *in_bulk &= tag.in_bulk,
                None => added.push((key, tag.in_bulk)),
            }
        }
        let rejected: Vec<TagKey> = corrections.rejected.iter().filter_map(|id| keys.find(id, vocabulary)).collect();
        let indices =
            |of: &mut dyn Iterator<Item = TagKey>| -> Vec<TagIdx> { of.filter_map(|key| keys.idx(key)).collect() };
        let resolved = ResolvedCorrections {
            added: indices(&mut added.iter().map(|&(key, _)| key)),
            rejected: indices(&mut rejected.iter().flat_map(|&key| [rules.sources(key), vec![key]].concat())),
            merged: indices(&mut added.iter().flat_map(|&(key, _)| rules.sources(key))),
        };
        Self { corrections, added, rejected, resolved }
    }

    /// Whether the person said something about this picture. What many were given at once is not that.
    pub fn is_correction(&self) -> bool {
        !self.corrections.rejected.is_empty() || self.corrections.added.iter().any(|tag| !tag.in_bulk)
    }
}

/// Everything that decides what a picture shows, besides the picture itself.
pub(super) struct View<'a> {
    pub selector: &'a Selector,
    pub rules: &'a ResolvedRules,
    pub keys: &'a TagKeys,
    pub word_lists: &'a WordLists,
    pub provider_tags: &'a ProviderTags,
    /// Names, by number.
    pub components: &'a [String],
}

/// The [`View`] of a session, of which no other field is borrowed.
macro_rules! view_of {
    ($session:expr) => {
        View {
            selector: &$session.selector,
            rules: &$session.rules,
            keys: &$session.keys,
            word_lists: &$session.word_lists,
            provider_tags: &$session.provider_tags,
            components: &$session.components,
        }
    };
}
pub(super) use view_of;

impl View<'_> {
    /// The ancestors that count as shown with a tag, the nearest first.
    pub fn parents(&self, key: TagKey, corrections: &PictureCorrections) -> Vec<TagKey> {
        if let Some(strict) = self.rules.strict() {
            return self.said_of(strict.above(key), corrections);
        }
        let ancestors = self.keys.idx(key).map_or(&[][..], |idx| self.selector.vocabulary().ancestors(idx));
        self.as_shown(ancestors.iter().copied(), key, corrections)
    }

    /// The path to the root by first parents, the nearest first, of those that count as shown.
    pub fn path_to_root(&self, key: TagKey, corrections: &PictureCorrections) -> Vec<TagKey> {
        if let Some(strict) = self.rules.strict() {
            return self.said_of(strict.path_to_root(key), corrections);
        }
        let path = self.keys.idx(key).into_iter().flat_map(|idx| self.selector.vocabulary().path_to_root(idx));
        self.as_shown(path, key, corrections)
    }

    /// Those of a strict vocabulary that are no headings, and that the person did not reject.
    fn said_of(&self, mut keys: Vec<TagKey>, corrections: &PictureCorrections) -> Vec<TagKey> {
        keys.retain(|key| self.may_show(*key) && !corrections.rejected.contains(key));
        keys
    }

    fn as_shown(
        &self,
        ancestors: impl Iterator<Item = TagIdx>,
        below: TagKey,
        corrections: &PictureCorrections,
    ) -> Vec<TagKey> {
        let mut above = Vec::new();
        for idx in ancestors.filter(|idx| self.selector.permits(*idx) && !corrections.resolved.rejected.contains(idx)) {
            let key = self.rules.target(TagKey::from(idx));
            if key != below && self.may_show(key) && !corrections.rejected.contains(&key) && !above.contains(&key) {
                above.push(key);
            }
        }
        above
    }

    /// Whether lists permit what is said, whatever it is shown as.
    pub fn is_permitted(&self, key: TagKey) -> bool {
        self.keys.idx(key).is_none_or(|idx| self.selector.permits(idx))
    }

    /// Whether a tag may stand on a picture: lists permit it, and a strict vocabulary has it.
    pub fn may_show(&self, shown_as: TagKey) -> bool {
        self.rules.permits(shown_as) && self.is_permitted(shown_as)
    }

    /// What a tag is called: as a person renamed it, or in the policy's language.
    pub fn name(&self, key: TagKey) -> &str {
        let language = &self.selector.policy().language;
        let known = || self.keys.name(key, self.selector.vocabulary(), language);
        self.rules.name(key, language).unwrap_or_else(known)
    }

    /// Each name is looked up once; in the comparison itself that made 70 KB of code.
    pub fn by_name(&self, keys: Vec<TagKey>) -> Vec<TagKey> {
        let mut named: Vec<(&str, TagKey)> = keys.into_iter().map(|key| (self.name(key), key)).collect();
        named.sort_by(|a, b| a.0.cmp(b.0));
        named.into_iter().map(|(_, key)| key).collect()
    }

    pub fn id(&self, key: TagKey) -> &str {
        self.keys.id(key, self.selector.vocabulary())
    }
}
