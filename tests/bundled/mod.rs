//! Models as the tests use them: a folder with all that its card names.

use std::path::Path;

use tagsmith::{Result, Tagger};

/// The model in a folder.
#[allow(dead_code)] // not every test uses it
pub fn load(folder: &Path) -> Result<Tagger> {
    Tagger::from_dir(folder)
}

/// The model that comes with Tagsmith.
#[allow(dead_code)] // not every test uses it
pub fn bundled() -> Tagger {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/efficientnet-lite0")).unwrap()
}
