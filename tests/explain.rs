//! Explanations, compared with the plain formula on onnxruntime's feature maps, and on pictures where the position of the thing is known.

mod bundled;

use std::fs;
use std::path::{Path, PathBuf};

use bundled::{bundled, load};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use serde::Deserialize;
use tagsmith::ErrorKind;
use tagsmith::model::ResampleFilter;
use tagsmith::picture::resize;
use tagsmith::picture::{Limits, Picture, decode};
use tagsmith::tagging::{Explanation, TagHead, Tagger};

/// Tolerance for networks with int8 weights: the reference computes with floats.
const TOLERANCE: f32 = 0.02;

#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    explanations: Vec<ExpectedHeat>,
    explanation: Option<ExpectedRefusal>,
}

#[derive(Deserialize)]
struct ExpectedHeat {
    tag: String,
    width: usize,
    height: usize,
    heat: Vec<f32>,
}

#[derive(Deserialize)]
struct ExpectedRefusal {
    error: String,
    mentions: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_kind_of_network_matches_the_plain_formula_or_is_refused_with_the_reason() {
    let folder = root().join("tests/fixtures/models");
    let picture = fs::read(folder.join("picture.png")).unwrap();
    let (mut n_explained, mut n_refused) = (0, 0);
    for entry in fs::read_dir(&folder).unwrap() {
        let case: PathBuf = entry.unwrap().path();
        if !case.is_dir() {
            continue;
        }
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Expected =
            serde_json::from_str(&fs::read_to_string(case.join("expected.json")).unwrap()).unwrap();
        for ExpectedHeat { tag, width, height, heat } in expected.explanations {
            let found = load(&case)
                .unwrap()
                .explain_file(&picture, &tag, &Limits::default())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((found.width, found.height, found.region), (width, height, [0.0, 0.0, 1.0, 1.0]), "{name}");
            assert_eq!(found.heat.len(), heat.len(), "{name}");
            let off =
                found.heat.iter().zip(&heat).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max);
            println!("{name}, {tag}: off by {off:.4}");
            assert!(off <= TOLERANCE, "{name}, {tag}: off by {off}");
            n_explained += 1;
        }
        if let Some(ExpectedRefusal { error, mentions }) = expected.explanation {
            let found = load(&case).unwrap().explain_file(&picture, "cat", &Limits::default()).expect_err(&name);
            assert_eq!(found.kind().code(), error, "{name}: {found}");
            for part in mentions {
                assert!(found.detail().contains(&part), "{name}: {found} does not mention {part}");
            }
            n_refused += 1;
        }
    }
    assert!(n_explained >= 24 && n_refused >= 3, "{n_explained} explained, {n_refused} refused");
}

#[test]
fn a_tag_that_the_model_does_not_have_is_refused() {
    let picture = fs::read(root().join("tests/cases/coffee/picture.jpg")).unwrap();
    let error = bundled().explain_file(&picture, "grandmother's kitchen", &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ExplanationUnavailable);
    assert!(error.detail().contains("grandmother's kitchen"), "{error}");
}

#[test]
fn the_hottest_cell_of_a_golden_picture_is_on_the_thing() {
    let picture = fs::read(root().join("tests/cases/coffee/picture.jpg")).unwrap();
    let Explanation { width, height, heat, region } =
        bundled().explain_file(&picture, "espresso", &Limits::default()).unwrap();
    assert_eq!((width, height, heat.len(), heat[2 * 7 + 3]), (7, 7, 49, 1.0), "{heat:?}");
    assert!([0, 6, 42, 48].iter().all(|&corner| heat[corner] < 0.1), "{heat:?}");
    // 512 × 341 is scaled to 384 × 256, then cropped to the central 224 × 224.
    let seen = [80.0 / 384.0, 16.0 / 256.0, 224.0 / 384.0, 224.0 / 256.0];
    assert!(region.iter().zip(seen).all(|(found, expected)| (found - expected).abs() < 1e-6), "{region:?}");
}

#[test]
fn tags_of_heads_and_of_the_face_detector_are_explained() {
    let tagger = bundled();
    let explain = |case: &str, tag: &str| {
        let picture = fs::read(root().join("tests/cases").join(case)).unwrap();
        tagger.explain_file(&picture, tag, &Limits::default()).unwrap_or_else(|error| panic!("{tag}: {error}"))
    };
    let person = explain("astronaut/picture.jpg", "person");
    let (x, y) = middle_of_heat(&person);
    assert!(
        (0.35..0.55).contains(&x) && (0.1..0.4).contains(&y),
        "her face is left of the middle, near the top: {x}, {y}"
    );
    let map = explain("drawn_crossword_one_bit/picture.png", "map");
    assert_eq!((map.width, map.height), (7, 7));
    assert!(map.heat.contains(&1.0) && map.heat.iter().any(|&heat| heat < 0.5), "{:?}", map.heat);
    let graphics = explain("drawn_crossword_one_bit/picture.png", "graphics");
    assert_eq!(graphics.width, 7, "a parent is explained by its most confident descendant");
}

