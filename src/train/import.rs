//! Training sets as other programs keep them: what lies in a folder or an archive → the pictures and their tags.
//!
//! Nothing is unpacked to a disk and no picture is read: a caller lists what is there ([`Entry`]), reads the few files that [`documents`]
//! names, and gets a [`ImportPlan`] of pictures with tags. Names and contents come from anybody, so a plan is short whatever they are.
//! Formats, and who wrote the files that they were tried with: docs/formats/training-sets.md.

mod archive;
mod custom_vision;
mod folders;
mod paths;
mod plan;
mod sidecars;
mod table;
mod tags;
mod teachable_machine;
mod words_of_json;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

pub use archive::{Archive, MAX_ARCHIVE_ENTRIES};
use paths::Listing;
pub use plan::{ImportPlan, LeftOut, PlannedPicture, PlannedTag, Reason};

/// Most files of a training set; a hundred times what is learnt from.
const MAX_ENTRIES: usize = 500_000;
/// Most bytes of a file that says which tags pictures have.
const MAX_DOCUMENT_BYTES: u64 = 32 << 20;
/// Most bytes of a picture's sidecar; such a file has a few thousand.
const MAX_SIDECAR_BYTES: u64 = 1 << 20;
/// Most bytes of all of them together.
const MAX_DOCUMENTS_BYTES: u64 = 128 << 20;
/// Most files other than sidecars that are asked what they say.
const MAX_DOCUMENTS: usize = 20;

/// A file in a folder or an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Below the folder, or in the archive; with `/` or `\` between folders.
    pub path: String,
    /// How long it says it is.
    pub bytes: u64,
}

/// A file that was read because [`documents`] named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its place in the list of entries.
    pub entry: u32,
    pub bytes: Vec<u8>,
}

/// Where tags are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagSource {
    /// An image project of Teachable Machine (`.tm`).
    TeachableMachine,
    /// The list of a project of Custom Vision, or any in COCO's format.
    CustomVision,
    /// A table of files and tags.
    Table,
    /// XMP beside pictures.
    Sidecars,
    /// A folder a tag.
    Folders,
}

/// The entries whose content [`plan()`] has to have, by their place in the list. They are small, and few but for sidecars.
pub fn documents(entries: &[Entry]) -> Vec<u32> {
    let listing = Listing::new(entries);
    let mut bytes = 0_u64;
    let mut n_lists = 0;
    let mut wanted = Vec::new();
    // What says the tags of all comes before what says those of one.
    for is_sidecar in [false, true] {
        for (place, file) in listing.files() {
            let (is_wanted, most) = match file.extension().as_str() {
                "json" | "csv" | "tsv" => (!is_sidecar && n_lists < MAX_DOCUMENTS, MAX_DOCUMENT_BYTES),
                "xmp" => (is_sidecar, MAX_SIDECAR_BYTES),
                _ => continue,
            };
            let size = entries[place as usize].bytes;
            if !is_wanted || size > most || bytes.saturating_add(size) > MAX_DOCUMENTS_BYTES {
                continue;
            }
            bytes += size;
            n_lists += usize::from(!is_sidecar);
            wanted.push(place);
        }
    }
    wanted
}

/// The pictures of a training set and their tags. `name`: of the folder or the archive. `source`: where a person wants the tags from, if
/// not from where they most likely are; [`ImportPlan::sources`] has what can be chosen.
///
/// # Errors
/// [`ErrorKind::ImportInvalid`] where nothing can be learnt from: no pictures, none with a tag, too many tags, a model without its pictures,
/// a project of sounds.
pub fn plan(name: &str, entries: &[Entry], documents: &[Document], source: Option<TagSource>) -> Result<ImportPlan> {
    if entries.len() > MAX_ENTRIES {
        return Err(invalid(format!(
            "it has {} files, and the most is {MAX_ENTRIES}. Choose a part of it",
            entries.len()
        )));
    }
    let listing = Listing::new(entries);
    let read: Vec<(u32, &[u8])> = documents
        .iter()
        .filter(|one| (one.entry as usize) < entries.len())
        .map(|one| (one.entry, one.bytes.as_slice()))
        .collect();
    let mut found = Vec::new();
    found.extend(teachable_machine::read(&listing, &read)?);
    found.extend(custom_vision::read(&listing, &read));
    found.extend(table::read(&listing, &read));
    found.extend(sidecars::read(&listing, &read));
    found.extend(folders::read(&listing));
    let sources: Vec<TagSource> = found.iter().map(|one| one.source).collect();
    let Some(likeliest) = plan::likeliest(&found) else { return Err(nothing(&listing)) };
    let chosen = match source {
        None => likeliest,
        Some(source) => sources.iter().position(|one| *one == source).ok_or_else(|| {
            invalid("its tags are not where they were looked for. Choose another way to read it".to_owned())
        })?,
    };
    plan::made(name, entries, &listing, found.swap_remove(chosen), sources)
}

/// Why there is no training set: what is there instead says what the person should do.
fn nothing(listing: &Listing) -> Error {
    let has = |extensions: &[&str]| listing.files().any(|(_, file)| extensions.contains(&file.extension().as_str()));
    if has(&["onnx", "tflite", "h5", "pb", "mlmodel"]) || has(&["bin"]) && has(&["json"]) {
        let what = "it is a trained model, and has no pictures to learn from. Add an ONNX file as a model of your own; of \
                    Teachable Machine, take \"Download project as file\"";
        return invalid(what.to_owned());
    }
    if listing.has_pictures() {
        let what = "no picture in it has a tag. Put the pictures of each tag into a folder with the tag's name, or add a table \
                    (CSV) with the columns \"file\" and \"tags\"";
        return invalid(what.to_owned());
    }
    invalid("there are no pictures in it. Choose a folder or an archive (ZIP) with pictures".to_owned())
}

/// `what` is the rest of a sentence, and then what to do.
fn invalid(what: String) -> Error {
    Error::new(ErrorKind::ImportInvalid, format!("This is no training set: {what}."))
}

#[cfg(test)]
mod tests;
