//! Bytes → [`Picture`]: RGB8, upright, alpha on white. Never panics, and never allocates for pixels that the limits forbid.
//!
//! | format | read here |
//! |---|---|
//! | JPEG | baseline, progressive, lossless; grey, YCbCr, RGB, CMYK, YCCK; restart intervals |
//! | PNG | all colour types and depths, interlaced; an animated one gives its default image |
//! | GIF, WebP | the first frame on its canvas |
//! | BMP, TIFF, ICO | what the `image` crate reads; of an ICO the largest picture, BMP or PNG |
//! | AVIF, HEIC, SVG | [`ErrorKind::PictureFormatUnsupported`], once the promised size is within the limits |
//!
//! *16 bit*: the high byte is kept, as Pillow and libpng's `strip_16` do. *Alpha*: `(c·a + 255·(255 − a)) / 255`, rounded. *ICC
//! profiles*: ignored; what tags a picture was trained on pictures read the same way. *CMYK*: as Pillow, `(255 − c)(255 − k) / 255`.

use image::metadata::Orientation;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::format::{self, Format};

mod by_image;
mod colour;
mod ico;
mod jpeg;
mod orient;
mod webp;

/// 2^28 pixels in RGBA fill a quarter of what a 32-bit machine, such as a browser's engine, can address. No limit goes beyond.
const ADDRESSABLE_PIXELS: u64 = 1 << 28;

/// What a file may ask for. Checked against its header, before memory is taken for its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of the file.
    pub max_file_bytes: u64,
    /// Pixels along either side.
    pub max_side: u32,
    /// Pixels in all; above 268 million as if it were that.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_file_bytes: 64 << 20, max_side: 16_384, max_pixels: 100_000_000 }
    }
}

impl Limits {
    /// # Errors
    /// [`ErrorKind::PictureFileTooLarge`].
    pub fn check_file(&self, bytes: u64) -> Result<()> {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        if bytes <= self.max_file_bytes {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::PictureFileTooLarge,
            format!(
                "The file is {:.1} MiB; the limit is {:.1} MiB. Save the picture smaller, or raise the limit.",
                mib(bytes),
                mib(self.max_file_bytes)
            ),
        ))
    }

    /// `width`, `height`: pixels, in either orientation.
    /// # Errors
    /// [`ErrorKind::PictureSideTooLong`], [`ErrorKind::PictureTooManyPixels`].
    pub fn check_size(&self, width: u32, height: u32) -> Result<()> {
        if width.max(height) > self.max_side {
            return Err(Error::new(
                ErrorKind::PictureSideTooLong,
                format!(
                    "The picture is {width} × {height} pixels; the limit is {} pixels a side. Scale it down, or raise the limit.",
                    self.max_side
                ),
            ));
        }
        let pixels = u64::from(width) * u64::from(height);
        let max_pixels = self.max_pixels.min(ADDRESSABLE_PIXELS);
        if pixels > max_pixels {
            let millions = |pixels: u64| pixels as f64 / 1e6;
            return Err(Error::new(
                ErrorKind::PictureTooManyPixels,
                format!(
                    "The picture is {width} × {height} pixels, {:.1} million; the limit is {:.1} million. Scale it down, or raise \
                     the limit.",
                    millions(pixels),
                    millions(max_pixels)
                ),
            ));
        }
        Ok(())
    }
}

/// A picture as the rest of the pipeline sees it: upright, opaque, sRGB by assumption.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    width: u32,
    height: u32,
    full_width: u32,
    full_height: u32,
    extent: Extent,
    pixels: Vec<u8>,
}

/// Where the original lies among the pixels held, in their units. All of them, unless a JPEG was decoded at a reduced scale: then
/// the last column and row may reach over its edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Picture {
    /// `pixels`: `3 * width * height` bytes, RGB, row by row from the top; both sides at least 1.
    ///
    /// # Panics
    /// If the length does not fit the sides, which is an error of the caller and not of the data.
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Self {
        assert!(width > 0 && height > 0, "a picture has pixels");
        assert_eq!(pixels.len() as u64, 3 * u64::from(width) * u64::from(height), "three bytes a pixel");
        let extent = Extent { left: 0.0, top: 0.0, width: width.into(), height: height.into() };
        Self { width, height, full_width: width, full_height: height, extent, pixels }
    }

    /// `rgba`: `4 * width * height` bytes, alpha not premultiplied, as in a browser's `ImageData`; laid on white.
    ///
    /// # Errors
    /// [`ErrorKind::PictureDamaged`] if the length does not fit the sides, or a side is 0; the limits' errors.
    pub fn from_rgba(width: u32, height: u32, rgba: &[u8], limits: &Limits) -> Result<Self> {
        limits.check_size(width, height)?;
        if width == 0 || height == 0 || rgba.len() as u64 != 4 * u64::from(width) * u64::from(height) {
            return Err(Error::new(
                ErrorKind::PictureDamaged,
                format!("{} bytes are not the RGBA pixels of a {width} × {height} picture.", rgba.len()),
            ));
        }
        Ok(Self::from_rgb(width, height, colour::on_white::<4>(rgba)))
    }

    /// Pixels of [`Self::pixels`] a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows of [`Self::pixels`].
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Width of the upright original; more than [`Self::width`] if it was decoded at a reduced scale.
    pub fn full_width(&self) -> u32 {
        self.full_width
    }

    /// Height of the upright original; more than [`Self::height`] if it was decoded at a reduced scale.
    pub fn full_height(&self) -> u32 {
        self.full_height
    }

    /// `3 * width * height` bytes, RGB, row by row from the top.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Where the original lies among [`Self::pixels`].
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// The picture turned as an EXIF orientation says.
    fn upright(self, orientation: Orientation) -> Self {
        orient::upright(self, orientation)
    }
}

