use proptest::prelude::*;

use super::*;
use crate::session::provider_tags::OwnLimits;
use crate::session::query::{PictureFilter, Query};
use crate::session::report::{PIPELINE_VERSION, TagReport};
use crate::session::results::tests::{added, ids, policy, put, session};
use crate::tags::corrections::Corrections;
use crate::tags::found_box::FoundBox;
use crate::tags::packed::{pack_boxes, pack_candidates};
use crate::tags::policy::Policy;

/// What is done to it so that it cannot be taken up.
type Harm = fn(&mut Kept);

/// What a library keeps of pictures 1, 2, ..., of one run of another model each, or of two.
#[derive(Clone)]
struct Kept {
    ids: Vec<u32>,
    facts: String,
    runs: Vec<u32>,
    run_rows: Vec<StoredRun>,
    lengths: Vec<u32>,
    candidates: Vec<u8>,
    box_lengths: Vec<u32>,
    boxes: Vec<u8>,
}

impl Kept {
    /// Each picture's candidates by number of the library, with their confidence and component; a box of the first.
    fn new(pictures: &[&[(u16, f32, u8)]]) -> Self {
        let facts = format!(
            r#"{{"sha256":"{}","width":4,"height":3,"format":"png","timings_ms":{{"decode":1,"resize":2,"infer":3,"tags":4}}}}"#,
            "ab".repeat(32)
        );
        let run = |id, tagger: &str, components: &[&str]| StoredRun {
            id,
            kind: RunKind::Model,
            has_confidence: true,
            own: OwnLimits::default(),
            thresholds: None,
            tagger: tagger.into(),
            version: "2".into(),
            pipeline: 7,
            components: components.iter().map(|&name| name.into()).collect(),
        };
        let mut kept = Self {
            ids: (1..).take(pictures.len()).collect(),
            facts: format!("[{}]", vec![facts; pictures.len()].join(",")),
            runs: (0..pictures.len() as u32).map(|nth| 5 + nth % 2).collect(),
            run_rows: vec![run(5, "other", &["head:faces", "classes"]), run(6, "third", &["classes"])],
            lengths: vec![],
            candidates: vec![],
            box_lengths: vec![],
            boxes: vec![],
        };
        for picture in pictures {
            let candidate =
                |&(tag, confidence, component): &(u16, f32, u8)| Candidate { tag, score: 0.25, confidence, component };
            let packed = pack_candidates(&picture.iter().map(candidate).collect::<Vec<_>>(), u32::from);
            let found = |&(tag, confidence, component): &(u16, f32, u8)| FoundBox {
                tag,
                confidence,
                component,
                region: [0.1, 0.2, 0.3, 0.4],
            };
            let boxes = pack_boxes(&picture.iter().take(1).map(found).collect::<Vec<_>>(), u32::from);
            kept.lengths.push(packed.len() as u32);
            kept.box_lengths.push(boxes.len() as u32);
            kept.candidates.extend(packed);
            kept.boxes.extend(boxes);
        }
        kept
    }

    fn restore(&self, session: &mut Session) -> Result<()> {
        let Self { ids, facts, runs, run_rows, lengths, candidates, box_lengths, boxes } = self;
        session.restore(&StoredTaggings { ids, facts, runs, run_rows, lengths, candidates, box_lengths, boxes })
    }
}

fn row(id: u32, reference: &str, name: &str) -> StoredTag {
    StoredTag { id, reference: reference.into(), name: name.into(), language: None }
}

/// Of the vocabulary (10, 11, 13), and not (12, 14).
fn table() -> Vec<StoredTag> {
    vec![
        row(10, "cat", "cat"),
        row(11, "n07930864", "Cup"),
        row(12, "n02120079", "arctic fox"),
        row(13, "own:katt", "Katt"),
        row(14, "own:misse", "Misse"),
    ]
}

fn filled(n: u32) -> Session {
    let mut session = session(0.3);
    session.set_stored_tags(table()).unwrap();
    for id in 1..=n {
        session.add(id, format!("{id}.png"), 0.0);
    }
    session
}

