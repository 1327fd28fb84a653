//! The second look with the detector that comes with Tagsmith: its boxes lie where things are, however a picture is stored, and what fails
//! costs nothing of the first look.

mod bundled;

use std::fs;
use std::path::Path;

use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder, RgbImage};

use bundled::{file_with_objects, with_objects};
use tagsmith::model::{ResampleFilter, no_companions};
use tagsmith::picture::{Limits, Picture, decode, resize};
use tagsmith::tags::{Region, Tagging};
use tagsmith::{ErrorKind, TagOptions, Tagger};

fn case(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(path)).unwrap()
}

fn first_look(tagger: &Tagger, picture: &Picture) -> Tagging {
    let first = tagger.infer(picture, String::new(), "png").unwrap();
    Tagging { facts: first.facts, candidates: first.candidates, boxes: first.boxes, timings: first.timings }
}

/// The surest box of a tag.
fn surest_box(tagger: &Tagger, picture: &Picture, id: &str) -> Region {
    let seen = tagger.look_again(picture, &first_look(tagger, picture)).unwrap();
    let tag = tagger.vocabulary().idx(id).unwrap();
    seen.boxes.iter().find(|one| one.tag == tag).unwrap_or_else(|| panic!("no {id} in {:?}", seen.boxes)).region
}

/// Largest distance of two boxes' sides and corners, in pixels of the picture.
fn apart(found: Region, expected: Region, [width, height]: [u32; 2]) -> f32 {
    let sides = [width, height, width, height].map(|side| side as f32);
    (0..4).map(|nth| (found[nth] - expected[nth]).abs() * sides[nth]).fold(0.0, f32::max)
}

/// A file of `picture` as a camera stores it that is held as an EXIF orientation says.
fn stored(picture: &Picture, orientation: u8) -> Vec<u8> {
    let pixels = RgbImage::from_raw(picture.width(), picture.height(), picture.pixels().to_vec()).unwrap();
    let mut lying = DynamicImage::from(pixels);
    // What turns it back: 6 and 8 are each other's opposite, the others are their own.
    let back = match orientation {
        6 => 8,
        8 => 6,
        same => same,
    };
    lying.apply_orientation(Orientation::from_exif(back).unwrap());
    let exif = [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[orientation, 0, 0, 0, 0, 0, 0, 0][..]].concat();
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_exif_metadata(exif).unwrap();
    lying.write_with_encoder(encoder).unwrap();
    file
}

/// A picture in the right half of a grey one of this width.
fn in_panorama(picture: &Picture, width: u32) -> Picture {
    let (row, inner) = (3 * width as usize, 3 * picture.width() as usize);
    let mut pixels = vec![128; row * picture.height() as usize];
    for (outer, inner) in pixels.chunks_exact_mut(row).zip(picture.pixels().chunks_exact(inner)) {
        outer[row / 2..][..inner.len()].copy_from_slice(inner);
    }
    Picture::from_rgb(width, picture.height(), pixels)
}

#[test]
fn boxes_are_those_of_the_upright_picture_in_all_eight_orientations() {
    let tagger = with_objects();
    let (_, picture) = decode(&case("coffee/picture.jpg"), &Limits::default(), None).unwrap();
    let size = [picture.width(), picture.height()];
    let cup = surest_box(&tagger, &picture, "cup");
    // As onnxruntime has it for the picture that Pillow resizes.
    assert!(apart(cup, [0.286, 0.043, 0.404, 0.608], size) < 2.0, "{cup:?}");
    for orientation in 1..=8 {
        let file = stored(&picture, orientation);
        let first = tagger.decode(&file, &TagOptions::default()).unwrap().picture;
        assert_eq!([first.width(), first.height()], size, "{orientation} is upright");
        let found = surest_box(&tagger, &first, "cup");
        assert!(apart(found, cup, size) < 2.0, "{orientation}: {found:?} instead of {cup:?}");
    }
}

#[test]
fn boxes_of_a_panorama_lie_where_the_thing_is() {
    let tagger = with_objects();
    let (_, cat) = decode(&case("chelsea/picture.jpg"), &Limits::default(), None).unwrap();
    let small = resize(&cat, 300, 200, ResampleFilter::Bicubic);
    let found = surest_box(&tagger, &in_panorama(&small, 800), "cat");
    // It fills nearly all of its picture. A pixel of the input is two of the panorama.
    assert!(apart(found, [0.5, 0.0, 0.35, 1.0], [800, 200]) < 16.0, "{found:?}");
}

#[test]
fn a_tag_of_the_second_look_has_boxes_and_is_explained_by_them() {
    let tagger = with_objects();
    let file = case("astronaut/picture.jpg");
    let tagged = tagger.tag(&file, &TagOptions::default()).unwrap();
    assert!(tagged.objects_failed.is_none() && tagged.inference.timings.objects.is_some());
    let person = tagged.tags.iter().find(|tag| tag.id == "person").expect("a person is shown");
    assert_eq!((person.count, person.boxes.len()), (Some(1), 1), "her face is in her box");
    assert_eq!(tagger.card().components()[usize::from(person.component)], "detector:nanodet-g");
    let seen = tagger.explain_file(&file, "person", &Limits::default()).unwrap();
    let [left, top, width, height] = person.boxes[0];
    let at =
        |x: f32, y: f32| seen.heat[(y * seen.height as f32) as usize * seen.width + (x * seen.width as f32) as usize];
    assert_eq!((at(left + width / 2.0, top + height / 2.0), at(0.99, 0.01)), (1.0, 0.0));
}

#[test]
fn a_second_look_that_cannot_be_had_is_an_error_and_the_first_stays() {
    let mut tagger = Tagger::from_reader(&file_with_objects).unwrap();
    let file = case("coffee/picture.jpg");
    let first = tagger.tag(&file, &TagOptions::default()).unwrap();
    assert!(tagger.has_second_look() && !tagger.has_objects() && first.objects_failed.is_none());
    let nothing = tagger.look_again(&first.picture, &first_look(&tagger, &first.picture)).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::ModelMismatch, "nothing is loaded");
    let damaged = |path: &str, most: u64| {
        let mut bytes = file_with_objects(path, most)?;
        bytes[1000] ^= 1;
        Ok(bytes)
    };
    assert_eq!(tagger.load_objects(&no_companions).unwrap_err().kind(), ErrorKind::FileUnreadable);
    assert_eq!(tagger.load_objects(&damaged).unwrap_err().kind(), ErrorKind::ModelHashMismatch);
    assert_eq!(tagger.tag(&file, &TagOptions::default()).unwrap().inference.candidates, first.inference.candidates);

    tagger.load_objects(&file_with_objects).unwrap();
    let second = tagger.look_again(&first.picture, &first_look(&tagger, &first.picture)).unwrap();
    let again = tagger.look_again(&first.picture, &second).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::ScoresInvalid, "a second look is no first");
}

#[test]
fn a_blank_picture_has_nothing_in_it_for_the_second_look_either() {
    let tagger = with_objects();
    let blank = Picture::from_rgb(300, 200, vec![0; 300 * 200 * 3]);
    let seen = tagger.look_again(&blank, &first_look(&tagger, &blank)).unwrap();
    assert!(seen.candidates.is_empty() && seen.boxes.is_empty());
}
