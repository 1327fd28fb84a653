//! Limits on files and pictures, checked before memory is allocated.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// The highest possible limit: in RGBA, 2^28 pixels take a quarter of the 32-bit address space of WebAssembly.
const ADDRESSABLE_PIXELS: u64 = 1 << 28;

/// Where no limit is set: sides and pixels of a picture that is decoded in full. Of a JPEG, fewer may be in memory than it has.
const MAX_SIDE: u32 = 16_384;
const MAX_PIXELS: u64 = 100_000_000;
/// Where no limit is set: bytes in memory while a picture is decoded, its file included. With a network and the program itself beside it,
/// a process stays below 700 MB.
const MAX_BYTES: u64 = 512 << 20;
const MAX_MS: u64 = 60_000;

/// The largest file and picture that are decoded. Checked against the file's header, before memory is allocated for pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Maximum size of the file in bytes.
    pub max_file_bytes: u64,
    /// Maximum pixels along either side. `None`: 65,500 for JPEG, 16,384 for others.
    #[serde(default)]
    pub max_side: Option<u32>,
    /// Maximum number of pixels, capped at 2^28 (268 million). `None`: 256 million for a JPEG that is decoded at a reduced scale, 100 million
    /// for others.
    #[serde(default)]
    pub max_pixels: Option<u64>,
    /// Maximum bytes in memory while a picture is decoded: its file, what a decoder needs, the pixels, a turned copy.
    #[serde(default = "max_bytes")]
    pub max_bytes: u64,
    /// Maximum milliseconds for decoding a picture.
    #[serde(default = "max_ms")]
    pub max_ms: u64,
}

fn max_bytes() -> u64 {
    MAX_BYTES
}

fn max_ms() -> u64 {
    MAX_MS
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Limits {
    pub const DEFAULT: Self =
        Self { max_file_bytes: 128 << 20, max_side: None, max_pixels: None, max_bytes: MAX_BYTES, max_ms: MAX_MS };

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

    /// Most pixels in memory.
    pub fn pixels(&self) -> u64 {
        self.max_pixels.unwrap_or(MAX_PIXELS)
    }

    /// `width`, `height`: pixels, in either orientation.
    /// # Errors
    /// [`ErrorKind::PictureSideTooLong`], [`ErrorKind::PictureTooManyPixels`].
    pub fn check_size(&self, width: u32, height: u32) -> Result<()> {
        let max_side = self.max_side.unwrap_or(MAX_SIDE);
        if width.max(height) > max_side {
            return Err(Error::new(
                ErrorKind::PictureSideTooLong,
                format!(
                    "The picture is {width} × {height} pixels; the limit is {max_side} pixels per side. Scale it down, or raise the limit."
                ),
            ));
        }
        let pixels = u64::from(width) * u64::from(height);
        let max_pixels = self.pixels().min(ADDRESSABLE_PIXELS);
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

    /// `needed`: bytes in memory at once, for a picture of `width` × `height` pixels of a format with the name `format`.
    /// # Errors
    /// [`ErrorKind::PictureTooMuchMemory`].
    pub fn check_bytes(&self, needed: u64, (width, height): (u32, u32), format: &str) -> Result<()> {
        if needed <= self.max_bytes {
            return Ok(());
        }
        let mb = |bytes: u64| bytes.div_ceil(1_000_000);
        Err(Error::new(
            ErrorKind::PictureTooMuchMemory,
            format!(
                "Decoding this {format} picture of {width} × {height} pixels takes {} MB of memory; the limit is {} MB. Scale it down, \
                 save it as JPEG, or raise the limit.",
                mb(needed),
                mb(self.max_bytes)
            ),
        ))
    }
}
