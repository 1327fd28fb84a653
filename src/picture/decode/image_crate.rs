//! Formats that the `image` crate decodes.

use std::error::Error as StdError;
use std::io;

use image::error::ImageError;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder};

use super::{cut_off, damaged, unsupported};
use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::picture::allowance::Allowance;
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::orientation;

/// Reads the picture of `decoder`, which has read only the header so far, and whose memory the caller has checked. `has_alpha`: whether
/// samples of alpha are meant.
pub fn read(
    format: PictureFormat,
    mut decoder: impl ImageDecoder,
    allowance: &Allowance,
    has_alpha: bool,
) -> Result<Picture> {
    let explain = |error| explain(format, error);
    let (width, height) = decoder.dimensions();
    allowance.check_size(width, height)?;
    if width == 0 || height == 0 {
        return Err(damaged(format, format!("its size is {width} × {height} pixels")));
    }
    // Damaged EXIF data do not prevent decoding.
    let orientation = match decoder.exif_metadata() {
        Ok(Some(exif)) => orientation::from_exif(&exif),
        _ => decoder.orientation().unwrap_or(Orientation::NoTransforms),
    };
    let colours = decoder.color_type();
    let channels = match colours {
        ColorType::Rgb8 => 3,
        ColorType::Rgba8 => 4,
        _ => return Err(unsupported(format, "with colours of a rare kind that are not read here")),
    };
    let mut samples = vec![0; channels * width as usize * height as usize];
    decoder.read_image(&mut samples).map_err(explain)?;
    let pixels = match colours {
        ColorType::Rgba8 if has_alpha => colour::compact(samples, colour::rgba_on_white),
        ColorType::Rgba8 => colour::compact(samples, |[red, green, blue, _]: [u8; 4]| [red, green, blue]),
        _ => samples,
    };
    Ok(Picture::from_rgb(width, height, pixels).upright(orientation))
}

pub fn explain(format: PictureFormat, error: ImageError) -> Error {
    let explained = match &error {
        _ if is_cut_off(&error) => cut_off(format),
        ImageError::Unsupported(_) => unsupported(format, "of a rare kind that is not read here"),
        _ => damaged(format, &error),
    };
    explained.with_source(error)
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
