//! Compares resampling with Pillow, and JPEGs decoded at a reduced scale with the full scale.
//! `tests/fixtures/resize/make.py` renders the pictures.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use tagsmith::model::{Colour, Fit, InputSpec, Layout, ResampleFilter};
use tagsmith::picture::{Limits, Picture, REDUCED_MARGIN, decode};
use tagsmith::picture::{fit, resize};

/// Maximum difference of any sample, of 255.
const TOLERANCE: u8 = 2;
const PAD: [u8; 3] = [124, 116, 104];
const SHORTER_SIDE: u32 = 64;

#[derive(Deserialize)]
struct Case {
    source: String,
    filter: ResampleFilter,
    width: u32,
    height: u32,
    fit: String,
    expected: String,
}

fn read(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/resize");
    fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn picture(file: &str) -> Picture {
    decode(&read(file), &Limits::default(), None).unwrap().1
}

fn input(case: &Case, fit: Fit) -> InputSpec {
    InputSpec {
        name: "image".into(),
        height: case.height,
        width: case.width,
        layout: Layout::Nchw,
        colour: Colour::Rgb,
        mean: [0.0; 3],
        std: [1.0; 3],
        fit,
        filter: case.filter,
    }
}

#[test]
fn every_case_agrees_with_pillow() {
    let cases: Vec<Case> = serde_json::from_slice(&read("cases.json")).unwrap();
    let mut worst = 0;
    for case in &cases {
        let source = picture(&format!("sources/{}.png", case.source));
        let resized = match case.fit.as_str() {
            "whole" => resize(&source, case.width, case.height, case.filter),
            "squash" => fit(&source, &input(case, Fit::Squash {})),
            "centre_crop" => fit(&source, &input(case, Fit::CentreCrop { shorter_side: SHORTER_SIDE })),
            "squash_crop" => fit(&source, &input(case, Fit::SquashCrop { height: 46, width: 64 })),
            "letterbox" => fit(&source, &input(case, Fit::Letterbox { pad: PAD })),
            other => panic!("the script writes no fit {other}"),
        };
        let expected = picture(&format!("expected/{}", case.expected));
        assert_eq!((resized.width(), resized.height()), (expected.width(), expected.height()), "{}", case.expected);
        let difference = resized.pixels().iter().zip(expected.pixels()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(difference <= Some(TOLERANCE), "{} is off by {difference:?}", case.expected);
        worst = worst.max(difference.unwrap_or(0));
    }
    assert!(cases.len() >= 16, "{} cases", cases.len());
    println!("{} cases, off by {worst} of 255 at most", cases.len());
}

/// The mean difference of two pictures' samples, and the 99.9th percentile.
fn difference(a: &Picture, b: &Picture) -> (f64, u8) {
    let mut all: Vec<u8> = a.pixels().iter().zip(b.pixels()).map(|(a, b)| a.abs_diff(*b)).collect();
    all.sort_unstable();
    (all.iter().map(|off| f64::from(*off)).sum::<f64>() / all.len() as f64, all[all.len() * 999 / 1000])
}

/// Checks that the network's input hardly depends on the scale at which a JPEG is decoded.
fn check_reduced(name: &str, bytes: &[u8], side: u32, (max_mean, max_most): (f64, u8)) {
    let case = Case {
        source: name.into(),
        filter: ResampleFilter::Bicubic,
        width: side,
        height: side,
        fit: "".into(),
        expected: "".into(),
    };
    let input = input(&case, Fit::CentreCrop { shorter_side: side });
    let Ok((_, whole)) = decode(bytes, &Limits::default(), None) else { return };
    let (_, reduced) = decode(bytes, &Limits::default(), Some(side)).unwrap();
    if reduced.width() < whole.width() {
        assert!(reduced.width().min(reduced.height()) >= REDUCED_MARGIN * side);
        let (mean, most) = difference(&fit(&whole, &input), &fit(&reduced, &input));
        println!("{name}: {}x{} at {side}: mean {mean:.2}, 99.9 % within {most}", reduced.width(), reduced.height());
        assert!(mean <= max_mean && most <= max_most, "{name}: mean {mean:.2}, 99.9 % within {most}");
    }
}

#[test]
fn a_jpeg_at_reduced_scale_looks_the_same_to_the_network() {
    let file = read("sources/reduced.jpg");
    for side in [25, 40, 52, 80, 105] {
        // Lines and discs in every colour, harder than any photograph.
        check_reduced("reduced.jpg", &file, side, (2.5, 25));
    }
}

#[test]
fn real_photographs_at_reduced_scale_look_the_same_if_available() {
    let Ok(photos) = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/photos")) else {
        println!("skipped: ../shared/data/photos is not there");
        return;
    };
    for entry in photos.map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".jpg") {
            let bytes = fs::read(&entry).unwrap();
            for side in [256, 128, 64] {
                check_reduced(&name, &bytes, side, (1.0, 10));
            }
        }
    }
}
