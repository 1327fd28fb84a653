//! Markers and segments of a JPEG, and the size in its frame header.

pub const SOI: u8 = 0xD8;
pub const EOI: u8 = 0xD9;
pub const SOS: u8 = 0xDA;

pub fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF)
}

/// Where the byte after the next FF is, which is no escape and no padding.
pub fn next_marker(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        at += bytes[at..].iter().position(|&byte| byte != 0xFF)?;
        if bytes[at] != 0 {
            return Some(at);
        }
    }
}

/// The content of a segment whose length is at `at`.
pub fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let &[high, low] = bytes.get(at..at + 2)? else { return None };
    let len = usize::from(u16::from_be_bytes([high, low])).max(2);
    bytes.get(at + 2..at + len)
}

/// The (width, height) in pixels that the first frame header before any coded data states, as stored.
pub fn stated_size(bytes: &[u8]) -> Option<(u32, u32)> {
    stated_frame(bytes).map(|(_, size)| size)
}

/// Whether the picture is progressive.
pub fn is_progressive(bytes: &[u8]) -> bool {
    matches!(stated_frame(bytes), Some((0xC2 | 0xC6, _)))
}

fn stated_frame(bytes: &[u8]) -> Option<(u8, (u32, u32))> {
    let (marker, content) = segments(bytes).find(|(marker, _)| is_frame(*marker))?;
    let &[_, h0, h1, w0, w1, ..] = content else { return None };
    let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
    (width > 0 && height > 0).then_some((marker, (width.into(), height.into())))
}

/// The segments before any coded data, each with its marker, up to the first that is not whole.
pub fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    std::iter::from_fn(move || {
        loop {
            let marker_at = next_marker(bytes, at)?;
            at = marker_at + 1;
            match bytes[marker_at] {
                SOS | EOI => return None,
                0x01 | 0xD0..=SOI => {}
                marker => {
                    let content = segment(bytes, at)?;
                    at += 2 + content.len();
                    return Some((marker, content));
                }
            }
        }
    })
}
