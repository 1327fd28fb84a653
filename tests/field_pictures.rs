//! Pictures that people had trouble with, made by a script outside the repository: what other programs read is read, and what is not is
//! named. Without those files there is nothing to check.

use std::fs;
use std::path::{Path, PathBuf};

use tagsmith::picture::{Limits, decode};

/// What is expected of a file.
enum Expected {
    /// The pixels of the reference, within a mean difference of 4 of 255.
    Reference,
    /// A picture of this size.
    Size(u32, u32),
    /// An error whose detail has this word.
    Error(&'static str),
}
use Expected::{Error, Reference, Size};

/// Sorted by format; each has its lines together.
const EXPECTED: &[(&str, Expected)] = &[
    ("bmp_8_bit_palette_too_long.bmp", Reference),
    ("bmp_os2_v2_short_header.bmp", Reference),
    ("bmp_planes_0.bmp", Reference),
    ("bmp_v5_alpha_mask_alpha_all_zero.bmp", Reference),
    ("gif_canvas_0_by_0.gif", Reference),
    ("gif_frame_larger_than_canvas.gif", Reference),
    ("ico_cursor_48.cur", Size(48, 48)),
    ("other_jpeg2000.jp2", Error("JPEG 2000")),
    ("png_half_iend.png", Reference),
    ("png_idat_crc_wrong.png", Reference),
    ("png_no_iend.png", Reference),
    ("png_orientation_6_raw_profile.png", Reference),
    ("raw_thumbnail_first.nef", Error("NEF")),
    ("webp_flags_promise_missing_exif.webp", Reference),
];

const MAX_MEAN: f64 = 4.0;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field/cases")
}

/// What is wrong with a file, if anything is.
fn mismatch(file: &str, expected: &Expected, reference: &image::RgbImage) -> Option<String> {
    let bytes = fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let decoded = decode(&bytes, &Limits::default(), None);
    let picture = match (decoded, expected) {
        (Ok((_, picture)), Reference | Size(..)) => picture,
        (Ok(_), Error(_)) => return Some("it decodes".into()),
        (Err(error), Error(word)) if error.detail().contains(word) => return None,
        (Err(error), _) => return Some(error.to_string()),
    };
    let size = (picture.full_width(), picture.full_height());
    if let Size(width, height) = *expected {
        return (size != (width, height)).then(|| format!("{size:?}"));
    }
    if size != reference.dimensions() {
        return Some(format!("{size:?}"));
    }
    let differences = picture.pixels().iter().zip(reference.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)));
    let mean = differences.sum::<f64>() / picture.pixels().len() as f64;
    (mean > MAX_MEAN).then(|| format!("a mean difference of {mean:.1}"))
}

#[test]
fn pictures_from_the_field_are_read_or_named_if_available() {
    let Ok(reference) = image::open(folder().join("_reference.png")) else {
        println!("skipped: {} is not there", folder().display());
        return;
    };
    let reference = reference.into_rgb8();
    let wrong: Vec<String> = EXPECTED
        .iter()
        .filter_map(|(file, expected)| Some(format!("{file}: {}", mismatch(file, expected, &reference)?)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
