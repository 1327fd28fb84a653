//! Formats that the `image` crate decodes.

use std::error::Error as StdError;
use std::io;

use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder};

use super::{cut_off, damaged, unsupported};
use crate::error::{Error, ErrorKind, Result};
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::orientation;
use crate::picture::{Limits, Picture};

/// Memory for a decoder besides the pixels: tables, profiles, text.
const MEMORY_BESIDES_PIXELS: u64 = 64 << 20;
/// Bytes per pixel of RGBA with 16 bits per sample.
const MAX_PIXEL_BYTES: u64 = 8;

/// Reads the picture of `decoder`, which has read only the header so far.
pub fn read(format: PictureFormat, mut decoder: impl ImageDecoder, limits: &Limits) -> Result<Picture> {
    let explain = |error| explain(format, error);
    let (width, height) = decoder.dimensions();
    limits.check_size(width, height)?;
    if width == 0 || height == 0 {
        return Err(damaged(format, format!("its size is {width} × {height} pixels")));
    }
    decoder.set_limits(to_image(limits)).map_err(explain)?;
    // Damaged EXIF data do not prevent decoding.
    let orientation = match decoder.exif_metadata() {
        Ok(Some(exif)) => orientation::from_exif(&exif),
        _ => decoder.orientation().unwrap_or(Orientation::NoTransforms),
    };
    let colours = decoder.color_type();
    let len = usize::try_from(decoder.total_bytes()).map_err(|_| too_much_memory(format))?;
    let mut samples = vec![0; len];
    decoder.read_image(&mut samples).map_err(explain)?;
    let pixels = rgb(samples, colours)
        .ok_or_else(|| unsupported(format, "with colours of a rare kind that are not read here"))?;
    Ok(Picture::from_rgb(width, height, pixels).upright(orientation))
}

fn to_image(limits: &Limits) -> image::Limits {
    let mut theirs = image::Limits::no_limits();
    theirs.max_alloc = Some(max_memory(limits));
    theirs
}

/// Bytes that a decoder may need.
pub fn max_memory(limits: &Limits) -> u64 {
    limits.pixels().saturating_mul(MAX_PIXEL_BYTES).saturating_add(MEMORY_BESIDES_PIXELS)
}

fn rgb(samples: Vec<u8>, colours: ColorType) -> Option<Vec<u8>> {
    Some(match colours {
        ColorType::L8 => colour::grey(&samples),
        ColorType::La8 => colour::on_white::<2>(&samples),
        ColorType::Rgb8 => samples,
        ColorType::Rgba8 => colour::on_white::<4>(&samples),
        ColorType::L16 => colour::grey(&colour::high_bytes(&samples)),
        ColorType::La16 => colour::on_white::<2>(&colour::high_bytes(&samples)),
        ColorType::Rgb16 => colour::high_bytes(&samples),
        ColorType::Rgba16 => colour::on_white::<4>(&colour::high_bytes(&samples)),
        _ => return None,
    })
}

pub fn explain(format: PictureFormat, error: ImageError) -> Error {
    let explained = match &error {
        _ if is_cut_off(&error) => cut_off(format),
        ImageError::Unsupported(_) => unsupported(format, "of a rare kind that is not read here"),
        ImageError::Limits(limit) if matches!(limit.kind(), LimitErrorKind::InsufficientMemory) => {
            too_much_memory(format)
        }
        _ => damaged(format, &error),
    };
    explained.with_source(error)
}

pub fn too_much_memory(format: PictureFormat) -> Error {
    Error::new(
        ErrorKind::PictureTooManyPixels,
        format!(
            "The {} file needs more memory than the limits allow. Scale the picture down, or raise the limit.",
            format.label()
        ),
    )
}

fn is_cut_off(error: &ImageError) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<io::Error>().or(match error.downcast_ref() {
            Some(ImageError::IoError(io)) => Some(io),
            _ => None,
        });
        if io.is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = error.source();
    }
    false
}
