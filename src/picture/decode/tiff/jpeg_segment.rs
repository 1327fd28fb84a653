//! JPEG inside TIFF: segments that share their tables.

use jpeg_decoder::{CodingProcess, ColorTransform, Decoder, Error as JpegError, PixelFormat};

use super::{damaged, refuse};
use crate::error::Result;
use crate::picture::allowance::Allowance;
use crate::picture::decode::jpeg::is_affordable;

/// What a segment's JPEG must fit.
pub struct Expected {
    /// Pixels of a row that the picture has; tiles at its edge may end there.
    pub least_width: u32,
    /// Pixels; a JPEG may have up to [`EDGE`] more.
    pub width: u32,
    pub height: u32,
    pub samples: usize,
    /// Whether three samples are YCbCr. The file's tags say so, not the JPEG's markers.
    pub is_ycbcr: bool,
}

/// Rows of 8-bit samples.
pub struct Decoded {
    pub width: u32,
    pub height: u32,
    pub samples: Vec<u8>,
}

/// Some writers fill up the last blocks, of at most 32 × 32 pixels.
const EDGE: u32 = 32;
/// Four tables of each kind fit in a fraction of it.
const MAX_TABLES_LEN: usize = 1 << 16;

const SOI: [u8; 2] = [0xFF, 0xD8];
const EOI: [u8; 2] = [0xFF, 0xD9];

/// A segment's JPEG with the tables that it shares, which are a JPEG without a picture.
pub fn with_tables(tables: &[u8], segment: &[u8]) -> Result<Vec<u8>> {
    if tables.len() > MAX_TABLES_LEN {
        return Err(damaged("its JPEG tables are too long"));
    }
    let tables = tables.strip_prefix(&SOI).unwrap_or(tables);
    let tables = tables.strip_suffix(&EOI).unwrap_or(tables);
    let segment = segment.strip_prefix(&SOI).unwrap_or(segment);
    // Some writers leave out the end.
    let end = if segment.ends_with(&EOI) { [].as_slice() } else { &EOI };
    Ok([&SOI, tables, segment, end].concat())
}

/// `None` if nothing of it can be read.
pub fn decode(jpeg: &[u8], expected: &Expected, allowance: &Allowance) -> Result<Option<Decoded>> {
    if !is_affordable(jpeg) {
        return Ok(None);
    }
    let mut decoder = Decoder::new(allowance.reader(jpeg).for_threads());
    if let Err(error) = decoder.read_info() {
        return explain(error);
    }
    let Some(info) = decoder.info() else { return Ok(None) };
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let samples = match info.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::RGB24 => 3,
        PixelFormat::CMYK32 => 4,
        PixelFormat::L16 => return Err(refuse("with JPEG compression of 16-bit samples")),
    };
    if info.coding_process == CodingProcess::Lossless {
        return Err(refuse("with lossless JPEG compression"));
    }
    let fits = |side: u32, expected: u32| side <= expected.next_multiple_of(EDGE);
    if width < expected.least_width || !fits(width, expected.width) || !fits(height, expected.height) {
        return Err(damaged(&format!("a part of {width} × {height} pixels does not fit its place")));
    }
    if samples != expected.samples {
        return Err(damaged(&format!(
            "its JPEG data have {samples} samples per pixel instead of {}",
            expected.samples
        )));
    }
    decoder.set_color_transform(match samples {
        1 => ColorTransform::Grayscale,
        3 if expected.is_ycbcr => ColorTransform::YCbCr,
        3 => ColorTransform::RGB,
        _ if expected.is_ycbcr => return Err(refuse("with JPEG compression of YCbCr and a fourth sample")),
        _ => ColorTransform::CMYK,
    });
    match decoder.decode() {
        Ok(mut bytes) if bytes.len() == width as usize * height as usize * samples => {
            if samples == 4 {
                // The decoder inverts them, as Adobe's JPEG files have to be.
                bytes.iter_mut().for_each(|sample| *sample = 255 - *sample);
            }
            Ok(Some(Decoded { width, height, samples: bytes }))
        }
        Ok(_) => Ok(None),
        Err(error) => explain(error),
    }
}

fn explain(error: JpegError) -> Result<Option<Decoded>> {
    match error {
        JpegError::Unsupported(_) => Err(refuse("with a rare kind of JPEG compression").with_source(error)),
        _ => Ok(None),
    }
}
