//! GIF: the first frame on its canvas, which grows where the frame does not fit. Rows that a cut-off file had are kept.

use std::io::ErrorKind as IoErrorKind;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError};

use image::metadata::Orientation;

use super::{as_far_as_it_came, cut_off, damaged};
use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::picture::allowance::{Allowance, Metered};
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::orientation::Canvas;

/// (first row, distance of rows) of the four passes of an interlaced picture.
const PASSES: [(u32, usize); 4] = [(0, 8), (4, 8), (2, 4), (1, 2)];

pub fn decode(bytes: &[u8], allowance: &Allowance) -> Result<Picture> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    let mut decoder = options.read_info(allowance.reader(bytes)).map_err(explain)?;
    let canvas = (u32::from(decoder.width()), u32::from(decoder.height()));
    allowance.check_size(canvas.0, canvas.1)?;
    let first = decoder.next_frame_info().map_err(explain)?;
    let first = first.ok_or_else(|| damaged(PictureFormat::Gif, "it has no picture"))?;
    let (left, top) = (u32::from(first.left), u32::from(first.top));
    let (width, height, is_interlaced) = (u32::from(first.width), u32::from(first.height), first.interlaced);
    if width == 0 || height == 0 {
        return Err(damaged(PictureFormat::Gif, format!("its size is {width} × {height} pixels")));
    }
    // A canvas without a size is that of its frame, wherever that should be.
    let (left, top) = if canvas == (0, 0) { (0, 0) } else { (left, top) };
    let canvas = (canvas.0.max(left + width), canvas.1.max(top + height));
    allowance.check_size(canvas.0, canvas.1)?;
    allowance.expect(3 * u64::from(canvas.0) * u64::from(canvas.1), canvas)?;

    let frame = Frame { left, top, width, height, is_interlaced };
    frame.read(&mut decoder, Canvas::new(canvas.0, canvas.1, Orientation::NoTransforms))
}

/// Where the first frame is on its canvas.
struct Frame {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
    is_interlaced: bool,
}

impl Frame {
    fn read(&self, decoder: &mut Decoder<Metered<'_>>, mut canvas: Canvas) -> Result<Picture> {
        let order: Vec<u32> = if self.is_interlaced {
            PASSES.iter().flat_map(|&(first, distance)| (first..self.height).step_by(distance)).collect()
        } else {
            (0..self.height).collect()
        };
        let mut rgba = vec![0; 4 * self.width as usize];
        let mut rgb = vec![0; 3 * self.width as usize];
        let mut came = 0;
        for &y in &order {
            match decoder.fill_buffer(&mut rgba) {
                Ok(true) => came += 1,
                // The file ends before the picture does, or only its pixels.
                Ok(false) | Err(DecodingError::UnexpectedEof) => break,
                Err(error) => return Err(explain(error)),
            }
            colour::convert(&rgba, &mut rgb, colour::rgba_on_white);
            canvas.put(self.left, self.top + y, &rgb);
        }
        if came == order.len() {
            return Ok(canvas.finish());
        }
        if !self.is_interlaced {
            let rows = self.top..self.top + self.height;
            return as_far_as_it_came(PictureFormat::Gif, canvas, rows, came as u32);
        }
        if 2 * came < order.len() {
            return Err(cut_off(PictureFormat::Gif));
        }
        // All even rows came.
        order[came..].iter().for_each(|&y| canvas.repeat_row(self.top + y - 1, self.top + y));
        Ok(Picture { is_incomplete: true, ..canvas.finish() })
    }
}

fn explain(error: DecodingError) -> Error {
    let explained = match &error {
        DecodingError::UnexpectedEof => cut_off(PictureFormat::Gif),
        DecodingError::Io(io) if io.kind() == IoErrorKind::UnexpectedEof => cut_off(PictureFormat::Gif),
        _ => damaged(PictureFormat::Gif, "its data contradict each other"),
    };
    explained.with_source(error)
}
