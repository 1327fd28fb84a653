//! The parts of a JPEG file: its segments and scans, found without decoding, and the facts that the decoder does not expose.
//!
//! Files are read as libjpeg reads them, and so Pillow and browsers: what lies between segments is skipped, a marker that cannot be one ends
//! the data before it, and the picture may end without its end marker. Whether any of it was needed is remembered.

use image::metadata::Orientation;

use super::super::{cut_off, damaged};
use crate::error::Result;
use crate::picture::format::PictureFormat;
use crate::picture::jpeg_marker::{EOI, SOS, is_frame, next_marker, segment};
use crate::picture::orientation;

pub const DHT: u8 = 0xC4;
pub const DNL: u8 = 0xDC;
pub const DRI: u8 = 0xDD;

/// One segment of a file, and for the start of a scan the data behind it.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    pub marker: u8,
    /// Without marker and length.
    pub content: &'a [u8],
    /// Coded data up to the next segment, restart markers included; empty but for a scan.
    pub data: &'a [u8],
}

/// The first picture of a file; phones append videos and depth maps.
#[derive(Debug)]
pub struct JpegFile<'a> {
    /// From the start marker to the end marker, or to where the file stops being a JPEG.
    pub bytes: &'a [u8],
    pub parts: Vec<Part<'a>>,
    pub frame: Frame,
    /// Whether the file is one that the decoder reads as it is, as far as can be seen without decoding.
    pub is_sound: bool,
    pub is_jfif: bool,
    /// The colour transform in an Adobe segment.
    pub adobe: Option<u8>,
    pub orientation: Orientation,
}

/// A frame header.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub marker: u8,
    pub precision: u8,
    pub width: u16,
    pub height: u16,
    pub components: Vec<Component>,
}

/// A component of a frame.
#[derive(Debug, Clone, Copy)]
pub struct Component {
    pub id: u8,
    pub horizontal: u8,
    pub vertical: u8,
}

impl Frame {
    pub fn is_lossless(&self) -> bool {
        matches!(self.marker, 0xC3 | 0xC7 | 0xCB | 0xCF)
    }

    pub fn is_arithmetic(&self) -> bool {
        self.marker > 0xC8
    }

    /// Whether its coded data can be followed without decoding them, and so be mended.
    pub fn is_followed(&self) -> bool {
        !self.is_lossless() && !self.is_arithmetic()
    }

    pub fn is_progressive(&self) -> bool {
        matches!(self.marker, 0xC2 | 0xC6 | 0xCA | 0xCE)
    }

    /// Coefficients are kept of each component at its own size.
    pub fn coefficients_per_pixel(&self) -> f64 {
        self.components.iter().map(|one| self.share(one)).sum()
    }

    /// Samples of a component for each pixel.
    fn share(&self, component: &Component) -> f64 {
        let most = |side: fn(&Component) -> u8| self.components.iter().map(side).max().unwrap_or(1).max(1);
        let of_full = u32::from(most(|one| one.horizontal)) * u32::from(most(|one| one.vertical));
        f64::from(u32::from(component.horizontal) * u32::from(component.vertical)) / f64::from(of_full)
    }

    /// Whether two components share an identifier.
    pub fn has_duplicates(&self) -> bool {
        let ids = || self.components.iter().map(|component| component.id);
        ids().enumerate().any(|(at, id)| ids().take(at).any(|before| before == id))
    }

    fn read(marker: u8, content: &[u8]) -> Option<Self> {
        let [precision, h0, h1, w0, w1, n, components @ ..] = content else { return None };
        let components = components.as_chunks::<3>().0.get(..usize::from(*n))?;
        Some(Self {
            marker,
            precision: *precision,
            width: u16::from_be_bytes([*w0, *w1]),
            height: u16::from_be_bytes([*h0, *h1]),
            components: components
                .iter()
                .map(|&[id, factors, _]| Component { id, horizontal: factors >> 4, vertical: factors & 0xF })
                .collect(),
        })
    }
}