/// Decodes a file that was read into memory.
///
/// `shorter_side`: the least pixels along the shorter side that the caller needs, or `None` for all there are. With a hint, a JPEG is
/// decoded at 1/2 or 1/4 where [`REDUCED_MARGIN`] allows it; time and memory fall by half and more.
///
/// # Errors
/// Every `Picture…` kind; the detail is one sentence for people with the sizes in question and what to do.
pub fn decode(bytes: &[u8], limits: &Limits, shorter_side: Option<u32>) -> Result<(Format, Picture)> {
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::PictureEmpty, "The file is empty. Copy or download it again."));
    }
    limits.check_file(bytes.len() as u64)?;
    let format = Format::sniff(bytes).ok_or_else(|| {
        Error::new(
            ErrorKind::PictureFormatUnknown,
            "The content of the file is no picture format known here. Use JPEG, PNG, WebP, GIF, BMP, TIFF or ICO.",
        )
    })?;
    let picture = match format {
        Format::Jpeg => jpeg::decode(bytes, limits, shorter_side)?,
        Format::Ico => ico::decode(bytes, limits)?,
        Format::WebP => webp::decode(bytes, limits)?,
        Format::Png | Format::Gif | Format::Bmp | Format::Tiff => by_image::decode(format, bytes, limits)?,
        Format::Avif | Format::Heic | Format::Svg => {
            if let Some((width, height)) = format::promised_size(bytes) {
                limits.check_size(width, height)?;
            }
            return Err(unsupported(format, "which only some browsers can show"));
        }
    };
    Ok((format, picture))
}

pub use jpeg::REDUCED_MARGIN;

/// "This is a TIFF picture in CMYK with 12 bits. Save it as JPEG, PNG or WebP."
fn unsupported(format: Format, what: &str) -> Error {
    Error::new(
        ErrorKind::PictureFormatUnsupported,
        format!("This is a picture in the format {}, {what}. Save it as JPEG, PNG or WebP.", format.label()),
    )
    .with_subject(format.label())
}

fn cut_off(format: Format) -> Error {
    Error::new(
        ErrorKind::PictureDamaged,
        format!("The {} file is cut off: it ends before its picture does. Copy or download it again.", format.label()),
    )
}

fn damaged(format: Format, reason: impl std::fmt::Display) -> Error {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_size_and_the_limit() {
        let limits = Limits::default();
        let side = limits.check_size(30_000, 2).unwrap_err();
        assert_eq!(side.kind(), ErrorKind::PictureSideTooLong);
        assert!(side.detail().contains("30000 × 2") && side.detail().contains("16384"), "{side}");
        let area = limits.check_size(16_000, 16_000).unwrap_err();
        assert_eq!(area.kind(), ErrorKind::PictureTooManyPixels);
        assert!(area.detail().contains("256.0 million") && area.detail().contains("100.0 million"), "{area}");
        let file = limits.check_file(70 << 20).unwrap_err();
        assert_eq!(file.kind(), ErrorKind::PictureFileTooLarge);
        assert!(file.detail().contains("70.0 MiB") && file.detail().contains("64.0 MiB"), "{file}");
        assert!(limits.check_size(10_000, 10_000).is_ok() && limits.check_file(64 << 20).is_ok());
    }

    #[test]
    fn lays_the_browsers_pixels_on_white() {
        let picture = Picture::from_rgba(2, 1, &[0, 0, 0, 0, 10, 20, 30, 255], &Limits::default()).unwrap();
        assert_eq!(picture.pixels(), [255, 255, 255, 10, 20, 30]);
        let short = Picture::from_rgba(2, 2, &[0; 15], &Limits::default()).unwrap_err();
        assert_eq!(short.kind(), ErrorKind::PictureDamaged);
    }

    #[test]
    fn limits_refuse_unknown_fields() {
        let limits: Limits = serde_json::from_str(r#"{"max_file_bytes":1,"max_side":2,"max_pixels":3}"#).unwrap();
        assert_eq!(limits, Limits { max_file_bytes: 1, max_side: 2, max_pixels: 3 });
        assert!(serde_json::from_str::<Limits>(r#"{"max_file_bytes":1,"max_side":2,"max_pixels":3,"x":4}"#).is_err());
    }
}
