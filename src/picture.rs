//! Bytes of a file → upright [`Picture`] → tensor for a network.

pub(crate) mod allowance;
mod blank;
mod browser;
mod colour;
pub(crate) mod decode;
mod directory;
pub(crate) mod format;
mod jpeg_marker;
mod limits;
mod orientation;
mod png_chunk;
mod promised;
pub(crate) mod resize;
mod shrink;
pub(crate) mod taken;
mod webp_chunk;

use image::metadata::Orientation;

use crate::error::{Error, ErrorKind, Result};

pub use browser::{ForBrowser, for_browser};
pub use decode::{REDUCED_MARGIN, decode};
pub use format::PictureFormat;
pub use limits::Limits;
pub use promised::{memory_estimate, promised_size};
pub use resize::{fit, resize, thumbnail};
pub use shrink::{Shrunk, decode_shrunk, shrink};

/// Decoded pixels: RGB8, upright, transparency over white, assumed to be sRGB.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    width: u32,
    height: u32,
    full_width: u32,
    full_height: u32,
    extent: Extent,
    pixels: Vec<u8>,
    is_incomplete: bool,
}

/// The region of the original in the decoded pixels, in their units. It is all of them, unless a JPEG was decoded at a reduced scale: then
/// the last column and row may extend beyond the original.
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
    /// If the length does not fit the sides, which is a bug of the caller.
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Self {
        assert!(width > 0 && height > 0, "a picture has pixels");
        assert_eq!(pixels.len() as u64, 3 * u64::from(width) * u64::from(height), "three bytes a pixel");
        let extent = Extent { left: 0.0, top: 0.0, width: width.into(), height: height.into() };
        Self { width, height, full_width: width, full_height: height, extent, pixels, is_incomplete: false }
    }

    /// `rgba`: `4 * width * height` bytes, alpha not premultiplied, as in a browser's `ImageData`. Composited over white.
    ///
    /// # Errors
    /// [`ErrorKind::PictureDamaged`] if the length does not fit the sides, or a side is 0; those of [`Limits::check_size`].
    pub fn from_rgba(width: u32, height: u32, rgba: &[u8], limits: &Limits) -> Result<Self> {
        limits.check_size(width, height)?;
        if width == 0 || height == 0 || rgba.len() as u64 != 4 * u64::from(width) * u64::from(height) {
            return Err(Error::new(
                ErrorKind::PictureDamaged,
                format!(
                    "{} bytes are not the RGBA pixels of a {width} × {height} picture. Save the picture again.",
                    rgba.len()
                ),
            ));
        }
        let mut pixels = vec![0; rgba.len() / 4 * 3];
        colour::convert(rgba, &mut pixels, colour::rgba_on_white);
        Ok(Self::from_rgb(width, height, pixels))
    }

    /// Pixels per row of [`Self::pixels`].
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

    /// The region of the original in [`Self::pixels`].
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// Whether decoding the file for this least shorter side would give no more pixels.
    pub fn is_enough_for(&self, shorter_side: u32) -> bool {
        let is_whole = (self.width, self.height) == (self.full_width, self.full_height);
        let shorter = self.extent.width.min(self.extent.height).floor();
        is_whole || shorter >= f64::from(shorter_side.saturating_mul(REDUCED_MARGIN))
    }

    /// Whether the file ended, or was damaged, before the last row: what is below is made up.
    pub fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// Whether nothing varies in it but noise and a few specks, as in a blank page or a black photograph.
    pub fn is_blank(&self) -> bool {
        blank::is_blank(self)
    }

    /// The picture rotated and mirrored by an EXIF orientation.
    fn upright(self, orientation: Orientation) -> Self {
        orientation::upright(self, orientation)
    }
}
