//! Examples of a library that are to be embedded: from their files, or where these are gone or changed from what the network saw of them.

use std::path::{Path, PathBuf};

use tagsmith::{Limits, Result, sha256};

use crate::library::own::ExampleFile;
use crate::library::{Library, hash_bytes};
use crate::own::embedding::{Content, Pictures};
use crate::source::read;

/// The name of a picture's second view in a library.
pub const MIRROR: &str = "mirror";
/// The picture's own, and that.
const N_VIEWS: usize = 2;

pub struct Missing {
    all: Vec<One>,
}

struct One {
    asset: i64,
    path: PathBuf,
    shown: String,
    sha256: [u8; 32],
    square: Option<Vec<u8>>,
}

impl Missing {
    /// `folder`: where the paths of the library begin. What was never read is not known by its content, and left out.
    ///
    /// # Errors
    /// Those of [`Library::square`].
    pub fn new(library: &Library, files: &[ExampleFile], folder: &Path) -> Result<Self> {
        let missing = files.iter().filter(|file| file.views.len() < N_VIEWS);
        let one = |(file, asset): (&ExampleFile, i64)| {
            Ok(One {
                asset,
                path: folder.join(&file.path),
                shown: file.path.clone(),
                sha256: file.sha256,
                square: library.square(asset)?,
            })
        };
        let read = missing.filter_map(|file| file.asset.map(|asset| (file, asset)));
        Ok(Self { all: read.map(one).collect::<Result<_>>()? })
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn asset(&self, picture: usize) -> i64 {
        self.all[picture].asset
    }
}

impl Pictures for Missing {
    fn n(&self) -> usize {
        self.all.len()
    }

    fn path(&self, picture: usize) -> &str {
        &self.all[picture].shown
    }

    fn read(&self, picture: usize, limits: &Limits) -> Result<Content> {
        let One { path, sha256: wanted, square, .. } = &self.all[picture];
        match (read(path, limits), square) {
            (Ok(file), _) if hash_bytes(&sha256(&file)) == *wanted => Ok(Content::File(file)),
            (_, Some(square)) => Ok(Content::Square(square.clone())),
            (Err(error), None) => Err(error),
            (Ok(_), None) => Err(tagsmith::Error::new(
                tagsmith::ErrorKind::FileUnreadable,
                "The file is another one than it was when it was tagged. Open the library in the page, and tag it again.",
            )),
        }
    }
}
