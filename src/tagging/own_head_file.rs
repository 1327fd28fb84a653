//! The file of an own head: JSON, schema 2 of docs/formats/head.md. It may come from anybody, so nothing of it is taken on trust.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::BackboneRef;
use crate::model::readable::{has_only_shown, is_readable};
use crate::tagging::head_file::{MAX_ID_CHARS, MAX_JSON_BYTES, base64_of, weights};
use crate::tagging::own_head::{Familiarity, OwnHead, OwnTag, Rivalry};
use crate::tags::TagRef;

/// The schema of own heads; 1 is that of a bundled head, whose tags are a vocabulary's.
const SCHEMA: u32 = 2;

/// Most tags of a head; more than anybody teaches, and few enough for every picture.
pub(crate) const MAX_TAGS: usize = 5_000;
/// Most values of an embedding.
const MAX_FEATURES: usize = 65_536;
/// Maximum lengths in characters.
pub(crate) const MAX_TITLE_CHARS: usize = 200;
pub(crate) const MAX_COMMENT_CHARS: usize = 4_000;
/// Most of what every program that reads JSON keeps exactly.
pub(crate) const MAX_SEED: u64 = (1 << 53) - 1;
/// A free word has a prefix besides.
const MAX_TAG_ID_CHARS: usize = 110;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    id: String,
    name: String,
    version: u32,
    title: String,
    comment: String,
    made_ms: i64,
    seed: u64,
    backbone: BackboneRef,
    n_features: usize,
    normalise: Normalise,
    weights: String,
    tags: Vec<OwnTag>,
    rivalry: Rivalry,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    familiarity: Option<FamiliarityRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Normalise {
    L2,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FamiliarityRow {
    weights: String,
    intercept: f32,
    limit: f32,
}

/// Only to say of another schema that it is another, whatever else it has.
#[derive(Deserialize)]
struct Schema {
    schema: u32,
}

impl OwnHead {
    /// Reads a head and checks all of it: sizes, numbers, and texts that will be shown.
    ///
    /// # Errors
    /// [`ErrorKind::OwnHeadInvalid`], with what is wrong and what to do.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > MAX_JSON_BYTES {
            return Err(invalid(format!("it has {} bytes, and the most is {MAX_JSON_BYTES}", json.len())));
        }
        let unreadable = |error: serde_json::Error| invalid(format!("it cannot be read: {error}"));
        let Schema { schema } = serde_json::from_str(json).map_err(unreadable)?;
        if schema != SCHEMA {
            return Err(invalid(format!("it has schema {schema}, and this version reads schema {SCHEMA}")));
        }
        let file: File = serde_json::from_str(json).map_err(unreadable)?;
        let File { id, name, version, title, comment, made_ms, seed, backbone, n_features, tags, rivalry, .. } = file;
        if tags.is_empty() || tags.len() > MAX_TAGS {
            return Err(invalid(format!("it has {} tags, and can have 1 to {MAX_TAGS}", tags.len())));
        }
        if n_features > MAX_FEATURES {
            return Err(invalid(format!("it has {n_features} features, and the most is {MAX_FEATURES}")));
        }
        let row = |text: &str, n_rows: usize| numbers(text, n_rows, n_features);
        let weights = row(&file.weights, tags.len())?;
        let familiarity = match file.familiarity {
            Some(one) => {
                Some(Familiarity { weights: row(&one.weights, 1)?, intercept: one.intercept, limit: one.limit })
            }
            None => None,
        };
        let head = Self {
            id,
            name,
            version,
            title,
            comment,
            made_ms,
            seed,
            backbone,
            n_features,
            tags,
            weights,
            rivalry,
            familiarity,
        };
        head.check()?;
        Ok(head)
    }

    /// The file's text. The same head always gives the same bytes.
    pub fn json(&self) -> String {
        let familiarity = self.familiarity.as_ref().map(|one| FamiliarityRow {
            weights: base64_of(&one.weights),
            intercept: one.intercept,
            limit: one.limit,
        });
        let file = File {
            schema: SCHEMA,
            id: self.id.clone(),
            name: self.name.clone(),
            version: self.version,
            title: self.title.clone(),
            comment: self.comment.clone(),
            made_ms: self.made_ms,
            seed: self.seed,
            backbone: self.backbone.clone(),
            n_features: self.n_features,
            normalise: Normalise::L2,
            weights: base64_of(&self.weights),
            tags: self.tags.clone(),
            rivalry: self.rivalry,
            familiarity,
        };
        serde_json::to_string(&file).expect("strings and numbers are always written")
    }

    /// Whether [`parse`](Self::parse) reads what [`json`](Self::json) writes: a head that nothing reads again must not be made.
    #[cfg(feature = "train")]
    pub(crate) fn check_file(&self) -> Result<()> {
        self.check()?;
        let mut numbers = self.weights.iter().chain(self.familiarity.iter().flat_map(|one| &one.weights));
        if numbers.any(|value| !value.is_finite()) {
            return Err(invalid("it has weights that are no numbers"));
        }
        match self.json().len() {
            0..=MAX_JSON_BYTES => Ok(()),
            n_bytes => Err(invalid(format!("it has {n_bytes} bytes, and the most is {MAX_JSON_BYTES}"))),
        }
    }

    /// Whether everything in it can be: texts that are shown, numbers that are computed with, no tag twice.
    fn check(&self) -> Result<()> {
        let short = [&self.id, &self.name, &self.backbone.id, &self.backbone.version];
        let long = [(&self.title, MAX_TITLE_CHARS), (&self.comment, MAX_COMMENT_CHARS)];
        let is_hash = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let texts_hold = short.iter().all(|text| is_name(text))
            && long.iter().all(|(text, most)| is_text(text, *most))
            && self.backbone.sha256.as_ref().is_none_or(is_hash);
        if !texts_hold {
            return Err(invalid(
                "its id, name, title, comment or network is empty, too long, or has characters that are not shown",
            ));
        }
        if self.seed > MAX_SEED {
            return Err(invalid(format!("its seed is above {MAX_SEED}")));
        }
        let mut known = HashSet::with_capacity(self.tags.len());
        for (number, one) in self.tags.iter().enumerate() {
            let OwnTag { tag, intercept, slope, offset, threshold, companions, .. } = one;
            if !is_tag(tag) {
                return Err(invalid(format!("it has a tag {:?} that cannot be shown", tag.id)));
            }
            if companions.iter().any(|&other| usize::from(other) >= self.tags.len()) {
                return Err(invalid(format!("its tag {:?} has a companion that isn't there", tag.id)));
            }
            if companions.windows(2).any(|two| two[0] >= two[1]) || companions.contains(&(number as u16)) {
                return Err(invalid(format!(
                    "the companions of its tag {:?} are not in order, or one is there twice or the tag itself",
                    tag.id
                )));
            }
            if !known.insert(&tag.id) {
                return Err(invalid(format!("it has the tag {:?} twice", tag.id)));
            }
            let is_finite = [intercept, slope, offset, threshold].iter().all(|number| number.is_finite());
            if !is_finite || *slope <= 0.0 || !(0.0..=1.0).contains(threshold) {
                return Err(invalid(format!(
                    "its tag {:?} needs a slope above 0, and a threshold from 0 to 1",
                    tag.id
                )));
            }
        }
        let Rivalry { evidence, rivals, offset } = self.rivalry;
        if ![evidence, rivals, offset].iter().all(|number| number.is_finite()) || evidence <= 0.0 || rivals < 0.0 {
            return Err(invalid("its rivalry needs evidence above 0, and rivals of at least 0"));
        }
        let familiarity = self.familiarity.as_ref();
        if familiarity.is_some_and(|row| !row.intercept.is_finite() || !row.limit.is_finite()) {
            return Err(invalid("its limit of what is familiar is no number"));
        }
        Ok(())
    }
}

