//! An own tagger as one file that travels: its head, and perhaps what it learnt from, so that it can go on learning elsewhere
//! (docs/formats/tagger.md). A head's own file is one, too, without the rest.

mod at_most;

use std::collections::HashSet;

use at_most::at_most;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};
use crate::model::readable::is_readable;
use crate::tagging::{MAX_TAGS, OwnHead};
use crate::tags::{Embedding, MAX_TAG_CHARS, TagRef};
use crate::train::{Example, TrainingSet};

/// The word by which the file is known.
const FORMAT: &str = "tagsmith-tagger";
const SCHEMA: u32 = 1;
/// Most bytes of a file; with the squares of 10,000 pictures it has 200 MB.
const MAX_BYTES: usize = 512 << 20;
const MAX_EXAMPLES: usize = 100_000;
const MAX_VIEWS: usize = 16;
/// Most bytes of a picture as the network saw it; usual are 15,000.
const MAX_SQUARE_BYTES: usize = 256 << 10;
/// Most that guidelines say: there are far fewer than 20.
const MAX_LIGHTS: usize = 20 * MAX_TAGS;
/// Maximum lengths of what says a guideline's state, and of a tag's id.
const MAX_WORD_CHARS: usize = 40;
const MAX_ID_CHARS: usize = MAX_TAG_CHARS + 10;

/// An own tagger and what of its past goes along.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggerFile {
    pub head: OwnHead,
    /// What the guidelines said of its training set.
    pub lights: Vec<GuidelineState>,
    /// What it learnt from. `None` where the person kept that.
    pub set: Option<MovedSet>,
}

/// What one guideline said of one tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidelineState {
    /// Id of the tag.
    pub tag: String,
    pub guideline: String,
    pub light: String,
}

/// A training set without its pictures: embeddings, and where the person wanted it the squares that the network saw.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedSet {
    /// Its examples are numbered as they come.
    pub set: TrainingSet,
    /// WebP, one for each example, or none at all. Empty where one isn't there.
    pub squares: Vec<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    schema: u32,
    /// As it is written: it has its own limits.
    head: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "at_most::<_, _, MAX_LIGHTS>")]
    lights: Vec<GuidelineState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    set: Option<FileSet>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSet {
    #[serde(deserialize_with = "at_most::<_, _, MAX_TAGS>")]
    tags: Vec<TagRef>,
    #[serde(deserialize_with = "at_most::<_, _, MAX_EXAMPLES>")]
    examples: Vec<FileExample>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileExample {
    /// Of the picture's file.
    sha256: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    longer_side: u32,
    #[serde(deserialize_with = "at_most::<_, _, MAX_TAGS>")]
    tags: Vec<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "at_most::<_, _, MAX_TAGS>")]
    rejected: Vec<u16>,
    #[serde(deserialize_with = "at_most::<_, _, MAX_VIEWS>")]
    views: Vec<View>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    square: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct View {
    scale: f32,
    vector: String,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Only to tell a tagger's file from a head's.
#[derive(Deserialize)]
struct Kind {
    format: Option<String>,
    schema: Option<u32>,
}

impl TaggerFile {
    /// Reads a file and checks all of it: whatever it holds can then be shown, computed with and kept.
    ///
    /// # Errors
    /// [`ErrorKind::OwnHeadInvalid`], with what is wrong and what to do.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > MAX_BYTES {
            return Err(invalid(format!("it has {} bytes, and the most is {MAX_BYTES}", json.len())));
        }
        let unreadable = |error: serde_json::Error| invalid(format!("it cannot be read: {error}"));
        let Kind { format, schema } = serde_json::from_str(json).map_err(unreadable)?;
        let Some(format) = format else {
            return Ok(Self { head: OwnHead::parse(json)?, lights: Vec::new(), set: None });
        };
        if format != FORMAT {
            return Err(invalid("it is a file of another kind"));
        }
        if schema != Some(SCHEMA) {
            let schema = schema.unwrap_or_default();
            return Err(invalid(format!("it has schema {schema}, and this version reads schema {SCHEMA}")));
        }
        let File { head, lights, set, .. } = serde_json::from_str(json).map_err(unreadable)?;
        let head = OwnHead::parse(head.get())?;
        for light in &lights {
            let is_word = |word: &str| {
                word.len() <= MAX_WORD_CHARS && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            };
            if !is_word(&light.guideline) || !is_word(&light.light) || !is_readable(&light.tag, MAX_ID_CHARS) {
                return Err(invalid("it has a guideline that cannot be shown"));
            }
        }
        let set = set.map(|set| moved(set, &head)).transpose()?;
        Ok(Self { head, lights, set })
    }

    /// The file's text. The same tagger always gives the same bytes.
    pub fn json(&self) -> String {
        let head = RawValue::from_string(self.head.json()).expect("a head's file is JSON");
        let file = File {
            format: FORMAT.into(),
            schema: SCHEMA,
            head,
            lights: self.lights.clone(),
            set: self.set.as_ref().map(FileSet::from),
        };
        serde_json::to_string(&file).expect("strings and numbers are always written")
    }
}

