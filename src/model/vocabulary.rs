//! A model's vocabulary (`vocabulary.json`): its tags with names by language, parents and categories, and the tag of each class.

mod guests;
mod texts;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::readable::has_only_shown;
use texts::{check_languages, check_names};

/// The only version of the format so far.
const VERSION: u32 = 1;
/// Every tag has a name in this language; it is used where another language has none.
pub const FALLBACK_LANGUAGE: &str = "en";
/// A heading without being marked as one: the tag above those that belong under no other.
const CATCH_ALL: &str = "other";

/// Maximum size of the file, in bytes.
const MAX_JSON_BYTES: usize = 32 << 20;
/// Maximum number of classes.
const MAX_CLASSES: usize = u16::MAX as usize;
/// Maximum length of a tag's id, in bytes.
pub const MAX_ID_BYTES: usize = 100;
/// Maximum number of a tag's parents, of steps up to its furthest ancestor, and of all its ancestors.
const MAX_PARENTS: usize = 16;
const MAX_DEPTH: usize = 32;
const MAX_ANCESTORS: usize = 64;

/// Position of a tag in [`Vocabulary::tags`].
pub type TagIdx = u16;

/// `vocabulary.json`, parsed, validated and resolved.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    languages: Vec<String>,
    tags: Vec<TagEntry>,
    /// `classes[i]` is the tag that output `i` feeds.
    classes: Vec<TagIdx>,
    idx_by_id: HashMap<String, TagIdx>,
    /// Per tag: its ancestors, the nearest first, each once.
    ancestors: Vec<Vec<TagIdx>>,
    /// Per tag: the classes that feed it or a descendant, ascending, each once.
    leaf_classes: Vec<Vec<u32>>,
    /// Per tag: whether it has children and no class of its own.
    only_gathers: Vec<bool>,
    /// Per tag: the first of its parents.
    first_parent: Vec<Option<TagIdx>>,
    /// The tags behind these are guests.
    n_own_tags: usize,
}

/// One tag, as in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagEntry {
    /// Stable, unique; part of reports.
    pub id: String,
    /// Language code to name; always has "en".
    pub names: BTreeMap<String, String>,
    /// Ids of the parents.
    #[serde(default)]
    pub parents: Vec<String>,
    #[serde(default)]
    pub category: Option<String>,
    /// Other words for the tag, by language.
    #[serde(default)]
    pub aliases: BTreeMap<String, Vec<String>>,
    /// See [`TagEntry::is_heading`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub heading: bool,
}

impl TagEntry {
    /// The name in `language`, else in English.
    pub fn name(&self, language: &str) -> &str {
        self.names.get(language).unwrap_or_else(|| &self.names[FALLBACK_LANGUAGE])
    }

