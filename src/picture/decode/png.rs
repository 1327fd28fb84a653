//! PNG. Checksums are not compared, nothing behind the pixels is needed, and of a file that was cut off what came is kept. Profiles and
//! texts are never unpacked, but for the text in which ImageMagick kept EXIF data.

use std::io::ErrorKind as IoErrorKind;

use fdeflate::decompress_to_vec_bounded;
use image::metadata::Orientation;
use png::{DecodeOptions, Decoder, DecodingError, Reader, Transformations};

use super::{as_far_as_it_came, cut_off, damaged};
use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::picture::allowance::{Allowance, Metered};
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::orientation::{self, Canvas};
use crate::picture::png_chunk::Chunks;

/// Memory of the decoder for rows and EXIF data.
const MEMORY_BESIDES_PIXELS: usize = 8 << 20;
/// Rows between two looks at the clock.
const ROWS_PER_LOOK: u32 = 64;
/// The longest text with EXIF data; cameras write 64 KiB of EXIF at most, which is twice that in digits.
const MAX_PROFILE_TEXT: usize = 1 << 20;
/// (first column, first row, distance of its columns and rows, width and height of the block that one of its pixels stands for until later
/// passes come) of the seven passes of an interlaced picture.
const PASSES: [[u32; 6]; 7] = [
    [0, 0, 8, 8, 8, 8],
    [4, 0, 8, 8, 4, 8],
    [0, 4, 4, 8, 4, 4],
    [2, 0, 4, 4, 2, 4],
    [0, 2, 2, 4, 2, 2],
    [1, 0, 2, 2, 1, 2],
    [0, 1, 1, 2, 1, 1],
];
/// The passes with every second row and column.
const HALF_OF_THE_ROWS: usize = 5;

pub fn decode(bytes: &[u8], allowance: &Allowance) -> Result<Picture> {
    let mut options = DecodeOptions::default();
    options.set_ignore_checksums(true);
    let mut decoder = Decoder::new_with_options(allowance.reader(bytes), options);
    decoder.set_limits(png::Limits { bytes: MEMORY_BESIDES_PIXELS });
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let (width, height) = decoder.read_header_info().map_err(explain)?.size();
    allowance.check_size(width, height)?;
    allowance.expect(3 * u64::from(width) * u64::from(height), (width, height))?;

    let mut reader = decoder.read_info().map_err(explain)?;
    let is_interlaced = reader.info().interlaced;
    let mut canvas = Canvas::new(width, height, orientation(bytes));
    let (came, end) = read_rows(&mut reader, &mut canvas, allowance)?;
    if !is_interlaced {
        return as_far_as_it_came(PictureFormat::Png, canvas, 0..height, came)
            .map_err(|cut_off| end.unwrap_or(cut_off));
    }
    let rows = |n_passes| PASSES[..n_passes].iter().map(|&pass| rows_of_pass(pass, width, height)).sum::<u32>();
    if came < rows(HALF_OF_THE_ROWS) {
        return Err(end.unwrap_or_else(|| cut_off(PictureFormat::Png)));
    }
    // Every pixel is that of the last pass that came to it.
    Ok(Picture { is_incomplete: came < rows(PASSES.len()), ..canvas.finish() })
}

/// Number of rows that came, of all passes, and why no more did.
fn read_rows(
    reader: &mut Reader<Metered<'_>>,
    canvas: &mut Canvas,
    allowance: &Allowance,
) -> Result<(u32, Option<Error>)> {
    let channels = reader.output_color_type().0.samples();
    let (width, height) = reader.info().size();
    let is_interlaced = reader.info().interlaced;
    let lines = |pass| (0..rows_of_pass(pass, width, height)).map(move |line| (pass, line));
    let mut places = PASSES.into_iter().flat_map(lines);
    let mut line = vec![0; 3 * width as usize];
    let mut came = 0;
    loop {
        let row = match reader.next_interlaced_row() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok((came, None)),
            Err(error) => return Ok((came, Some(explain(error)))),
        };
        let rgb = &mut line[..row.data().len() / channels * 3];
        match channels {
            1 => colour::convert(row.data(), rgb, colour::grey),
            2 => colour::convert(row.data(), rgb, colour::grey_on_white),
            3 => rgb.copy_from_slice(row.data()),
            _ => colour::convert(row.data(), rgb, colour::rgba_on_white),
        }
        if !is_interlaced {
            canvas.put(0, came, rgb);
        } else if let Some((pass, line)) = places.next() {
            spread(rgb, pass, line, (width, height), canvas);
        }
        came += 1;
        if came.is_multiple_of(ROWS_PER_LOOK) {
            allowance.check_time()?;
        }
    }
}