#[test]
fn what_was_kept_shows_again_with_its_model_and_tags_that_this_one_does_not_have() {
    let mut session = filled(3);
    Kept::new(&[&[(12, 0.5, 1), (10, 0.9, 0)], &[(11, 0.8, 0), (12, 0.7, 0)]]).restore(&mut session).unwrap();
    assert_eq!(ids(&session.tags(1)), [("cat", "auto"), ("n02120079", "auto")], "the surest first");
    let fox = session.tags(1).remove(1);
    assert_eq!((fox.name.as_str(), fox.score, fox.count), ("arctic fox", Some(0.25), Some(1)));
    assert_eq!((fox.component.as_str(), session.tags(1)[0].component.as_str()), ("classes", "head:faces"));
    assert_eq!(ids(&session.tags(2)), [("cup", "auto"), ("n02120079", "auto")], "by the name of a tag");
    put(&mut session, 3, 0.6);
    let json = session.reports(&[1, 2, 3]);
    let reports = crate::session::read_reports(&json).unwrap();
    let models: Vec<_> = reports
        .iter()
        .map(|report| match report {
            TagReport::Tagged(tagged) => (tagged.model.id.as_str(), tagged.model.version.as_str(), tagged.pipeline),
            TagReport::Failed { .. } => panic!("{report:?}"),
        })
        .collect();
    assert_eq!(models, [("other", "2", 7), ("third", "2", 7), ("small", "1", PIPELINE_VERSION)]);
    let found = |session: &Session, words: &str| session.find(&Query { words: words.into(), ..Query::default() });
    assert_eq!(found(&session, "arctic"), [1, 2]);
    assert_eq!(session.tag_counts("fox", 9).iter().map(|tag| tag.pictures).collect::<Vec<_>>(), [2]);
    session.correct(1, Corrections { rejected: vec!["n02120079".into()], ..Corrections::default() });
    session.apply(Policy { deny: vec!["n02120079".into()], ..policy(0.3) }).unwrap();
    assert_eq!((ids(&session.tags(1)), ids(&session.tags(2))), (vec![("cat", "auto")], vec![("cup", "auto")]));
    assert_eq!(session.details(1).rejected[0].name, "arctic fox");
}

#[test]
fn a_free_word_that_becomes_a_guest_keeps_what_was_said_of_it_and_how_often_it_is_there() {
    let mut session = filled(3);
    session.correct(3, Corrections { added: vec![added("Misse", &session)], ..Corrections::default() });
    put(&mut session, 3, 0.9);
    Kept::new(&[&[(14, 0.9, 0)], &[(13, 0.8, 0), (10, 0.6, 0)]]).restore(&mut session).unwrap();
    let filter = PictureFilter::Tag { id: "own:misse".into(), at_least: std::num::NonZeroU32::MIN };
    assert_eq!(session.find(&Query { filters: vec![filter], ..Query::default() }), [1, 3]);
    assert_eq!(ids(&session.tags(3)), [("own:misse", "manual"), ("cat", "auto")]);
    let cats = session.tags(2);
    assert_eq!((ids(&cats), cats[0].confidence), (vec![("cat", "auto")], 0.8), "two words for it, the surer of them");
    let misse: Vec<_> = session.tag_counts("misse", 9).into_iter().map(|tag| (tag.id, tag.pictures)).collect();
    assert_eq!(misse, [("own:misse".to_owned(), 2)]);
    let running = session.summary();
    session.show_all();
    assert_eq!(running, session.summary(), "the counts follow");
    assert_eq!(session.tag_ref("MISSE").unwrap().id, "own:misse");
}

#[test]
fn equally_sure_tags_stay_in_the_order_of_their_run_whatever_was_restored_before() {
    let pictures: [&[(u16, f32, u8)]; 2] = [&[(14, 0.8, 0)], &[(12, 0.8, 0), (14, 0.8, 0), (10, 0.8, 0)]];
    let mut both = filled(2);
    Kept::new(&pictures).restore(&mut both).unwrap();
    let mut second = filled(2);
    Kept::new(&[&[], pictures[1]]).restore(&mut second).unwrap();
    let wanted = [("n02120079", "auto"), ("own:misse", "auto"), ("cat", "auto")];
    assert_eq!((ids(&both.tags(2)), ids(&second.tags(2))), (wanted.to_vec(), wanted.to_vec()));
}

#[test]
fn what_was_rejected_under_another_name_of_a_tag_stays_rejected() {
    let mut session = session(0.3);
    session.add(1, "1.png".into(), 0.0);
    session.correct(1, Corrections { rejected: vec!["n07930864".into()], ..Corrections::default() });
    put(&mut session, 1, 0.5);
    assert_eq!(ids(&session.tags(1)), [("cat", "auto"), ("cup", "auto")], "nobody knows what that is");
    session.set_stored_tags(table()).unwrap();
    assert_eq!(ids(&session.tags(1)), [("cat", "auto")]);
}