    /// Whether it only sorts the tags below it, as "other" and "household" do. It says nothing about a picture, and is never shown.
    pub fn is_heading(&self) -> bool {
        self.heading || self.id == CATCH_ALL
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVocabulary {
    version: u32,
    languages: Vec<String>,
    tags: Vec<TagEntry>,
    classes: Vec<String>,
}

impl Vocabulary {
    /// Parses and validates `vocabulary.json`.
    ///
    /// # Errors
    /// [`ErrorKind::VocabularyInvalid`] for an unknown field, a duplicate id, a missing English name, a name in an unlisted language, an
    /// unknown parent or class, a cycle of parents, or more of anything than `docs/formats/vocabulary.md` allows; the detail names the tag.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > MAX_JSON_BYTES {
            return Err(invalid(format!("The vocabulary has {} bytes; the most is {MAX_JSON_BYTES}.", json.len())));
        }
        let file: RawVocabulary = serde_json::from_str(json).map_err(|error| {
            Error::new(ErrorKind::VocabularyInvalid, format!("This is not a valid vocabulary: {error}."))
                .with_source(error)
        })?;
        if file.version != VERSION {
            return Err(invalid(format!(
                "The vocabulary has version {}, but this version of Tagsmith reads version {VERSION}.",
                file.version
            )));
        }
        if file.tags.is_empty() || file.tags.len() > usize::from(TagIdx::MAX) {
            return Err(invalid(format!(
                "The vocabulary has {} tags; it must have 1 to {}.",
                file.tags.len(),
                TagIdx::MAX
            )));
        }
        check_languages(&file.languages)?;
        if file.classes.is_empty() || file.classes.len() > MAX_CLASSES {
            return Err(invalid(match file.classes.len() {
                0 => "The vocabulary has no classes.".to_owned(),
                n => format!("The vocabulary has {n} classes; the most is {MAX_CLASSES}."),
            }));
        }
        let idx_by_id = index(&file.tags)?;
        for tag in &file.tags {
            check_names(tag, &file.languages)?;
            if tag.parents.len() > MAX_PARENTS {
                return Err(invalid(format!(
                    "The tag {:?} has {} parents; the most is {MAX_PARENTS}.",
                    tag.id,
                    tag.parents.len()
                )));
            }
        }
        let parents = file
            .tags
            .iter()
            .map(|tag| {
                let lookup = |parent: &String| {
                    idx_by_id.get(parent).copied().ok_or_else(|| {
                        invalid(format!(
                            "The tag {:?} has the parent {parent:?}, which is not in the vocabulary.",
                            tag.id
                        ))
                    })
                };
                tag.parents.iter().map(lookup).collect::<Result<Vec<_>>>()
            })
            .collect::<Result<Vec<_>>>()?;
        let ancestors = ancestors(&parents, &file.tags)?;
        let classes = file
            .classes
            .iter()
            .enumerate()
            .map(|(class, id)| {
                idx_by_id
                    .get(id)
                    .copied()
                    .ok_or_else(|| invalid(format!("Class {class} feeds {id:?}, which is not in the vocabulary.")))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut leaf_classes = vec![Vec::new(); file.tags.len()];
        for (class, &tag) in classes.iter().enumerate() {
            leaf_classes[usize::from(tag)].push(class as u32);
            for &above in &ancestors[usize::from(tag)] {
                leaf_classes[usize::from(above)].push(class as u32);
            }
        }
        let first_parent = parents.iter().map(|parents| parents.first().copied()).collect();
        let mut only_gathers = vec![false; file.tags.len()];
        parents.iter().flatten().for_each(|&parent| only_gathers[usize::from(parent)] = true);
        classes.iter().for_each(|&tag| only_gathers[usize::from(tag)] = false);
        Ok(Self {
            n_own_tags: file.tags.len(),
            languages: file.languages,
            tags: file.tags,
            classes,
            idx_by_id,
            ancestors,
            leaf_classes,
            only_gathers,
            first_parent,
        })
    }

    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    pub fn tags(&self) -> &[TagEntry] {
        &self.tags
    }

    pub fn n_classes(&self) -> usize {
        self.classes.len()
    }

    /// The tag at `idx`, which must come from this vocabulary.
    pub fn tag(&self, idx: TagIdx) -> &TagEntry {
        &self.tags[usize::from(idx)]
    }

    pub fn idx(&self, id: &str) -> Option<TagIdx> {
        self.idx_by_id.get(id).copied()
    }

    /// All ancestors of `idx`, the nearest first.
    pub fn ancestors(&self, idx: TagIdx) -> &[TagIdx] {
        &self.ancestors[usize::from(idx)]
    }

    /// Every ancestor of any of `tags`.
    pub fn ancestors_of_all(&self, tags: impl IntoIterator<Item = TagIdx>) -> HashSet<TagIdx> {
        tags.into_iter().flat_map(|tag| self.ancestors(tag)).copied().collect()
    }

    /// The path from `idx` to the root by first parents, the nearest first; [`Self::ancestors`] has those on every path.
    pub fn path_to_root(&self, idx: TagIdx) -> impl Iterator<Item = TagIdx> {
        std::iter::successors(self.first_parent[usize::from(idx)], |&above| self.first_parent[usize::from(above)])
    }

    /// The nearest common ancestor below the root: two dogs have one, a dog and a cat under the root "animal" do not.
    pub fn common_ancestor(&self, one: TagIdx, other: TagIdx) -> Option<TagIdx> {
        let others = self.ancestors(other);
        self.ancestors(one).iter().copied().find(|above| !self.ancestors(*above).is_empty() && others.contains(above))
    }

    /// Whether they are the same tag, or one is the other's ancestor.
    pub fn are_related(&self, one: TagIdx, other: TagIdx) -> bool {
        one == other || self.ancestors(one).contains(&other) || self.ancestors(other).contains(&one)
    }

    /// Whether `idx` has children and no class of its own: the network was never trained to name it.
    pub fn only_gathers(&self, idx: TagIdx) -> bool {
        self.only_gathers[usize::from(idx)]
    }

    /// The classes that feed `idx` or a descendant, ascending.
    pub fn leaf_classes(&self, idx: TagIdx) -> &[u32] {
        &self.leaf_classes[usize::from(idx)]
    }
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::VocabularyInvalid, detail)
}

fn index(tags: &[TagEntry]) -> Result<HashMap<String, TagIdx>> {
    let mut idx_by_id = HashMap::with_capacity(tags.len());
    for (idx, tag) in (0..=TagIdx::MAX).zip(tags) {
        if tag.id.is_empty() || tag.id.len() > MAX_ID_BYTES || tag.id.contains(':') || !has_only_shown(&tag.id) {
            let start: String = tag.id.chars().take(MAX_ID_BYTES).collect();
            return Err(invalid(format!(
                "{start:?} is not a valid tag id: it is empty, has more than {MAX_ID_BYTES} bytes, or contains \":\" or an unprintable character."
            )));
        }
        if idx_by_id.insert(tag.id.clone(), idx).is_some() {
            return Err(invalid(format!("The tag {:?} is in the vocabulary twice.", tag.id)));
        }
    }
    Ok(idx_by_id)
}

/// Breadth-first from each tag, so that the nearest ancestors come first; a tag that reaches itself is in a cycle. Linear in the number of
/// ancestors and their parents.
fn ancestors(parents: &[Vec<TagIdx>], tags: &[TagEntry]) -> Result<Vec<Vec<TagIdx>>> {
    let mut all = Vec::with_capacity(parents.len());
    // For each tag: the last one that it was found above of.
    let mut found_by = vec![None; parents.len()];
    for (idx, direct) in (0..=TagIdx::MAX).zip(parents) {
        let refuse = |reason: String| Err(invalid(format!("The tag {:?} {reason}.", tags[usize::from(idx)].id)));
        let mut above: Vec<TagIdx> = Vec::new();
        let mut next = direct.clone();
        let mut depth = 0;
        while !next.is_empty() {
            depth += 1;
            let mut further = Vec::new();
            for parent in next {
                if parent == idx {
                    return refuse("is its own ancestor".into());
                }
                if found_by[usize::from(parent)].replace(idx) != Some(idx) {
                    above.push(parent);
                    further.extend_from_slice(&parents[usize::from(parent)]);
                }
            }
            if depth > MAX_DEPTH || above.len() > MAX_ANCESTORS {
                return refuse(format!(
                    "has ancestors more than {MAX_DEPTH} steps above it, or more than {MAX_ANCESTORS} of them"
                ));
            }
            next = further;
        }
        all.push(above);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(tags: &str, classes: &str) -> Result<Vocabulary> {
        Vocabulary::parse(&format!(r#"{{"version":1,"languages":["en","sv"],"tags":[{tags}],"classes":[{classes}]}}"#))
    }

    fn refusal(tags: &str, classes: &str) -> String {
        let error = parse(tags, classes).expect_err("must be refused");
        assert_eq!(error.kind(), ErrorKind::VocabularyInvalid);
        error.detail().to_owned()
    }

    #[test]
    fn ancestors_are_nearest_first_and_leaf_classes_come_from_all_levels() {
        let vocabulary = parse(
            r#"{"id":"animal","names":{"en":"animal"}},
               {"id":"mammal","names":{"en":"mammal"},"parents":["animal"]},
               {"id":"dog","names":{"en":"dog","sv":"hund"},"parents":["mammal"]}"#,
            r#""dog","mammal","dog""#,
        )
        .unwrap();
        let [animal, mammal, dog] = ["animal", "mammal", "dog"].map(|id| vocabulary.idx(id).unwrap());
        assert_eq!(vocabulary.ancestors(dog), [mammal, animal]);
        assert_eq!(vocabulary.leaf_classes(dog), [0, 2]);
        assert_eq!(vocabulary.leaf_classes(animal), [0, 1, 2]);
        assert_eq!([animal, mammal, dog].map(|tag| vocabulary.only_gathers(tag)), [true, false, false]);
        assert_eq!(vocabulary.tag(dog).name("sv"), "hund");
        assert_eq!(vocabulary.tag(animal).name("sv"), "animal", "English is the fallback");
    }

    #[test]
    fn the_path_to_the_root_follows_first_parents() {
        let tag = |id: &str, parents: &str| format!(r#"{{"id":"{id}","names":{{"en":"{id}"}},"parents":[{parents}]}}"#);
        let tags = [
            tag("nature", ""),
            tag("sea", r#""nature""#),
            tag("beach", r#""nature""#),
            tag("shore", r#""beach","sea""#),
        ];
        let vocabulary = parse(&tags.join(","), r#""shore""#).unwrap();
        let ids = |path: Vec<TagIdx>| path.into_iter().map(|idx| vocabulary.tag(idx).id.clone()).collect::<Vec<_>>();
        let shore = vocabulary.idx("shore").unwrap();
        assert_eq!(ids(vocabulary.path_to_root(shore).collect()), ["beach", "nature"]);
        assert_eq!(ids(vocabulary.ancestors(shore).to_vec()), ["beach", "sea", "nature"]);
        assert_eq!(vocabulary.common_ancestor(shore, vocabulary.idx("sea").unwrap()), None, "nature is the root");
        assert!(vocabulary.only_gathers(0) && !vocabulary.only_gathers(shore));
    }

    #[test]
    fn a_class_counts_once_for_an_ancestor_on_two_paths() {
        let vocabulary = parse(
            r#"{"id":"thing","names":{"en":"thing"}},
               {"id":"a","names":{"en":"a"},"parents":["thing"]},
               {"id":"b","names":{"en":"b"},"parents":["thing"]},
               {"id":"ab","names":{"en":"ab"},"parents":["a","b"]}"#,
            r#""ab""#,
        )
        .unwrap();
        assert_eq!(vocabulary.leaf_classes(vocabulary.idx("thing").unwrap()), [0]);
    }

    #[test]
    fn a_contradictory_vocabulary_is_refused_and_the_tag_named() {
        let dog = r#"{"id":"dog","names":{"en":"dog"}}"#;
        assert!(refusal(&format!("{dog},{dog}"), r#""dog""#).contains("\"dog\" is in the vocabulary twice"));
        assert!(refusal(dog, r#""cat""#).contains("Class 0 feeds \"cat\""));
        assert!(refusal(r#"{"id":"dog","names":{"sv":"hund"}}"#, r#""dog""#).contains("no English name"));
        assert!(refusal(r#"{"id":"dog","names":{"en":"dog","xx":"d"}}"#, r#""dog""#).contains("\"xx\""));
        assert!(refusal(r#"{"id":"dog","names":{"en":"dog"},"parents":["x"]}"#, r#""dog""#).contains("\"x\""));
        assert!(refusal(r#"{"id":"dog","names":{"en":"dog"},"colour":1}"#, r#""dog""#).contains("colour"));
        assert!(refusal(dog, "").contains("no classes"));
    }

    #[test]
    fn a_cycle_of_any_length_is_refused() {
        let tag = |id: &str, parent: &str| format!(r#"{{"id":"{id}","names":{{"en":"{id}"}},"parents":["{parent}"]}}"#);
        assert!(refusal(&tag("a", "a"), r#""a""#).contains("\"a\" is its own ancestor"));
        let ring = [tag("a", "b"), tag("b", "c"), tag("c", "a"), tag("d", "a")].join(",");
        assert!(refusal(&ring, r#""d""#).contains("its own ancestor"));
    }
}
