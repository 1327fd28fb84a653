//! Companion files: the heads and detectors that a card names besides the network and the vocabulary, and the weights that an ONNX file
//! keeps in files beside it.

#[cfg(feature = "inference")]
use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{check_hash, sha256};

/// A function that reads the file at a path relative to the card's folder.
pub type CompanionReader<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>>;

/// Reads the file at `path`, relative to the model's folder.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`].
#[cfg(feature = "inference")]
pub fn read_from_dir(dir: &Path, path: &str) -> Result<Vec<u8>> {
    let path = dir.join(path);
    fs::read(&path).map_err(|error| {
        let detail = format!("{} cannot be read: {error}. Check the path and your permissions.", path.display());
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
        format!("The model's card names {path:?}, which was not added. Add every file that the card names."),
    ))
}

/// The text of a companion file.
///
/// # Errors
/// [`ErrorKind::CardInvalid`] if it is not UTF-8.
#[cfg(feature = "inference")]
pub fn companion_text(bytes: Vec<u8>, path: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorKind::CardInvalid, format!("{path} is not UTF-8 text. Download it again.")).with_source(error)
    })
}

/// A companion file, as the card names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanionFile {
    /// Lower-case letters, digits and `-`; part of reports.
    pub id: String,
    /// SHA-256 of its JSON, lower-case hex.
    pub sha256: String,
}

impl CompanionFile {
    /// Checks the SHA-256 of the companion file.
    ///
    /// # Errors
    /// [`ErrorKind::ModelHashMismatch`] if it differs from the card's.
    pub fn check(&self, json: &str) -> Result<()> {
        check_hash(&self.id, &sha256(json.as_bytes()), &self.sha256)
    }

    /// The path of a head, relative to the card's folder.
    pub fn head_path(&self) -> String {
        format!("heads/{}.json", self.id)
    }

    /// The path of a detector's card or network, relative to the classifier's folder.
    pub fn detector_path(&self, file: &str) -> String {
        format!("../{}/{file}", self.id)
    }
}
