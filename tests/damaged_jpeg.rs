//! JPEGs as people have them: cut off, with lost markers, without tables. Each is made here from a sound one, and compared with it.

use std::fs;
use std::path::Path;

use tagsmith::picture::{Limits, Picture, decode};
use tagsmith::{ErrorKind, Result};

const EOI: [u8; 2] = [0xFF, 0xD9];
/// "Exif", then a directory with nothing but an orientation.
const EXIF: [u8; 32] = *b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures/good");
    fs::read(folder.join(name)).unwrap()
}

fn read(bytes: &[u8]) -> Result<Picture> {
    decode(bytes, &Limits::default(), None).map(|(_, picture)| picture)
}

/// Where a marker begins; with `n`, the one after so many others.
fn find(bytes: &[u8], marker: u8, n: usize) -> usize {
    let found = bytes.windows(2).enumerate().filter(|(_, pair)| pair == &[0xFF, marker]).map(|(at, _)| at);
    found.clone().nth(n).unwrap_or_else(|| panic!("{} markers {marker:02X}", found.count()))
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
}

fn without(bytes: &[u8], range: std::ops::Range<usize>) -> Vec<u8> {
    [&bytes[..range.start], &bytes[range.end..]].concat()
}

/// Without Huffman tables.
fn without_tables(mut bytes: Vec<u8>) -> Vec<u8> {
    while bytes.windows(2).any(|pair| pair == [0xFF, 0xC4]) {
        let at = find(&bytes, 0xC4, 0);
        let len = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        bytes = without(&bytes, at..at + 2 + len);
    }
    bytes
}

fn with(bytes: &[u8], at: usize, more: &[u8]) -> Vec<u8> {
    [&bytes[..at], more, &bytes[at..]].concat()
}

/// What every other program reads in full comes out as if nothing were wrong.
#[test]
fn nothing_is_lost_where_only_marks_are() {
    for name in ["baseline_420.jpg", "progressive.jpg", "grey_progressive.jpg", "cmyk.jpg", "restart_markers.jpg"] {
        let sound = fixture(name);
        let end = sound.len() - 2;
        assert_eq!(sound[end..], EOI, "{name}");
        let whole = read(&sound).unwrap();
        let trailer = [b"SEFH\0\0\0\x18ftypmp42", &[0xFF, 0x5A, 0xFF, 0xDB, 1][..], &[7; 300]].concat();
        let frame = find(&sound, if name.contains("progressive") { 0xC2 } else { 0xC0 }, 0);
        for (what, bytes) in [
            ("no end", sound[..end].to_vec()),
            ("half an end", sound[..=end].to_vec()),
            ("zeros", [&sound[..end], &[0; 500]].concat()),
            ("a trailer", [&sound[..end], &trailer].concat()),
            ("lines in front", with(&sound, frame, &segment(0xDC, &[0, 35]))),
            ("lines behind", {
                let mut bytes = with(&sound, end, &segment(0xDC, &[0, 35]));
                bytes[frame + 5..frame + 7].fill(0);
                bytes
            }),
        ] {
            // Lines behind the last of several scans are not what the standard means, and still said.
            let picture = read(&bytes).unwrap_or_else(|error| panic!("{name}, {what}: {error}"));
            assert_eq!(picture, whole, "{name}, {what}");
        }
    }
}

#[test]
fn two_components_may_share_an_identifier() {
    let mut bytes = fixture("cmyk.jpg");
    let whole = read(&bytes).unwrap();
    let (frame, scan) = (find(&bytes, 0xC0, 0), find(&bytes, 0xDA, 0));
    bytes[frame + 10 + 9] = bytes[frame + 10 + 6];
    bytes[scan + 5 + 6] = bytes[scan + 5 + 4];
    assert_eq!(read(&bytes).unwrap(), whole);
}

#[test]
fn a_frame_of_a_film_means_the_usual_tables() {
    let sound = fixture("baseline_420.jpg");
    let bytes = without_tables(sound.clone());
    assert_eq!(read(&bytes).unwrap(), read(&sound).unwrap());
}

#[test]
fn a_lost_restart_marker_is_found_by_counting_and_a_lost_interval_made_up() {
    let sound = fixture("restart_markers.jpg");
    let whole = read(&sound).unwrap();
    let marker = find(&sound, 0xD1, 0);
    assert_eq!(read(&without(&sound, marker..marker + 2)).unwrap(), whole);

    let next = find(&sound, 0xD2, 0);
    let picture = read(&without(&sound, marker..next)).unwrap();
    assert!(picture.is_incomplete() && difference(&picture, &whole) < 30.0, "{}", difference(&picture, &whole));
}

/// In rows from the top, every row that came is right, and the rest continues its colours.
#[test]
fn a_picture_that_is_cut_off_is_read_as_far_as_it_came() {
    let sound = fixture("baseline_444.jpg");
    let whole = read(&sound).unwrap();
    let scan = find(&sound, 0xDA, 0);
    let data = scan + 14;
    let share = |of: f64| data + ((sound.len() - data) as f64 * of) as usize;
    let row = 3 * whole.width() as usize;
    for bytes in [
        sound[..share(0.75)].to_vec(),
        // A marker in the middle of the data that can be none.
        [&sound[..share(0.75)], &[0xFF, 0xC4, 0x7F, 0xF0], &sound[share(0.75) + 4..]].concat(),
    ] {
        let picture = read(&bytes).unwrap();
        assert!(picture.is_incomplete());
        let rows = whole.height() as usize / 2;
        assert_eq!(picture.pixels()[..rows * row], whole.pixels()[..rows * row]);
        assert!(difference(&picture, &whole) < 40.0, "{}", difference(&picture, &whole));
    }
    let too_short = read(&sound[..share(0.3)]).unwrap_err();
    assert!(too_short.kind() == ErrorKind::PictureDamaged && too_short.detail().contains("cut off"), "{too_short}");
}

