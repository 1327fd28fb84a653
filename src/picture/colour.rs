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

/// RGBA over white.
pub fn rgba_on_white([red, green, blue, alpha]: [u8; 4]) -> [u8; 3] {
    [red, green, blue].map(|colour| over_white(colour, alpha))
}

/// Grey with alpha over white.
pub fn grey_on_white([grey, alpha]: [u8; 2]) -> [u8; 3] {
    [over_white(grey, alpha); 3]
}

pub fn grey([grey]: [u8; 1]) -> [u8; 3] {
    [grey; 3]
}

/// CMYK with 255 = full ink, as `jpeg-decoder` returns it.
pub fn cmyk([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    [cyan, magenta, yellow].map(|ink| scale(255 - ink, 255 - black))
}

/// Converts pixels of `N` samples to `rgb`, which has room for as many.
pub fn convert<const N: usize>(samples: &[u8], rgb: &mut [u8], to_rgb: impl Fn([u8; N]) -> [u8; 3]) {
    for (pixel, out) in samples.as_chunks::<N>().0.iter().zip(rgb.as_chunks_mut::<3>().0) {
        *out = to_rgb(*pixel);
    }
}

/// Converts units of `N` bytes to fewer, `M`, in the same memory.
pub fn compact<const N: usize, const M: usize>(mut samples: Vec<u8>, to: impl Fn([u8; N]) -> [u8; M]) -> Vec<u8> {
    const { assert!(M <= N, "what is written must have been read") };
    let n = samples.len() / N;
    for idx in 0..n {
        let unit = samples[N * idx..].first_chunk().copied().expect("there are n units");
        samples[M * idx..][..M].copy_from_slice(&to(unit));
    }
    samples.truncate(M * n);
    samples
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
        let rgba = vec![10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 128];
        assert_eq!(compact(rgba, rgba_on_white), [10, 20, 30, 255, 255, 255, 127, 127, 127]);
        let mut rgb = [0; 6];
        convert(&[10, 255, 10, 0], &mut rgb, grey_on_white);
        assert_eq!(rgb, [10, 10, 10, 255, 255, 255]);
    }

    #[test]
    fn cmyk_becomes_rgb() {
        let cmyk = vec![0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0];
        assert_eq!(compact(cmyk, super::cmyk), [255, 255, 255, 0, 0, 0, 0, 255, 255]);
    }
}
