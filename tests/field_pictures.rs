//! Pictures that people had trouble with, made by a script outside the repository: what other programs read is read, and what is not is
//! named. Without those files there is nothing to check.

use std::fs;
use std::path::{Path, PathBuf};

use tagsmith::picture::{Limits, decode};

/// What is expected of a file.
enum Expected {
    /// The pixels of the reference, within a mean difference of 4 of 255.
    Reference,
    /// The pixels of the reference, within another mean difference.
    Within(f64),
    /// A picture of this size.
    Size(u32, u32),
    /// The reference in grey, within this mean difference.
    Grey(f64),
    /// The pixels of the reference as far as they came, within this mean difference: what Pillow makes of it, or better.
    Incomplete(f64),
    /// An error whose detail has this word.
    Error(&'static str),
}
use Expected::{Error, Grey, Incomplete, Reference, Size, Within};

/// Sorted by format; each has its lines together.
const EXPECTED: &[(&str, Expected)] = &[
    ("bmp_8_bit_palette_too_long.bmp", Reference),
    ("bmp_os2_v2_short_header.bmp", Reference),
    ("bmp_planes_0.bmp", Reference),
    ("bmp_v5_alpha_mask_alpha_all_zero.bmp", Reference),
    ("exif_two_blocks_6_then_1.jpg", Reference),
    ("gif_canvas_0_by_0.gif", Reference),
    ("gif_frame_larger_than_canvas.gif", Reference),
    ("ico_cursor_48.cur", Size(48, 48)),
    ("jpeg_cmyk_two_components_of_one_id.jpg", Reference),
    ("jpeg_dnl_marker_in_front.jpg", Reference),
    ("jpeg_lossless_rgb_predictor_4_shift_1.jpg", Reference),
    ("jpeg_no_eoi.jpg", Reference),
    ("jpeg_no_eoi_progressive.jpg", Reference),
    ("jpeg_no_eoi_then_trailer.jpg", Reference),
    ("jpeg_no_eoi_zero_padded.jpg", Reference),
    // As Pillow decodes it: a camera's frame is coarse.
    ("jpeg_no_huffman_tables.jpg", Within(4.4)),
    ("jpeg_restart_interval_lost.jpg", Incomplete(5.8)),
    ("jpeg_restart_marker_missing.jpg", Reference),
    ("jpeg_stray_marker_in_scan_90_percent.jpg", Incomplete(10.0)),
    ("jpeg_tail_lost_10_percent_progressive.jpg", Incomplete(4.0)),
    ("jpeg_tail_lost_1_percent.jpg", Incomplete(4.0)),
    ("other_jpeg2000.jp2", Error("JPEG 2000")),
    ("png_half_iend.png", Reference),
    ("png_idat_crc_wrong.png", Reference),
    ("png_no_iend.png", Reference),
    ("png_orientation_6_raw_profile.png", Reference),
    ("raw_thumbnail_first.nef", Error("NEF")),
    ("size_108_megapixels_12000x9000.jpg", Size(12_000, 9_000)),
    ("size_panorama_20000x2500.jpg", Size(20_000, 2_500)),
    ("tiff_32_bit_rgb.tif", Reference),
    ("tiff_cmyk_extra_predictor.tif", Reference),
    ("tiff_extra_channel_predictor.tif", Reference),
    // 16 levels.
    ("tiff_grey_4_bit.tif", Grey(5.5)),
    ("tiff_fax_g4_no_byte_counts.tif", Size(300, 200)),
    ("tiff_grey_alpha.tif", Grey(MAX_MEAN)),
    ("tiff_grey_float.tif", Grey(MAX_MEAN)),
    ("tiff_jpeg_ycbcr_420.tif", Reference),
    ("tiff_lab.tif", Reference),
    ("tiff_old_jpeg.tif", Reference),
    ("tiff_palette.tif", Within(12.0)),
    ("tiff_planar_cmyk.tif", Reference),
    ("tiff_premultiplied_alpha_soft_edges.tif", Size(300, 200)),
    ("tiff_tiled_planar.tif", Reference),
    ("tiff_ycbcr_444.tif", Reference),
    ("tiff_zstd.tif", Reference),
    ("webp_flags_promise_missing_exif.webp", Reference),
];

/// The same scanned page each, in one bit.
const ONE_BIT: &[&str] = &["tiff_fax_g3.tif", "tiff_fax_rle.tif", "tiff_one_bit_fill_order_2.tif"];

const MAX_MEAN: f64 = 4.0;
/// A network's shorter side: pictures beyond the limits in full are read at a reduced scale.
const SHORTER_SIDE: u32 = 224;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field/cases")
}

/// What is wrong with a file, if anything is.
fn mismatch(file: &str, expected: &Expected, reference: &image::RgbImage) -> Option<String> {
    let bytes = fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let shorter_side = matches!(expected, Size(..)).then_some(SHORTER_SIDE);
    let picture = match (decode(&bytes, &Limits::default(), shorter_side), expected) {
        (Ok(_), Error(_)) => return Some("it decodes".into()),
        (Err(error), Error(word)) if error.detail().contains(word) => return None,
        (Err(error), _) => return Some(error.to_string()),
        (Ok((_, picture)), _) => picture,
    };
    let size = (picture.full_width(), picture.full_height());
    let wanted = if let Size(width, height) = *expected { (width, height) } else { reference.dimensions() };
    if size != wanted || picture.is_incomplete() != matches!(expected, Incomplete(_)) {
        return Some(format!("{size:?}, incomplete: {}", picture.is_incomplete()));
    }
    let most = match *expected {
        Size(..) => return None,
        Within(most) | Incomplete(most) | Grey(most) => most,
        _ => MAX_MEAN,
    };
    let wanted = reference.pixels().flat_map(|&image::Rgb([red, green, blue])| {
        // As Pillow: by Rec. 601.
        let grey = ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000) as u8;
        if matches!(expected, Grey(_)) { [grey; 3] } else { [red, green, blue] }
    });
    let differences = picture.pixels().iter().zip(wanted).map(|(a, b)| f64::from(a.abs_diff(b)));
    let mean = differences.sum::<f64>() / picture.pixels().len() as f64;
    (mean > most).then(|| format!("a mean difference of {mean:.1}"))
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

    let pages = ONE_BIT.iter().map(|file| {
        let bytes = fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        decode(&bytes, &Limits::default(), None).unwrap_or_else(|error| panic!("{file}: {error}")).1
    });
    let pages: Vec<_> = pages.collect();
    assert!(pages[0].pixels().iter().all(|sample| [0, 255].contains(sample)));
    for (file, page) in ONE_BIT.iter().zip(&pages) {
        assert_eq!((page.width(), page.height()), reference.dimensions(), "{file}");
        assert!(page.pixels() == pages[0].pixels(), "{file} is another page");
    }
}
