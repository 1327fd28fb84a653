//! A tagger's file: read to be used, or to become the next version.

use std::fs;
use std::io;
use std::path::Path;

use tagsmith::model::read_file;
use tagsmith::train::TaggerFile;
use tagsmith::{Error, ErrorKind, ModelCard, Result};

use crate::path_text::path_text;

/// As many as any tagger's file has.
const MAX_BYTES: u64 = 512 << 20;

/// Reads a tagger, and checks all of it.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`], and those of [`TaggerFile::parse`], with the file's name.
pub fn read_tagger(path: &Path) -> Result<TaggerFile> {
    let shown = path_text(path);
    let bytes = read_file(path, MAX_BYTES + 1).map_err(|error| {
        let detail = format!("{shown} cannot be read: {error}. Check the path and your permissions.");
        Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
    })?;
    let is_text = || str::from_utf8(&bytes).map_err(|_| "it is no text".to_owned());
    is_text().map_err(|reason| not_a_tagger(&shown, &reason)).and_then(|json| {
        TaggerFile::parse(json).map_err(|error| Error::new(error.kind(), format!("{shown}: {}", error.detail())))
    })
}

fn not_a_tagger(shown: &str, reason: &str) -> Error {
    let detail = format!("{shown} is no tagger: {reason}. Name a file that `tagsmith train` or the page has written.");
    Error::new(ErrorKind::OwnHeadInvalid, detail)
}

/// The tagger that is at `path` already, whose next version is to be made; `None` if nothing is.
///
/// # Errors
/// As [`read_tagger`]: what is something else is not overwritten.
pub fn version_before(path: &Path) -> Result<Option<TaggerFile>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => read_tagger(path).map(Some).map_err(|error| {
            let detail = format!("{} It is not overwritten: choose another name for the tagger.", error.detail());
            Error::new(error.kind(), detail)
        }),
    }
}

/// Checks that a tagger was trained on the model of `card`.
///
/// # Errors
/// [`ErrorKind::OwnHeadOtherBackbone`], with the way out here.
pub fn check_backbone(tagger: &TaggerFile, card: &ModelCard, path: &Path) -> Result<()> {
    tagger.head.check_backbone(&card.id, &card.version).map_err(|error| {
        let detail = format!("{}: {} Or name that model with --model.", path_text(path), error.detail());
        Error::new(error.kind(), detail)
    })
}
