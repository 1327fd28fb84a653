//! The chunks of a PNG file.

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Consecutive chunks: kind and content, up to the first that is not whole.
pub struct Chunks<'a>(&'a [u8]);

impl<'a> Chunks<'a> {
    /// `None` if the file is no PNG.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        bytes.strip_prefix(SIGNATURE).map(Self)
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (len, rest) = self.0.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (body, behind) = rest.split_at_checked(u32::from_be_bytes(*len) as usize)?;
        // A checksum follows.
        self.0 = behind.get(4..).unwrap_or_default();
        Some((kind, body))
    }
}