/// Fills the block of each pixel of row `line` of a pass.
fn spread(rgb: &[u8], pass: [u32; 6], line: u32, (width, height): (u32, u32), canvas: &mut Canvas) {
    let [left, top, across, down, block_width, block_height] = pass;
    let first_row = top + line * down;
    for (x, pixel) in (left..width).step_by(across as usize).zip(rgb.as_chunks::<3>().0) {
        let block = [*pixel; 8];
        let n = block_width.min(width - x) as usize;
        for y in first_row..(first_row + block_height).min(height) {
            canvas.put(x, y, &block.as_flattened()[..3 * n]);
        }
    }
}

fn rows_of_pass([left, top, _, distance, ..]: [u32; 6], width: u32, height: u32) -> u32 {
    if left < width { height.saturating_sub(top).div_ceil(distance) } else { 0 }
}

/// That of the `eXIf` chunk, else that of the text in which ImageMagick kept EXIF data before there was such a chunk. Both may stand behind
/// the pixels.
fn orientation(bytes: &[u8]) -> Orientation {
    let exif =
        Chunks::of(bytes).into_iter().flatten().find(|(kind, _)| *kind == b"eXIf").map(|(_, body)| body.to_vec());
    let plain = || Chunks::of(bytes).into_iter().flatten().find_map(|(kind, body)| profile_text(kind, body, b"tEXt"));
    let packed = || Chunks::of(bytes).into_iter().flatten().find_map(|(kind, body)| profile_text(kind, body, b"zTXt"));
    let exif = exif.or_else(|| Some(raw_profile(&plain().or_else(packed)?)));
    exif.map_or(Orientation::NoTransforms, |exif| orientation::from_exif(&exif))
}

/// The text with EXIF data in a chunk of the `wanted` kind.
fn profile_text(kind: &[u8; 4], body: &[u8], wanted: &[u8; 4]) -> Option<Vec<u8>> {
    if kind != wanted {
        return None;
    }
    let end = body.iter().take(80).position(|&byte| byte == 0)?;
    if !matches!(&body[..end], b"Raw profile type exif" | b"Raw profile type APP1") {
        return None;
    }
    match (wanted, &body[end + 1..]) {
        (b"tEXt", text) => Some(text.to_vec()),
        (_, [0, packed @ ..]) => decompress_to_vec_bounded(packed, MAX_PROFILE_TEXT).ok(),
        _ => None,
    }
}

/// The bytes in ImageMagick's text: a line with the kind of profile, one with its length, then hexadecimal digits.
fn raw_profile(text: &[u8]) -> Vec<u8> {
    let lines = text.trim_ascii_start().split(|&byte| byte == b'\n').skip(2);
    let digits: Vec<u8> =
        lines.flatten().filter_map(|&digit| char::from(digit).to_digit(16).map(|digit| digit as u8)).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

fn explain(error: DecodingError) -> Error {
    let explained = match &error {
        DecodingError::IoError(io) if io.kind() == IoErrorKind::UnexpectedEof => cut_off(PictureFormat::Png),
        DecodingError::LimitsExceeded => damaged(PictureFormat::Png, "parts beside its pixels are far too large"),
        _ => damaged(PictureFormat::Png, "its data contradict each other"),
    };
    explained.with_source(error)
}
