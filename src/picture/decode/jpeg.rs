//! JPEG, at full or reduced scale.

use image::metadata::Orientation;
use jpeg_decoder::{CodingProcess, ColorTransform, Decoder, Error as JpegError, ImageInfo, PixelFormat};

use super::{cut_off, damaged, unsupported};
use crate::error::{Error, Result};
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::orientation;
use crate::picture::{Extent, Limits, Picture};

/// A JPEG is decoded at 1/2 or 1/4 if its shorter side is then at least this many times the requested one. Never at 1/8, where the decoder
/// rounds down, which darkens the picture by about half a step.
///
/// Measured on 26 photographs large enough for a shorter side of 256, 128 or 64 pixels (bicubic, centre crop), against decoding at full
/// scale: mean difference 0.2 to 0.7 of 255, 99.9 % of samples within 9. With a margin of 1 to 2 it is up to 3.9 and 31; from 3 on at most
/// 0.4 and 7, but then a picture of 12 megapixels is decoded at 1/2 instead of 1/4.
/// `tests/resize.rs` prints and bounds these figures.
pub const REDUCED_MARGIN: u32 = 2;

/// Maximum side: `jpeg-decoder` counts rows in 16 bits and goes up to 16 rows beyond the last.
const MAX_SIDE: u32 = 65_000;
/// Maximum work, in passes over the largest allowed picture: each scan visits all blocks, even without data. Real files have about ten
/// scans.
const MAX_PASSES: u64 = 100;
/// Memory for lossless decoding: about 10 bytes per sample.
const LOSSLESS_PIXELS_DIVISOR: u64 = 4;

pub fn decode(bytes: &[u8], limits: &Limits, shorter_side: Option<u32>) -> Result<Picture> {
    let header = Header::read(bytes)?;
    let mut decoder = Decoder::new(header.file);
    decoder.read_info().map_err(explain)?;
    let info = decoder.info().ok_or_else(|| damaged(PictureFormat::Jpeg, "it has no frame"))?;
    let full = (u32::from(info.width), u32::from(info.height));
    check(info, &header, limits)?;

    decoder.set_color_transform(header.colour_transform());
    decoder.set_max_decoding_buffer_size(usize::try_from(limits.max_pixels.saturating_mul(4)).unwrap_or(usize::MAX));
    let eighths = match shorter_side {
        Some(wanted) if info.coding_process != CodingProcess::Lossless => eighths(full.0.min(full.1), wanted),
        _ => 8,
    };
    // The decoder rounds up, and chooses the scale with exactly these sizes.
    let reduced = |side: u32| (side * eighths).div_ceil(8);
    let (width, height) = (reduced(full.0), reduced(full.1));
    if eighths < 8 {
        decoder.scale(width as u16, height as u16).map_err(explain)?;
    }

    let samples = decoder.decode().map_err(explain)?;
    let pixels = rgb(samples, info.pixel_format, header.precision, width as usize * height as usize)
        .ok_or_else(|| damaged(PictureFormat::Jpeg, "it has fewer pixels than its header states"))?;
    let exact = |side: u32| f64::from(side * eighths) / 8.0;
    let picture = Picture {
        full_width: full.0,
        full_height: full.1,
        extent: Extent { left: 0.0, top: 0.0, width: exact(full.0), height: exact(full.1) },
        ..Picture::from_rgb(width, height, pixels)
    };
    Ok(picture.upright(header.orientation))
}

/// The smallest scale, in eighths, that [`REDUCED_MARGIN`] allows.
fn eighths(shorter: u32, wanted: u32) -> u32 {
    let least = wanted.saturating_mul(REDUCED_MARGIN).max(1);
    [2, 4].into_iter().find(|eighths| shorter * eighths / 8 >= least).unwrap_or(8)
}

fn check(info: ImageInfo, header: &Header, limits: &Limits) -> Result<()> {
    let (width, height) = (info.width.into(), info.height.into());
    let lossless = info.coding_process == CodingProcess::Lossless;
    let max_pixels = if lossless { limits.max_pixels / LOSSLESS_PIXELS_DIVISOR } else { limits.max_pixels };
    Limits { max_side: limits.max_side.min(MAX_SIDE), max_pixels, ..*limits }.check_size(width, height)?;

    let work = (u64::from(width) * u64::from(height)).saturating_mul(header.n_scans);
    if work > limits.max_pixels.saturating_mul(MAX_PASSES) {
        return Err(damaged(PictureFormat::Jpeg, format!("{} scans would take too long to decode", header.n_scans)));
    }
    Ok(())
}

