//! BMP: a file header, then a device-independent bitmap (DIB), which also stands alone and inside icons.
//!
//! Writers differ in what they leave out or count wrongly, so a DIB is read leniently and handed to the decoder in its plainest form.

use image::codecs::bmp::BmpDecoder;

use super::{cut_off, damaged, image_crate, unsupported};
use crate::error::Result;
use crate::picture::Picture;
use crate::picture::allowance::Allowance;
use crate::picture::format::PictureFormat;

const FILE_HEADER: usize = 14;
/// The header of OS/2 1, whose fields have 16 bits and whose colours have three bytes.
const CORE_HEADER: usize = 12;
const INFO_HEADER: usize = 40;
/// The header of OS/2 2, of which files may have any part from 16 bytes on.
const OS2_HEADER: usize = 64;
/// The header of Windows 98 and later.
const MAX_HEADER: usize = 124;
/// An info header with masks of four channels.
const MASKS_HEADER: usize = 56;

const BITFIELDS: u32 = 3;
/// As [`BITFIELDS`], with the mask of alpha right behind the others.
const ALPHA_BITFIELDS: u32 = 6;

pub fn decode(bytes: &[u8], allowance: &Allowance) -> Result<Picture> {
    let Some(behind_mark) = bytes.strip_prefix(b"BM") else {
        return Dib::read(PictureFormat::Bmp, bytes)?.decode(allowance);
    };
    let cut = || cut_off(PictureFormat::Bmp);
    let offset = u32::from_le_bytes(*behind_mark.get(8..).and_then(<[u8]>::first_chunk).ok_or_else(cut)?) as usize;
    let mut dib = Dib::read(PictureFormat::Bmp, bytes.get(FILE_HEADER..).ok_or_else(cut)?)?;
    if offset >= FILE_HEADER + CORE_HEADER {
        dib.pixels = bytes.get(offset..).ok_or_else(cut)?;
    }
    dib.decode(allowance)
}

/// A bitmap without a file header.
pub struct Dib<'a> {
    format: PictureFormat,
    pub width: i32,
    /// Negative if the first row is the top one.
    pub height: i32,
    pub bits: u16,
    compression: u32,
    /// Red, green, blue, alpha.
    masks: [u32; 4],
    /// Blue, green, red, unused; one for every index that the pixels can have.
    palette: Vec<[u8; 4]>,
    /// Everything behind the palette.
    pub pixels: &'a [u8],
}

impl<'a> Dib<'a> {
    /// `format`: that of the file, for errors.
    pub fn read(format: PictureFormat, dib: &'a [u8]) -> Result<Self> {
        let cut = || cut_off(format);
        let size = u32::from_le_bytes(*dib.first_chunk().ok_or_else(cut)?) as usize;
        if !(CORE_HEADER..=MAX_HEADER).contains(&size) {
            return Err(damaged(format, format!("its header has {size} bytes")));
        }
        let header = dib.get(..size).ok_or_else(cut)?;
        // What a short header leaves out is 0.
        let short = |at: usize| header.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
        let long = |at: usize| u32::from(short(at)) | u32::from(short(at + 2)) << 16;
        let is_core = size == CORE_HEADER;
        let (width, height, bits) = if is_core {
            (i32::from(short(4)), i32::from(short(6).cast_signed()), short(10))
        } else {
            (long(4).cast_signed(), long(8).cast_signed(), short(14))
        };
        let (compression, n_colours) = if is_core { (0, 0) } else { (long(16), long(32) as usize) };
        if matches!(compression, 4 | 5) && size != OS2_HEADER {
            return Err(unsupported(format, "with a JPEG or PNG inside, as printers get it"));
        }
        if !matches!(bits, 1 | 2 | 4 | 8 | 16 | 24 | 32) {
            return Err(damaged(format, format!("its pixels have {bits} bits")));
        }
        // In OS/2 these two mean other methods than in Windows.
        if matches!((size, compression), (OS2_HEADER, 3 | 4)) {
            return Err(unsupported(format, "compressed in a way that only OS/2 knew"));
        }

        let mut after = size;
        let mut masks = [0; 4];
        if matches!(compression, BITFIELDS | ALPHA_BITFIELDS) {
            let n_masks = if compression == ALPHA_BITFIELDS || size >= MASKS_HEADER { 4 } else { 3 };
            for (mask, at) in masks.iter_mut().zip((INFO_HEADER..).step_by(4)).take(n_masks) {
                let bytes = dib.get(at..at + 4).ok_or_else(cut)?;
                *mask = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            }
            after = after.max(INFO_HEADER + 4 * n_masks);
        }
        let entry = if is_core { 3 } else { 4 };
        // Pictures without indices may have a palette too, as a proposal to old displays.
        let n_colours = if n_colours == 0 && bits <= 8 { 1 << bits } else { n_colours };
        let end = n_colours.saturating_mul(entry).saturating_add(after).min(dib.len());
        let colours = dib.get(after..end).unwrap_or_default().chunks_exact(entry);
        let mut palette: Vec<_> = colours.take(256).map(|colour| [colour[0], colour[1], colour[2], 0]).collect();
        palette.resize(if bits <= 8 { 1 << bits } else { 0 }, [0; 4]);
        let pixels = dib.get(end..).unwrap_or_default();
        Ok(Self { format, width, height, bits, compression, masks, palette, pixels })
    }

