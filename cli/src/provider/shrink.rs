//! A picture as it leaves: upright, no larger than is of use, and without anything that the file says besides its pixels.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use tagsmith::picture::{self, decode_shrunk};
use tagsmith::providers::PictureNeed;
use tagsmith::{Error, ErrorKind, Limits, Result};

/// From the best to what is still recognised.
const QUALITIES: [u8; 4] = [90, 80, 65, 50];
/// Beyond this, smaller sides are tried.
const N_SIZES: u32 = 4;

/// A JPEG, and its size in pixels.
pub struct Shrunk {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Decodes and resizes as the local model's pictures are.
///
/// # Errors
/// Those of decoding, and [`ErrorKind::ProviderPictureRefused`] for what the provider would not take.
pub fn shrink(file: &[u8], limits: &Limits, need: &PictureNeed) -> Result<Shrunk> {
    let whole = decode_shrunk(file, limits, need.max_side, need.min_side)?.picture;
    for step in 0..N_SIZES {
        let small = picture::shrink(&whole, (need.max_side >> step).max(1), need.min_side);
        let (width, height) = (small.width(), small.height());
        if width.min(height) < need.min_side {
            let detail = format!(
                "At {width} × {height} pixels it is too small or too narrow for this provider, which wants {} on each side.",
                need.min_side
            );
            return Err(Error::new(ErrorKind::ProviderPictureRefused, detail));
        }
        for quality in QUALITIES {
            let bytes = jpeg(small.pixels(), width, height, quality)?;
            if bytes.len() <= need.max_bytes as usize {
                return Ok(Shrunk { bytes, width, height });
            }
        }
    }
    let detail = format!("It cannot be made smaller than the {} bytes that this provider takes.", need.max_bytes);
    Err(Error::new(ErrorKind::ProviderPictureRefused, detail))
}

fn jpeg(pixels: &[u8], width: u32, height: u32, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    image::ImageEncoder::write_image(encoder, pixels, width, height, ExtendedColorType::Rgb8).map_err(|error| {
        Error::new(ErrorKind::ProviderPictureRefused, format!("It cannot be written as JPEG: {error}."))
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsmith::picture::decode;

    const COFFEE: &[u8] = include_bytes!("../../../tests/cases/coffee/picture.jpg");
    const NEED: PictureNeed = PictureNeed { max_side: 256, min_side: 50, max_bytes: 1 << 20, media_type: "image/jpeg" };

    #[test]
    fn it_is_small_enough_keeps_its_form_and_says_nothing_besides_its_pixels() {
        let (_, whole) = decode(COFFEE, &Limits::default(), None).unwrap();
        let shrunk = shrink(COFFEE, &Limits::default(), &NEED).unwrap();
        assert_eq!(shrunk.width.max(shrunk.height), 256);
        let form = |width: u32, height: u32| f64::from(width) / f64::from(height);
        assert!((form(shrunk.width, shrunk.height) - form(whole.width(), whole.height())).abs() < 0.02);
        let (_, again) = decode(&shrunk.bytes, &Limits::default(), None).unwrap();
        assert_eq!((again.width(), again.height()), (shrunk.width, shrunk.height));
        for mark in [&b"Exif\0"[..], b"http://ns.adobe.com", b"ICC_PROFILE", b"Photoshop"] {
            assert!(!shrunk.bytes.windows(mark.len()).any(|window| window == mark));
        }
    }

    #[test]
    fn one_that_is_smaller_than_the_provider_takes_is_made_larger_as_on_the_page() {
        let need = PictureNeed { max_side: 1024, min_side: 400, ..NEED };
        let shrunk = shrink(COFFEE, &Limits::default(), &need).unwrap();
        assert_eq!((shrunk.width, shrunk.height), (601, 400));
    }

    #[test]
    fn bytes_hold_at_the_cost_of_quality_and_what_never_fits_is_refused() {
        let max_bytes = shrink(COFFEE, &Limits::default(), &NEED).unwrap().bytes.len() as u32 / 2;
        let shrunk = shrink(COFFEE, &Limits::default(), &PictureNeed { max_bytes, ..NEED }).unwrap();
        assert!(shrunk.bytes.len() <= max_bytes as usize);
        for need in [PictureNeed { max_bytes: 100, ..NEED }, PictureNeed { min_side: 300, ..NEED }] {
            let refused = shrink(COFFEE, &Limits::default(), &need).err().unwrap();
            assert_eq!(refused.kind(), ErrorKind::ProviderPictureRefused);
        }
    }
}
