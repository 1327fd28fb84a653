//! Samples of every depth and format -> 8 bits.
//!
//! Unsigned: the high byte, or a narrow sample stretched. Signed: from the lowest number, black, to the highest; from 0 if the picture has
//! no negative one. Floats: from 0 to 1. Whole numbers of 32 bits, signed ones and floats that go up to 255, and not further, are taken so,
//! as Pillow does. Others that cannot be meant like this are measurements, whose black and white nobody can know: they are refused.

use super::{damaged, refuse, tag};
use crate::error::Result;
use crate::picture::directory::{Directory, Order};

/// How a sample is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Format {
    /// Whole bytes, of which one is kept.
    Byte { width: usize, kept: usize },
    /// Bits from the highest on, each row beginning with a byte.
    Bits { depth: u32 },
    /// A number of whole bytes whose range is not clear beforehand.
    Number { width: usize, kind: Kind },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unsigned,
    Signed,
    Float,
}

/// How all samples of a picture are stored, and where their black and white are.
#[derive(Debug, Clone, Copy)]
pub struct Samples {
    format: Format,
    order: Order,
    depth: u32,
    /// Numbers that are black and white.
    range: (f64, f64),
    /// Palette entries are not stretched.
    is_index: bool,
}

/// What the numbers of a picture were like.
#[derive(Debug, Default)]
pub struct Seen {
    n: u64,
    n_above_one: u64,
    n_negative: u64,
    highest: f64,
}

impl Samples {
    /// `per_pixel`: samples of a pixel.
    /// `usual_depth`: if the file does not state it.
    pub fn read(directory: &Directory<'_>, per_pixel: usize, usual_depth: u64, is_index: bool) -> Result<Self> {
        let same = |tag, default| {
            let values = directory.values(tag).unwrap_or_else(|| vec![default]);
            let first = values.first().copied().unwrap_or(default);
            values.iter().take(per_pixel).all(|&value| value == first).then_some(first)
        };
        let depth =
            same(tag::BITS_PER_SAMPLE, usual_depth).ok_or_else(|| refuse("with samples of different depths"))?;
        let format = same(tag::SAMPLE_FORMAT, 1).ok_or_else(|| refuse("with samples of different formats"))?;
        let (kind, name) = match format {
            // "Undefined" has always been used for whole numbers.
            1 | 4 => (Kind::Unsigned, "whole numbers"),
            2 => (Kind::Signed, "signed numbers"),
            3 => (Kind::Float, "floats"),
            _ => return Err(refuse("with complex numbers as samples")),
        };
        let depth = u32::try_from(depth).unwrap_or(u32::MAX);
        let width = depth as usize / 8;
        let order = directory.file.order;
        let kept = if order == Order::Big { 0 } else { width.saturating_sub(1) };
        let (format, range) = match (kind, depth) {
            (Kind::Unsigned, 32) => (Format::Number { width, kind }, (0.0, f64::from(u32::MAX))),
            (Kind::Unsigned, 8 | 16 | 24 | 64) => (Format::Byte { width, kept }, (0.0, 0.0)),
            (Kind::Unsigned, 1..=31) => (Format::Bits { depth }, (0.0, 0.0)),
            (Kind::Signed, 8 | 16 | 32) => {
                let half = f64::from(1u32 << (depth - 1));
                (Format::Number { width, kind }, (-half, half - 1.0))
            }
            (Kind::Float, 16 | 32 | 64) => (Format::Number { width, kind }, (0.0, 1.0)),
            (_, 0) => return Err(damaged("its samples have no bits")),
            _ => return Err(refuse(&format!("with {name} of {depth} bits as samples"))),
        };
        if is_index && !matches!(format, Format::Byte { width: 1, .. } | Format::Bits { depth: 1..=7 }) {
            return Err(refuse(&format!("with a palette and {depth} bits per sample")));
        }
        Ok(Self { format, order, depth, range, is_index })
    }

    pub fn depth(&self) -> u32 {
        self.depth
    }

    pub fn is_float(&self) -> bool {
        matches!(self.format, Format::Number { kind: Kind::Float, .. })
    }

    /// Whether their range was not clear beforehand.
    pub fn is_number(&self) -> bool {
        matches!(self.format, Format::Number { .. })
    }

