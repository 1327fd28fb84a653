//! ICO, and CUR, which is an icon with a hot spot: several pictures in one file, of which the largest is decoded.

use super::bmp::Dib;
use super::{cut_off, damaged, png};
use crate::error::Result;
use crate::picture::Picture;
use crate::picture::allowance::Allowance;
use crate::picture::format::PictureFormat;

const HEADER: usize = 6;
const ENTRY: usize = 16;

pub fn decode(bytes: &[u8], allowance: &Allowance) -> Result<Picture> {
    let count = usize::from(u16::from_le_bytes([bytes[4], bytes[5]]));
    let entries = bytes.get(HEADER..HEADER + count * ENTRY).ok_or_else(|| cut_off(PictureFormat::Ico))?;
    let entries = entries.as_chunks::<ENTRY>().0;
    // A side of 0 means 256. Of two pictures of the same size, the one with more colours is taken.
    let side = |byte: u8| if byte == 0 { 256 } else { u32::from(byte) };
    let best = entries.iter().max_by_key(|entry| (side(entry[0]) * side(entry[1]), bits(body(bytes, entry))));
    let best = best.ok_or_else(|| damaged(PictureFormat::Ico, "it has no picture"))?;

    let body = body(bytes, best);
    if PictureFormat::sniff(body) == Some(PictureFormat::Png) {
        return png::decode(body, allowance);
    }
    decode_bitmap(Dib::read(PictureFormat::Ico, body)?, allowance)
}

/// The picture of an entry, or what there is of it.
fn body<'a>(bytes: &'a [u8], entry: &[u8; ENTRY]) -> &'a [u8] {
    let word = |at: usize| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]) as usize;
    let (len, offset) = (word(8), word(12));
    bytes.get(offset..offset.saturating_add(len).min(bytes.len())).unwrap_or_default()
}

/// Bits per pixel by the picture's own header, because the entry's are often wrong, and a cursor has none.
fn bits(body: &[u8]) -> u16 {
    match body {
        [0x89, b'P', b'N', b'G', ..] => match body.get(24..26) {
            Some(&[depth, kind]) => u16::from(depth) * [1, 1, 3, 1, 2, 1, 4][usize::from(kind.min(6))],
            _ => 0,
        },
        [40..=255, 0, 0, 0, _, _, _, _, _, _, _, _, _, _, low, high, ..] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    }
}

/// The bitmap has twice its height, for one bit a pixel that says where it is transparent.
fn decode_bitmap(dib: Dib, allowance: &Allowance) -> Result<Picture> {
    let mut dib = dib.with_alpha();
    dib.height /= 2;
    allowance.check_size(dib.width.unsigned_abs(), dib.height.unsigned_abs())?;
    let (width, height) = (dib.width.unsigned_abs() as usize, dib.height.unsigned_abs() as usize);
    let is_top_down = dib.height < 0;
    let (colours, mask) = match dib.pixels.split_at_checked(dib.row_len() * height) {
        _ if dib.is_compressed() => (dib.pixels, &[][..]),
        Some(parts) => parts,
        None => return Err(cut_off(PictureFormat::Ico)),
    };
    dib.pixels = colours;
    let mut picture = dib.decode(allowance)?;

    // A mask that is missing, or ends early, hides nothing.
    let rows = mask.chunks_exact(width.div_ceil(32).max(1) * 4).take(height).enumerate();
    for (nth, row) in rows {
        let y = if is_top_down { nth } else { height - 1 - nth };
        for x in (0..width).filter(|x| row[x / 8] << (x % 8) & 0x80 != 0) {
            picture.pixels[3 * (y * width + x)..][..3].fill(255);
        }
    }
    Ok(picture)
}
