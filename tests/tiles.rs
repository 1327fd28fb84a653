//! Tiled inference on pictures composed of golden pictures: it finds what the centre crop cannot see.

mod bundled;

use std::fs;
use std::path::Path;

use bundled::bundled;
use tagsmith::model::ResampleFilter;
use tagsmith::picture::resize;
use tagsmith::picture::{Limits, Picture, decode};
use tagsmith::{Inference, TagOptions, Tagger};

const SIDE: u32 = 320;

/// Golden pictures side by side, each in a square.
fn beside(cases: &[&str]) -> Picture {
    let squares: Vec<Picture> = cases
        .iter()
        .map(|case| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case);
            let (_, picture) = decode(&fs::read(path).unwrap(), &Limits::default(), None).unwrap();
            resize(&picture, SIDE, SIDE, ResampleFilter::Bicubic)
        })
        .collect();
    let row = 3 * SIDE as usize;
    let pixels = (0..SIDE as usize).flat_map(|y| squares.iter().flat_map(move |one| &one.pixels()[y * row..][..row]));
    Picture::from_rgb(SIDE * cases.len() as u32, SIDE, pixels.copied().collect())
}

fn infer(tagger: &Tagger, picture: &Picture, tiled: bool) -> Inference {
    let options = TagOptions { tiled, ..TagOptions::default() };
    tagger.infer(picture, String::new(), "png", &options).unwrap()
}

/// Ids of the shown tags and their parents.
fn shown(tagger: &Tagger, inference: &Inference) -> Vec<String> {
    let tags = tagger.select(&inference, tagger.policy()).unwrap();
    tags.into_iter()
        .flat_map(|tag| tag.parents.into_iter().chain([tag.idx]))
        .map(|idx| tagger.vocabulary().tag(idx).id.clone())
        .collect()
}

#[test]
fn tiles_find_things_beside_the_centre_and_lose_none() {
    let tagger = bundled();
    let picture = beside(&["coffee/picture.jpg", "brick_grey_png/picture.png", "camera_grey/picture.jpg"]);
    let (whole, tiled) = (infer(&tagger, &picture, false), infer(&tagger, &picture, true));
    let (first, all) = (shown(&tagger, &whole), shown(&tagger, &tiled));
    for wanted in ["espresso", "tripod", "person"] {
        assert!(all.iter().any(|id| id == wanted), "{wanted} in {all:?}");
    }
    let found = |all: &[String]| ["espresso", "tripod"].iter().filter(|id| all.iter().any(|one| one == *id)).count();
    assert!(found(&all) > found(&first), "{first:?}, then {all:?}");
    assert_eq!(
        (tiled.scores, tiled.embedding),
        (whole.scores, whole.embedding),
        "scores and embedding are those of the whole picture"
    );
    for candidate in &whole.candidates {
        let later = tiled.candidates.iter().find(|one| one.tag == candidate.tag).expect("nothing is lost");
        assert!(later.confidence >= candidate.confidence - 1e-6);
    }
    assert_eq!(infer(&tagger, &picture, false).candidates, whole.candidates, "tiles do not affect the next picture");
}

#[test]
fn faces_found_in_tiles_count_for_the_whole_picture() {
    let tagger = bundled();
    let squares =
        ["camera_grey/picture.jpg", "astronaut/picture.jpg", "astronaut/picture.jpg", "astronaut/picture.jpg"];
    let all = shown(&tagger, &infer(&tagger, &beside(&squares), true));
    assert!(all.iter().any(|id| id == "group"), "three times the same face: {all:?}");
}
