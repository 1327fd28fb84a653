//! Samples of 8 bits -> RGB over white.

use super::lab::Lab;
use super::ycbcr::YCbCr;
use super::{damaged, refuse, tag};
use crate::error::Result;
use crate::picture::colour::{over_white, scale};
use crate::picture::directory::Directory;

/// What the samples of a pixel mean.
pub struct Colours {
    pub space: Space,
    pub alpha: Option<Alpha>,
}

pub enum Space {
    Grey { is_inverted: bool },
    Rgb,
    Palette(Vec<[u8; 3]>),
    Cmyk,
    YCbCr(Box<YCbCr>),
    Lab(Box<Lab>),
}

/// The sample of a pixel that says how opaque it is.
#[derive(Debug, Clone, Copy)]
pub struct Alpha {
    /// Its place among the samples.
    pub sample: usize,
    /// Whether the colours are multiplied by it.
    pub is_premultiplied: bool,
}

impl Colours {
    /// `per_pixel`: samples of a pixel. `is_fax`: compressed as one.
    pub fn read(directory: &Directory<'_>, per_pixel: usize, is_fax: bool) -> Result<Self> {
        let photometric = directory.number(tag::PHOTOMETRIC).unwrap_or(match per_pixel {
            1 if is_fax => 0,
            1 | 2 => 1,
            _ => 2,
        });
        let space = match photometric {
            0 | 1 => Space::Grey { is_inverted: photometric == 0 },
            2 => Space::Rgb,
            3 => Space::Palette(palette(directory)?),
            4 => return Err(refuse("of which only a mask is there")),
            5 if !matches!(directory.number(tag::INK_SET), None | Some(1)) => {
                return Err(refuse("in other inks than cyan, magenta, yellow and black"));
            }
            5 => Space::Cmyk,
            6 => Space::YCbCr(Box::new(YCbCr::read(directory))),
            8 | 9 => Space::Lab(Box::new(Lab::new(photometric == 9))),
            10 => return Err(refuse("in the colours of faxes (ITU Lab)")),
            32_803 => return Err(refuse("with the raw data of a camera's sensor")),
            32_844 | 32_845 => return Err(refuse("in LogLuv colours")),
            34_892 => return Err(refuse("with a camera's raw data (linear DNG)")),
            51_177 => return Err(refuse("of depths instead of colours")),
            other => return Err(refuse(&format!("in colours that are not known here (number {other})"))),
        };
        let n = space.n_samples();
        if per_pixel < n {
            return Err(damaged(&format!("its pixels have {per_pixel} samples instead of {n}")));
        }
        // Four samples of RGB without a word about the last have always been taken for RGBA.
        let unsaid = if matches!(space, Space::Rgb) && per_pixel == 4 { vec![2] } else { Vec::new() };
        let extra = directory.values(tag::EXTRA_SAMPLES).unwrap_or(unsaid);
        let alpha = extra
            .iter()
            .take(per_pixel - n)
            .position(|kind| matches!(kind, 1 | 2))
            .map(|idx| Alpha { sample: n + idx, is_premultiplied: extra[idx] == 1 });
        Ok(Self { space, alpha })
    }

    /// The samples of a pixel that [`Self::paint`] takes, by their place in the file.
    pub fn used_samples(&self) -> Vec<usize> {
        (0..self.space.n_samples()).chain(self.alpha.map(|alpha| alpha.sample)).collect()
    }

    /// `samples`: those of [`Self::used_samples`] for each pixel. `out`: RGB.
    pub fn paint(&self, samples: &[u8], out: &mut [u8]) {
        if let (Space::Rgb, None) = (&self.space, self.alpha) {
            return out.copy_from_slice(samples);
        }
        let n = self.space.n_samples();
        let pixels = samples.chunks_exact(n + usize::from(self.alpha.is_some()));
        for (pixel, out) in pixels.zip(out.as_chunks_mut::<3>().0) {
            let rgb = self.space.rgb(pixel);
            *out = match self.alpha {
                None => rgb,
                // Inks that are multiplied by it leave the paper white by themselves.
                Some(alpha) if alpha.is_premultiplied && matches!(self.space, Space::Cmyk) => rgb,
                Some(alpha) if alpha.is_premultiplied => rgb.map(|colour| colour.saturating_add(255 - pixel[n])),
                Some(_) => rgb.map(|colour| over_white(colour, pixel[n])),
            };
        }
    }
}

impl Space {
    fn n_samples(&self) -> usize {
        match self {
            Space::Grey { .. } | Space::Palette(_) => 1,
            Space::Rgb | Space::YCbCr(_) | Space::Lab(_) => 3,
            Space::Cmyk => 4,
        }
    }

    fn rgb(&self, pixel: &[u8]) -> [u8; 3] {
        match self {
            Space::Grey { is_inverted: true } => [255 - pixel[0]; 3],
            Space::Grey { is_inverted: false } => [pixel[0]; 3],
            Space::Rgb => [pixel[0], pixel[1], pixel[2]],
            // Indexes beyond the last colour are black, as in libtiff.
            Space::Palette(colours) => colours.get(usize::from(pixel[0])).copied().unwrap_or_default(),
            Space::Cmyk => [pixel[0], pixel[1], pixel[2]].map(|ink| scale(255 - ink, 255 - pixel[3])),
            Space::YCbCr(ycbcr) => ycbcr.rgb([pixel[0], pixel[1], pixel[2]]),
            Space::Lab(lab) => lab.rgb([pixel[0], pixel[1], pixel[2]]),
        }
    }
}

/// All reds, then all greens, then all blues, in 16 bits; some writers used only 8 of them.
fn palette(directory: &Directory<'_>) -> Result<Vec<[u8; 3]>> {
    let map = directory.values(tag::COLOUR_MAP).unwrap_or_default();
    let n = map.len() / 3;
    if n == 0 {
        return Err(damaged("it has no palette"));
    }
    let shift = if map.iter().all(|&value| value < 256) { 0 } else { 8 };
    Ok((0..n).map(|idx| [map[idx], map[n + idx], map[2 * n + idx]].map(|value| (value >> shift) as u8)).collect())
}