#[test]
fn a_progressive_picture_that_is_cut_off_is_softer() {
    let sound = fixture("progressive.jpg");
    let whole = read(&sound).unwrap();
    let n_scans = sound.windows(2).filter(|pair| pair == &[0xFF, 0xDA]).count();
    let mut former = f64::INFINITY;
    for scan in 2..n_scans {
        // In the middle of a scan's data.
        let (at, next) = (find(&sound, 0xDA, scan), sound.len());
        let end = at + 10 + (next - at) / 8;
        let picture = read(&sound[..end.min(next)]).unwrap();
        assert!(picture.is_incomplete(), "cut in scan {scan}");
        let now = difference(&picture, &whole);
        assert!(now <= former + 0.5 && now < 30.0, "cut in scan {scan}: {now} after {former}");
        former = now;
    }
}

#[test]
fn of_two_exif_blocks_the_first_counts() {
    let sound = fixture("baseline_420.jpg");
    let mut upright = EXIF;
    upright[24] = 1;
    let twice = with(&with(&sound, 2, &segment(0xE1, &EXIF)), 2, &segment(0xE1, &upright));
    assert_eq!(read(&twice).unwrap(), read(&sound).unwrap());
    let turned = read(&with(&sound, 2, &segment(0xE1, &EXIF))).unwrap();
    assert_eq!((turned.width(), turned.height()), (35, 45));
}

/// A shift of the samples by one bit: what comes out lies at most one beside what went in.
#[test]
fn lossless_samples_may_be_shifted() {
    // 3 × 2 grey samples, predictor 1, shift 1: 100, 102, 104 and 90, 92, 94. The differences are 50 - 64, 1, 1, 45 - 50, 1, 1.
    let frame = segment(0xC3, &[8, 0, 2, 0, 3, 1, 1, 0x11, 0]);
    // Categories 0 to 7, with codes of three bits.
    let mut table = vec![0, 0, 0, 8];
    table.extend([0; 13]);
    table.extend(0..8);
    let scan = segment(0xDA, &[1, 1, 0, 1, 0, 0x01]);
    let mut bits = String::new();
    for difference in [-14_i32, 1, 1, -5, 1, 1] {
        let category = 32 - difference.unsigned_abs().leading_zeros();
        let value = if difference < 0 { difference + (1 << category) - 1 } else { difference };
        bits += &format!("{category:03b}{value:0width$b}", width = category as usize);
    }
    bits += &"1".repeat((8 - bits.len() % 8) % 8);
    let data: Vec<u8> =
        bits.as_bytes().chunks(8).map(|byte| u8::from_str_radix(str::from_utf8(byte).unwrap(), 2).unwrap()).collect();
    let file = [&[0xFF, 0xD8][..], &frame, &segment(0xC4, &table), &scan, &data, &EOI].concat();
    let grey: Vec<u8> = read(&file).unwrap().pixels().iter().step_by(3).copied().collect();
    assert_eq!(grey, [100, 102, 104, 90, 92, 94]);
}

/// As encoders write it, without Huffman tables: its data mean something else, and are not taken for what is left of a picture.
#[test]
fn an_arithmetic_picture_is_refused_as_one() {
    let mut bytes = without_tables(fixture("baseline_420.jpg"));
    let frame = find(&bytes, 0xC0, 0);
    bytes[frame + 1] = 0xC9;
    for bytes in [&bytes[..], &bytes[..bytes.len() - 9]] {
        assert_eq!(read(bytes).unwrap_err().kind(), ErrorKind::PictureFormatUnsupported);
    }
}

/// What is rewritten of hostile data is bounded by the picture, and takes time in proportion.
#[test]
fn damage_of_every_kind_ends_soon_and_without_a_panic() {
    for name in ["restart_markers.jpg", "progressive.jpg", "baseline_420.jpg", "cmyk.jpg"] {
        let sound = fixture(name);
        let mut random = 1_u32;
        let mut next = move || {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            random as usize
        };
        for _ in 0..1_500 {
            let mut bytes = sound[..sound.len() - next() % 200].to_vec();
            for _ in 0..next() % 6 {
                let at = next() % bytes.len();
                bytes[at] = if next() % 3 == 0 { 0xFF } else { next() as u8 };
            }
            let _ = decode(&bytes, &Limits { max_pixels: Some(500_000), ..Limits::default() }, None);
        }
    }
    // The header of a scan ends as padding of the marker behind it would.
    let sound = fixture("baseline_420.jpg");
    let data = find(&sound, 0xDA, 0) + 14;
    let padded = [&sound[..data - 1], &[0xFF, 0xFF, 0xD9]].concat();
    assert_eq!(read(&padded).unwrap_err().kind(), ErrorKind::PictureDamaged);
    // A restart marker is expected after every MCU of 16 million, and none comes.
    let mut bytes = fixture("restart_markers.jpg");
    let at = find(&bytes, 0xC0, 0) + 5;
    bytes[at..at + 4].copy_from_slice(&[0x20, 0, 0x20, 0]);
    let end = bytes.len() - 2;
    let long = with(&bytes, end, &vec![0x55; 2 << 20]);
    let started = std::time::Instant::now();
    let _ = decode(&long, &Limits::default(), None);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

/// Mean of all samples, of 255.
fn difference(picture: &Picture, other: &Picture) -> f64 {
    assert_eq!((picture.width(), picture.height()), (other.width(), other.height()));
    let sum: u64 = picture.pixels().iter().zip(other.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / picture.pixels().len() as f64
}
