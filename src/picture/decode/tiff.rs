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
use crate::picture::Picture;
use crate::picture::allowance::Allowance;
use crate::picture::directory::{Directory, File};
use crate::picture::format::PictureFormat;
use crate::picture::orientation::Canvas;
use reader::Reader;

mod colour;
mod compression;
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

/// Bits of NewSubfileType: the directory has a smaller version of another picture, or a mask.
const REDUCED: u64 = 1;
const MASK: u64 = 4;

pub fn decode(bytes: &[u8], allowance: &Allowance) -> Result<Picture> {
    let directory = full_picture(File::new(bytes).ok_or_else(cut_off)?)?;
    let orientation = directory.number(tag::ORIENTATION).and_then(|value| u8::try_from(value).ok());
    let orientation = orientation.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms);
    let mut reader = Reader::new(&directory, allowance)?;
    let (width, height) = (reader.layout.width, reader.layout.height);
    let mut canvas = Canvas::new(width, height, orientation);
    let (mut came, seen) = reader.read(&mut canvas)?;
    if let Some(samples) = reader.samples.better(&seen)? {
        reader.samples = samples;
        (came, _) = reader.read(&mut canvas)?;
    }
    reader.check_rows(came)?;
    as_far_as_it_came(PictureFormat::Tiff, canvas, 0..height, came)
}

/// The directory of the first picture in full size; camera files keep it below that of a small one. If there are only reduced versions, the
/// largest.
fn full_picture(file: File<'_>) -> Result<Directory<'_>> {
    let mut directories = file.directories();
    let idx = directories.iter().position(is_full).or_else(|| {
        let area =
            |directory: &Directory<'_>| directory.number(tag::WIDTH)?.checked_mul(directory.number(tag::HEIGHT)?);
        // The first of equal ones.
        (0..directories.len()).rev().max_by_key(|&idx| area(&directories[idx]))
    });
    let directory = idx.map(|idx| directories.swap_remove(idx)).ok_or_else(cut_off)?;
    if directory.is_whole { Ok(directory) } else { Err(cut_off()) }
}

/// Whether a directory holds a picture of its own: no smaller version of another one, and no mask.
fn is_full(directory: &Directory<'_>) -> bool {
    let kind = directory.number(tag::NEW_SUBFILE_TYPE).unwrap_or(0);
    // The older tag: 2 is a smaller version.
    let is_reduced = kind & REDUCED != 0 || directory.number(tag::SUBFILE_TYPE) == Some(2);
    let is_mask = kind & MASK != 0 || directory.number(tag::PHOTOMETRIC) == Some(4);
    directory.number(tag::WIDTH).is_some() && !is_reduced && !is_mask
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