#[test]
fn an_own_tag_is_explained_by_its_direction_as_the_tag_of_a_head_is() {
    let tagger = bundled();
    let json = fs::read_to_string(root().join("models/efficientnet-lite0/heads/general.json")).unwrap();
    let head = TagHead::parse(&json, tagger.card(), tagger.vocabulary()).unwrap();
    let direction = head.direction(tagger.vocabulary().idx("map").unwrap()).unwrap();
    let picture = fs::read(root().join("tests/cases/drawn_crossword_one_bit/picture.png")).unwrap();
    let found = tagger.explain_own_file(&picture, &direction, &Limits::default()).unwrap();
    assert_eq!(found, tagger.explain_file(&picture, "map", &Limits::default()).unwrap());
    let endless = [&[f32::NAN], &direction[1..]].concat();
    for other in [&direction[1..], &endless] {
        let error = tagger.explain_own_file(&picture, other, &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ExplanationUnavailable);
        assert!(error.detail().contains("Train it again"), "{error}");
    }
}

/// The centre of the heat in the upright picture, from (0, 0) to (1, 1).
fn middle_of_heat(explanation: &Explanation) -> (f32, f32) {
    let [left, top, width, height] = explanation.region;
    let (columns, rows) = (explanation.width as f32, explanation.height as f32);
    let mut sums = (0.0, 0.0, 0.0);
    for (place, heat) in explanation.heat.iter().enumerate() {
        let (x, y) = ((place % explanation.width) as f32 + 0.5, (place / explanation.width) as f32 + 0.5);
        sums.0 += heat * (left + width * x / columns);
        sums.1 += heat * (top + height * y / rows);
        sums.2 += heat;
    }
    (sums.0 / sums.2, sums.1 / sums.2)
}

/// Width and height of [`cup_at`].
const GROUND: (u32, u32) = (640, 480);

/// A cup of coffee of 320 × 240 pixels with its top left corner at `corner`, on grey noise.
fn cup_at(corner: (u32, u32)) -> Vec<u8> {
    let (_, coffee) =
        decode(&fs::read(root().join("tests/cases/coffee/picture.jpg")).unwrap(), &Limits::default(), None).unwrap();
    let cup = resize(&coffee, 320, 240, ResampleFilter::Bicubic);
    let mut dice = 1_u32;
    let noise = (0..GROUND.0 * GROUND.1).flat_map(|_| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        [110 + (dice >> 27) as u8; 3]
    });
    let mut pixels: Vec<u8> = noise.collect();
    for (y, row) in cup.pixels().chunks_exact(3 * 320).enumerate() {
        let start = 3 * ((corner.1 as usize + y) * GROUND.0 as usize + corner.0 as usize);
        pixels[start..start + row.len()].copy_from_slice(row);
    }
    pixels
}

fn explain_cup(tagger: &Tagger, pixels: Vec<u8>) -> Explanation {
    tagger.explain(&Picture::from_rgb(GROUND.0, GROUND.1, pixels), "espresso").unwrap()
}

#[test]
fn the_heat_follows_the_thing() {
    let tagger = bundled();
    for (corner, is_there) in [
        ((0, 120), (|x, _| x < 0.42) as fn(f32, f32) -> bool),
        ((320, 120), |x, _| x > 0.58),
        ((160, 0), |_, y| y < 0.42),
        ((160, 240), |_, y| y > 0.58),
    ] {
        let (x, y) = middle_of_heat(&explain_cup(&tagger, cup_at(corner)));
        println!("the cup's corner at {corner:?}: the heat's middle at {x:.2}, {y:.2}");
        assert!(is_there(x, y), "the cup's corner at {corner:?}: the heat's middle at {x:.2}, {y:.2}");
    }
}

#[test]
fn mirroring_a_picture_mirrors_its_heat() {
    let tagger = bundled();
    let pixels = cup_at((0, 120));
    let rows = pixels.chunks_exact(3 * GROUND.0 as usize);
    let mirrored = rows.flat_map(|row| row.as_chunks::<3>().0.iter().rev().flatten().copied()).collect();
    let (there, mirrored) = (explain_cup(&tagger, pixels), explain_cup(&tagger, mirrored));
    assert_eq!(there.region, mirrored.region);
    assert!((middle_of_heat(&there).0 + middle_of_heat(&mirrored).0 - 1.0).abs() < 0.06);
}

#[test]
fn a_picture_rotated_by_exif_is_explained_upright() {
    let tagger = bundled();
    let pixels = cup_at((0, 120));
    let upright = explain_cup(&tagger, pixels.clone());
    assert!(upright.region[0] > 0.1 && upright.region[2] < 0.7, "the network sees the middle: {:?}", upright.region);

    // Orientation 6 is shown rotated clockwise, so store it rotated anticlockwise.
    let (width, height) = (GROUND.0 as usize, GROUND.1 as usize);
    let stored: Vec<u8> = (0..width)
        .rev()
        .flat_map(|x| (0..height).map(move |y| 3 * (y * width + x)))
        .flat_map(|at| [pixels[at], pixels[at + 1], pixels[at + 2]])
        .collect();
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    encoder.set_exif_metadata(exif.to_vec()).unwrap();
    encoder.write_image(&stored, GROUND.1, GROUND.0, ExtendedColorType::Rgb8).unwrap();
    assert_eq!(tagger.explain_file(&file, "espresso", &Limits::default()).unwrap(), upright);
}