#[test]
fn ten_thousand_free_words_find_room() {
    let mut session = filled(100);
    session.apply(Policy { max_tags: 100, ..policy(0.3) }).unwrap();
    let rows = (0..10_000).map(|nth| row(nth + 20, &format!("own:w{nth}"), &format!("W{nth}")));
    session.set_stored_tags(table().into_iter().chain(rows).collect()).unwrap();
    let pictures: Vec<Vec<(u16, f32, u8)>> =
        (0..100).map(|nth| (0..100).map(|one| (20 + nth * 100 + one, 0.9, 0)).collect()).collect();
    Kept::new(&pictures.iter().map(Vec::as_slice).collect::<Vec<_>>()).restore(&mut session).unwrap();
    assert_eq!(session.tag_counts("w", 20_000).len(), 10_000);
    assert_eq!(session.tags(100)[0].name, "W9900");
}

#[test]
fn whatever_does_not_fit_is_refused_and_changes_no_picture() {
    let harms: [(&str, Harm); 13] = [
        ("an id more", |kept| kept.ids.push(3)),
        ("a run less", |kept| _ = kept.runs.pop()),
        ("a run of its own", |kept| kept.runs[0] = 9),
        ("a run twice", |kept| kept.run_rows.push(kept.run_rows[0].clone())),
        ("a length too long", |kept| kept.lengths[0] = u32::MAX),
        ("lengths that are swapped by a byte", |kept| {
            kept.lengths[0] += 1;
            kept.lengths[1] -= 1;
        }),
        ("a box too short", |kept| _ = kept.boxes.pop()),
        ("an unknown tag", |kept| kept.candidates[0] = 99),
        ("an unknown tag of a box", |kept| kept.boxes[1] = 1),
        ("a component that the run does not have", |kept| *kept.candidates.last_mut().unwrap() = 2),
        ("no JSON", |kept| kept.facts.push(']')),
        ("no hash", |kept| kept.facts = kept.facts.replace("abab", "zzzz")),
        ("a NaN", |kept| kept.candidates[8..12].copy_from_slice(&f32::NAN.to_le_bytes())),
    ];
    let sound = Kept::new(&[&[(10, 0.9, 0)], &[(11, 0.8, 0)]]);
    for (what, harm) in harms {
        let mut session = filled(2);
        let mut kept = sound.clone();
        harm(&mut kept);
        let error = kept.restore(&mut session).expect_err(what);
        assert_eq!((error.kind(), session.summary().waiting), (ErrorKind::LibraryDamaged, 2), "{what}: {error}");
    }
    sound.restore(&mut filled(1)).expect("a picture that is gone is passed over");
}

/// Adds what a provider found in picture `id`, as the library keeps it.
fn add_provider(kept: &mut Kept, id: u32, run: u32, tagger: &str, has_confidence: bool, tags: &[(u16, f32)]) {
    let candidate = |&(tag, confidence): &(u16, f32)| Candidate { tag, score: confidence, confidence, component: 0 };
    let packed = pack_candidates(&tags.iter().map(candidate).collect::<Vec<_>>(), u32::from);
    kept.ids.push(id);
    kept.runs.push(run);
    if kept.run_rows.iter().all(|one| one.id != run) {
        kept.run_rows.push(StoredRun {
            id: run,
            kind: RunKind::Provider,
            has_confidence,
            own: OwnLimits::default(),
            thresholds: None,
            tagger: tagger.into(),
            version: "1".into(),
            pipeline: 1,
            components: vec![format!("provider:{tagger}")],
        });
    }
    let facts = kept.facts.trim_end_matches(']').to_owned();
    let one = Kept::new(&[&[]]).facts;
    let one = one.trim_start_matches('[');
    kept.facts = if facts == "[" { format!("[{one}") } else { format!("{facts},{one}") };
    kept.lengths.push(packed.len() as u32);
    kept.candidates.extend(packed);
    kept.box_lengths.push(0);
}

