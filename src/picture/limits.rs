//! Limits on files and pictures, checked before memory is allocated.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// The highest possible limit: in RGBA, 2^28 pixels take a quarter of the 32-bit address space of WebAssembly.
const ADDRESSABLE_PIXELS: u64 = 1 << 28;

/// The largest file and picture that are decoded. Checked against the file's header, before memory is allocated for pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Maximum size of the file in bytes.
    pub max_file_bytes: u64,
    /// Maximum pixels along either side.
    pub max_side: u32,
    /// Maximum number of pixels, capped at 2^28 (268 million).
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
                "The file is {:.1} MiB; the limit is {:.1} MiB. Save it smaller, or raise the limit.",
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
                    "The picture is {width} × {height} pixels; the limit is {} pixels per side. Scale it down, or raise the limit.",
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
