//! JPEG as TIFF 6.0 had it (compression 6): makes one JPEG file of what is spread over tags and strips.

use super::layout::Layout;
use super::{damaged, tag};
use crate::error::Result;
use crate::picture::directory::Directory;

const SOI: [u8; 2] = [0xFF, 0xD8];
const EOI: [u8; 2] = [0xFF, 0xD9];
/// Bytes of a quantization table, and of the counts before the values of a Huffman table.
const QUANTIZATION_LEN: usize = 64;
const COUNTS_LEN: usize = 16;

/// The JPEG of the whole picture; `None` if each strip is a JPEG of its own.
pub fn assemble(
    directory: &Directory<'_>,
    layout: &Layout,
    strips: &[&[u8]],
    samples: usize,
) -> Result<Option<Vec<u8>>> {
    let bytes = directory.file.bytes;
    if let Some(at) = directory.number(tag::JPEG_STREAM).and_then(|at| usize::try_from(at).ok()) {
        let stream = bytes.get(at..).unwrap_or_default();
        if stream.starts_with(&SOI) {
            let len = directory.number(tag::JPEG_STREAM_LEN).and_then(|len| usize::try_from(len).ok());
            let stated = stream.get(..len.unwrap_or(usize::MAX)).unwrap_or(stream);
            return Ok(Some(match scan_header_end(stated) {
                // To its own end, because wrong lengths are common.
                Some(end) if end < stated.len() => {
                    let eoi = stream[end..].windows(EOI.len()).position(|pair| pair == EOI);
                    stream[..eoi.map_or(stream.len(), |at| end + at + EOI.len())].to_vec()
                }
                // Only the tables: the strips are what follows.
                Some(end) => join(&stated[..end], strips),
                None => with_scan(stated.strip_suffix(&EOI).unwrap_or(stated), strips, samples),
            }));
        }
    }
    if strips.iter().all(|strip| strip.starts_with(&SOI)) {
        return Ok(if strips.len() == 1 { Some(strips[0].to_vec()) } else { None });
    }
    let header = header_of_tags(directory, layout, strips.len(), samples);
    let header = header.ok_or_else(|| damaged("its JPEG tables are missing"))?;
    Ok(Some(with_scan(&header, strips, samples)))
}

/// Position behind the header of the first scan, if there is one.
fn scan_header_end(stream: &[u8]) -> Option<usize> {
    let mut at = SOI.len();
    loop {
        let &[0xFF, marker, high, low] = stream.get(at..at + 4)? else { return None };
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == 0xDA {
            return (end <= stream.len()).then_some(end);
        }
        at = end;
    }
}

/// Strips are separated by restart markers, numbered from 0 to 7.
fn join(header: &[u8], strips: &[&[u8]]) -> Vec<u8> {
    let mut jpeg = header.to_vec();
    for (idx, strip) in strips.iter().enumerate() {
        jpeg.extend_from_slice(strip);
        let ends_with_marker = matches!(strip, [.., 0xFF, 0xD0..=0xD9]);
        if !ends_with_marker && idx + 1 < strips.len() {
            jpeg.extend([0xFF, 0xD0 + (idx % 8) as u8]);
        }
    }
    jpeg.extend(EOI);
    jpeg
}

fn with_scan(header: &[u8], strips: &[&[u8]], samples: usize) -> Vec<u8> {
    let components = (0..samples as u8).flat_map(|idx| [idx + 1, idx.min(1) * 0x11]);
    let scan: Vec<u8> = std::iter::once(samples as u8).chain(components).chain([0, 63, 0]).collect();
    let mut jpeg = header.to_vec();
    segment(&mut jpeg, 0xDA, &scan);
    join(&jpeg, strips)
}

/// Tables and frame from the tags, up to the scan.
fn header_of_tags(directory: &Directory<'_>, layout: &Layout, n_strips: usize, samples: usize) -> Option<Vec<u8>> {
    let bytes = directory.file.bytes;
    let tables = |tag| -> Option<Vec<&[u8]>> {
        let offsets = directory.values(tag)?;
        offsets.iter().take(samples).map(|&at| bytes.get(usize::try_from(at).ok()?..)).collect()
    };
    let mut jpeg = SOI.to_vec();
    for (idx, table) in tables(tag::JPEG_QUANTIZATION_TABLES)?.into_iter().enumerate() {
        segment(&mut jpeg, 0xDB, &[&[idx as u8], table.get(..QUANTIZATION_LEN)?].concat());
    }
    for (class, tag) in [(0x00, tag::JPEG_DC_TABLES), (0x10, tag::JPEG_AC_TABLES)] {
        for (idx, table) in tables(tag)?.into_iter().enumerate().take(2) {
            let n_values: usize = table.get(..COUNTS_LEN)?.iter().map(|&count| usize::from(count)).sum();
            segment(&mut jpeg, 0xC4, &[&[class | idx as u8], table.get(..COUNTS_LEN + n_values)?].concat());
        }
    }
    let sampling = directory.values(tag::YCBCR_SUBSAMPLING).unwrap_or(vec![2, 2]);
    let &[across @ 1..=4, down @ 1..=4] = &sampling[..] else { return None };
    let first = if samples == 1 { 0x11 } else { (across << 4 | down) as u8 };
    let side = |side: u32| u16::try_from(side).map(u16::to_be_bytes).ok();
    let mut frame = vec![8];
    frame.extend(side(layout.height)?);
    frame.extend(side(layout.width)?);
    frame.push(samples as u8);
    for idx in 0..samples as u8 {
        frame.extend([idx + 1, if idx == 0 { first } else { 0x11 }, idx]);
    }
    segment(&mut jpeg, 0xC0, &frame);
    let interval = match directory.number(tag::JPEG_RESTART_INTERVAL) {
        Some(interval) if interval > 0 => u16::try_from(interval).ok()?,
        _ if n_strips > 1 => {
            let (across, down) = if samples == 1 { (1, 1) } else { (across as u32, down as u32) };
            let blocks = layout.width.div_ceil(8 * across).checked_mul(layout.segment.1.div_ceil(8 * down))?;
            u16::try_from(blocks).ok()?
        }
        _ => 0,
    };
    segment(&mut jpeg, 0xDD, &interval.to_be_bytes());
    Some(jpeg)
}

fn segment(jpeg: &mut Vec<u8>, marker: u8, body: &[u8]) {
    jpeg.extend([0xFF, marker]);
    jpeg.extend((body.len() as u16 + 2).to_be_bytes());
    jpeg.extend_from_slice(body);
}