#[test]
fn own_taggers_taggings_come_back_under_their_thresholds_and_stand_in_where_no_model_has_been() {
    let mut kept = Kept::new(&[&[(10, 0.9, 0)]]);
    add_provider(&mut kept, 1, 7, "shop", true, &[(14, 0.8), (10, 0.35)]);
    add_provider(&mut kept, 2, 7, "shop", true, &[(14, 0.8), (13, 0.45)]);
    add_provider(&mut kept, 1, 8, "shop", true, &[(14, 0.9)]);
    for (run, kind) in [(7, RunKind::Head), (8, RunKind::Provider)] {
        kept.run_rows.iter_mut().find(|one| one.id == run).unwrap().kind = kind;
    }
    let with_thresholds = |kept: &mut Kept, all: &[(&str, f32)]| {
        let thresholds = all.iter().map(|&(id, threshold)| (id.to_owned(), threshold)).collect();
        kept.run_rows.iter_mut().find(|one| one.id == 7).unwrap().thresholds = Some(thresholds);
    };
    with_thresholds(&mut kept, &[("own:misse", 0.85), ("cat", 0.3)]);
    let mut session = filled(3);
    let n_tags = session.vocabulary().tags().len();
    kept.restore(&mut session).unwrap();
    assert_eq!(session.vocabulary().tags().len(), n_tags, "own words join no vocabulary");
    assert_eq!(
        ids(&session.tags(1)),
        [("cat", "custom"), ("own:misse", "cloud")],
        "a provider of the same name is another"
    );
    assert_eq!(session.tags(2), [], "0.5 where nothing is said");
    with_thresholds(&mut kept, &[("own:misse", 0.75)]);
    kept.restore(&mut session).unwrap();
    assert_eq!(ids(&session.tags(1)), [("own:misse", "custom"), ("cat", "auto")]);
    assert_eq!(session.tags(1)[0].also_from, ["provider:shop"]);
    assert_eq!(ids(&session.tags(2)), [("own:misse", "custom")]);
    let from = |id: u32| session.sources(&[id])[0].sources.iter().map(|one| one.from.clone()).collect::<Vec<_>>();
    let one: HashSet<String> = from(1).into_iter().collect();
    assert_eq!(one, ["model", "head:shop", "provider:shop"].map(str::to_owned).into());
    assert_eq!(from(2), ["head:shop"], "it stands in for no model");
    for wrong in [f32::NAN, -0.1, 1.5] {
        with_thresholds(&mut kept, &[("cat", wrong)]);
        assert_eq!(kept.restore(&mut session).unwrap_err().kind(), ErrorKind::LibraryDamaged, "{wrong}");
    }
    assert_eq!(session.tags(1).len(), 2, "nothing has changed");
}

#[test]
fn providers_taggings_come_back_beside_the_models_or_alone_and_their_words_join_no_vocabulary() {
    let mut kept = Kept::new(&[&[(10, 0.9, 0)]]);
    add_provider(&mut kept, 1, 7, "google", true, &[(14, 0.8), (10, 0.7)]);
    add_provider(&mut kept, 2, 7, "google", true, &[(12, 0.6)]);
    add_provider(&mut kept, 2, 9, "ollama", false, &[(13, 1.0), (14, 1.0)]);
    add_provider(&mut kept, 5, 9, "ollama", false, &[(13, 1.0)]);
    let mut session = filled(3);
    let n_tags = session.vocabulary().tags().len();
    kept.restore(&mut session).unwrap();
    assert_eq!(session.vocabulary().tags().len(), n_tags);
    assert_eq!(ids(&session.tags(1)), [("cat", "auto"), ("own:misse", "cloud")]);
    assert_eq!(session.tags(1)[0].also_from, ["provider:google"]);
    let two = session.tags(2);
    assert_eq!(ids(&two), [("n02120079", "cloud"), ("cat", "cloud"), ("own:misse", "cloud")]);
    assert_eq!((two[0].score, two[1].score, two[0].component.as_str()), (Some(0.6), None, "provider:google"));
    let from = |id: u32| session.sources(&[id])[0].sources.iter().map(|one| one.from.clone()).collect::<Vec<_>>();
    assert_eq!(from(1), ["model", "provider:google"]);
    assert_eq!(from(2), ["provider:google", "provider:ollama"], "who stands in for the model is none");
    let own = OwnLimits { threshold: Some(0.75), max_tags: None };
    kept.run_rows.iter_mut().find(|run| run.id == 7).unwrap().own = own;
    kept.restore(&mut session).unwrap();
    assert_eq!(ids(&session.tags(2)), [("cat", "cloud"), ("own:misse", "cloud")], "a job's own threshold comes along");
    kept.run_rows.iter_mut().find(|run| run.id == 7).unwrap().own = OwnLimits::default();
    kept.restore(&mut session).unwrap();
    let summary = session.summary();
    assert_eq!((summary.waiting, summary.tags), (1, 1), "one that only providers have tagged does not wait");
    let json = session.reports(&[2]);
    let [TagReport::Tagged(report)] = &crate::session::read_reports(&json).unwrap()[..] else { panic!("{json}") };
    assert_eq!((report.model.id.as_str(), report.facts.width), ("ollama", 4), "the newest stands in");
    session.apply(Policy { language: "en".into(), ..policy(0.99) }).unwrap();
    assert_eq!(ids(&session.tags(1)), [("own:misse", "cloud"), ("cat", "cloud")]);
    // Words keep their meaning when the numbering changes: a guest joins the vocabulary.
    Kept { ids: vec![3], ..Kept::new(&[&[(14, 0.995, 0)]]) }.restore(&mut session).unwrap();
    assert_eq!(ids(&session.tags(1)), [("own:misse", "cloud"), ("cat", "cloud")]);
    assert_eq!(session.tag_counts("misse", 9)[0].pictures, 3);
    Kept::new(&[&[(10, 0.995, 0)]]).restore(&mut session).unwrap();
    assert_eq!(session.tags(1).len(), 1, "a restored picture is as it is kept");
    crate::session::results::tests::fail(&mut session, 2);
    kept.restore(&mut session).unwrap();
    assert_eq!((session.summary().failed, session.tags(2).len()), (1, 3), "one that failed stays so");
}

