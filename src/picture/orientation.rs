//! Applies EXIF orientation.

use image::metadata::Orientation;

use crate::picture::{Extent, Picture};

/// Rotates and mirrors a picture as stored in the file to its upright form.
pub fn upright(stored: Picture, orientation: Orientation) -> Picture {
    // The axes along which the picture is mirrored, after rows and columns are swapped if necessary.
    let (transposed, flip_x, flip_y) = match orientation {
        Orientation::NoTransforms => return stored,
        Orientation::FlipHorizontal => (false, true, false),
        Orientation::Rotate180 => (false, true, true),
        Orientation::FlipVertical => (false, false, true),
        Orientation::Rotate90FlipH => (true, false, false),
        Orientation::Rotate90 => (true, true, false),
        Orientation::Rotate270FlipH => (true, true, true),
        Orientation::Rotate270 => (true, false, true),
    };
    let swap = |(x, y)| if transposed { (y, x) } else { (x, y) };
    let (width, height) = swap((stored.width, stored.height));
    let (full_width, full_height) = swap((stored.full_width, stored.full_height));

    let samples = stored.pixels.as_chunks::<3>().0;
    let row = stored.width as usize;
    let (step_x, step_y) = if transposed { (row, 1) } else { (1, row) };
    let mut pixels = Vec::with_capacity(samples.len() * 3);
    for y in 0..height as usize {
        let start = step_y * if flip_y { height as usize - 1 - y } else { y };
        let at = |x: usize| samples[start + step_x * if flip_x { width as usize - 1 - x } else { x }];
        pixels.extend((0..width as usize).flat_map(at));
    }

    let Extent { left, top, width: inner_width, height: inner_height } = stored.extent;
    let swap = |(x, y)| if transposed { (y, x) } else { (x, y) };
    let ((left, top), (inner_width, inner_height)) = (swap((left, top)), swap((inner_width, inner_height)));
    let extent = Extent {
        left: if flip_x { f64::from(width) - inner_width - left } else { left },
        top: if flip_y { f64::from(height) - inner_height - top } else { top },
        width: inner_width,
        height: inner_height,
    };
    Picture { width, height, full_width, full_height, extent, pixels, ..stored }
}

/// The orientation in a block of EXIF data, with or without the `Exif\0\0` prefix; upright if it states none.
pub fn from_exif(exif: &[u8]) -> Orientation {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}
