//! Pictures in which nothing varies: black, white, one colour, fully transparent, or an empty page from a scanner.
//!
//! A network that has to say something says "screenshot" of them, and is sure of it.

use crate::picture::Picture;

/// Cells along each side over which pixels are averaged, so that noise and specks vanish, and a bird in the sky does not.
const CELLS: usize = 32;
/// Cells at either end of the order that do not count: a speck darkens one, seldom two.
const SPECKS: usize = 2;
/// The most that the averages may differ in brightness, or in either of two differences of colours, of 255.
///
/// Of 6,427 pictures (photographs, charts, screenshots, documents, maps), the one that differs least has 16.
const MAX_SPREAD: f64 = 12.0;
/// The most that the brightness of pixels may deviate from its mean (standard deviation); more is a texture or writing, even if it is the
/// same everywhere.
const MAX_DEVIATION: f64 = 12.0;
/// Of larger pictures, only every second or third row and column is looked at.
const ENOUGH_PIXELS: usize = 1 << 18;

/// Sums over a cell.
#[derive(Clone, Copy, Default)]
struct Cell {
    n_pixels: f64,
    rgb: [f64; 3],
}

/// Whether nothing varies in a picture but noise and a few specks.
pub fn is_blank(picture: &Picture) -> bool {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let step = (width * height / ENOUGH_PIXELS).isqrt().max(1);
    let mut cells = vec![Cell::default(); CELLS * CELLS];
    let mut sum_of_squares = 0.0;
    for (y, row) in picture.pixels().chunks_exact(3 * width).enumerate().step_by(step) {
        let row_of_cells = &mut cells[y * CELLS / height * CELLS..][..CELLS];
        for (x, pixel) in row.as_chunks::<3>().0.iter().enumerate().step_by(step) {
            let cell = &mut row_of_cells[x * CELLS / width];
            let rgb = pixel.map(f64::from);
            cell.n_pixels += 1.0;
            cell.rgb.iter_mut().zip(rgb).for_each(|(sum, sample)| *sum += sample);
            sum_of_squares += brightness(rgb).powi(2);
        }
    }
    cells.retain(|cell| cell.n_pixels > 0.0);

    let n_pixels: f64 = cells.iter().map(|cell| cell.n_pixels).sum();
    let mean = cells.iter().map(|cell| brightness(cell.rgb)).sum::<f64>() / n_pixels;
    let deviation = (sum_of_squares / n_pixels - mean * mean).max(0.0).sqrt();
    let averages: Vec<_> = cells.iter().map(|cell| cell.rgb.map(|sum| sum / cell.n_pixels)).collect();
    let is_even = |value: fn([f64; 3]) -> f64| spread(averages.iter().copied().map(value).collect()) <= MAX_SPREAD;
    deviation <= MAX_DEVIATION
        && is_even(brightness)
        && is_even(|rgb| (rgb[0] - brightness(rgb)) / 2.0)
        && is_even(|rgb| (rgb[2] - brightness(rgb)) / 2.0)
}

fn brightness([red, green, blue]: [f64; 3]) -> f64 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

/// The difference between the highest and the lowest value, without those of specks.
fn spread(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    // Small pictures have fewer cells, which are pixels.
    let left_out = SPECKS * values.len() / (CELLS * CELLS);
    values[values.len() - 1 - left_out] - values[left_out]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `value`: brightness at (x, y).
    fn grey(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Picture {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| [value(x, y); 3]);
        Picture::from_rgb(width, height, pixels.collect())
    }

    /// Noise from -`most` to `most`.
    fn noise(x: u32, y: u32, most: i32) -> i32 {
        let hash = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0xC2B2_AE3D);
        (hash >> 16).cast_signed() % (2 * most + 1) - most
    }

    #[test]
    fn one_colour_is_blank_at_every_size() {
        for (width, height) in [(1, 1), (3, 2), (40, 9), (300, 200), (3000, 1), (1700, 1200)] {
            for level in [0, 90, 255] {
                assert!(is_blank(&grey(width, height, |_, _| level)), "{width} × {height}, {level}");
            }
        }
        let blue = Picture::from_rgb(50, 50, [20, 40, 200].repeat(2500));
        assert!(is_blank(&blue));
    }

    #[test]
    fn a_scanned_page_with_noise_a_shadow_and_specks_is_blank() {
        let page = |x: u32, y: u32| {
            let is_speck = (x / 3, y / 3) == (40, 30) || (x / 2, y / 2) == (101, 77);
            let shade = 246 - (x / 100).cast_signed() + noise(x, y, 6);
            if is_speck { 20 } else { shade.clamp(0, 255) as u8 }
        };
        assert!(is_blank(&grey(600, 800, page)));
    }

    #[test]
    fn a_bird_in_the_sky_writing_and_textures_are_not_blank() {
        let sky = |x: u32, y: u32| if (200..212).contains(&x) && (60..68).contains(&y) { 90 } else { 225 };
        assert!(!is_blank(&grey(300, 200, sky)), "a bird of 12 × 8 pixels");
        let line = |x: u32, y: u32| {
            if (100..110).contains(&y) && (50..200).contains(&x) && (x * 7 + y * 3).is_multiple_of(5) { 0 } else { 255 }
        };
        assert!(!is_blank(&grey(600, 800, line)), "one line of writing");
        assert!(!is_blank(&grey(640, 480, |x, y| (128 + noise(x, y, 60)) as u8)), "sand");
        assert!(!is_blank(&grey(640, 480, |x, _| (x / 20) as u8 + 100)), "a slope of 31 levels");
        let halves: Vec<u8> =
            (0..64 * 64).flat_map(|at| if at % 64 < 32 { [200, 100, 100] } else { [100, 151, 100] }).collect();
        assert!(!is_blank(&Picture::from_rgb(64, 64, halves)), "two colours as bright as each other");
    }
}
