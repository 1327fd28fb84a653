//! JPEG, at full or reduced scale.

use image::metadata::Orientation;
use jpeg_decoder::{ColorTransform, Decoder, Error as JpegError, PixelFormat};

use super::{cut_off, damaged, unsupported};
use crate::error::{Error, ErrorKind, Result};
use crate::picture::allowance::Allowance;
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::{Extent, Limits, Picture};
use file::{Frame, JpegFile};

mod file;
mod huffman;
mod mend;
mod scan;

/// A JPEG is decoded at 1/2 or 1/4 if its shorter side is then at least this many times the requested one. Never at 1/8, where the decoder
/// rounds down, which darkens the picture by about half a step.
///
/// Measured on 26 photographs large enough for a shorter side of 256, 128 or 64 pixels (bicubic, centre crop), against decoding at full
/// scale: mean difference 0.2 to 0.7 of 255, 99.9 % of samples within 9. With a margin of 1 to 2 it is up to 3.9 and 31; from 3 on at most
/// 0.4 and 7, but then a picture of 12 megapixels is decoded at 1/2 instead of 1/4.
/// `tests/resize.rs` prints and bounds these figures.
pub const REDUCED_MARGIN: u32 = 2;

/// Maximum side: `jpeg-decoder` counts rows in 16 bits and goes up to 32 rows beyond the last.
const MAX_SIDE: u32 = 65_500;
/// Maximum pixels of a JPEG that is decoded at a reduced scale, where no limit is set: at most 64 million are in memory.
const MAX_REDUCED_PIXELS: u64 = 256_000_000;
/// Maximum work in passes over the picture: real files have about six, each scan counted for its components. Of a sequential picture each
/// component comes once, or twice where a writer began anew.
const MAX_PASSES: f64 = 12.0;
const MAX_SEQUENTIAL_PASSES: f64 = 2.0;
/// Pictures with less work than this may have more passes. A scan takes some microseconds in any case.
const LITTLE_WORK: f64 = 16e6;
const MAX_SCANS: usize = 1000;
/// Bytes for each sample while a lossless picture is decoded.
const LOSSLESS_BYTES: f64 = 10.0;

pub fn decode(bytes: &[u8], allowance: &Allowance, shorter_side: Option<u32>) -> Result<Picture> {
    let file = JpegFile::read(bytes)?;
    let eighths = eighths(&file.frame, shorter_side);
    check(&file, eighths, allowance)?;
    let decode = |bytes: &[u8], precision| decode_sound(bytes, &file, precision, eighths, allowance);

    let is_shifted = file.lossless_shift() > 0;
    // Of what cannot be followed bit by bit nobody knows how much there is.
    if file.frame.is_lossless() && !file.is_sound {
        return Err(cut_off(PictureFormat::Jpeg));
    }
    let mut refused = None;
    if file.frame.is_arithmetic() || file.is_sound && !is_shifted {
        match decode(file.bytes, file.frame.precision) {
            Err(error) if error.kind() == ErrorKind::PictureDamaged && file.frame.is_followed() => {
                refused = Some(error)
            }
            decoded => return decoded,
        }
    }
    let mended = mend::mend(&file).map_err(|error| refused.unwrap_or(error))?;
    let mut picture = decode(&mended.bytes, mended.precision)?;
    picture.is_incomplete = mended.is_incomplete;
    Ok(picture)
}

/// Whether all of the picture is in the file: another decoder would fill the rest with grey, and not say so. Its size is within the limits.
pub fn is_whole(bytes: &[u8]) -> bool {
    JpegFile::read(bytes).is_ok_and(|file| {
        if file.frame.is_followed() {
            mend::mend(&file).is_ok_and(|mended| !mended.is_incomplete)
        } else {
            file.is_sound
        }
    })
}

/// `bytes`: `file` as it is or mended. `precision`: bits per sample that come out.
fn decode_sound(bytes: &[u8], file: &JpegFile, precision: u8, eighths: u32, allowance: &Allowance) -> Result<Picture> {
    let mut decoder = Decoder::new(allowance.reader(bytes).for_threads());
    decoder.read_info().map_err(explain)?;
    let info = decoder.info().ok_or_else(|| damaged(PictureFormat::Jpeg, "it has no frame"))?;
    let full = (u32::from(info.width), u32::from(info.height));
    if full != (file.frame.width.into(), file.frame.height.into()) {
        return Err(damaged(PictureFormat::Jpeg, "it states two sizes"));
    }
    decoder.set_color_transform(colour_transform(file));
    decoder.set_max_decoding_buffer_size(usize::try_from(allowance.limits.max_bytes).unwrap_or(usize::MAX));
    // The decoder rounds up, and chooses the scale with exactly these sizes.
    let reduced = |side: u32| (side * eighths).div_ceil(8);
    let (width, height) = (reduced(full.0), reduced(full.1));
    if eighths < 8 {
        decoder.scale(width as u16, height as u16).map_err(explain)?;
    }

    let samples = decoder.decode().map_err(explain)?;
    let pixels = rgb(samples, info.pixel_format, precision, width as usize * height as usize)
        .ok_or_else(|| damaged(PictureFormat::Jpeg, "it has fewer pixels than its header states"))?;
    let exact = |side: u32| f64::from(side * eighths) / 8.0;
    let picture = Picture {
        full_width: full.0,
        full_height: full.1,
        extent: Extent { left: 0.0, top: 0.0, width: exact(full.0), height: exact(full.1) },
        ..Picture::from_rgb(width, height, pixels)
    };
    Ok(picture.upright(file.orientation))
}

