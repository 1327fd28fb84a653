//! Applies EXIF orientation.

use image::metadata::Orientation;

use crate::picture::{Extent, Picture};

/// Where pixels go that are turned upright: columns and rows are swapped, then mirrored.
#[derive(Debug, Clone, Copy)]
struct Turn {
    is_transposed: bool,
    flip_x: bool,
    flip_y: bool,
}

impl Turn {
    fn of(orientation: Orientation) -> Self {
        let (is_transposed, flip_x, flip_y) = match orientation {
            Orientation::NoTransforms => (false, false, false),
            Orientation::FlipHorizontal => (false, true, false),
            Orientation::Rotate180 => (false, true, true),
            Orientation::FlipVertical => (false, false, true),
            Orientation::Rotate90FlipH => (true, false, false),
            Orientation::Rotate90 => (true, true, false),
            Orientation::Rotate270FlipH => (true, true, true),
            Orientation::Rotate270 => (true, false, true),
        };
        Self { is_transposed, flip_x, flip_y }
    }

    fn swap<T>(self, (x, y): (T, T)) -> (T, T) {
        if self.is_transposed { (y, x) } else { (x, y) }
    }
}

/// Pixels that are written as they are stored, and turned upright on the way: there is no second copy.
pub struct Canvas {
    turn: Turn,
    /// As stored.
    width: usize,
    height: usize,
    /// RGB, upright.
    pixels: Vec<u8>,
}

impl Canvas {
    /// White. Both sides at least 1.
    pub fn new(width: u32, height: u32, orientation: Orientation) -> Self {
        let (turn, width, height) = (Turn::of(orientation), width as usize, height as usize);
        Self { turn, width, height, pixels: vec![255; 3 * width * height] }
    }

    /// Where the pixel in column `x` of row `y` goes, in pixels, and how far from it the next of the row does.
    fn place(&self, x: usize, y: usize) -> (usize, isize) {
        let (width, height) = self.turn.swap((self.width, self.height));
        let (mut to_x, mut to_y) = self.turn.swap((x, y));
        if self.turn.flip_x {
            to_x = width - 1 - to_x;
        }
        if self.turn.flip_y {
            to_y = height - 1 - to_y;
        }
        let (step, is_back) = if self.turn.is_transposed { (width, self.turn.flip_y) } else { (1, self.turn.flip_x) };
        let step = step.cast_signed();
        (to_y * width + to_x, if is_back { -step } else { step })
    }

    /// Writes pixels, RGB, from column `x` of row `y` on, of which the row has as many.
    pub fn put(&mut self, x: u32, y: u32, rgb: &[u8]) {
        let (place, step) = self.place(x as usize, y as usize);
        if step == 1 {
            self.pixels[3 * place..][..rgb.len()].copy_from_slice(rgb);
            return;
        }
        let mut place = place.cast_signed();
        for pixel in rgb.as_chunks::<3>().0 {
            self.pixels[3 * place.cast_unsigned()..][..3].copy_from_slice(pixel);
            place += step;
        }
    }

    /// Fills row `y` with row `from`.
    pub fn repeat_row(&mut self, from: u32, y: u32) {
        let ((mut from, step), (mut to, _)) = (self.place(0, from as usize), self.place(0, y as usize));
        for _ in 0..self.width {
            self.pixels.copy_within(3 * from..3 * from + 3, 3 * to);
            from = from.wrapping_add_signed(step);
            to = to.wrapping_add_signed(step);
        }
    }

    /// The picture, upright.
    pub fn finish(self) -> Picture {
        let (width, height) = self.turn.swap((self.width as u32, self.height as u32));
        Picture::from_rgb(width, height, self.pixels)
    }
}

/// Rotates and mirrors a picture as stored in the file to its upright form.
pub fn upright(stored: Picture, orientation: Orientation) -> Picture {
    if orientation == Orientation::NoTransforms {
        return stored;
    }
    let turn = Turn::of(orientation);
    let (width, height) = turn.swap((stored.width, stored.height));
    let (full_width, full_height) = turn.swap((stored.full_width, stored.full_height));
    let mut canvas = Canvas::new(stored.width, stored.height, orientation);
    for (y, row) in (0..).zip(stored.pixels.chunks_exact(3 * stored.width as usize)) {
        canvas.put(0, y, row);
    }

    let Extent { left, top, width: inner_width, height: inner_height } = stored.extent;
    let ((left, top), (inner_width, inner_height)) = (turn.swap((left, top)), turn.swap((inner_width, inner_height)));
    let extent = Extent {
        left: if turn.flip_x { f64::from(width) - inner_width - left } else { left },
        top: if turn.flip_y { f64::from(height) - inner_height - top } else { top },
        width: inner_width,
        height: inner_height,
    };
    Picture { width, height, full_width, full_height, extent, pixels: canvas.pixels, ..stored }
}

/// The orientation in a block of EXIF data, with or without the `Exif\0\0` prefix; upright if it states none.
pub fn from_exif(exif: &[u8]) -> Orientation {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}
