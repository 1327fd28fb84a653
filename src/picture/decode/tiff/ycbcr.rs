//! YCbCr without JPEG: the colours of TIFF 6.0, and pixels that share their chroma.

use super::{damaged, tag};
use crate::error::Result;
use crate::picture::directory::Directory;

/// Bits behind the point of the tables.
const POINT: u32 = 16;
/// The greatest number in the tables, so that sums of three fit.
const MOST: f64 = (1 << 28) as f64;

/// What each value of luma and chroma adds to red, green and blue.
pub struct YCbCr {
    luma: [i32; 256],
    red_of_cr: [i32; 256],
    green_of_cr: [i32; 256],
    green_of_cb: [i32; 256],
    blue_of_cb: [i32; 256],
}

impl YCbCr {
    pub fn read(directory: &Directory<'_>) -> Self {
        let weights = directory.fractions(tag::YCBCR_COEFFICIENTS).unwrap_or_default();
        let (red, green, blue) = match weights[..] {
            [red, green, blue] if red > 0.0 && green > 0.0 && blue > 0.0 => (red, green, blue),
            _ => (0.299, 0.587, 0.114),
        };
        let mut range = directory.fractions(tag::REFERENCE_BLACK_WHITE).unwrap_or_default();
        let is_range = range.len() == 6 && range.chunks(2).all(|pair| pair[1] > pair[0]);
        if !is_range {
            range = vec![0.0, 255.0, 128.0, 255.0, 128.0, 255.0];
        }
        let table = |channel: usize, span: f64, weight: f64| {
            let (black, white) = (range[2 * channel], range[2 * channel + 1]);
            std::array::from_fn(|value| {
                let amount = (value as f64 - black) * span / (white - black) * weight;
                (amount * f64::from(1 << POINT)).clamp(-MOST, MOST) as i32
            })
        };
        let (red_weight, blue_weight) = (2.0 - 2.0 * red, 2.0 - 2.0 * blue);
        Self {
            luma: table(0, 255.0, 1.0),
            red_of_cr: table(2, 127.0, red_weight),
            green_of_cr: table(2, 127.0, -red * red_weight / green),
            green_of_cb: table(1, 127.0, -blue * blue_weight / green),
            blue_of_cb: table(1, 127.0, blue_weight),
        }
    }

    pub fn rgb(&self, [y, cb, cr]: [u8; 3]) -> [u8; 3] {
        let [y, cb, cr] = [y, cb, cr].map(usize::from);
        let sums = [self.red_of_cr[cr], self.green_of_cr[cr] + self.green_of_cb[cb], self.blue_of_cb[cb]];
        sums.map(|chroma| ((self.luma[y] + chroma + (1 << (POINT - 1))) >> POINT).clamp(0, 255) as u8)
    }
}

/// Blocks of pixels that share their chroma: all their luma samples, then Cb and Cr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocks {
    pub across: usize,
    pub down: usize,
}

impl Blocks {
    pub fn read(directory: &Directory<'_>) -> Result<Self> {
        match directory.values(tag::YCBCR_SUBSAMPLING).as_deref() {
            None => Ok(Self { across: 2, down: 2 }),
            Some(&[across @ (1 | 2 | 4), down @ (1 | 2 | 4)]) => {
                Ok(Self { across: across as usize, down: down as usize })
            }
            Some(_) => Err(damaged("its chroma is subsampled in no known way")),
        }
    }

    pub fn is_one_pixel(self) -> bool {
        self.across * self.down == 1
    }

    /// Bytes of a row of blocks.
    pub fn row_len(self, width: u32) -> u64 {
        u64::from(width).div_ceil(self.across as u64) * self.len() as u64
    }

    fn len(self) -> usize {
        self.across * self.down + 2
    }

    /// Writes luma and chroma of each pixel of line `y` of a row of blocks.
    pub fn unfold(self, row: &[u8], y: usize, out: &mut [u8]) {
        for (x, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            let block = &row[x / self.across * self.len()..][..self.len()];
            let luma = block[y * self.across + x % self.across];
            *pixel = [luma, block[self.len() - 2], block[self.len() - 1]];
        }
    }
}