#[test]
fn providers_taggings_that_do_not_fit_are_refused() {
    let harms: [(&str, Harm); 5] = [
        ("a run twice", |kept| add_provider(kept, 1, 7, "google", true, &[(14, 0.8)])),
        ("an unknown tag", |kept| add_provider(kept, 2, 7, "google", true, &[(99, 0.8)])),
        ("a component that it does not have", |kept| *kept.candidates.last_mut().unwrap() = 3),
        ("boxes", |kept| {
            let box_bytes = kept.boxes.clone();
            *kept.box_lengths.last_mut().unwrap() = box_bytes.len() as u32;
            kept.boxes.extend(box_bytes);
        }),
        ("two models", |kept| {
            add_provider(kept, 1, 8, "third", true, &[]);
            kept.run_rows.last_mut().unwrap().kind = RunKind::Model;
        }),
    ];
    for (what, harm) in harms {
        let mut kept = Kept::new(&[&[(10, 0.9, 0)]]);
        add_provider(&mut kept, 1, 7, "google", true, &[(14, 0.8)]);
        harm(&mut kept);
        let mut session = filled(2);
        let error = kept.restore(&mut session).expect_err(what);
        assert_eq!((error.kind(), session.summary().waiting), (ErrorKind::LibraryDamaged, 2), "{what}: {error}");
    }
}

#[test]
fn a_table_with_a_tag_twice_is_refused() {
    let mut session = filled(0);
    for bad in [
        row(10, "dog", "dog"),
        row(20, "cat", "cat"),
        row(20, "own:x", ""),
        row(20, "", "x"),
        row(20, "own:x", &"x".repeat(8193)),
    ] {
        let refused = session.set_stored_tags(table().into_iter().chain([bad.clone()]).collect());
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::LibraryDamaged, "{bad:?}");
    }
}

proptest! {
    #[test]
    fn no_damage_makes_it_panic_or_miscount(harms in prop::collection::vec((0_u8..6, any::<usize>(), any::<u32>()), 1..4)) {
        let mut kept = Kept::new(&[&[(10, 0.9, 0), (12, 0.4, 1)], &[(11, 0.8, 0)]]);
        for (kind, at, value) in harms {
            let byte = |bytes: &mut Vec<u8>| {
                let at = at % bytes.len();
                bytes[at] = value as u8;
            };
            match kind {
                0 => byte(&mut kept.candidates),
                1 => byte(&mut kept.boxes),
                2 => kept.lengths[at % 2] = value,
                3 => kept.box_lengths[at % 2] = value,
                4 => kept.runs[at % 2] = value % 8,
                _ => kept.facts.truncate(at % 500),
            }
        }
        let mut session = filled(2);
        let restored = kept.restore(&mut session);
        prop_assert!(restored.is_ok() || session.summary().waiting == 2, "all or nothing");
        let running = session.summary();
        session.show_all();
        prop_assert_eq!(running, session.summary());
        session.reports(&[1, 2]);
    }
}