/// Whether a text can be the name or id of a tagger or a network.
pub(crate) fn is_name(text: &str) -> bool {
    is_readable(text, MAX_ID_CHARS)
}

/// Whether a text of several lines, or none, can be shown.
pub(crate) fn is_text(text: &str, most: usize) -> bool {
    text.lines().all(has_only_shown) && text.chars().count() <= most
}

/// Whether a head can have this tag.
pub(crate) fn is_tag(tag: &TagRef) -> bool {
    is_readable(&tag.id, MAX_TAG_ID_CHARS) && is_name(&tag.name) && tag.language.as_deref().is_none_or(is_name)
}

/// Bytes of the file that the weights of so many tags take.
#[cfg(feature = "train")]
pub(crate) fn n_bytes_of_weights(n_tags: usize, n_features: usize) -> usize {
    (n_tags * n_features * size_of::<f32>()).div_ceil(3) * 4
}

/// Weights, every one of which is a finite number.
fn numbers(text: &str, n_rows: usize, n_features: usize) -> Result<Vec<f32>> {
    let bytes =
        weights(text, size_of::<f32>(), n_rows, n_features).map_err(|what| invalid(format!("it has {what}")))?;
    let values: Vec<f32> =
        bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().expect("chunks of four"))).collect();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(invalid("it has weights that are no numbers"));
    }
    Ok(values)
}

