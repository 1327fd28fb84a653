//! PNG. Checksums are not compared, nothing behind the pixels is needed, and of a file that was cut off what came is kept.

use std::io::{Cursor, ErrorKind as IoErrorKind};

use image::metadata::Orientation;
use png::{DecodeOptions, Decoder, DecodingError, Info, InterlaceInfo, Reader, Transformations};

use super::{as_far_as_it_came, cut_off, damaged, image_crate};
use crate::error::{Error, Result};
use crate::picture::colour;
use crate::picture::format::PictureFormat;
use crate::picture::orientation;
use crate::picture::{Limits, Picture};

/// Memory for rows, EXIF data and text.
const MEMORY_BESIDES_PIXELS: usize = 64 << 20;
/// The longest text with EXIF data; cameras write 64 KiB of EXIF at most, which is twice that in digits.
const MAX_PROFILE_TEXT: usize = 1 << 20;
/// (first column, first row, distance of its rows) of the seven passes of an interlaced picture.
const PASSES: [(u32, u32, u32); 7] = [(0, 0, 8), (4, 0, 8), (0, 4, 8), (2, 0, 4), (0, 2, 4), (1, 0, 2), (0, 1, 2)];
/// The passes with every second row and column.
const HALF_OF_THE_ROWS: usize = 5;

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let mut options = DecodeOptions::default();
    options.set_ignore_checksums(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(png::Limits { bytes: MEMORY_BESIDES_PIXELS });
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let (width, height) = decoder.read_header_info().map_err(explain)?.size();
    limits.check_size(width, height)?;

    let mut reader = decoder.read_info().map_err(explain)?;
    let channels = reader.output_color_type().0.samples();
    let line = width as usize * channels;
    let mut samples = vec![0; line * height as usize];
    let is_interlaced = reader.info().interlaced;
    let (came, end) = if is_interlaced {
        read_passes(&mut reader, &mut samples, line, channels)
    } else {
        read_rows(&mut reader, &mut samples, line)
    };
    let pixels = match channels {
        1 => colour::grey(&samples),
        2 => colour::on_white::<2>(&samples),
        3 => samples,
        _ => colour::on_white::<4>(&samples),
    };
    let mut picture = Picture::from_rgb(width, height, pixels);
    if is_interlaced {
        let rows = |n_passes| PASSES[..n_passes].iter().map(|&pass| rows_of_pass(pass, width, height)).sum::<u32>();
        if came < rows(HALF_OF_THE_ROWS) {
            return Err(end.unwrap_or_else(|| cut_off(PictureFormat::Png)));
        }
        // Every pixel is that of the last pass that came to it.
        picture.is_incomplete = came < rows(PASSES.len());
    } else {
        picture = as_far_as_it_came(PictureFormat::Png, picture, came).map_err(|cut_off| end.unwrap_or(cut_off))?;
    }
    Ok(picture.upright(orientation(&mut reader)))
}

/// Number of rows that came, and why no more did.
fn read_rows(reader: &mut Reader<Cursor<&[u8]>>, samples: &mut [u8], line: usize) -> (u32, Option<Error>) {
    let mut came = 0;
    for row in samples.chunks_exact_mut(line) {
        match reader.read_row(row) {
            Ok(Some(_)) => came += 1,
            Ok(None) => break,
            Err(error) => return (came, Some(explain(error))),
        }
    }
    (came, None)
}

/// As [`read_rows`] for an interlaced picture, in rows of its passes; each pixel also fills the place of those that come in later passes.
fn read_passes(
    reader: &mut Reader<Cursor<&[u8]>>,
    samples: &mut [u8],
    line: usize,
    channels: usize,
) -> (u32, Option<Error>) {
    let mut came = 0;
    loop {
        match reader.next_interlaced_row() {
            Ok(Some(row)) => {
                if let InterlaceInfo::Adam7(pass) = row.interlace() {
                    png::splat_interlaced_row(samples, line, row.data(), pass, 8 * channels as u8);
                }
                came += 1;
            }
            Ok(None) => return (came, None),
            Err(error) => return (came, Some(explain(error))),
        }
    }
}

fn rows_of_pass((left, top, distance): (u32, u32, u32), width: u32, height: u32) -> u32 {
    if left < width { height.saturating_sub(top).div_ceil(distance) } else { 0 }
}

/// That of the `eXIf` chunk, else that of the text in which ImageMagick kept EXIF data before there was such a chunk. Both may stand behind
/// the pixels.
fn orientation(reader: &mut Reader<Cursor<&[u8]>>) -> Orientation {
    let stated = stated_orientation(reader.info());
    if stated.is_none() && reader.info().animation_control.is_none() {
        // What is broken behind the pixels does not matter.
        let _ = reader.finish();
    }
    stated.or_else(|| stated_orientation(reader.info())).unwrap_or(Orientation::NoTransforms)
}

fn stated_orientation(info: &Info) -> Option<Orientation> {
    if let Some(exif) = &info.exif_metadata {
        return Some(orientation::from_exif(exif));
    }
    let is_exif = |keyword: &str| matches!(keyword, "Raw profile type exif" | "Raw profile type APP1");
    let plain = info.uncompressed_latin1_text.iter().find(|text| is_exif(&text.keyword));
    let text = plain.map(|text| text.text.clone()).or_else(|| {
        let mut packed = info.compressed_latin1_text.iter().find(|text| is_exif(&text.keyword))?.clone();
        packed.decompress_text_with_limit(MAX_PROFILE_TEXT).ok()?;
        packed.get_text().ok()
    })?;
    Some(orientation::from_exif(&raw_profile(&text)))
}

/// The bytes in ImageMagick's text: a line with the kind of profile, one with its length, then hexadecimal digits.
fn raw_profile(text: &str) -> Vec<u8> {
    let digits = text.trim_start().lines().skip(2).flat_map(str::chars).filter_map(|digit| digit.to_digit(16));
    let digits: Vec<u8> = digits.map(|digit| digit as u8).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

fn explain(error: DecodingError) -> Error {
    let explained = match &error {
        DecodingError::IoError(io) if io.kind() == IoErrorKind::UnexpectedEof => cut_off(PictureFormat::Png),
        DecodingError::LimitsExceeded => image_crate::too_much_memory(PictureFormat::Png),
        _ => damaged(PictureFormat::Png, "its data contradict each other"),
    };
    explained.with_source(error)
}
