//! WebP, still or the first frame of an animation.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;

use super::{Limits, Picture, by_image, cut_off};
use crate::error::Result;
use crate::format::Format;

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    // The decoder takes a cut for corrupt data.
    let promised = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    if bytes.len() as u64 - 8 < u64::from(promised) {
        return Err(cut_off(Format::WebP));
    }
    check_frames(&bytes[12..], limits)?;
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|error| by_image::explain(Format::WebP, error))?;
    by_image::read(Format::WebP, decoder, limits)
}

/// The decoder takes memory for a frame by the frame's own header, and only then compares it with the canvas; so every frame has
/// to be within the limits, not just the canvas.
fn check_frames(mut chunks: &[u8], limits: &Limits) -> Result<()> {
    while let Some((header, rest)) = chunks.split_first_chunk::<8>() {
        let len = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let body = &rest[..len.min(rest.len())];
        match (&header[..4], body) {
            // Frame tag and start code, then 14 bits a side.
            (b"VP8 ", [_, _, _, _, _, _, w0, w1, h0, h1, ..]) => {
                let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
                limits.check_size(side(*w0, *w1), side(*h0, *h1))?;
            }
            // A signature, then 14 bits a side, less 1.
            (b"VP8L", [_, b0, b1, b2, b3, ..]) => {
                let bits = u32::from_le_bytes([*b0, *b1, *b2, *b3]);
                limits.check_size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)?;
            }
            // A frame's place and duration, then chunks of its own: go on among them.
            (b"ANMF", [_, ..]) => {
                chunks = rest.get(16..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        chunks = rest.get(len.saturating_add(len % 2)..).unwrap_or_default();
    }
    Ok(())
}
