//! The chunks of a WebP file, and the sizes that its pictures state.

/// Consecutive chunks: kind and content. The last may be cut off.
pub struct Chunks<'a>(pub &'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.0.split_first_chunk::<4>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let len = u32::from_le_bytes(*len) as usize;
        self.0 = rest.get(len.saturating_add(len % 2)..).unwrap_or_default();
        Some((kind, &rest[..len.min(rest.len())]))
    }
}

/// (width, height) in pixels, if the chunk has a picture's colours.
pub fn frame_size(kind: &[u8; 4], body: &[u8]) -> Option<(u32, u32)> {
    match (kind, body) {
        // Frame tag and start code, then 14 bits per side.
        (b"VP8 ", [_, _, _, _, _, _, w0, w1, h0, h1, ..]) => {
            let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
            Some((side(*w0, *w1), side(*h0, *h1)))
        }
        // A signature, then 14 bits per side, minus 1.
        (b"VP8L", [_, b0, b1, b2, b3, ..]) => {
            let bits = u32::from_le_bytes([*b0, *b1, *b2, *b3]);
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        _ => None,
    }
}
