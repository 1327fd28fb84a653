//! Companion files: the heads and detectors that a card names besides the network and the vocabulary, and the weights that an ONNX file
//! keeps in files beside it.

#[cfg(feature = "inference")]
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{check_hash, sha256};
#[cfg(feature = "inference")]
use crate::model::read_file;

/// A function that reads the file at a path relative to the card's folder. More bytes than the number are not wanted: it may stop after one
/// more, by which that is known.
pub type CompanionReader<'a> = &'a dyn Fn(&str, u64) -> Result<Vec<u8>>;

/// How much a card, a vocabulary or a head may have.
#[cfg(feature = "inference")]
pub const MAX_TEXT_BYTES: u64 = 16 << 20;

/// Reads the file at `path`, relative to the model's folder: at most `most` bytes and one more.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`].
#[cfg(feature = "inference")]
pub fn read_from_dir(dir: &Path, path: &str, most: u64) -> Result<Vec<u8>> {
    let path = dir.join(path);
    read_file(&path, most).map_err(|error| {
        let detail = format!("{} cannot be read: {error}. Check the path and your permissions.", path.display());
        Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
    })
}

/// The reader for a model whose card names no heads and no detectors.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`], always.
pub fn no_companions(path: &str, _: u64) -> Result<Vec<u8>> {
    Err(Error::new(
        ErrorKind::FileUnreadable,
        format!("The model's card names {path:?}, which was not added. Add every file that the card names."),
    ))
}

/// Reads a text file of a model.
///
/// # Errors
/// Those of `read`; [`ErrorKind::CardInvalid`] if the file has more than [`MAX_TEXT_BYTES`] or is not UTF-8.
#[cfg(feature = "inference")]
pub fn read_text(read: CompanionReader, path: &str) -> Result<String> {
    let bytes = read(path, MAX_TEXT_BYTES)?;
    if bytes.len() as u64 > MAX_TEXT_BYTES {
        let detail = format!(
            "{path} has more than {} MiB, as no card, vocabulary or head has. Download it again.",
            MAX_TEXT_BYTES >> 20
        );
        return Err(Error::new(ErrorKind::CardInvalid, detail));
    }
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
