//! Pictures to measure with that everybody has: the same on every machine.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageResult};

const N: u32 = 8;
const WIDTH: u32 = 1024;
const HEIGHT: u32 = 768;
const QUALITY: u8 = 90;
const N_SHAPES: u32 = 60;

/// JPEGs of about the size that a camera makes of so many pixels: a gradient, ellipses over it, and grain.
///
/// # Errors
/// Those of the encoder.
pub fn pictures() -> ImageResult<Vec<Vec<u8>>> {
    (1..=N).map(picture).collect()
}

fn picture(seed: u32) -> ImageResult<Vec<u8>> {
    let mut state = seed.wrapping_mul(0x9E37_79B9);
    // Xorshift: numbers that look random.
    let mut random = move |below: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % below
    };
    let mut pixels: Vec<[u8; 3]> = (0..HEIGHT)
        .flat_map(|y| (0..WIDTH).map(move |x| [x / 4, y / 3, (x + y) / 7].map(|level| level as u8)))
        .collect();
    for _ in 0..N_SHAPES {
        let [left, top] = [WIDTH, HEIGHT].map(|side| i64::from(random(side)));
        let [width, height] = [WIDTH, HEIGHT].map(|side| i64::from(8 + random(side / 6)));
        let colour = [0; 3].map(|_: u8| random(256) as u8);
        for (at, pixel) in pixels.iter_mut().enumerate() {
            let (x, y) = ((at as u32 % WIDTH) as i64 - left, (at as u32 / WIDTH) as i64 - top);
            if x * x * height * height + y * y * width * width <= width * width * height * height {
                *pixel = colour;
            }
        }
    }
    for level in pixels.as_flattened_mut() {
        *level = level.saturating_add(random(12) as u8);
    }
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY).encode(
        pixels.as_flattened(),
        WIDTH,
        HEIGHT,
        ExtendedColorType::Rgb8,
    )?;
    Ok(file)
}
