//! Set-ups in files, as JSON.

use std::path::Path;

use serde_json::{Map, Value};
use tagsmith::model::read_file;

use crate::path_text::path_text;

/// Far more than any set-up takes.
const MAX_BYTES: u64 = 256 << 10;

/// The fields of a set-up in a file, not looked at yet.
///
/// # Errors
/// A sentence, if the file cannot be read or holds no object.
pub fn read_set_up(path: &Path) -> Result<Map<String, Value>, String> {
    let shown = path_text(path);
    let bytes = read_file(path, MAX_BYTES)
        .map_err(|error| format!("{shown} cannot be read: {error}. Check the path and your permissions."))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("{shown} is too large for a set-up. docs/PROVIDERS.md says what is in one."));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match serde_json::from_slice(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(format!("{shown} is no set-up: it holds no JSON object. docs/PROVIDERS.md says what is in one.")),
        Err(error) => Err(format!("{shown} is no JSON: {error}.")),
    }
}