/// `None` if the number of `samples` does not fit `n_pixels` pixels.
fn rgb(samples: Vec<u8>, format: PixelFormat, precision: u8, n_pixels: usize) -> Option<Vec<u8>> {
    let n_components = match format {
        PixelFormat::L8 | PixelFormat::L16 => 1,
        PixelFormat::RGB24 => 3,
        PixelFormat::CMYK32 => 4,
    };
    // Lossless pictures with a precision other than 8 have 16 bits per sample, regardless of `format`.
    let samples = if precision == 8 {
        samples
    } else {
        let shift = |sample: u16| if precision > 8 { sample >> (precision - 8) } else { sample << (8 - precision) };
        samples.as_chunks::<2>().0.iter().map(|&sample| shift(u16::from_ne_bytes(sample)) as u8).collect()
    };
    (samples.len() == n_pixels * n_components).then(|| match n_components {
        1 => colour::grey(&samples),
        3 => samples,
        _ => colour::cmyk(&samples),
    })
}

fn explain(error: JpegError) -> Error {
    match &error {
        JpegError::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => cut_off(PictureFormat::Jpeg),
        JpegError::Unsupported(feature) => {
            unsupported(PictureFormat::Jpeg, &format!("of an unsupported kind ({feature:?})"))
        }
        _ => damaged(PictureFormat::Jpeg, &error),
    }
    .with_source(error)
}

/// Facts that the decoder does not expose, read from the file's markers.
struct Header<'a> {
    /// The first picture of the file, from its start to its end marker; phones append videos and depth maps.
    file: &'a [u8],
    /// At least the number of scans that the decoder will find.
    n_scans: u64,
    precision: u8,
    /// Identifiers of the frame's components.
    components: Vec<u8>,
    is_jfif: bool,
    /// The colour transform in an Adobe segment.
    adobe: Option<u8>,
    orientation: Orientation,
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut header = Header {
            file: bytes,
            n_scans: 0,
            precision: 8,
            components: Vec::new(),
            is_jfif: false,
            adobe: None,
            orientation: Orientation::NoTransforms,
        };
        let mut at = 2;
        loop {
            // A marker is FF followed by a byte other than 00 (an escaped FF in the data) and FF (padding).
            at += bytes[at..].iter().position(|&byte| byte == 0xFF).ok_or_else(|| cut_off(PictureFormat::Jpeg))?;
            at += bytes[at..].iter().position(|&byte| byte != 0xFF).ok_or_else(|| cut_off(PictureFormat::Jpeg))?;
            let marker = bytes[at];
            at += 1;
            match marker {
                0xD9 => break,
                0x00 | 0x01 | 0xD0..=0xD8 => continue,
                _ => {}
            }
            let Some(&[high, low]) = bytes.get(at..at + 2) else { return Err(cut_off(PictureFormat::Jpeg)) };
            let len = usize::from(u16::from_be_bytes([high, low]));
            let Some(segment) = bytes.get(at + 2..at + len.max(2)) else { return Err(cut_off(PictureFormat::Jpeg)) };
            header.note(marker, segment);
            at += len.max(2);
        }
        header.file = &bytes[..at];
        header.n_scans = header.file.windows(2).filter(|pair| pair == &[0xFF, 0xDA]).count() as u64;
        Ok(header)
    }

    fn note(&mut self, marker: u8, segment: &[u8]) {
        match (marker, segment) {
            (0xE0, [b'J', b'F', b'I', b'F', 0, ..]) => self.is_jfif = true,
            (0xE1, [b'E', b'x', b'i', b'f', 0, 0, ..]) => self.orientation = orientation::from_exif(segment),
            (0xEE, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => self.adobe = Some(*transform),
            (0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF, [precision, _, _, _, _, _, components @ ..])
                if self.components.is_empty() =>
            {
                self.precision = *precision;
                self.components = components.iter().step_by(3).copied().collect();
            }
            _ => {}
        }
    }

    /// The colour space, determined as in libjpeg, and so in Pillow and browsers.
    fn colour_transform(&self) -> ColorTransform {
        match (&self.components[..], self.adobe) {
            (&[_], _) => ColorTransform::Grayscale,
            (&[_, _, _, _], Some(2)) => ColorTransform::YCCK,
            (&[_, _, _, _], _) => ColorTransform::CMYK,
            (_, _) if self.is_jfif => ColorTransform::YCbCr,
            (_, Some(0)) | (b"RGB", None) => ColorTransform::RGB,
            _ => ColorTransform::YCbCr,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_sufficient_scale_is_chosen() {
        let wanted = 100;
        let least = wanted * REDUCED_MARGIN;
        assert_eq!(eighths(100 * least, wanted), 2);
        assert_eq!(eighths(4 * least, wanted), 2);
        assert_eq!(eighths(4 * least - 1, wanted), 4);
        assert_eq!(eighths(2 * least - 1, wanted), 8);
        assert_eq!(eighths(1, u32::MAX), 8);
    }
}
