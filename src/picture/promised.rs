//! The size of a picture that its file states, read before anything else: no decoder, neither ours nor a browser's, sees a file that states
//! more than the limits allow.

use crate::picture::Limits;
use crate::picture::directory::{Directory, File};
use crate::picture::format::PictureFormat;
use crate::picture::jpeg_marker;
use crate::picture::webp_chunk::{Chunks, frame_size};

/// Boxes nested deeper, or more of them, are not followed.
const MAX_BOXES: usize = 4096;
/// Pixels of a JPEG's shorter side below which no network lets it be decoded at a reduced scale.
const NARROW: u32 = 1200;

/// The (width, height) in pixels that the header of a file states: of AVIF and HEIC upright and the largest of all images and tracks, of
/// others as stored, and of a TIFF that of its first directory. `None` if it states none, as in an icon, where each picture has its own, and
/// in drawings.
pub fn promised_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let big = |at: usize| Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
    let little = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let short = |at: usize| Some(u32::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?)));
    match PictureFormat::sniff(bytes)? {
        PictureFormat::Jpeg => jpeg_marker::stated_size(bytes),
        PictureFormat::Png => Some((big(16)?, big(20)?)),
        PictureFormat::Gif => Some((short(6)?, short(8)?)),
        PictureFormat::WebP => webp_size(bytes.get(12..)?),
        PictureFormat::Bmp => {
            let at = if bytes.starts_with(b"BM") { 14 } else { 0 };
            match little(at)? {
                12 => Some((short(at + 4)?, short(at + 6)?)),
                // Negative where the first row is the top one, or the last.
                _ => Some((little(at + 4)?.cast_signed().unsigned_abs(), little(at + 8)?.cast_signed().unsigned_abs())),
            }
        }
        PictureFormat::Avif | PictureFormat::Heic => heif_size(bytes),
        PictureFormat::Jp2 => jp2_size(bytes),
        PictureFormat::Psd | PictureFormat::Xcf => {
            let is_psd = bytes.starts_with(b"8BPS");
            Some(if is_psd { (big(18)?, big(14)?) } else { (big(14)?, big(18)?) })
        }
        PictureFormat::Tiff => tiff_size(File::new(bytes)?.directories().first()?),
        _ => None,
    }
}

/// About how many bytes decoding a file takes, itself included, by its header; for callers that decode several at a time. What it takes for
/// certain is checked by [`decode`](crate::picture::decode()), which refuses what is above [`Limits::max_bytes`].
pub fn memory_estimate(bytes: &[u8], limits: &Limits) -> u64 {
    let (width, height) = promised_size(bytes).unwrap_or_default();
    let (per_pixel, besides) = match PictureFormat::sniff(bytes) {
        // All coefficients are kept.
        Some(PictureFormat::Jpeg) if jpeg_marker::is_progressive(bytes) => (8, 0),
        // Decoded at a reduced scale; not so a narrow panorama.
        Some(PictureFormat::Jpeg) => (if width.min(height) < NARROW { 8 } else { 2 }, 0),
        Some(PictureFormat::Png | PictureFormat::Gif) => (3, 16 << 20),
        // Prefix codes take memory that no header tells.
        Some(PictureFormat::WebP) => (8, 96 << 20),
        Some(PictureFormat::Tiff) => (3 + tiff_pixel_bytes(bytes), 0),
        // Each of its pictures has a header of its own.
        Some(PictureFormat::Ico) => (0, limits.max_bytes),
        _ => (8, 0),
    };
    let pixels = u64::from(width) * u64::from(height);
    let besides = besides + 2 * bytes.len() as u64;
    pixels.saturating_mul(per_pixel).saturating_add(besides).min(limits.max_bytes)
}

/// Bytes of a pixel as the first directory has it: an only strip is unpacked at once.
fn tiff_pixel_bytes(bytes: &[u8]) -> u64 {
    let directories = File::new(bytes).map(File::directories).unwrap_or_default();
    let number = |tag, usual| directories.first().and_then(|directory| directory.number(tag)).unwrap_or(usual).min(64);
    let (depth, n_samples) = (number(0x0102, 1), number(0x0115, 1));
    (depth * n_samples).div_ceil(8)
}

fn tiff_size(directory: &Directory<'_>) -> Option<(u32, u32)> {
    let side = |tag| directory.number(tag).map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    Some((side(0x0100)?, side(0x0101)?))
}

fn webp_size(chunks: &[u8]) -> Option<(u32, u32)> {
    match Chunks(chunks).next()? {
        (b"VP8X", [_, _, _, _, w0, w1, w2, h0, h1, h2, ..]) => {
            let side = |bytes: [u8; 3]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) + 1;
            Some((side([*w0, *w1, *w2]), side([*h0, *h1, *h2])))
        }
        (kind, body) => frame_size(kind, body),
    }
}

/// In the box `ihdr` of the header, or in the first segment of a bare codestream.
fn jp2_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let word = |body: &[u8], at: usize| Some(u32::from_be_bytes(*body.get(at..)?.first_chunk()?));
    if bytes.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]) {
        return Some((word(bytes, 8)?.checked_sub(word(bytes, 16)?)?, word(bytes, 12)?.checked_sub(word(bytes, 20)?)?));
    }
    let mut left = MAX_BOXES;
    let header = boxes(bytes, &mut left).find(|(kind, _)| kind == b"jp2h")?.1;
    let ihdr = boxes(header, &mut left).find(|(kind, _)| kind == b"ihdr")?.1;
    Some((word(ihdr, 4)?, word(ihdr, 0)?))
}

