//! WebP: XMP in a chunk of its own, behind the pixels. A simple file becomes an extended one, which says what is in it.
//! Specification: <https://developers.google.com/speed/webp/docs/riff_container>.

use super::bytes::{take, take_array};
use super::keywords::Keywords;
use super::{damaged, not_writable, xmp};
use crate::error::Result;

const XMP: &[u8; 4] = b"XMP ";
/// "RIFF", the size of what follows, "WEBP".
const HEADER_BYTES: usize = 12;
const XMP_FLAG: u8 = 0x04;

struct Chunk<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    /// With name, length and padding.
    whole: &'a [u8],
}

/// See [`write_keywords`](super::write_keywords).
pub fn write(file: &[u8], keywords: &Keywords) -> Result<Vec<u8>> {
    let cut_off = || damaged("This WebP");
    let size = u32::from_le_bytes(file[4..8].try_into().expect("four bytes"));
    let end = usize::try_from(size).ok().and_then(|size| size.checked_add(8)).ok_or_else(cut_off)?;
    let mut rest = file.get(HEADER_BYTES..end).ok_or_else(cut_off)?;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        chunks.push(read_one(&mut rest).ok_or_else(cut_off)?);
    }
    let known = [b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L", b"EXIF"];
    let last_known = chunks.iter().rposition(|chunk| known.contains(&&chunk.kind)).ok_or_else(cut_off)?;
    let is_new = !chunks.iter().any(|chunk| &chunk.kind == XMP);

    let mut written = file[..HEADER_BYTES].to_vec();
    if chunks[0].kind != *b"VP8X" {
        push(&mut written, b"VP8X", &header(&chunks).ok_or_else(cut_off)?);
    }
    for (n, chunk) in chunks.iter().enumerate() {
        match (&chunk.kind, chunk.content) {
            (XMP, packet) => push(&mut written, XMP, &xmp::merged(Some(packet), keywords)?),
            (b"VP8X", [flags, others @ ..]) if n == 0 => {
                push(&mut written, b"VP8X", &[&[flags | XMP_FLAG], others].concat());
            }
            _ => {
                written.extend_from_slice(chunk.whole);
                // The last chunk of some files has no padding, which it needs once it is not the last.
                written.extend_from_slice(&[0][..chunk.whole.len() % 2]);
            }
        }
        if n == last_known && is_new {
            push(&mut written, XMP, &xmp::merged(None, keywords)?);
        }
    }
    let size =
        u32::try_from(written.len() - 8).map_err(|_| not_writable("This WebP would be too large with keywords."))?;
    written[4..8].copy_from_slice(&size.to_le_bytes());
    written.extend_from_slice(&file[end..]);
    Ok(written)
}

/// Takes a chunk off the front.
fn read_one<'a>(rest: &mut &'a [u8]) -> Option<Chunk<'a>> {
    let begin = *rest;
    let kind = take_array(rest)?;
    let len = usize::try_from(u32::from_le_bytes(take_array(rest)?)).ok()?;
    let content = take(rest, len)?;
    *rest = &rest[(len % 2).min(rest.len())..];
    Some(Chunk { kind, content, whole: &begin[..begin.len() - rest.len()] })
}

fn push(written: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    written.extend_from_slice(kind);
    // Of more than 4 GB, the file's size is refused in the end.
    written.extend_from_slice(&(content.len() as u32).to_le_bytes());
    written.extend_from_slice(content);
    written.extend_from_slice(&[0][..content.len() % 2]);
}

/// The content of the chunk `VP8X` that a simple file lacks. `None` if its pixels do not begin as they
/// should, or if it has one where none may be.
fn header(chunks: &[Chunk]) -> Option<[u8; 10]> {
    let has = |kind: &[u8; 4]| chunks.iter().any(|chunk| chunk.kind == *kind);
    if has(b"VP8X") {
        return None;
    }
    let pixels = chunks.iter().find(|chunk| [b"VP8 ", b"VP8L"].contains(&&chunk.kind))?;
    let (width, height, mut has_alpha) = match (&pixels.kind, pixels.content) {
        (b"VP8 ", [_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1, ..]) => {
            // The upper two bits are a scale.
            let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
            (side(*w0, *w1), side(*h0, *h1), false)
        }
        (b"VP8L", [0x2F, bits @ ..]) => {
            let bits = u32::from_le_bytes(*bits.first_chunk()?);
            ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1 == 1)
        }
        _ => return None,
    };
    has_alpha |= has(b"ALPH");
    let flags = [(has(b"ICCP"), 0x20), (has_alpha, 0x10), (has(b"EXIF"), 0x08), (true, XMP_FLAG)];
    let flags = flags.into_iter().filter_map(|(is_set, flag)| is_set.then_some(flag)).sum();
    let mut header = [flags, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    header[4..7].copy_from_slice(&width.checked_sub(1)?.to_le_bytes()[..3]);
    header[7..10].copy_from_slice(&height.checked_sub(1)?.to_le_bytes()[..3]);
    Some(header)
}
