use super::*;
use crate::tags::Embedding;
use crate::train::made::{example, set};
use crate::train::matrix::tests::noise;
use crate::train::set::Example;

const N_FEATURES: usize = 160;

/// A picture that shows what `kind` is a number of, each a little different.
fn picture(id: u32, kind: u32, tag: u16) -> Example {
    let (base, own) = (noise(N_FEATURES, 50 + kind), noise(N_FEATURES, 10_000 + id));
    let values: Vec<f32> = base.iter().zip(own).map(|(base, own)| 0.6 + base + 0.7 * own).collect();
    example(id, &values, &[tag])
}

/// Three tags of 30 pictures, all of one kind each; 0 to 29 have the first.
fn sound() -> TrainingSet {
    let mut set = set(3, (0..90).map(|id| picture(id, id / 30, (id / 30) as u16)).collect());
    for example in &mut set.examples {
        example.sha256[..4].copy_from_slice(&(example.id + 1).to_le_bytes());
    }
    // The middle of everything is known from other pictures.
    set.others = (0..40).map(|at| picture(1_000 + at, 10 + at, 0).views[0].clone()).collect();
    set
}

fn check(set: &TrainingSet, tag: usize, guideline: Guideline) -> Check {
    let mut checks = guidelines(set, &[], None).tags.swap_remove(tag).checks.into_iter();
    checks.find(|check| check.guideline == guideline).unwrap()
}