/// The larger of the largest image and the largest track. `None` if there is neither.
fn heif_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let area = |&(width, height): &(u32, u32)| u64::from(width) * u64::from(height);
    [image_size(bytes), track_size(bytes)].into_iter().flatten().max_by_key(area)
}

/// Of an image sequence, by the headers of its tracks.
fn track_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut left = MAX_BOXES;
    let moov = boxes(bytes, &mut left).find(|(kind, _)| kind == b"moov")?.1;
    let tracks: Vec<&[u8]> = boxes(moov, &mut left).filter(|(kind, _)| kind == b"trak").map(|(_, body)| body).collect();
    let sizes = tracks.into_iter().filter_map(|track| {
        let header = boxes(track, &mut left).find(|(kind, _)| kind == b"tkhd")?.1;
        // The last two words, as 16.16 fixed-point numbers.
        let (_, sides) = header.split_last_chunk::<8>()?;
        let side = |at: usize| u32::from(u16::from_be_bytes([sides[at], sides[at + 1]]));
        Some((side(0), side(4)))
    });
    sizes.max_by_key(|&(width, height)| u64::from(width) * u64::from(height))
}

/// Upright.
fn image_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut left = MAX_BOXES;
    let meta = boxes(bytes, &mut left).find(|(kind, _)| kind == b"meta")?.1.get(4..)?;
    let iprp = boxes(meta, &mut left).find(|(kind, _)| kind == b"iprp")?.1;
    let ipco = boxes(iprp, &mut left).find(|(kind, _)| kind == b"ipco")?.1;

    let word = |body: &[u8], at: usize| Some(u32::from_be_bytes(body.get(at..at + 4)?.try_into().ok()?));
    let mut largest: Option<(u32, u32)> = None;
    let mut turned = false;
    for (kind, body) in boxes(ipco, &mut left) {
        match &kind {
            b"ispe" => {
                let size = (word(body, 4)?, word(body, 8)?);
                let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
                if largest.is_none_or(|so_far| area(size) > area(so_far)) {
                    largest = Some(size);
                }
            }
            b"irot" => turned |= body.first().is_some_and(|quarter_turns| quarter_turns % 2 == 1),
            _ => {}
        }
    }
    largest.map(|(width, height)| if turned { (height, width) } else { (width, height) })
}

/// The consecutive boxes in `bytes`: type and content. Stops at the first that does not fit.
fn boxes<'a>(mut bytes: &'a [u8], left: &mut usize) -> impl Iterator<Item = ([u8; 4], &'a [u8])> {
    std::iter::from_fn(move || {
        *left = left.checked_sub(1)?;
        let short = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        let kind: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
        let (start, end) = match short {
            0 => (8, bytes.len()),
            1 => (16, usize::try_from(u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?)).ok()?),
            len => (8, len as usize),
        };
        let body = bytes.get(start..end)?;
        bytes = &bytes[end..];
        Some((kind, body))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    fn heif(properties: &[u8]) -> Vec<u8> {
        let iprp = boxed(b"iprp", &boxed(b"ipco", properties));
        [boxed(b"ftyp", b"heic\0\0\0\0heic"), boxed(b"meta", &[&[0; 4], &iprp[..]].concat())].concat()
    }

    fn ispe(width: u32, height: u32) -> Vec<u8> {
        boxed(b"ispe", &[[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat())
    }

    #[test]
    fn the_largest_size_in_the_header_is_read_upright() {
        let tiles = [ispe(512, 512), ispe(4032, 3024), ispe(320, 240)].concat();
        assert_eq!(promised_size(&heif(&tiles)), Some((4032, 3024)));
        assert_eq!(promised_size(&heif(&[&tiles[..], &boxed(b"irot", &[3])].concat())), Some((3024, 4032)));
        assert_eq!(promised_size(&heif(&[])), None);
    }

    #[test]
    fn a_sequence_is_as_large_as_its_largest_track() {
        let tkhd = |width: u16, height: u16| {
            let sides = [width.to_be_bytes(), [0; 2], height.to_be_bytes(), [0; 2]].concat();
            boxed(b"trak", &boxed(b"tkhd", &[&[0; 76], &sides[..]].concat()))
        };
        let moov = boxed(b"moov", &[tkhd(64, 64), tkhd(16_384, 16_383)].concat());
        let file = [heif(&ispe(64, 64)), moov].concat();
        assert_eq!(promised_size(&file), Some((16_384, 16_383)));
    }

    #[test]
    fn every_header_states_its_size() {
        let cases: [(&[u8], (u32, u32)); 7] = [
            (b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\x01\0\0\0\x02\0\0", (65_536, 131_072)),
            (b"GIF89a\xFF\xFF\x01\0", (65_535, 1)),
            (b"RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\xFF\xFF\0\0\0", (1 << 24, 1)),
            (b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\0\0\0\x80\xFF\xFF\xFF\xFF", (1 << 31, 1)),
            (b"8BPS\0\x02\0\0\0\0\0\0\0\x03\0\0\x01\0\0\0\x02\0", (512, 256)),
            (b"gimp xcf v003\0\0\0\x01\0\0\0\x02\0", (256, 512)),
            (b"\xFF\x4F\xFF\x51\0\x29\0\0\0\0\x03\0\0\0\x01\0\0\0\x01\0\0\0\0\0", (512, 256)),
        ];
        for (bytes, size) in cases {
            assert_eq!(promised_size(bytes), Some(size), "{bytes:?}");
        }
    }

    #[test]
    fn no_cut_of_a_header_is_a_panic() {
        let whole = heif(&ispe(17_000, 17_000));
        for end in 0..whole.len() {
            assert_eq!(promised_size(&whole[..end]), None);
        }
    }
}
