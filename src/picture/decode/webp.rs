//! WebP, still or the first frame of an animation.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::webp::WebPDecoder;

use super::{cut_off, damaged, image_crate};
use crate::error::Result;
use crate::picture::format::PictureFormat;
use crate::picture::{Limits, Picture};

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    // The decoder reports a truncated file as corrupt.
    let promised = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    if bytes.len() as u64 - 8 < u64::from(promised) {
        return Err(cut_off(PictureFormat::WebP));
    }
    check_frames(&bytes[12..], limits)?;
    let file = with_true_flags(bytes);
    let decoder =
        WebPDecoder::new(Cursor::new(&*file)).map_err(|error| image_crate::explain(PictureFormat::WebP, error))?;
    image_crate::read(PictureFormat::WebP, decoder, limits)
}

/// The file without flags for chunks that it does not have, which the decoder takes for damage; other programs look only for the chunks.
fn with_true_flags(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some((b"VP8X", &[flags, ..])) = Chunks(&bytes[12..]).next() else { return Cow::Borrowed(bytes) };
    let has = |kind| Chunks(&bytes[12..]).any(|(found, _)| found == kind);
    let mut left = flags;
    for (flag, kind) in [(0x20, b"ICCP"), (0x08, b"EXIF"), (0x04, b"XMP "), (0x02, b"ANIM")] {
        if !has(kind) {
            left &= !flag;
        }
    }
    // Lossless pictures and the frames of animations have their alpha elsewhere.
    if has(b"VP8 ") && !has(b"ALPH") {
        left &= !0x10;
    }
    let mut file = Cow::Borrowed(bytes);
    if left != flags {
        file.to_mut()[20] = left;
    }
    file
}

/// Checks that every frame is within the limits and has its announced size. The decoder allocates memory by the frame's own header before
/// comparing it with the canvas, and never compares frames with alpha in an animation.
fn check_frames(chunks: &[u8], limits: &Limits) -> Result<()> {
    for (kind, body) in Chunks(chunks) {
        if let Some((width, height)) = frame_size(kind, body) {
            limits.check_size(width, height)?;
        } else if let (b"ANMF", [_, _, _, _, _, _, w0, w1, w2, h0, h1, h2, _, _, _, _, ..]) = (kind, body) {
            let side = |bytes: [u8; 3]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) + 1;
            let announced = (side([*w0, *w1, *w2]), side([*h0, *h1, *h2]));
            limits.check_size(announced.0, announced.1)?;
            // An optional alpha chunk, then the colours.
            let mut inner = Chunks(&body[16..]);
            let colours = match inner.next() {
                Some((b"ALPH", _)) => inner.next().filter(|(kind, _)| *kind == b"VP8 "),
                other => other,
            };
            if colours.and_then(|(kind, body)| frame_size(kind, body)) != Some(announced) {
                return Err(damaged(PictureFormat::WebP, "a frame does not have its announced size"));
            }
        }
    }
    Ok(())
}

/// Consecutive chunks: kind and content. The last may be cut off.
struct Chunks<'a>(&'a [u8]);

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
fn frame_size(kind: &[u8; 4], body: &[u8]) -> Option<(u32, u32)> {
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
