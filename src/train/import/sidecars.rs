//! Keywords that other programs wrote beside pictures: `a.jpg.xmp` (darktable, digiKam) or `a.xmp` (Lightroom, Bridge).

use std::collections::HashMap;

use super::TagSource;
use super::paths::{File, Listing};
use super::plan::{Found, Missing, PlannedPicture};
use super::tags::Words;
use crate::metadata::sidecar_keywords;

pub fn read(listing: &Listing, documents: &[(u32, &[u8])]) -> Option<Found> {
    let xmp = documents.iter().filter_map(|(place, bytes)| {
        let file = listing.file(*place).filter(|file| file.extension() == "xmp")?;
        Some((without_ending(file), sidecar_keywords(bytes).ok()?))
    });
    let keywords: HashMap<String, Vec<String>> = xmp.collect();
    if keywords.is_empty() {
        return None;
    }
    let mut words = Words::default();
    let mut pictures = Vec::new();
    for (entry, file) in listing.pictures() {
        let beside = keywords.get(&file.path().to_lowercase()).or_else(|| keywords.get(&without_ending(file)));
        let tags = words.numbers(beside.into_iter().flatten().map(String::as_str));
        if !tags.is_empty() {
            pictures.push(PlannedPicture { entry, tags });
        }
    }
    (!pictures.is_empty()).then_some(Found {
        source: TagSource::Sidecars,
        words,
        pictures,
        missing: Missing::default(),
    })
}

fn without_ending(file: &File) -> String {
    let path = file.path().to_lowercase();
    path.rsplit_once('.').map_or(path.clone(), |(stem, _)| stem.to_owned())
}
