//! SHA-256 in lower-case hex, to detect changes.

use sha2::{Digest, Sha256};

/// The hash of the concatenated `parts`.
pub fn sha256<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let hash = parts.into_iter().fold(Sha256::new(), Sha256::chain_update).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_of_nothing_is_the_known_one() {
        let empty = super::sha256([]);
        assert_eq!(empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(super::sha256([&b"ab"[..], b"c"]), super::sha256([&b"abc"[..]]));
    }
}
