//! Tagged pictures of Custom Vision. The service has no button that saves them; what its users have is one of
//!
//! - `train.json` of Microsoft's own migration script (docs of Image Analysis 4.0), in COCO's format; its pictures have no ending,
//! - the answer of `GetTaggedImages` (<https://learn.microsoft.com/azure/ai-services/custom-vision-service>), a list with `tags[].tagName`,
//! - `images_metadata.json` of export scripts around the SDK, with `tags` as words.
//!
//! Pictures with the service's tag "Negative" are examples of no tag.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde::Deserialize;

use super::TagSource;
use super::paths::Listing;
use super::plan::{Found, Missing};
use super::tags::{TagsOf, Words};
use super::words_of_json::{TagName, Word};

/// The service's word for a picture that shows none of the tags.
const NEGATIVE: &str = "Negative";
/// Endings that a picture named by its id may have.
const ENDINGS: &[&str] = &["", ".jpg", ".jpeg", ".png", ".bmp", ".gif"];

/// So much of a category's name is kept, which every picture may have: longer ones cannot be tags anyway.
const MAX_NAME_CHARS: usize = 1_000;

#[derive(Deserialize)]
struct Coco {
    images: Vec<CocoImage>,
    annotations: Vec<CocoAnnotation>,
    categories: Vec<CocoCategory>,
}

#[derive(Deserialize)]
struct CocoImage {
    id: Word,
    file_name: String,
}

#[derive(Deserialize)]
struct CocoAnnotation {
    image_id: Word,
    category_id: Word,
}

#[derive(Deserialize)]
struct CocoCategory {
    id: Word,
    name: String,
}

#[derive(Deserialize)]
struct Listed {
    images: Vec<ListedImage>,
}

#[derive(Deserialize)]
struct ListedImage {
    tags: Vec<TagName>,
    #[serde(default)]
    id: Word,
    #[serde(default)]
    saved_path: Word,
    #[serde(default)]
    file_name: Word,
    #[serde(default)]
    filename: Word,
    #[serde(default)]
    path: Word,
    #[serde(default)]
    file: Word,
    #[serde(default)]
    original_filename: Word,
}

impl ListedImage {
    /// All that it may be called here, the most telling first.
    fn names(&self) -> Vec<String> {
        let paths =
            [&self.saved_path, &self.file_name, &self.filename, &self.path, &self.file, &self.original_filename];
        let id = &self.id.0;
        let both = id.iter().zip(&self.original_filename.0).map(|(id, name)| format!("{id}_{name}"));
        let by_id = id.iter().flat_map(|id| ENDINGS.iter().map(move |ending| format!("{id}{ending}")));
        paths.iter().filter_map(|word| word.0.clone()).chain(both).chain(by_id).collect()
    }
}

/// A picture of a list, by any of its names, and its tags.
struct Named {
    names: Vec<String>,
    tags: Vec<Rc<str>>,
}

/// The list that finds most pictures.
pub fn read(listing: &Listing, documents: &[(u32, &[u8])]) -> Option<Found> {
    let all = documents.iter().filter_map(|(place, bytes)| {
        let file = listing.file(*place).filter(|file| file.extension() == "json")?;
        found(listing, file.folders(), list(bytes)?)
    });
    all.max_by_key(|found| found.pictures.len())
}

fn list(bytes: &[u8]) -> Option<Vec<Named>> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Some(serde_json::from_slice::<Vec<ListedImage>>(bytes).ok()?.into_iter().map(Named::from).collect());
    }
    match serde_json::from_slice::<Coco>(bytes) {
        Ok(coco) => Some(of_coco(coco)),
        Err(_) => Some(serde_json::from_slice::<Listed>(bytes).ok()?.images.into_iter().map(Named::from).collect()),
    }
}

impl From<ListedImage> for Named {
    fn from(image: ListedImage) -> Self {
        Self { names: image.names(), tags: image.tags.into_iter().filter_map(|tag| tag.0).map(Rc::from).collect() }
    }
}

fn of_coco(coco: Coco) -> Vec<Named> {
    let name = |one: CocoCategory| (one.id.0, one.name.chars().take(MAX_NAME_CHARS).collect::<String>().into());
    let names: HashMap<Option<String>, Rc<str>> = coco.categories.into_iter().map(name).collect();
    let mut tags: HashMap<Option<String>, Vec<Rc<str>>> = HashMap::new();
    let mut seen = HashSet::new();
    for one in coco.annotations {
        let Some((category, name)) = names.get_key_value(&one.category_id.0) else { continue };
        // One for each box.
        if seen.insert((one.image_id.0.clone(), category)) {
            tags.entry(one.image_id.0).or_default().push(Rc::clone(name));
        }
    }
    let named = |image: CocoImage| {
        let tags = tags.remove(&image.id.0).unwrap_or_default();
        let names = ENDINGS.iter().map(|ending| format!("{}{ending}", image.file_name)).collect();
        Named { names, tags }
    };
    coco.images.into_iter().map(named).collect()
}

fn found(listing: &Listing, beside: &[String], list: Vec<Named>) -> Option<Found> {
    let mut words = Words::default();
    let mut tags_of = TagsOf::default();
    let mut missing = Missing::default();
    for Named { names, tags } in list {
        let Some(entry) = names.iter().find_map(|name| listing.find(name, beside)) else {
            names.first().into_iter().for_each(|name| missing.add(name));
            continue;
        };
        let is_negative = tags.iter().any(|tag| **tag == *NEGATIVE);
        let numbers = words.numbers(tags.iter().map(|tag| &**tag).filter(|tag| *tag != NEGATIVE));
        // What nobody has tagged yet says nothing.
        if !numbers.is_empty() || is_negative {
            tags_of.add(entry, numbers);
        }
        if words.is_full() {
            break;
        }
    }
    let pictures = tags_of.into_pictures();
    (!pictures.is_empty()).then_some(Found { source: TagSource::CustomVision, words, pictures, missing })
}