    /// The same with each sample's highest byte in front.
    pub fn big_endian(self) -> Self {
        Self { order: Order::Big, ..self }
    }

    /// Whether samples are stored as they come out of [`Self::narrow`].
    pub fn is_narrow(&self) -> bool {
        matches!(self.format, Format::Byte { width: 1, .. })
    }

    /// Bytes of `n` samples.
    pub fn len(&self, n: u64) -> u64 {
        (n * u64::from(self.depth)).div_ceil(8)
    }

    /// Writes one sample of each pixel to every `step`th byte of `out`. `row`: pixels of `per_pixel` samples, at least as many.
    pub fn narrow(&self, row: &[u8], per_pixel: usize, sample: usize, out: &mut [u8], step: usize, seen: &mut Seen) {
        let pixels = out.iter_mut().step_by(step);
        match self.format {
            Format::Byte { width, kept } => {
                let kept = row[sample * width + kept..].iter().step_by(width * per_pixel);
                pixels.zip(kept).for_each(|(out, &byte)| *out = byte);
            }
            Format::Bits { depth } => {
                let highest = (1u64 << depth) - 1;
                for (idx, out) in pixels.enumerate() {
                    let value = bits(row, (idx * per_pixel + sample) * depth as usize, depth);
                    *out = match depth {
                        _ if self.is_index => value as u8,
                        9.. => (value >> (depth - 8)) as u8,
                        _ => (value * 255 / highest) as u8,
                    };
                }
            }
            Format::Number { width, kind } => {
                let (black, white) = self.range;
                let numbers = row[sample * width..].chunks(width * per_pixel).map(|sample| &sample[..width]);
                for (out, bytes) in pixels.zip(numbers) {
                    let number = number(self.order.number(bytes), width, kind);
                    seen.note(number);
                    // NaN becomes 0.
                    *out = ((number - black) / (white - black) * 255.0).round() as u8;
                }
            }
        }
    }

    /// Another range that fits what was `seen` better, if there is one.
    ///
    /// # Errors
    /// [`ErrorKind::PictureFormatUnsupported`](crate::ErrorKind) if no range fits.
    pub fn better(&self, seen: &Seen) -> Result<Option<Self>> {
        let Format::Number { width, kind } = self.format else { return Ok(None) };
        let most = seen.n / 2;
        let (mut range, is_clear) = match kind {
            Kind::Float => (self.range, seen.n_negative <= most && (seen.n_above_one <= most || seen.highest <= 255.0)),
            // So dark that no eye would see anything.
            _ => (self.range, width < 4 || seen.n_negative > 0 || seen.highest <= 255.0 || seen.highest > 65_535.0),
        };
        if !is_clear {
            return Err(refuse("of measurements, which do not say what is black and what is white"));
        }
        if kind == Kind::Signed && seen.n_negative == 0 {
            range.0 = 0.0;
        }
        let is_up_to_255 = match kind {
            Kind::Float => seen.n_above_one > most,
            _ => width > 1 && seen.n_negative == 0 && seen.highest <= 255.0,
        };
        if is_up_to_255 {
            range = (0.0, 255.0);
        }
        Ok((range != self.range).then_some(Self { range, ..*self }))
    }
}

impl Seen {
    fn note(&mut self, number: f64) {
        self.n += 1;
        self.n_above_one += u64::from(number > 1.0);
        self.n_negative += u64::from(number < 0.0);
        self.highest = self.highest.max(number);
    }
}

/// `depth` bits of `row` from bit `at` on.
fn bits(row: &[u8], at: usize, depth: u32) -> u64 {
    let byte = |idx: usize| u64::from(row.get(at / 8 + idx).copied().unwrap_or(0));
    // At most 7 bits before and 31 of the sample.
    let word = (0..5).fold(0, |word, idx| word << 8 | byte(idx));
    word >> (40 - depth as usize - at % 8) & ((1 << depth) - 1)
}

fn number(raw: u64, width: usize, kind: Kind) -> f64 {
    match (kind, width) {
        (Kind::Unsigned, _) => raw as f64,
        (Kind::Signed, 1) => f64::from(raw as i8),
        (Kind::Signed, 2) => f64::from(raw as i16),
        (Kind::Signed, _) => f64::from(raw as i32),
        (Kind::Float, 2) => half(raw as u16),
        (Kind::Float, 4) => f64::from(f32::from_bits(raw as u32)),
        (Kind::Float, _) => f64::from_bits(raw),
    }
}

