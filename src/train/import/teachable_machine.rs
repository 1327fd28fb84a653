//! Image projects of Teachable Machine: "Download project as file" gives `project.tm`, a ZIP of `CLASS-!-NUMBER.jpg` (224 × 224, stored) and
//! `manifest.json`: `{"type": "image", "version": "2.4.7", "appdata": {…}}`. A person's classes are in the names only.

use serde::Deserialize;

use super::paths::Listing;
use super::plan::{Found, Missing, PlannedPicture};
use super::tags::Words;
use super::{TagSource, invalid};
use crate::error::Result;

/// Between the class and the number of a picture.
const MARK: &str = "-!-";

#[derive(Deserialize)]
struct Manifest {
    r#type: String,
    appdata: serde_json::Map<String, serde_json::Value>,
}

/// # Errors
/// [`ErrorKind::ImportInvalid`](crate::error::ErrorKind) for a project of sounds.
pub fn read(listing: &Listing, documents: &[(u32, &[u8])]) -> Result<Option<Found>> {
    let is_manifest = |place: &u32| listing.file(*place).is_some_and(|file| file.path() == "manifest.json");
    let manifest = documents.iter().find(|(place, _)| is_manifest(place));
    let manifest = manifest.and_then(|(_, bytes)| serde_json::from_slice::<Manifest>(bytes).ok());
    let mut words = Words::default();
    let mut pictures = Vec::new();
    let mut n_others = 0;
    for (entry, file) in listing.pictures() {
        // A class may have "/" in its name, and the mark.
        let path = file.path();
        match path.rsplit_once(MARK) {
            Some((class, _)) => pictures.push(PlannedPicture { entry, tags: words.numbers([class]) }),
            None => n_others += 1,
        }
    }
    pictures.retain(|picture| !picture.tags.is_empty());
    match manifest {
        Some(Manifest { r#type, appdata }) if pictures.is_empty() && appdata.contains_key("trainEpochs") => {
            let kind: String = r#type.chars().take(20).collect();
            Err(invalid(format!(
                "it is a project of Teachable Machine for {kind:?}, without pictures. Choose an image project"
            )))
        }
        None if n_others > 0 => Ok(None),
        _ if pictures.is_empty() => Ok(None),
        _ => Ok(Some(Found { source: TagSource::TeachableMachine, words, pictures, missing: Missing::default() })),
    }
}
