//! What a file may ask for before anything is allocated.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

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
