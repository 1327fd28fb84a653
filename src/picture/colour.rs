//! Converts samples of every kind to RGB8.

/// `x * y / 255`, rounded, without a division, as in Pillow.
pub fn scale(x: u8, y: u8) -> u8 {
    let product = u32::from(x) * u32::from(y) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

/// A colour with straight alpha over white, rounded.
pub fn over_white(colour: u8, alpha: u8) -> u8 {
    let sum = u32::from(colour) * u32::from(alpha) + 255 * u32::from(255 - alpha) + 128;
    ((sum + (sum >> 8)) >> 8) as u8
}

/// Composites grey with alpha (`N` = 2) or RGBA (`N` = 4) over white.
pub fn on_white<const N: usize>(samples: &[u8]) -> Vec<u8> {
    let pixels = samples.as_chunks::<N>().0;
    let mut rgb = Vec::with_capacity(3 * pixels.len());
    for pixel in pixels {
        let alpha = pixel[N - 1];
        let over = |colour: u8| over_white(colour, alpha);
        // Grey repeats its one sample.
        rgb.extend([over(pixel[0]), over(pixel[(N - 1) / 2]), over(pixel[(N - 1).saturating_sub(1)])]);
    }
    rgb
}

pub fn grey(samples: &[u8]) -> Vec<u8> {
    samples.iter().flat_map(|&sample| [sample; 3]).collect()
}

/// CMYK with 255 = full ink, as `jpeg-decoder` returns it.
pub fn cmyk(samples: &[u8]) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<4>();
    pixels.iter().flat_map(|&[c, m, y, k]| [c, m, y].map(|ink| scale(255 - ink, 255 - k))).collect()
}

/// The high bytes of 16-bit samples in the machine's byte order.
pub fn high_bytes(samples: &[u8]) -> Vec<u8> {
    samples.as_chunks::<2>().0.iter().map(|&sample| (u16::from_ne_bytes(sample) >> 8) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_as_division_with_rounding() {
        for x in 0..=255u8 {
            for y in 0..=255u8 {
                let exact = (f64::from(x) * f64::from(y) / 255.0).round() as u8;
                assert_eq!(scale(x, y), exact, "{x} * {y}");
            }
        }
    }

    #[test]
    fn alpha_is_composited_over_white() {
        assert_eq!(
            on_white::<4>(&[10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 128]),
            [10, 20, 30, 255, 255, 255, 127, 127, 127]
        );
        assert_eq!(on_white::<2>(&[10, 255, 10, 0]), [10, 10, 10, 255, 255, 255]);
    }

    #[test]
    fn keeps_the_high_byte_of_sixteen_bits() {
        let samples: Vec<u8> = [0u16, 255, 256, 65_535].iter().flat_map(|sample| sample.to_ne_bytes()).collect();
        assert_eq!(high_bytes(&samples), [0, 0, 1, 255]);
    }

    #[test]
    fn cmyk_becomes_rgb() {
        assert_eq!(cmyk(&[0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0]), [255, 255, 255, 0, 0, 0, 0, 255, 255]);
    }
}