fn ids(check: &Check) -> Vec<u32> {
    let mut ids: Vec<u32> = check.concerned.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_sound_set_is_green_but_for_what_nothing_measures() {
    let found = guidelines(&sound(), &[], None);
    for tag in &found.tags {
        assert_eq!((tag.light, tag.n_examples), (Light::Green, 30));
        for check in &tag.checks {
            let wanted = if check.guideline == Guideline::Distraction { Light::None } else { Light::Green };
            assert_eq!(check.light, wanted, "{check:?}");
        }
    }
    assert_eq!(found.duplicates, []);
}

#[test]
fn the_light_of_a_tag_is_its_worst_one() {
    let mut set = sound();
    set.examples.truncate(64);
    let lights: Vec<Light> = guidelines(&set, &[], None).tags.iter().map(|tag| tag.light).collect();
    assert_eq!(lights, [Light::Green, Light::Green, Light::Red]);
}

#[test]
fn five_pictures_are_enough_to_begin_and_thirty_to_end() {
    for (n, light, n_needed) in
        [(0, Light::Red, 5), (4, Light::Red, 1), (5, Light::Yellow, 25), (29, Light::Yellow, 1), (31, Light::Green, 0)]
    {
        let check = examples(n);
        assert_eq!((check.light, check.n, check.n_needed), (light, n, n_needed));
    }
}

#[test]
fn small_pictures_are_named_the_smallest_first_and_unknown_ones_are_not_judged() {
    let mut set = sound();
    let sides = [(0, 499), (1, 300), (2, 500), (3, 0)];
    sides.into_iter().for_each(|(at, side)| set.examples[at].longer_side = side);
    let found = check(&set, 0, Guideline::Size);
    let named: Vec<u32> = found.concerned.iter().map(|one| one.id).collect();
    assert_eq!((found.light, found.n, named), (Light::Yellow, 2, vec![1, 0]));
    set.examples.iter_mut().for_each(|example| example.longer_side = 200);
    let found = check(&set, 0, Guideline::Size);
    assert_eq!((found.light, found.n, found.concerned.len()), (Light::Red, 30, MAX_CONCERNED));
    set.examples.iter_mut().for_each(|example| example.longer_side = 0);
    assert_eq!(check(&set, 0, Guideline::Size).light, Light::None);
}

#[test]
fn what_looks_like_another_tag_is_named_with_it() {
    let mut set = sound();
    set.examples[7].tags = vec![1];
    set.examples[45].tags = vec![2];
    let found = check(&set, 1, Guideline::Coherence);
    assert_eq!((found.light, ids(&found)), (Light::Yellow, vec![7]));
    assert_eq!(found.concerned[0].like, Some(0));
    assert_eq!(check(&set, 2, Guideline::Coherence).concerned[0].like, Some(1));
    assert_eq!(check(&set, 0, Guideline::Coherence).light, Light::Green);
}

#[test]
fn a_tag_that_goes_along_is_not_another_one() {
    let mut set = sound();
    // All have a broad tag; those of the second narrow one look more like each other than like all.
    set.tags.push(TagRef::known("own:all", "all"));
    set.examples.iter_mut().for_each(|example| example.tags.push(3));
    let found = check(&set, 3, Guideline::Coherence);
    assert!(found.concerned.iter().all(|one| one.like.is_none()), "{found:?}");
}

#[test]
fn what_looks_like_nothing_of_its_tag_is_named() {
    let mut set = sound();
    set.examples.push(picture(200, 30, 0));
    let found = check(&set, 0, Guideline::Coherence);
    assert_eq!((ids(&found), found.concerned[0].like), (vec![200], None));
    set.examples.extend((201..209).map(|id| picture(id, 30 + id, 0)));
    assert_eq!(check(&set, 0, Guideline::Coherence).light, Light::Red);
}

#[test]
fn a_kind_with_two_examples_asks_for_three_more() {
    let mut set = sound();
    set.examples.extend([picture(200, 30, 0), picture(201, 30, 0)]);
    let found = check(&set, 0, Guideline::Coverage);
    assert_eq!((found.light, ids(&found)), (Light::Yellow, vec![200, 201]));
    assert_eq!(found.kinds.len(), 1);
    assert_eq!((found.kinds[0].ids.len(), found.kinds[0].n_needed), (2, 3));
    set.examples.extend((202..205).map(|id| picture(id, 30, 0)));
    assert_eq!(check(&set, 0, Guideline::Coverage).light, Light::Green, "five are a kind");
}

#[test]
fn what_looks_like_the_examples_is_offered() {
    let mut set = sound();
    set.others.extend((300..308).map(|id| picture(id, 1, 0).views[0].clone()));
    let other_ids: Vec<u32> = (500..).take(set.others.len()).collect();
    let offered = |set: &TrainingSet, tag: usize| {
        let found = guidelines(set, &other_ids, None);
        ids(found.tags[tag].checks.iter().find(|check| check.guideline == Guideline::Completeness).unwrap())
    };
    let found = offered(&set, 1);
    assert!(found.len() >= 4 && found.iter().all(|id| *id >= 540), "{found:?}");
    assert!([0, 2].iter().all(|tag| offered(&set, *tag).is_empty()));
    // Examples without a tag are offered, too, unless a person took that one from them.
    set.examples[50..54].iter_mut().for_each(|example| example.tags.clear());
    let found = offered(&set, 1);
    assert!(found.iter().any(|id| (50..54).contains(id)), "{found:?}");
    set.examples[50..54].iter_mut().for_each(|example| example.rejected = vec![1]);
    assert!(offered(&set, 1).iter().all(|id| *id >= 540));
}

#[test]
fn a_tag_that_others_have_together_is_offered_and_one_that_excludes_is_not() {
    let mut set = sound();
    set.tags.push(TagRef::known("own:also", "also"));
    // All but a few of the first tag have the fourth, and some of the second tag look like them.
    set.examples[..25].iter_mut().for_each(|example| example.tags.push(3));
    (30..35).for_each(|at| set.examples[at].views = picture(400 + at as u32, 0, 0).views);
    let found = ids(&check(&set, 3, Guideline::Completeness));
    assert!(!found.is_empty() && found.iter().all(|id| (25..30).contains(id)), "{found:?}");
}

#[test]
fn copies_are_named_and_those_with_other_tags_are_red() {
    let mut set = sound();
    let copy = |id: u32, of: &Example, tag| Example { id, tags: vec![tag], ..of.clone() };
    set.examples.push(copy(200, &set.examples[3], 0));
    let found = check(&set, 0, Guideline::Duplicates);
    assert_eq!((found.light, ids(&found), found.concerned[0].twin), (Light::Yellow, vec![200], Some(3)));
    let near = copy(201, &set.examples[4], 1);
    set.examples.push(Example { sha256: [9; 32], ..near });
    let found = guidelines(&set, &[], None);
    let group = |kind, ids: [u32; 2], tags: &[u16]| Duplicates { kind, ids: ids.to_vec(), tags: tags.to_vec() };
    assert_eq!(
        found.duplicates,
        [group(DuplicateKind::Exact, [3, 200], &[0]), group(DuplicateKind::Near, [4, 201], &[0, 1])]
    );
    let mut unknown = set.clone();
    [4, set.examples.len() - 1].into_iter().for_each(|at| unknown.examples[at].sha256 = [0; 32]);
    assert_eq!(
        guidelines(&unknown, &[], None).duplicates,
        found.duplicates,
        "files that nobody knows are not the same"
    );
    let found = check(&set, 0, Guideline::Duplicates);
    assert_eq!((found.light, found.concerned[0].id, found.concerned[0].twin), (Light::Red, 4, Some(201)));
    assert_eq!(check(&set, 1, Guideline::Duplicates).concerned[0].id, 201);
}

#[test]
fn nothing_is_judged_of_nothing() {
    let mut set = sound();
    set.examples.clear();
    let found = guidelines(&set, &[], None);
    assert!(found.tags.iter().all(|tag| tag.light == Light::Red && tag.n_examples == 0), "{found:?}");
    set.others.clear();
    set.tags.clear();
    assert_eq!(guidelines(&set, &[], None), Guidelines { tags: vec![], duplicates: vec![] });
}

#[test]
fn a_background_of_another_network_is_ignored() {
    let set = sound();
    let other = Background {
        backbone: crate::model::BackboneRef { id: "other".into(), version: "1".into(), sha256: None },
        centres: vec![Embedding::new(&[1.0, 0.0]).unwrap()],
        deviations: vec![0.1, 0.1],
    };
    assert_eq!(guidelines(&set, &[], Some(&other)), guidelines(&set, &[], None));
}
