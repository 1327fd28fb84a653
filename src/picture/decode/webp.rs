//! WebP, still or the first frame of an animation.

use std::borrow::Cow;

use image::codecs::webp::WebPDecoder;

use super::{cut_off, damaged, image_crate};
use crate::error::Result;
use crate::picture::Picture;
use crate::picture::allowance::Allowance;
use crate::picture::format::PictureFormat;
use crate::picture::webp_chunk::{Chunks, frame_size};

/// Memory for the prefix codes of a lossless picture. libwebp writes up to some 2,600 groups of them, which take 10 to 20 KB each; a file can
/// state 65,536 with 68 KB each.
const MEMORY_FOR_CODES: u64 = 96 << 20;

pub fn decode(bytes: &[u8], allowance: &Allowance) -> Result<Picture> {
    // The decoder reports a truncated file as corrupt.
    let promised = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    if bytes.len() as u64 - 8 < u64::from(promised) {
        return Err(cut_off(PictureFormat::WebP));
    }
    check_frames(&bytes[12..], allowance)?;
    check_memory(bytes, allowance)?;
    let (file, has_alpha) = for_decoder(bytes);
    let decoder =
        WebPDecoder::new(allowance.reader(&file)).map_err(|error| image_crate::explain(PictureFormat::WebP, error))?;
    image_crate::read(PictureFormat::WebP, decoder, allowance, has_alpha)
}

/// Bytes of every step by the decoder's source; a turned picture has a copy.
fn check_memory(bytes: &[u8], allowance: &Allowance) -> Result<()> {
    let has = |kind| Chunks(&bytes[12..]).any(|(found, _)| found == kind);
    let sizes = Chunks(&bytes[12..]).filter_map(|(kind, body)| match (kind, body) {
        (b"VP8X", [_, _, _, _, w0, w1, w2, h0, h1, h2, ..])
        | (b"ANMF", [_, _, _, _, _, _, w0, w1, w2, h0, h1, h2, ..]) => {
            Some((side([*w0, *w1, *w2]), side([*h0, *h1, *h2])))
        }
        _ => frame_size(kind, body),
    });
    let area = |(width, height)| u64::from(width) * u64::from(height);
    let (width, height) = sizes.max_by_key(|&size| area(size)).unwrap_or_default();
    allowance.check_size(width, height)?;
    // Twelfths of a byte for each pixel: quarters for chroma, and thirds for rounding up.
    let per_pixel = if has(b"ANIM") {
        // A frame as below, the canvas, and the result.
        12 * 19
    } else if has(b"VP8L") {
        // RGBA, and a pixel of three smaller pictures for each block of 4 × 4.
        12 * 5
    } else if has(b"ALPH") {
        // YUV, RGBA, alpha in a lossless picture of its own, and alone.
        12 * 11
    } else {
        // YUV with its blocks, RGB.
        57
    };
    let turned = if has(b"EXIF") { 12 * if has(b"VP8L") { 7 } else { 6 } } else { 0 };
    let needed = area((width, height)) * per_pixel.max(turned) / 12;
    // The copy with other flags.
    let needed = needed + if has(b"VP8X") || has(b"VP8L") { bytes.len() as u64 } else { 0 };
    allowance.expect_about(needed, MEMORY_FOR_CODES, (width, height))
}

fn side(bytes: [u8; 3]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) + 1
}

/// The file as its decoder takes it, and whether its alpha is meant. A lossless picture without alpha says that it has some, because it is
/// decoded with alpha in any case, and would be copied to leave it out.
fn for_decoder(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let mut file = with_true_flags(bytes);
    // The highest bits of 32 behind the signature: alpha, then three of a version.
    let (at, flag) = match Chunks(&bytes[12..]).next() {
        Some((b"VP8X", _)) if Chunks(&bytes[12..]).any(|(kind, _)| kind == b"VP8L") => (20, 0x10),
        Some((b"VP8L", _)) => (24, 0x10),
        _ => return (file, true),
    };
    let has_alpha = file.get(at).is_none_or(|byte| byte & flag != 0);
    if !has_alpha {
        file.to_mut()[at] |= flag;
    }
    (file, has_alpha)
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
fn check_frames(chunks: &[u8], allowance: &Allowance) -> Result<()> {
    for (kind, body) in Chunks(chunks) {
        if let Some((width, height)) = frame_size(kind, body) {
            allowance.check_size(width, height)?;
        } else if let (b"ANMF", [_, _, _, _, _, _, w0, w1, w2, h0, h1, h2, _, _, _, _, ..]) = (kind, body) {
            let announced = (side([*w0, *w1, *w2]), side([*h0, *h1, *h2]));
            allowance.check_size(announced.0, announced.1)?;
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
