//! Raw photographs of cameras, by the JPEG that the camera put inside. It is the picture as the camera developed it; a thumbnail is none.

use image::metadata::Orientation;

use super::jpeg;
use crate::error::{Error, ErrorKind, Result};
use crate::picture::Picture;
use crate::picture::allowance::Allowance;
use crate::picture::directory::{Directory, File};
use crate::picture::format::{PictureFormat, is_of_a_sensor};

/// The least pixels along the longer side of a JPEG that stands for the photograph.
const LEAST_SIDE: u16 = 500;
/// Segments of a JPEG before its size, of which more are not read.
const MAX_SEGMENTS: usize = 64;
/// Beginnings of a JPEG in a file of which more are not tried.
const MAX_BEGINNINGS: usize = 4096;
/// JPEGs that are decoded before the file is given up.
const MAX_TRIES: usize = 4;
/// Where Canon's CR3 has the directory with the orientation.
const CR3_HEADER: usize = 64 << 10;

mod tag {
    pub const COMPRESSION: u16 = 0x0103;
    pub const STRIP_OFFSETS: u16 = 0x0111;
    pub const ORIENTATION: u16 = 0x0112;
    pub const STRIP_LENGTHS: u16 = 0x0117;
    pub const JPEG_OFFSET: u16 = 0x0201;
    pub const JPEG_LENGTH: u16 = 0x0202;
}

/// `format`: one of the raw ones.
pub fn decode(
    format: PictureFormat,
    bytes: &[u8],
    allowance: &Allowance,
    shorter_side: Option<u32>,
) -> Result<Picture> {
    let found = directories(bytes);
    let mut previews: Vec<Preview> = found.iter().filter_map(|directory| Preview::of(directory, bytes)).collect();
    // The tiles of a DNG may be JPEGs too.
    if previews.is_empty() && format != PictureFormat::Dng {
        previews = search(bytes);
    }
    previews.sort_by_key(|preview| std::cmp::Reverse(preview.area));

    let mut failure = None;
    for preview in previews.iter().take(MAX_TRIES) {
        match jpeg::decode(preview.file, allowance, shorter_side) {
            Ok(picture) if preview.states_orientation => return Ok(picture),
            Ok(picture) => return Ok(picture.upright(orientation(format, bytes, &found))),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Err(failure.unwrap_or_else(|| without_preview(format)))
}

fn directories(bytes: &[u8]) -> Vec<Directory<'_>> {
    File::new(bytes).map(File::directories).unwrap_or_default()
}

/// A JPEG that is large enough.
struct Preview<'a> {
    /// From its first byte on, perhaps beyond its last.
    file: &'a [u8],
    area: u32,
    states_orientation: bool,
}

impl<'a> Preview<'a> {
    /// That of a directory.
    fn of(directory: &Directory, bytes: &'a [u8]) -> Option<Self> {
        let one = |offsets, lengths| {
            let ([offset], [length]) = (&directory.values(offsets)?[..], &directory.values(lengths)?[..]) else {
                return None;
            };
            Some((usize::try_from(*offset).ok()?, usize::try_from(*length).ok()?))
        };
        let is_jpeg = matches!(directory.number(tag::COMPRESSION), Some(6 | 7)) && !is_of_a_sensor(directory);
        let strip = || if is_jpeg { one(tag::STRIP_OFFSETS, tag::STRIP_LENGTHS) } else { None };
        let (offset, length) = one(tag::JPEG_OFFSET, tag::JPEG_LENGTH).or_else(strip)?;
        Self::read(bytes.get(offset..offset.saturating_add(length).min(bytes.len()))?)
    }

    /// The JPEG at the beginning of `file`, unless it is small, or of a kind in which only sensors are stored.
    fn read(file: &'a [u8]) -> Option<Self> {
        let mut rest = file.strip_prefix(&[0xFF, 0xD8])?;
        let mut states_orientation = false;
        for _ in 0..MAX_SEGMENTS {
            let [0xFF, marker, high, low, ..] = *rest else { return None };
            let len = usize::from(u16::from_be_bytes([high, low]));
            let segment = rest.get(4..2 + len)?;
            match (marker, segment) {
                (0xC0..=0xC2, &[8, h0, h1, w0, w1, ..]) => {
                    let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
                    let area = u32::from(width) * u32::from(height);
                    return (width.max(height) >= LEAST_SIDE).then_some(Self { file, area, states_orientation });
                }
                (0xC4 | 0xDB | 0xDD | 0xE0..=0xEF | 0xFE, _) => {}
                _ => return None,
            }
            if let Some(exif) = segment.strip_prefix(b"Exif\0\0") {
                states_orientation |= stated_orientation(&directories(exif)).is_some();
            }
            rest = &rest[2 + len..];
        }
        None
    }
}

/// Every JPEG in the file, wherever it is.
fn search(bytes: &[u8]) -> Vec<Preview<'_>> {
    let beginnings = bytes.windows(3).enumerate().filter(|(_, three)| *three == [0xFF, 0xD8, 0xFF]);
    beginnings.take(MAX_BEGINNINGS).filter_map(|(at, _)| Preview::read(&bytes[at..])).collect()
}

fn stated_orientation(found: &[Directory]) -> Option<Orientation> {
    Orientation::from_exif(u8::try_from(found.first()?.number(tag::ORIENTATION)?).ok()?)
}

fn orientation(format: PictureFormat, bytes: &[u8], found: &[Directory]) -> Orientation {
    let stated = if format == PictureFormat::Cr3 {
        let head = &bytes[..bytes.len().min(CR3_HEADER)];
        let at = head.windows(4).position(|kind| kind == b"CMT1");
        at.and_then(|at| stated_orientation(&directories(&bytes[at + 4..])))
    } else {
        stated_orientation(found)
    };
    stated.unwrap_or(Orientation::NoTransforms)
}

fn without_preview(format: PictureFormat) -> Error {
    let detail = format!(
        "This is a raw photograph in the format {} without a preview of {LEAST_SIDE} pixels or more. Export it as JPEG with the program \
         that came with the camera.",
        format.label()
    );
    Error::new(ErrorKind::PictureFormatUnsupported, detail).with_subject(format.label())
}