    /// Bytes of a row of uncompressed pixels.
    pub fn row_len(&self) -> usize {
        (u64::from(self.width.unsigned_abs()) * u64::from(self.bits)).div_ceil(32) as usize * 4
    }

    pub fn is_compressed(&self) -> bool {
        !matches!(self.compression, 0 | BITFIELDS | ALPHA_BITFIELDS)
    }

    /// The pixels have alpha as icons do: in the byte that is unused elsewhere.
    pub fn with_alpha(mut self) -> Self {
        if self.bits == 32 && self.compression == 0 {
            self.compression = BITFIELDS;
            self.masks = [0x00FF_0000, 0x0000_FF00, 0x0000_00FF, 0xFF00_0000];
        }
        self
    }

    /// Whether some pixel is not fully transparent. Where none is, the writer left alpha out, and means a picture without it.
    pub fn has_alpha(&self) -> bool {
        let (mask, bytes) = (self.masks[3], usize::from(self.bits / 8));
        let row = self.width.unsigned_abs() as usize * bytes;
        mask != 0
            && bytes > 0
            && self.pixels.chunks(self.row_len().max(1)).any(|padded| {
                let pixels = padded[..row.min(padded.len())].chunks_exact(bytes);
                pixels
                    .map(|pixel| pixel.iter().rev().fold(0, |sum, &byte| sum << 8 | u32::from(byte)))
                    .any(|pixel| pixel & mask != 0)
            })
    }

    /// The picture; transparent pixels are composited over white.
    pub fn decode(mut self, allowance: &Allowance) -> Result<Picture> {
        allowance.check_size(self.width.unsigned_abs(), self.height.unsigned_abs())?;
        if !self.has_alpha() {
            self.masks[3] = 0;
        }
        let format = self.format;
        let size = (self.width.unsigned_abs(), self.height.unsigned_abs());
        // As much again as the file, which is written anew.
        allowance.expect(4 * u64::from(size.0) * u64::from(size.1) + self.pixels.len() as u64, size)?;
        let file = self.file();
        let decoder = BmpDecoder::new(allowance.reader(&file)).map_err(|error| image_crate::explain(format, error))?;
        image_crate::read(format, decoder, allowance, true)
    }

    /// A BMP file with one plane, a header that every decoder knows, and a palette no longer than allowed.
    fn file(&self) -> Vec<u8> {
        let has_masks = matches!(self.compression, BITFIELDS | ALPHA_BITFIELDS);
        let (size, compression) = if has_masks { (MASKS_HEADER, BITFIELDS) } else { (INFO_HEADER, self.compression) };
        let n_colours = self.palette.len();
        let offset = FILE_HEADER + size + 4 * n_colours;
        let mut file = Vec::with_capacity(offset + self.pixels.len());
        let longs =
            |file: &mut Vec<u8>, values: &[u32]| file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        file.extend(b"BM");
        longs(&mut file, &[0, 0, offset as u32, size as u32, self.width.cast_unsigned(), self.height.cast_unsigned()]);
        file.extend([1, 0]);
        file.extend(self.bits.to_le_bytes());
        longs(&mut file, &[compression, 0, 0, 0, n_colours as u32, 0]);
        if has_masks {
            longs(&mut file, &self.masks);
        }
        self.palette.iter().for_each(|colour| file.extend(colour));
        file.extend(self.pixels);
        file
    }
}
