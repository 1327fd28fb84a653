//! The files that a card names beside its model and vocabulary: heads and detectors.

#[cfg(feature = "inference")]
use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{check_hash, sha256};

/// Reads the file at a path relative to the card's folder.
pub type CompanionReader<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>>;

/// Reads the file at a path relative to a model's folder.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`].
#[cfg(feature = "inference")]
pub fn read_from_dir(dir: &Path, path: &str) -> Result<Vec<u8>> {
    let path = dir.join(path);
    fs::read(&path).map_err(|error| {
        let detail = format!("{} cannot be read: {error}.", path.display());
        Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
    })
}

/// The reader for a model whose card names no heads and no detectors.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`], always.
pub fn no_companions(path: &str) -> Result<Vec<u8>> {
    Err(Error::new(
        ErrorKind::FileUnreadable,
        format!("The model's card names {path:?}, which is not among its files."),
    ))
}

/// The text of a companion file.
///
/// # Errors
/// [`ErrorKind::CardInvalid`] if it is not UTF-8.
#[cfg(feature = "inference")]
pub fn companion_text(bytes: Vec<u8>, path: &str) -> Result<String> {
    String::from_utf8(bytes)
        .map_err(|error| Error::new(ErrorKind::CardInvalid, format!("{path} is not text in UTF-8.")).with_source(error))
}

/// Another file that belongs to the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanionFile {
    /// Lower-case letters, digits and `-`; stands in reports.
    pub id: String,
    /// SHA-256 of its JSON, lower-case hex.
    pub sha256: String,
}

impl CompanionFile {
    /// Checks that `json` is the very file that the card names.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] where the SHA-256 differs.
    pub fn check(&self, json: &str) -> Result<()> {
        check_hash(&self.id, &sha256(json.as_bytes()), &self.sha256)
    }

    /// Where a head lies, seen from the card.
    pub fn head_path(&self) -> String {
        format!("heads/{}.json", self.id)
    }

    /// Where a detector's card lies, seen from the classifier's; its network lies beside it.
    pub fn detector_path(&self, file: &str) -> String {
        format!("../{}/{file}", self.id)
    }
}
