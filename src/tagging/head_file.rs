//! What the files of both kinds of heads have in common (docs/formats/head.md).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Maximum size of a head's file, in bytes.
pub(crate) const MAX_JSON_BYTES: usize = 64 << 20;
/// Maximum length of an id, in characters.
pub(super) const MAX_ID_CHARS: usize = 100;

/// The bytes of weights, `size` bytes each and `n_features` for each of `n_rows`, or what is wrong with them, as the rest of a sentence.
pub(super) fn weights(text: &str, size: usize, n_rows: usize, n_features: usize) -> Result<Vec<u8>, String> {
    let bytes = STANDARD.decode(text).map_err(|_| "weights that are not base64".to_owned())?;
    let wanted = n_rows.checked_mul(n_features).and_then(|n| n.checked_mul(size));
    if n_rows == 0 || n_features == 0 || wanted != Some(bytes.len()) {
        return Err(format!("{} weights, which do not fit {n_rows} tags of {n_features} features", bytes.len() / size));
    }
    Ok(bytes)
}

/// Numbers as bytes, the lowest first, in base64.
pub(super) fn base64_of(values: &[f32]) -> String {
    STANDARD.encode(values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
}
