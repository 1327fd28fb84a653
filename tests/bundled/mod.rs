//! Models as the tests use them: a folder with all that its card names.

use std::path::Path;

use serde_json::json;
use tagsmith::model::read_from_dir;
use tagsmith::{Result, Tagger, sha256};

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

/// A file of the model that comes with Tagsmith, by its path from the card's folder; its card has a second look whose numbers no fitting
/// changes.
#[allow(dead_code)] // not every test uses it
pub fn file_with_objects(path: &str, most: u64) -> Result<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/efficientnet-lite0");
    let bytes = read_from_dir(&folder, path, most)?;
    if path != "model.json" {
        return Ok(bytes);
    }
    let mut card: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let detector = read_from_dir(&folder, "../nanodet-g/model.json", most)?;
    card["second_look"] = json!({
        "detector": {"id": "nanodet-g", "sha256": sha256(&detector)},
        "fusion": {"slope": 2.2, "intercept": 2.5, "support": 0.36, "overlapped": -2.2, "against": -1.1, "conflict": -2.0,
            "unseen": -2.1, "rivals": ["animal", "vehicle", "furniture", "food"], "count_at": 0.5},
    });
    Ok(card.to_string().into_bytes())
}

/// [`file_with_objects`], with its second look loaded.
#[allow(dead_code)] // not every test uses it
pub fn with_objects() -> Tagger {
    let mut tagger = Tagger::from_reader(&file_with_objects).unwrap();
    tagger.load_objects(&file_with_objects).unwrap();
    tagger
}
