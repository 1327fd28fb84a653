//! PNG: XMP in a chunk `iTXt` before the pixels.

use std::borrow::Cow;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::bytes::{take, take_array, take_length};
use super::keywords::Keywords;
use super::xmp::{self, MAX_PACKET_BYTES};
use super::{damaged, not_writable};
use crate::error::Result;

const SIGNATURE_BYTES: usize = 8;
const TEXT: &[u8; 4] = b"iTXt";
const XMP: &[u8] = b"XML:com.adobe.xmp\0";

struct Chunk<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    /// With length and checksum.
    whole: &'a [u8],
}

impl Chunk<'_> {
    fn is_xmp(&self) -> bool {
        &self.kind == TEXT && self.content.starts_with(XMP)
    }
}

/// See [`write_keywords`](super::write_keywords).
pub fn write(file: &[u8], keywords: &Keywords) -> Result<Vec<u8>> {
    let (signature, mut rest) = file.split_at(SIGNATURE_BYTES);
    let mut chunks = Vec::new();
    while chunks.last().is_none_or(|chunk: &Chunk| &chunk.kind != b"IEND") {
        chunks.push(read_one(&mut rest).ok_or_else(|| damaged("This PNG"))?);
    }
    let pixels = chunks.iter().position(|chunk| [b"IDAT", b"fcTL"].contains(&&chunk.kind)).unwrap_or(0);
    if pixels == 0 {
        return Err(damaged("This PNG"));
    }

    let mut written = signature.to_vec();
    let mut late = Vec::new();
    for chunk in chunks[pixels..].iter().filter(|chunk| chunk.is_xmp()) {
        late.extend(with_keywords(chunk, keywords)?);
    }
    let is_new = !chunks.iter().any(Chunk::is_xmp);
    for (n, chunk) in chunks.iter().enumerate() {
        if n == pixels {
            // Many readers stop at the pixels, so what was behind them comes before them.
            written.append(&mut late);
            if is_new {
                written.extend(text_chunk(&[XMP, &[0; 4]].concat(), &xmp::merged(None, keywords)?)?);
            }
        }
        match chunk.is_xmp() {
            true if n < pixels => written.extend(with_keywords(chunk, keywords)?),
            true => {}
            false => written.extend_from_slice(chunk.whole),
        }
    }
    written.extend_from_slice(rest);
    Ok(written)
}

/// Takes a chunk off the front.
fn read_one<'a>(rest: &mut &'a [u8]) -> Option<Chunk<'a>> {
    let begin = *rest;
    let len = take_length(rest)?;
    let kind = take_array(rest)?;
    let content = take(rest, len)?;
    take(rest, 4)?;
    Some(Chunk { kind, content, whole: &begin[..begin.len() - rest.len()] })
}

/// A chunk with XMP, uncompressed, with keywords in it.
fn with_keywords(chunk: &Chunk, keywords: &Keywords) -> Result<Vec<u8>> {
    let broken = || damaged("The XMP in this PNG");
    let sum = chunk.whole.last_chunk::<4>().ok_or_else(broken)?;
    if u32::from_be_bytes(*sum) != crc32(&chunk.whole[4..chunk.whole.len() - 4]) {
        return Err(broken());
    }
    let mut rest = &chunk.content[XMP.len()..];
    let [is_compressed, _method] = take_array(&mut rest).ok_or_else(broken)?;
    // A language and the translated name of the text, both usually empty.
    let names =
        (rest.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at + 1).nth(1)).ok_or_else(broken)?;
    let header = [XMP, &[0; 2], &rest[..names]].concat();
    let packet = match is_compressed {
        0 => Cow::Borrowed(&rest[names..]),
        _ => decompress_to_vec_zlib_with_limit(&rest[names..], MAX_PACKET_BYTES).map_err(|_| broken())?.into(),
    };
    let merged = xmp::merged(Some(&packet), keywords)?;
    if *merged == *packet { Ok(chunk.whole.to_vec()) } else { text_chunk(&header, &merged) }
}

fn text_chunk(header: &[u8], packet: &[u8]) -> Result<Vec<u8>> {
    let len = u32::try_from(header.len() + packet.len()).ok().filter(|&len| len <= i32::MAX as u32);
    let len = len.ok_or_else(|| not_writable("The XMP of this PNG would be too large. Save a sidecar instead."))?;
    let mut chunk = [&len.to_be_bytes(), &TEXT[..], header, packet].concat();
    chunk.extend(crc32(&chunk[4..]).to_be_bytes());
    Ok(chunk)
}

/// The checksum of PNG, by its specification, annex D.
pub fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut n = 0;
        while n < table.len() {
            let (mut value, mut bit) = (n as u32, 0);
            while bit < 8 {
                value = if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
                bit += 1;
            }
            table[n] = value;
            n += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum, &byte| TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8))
}
