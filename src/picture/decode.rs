//! Bytes → [`Picture`]: RGB8, upright, alpha over white. Never panics, and never allocates memory for pixels beyond the limits.
//!
//! | format | supported |
//! |---|---|
//! | JPEG | baseline, progressive, lossless; grey, YCbCr, RGB, CMYK, YCCK; restart intervals. Without end or tables, with lost markers, or cut off: what came, as libjpeg shows it |
//! | PNG | all colour types and depths, interlaced; an animated one gives its default image; wrong checksums and a lost end do not matter |
//! | GIF | the first frame on its canvas, which grows where the frame does not fit |
//! | WebP | the first frame on its canvas |
//! | BMP | 1 to 32 bits, masks, alpha, RLE; headers of Windows and OS/2, wrong planes and palettes; without a file header |
//! | ICO, CUR | the largest picture, by its own header |
//! | TIFF | grey, palette, RGB, CMYK, YCbCr, Lab; 1 to 64 bits, floats; every common compression: see `decode/tiff.rs` |
//! | CR2, CR3, NEF, ARW, DNG, RAF, ORF, RW2, PEF, SRW and other raw photographs | the largest JPEG inside, of 500 pixels or more; else an error |
//! | AVIF, HEIC, JPEG XL, JPEG 2000, SVG, PSD, XCF | [`ErrorKind::PictureFormatUnsupported`], after the size in the header was checked against the limits |
//!
//! *Cut off*: a JPEG, PNG or GIF of which at least half of the rows came, or the first five passes of an interlaced PNG, is read and
//! [incomplete](Picture::is_incomplete).
//!
//! *16 bit*: keeps the high byte, as Pillow and libpng's `strip_16` do. *Alpha*: `(c·a + 255·(255 − a)) / 255`, rounded. *ICC profiles*:
//! ignored, as in the training of the networks. *CMYK*: `(255 − c)(255 − k) / 255`, as in Pillow.

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::picture::allowance::Allowance;
use crate::picture::format::PictureFormat;
use crate::picture::orientation::Canvas;
use crate::picture::promised::promised_size;
use crate::picture::{Limits, Picture};

mod bmp;
mod gif;
mod ico;
mod image_crate;
mod jpeg;
mod png;
mod raw;
mod tiff;
mod webp;

/// Decodes the bytes of a file.
///
/// `shorter_side`: the pixels that the caller needs along the shorter side, or `None` for full size. A JPEG is then decoded at 1/2 or 1/4 if
/// [`REDUCED_MARGIN`] allows it, in less than half the time and memory.
///
/// # Errors
/// Every `Picture…` kind; the detail has the sizes in question and what to do.
pub fn decode(bytes: &[u8], limits: &Limits, shorter_side: Option<u32>) -> Result<(PictureFormat, Picture)> {
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::PictureEmpty, "The file is empty. Copy or download it again."));
    }
    limits.check_file(bytes.len() as u64)?;
    let format = PictureFormat::sniff(bytes).ok_or_else(|| {
        Error::new(
            ErrorKind::PictureFormatUnknown,
            "The file is not a picture in a known format. Use JPEG, PNG, WebP, GIF, BMP, TIFF or ICO.",
        )
    })?;
    // Before anything else is said of it: who refuses a file may hand it to another decoder.
    if let Some((width, height)) = promised_size(bytes) {
        check_promise(format, width, height, limits)?;
    }
    let allowance = Allowance::begin(format, bytes.len(), limits);
    let picture = allowance.judge(decode_as(format, bytes, &allowance, shorter_side))?;
    Ok((format, picture))
}

fn decode_as(format: PictureFormat, bytes: &[u8], allowance: &Allowance, shorter_side: Option<u32>) -> Result<Picture> {
    match format {
        PictureFormat::Jpeg => jpeg::decode(bytes, allowance, shorter_side),
        PictureFormat::Png => png::decode(bytes, allowance),
        PictureFormat::Gif => gif::decode(bytes, allowance),
        PictureFormat::WebP => webp::decode(bytes, allowance),
        PictureFormat::Bmp => bmp::decode(bytes, allowance),
        PictureFormat::Tiff => tiff::decode(bytes, allowance),
        PictureFormat::Ico => ico::decode(bytes, allowance),
        raw if raw.is_raw() => raw::decode(raw, bytes, allowance, shorter_side),
        _ => Err(not_read(format)),
    }
}

/// Of a JPEG more pixels may be decoded at a reduced scale, so its own limits are higher.
fn check_promise(format: PictureFormat, width: u32, height: u32, limits: &Limits) -> Result<()> {
    if format == PictureFormat::Jpeg {
        jpeg::check_most(width, height, limits)
    } else {
        limits.check_size(width, height)
    }
}

