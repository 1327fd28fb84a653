//! TIFF: the first picture of a file in full size, as Pillow and ImageMagick read it.
//!
//! | what | read |
//! |---|---|
//! | files | classic and BigTIFF, both byte orders and fill orders, strips and tiles, planes |
//! | compressions | none, PackBits, LZW (also the old one), Deflate, Zstandard, fax (run lengths, Group 3 and 4), JPEG (also the old one) |
//! | colours | grey, palette, RGB, CMYK, YCbCr, CIE and ICC Lab; alpha straight or premultiplied; other extra samples are dropped |
//! | samples | whole numbers of any depth, signed ones, floats; predictors |
//!
//! Everything else is refused by its name.

use image::metadata::Orientation;

use super::{as_far_as_it_came, unsupported};
use crate::error::{Error, Result};
use crate::picture::format::PictureFormat;
use crate::picture::{Limits, Picture};
use directory::File;
use reader::Reader;

mod colour;
mod compression;
mod directory;
mod fax;
mod jpeg_segment;
mod lab;
mod layout;
mod old_jpeg;
mod predictor;
mod reader;
mod rows;
mod samples;
mod tag;
mod ycbcr;

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let directory = File::new(bytes)?.picture()?;
    let mut reader = Reader::new(&directory, limits)?;
    let (mut pixels, mut came, seen) = reader.read()?;
    if let Some(samples) = reader.samples.better(&seen)? {
        reader.samples = samples;
        (pixels, came, _) = reader.read()?;
    }
    let (width, height) = (reader.layout.width, reader.layout.height);
    reader.check_rows(came)?;
    let picture = as_far_as_it_came(PictureFormat::Tiff, Picture::from_rgb(width, height, pixels), came)?;
    let orientation = directory.number(tag::ORIENTATION).and_then(|value| u8::try_from(value).ok());
    Ok(picture.upright(orientation.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms)))
}

/// "This is a picture in the format TIFF, `what`."
fn refuse(what: &str) -> Error {
    unsupported(PictureFormat::Tiff, what)
}

fn damaged(reason: &str) -> Error {
    super::damaged(PictureFormat::Tiff, reason)
}

fn cut_off() -> Error {
    super::cut_off(PictureFormat::Tiff)
}
