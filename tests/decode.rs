//! Compares every kind of picture with the pixels that Pillow decodes, and every kind of bad file with its error.
//! `tests/fixtures/pictures/make.py` renders all of them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tagsmith::ErrorKind;
use tagsmith::picture::PictureFormat;
use tagsmith::picture::{Limits, Picture, REDUCED_MARGIN, decode};

#[derive(Deserialize)]
struct Cases {
    good: Vec<Good>,
    bad: Vec<Bad>,
}

#[derive(Deserialize)]
struct Good {
    file: String,
    format: String,
    width: u32,
    height: u32,
    expected: String,
    max: u8,
    mean: f64,
}

#[derive(Deserialize)]
struct Bad {
    file: String,
    code: String,
    says: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures")
}

fn cases() -> Cases {
    let json = fs::read(folder().join("cases.json")).expect("the fixtures are in the repository");
    serde_json::from_slice(&json).expect("the script writes valid cases")
}

fn read(folder_name: &str, file: &str) -> Vec<u8> {
    fs::read(folder().join(folder_name).join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Decoded by the `image` crate directly, independently of the code under test.
fn expected(file: &str) -> image::RgbImage {
    image::load_from_memory(&read("expected", file)).expect("an RGB PNG").into_rgb8()
}

/// The largest and the mean difference of two pictures' samples.
fn difference(a: &[u8], b: &[u8]) -> (u8, f64) {
    assert_eq!(a.len(), b.len());
    let differences = || a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    (differences().max().unwrap_or(0), differences().map(f64::from).sum::<f64>() / a.len() as f64)
}

#[test]
fn every_kind_of_picture_has_the_pixels_that_pillow_decodes() {
    let mut wrong = Vec::new();
    for case in cases().good {
        let (format, picture) = match decode(&read("good", &case.file), &Limits::default(), None) {
            Ok(decoded) => decoded,
            Err(error) => {
                wrong.push(format!("{}: {error}", case.file));
                continue;
            }
        };
        let size = (picture.full_width(), picture.full_height());
        if format.name() != case.format || size != (case.width, case.height) {
            wrong.push(format!("{}: {} {size:?}", case.file, format.name()));
            continue;
        }
        let (max, mean) = difference(picture.pixels(), &expected(&case.expected));
        if max > case.max || mean > case.mean {
            wrong.push(format!("{}: off by {max} at most and {mean:.2} on average", case.file));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_bad_file_gives_its_error_and_a_helpful_detail() {
    let mut wrong = Vec::new();
    for case in cases().bad {
        match decode(&read("bad", &case.file), &Limits::default(), Some(224)) {
            Ok((_, picture)) => {
                wrong.push(format!("{}: decodes to {} × {}", case.file, picture.width(), picture.height()))
            }
            Err(error) => {
                let detail = error.detail();
                let sentences =
                    detail.ends_with('.') && detail.starts_with(char::is_uppercase) && !detail.contains('\n');
                let says_all = case.says.iter().all(|word| detail.contains(word.as_str()));
                if error.kind().code() != case.code || !says_all || !sentences {
                    wrong.push(format!(
                        "{}: {} {detail:?}, expected {} {:?}",
                        case.file,
                        error.kind().code(),
                        case.code,
                        case.says
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_callers_limits_are_enforced() {
    let file = read("good", "baseline_420.jpg");
    let (_, whole) = decode(&file, &Limits::default(), None).unwrap();
    let (width, height) = (whole.width(), whole.height());
    let exact = Limits {
        max_file_bytes: file.len() as u64,
        max_side: Some(width.max(height)),
        max_pixels: Some(u64::from(width) * u64::from(height)),
        ..Limits::default()
    };
    assert!(decode(&file, &exact, None).is_ok());
    let kind = |limits: Limits| decode(&file, &limits, None).unwrap_err().kind();
    assert_eq!(kind(Limits { max_file_bytes: exact.max_file_bytes - 1, ..exact }), ErrorKind::PictureFileTooLarge);
    assert_eq!(kind(Limits { max_side: exact.max_side.map(|side| side - 1), ..exact }), ErrorKind::PictureSideTooLong);
    assert_eq!(
        kind(Limits { max_pixels: exact.max_pixels.map(|pixels| pixels - 1), ..exact }),
        ErrorKind::PictureTooManyPixels
    );
}

#[test]
fn a_reduced_jpeg_keeps_its_full_size_and_enough_pixels() {
    for orientation in 1..=8 {
        let file = read("good", &format!("orientation_{orientation}.jpg"));
        let (_, whole) = decode(&file, &Limits::default(), None).unwrap();
        let (_, reduced) = decode(&file, &Limits::default(), Some(4)).unwrap();
        assert_eq!((reduced.full_width(), reduced.full_height()), (whole.width(), whole.height()));
        assert!(reduced.width() < whole.width(), "decoded at a reduced scale");
        assert!(reduced.width().min(reduced.height()) >= 4 * REDUCED_MARGIN);
        let extent = reduced.extent();
        let scale = extent.width / f64::from(whole.width());
        assert!((extent.height / f64::from(whole.height()) - scale).abs() < 1e-9, "both sides are scaled alike");
        assert!(extent.left >= 0.0 && extent.left + extent.width <= f64::from(reduced.width()));
        assert!(extent.top >= 0.0 && extent.top + extent.height <= f64::from(reduced.height()));
    }
}

/// Photographs outside the repository; their index has the expected result of each.
#[test]
fn real_photographs_decode_if_available() {
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/photos");
    let Ok(index) = fs::read_to_string(photos.join("index.csv")) else {
        println!("skipped: {} is not there", photos.display());
        return;
    };
    let mut checked = 0;
    for line in index.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (file, decodes) = (fields[0], fields[11] == "yes");
        // The index has the size as stored; orientations from 5 on swap the sides.
        let size = if fields[7] > "4" { (fields[5], fields[4]) } else { (fields[4], fields[5]) };
        let bytes = fs::read(photos.join(file)).unwrap();
        match decode(&bytes, &Limits::default(), None) {
            Ok((format, picture)) => {
                assert!(decodes, "{file} is broken and decodes all the same");
                assert_eq!(size, (&*picture.full_width().to_string(), &*picture.full_height().to_string()), "{file}");
                let named = fields[2].eq_ignore_ascii_case(format.name());
                assert!(named, "{file} is {} and was taken for {}", fields[2], format.name());
            }
            Err(error) => {
                let code = match fields[2] {
                    "AVIF" if file.starts_with("huge") => ErrorKind::PictureSideTooLong,
                    "AVIF" | "HEIF" => ErrorKind::PictureFormatUnsupported,
                    _ => ErrorKind::PictureDamaged,
                };
                assert!(!decodes || PictureFormat::sniff(&bytes) == Some(PictureFormat::Avif), "{file}: {error}");
                assert_eq!(error.kind(), code, "{file}: {error}");
            }
        }
        checked += 1;
    }
    assert!(checked >= 40, "{checked} photographs");
}

#[test]
fn a_browsers_pixels_are_composited_over_white() {
    let expected = [255, 255, 255, 1, 2, 3];
    let picture = Picture::from_rgba(2, 1, &[9, 9, 9, 0, 1, 2, 3, 255], &Limits::default()).unwrap();
    assert_eq!(picture.pixels(), expected);
}