pub use jpeg::{REDUCED_MARGIN, is_whole as is_whole_jpeg};

/// What to do with a picture in a format that is only known by name.
fn not_read(format: PictureFormat) -> Error {
    let way_out = match format {
        PictureFormat::Heic => {
            "Export it as JPEG from the phone or a photo program; iPhones take JPEG if the camera's format is \"Most Compatible\""
        }
        PictureFormat::Svg => "Export it as PNG from the program that drew it",
        PictureFormat::Psd => "Export it as JPEG or PNG from Photoshop or another program that opens it",
        PictureFormat::Xcf => "Export it as JPEG or PNG from GIMP",
        _ => "Open it in a picture editor such as GIMP, and save it as JPEG or PNG",
    };
    let detail = format!("This is a picture in the format {}, which is not read here. {way_out}.", format.label());
    Error::new(ErrorKind::PictureFormatUnsupported, detail).with_subject(format.label())
}

/// "This is a TIFF picture in CMYK with 12 bits. Save it as JPEG, PNG or WebP."
fn unsupported(format: PictureFormat, what: &str) -> Error {
    Error::new(
        ErrorKind::PictureFormatUnsupported,
        format!("This is a picture in the format {}, {what}. Save it as JPEG, PNG or WebP.", format.label()),
    )
    .with_subject(format.label())
}

fn cut_off(format: PictureFormat) -> Error {
    Error::new(
        ErrorKind::PictureDamaged,
        format!("The {} file is cut off: it ends before its picture does. Copy or download it again.", format.label()),
    )
}

fn damaged(format: PictureFormat, reason: impl std::fmt::Display) -> Error {
    let reason = reason.to_string();
    Error::new(
        ErrorKind::PictureDamaged,
        format!(
            "The {} file is damaged ({}). Copy or download it again.",
            format.label(),
            reason.trim_end_matches('.')
        ),
    )
}

/// A picture of whose `rows`, as stored, the file had the first `came`. The rest is filled with the last of them, which adds nothing that the
/// picture does not show.
///
/// # Errors
/// [`ErrorKind::PictureDamaged`] if fewer than half of the rows came.
fn as_far_as_it_came(format: PictureFormat, mut canvas: Canvas, rows: Range<u32>, came: u32) -> Result<Picture> {
    let n_rows = rows.end - rows.start;
    if came >= n_rows {
        return Ok(canvas.finish());
    }
    if came < n_rows.div_ceil(2) {
        return Err(cut_off(format));
    }
    let first_missing = rows.start + came;
    (first_missing..rows.end).for_each(|y| canvas.repeat_row(first_missing - 1, y));
    Ok(Picture { is_incomplete: true, ..canvas.finish() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_size_and_the_limit() {
        let limits = Limits::default();
        let side = limits.check_size(30_000, 2).unwrap_err();
        assert_eq!(side.kind(), ErrorKind::PictureSideTooLong);
        assert!(side.detail().contains("30000 × 2") && side.detail().contains("16384"), "{side}");
        let area = limits.check_size(16_000, 16_000).unwrap_err();
        assert_eq!(area.kind(), ErrorKind::PictureTooManyPixels);
        assert!(area.detail().contains("256.0 million") && area.detail().contains("100.0 million"), "{area}");
        let file = limits.check_file(140 << 20).unwrap_err();
        assert_eq!(file.kind(), ErrorKind::PictureFileTooLarge);
        assert!(file.detail().contains("140.0 MiB") && file.detail().contains("128.0 MiB"), "{file}");
        assert!(limits.check_size(10_000, 10_000).is_ok() && limits.check_file(128 << 20).is_ok());
    }

    #[test]
    fn a_browsers_pixels_are_composited_over_white() {
        let picture = Picture::from_rgba(2, 1, &[0, 0, 0, 0, 10, 20, 30, 255], &Limits::default()).unwrap();
        assert_eq!(picture.pixels(), [255, 255, 255, 10, 20, 30]);
        let short = Picture::from_rgba(2, 2, &[0; 15], &Limits::default()).unwrap_err();
        assert_eq!(short.kind(), ErrorKind::PictureDamaged);
    }

    #[test]
    fn limits_refuse_unknown_fields() {
        let limits: Limits = serde_json::from_str(r#"{"max_file_bytes":1,"max_side":2,"max_pixels":3}"#).unwrap();
        let wanted = Limits { max_file_bytes: 1, max_side: Some(2), max_pixels: Some(3), ..Limits::default() };
        assert_eq!(limits, wanted);
        assert!(serde_json::from_str::<Limits>(r#"{"max_file_bytes":1,"max_side":2,"max_pixels":3,"x":4}"#).is_err());
    }
}