/// A float of 16 bits: sign, 5 bits of exponent, 10 of fraction.
fn half(raw: u16) -> f64 {
    let (exponent, fraction) = (i32::from(raw >> 10 & 0x1F), f64::from(raw & 0x3FF) / 1024.0);
    let size = match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction > 0.0 => f64::NAN,
        31 => f64::INFINITY,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    };
    if raw >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowed(format: Format, range: (f64, f64), row: &[u8], n: usize) -> Vec<u8> {
        let samples = Samples { format, order: Order::Big, depth: 0, range, is_index: false };
        let mut out = vec![0; n];
        samples.narrow(row, 1, 0, &mut out, 1, &mut Seen::default());
        out
    }

    #[test]
    fn narrow_samples_are_stretched_and_wide_ones_keep_their_high_bits() {
        let none = (0.0, 0.0);
        assert_eq!(narrowed(Format::Bits { depth: 1 }, none, &[0b1010_0000], 3), [255, 0, 255]);
        assert_eq!(narrowed(Format::Bits { depth: 4 }, none, &[0x0F, 0x80], 3), [0, 255, 136]);
        assert_eq!(narrowed(Format::Bits { depth: 12 }, none, &[0xAB, 0xC1, 0x23], 2), [0xAB, 0x12]);
        assert_eq!(
            narrowed(Format::Bits { depth: 31 }, none, &[0x01, 0xFF, 0, 0, 0xFF, 0xFF, 0xFF, 0xFC], 2),
            [1, 127]
        );
        assert_eq!(narrowed(Format::Byte { width: 2, kept: 0 }, none, &[7, 255, 8, 0], 2), [7, 8]);
    }

    #[test]
    fn numbers_are_scaled_from_black_to_white() {
        let signed = Format::Number { width: 1, kind: Kind::Signed };
        assert_eq!(narrowed(signed, (-128.0, 127.0), &[0x80, 0, 0x7F], 3), [0, 128, 255]);
        let half = Format::Number { width: 2, kind: Kind::Float };
        // 0, 0.5, 1, 2, NaN, -1.
        let row = [0, 0, 0x38, 0, 0x3C, 0, 0x40, 0, 0x7E, 0, 0xBC, 0];
        assert_eq!(narrowed(half, (0.0, 1.0), &row, 6), [0, 128, 255, 255, 0, 0]);
    }

    #[test]
    fn a_range_that_cannot_be_meant_is_changed_or_refused() {
        let better = |kind, width, range, numbers: &[f64]| {
            let format = Format::Number { width, kind };
            let mut seen = Seen::default();
            numbers.iter().for_each(|&number| seen.note(number));
            let samples = Samples { format, order: Order::Big, depth: 0, range, is_index: false };
            samples.better(&seen).map(|better| better.map(|samples| samples.range))
        };
        let float = |numbers: &[f64]| better(Kind::Float, 4, (0.0, 1.0), numbers);
        assert_eq!(float(&[0.0, 0.5, 4.0]).unwrap(), None, "a highlight");
        assert_eq!(float(&[0.0, 128.0, 255.0]).unwrap(), Some((0.0, 255.0)));
        assert!(float(&[0.0, 128.0, 8848.0]).is_err(), "mountains");
        assert!(float(&[-3.0, -2.0, 0.5]).is_err());
        let signed = |numbers: &[f64]| better(Kind::Signed, 2, (-32_768.0, 32_767.0), numbers);
        assert_eq!(signed(&[-1.0, 30_000.0]).unwrap(), None);
        assert_eq!(signed(&[1.0, 30_000.0]).unwrap(), Some((0.0, 32_767.0)));
        let long = |numbers: &[f64]| better(Kind::Unsigned, 4, (0.0, 4e9), numbers);
        assert_eq!(long(&[0.0, 3e9]).unwrap(), None);
        assert_eq!(long(&[0.0, 255.0]).unwrap(), Some((0.0, 255.0)));
        assert!(long(&[0.0, 5000.0]).is_err());
    }
}