impl<'a> JpegFile<'a> {
    /// # Errors
    /// `PictureDamaged` for a file without a frame and a scan.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut file = Self {
            bytes,
            parts: Vec::new(),
            frame: Frame::default(),
            is_sound: true,
            is_jfif: false,
            adobe: None,
            orientation: Orientation::NoTransforms,
        };
        let end = file.read_parts();
        file.bytes = &bytes[..end];
        if file.frame.components.is_empty() {
            let is_whole = file.is_sound;
            return Err(if is_whole {
                damaged(PictureFormat::Jpeg, "it has no frame")
            } else {
                cut_off(PictureFormat::Jpeg)
            });
        }
        if !file.parts.iter().any(|part| part.marker == SOS) {
            return Err(cut_off(PictureFormat::Jpeg));
        }
        if file.frame.height == 0 {
            file.frame.height =
                file.stated_lines().ok_or_else(|| damaged(PictureFormat::Jpeg, "it states no height"))?;
            file.is_sound = false;
        }
        if file.frame.width == 0 {
            return Err(damaged(PictureFormat::Jpeg, "its width is 0"));
        }
        file.is_sound &= (file.has_tables() || file.frame.is_arithmetic())
            && !file.frame.has_duplicates()
            && !file.has_stray_lines()
            && (file.frame.is_arithmetic() || !file.is_starved());
        Ok(file)
    }

    fn scans(&self) -> impl Iterator<Item = &Part<'a>> {
        self.parts.iter().filter(|part| part.marker == SOS)
    }

    pub fn n_scans(&self) -> usize {
        self.scans().count()
    }

    /// How often its scans go over the whole picture, each counted for its components only. A scan visits all their blocks, even without
    /// data.
    pub fn n_passes(&self) -> f64 {
        let all = self.frame.coefficients_per_pixel();
        let visited: f64 =
            self.scans().map(|scan| self.components_of(scan).map(|one| self.frame.share(one)).sum::<f64>()).sum();
        visited / all
    }

    /// All, where they cannot be told apart.
    fn components_of(&self, scan: &Part<'a>) -> impl Iterator<Item = &Component> {
        let ids = scan.content.get(1..).unwrap_or_default().as_chunks::<2>().0;
        let n = scan.content.first().map_or(0, |&n| usize::from(n));
        let is_named = move |id: u8| ids.iter().take(n).any(|one| one[0] == id);
        let is_unclear = self.frame.has_duplicates();
        self.frame.components.iter().filter(move |one| is_unclear || is_named(one.id))
    }

    pub fn is_starved(&self) -> bool {
        self.scans().any(|scan| self.is_scan_starved(scan))
    }

    /// Whether the data of a scan are too short to code all its blocks, or nearly: the decoder would make the rest up out of zeros, and take
    /// its time. The shortest codes have one bit.
    fn is_scan_starved(&self, scan: &Part<'a>) -> bool {
        let area = f64::from(self.frame.width) * f64::from(self.frame.height);
        let n_samples: f64 = self.components_of(scan).map(|one| area * self.frame.share(one)).sum();
        let &[.., first, _, approximation] = scan.content else { return false };
        let bits = match (self.frame.is_progressive(), first, approximation >> 4) {
            _ if self.frame.is_lossless() => n_samples,
            // One for the DC coefficient, one for all others.
            (false, ..) => n_samples / 32.0,
            (true, 0, _) => n_samples / 64.0,
            // One code can end thousands of blocks. Real files have no such scan, and lose nothing by being mended.
            (true, ..) => n_samples / 512.0,
        };
        (scan.data.len() as f64) * 8.0 < bits.floor()
    }

    /// By how many bits the samples of a lossless picture were shifted before they were coded.
    pub fn lossless_shift(&self) -> u8 {
        let scan = self.parts.iter().find(|part| part.marker == SOS && self.frame.is_lossless());
        let shift = scan.and_then(|scan| scan.content.last()).map_or(0, |approximation| approximation & 0xF);
        // At least two bits are left.
        shift.min(self.frame.precision.saturating_sub(2))
    }

    /// Returns where the picture ends.
    fn read_parts(&mut self) -> usize {
        let bytes = self.bytes;
        let mut has_exif = false;
        let mut at = 2;
        loop {
            let Some(marker_at) = next_marker(bytes, at) else {
                self.is_sound = false;
                return bytes.len();
            };
            let (marker, after) = (bytes[marker_at], marker_at + 1);
            at = after;
            match marker {
                EOI => return after,
                0x01 | 0xD0..=0xD8 => continue,
                _ => {}
            }
            let Some(content) = segment(bytes, after) else {
                self.is_sound = false;
                // Before the first scan nothing else can be a picture.
                if self.parts.iter().any(|part| part.marker == SOS) {
                    return bytes.len();
                }
                continue;
            };
            let mut part = Part { marker, content, data: &[] };
            at = after + 2 + content.len();
            if marker == SOS {
                let (end, is_clean) = end_of_data(bytes, at);
                part.data = &bytes[at..end];
                self.is_sound &= is_clean;
                at = end;
            }
            self.note(&part, &mut has_exif);
            self.parts.push(part);
        }
    }

    fn note(&mut self, part: &Part, has_exif: &mut bool) {
        match (part.marker, part.content) {
            (0xE0, [b'J', b'F', b'I', b'F', 0, ..]) => self.is_jfif = true,
            // Of several, the first counts, as everywhere else.
            (0xE1, [b'E', b'x', b'i', b'f', 0, 0, ..]) if !*has_exif => {
                *has_exif = true;
                self.orientation = orientation::from_exif(part.content);
            }
            (0xEE, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => self.adobe = Some(*transform),
            (marker, content) if is_frame(marker) && self.frame.components.is_empty() => {
                self.frame = Frame::read(marker, content).unwrap_or_default();
            }
            _ => {}
        }
    }

    /// Whether there are Huffman tables before the first scan. A frame of a webcam's film has none and means the usual ones.
    pub fn has_tables(&self) -> bool {
        self.parts.iter().take_while(|part| part.marker != SOS).any(|part| part.marker == DHT)
    }

    /// The height that a segment behind the first scan states in place of the frame.
    fn stated_lines(&self) -> Option<u16> {
        let lines = self.parts.iter().find(|part| part.marker == DNL)?;
        lines.content.first_chunk().map(|&height| u16::from_be_bytes(height)).filter(|&height| height > 0)
    }

    /// Whether a segment states the number of lines where none belongs, or where the frame does.
    fn has_stray_lines(&self) -> bool {
        self.frame.height > 0 && self.parts.iter().any(|part| part.marker == DNL)
    }
}

