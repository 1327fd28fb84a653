//! Tagged pictures of Custom Vision. The service has no button that saves them; what its users have is one of
//!
//! - `train.json` of Microsoft's own migration script (docs of Image Analysis 4.0), in COCO's format; its pictures have no ending,
//! - the answer of `GetTaggedImages` (<https://learn.microsoft.com/azure/ai-services/custom-vision-service>), a list with `tags[].tagName`,
//! - `images_metadata.json` of export scripts around the SDK, with `tags` as words.
//!
//! Pictures with the service's tag "Negative" are examples of no tag.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::TagSource;
use super::paths::Listing;
use super::plan::{Found, PlannedPicture};
use super::tags::Words;

/// The service's word for a picture that shows none of the tags.
const NEGATIVE: &str = "Negative";
/// Endings that a picture named by its id may have.
const ENDINGS: &[&str] = &["", ".jpg", ".jpeg", ".png", ".bmp", ".gif"];
/// Fields that may hold the path of a picture, the most telling first.
const PATHS: &[&str] = &["saved_path", "file_name", "filename", "path", "file", "original_filename"];

#[derive(Deserialize)]
struct Coco {
    images: Vec<CocoImage>,
    annotations: Vec<CocoAnnotation>,
    categories: Vec<CocoCategory>,
}

#[derive(Deserialize)]
struct CocoImage {
    id: Value,
    file_name: String,
}

#[derive(Deserialize)]
struct CocoAnnotation {
    image_id: Value,
    category_id: Value,
}

#[derive(Deserialize)]
struct CocoCategory {
    id: Value,
    name: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    All(Vec<ListedImage>),
    Below { images: Vec<ListedImage> },
}

#[derive(Deserialize)]
struct ListedImage {
    tags: Vec<ListedTag>,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ListedTag {
    Word(String),
    Object {
        #[serde(alias = "tagName", alias = "tag_name")]
        name: String,
    },
}

/// A picture of a list, by any of its names, and its tags.
struct Named {
    names: Vec<String>,
    tags: Vec<String>,
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
    if let Ok(coco) = serde_json::from_slice::<Coco>(bytes) {
        return Some(of_coco(coco));
    }
    let (Listed::All(images) | Listed::Below { images }) = serde_json::from_slice(bytes).ok()?;
    let word = |tag| match tag {
        ListedTag::Word(word) | ListedTag::Object { name: word } => word,
    };
    let named = |image: ListedImage| {
        let text = |key: &str| image.rest.get(key)?.as_str().map(str::to_owned);
        let id = text("id");
        let by_id = id.iter().flat_map(|id| ENDINGS.iter().map(move |ending| format!("{id}{ending}")));
        let with_both = id.iter().filter_map(|id| Some(format!("{id}_{}", text("original_filename")?)));
        let names = PATHS.iter().filter_map(|key| text(key)).chain(with_both).chain(by_id).collect();
        Named { names, tags: image.tags.into_iter().map(word).collect() }
    };
    Some(images.into_iter().map(named).collect())
}

fn of_coco(coco: Coco) -> Vec<Named> {
    let names: HashMap<String, String> =
        coco.categories.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let mut tags: HashMap<String, Vec<String>> = HashMap::new();
    for one in coco.annotations {
        if let Some(name) = names.get(&one.category_id.to_string()) {
            let tags = tags.entry(one.image_id.to_string()).or_default();
            // One for each box.
            if !tags.contains(name) {
                tags.push(name.clone());
            }
        }
    }
    let named = |image: CocoImage| {
        let tags = tags.remove(&image.id.to_string()).unwrap_or_default();
        let with_endings = ENDINGS.iter().map(|ending| format!("{}{ending}", image.file_name)).collect();
        Named { names: with_endings, tags }
    };
    coco.images.into_iter().map(named).collect()
}

fn found(listing: &Listing, beside: &[String], list: Vec<Named>) -> Option<Found> {
    let mut words = Words::default();
    let mut tags_of: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut missing = Vec::new();
    for Named { names, tags } in list {
        let Some(entry) = names.iter().find_map(|name| listing.find(name, beside)) else {
            missing.extend(names.into_iter().next());
            continue;
        };
        let is_negative = tags.iter().any(|tag| tag == NEGATIVE);
        let numbers = words.numbers(tags.iter().map(String::as_str).filter(|tag| *tag != NEGATIVE));
        // What nobody has tagged yet says nothing.
        if !numbers.is_empty() || is_negative {
            tags_of.entry(entry).or_default().extend(numbers);
        }
    }
    let pictures: Vec<_> = tags_of.into_iter().map(|(entry, tags)| PlannedPicture { entry, tags }).collect();
    (!pictures.is_empty()).then_some(Found { source: TagSource::CustomVision, words, pictures, missing })
}
