use super::*;
use crate::tags::found_box::Region;

const HEAD: ComponentIdx = 1;
const FACES: ComponentIdx = 2;
const OBJECTS: ComponentIdx = 3;
/// Here and there.
const LEFT: Region = [0.0, 0.0, 0.4, 1.0];
const RIGHT: Region = [0.5, 0.0, 0.4, 1.0];

/// What the detector finds.
const KNOWN: [&str; 5] = ["cat", "dog", "car", "truck", "person"];

/// animal > {cat, dog > corgi, fox}; vehicle > {car, truck}; person, group, crowd.
fn vocabulary() -> Vocabulary {
    let tag = |id: &str, parents: &str| format!(r#"{{"id":"{id}","names":{{"en":"{id}"}},"parents":[{parents}]}}"#);
    let tags = [
        tag("animal", ""),
        tag("cat", r#""animal""#),
        tag("dog", r#""animal""#),
        tag("corgi", r#""dog""#),
        tag("fox", r#""animal""#),
        tag("vehicle", ""),
        tag("car", r#""vehicle""#),
        tag("truck", r#""vehicle""#),
        tag("person", ""),
        tag("group", ""),
        tag("crowd", ""),
    ];
    let json = format!(r#"{{"version":1,"languages":["en"],"tags":[{}],"classes":["cat","corgi"]}}"#, tags.join(","));
    Vocabulary::parse(&json).unwrap()
}

fn idx(id: &str) -> TagIdx {
    vocabulary().idx(id).unwrap()
}

fn rules() -> ObjectFusion {
    ObjectFusion {
        slope: 2.0,
        intercept: 3.0,
        support: 0.5,
        overlapped: -2.5,
        against: -1.5,
        conflict: -6.0,
        unseen: -2.0,
        rivals: vec!["animal".into(), "vehicle".into()],
        count_at: 0.5,
    }
}

fn first(id: &str, confidence: f32, component: ComponentIdx) -> Candidate {
    Candidate { tag: idx(id), score: confidence, confidence, component }
}

fn found(id: &str, z: f32, region: Region) -> Detection {
    Detection { tag: idx(id), z, region }
}

fn face(confidence: f32, left: f32) -> FoundBox {
    FoundBox { tag: idx("person"), component: FACES, confidence, region: [left, 0.1, 0.1, 0.1] }
}

/// What a second look makes of evidence.
struct Seen(Vec<Candidate>, Vec<FoundBox>);

fn see(candidates: &[Candidate], faces: &[FoundBox], found: &[Detection]) -> Seen {
    let people = People { person: idx("person"), group: (idx("group"), 3), crowd: (idx("crowd"), 8) };
    let fusion = LateFusion::new(&rules(), OBJECTS, &KNOWN.map(idx), &vocabulary()).unwrap();
    let evidence = Evidence { candidates, faces, found, overlap: 0.6, people: Some(people) };
    let (candidates, boxes) = fusion.fuse(evidence, &vocabulary());
    Seen(candidates, boxes)
}

impl Seen {
    fn of(&self, id: &str) -> (f32, ComponentIdx) {
        let one = self.0.iter().find(|one| one.tag == idx(id)).unwrap_or_else(|| panic!("no {id} in {:?}", self.0));
        (one.confidence, one.component)
    }

    fn has(&self, id: &str) -> bool {
        self.0.iter().any(|one| one.tag == idx(id))
    }

    fn persons(&self) -> usize {
        self.1.iter().filter(|one| one.tag == idx("person")).count()
    }
}

/// The classes see a corgi, and with it a dog and an animal.
fn corgi() -> Vec<Candidate> {
    vec![first("animal", 0.9, CLASSES), first("dog", 0.85, CLASSES), first("corgi", 0.8, CLASSES)]
}

#[test]
fn a_lying_cat_is_no_corgi_because_the_detector_sees_a_cat() {
    let seen = see(&corgi(), &[], &[found("cat", 2.0, LEFT)]);
    let (cat, component) = seen.of("cat");
    assert!(cat > 0.8 && component == OBJECTS, "{cat}");
    assert!(seen.of("corgi").0 < 0.4 && seen.of("dog").0 < 0.4, "{:?}", seen.0);
    assert!(seen.of("animal").0 >= 0.9, "a cat is an animal as well");
}

#[test]
fn a_corgi_stays_one_where_its_dog_is_seen_too_and_what_cannot_rival_it_changes_nothing() {
    for also in [found("dog", 2.5, RIGHT), found("corgi", 2.5, RIGHT), found("animal", 2.5, RIGHT)] {
        let seen = see(&corgi(), &[], &[also, found("cat", 2.0, LEFT)]);
        assert!(seen.of("corgi").0 > 0.75, "{also:?}: {:?}", seen.0);
    }
    let fox = |component| [first("fox", 0.8, component)];
    for apart in [found("car", 2.0, LEFT), found("person", 2.0, LEFT)] {
        assert_eq!(see(&fox(CLASSES), &[], &[apart]).of("fox"), (0.8, CLASSES), "{apart:?}");
    }
    assert_eq!(see(&fox(HEAD), &[], &[found("cat", 2.0, LEFT)]).of("fox"), (0.8, HEAD));
    assert!(see(&fox(CLASSES), &[], &[found("cat", 2.0, LEFT)]).of("fox").0 < 0.4);
    let faint = see(&fox(CLASSES), &[], &[found("cat", -0.3, LEFT)]);
    assert!((0.1..0.5).contains(&faint.of("cat").0) && faint.of("fox") == (0.8, CLASSES), "what may as well be wrong");
}

#[test]
fn what_the_detector_knows_and_does_not_see_is_seldom_there() {
    let seen = see(&[first("fox", 0.8, CLASSES), first("person", 0.8, FACES), corgi()[2]], &[], &[]);
    assert_eq!(seen.of("fox"), (0.8, CLASSES), "it knows no foxes");
    assert!(seen.of("person").0 < 0.4 && seen.of("person").1 == FACES);
    assert!(seen.of("corgi").0 < 0.4, "a dog would have been seen");
}

#[test]
fn the_first_look_supports_a_box_and_a_rival_or_another_box_around_the_same_thing_speaks_against_it() {
    let dog = found("dog", -1.0, LEFT);
    let alone = see(&[], &[], &[dog]).of("dog").0;
    assert!(see(&[first("dog", 0.2, HEAD)], &[], &[dog]).of("dog").0 > alone, "a first look that sees one too");
    assert!(see(&[first("cat", 0.9, CLASSES)], &[], &[dog]).of("dog").0 < alone, "a cat for the classes");
    assert_eq!(see(&[first("car", 0.9, CLASSES)], &[], &[dog]).of("dog").0, alone, "a car beside it");
    assert!(see(&[], &[], &[found("cat", 0.0, LEFT), dog]).of("dog").0 < alone, "a cat in the same place");
    assert_eq!(see(&[], &[], &[found("cat", 0.0, RIGHT), dog]).of("dog").0, alone, "a cat beside it");
}

#[test]
fn a_first_look_that_is_sure_of_a_thing_does_not_multiply_it() {
    let persons =
        [found("person", 1.0, LEFT), found("person", -1.2, RIGHT), found("person", -1.3, [0.4, 0.0, 0.1, 1.0])];
    let seen = see(&[first("person", 0.99, HEAD)], &[], &persons);
    assert!(seen.of("person").0 > 0.95);
    assert_eq!(seen.persons(), see(&[first("person", 0.5, HEAD)], &[], &persons).persons());
    assert_eq!(seen.of("group").0, see(&[first("person", 0.5, HEAD)], &[], &persons).of("group").0);
}

#[test]
fn a_box_decides_for_its_tag_and_no_tag_is_surer_than_its_parent() {
    let seen = see(&[first("car", 0.97, HEAD)], &[], &[found("truck", 1.0, RIGHT), found("car", -2.0, LEFT)]);
    let ((car, component), (truck, _)) = (seen.of("car"), seen.of("truck"));
    assert!(car < 0.97 && car < truck && component == OBJECTS, "{car}, {truck}");
    assert_eq!(seen.of("vehicle"), (truck, OBJECTS));
    let tags: Vec<TagIdx> = seen.1.iter().map(|one| one.tag).collect();
    assert_eq!(tags, [idx("truck"), idx("car")], "the surest box of a tag is kept in any case");
}

#[test]
fn a_person_found_whole_beats_a_face_missed() {
    let seen = see(&[first("person", 0.1, HEAD)], &[], &[found("person", 1.0, LEFT)]);
    let (person, component) = seen.of("person");
    assert!(person > 0.9 && component == OBJECTS, "{person}");
    assert_eq!((seen.persons(), seen.has("group")), (1, false));
}

#[test]
fn faces_and_bodies_are_counted_once_and_give_groups_and_crowds_together() {
    let bodies = [found("person", 2.0, LEFT), found("person", 1.5, RIGHT)];
    let person = [first("person", 0.95, FACES)];
    let whole = see(&person, &[face(0.95, 0.1), face(0.9, 0.6)], &bodies);
    assert_eq!((whole.persons(), whole.has("group")), (2, false), "each has its body");
    let beside = see(&person, &[face(0.95, 0.1), face(0.9, 0.6), face(0.8, 0.42)], &bodies);
    assert_eq!(beside.persons(), 3);
    assert_eq!(beside.of("group"), (0.8, OBJECTS), "as sure as the third, a face between the bodies");
    let carried = see(&person, &[face(0.95, 0.1), face(0.9, 0.2)], &bodies[..1]);
    assert_eq!(carried.persons(), 2, "the second face in a body is somebody who is carried");
    let row: Vec<FoundBox> = (0..8).map(|nth| face(0.7, 0.1 * nth as f32)).collect();
    let crowd = see(&person, &row, &[]);
    assert_eq!((crowd.of("crowd").0, crowd.persons()), (0.7, 8));
    let unsure = see(&person, &row[..2], &[found("person", -3.0, [0.9, 0.0, 0.1, 1.0])]);
    assert_eq!(unsure.persons(), 2, "a body of little confidence does not count");
}

#[test]
fn rivals_that_the_vocabulary_does_not_know_are_refused() {
    let rules = ObjectFusion { rivals: vec!["plant".into()], ..rules() };
    let refused = LateFusion::new(&rules, OBJECTS, &[], &vocabulary()).unwrap_err();
    assert!(refused.kind() == ErrorKind::CardInvalid && refused.detail().contains("plant"));
}