/// Where the coded data that begin at `at` end, and whether they end as data should: with a marker that can follow them.
fn end_of_data(bytes: &[u8], at: usize) -> (usize, bool) {
    let mut is_clean = true;
    let mut from = at;
    while let Some(marker_at) = next_marker(bytes, from) {
        from = marker_at + 1;
        match bytes[marker_at] {
            0xD0..=0xD7 => {}
            EOI => return (start_of_marker(bytes, marker_at).max(at), is_clean),
            _ if can_follow_a_scan(bytes, marker_at) => return (start_of_marker(bytes, marker_at).max(at), is_clean),
            // Damaged data that look like a marker.
            _ => is_clean = false,
        }
    }
    (bytes.len(), false)
}

/// Of the FF before the marker, and of those that pad it.
fn start_of_marker(bytes: &[u8], marker_at: usize) -> usize {
    let padding = bytes[..marker_at].iter().rev().take_while(|&&byte| byte == 0xFF).count();
    marker_at - padding
}

/// Tables, another scan, or a comment; and behind it the next marker, if it is no scan.
fn can_follow_a_scan(bytes: &[u8], marker_at: usize) -> bool {
    let Some(content) = segment(bytes, marker_at + 1) else { return false };
    let next = bytes.get(marker_at + 3 + content.len());
    match bytes[marker_at] {
        SOS => matches!(content, [n @ 1..=4, ..] if content.len() == 4 + 2 * usize::from(*n)),
        DNL | DRI => content.len() == 2 && next == Some(&0xFF),
        DHT | 0xDB | 0xE0..=0xEF | 0xFE => next == Some(&0xFF),
        _ => false,
    }
}
