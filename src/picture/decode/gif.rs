//! GIF: the first frame on its canvas, which grows where the frame does not fit. Rows that a cut-off file had are kept.

use std::io::ErrorKind as IoErrorKind;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError};

use super::{as_far_as_it_came, cut_off, damaged};
use crate::error::{Error, Result};
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::{Limits, Picture};

/// (first row, distance of rows) of the four passes of an interlaced picture.
const PASSES: [(usize, usize); 4] = [(0, 8), (4, 8), (2, 4), (1, 2)];

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    let mut decoder = options.read_info(bytes).map_err(explain)?;
    let canvas = (u32::from(decoder.width()), u32::from(decoder.height()));
    limits.check_size(canvas.0, canvas.1)?;
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
    limits.check_size(canvas.0, canvas.1)?;

    let frame = read_frame(&mut decoder, width, height, is_interlaced)?;
    Ok(if canvas == (width, height) { frame } else { on_canvas(&frame, left, top, canvas) })
}

fn read_frame(decoder: &mut Decoder<&[u8]>, width: u32, height: u32, is_interlaced: bool) -> Result<Picture> {
    let (line, n_rows) = (4 * width as usize, height as usize);
    let order: Vec<usize> = if is_interlaced {
        PASSES.iter().flat_map(|&(first, distance)| (first..n_rows).step_by(distance)).collect()
    } else {
        (0..n_rows).collect()
    };
    let mut rgba = vec![0; line * n_rows];
    let mut came = 0;
    for &y in &order {
        match decoder.fill_buffer(&mut rgba[y * line..(y + 1) * line]) {
            Ok(true) => came += 1,
            // The file ends before the picture does, or only its pixels.
            Ok(false) | Err(DecodingError::UnexpectedEof) => break,
            Err(error) => return Err(explain(error)),
        }
    }
    let has_all_even_rows = is_interlaced && 2 * came >= n_rows;
    if has_all_even_rows {
        order[came..].iter().for_each(|&y| rgba.copy_within((y - 1) * line..y * line, y * line));
    }
    let picture = Picture::from_rgb(width, height, colour::on_white::<4>(&rgba));
    match (is_interlaced, has_all_even_rows) {
        (false, _) => as_far_as_it_came(PictureFormat::Gif, picture, came as u32),
        (true, true) => Ok(Picture { is_incomplete: came < n_rows, ..picture }),
        (true, false) => Err(cut_off(PictureFormat::Gif)),
    }
}

fn on_canvas(frame: &Picture, left: u32, top: u32, (width, height): (u32, u32)) -> Picture {
    let (line, inner) = (3 * width as usize, 3 * frame.width as usize);
    let mut pixels = vec![255; line * height as usize];
    let below = pixels.chunks_exact_mut(line).skip(top as usize);
    for (row, inner_row) in below.zip(frame.pixels.chunks_exact(inner)) {
        row[3 * left as usize..][..inner].copy_from_slice(inner_row);
    }
    Picture { is_incomplete: frame.is_incomplete, ..Picture::from_rgb(width, height, pixels) }
}

fn explain(error: DecodingError) -> Error {
    let explained = match &error {
        DecodingError::UnexpectedEof => cut_off(PictureFormat::Gif),
        DecodingError::Io(io) if io.kind() == IoErrorKind::UnexpectedEof => cut_off(PictureFormat::Gif),
        _ => damaged(PictureFormat::Gif, "its data contradict each other"),
    };
    explained.with_source(error)
}
