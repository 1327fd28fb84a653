//! Thorough mode on pictures made of several golden ones: what one look at the middle cannot see.

mod bundled;

use std::fs;
use std::path::Path;

use bundled::bundled;
use tagsmith::card::Filter;
use tagsmith::corrections::Resolved;
use tagsmith::decode::{Limits, Picture, decode};
use tagsmith::resize::resize;
use tagsmith::tagger::{Scored, Tagger};
use tagsmith::tags::{Policy, Selector};

const SIDE: u32 = 320;

/// Golden pictures side by side, each in a square.
fn beside(cases: &[&str]) -> Picture {
    let squares: Vec<Picture> = cases
        .iter()
        .map(|case| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case);
            let (_, picture) = decode(&fs::read(path).unwrap(), &Limits::default(), None).unwrap();
            resize(&picture, SIDE, SIDE, Filter::Bicubic)
        })
        .collect();
    let row = 3 * SIDE as usize;
    let pixels = (0..SIDE as usize).flat_map(|y| squares.iter().flat_map(move |one| &one.pixels()[y * row..][..row]));
    Picture::from_rgb(SIDE * cases.len() as u32, SIDE, pixels.copied().collect())
}

fn shown(tagger: &Tagger, scored: &Scored) -> Vec<String> {
    let policy = Policy::from(tagger.card().policy);
    let selector = Selector::new(policy, tagger.card().policy.parents, tagger.vocabulary()).unwrap();
    let tags = selector.select(&scored.candidates, &Resolved::default(), tagger.vocabulary());
    tags.into_iter()
        .flat_map(|tag| tag.parents.into_iter().chain([tag.idx]))
        .map(|idx| tagger.vocabulary().tag(idx).id.clone())
        .collect()
}

#[test]
fn what_stands_beside_the_middle_is_found_and_nothing_of_the_whole_is_lost() {
    let mut tagger = bundled();
    let picture = beside(&["coffee/picture.jpg", "brick_grey_png/picture.png", "camera_grey/picture.jpg"]);
    let look = |tagger: &Tagger| tagger.score(&picture, String::new(), "png").unwrap();
    let once = look(&tagger);
    tagger.set_thorough(true).unwrap();
    let thorough = look(&tagger);
    let (first, all) = (shown(&tagger, &once), shown(&tagger, &thorough));
    for wanted in ["espresso", "tripod", "person"] {
        assert!(all.iter().any(|id| id == wanted), "{wanted} in {all:?}");
    }
    let found = |all: &[String]| ["espresso", "tripod"].iter().filter(|id| all.iter().any(|one| one == *id)).count();
    assert!(found(&all) > found(&first), "{first:?}, then {all:?}");
    assert_eq!(
        (thorough.scores == once.scores, thorough.embedding == once.embedding),
        (true, true),
        "those of the whole"
    );
    for candidate in &once.candidates {
        let later = thorough.candidates.iter().find(|one| one.tag == candidate.tag).expect("nothing is lost");
        assert!(later.confidence >= candidate.confidence - 1e-6);
    }
    tagger.set_thorough(false).unwrap();
    assert_eq!(look(&tagger).candidates, once.candidates, "and it can be switched off again");
}

#[test]
fn small_faces_are_found_in_parts_and_lie_where_they_are_in_the_whole() {
    let mut tagger = bundled();
    let squares =
        ["camera_grey/picture.jpg", "astronaut/picture.jpg", "astronaut/picture.jpg", "astronaut/picture.jpg"];
    let picture = beside(&squares);
    tagger.set_thorough(true).unwrap();
    let all = shown(&tagger, &tagger.score(&picture, String::new(), "png").unwrap());
    assert!(all.iter().any(|id| id == "group"), "three times the same face: {all:?}");
}
