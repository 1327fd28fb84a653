//! ICO: several pictures in one file, of which the largest is decoded.

use std::io::Cursor;

use image::codecs::ico::IcoDecoder;

use super::{cut_off, damaged, image_crate};
use crate::error::Result;
use crate::picture::format::PictureFormat;
use crate::picture::{Limits, Picture};

const HEADER: usize = 6;
const ENTRY: usize = 16;

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let count = usize::from(u16::from_le_bytes([bytes[4], bytes[5]]));
    let entries = bytes.get(HEADER..HEADER + count * ENTRY).ok_or_else(|| cut_off(PictureFormat::Ico))?;
    let entries = entries.as_chunks::<ENTRY>().0;
    // A side of 0 means 256. Of two pictures of the same size, the one with more colours is taken.
    let side = |byte: u8| if byte == 0 { 256 } else { u32::from(byte) };
    let best =
        entries.iter().max_by_key(|entry| (side(entry[0]) * side(entry[1]), u16::from_le_bytes([entry[6], entry[7]])));
    let best = best.ok_or_else(|| damaged(PictureFormat::Ico, "it has no picture"))?;

    let word = |at: usize| u32::from_le_bytes([best[at], best[at + 1], best[at + 2], best[at + 3]]) as usize;
    let (len, offset) = (word(8), word(12));
    let end = offset.checked_add(len).ok_or_else(|| cut_off(PictureFormat::Ico))?;
    let body = bytes.get(offset..end).ok_or_else(|| cut_off(PictureFormat::Ico))?;
    if PictureFormat::sniff(body) == Some(PictureFormat::Png) {
        // `IcoDecoder` accepts only RGBA here, but real icons contain every kind of PNG.
        return image_crate::decode(PictureFormat::Png, body, limits);
    }
    // A file with only this picture, because `IcoDecoder` would choose by colours first.
    let mut alone = Vec::with_capacity(HEADER + ENTRY + len);
    alone.extend([0, 0, 1, 0, 1, 0]);
    alone.extend(&best[..12]);
    alone.extend(((HEADER + ENTRY) as u32).to_le_bytes());
    alone.extend(body);
    let decoder =
        IcoDecoder::new(Cursor::new(alone)).map_err(|error| image_crate::explain(PictureFormat::Ico, error))?;
    image_crate::read(PictureFormat::Ico, decoder, limits)
}