fn moved(file: FileSet, head: &OwnHead) -> Result<MovedSet> {
    let is_language = |language: &String| is_readable(language, MAX_TAG_CHARS);
    let is_shown = |tag: &TagRef| {
        let is_named = is_readable(&tag.id, MAX_ID_CHARS) && is_readable(&tag.name, MAX_TAG_CHARS);
        is_named && tag.language.as_ref().is_none_or(is_language)
    };
    if !file.tags.iter().all(is_shown) {
        return Err(invalid("it has a tag that cannot be shown"));
    }
    let mut known = HashSet::with_capacity(file.tags.len());
    if let Some(tag) = file.tags.iter().find(|tag| !known.insert(&tag.id)) {
        return Err(invalid(format!("it has the tag {:?} twice", tag.id)));
    }
    let mut squares = Vec::new();
    let mut examples = Vec::with_capacity(file.examples.len());
    for (id, one) in (0..).zip(file.examples) {
        let views = one.views.into_iter().map(|view| {
            let bytes = STANDARD.decode(view.vector).map_err(|_| invalid("it has embeddings that are not base64"))?;
            Ok(Embedding { scale: view.scale, vector: bytes.into_iter().map(u8::cast_signed).collect() })
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        squares.push(square(&one.square)?);
        let sha256 = hash(&one.sha256).ok_or_else(|| invalid(format!("its picture {id} has no hash")))?;
        let FileExample { longer_side, tags, rejected, .. } = one;
        examples.push(Example { id, views, tags, rejected, sha256, longer_side });
    }
    let set = TrainingSet {
        backbone: head.backbone.clone(),
        n_features: head.n_features,
        tags: file.tags,
        examples,
        others: Vec::new(),
    };
    set.check().map_err(|error| invalid("what it learnt from does not belong together").with_source(error))?;
    if squares.iter().all(Vec::is_empty) {
        squares.clear();
    }
    Ok(MovedSet { set, squares })
}

/// A WebP, as the page makes them; nothing else is taken for one.
fn square(text: &str) -> Result<Vec<u8>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let bytes = STANDARD.decode(text).map_err(|_| invalid("it has pictures that are not base64"))?;
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if !is_webp || bytes.len() > MAX_SQUARE_BYTES {
        return Err(invalid("it has a picture that is no small WebP"));
    }
    Ok(bytes)
}

fn hash(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}

impl From<&MovedSet> for FileSet {
    fn from(MovedSet { set, squares }: &MovedSet) -> Self {
        let view = |embedding: &Embedding| View {
            scale: embedding.scale,
            vector: STANDARD.encode(embedding.vector.iter().map(|value| value.cast_unsigned()).collect::<Vec<u8>>()),
        };
        let example = |(place, one): (usize, &Example)| FileExample {
            sha256: one.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
            longer_side: one.longer_side,
            tags: one.tags.clone(),
            rejected: one.rejected.clone(),
            views: one.views.iter().map(view).collect(),
            square: squares.get(place).map(|bytes| STANDARD.encode(bytes)).unwrap_or_default(),
        };
        Self { tags: set.tags.clone(), examples: set.examples.iter().enumerate().map(example).collect() }
    }
}

fn invalid(what: impl std::fmt::Display) -> Error {
    let detail = format!("This file has no own tags that can be used: {what}. Export it again, or train again.");
    Error::new(ErrorKind::OwnHeadInvalid, detail)
}

#[cfg(test)]
mod tests;