/// The smallest scale, in eighths, that [`REDUCED_MARGIN`] allows.
fn eighths(frame: &Frame, shorter_side: Option<u32>) -> u32 {
    let Some(wanted) = shorter_side.filter(|_| !frame.is_lossless()) else { return 8 };
    let shorter = u32::from(frame.width.min(frame.height));
    let least = wanted.saturating_mul(REDUCED_MARGIN).max(1);
    [2, 4].into_iter().find(|eighths| shorter * eighths / 8 >= least).unwrap_or(8)
}

/// Whether a JPEG of any kind, decoded at any scale, may have this size.
///
/// # Errors
/// Those of [`Limits::check_size`].
pub fn check_most(width: u32, height: u32, limits: &Limits) -> Result<()> {
    let max_side = limits.max_side.unwrap_or(MAX_SIDE).min(MAX_SIDE);
    let max_pixels = limits.max_pixels.unwrap_or(MAX_REDUCED_PIXELS);
    Limits { max_side: Some(max_side), max_pixels: Some(max_pixels), ..*limits }.check_size(width, height)
}

fn check(file: &JpegFile, eighths: u32, allowance: &Allowance) -> Result<()> {
    let frame = &file.frame;
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    check_most(width, height, &allowance.limits)?;
    if eighths == 8 {
        let max_side = allowance.limits.max_side.unwrap_or(MAX_SIDE);
        Limits { max_side: Some(max_side), ..allowance.limits }.check_size(width, height)?;
    }
    allowance.expect(memory(file, eighths), (width, height))?;

    check_scans(file)
}

/// Checks the time that the scans take: each visits all blocks of its components, even without data.
fn check_scans(file: &JpegFile) -> Result<()> {
    let frame = &file.frame;
    let (n_passes, n_scans) = (file.n_passes(), file.n_scans());
    let work = n_passes * f64::from(frame.width) * f64::from(frame.height);
    let most = if frame.is_progressive() { MAX_PASSES } else { MAX_SEQUENTIAL_PASSES };
    if n_scans > MAX_SCANS || work > LITTLE_WORK && n_passes > most {
        return Err(damaged(PictureFormat::Jpeg, format!("{n_scans} scans would take too long to decode")));
    }
    Ok(())
}

/// Whether a JPEG inside another file has data for its blocks, and no more scans than a picture needs.
pub fn is_affordable(jpeg: &[u8]) -> bool {
    JpegFile::read(jpeg).is_ok_and(|file| !file.is_starved() && check_scans(&file).is_ok())
}

/// Bytes that decoding takes, by the decoder's source: coefficients of a progressive picture in 16 bits, planes of the components, the
/// picture, and then a copy that is turned or has more colours. What is mended is a second file.
fn memory(file: &JpegFile, eighths: u32) -> u64 {
    let frame = &file.frame;
    let n_pixels = f64::from(frame.width) * f64::from(frame.height);
    let n_samples = n_pixels * frame.coefficients_per_pixel();
    let reduced = f64::from(eighths * eighths) / 64.0;
    let picture = n_pixels * reduced * frame.components.len() as f64;
    let coefficients = if frame.is_progressive() { 2.0 * n_samples } else { 0.0 };
    let decoding =
        if frame.is_lossless() { LOSSLESS_BYTES * n_samples } else { coefficients + n_samples * reduced + picture };
    let copies = if file.orientation == Orientation::NoTransforms { 1.0 } else { 2.0 };
    let copying = picture + 3.0 * n_pixels * reduced * copies;
    let mended = if file.is_sound { 0.0 } else { file.bytes.len() as f64 };
    (decoding.max(copying) + mended) as u64
}

/// The colour space, determined as in libjpeg, and so in Pillow and browsers.
fn colour_transform(file: &JpegFile) -> ColorTransform {
    let ids: Vec<u8> = file.frame.components.iter().map(|component| component.id).collect();
    match (&ids[..], file.adobe) {
        (&[_], _) => ColorTransform::Grayscale,
        (&[_, _, _, _], Some(2)) => ColorTransform::YCCK,
        (&[_, _, _, _], _) => ColorTransform::CMYK,
        (_, _) if file.is_jfif => ColorTransform::YCbCr,
        (_, Some(0)) | (b"RGB", None) => ColorTransform::RGB,
        _ => ColorTransform::YCbCr,
    }
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
        colour::compact(samples, |sample: [u8; 2]| [shift(u16::from_ne_bytes(sample)) as u8])
    };
    (samples.len() == n_pixels * n_components).then(|| match n_components {
        1 => {
            let mut rgb = vec![0; 3 * n_pixels];
            colour::convert(&samples, &mut rgb, colour::grey);
            rgb
        }
        3 => samples,
        _ => colour::compact(samples, colour::cmyk),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_sufficient_scale_is_chosen() {
        let wanted = 100;
        let least = wanted * REDUCED_MARGIN;
        let eighths = |side: u32, wanted| {
            eighths(&Frame { width: u16::MAX, height: side as u16, ..Frame::default() }, Some(wanted))
        };
        assert_eq!(eighths(100 * least, wanted), 2);
        assert_eq!(eighths(4 * least, wanted), 2);
        assert_eq!(eighths(4 * least - 1, wanted), 4);
        assert_eq!(eighths(2 * least - 1, wanted), 8);
        assert_eq!(eighths(1, u32::MAX), 8);
    }
}
