//! Models as the tests use them: a folder with all that its card names.

use std::fs;
use std::path::Path;

use tagsmith::error::Result;
use tagsmith::tagger::Tagger;

/// The model in a folder.
#[allow(dead_code)] // not every test uses it
pub fn load(folder: &Path) -> Result<Tagger> {
    let bytes = |path: &str| fs::read(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let text = |path: &str| String::from_utf8(bytes(path)).unwrap();
    Tagger::load(&text("model.json"), &text("vocabulary.json"), &bytes("model.onnx"), &|path| Ok(bytes(path)))
}

/// The model that comes with Tagsmith.
#[allow(dead_code)] // not every test uses it
pub fn bundled() -> Tagger {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/efficientnet-lite0")).unwrap()
}
