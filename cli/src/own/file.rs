//! A tagger's file: read to be used, or to become the next version.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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

/// Checks that what is to be written, each with what it is, is neither one file twice nor the source itself.
///
/// # Errors
/// A sentence with what to do.
pub fn check_written(source: &Path, written: &[(&str, Option<&Path>)]) -> Result<(), String> {
    let mut taken = vec![("the pictures or their table", whole(source))];
    for &(what, path) in written {
        let Some(path) = path else { continue };
        if path.is_dir() {
            return Err(format!("{what} {} is a folder. Name a file.", path_text(path)));
        }
        let here = whole(path);
        if let Some((other, _)) = taken.iter().find(|(_, one)| *one == here) {
            let shown = path_text(path);
            return Err(format!("{what} {shown} would overwrite {other}. Choose another name."));
        }
        taken.push((what, here));
    }
    Ok(())
}

/// The same for one file however it is named, also where it is not there yet.
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        folder.join(path.file_name().unwrap_or_default())
    })
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