fn invalid(what: impl std::fmt::Display) -> Error {
    let detail = format!("This file has no own tags that can be used: {what}. Export it again, or train again.");
    Error::new(ErrorKind::OwnHeadInvalid, detail)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::tagging::own_head::tests::head;

    fn edited(edit: impl FnOnce(&mut Value)) -> Result<OwnHead> {
        let mut file: Value = serde_json::from_str(&head().json()).unwrap();
        edit(&mut file);
        OwnHead::parse(&file.to_string())
    }

    #[test]
    fn what_is_written_is_read_again_bit_for_bit() {
        let mut head = head();
        head.weights[0] = 0.1 + 0.2;
        head.tags[0].offset = -1.0 / 3.0;
        assert_eq!(OwnHead::parse(&head.json()).unwrap(), head);
        let without = OwnHead { familiarity: None, ..head };
        assert_eq!(OwnHead::parse(&without.json()).unwrap(), without);
    }

    #[test]
    fn a_hostile_file_is_refused_with_the_reason() {
        let set = |pointer: &'static str, value: Value| edited(|file| *file.pointer_mut(pointer).unwrap() = value);
        let nan = base64_of(&[f32::NAN; 6]);
        let infinite = base64_of(&[f32::INFINITY, 0.0, 0.0]);
        for (refused, reason) in [
            (set("/schema", 1.into()), "schema 1"),
            (set("/schema", 3.into()), "schema 3"),
            (set("/weights", "?".into()), "not base64"),
            (set("/weights", nan.into()), "no numbers"),
            (set("/familiarity/weights", infinite.into()), "no numbers"),
            (set("/familiarity/weights", base64_of(&[0.0; 6]).into()), "6 weights, which do not fit 1"),
            (set("/n_features", 4.into()), "6 weights, which do not fit 2 tags of 4 features"),
            (set("/n_features", 0.into()), "do not fit"),
            (set("/n_features", json!(u64::MAX)), "features"),
            (set("/tags/0/slope", 0.into()), "slope above 0"),
            (set("/tags/0/slope", json!(1e300)), "slope above 0"),
            (set("/tags/1/threshold", json!(1.5)), "threshold from 0 to 1"),
            (set("/tags/1/tag/id", "own:casual shoe".into()), "twice"),
            (set("/tags/1/tag/name", "\u{1b}[2J".into()), "cannot be shown"),
            (set("/tags/1/tag/name", "".into()), "cannot be shown"),
            (set("/name", "x\u{202e}y".into()), "not shown"),
            (set("/comment", "x".repeat(5_000).into()), "too long"),
            (edited(|file| file["backbone"]["sha256"] = json!("abc")), "network"),
            (set("/rivalry/rivals", json!(-1)), "rivals of at least 0"),
            (set("/seed", json!(1_u64 << 53)), "seed"),
            (set("/tags", json!([])), "0 tags"),
            (edited(|file| file["tags"][0]["companions"] = json!([1, 1])), "not in order"),
            (edited(|file| file["tags"][1]["companions"] = json!([1])), "the tag itself"),
            (edited(|file| file["tags"][0]["companions"] = json!([2])), "isn't there"),
            (edited(|file| file["pictures"] = json!(1)), "unknown field"),
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OwnHeadInvalid);
            assert!(error.detail().contains(reason), "{error} does not mention {reason}");
        }
    }

    #[test]
    fn a_million_tags_are_refused() {
        let error = edited(|file| {
            let tag = file["tags"][0].clone();
            file["tags"] = vec![tag; 100_000].into();
        })
        .unwrap_err();
        assert!(error.detail().contains("100000 tags"), "{error}");
    }
}
