//! File → picture of the size that another tagger makes use of: it leaves the device, so it says no more than it has to.

use crate::error::Result;
use crate::model::card::ResampleFilter;
use crate::picture::taken::taken_ms;
use crate::picture::{Limits, Picture, PictureFormat, decode, promised_size, resize};

/// A picture made smaller, and the facts of its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrunk {
    pub picture: Picture,
    /// Pixels of the upright original.
    pub full_size: (u32, u32),
    pub format: PictureFormat,
    /// Whether the file ended, or was damaged, before its last row.
    pub is_incomplete: bool,
    /// As the camera's clock showed it, in ms from 1970.
    pub taken_ms: Option<i64>,
}

/// Decodes a file and makes it smaller; see [`shrink`].
///
/// # Errors
/// Those of [`decode`](decode()).
pub fn decode_shrunk(bytes: &[u8], limits: &Limits, max_side: u32, min_side: u32) -> Result<Shrunk> {
    let wanted = promised_size(bytes).filter(|&(width, height)| width > 0 && height > 0).map(|size| {
        let (width, height) = shrunk_size(size, max_side, min_side);
        width.min(height)
    });
    let (format, whole) = decode(bytes, limits, wanted)?;
    Ok(Shrunk {
        picture: shrink(&whole, max_side, min_side),
        full_size: (whole.full_width(), whole.full_height()),
        format,
        is_incomplete: whole.is_incomplete(),
        taken_ms: taken_ms(format, bytes),
    })
}

/// The picture with its longer side at most `max_side`, at least 1. One whose shorter side would be less than `min_side` is made larger, as
/// far as the longer side allows: whoever wants so many pixels refuses a picture of fewer.
pub fn shrink(picture: &Picture, max_side: u32, min_side: u32) -> Picture {
    let (width, height) = shrunk_size((picture.full_width(), picture.full_height()), max_side, min_side);
    resize(picture, width, height, ResampleFilter::Bicubic)
}

fn shrunk_size((width, height): (u32, u32), max_side: u32, min_side: u32) -> (u32, u32) {
    let (longer, shorter) = (f64::from(width.max(height)), f64::from(width.min(height)));
    let most = f64::from(max_side.max(1)) / longer;
    let scale = most.min((f64::from(min_side) / shorter).max(1.0));
    let side = |full: u32| ((f64::from(full) * scale).round() as u32).clamp(1, max_side.max(1));
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_made_smaller_and_keeps_its_proportions() {
        assert_eq!(shrunk_size((4000, 3000), 1024, 0), (1024, 768));
        assert_eq!(shrunk_size((3000, 4000), 640, 50), (480, 640));
        assert_eq!(shrunk_size((1000, 1), 100, 0), (100, 1));
    }

    #[test]
    fn a_picture_that_is_small_enough_stays_as_it_is() {
        assert_eq!(shrunk_size((640, 480), 1024, 50), (640, 480));
        let picture = Picture::from_rgb(3, 2, (0..18).collect());
        assert_eq!(shrink(&picture, 100, 1), picture);
    }

    #[test]
    fn a_picture_that_would_be_refused_is_made_larger_as_far_as_its_longer_side_allows() {
        assert_eq!(shrunk_size((30, 20), 1024, 50), (75, 50));
        assert_eq!(shrunk_size((4000, 100), 1000, 50), (1000, 25));
        assert_eq!(shrunk_size((20, 10), 30, 50), (30, 15));
    }

    #[test]
    fn a_file_is_decoded_and_its_facts_come_along() {
        let file = include_bytes!("../../tests/cases/coffee/picture.jpg");
        let shrunk = decode_shrunk(file, &Limits::default(), 128, 50).unwrap();
        assert_eq!((shrunk.picture.width(), shrunk.picture.height()), (128, 85));
        assert_eq!((shrunk.full_size, shrunk.format, shrunk.is_incomplete), ((512, 341), PictureFormat::Jpeg, false));
    }
}
