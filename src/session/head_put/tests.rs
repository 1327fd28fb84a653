use super::*;
use crate::session::provider_put::{ProviderFound, ProviderFoundTag};
use crate::session::provider_tags::OwnLimits;
use crate::session::query::Query;
use crate::session::report::{ReportTag, TagReport};
use crate::session::results::tests::{added, fail, ids, policy, put, session};
use crate::tags::corrections::Corrections;
use crate::tags::policy::{HeadPolicy, Policy};
use crate::tags::rules::{Rule, RuleAction};

fn tags() -> Vec<HeadTag> {
    let tag = |id: &str, threshold| HeadTag {
        id: id.into(),
        name: id.trim_start_matches("own:").into(),
        language: None,
        threshold,
    };
    vec![tag("own:logo bag", 0.6), tag("cat", 0.3), tag("own:tea set", 0.9)]
}

/// What the head `shop` found in each picture: confidences of its three tags, in their order; none for 0.
fn teach(session: &mut Session, run: u32, pictures: &[(u32, [f32; 3])]) {
    let tags = tags();
    let (mut lengths, mut places, mut confidences) = (vec![], vec![], vec![]);
    for (_, found) in pictures {
        let all = (0..).zip(found).filter(|(_, confidence)| **confidence > 0.0);
        let before = places.len();
        all.for_each(|(place, &confidence)| {
            places.push(place);
            confidences.push(confidence);
        });
        lengths.push((places.len() - before) as u32);
    }
    let ids: Vec<u32> = pictures.iter().map(|(id, _)| *id).collect();
    let (ids, lengths, places, confidences) = (&ids, &lengths, &places, &confidences);
    session.put_head(&HeadFound { head: "shop", run, tags: &tags, ids, lengths, places, confidences }).unwrap();
}

/// Who says each tag: the source, where it is from, and who says it too.
fn said(tags: &[ReportTag]) -> Vec<String> {
    let line = |tag: &ReportTag| format!("{} {} {} {}", tag.id, tag.origin, tag.component, tag.also_from.join(" "));
    tags.iter().map(|tag| line(tag).trim_end().to_owned()).collect()
}

fn ask(session: &mut Session, id: u32, word: &str) {
    let tag = ProviderFoundTag {
        id: word.into(),
        name: word.trim_start_matches("own:").into(),
        language: None,
        confidence: Some(0.99),
    };
    let (provider, own) = ("google".into(), OwnLimits::default());
    let found = ProviderFound { provider, has_confidence: true, run: 3, is_added: false, own, tags: vec![tag] };
    session.put_provider(id, found).unwrap();
}

#[test]
fn own_tags_come_after_the_persons_and_before_all_others_each_under_its_own_threshold() {
    let mut session = session(0.5);
    (1..=3).for_each(|id| put(&mut session, id, 0.9));
    teach(&mut session, 7, &[(1, [0.7, 0.35, 0.8]), (2, [0.59, 0.29, 0.95]), (3, [0.0; 3]), (9, [0.9; 3])]);
    assert_eq!(said(&session.tags(1)), ["own:logo bag custom head:shop", "cat custom head:shop"]);
    assert_eq!(said(&session.tags(2)), ["own:tea set custom head:shop", "cat auto classes"]);
    assert_eq!(said(&session.tags(3)), ["cat auto classes"]);
    assert_eq!(session.tags(9), [], "it was not added");
    let first = &session.tags(1)[1];
    assert_eq!((first.confidence, first.score, &first.parents[..]), (0.35, Some(0.35), &["animal".to_owned()][..]));
    session.apply(policy(0.95)).unwrap();
    assert_eq!(
        said(&session.tags(1)),
        ["own:logo bag custom head:shop", "cat custom head:shop"],
        "it moves the model's"
    );
    ask(&mut session, 1, "own:logo bag");
    let corrections = Corrections { added: vec![added("Mallorca", &session)], ..Corrections::default() };
    session.correct(1, corrections);
    let wanted =
        ["own:mallorca manual person", "own:logo bag custom head:shop provider:google", "cat custom head:shop"];
    assert_eq!(said(&session.tags(1)), wanted);
    let voices = &session.details(1).voices[2];
    let by: Vec<_> = voices.by.iter().map(|one| (one.from.as_str(), one.run)).collect();
    assert_eq!((voices.id.as_str(), by), ("cat", vec![("classes", None), ("head:shop", Some(7))]));
    let json = session.reports(&[1]);
    let [TagReport::Tagged(report)] = &crate::session::read_reports(&json).unwrap()[..] else { panic!("{json}") };
    assert_eq!(said(&report.tags), wanted, "as an export has it");
}

#[test]
fn a_newer_run_or_draft_takes_the_place_of_what_the_tagger_found_before() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.1);
    fail(&mut session, 2);
    teach(&mut session, 7, &[(1, [0.9, 0.0, 0.0]), (2, [0.9, 0.0, 0.0])]);
    assert_eq!(
        (ids(&session.tags(1))[0], ids(&session.tags(2))),
        (("own:logo bag", "custom"), vec![("own:logo bag", "custom")])
    );
    teach(&mut session, 0, &[(1, [0.0, 0.0, 1.0])]);
    assert_eq!(ids(&session.tags(1)), [("own:tea set", "custom"), ("cup", "auto")]);
    let running = session.summary();
    session.show_all();
    assert_eq!(running, session.summary());
    assert_eq!((running.tags, running.with_tags), (3, 2), "what a person taught counts");
    session.take_head("shop", &[1, 1, 5]);
    session.take_head("nobody", &[2]);
    assert_eq!((ids(&session.tags(1)), session.tags(2).len()), (vec![("cup", "auto")], 1));
    let sources = session.sources(&[1, 2]);
    let from = |nth: usize| sources[nth].sources.iter().map(|one| one.from.clone()).collect::<Vec<_>>();
    assert_eq!((from(0), from(1)), (vec!["model".to_owned()], vec!["head:shop".to_owned()]));
}

#[test]
fn corrections_rules_lists_search_and_the_switch_hold_for_own_tags() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.1);
    teach(&mut session, 7, &[(1, [0.9, 0.0, 0.95])]);
    let find = |session: &Session| session.find(&Query { words: "logo".into(), ..Query::default() });
    assert_eq!(find(&session), [1]);
    session.correct(1, Corrections { rejected: vec!["own:logo bag".into()], ..Corrections::default() });
    assert_eq!((ids(&session.tags(1)), find(&session)), (vec![("own:tea set", "custom"), ("cup", "auto")], vec![]));
    session.correct(1, Corrections::default());
    let merge = RuleAction::Merge { into: TagRef::known("cup", "cup") };
    session.set_rules(&[Rule { tag: TagRef::known("own:tea set", "tea set"), action: merge }]).unwrap();
    assert_eq!(ids(&session.tags(1)), [("cup", "custom"), ("own:logo bag", "custom")]);
    session.set_rules(&[]).unwrap();
    session.apply(Policy { deny: vec!["own:logo bag".into()], ..policy(0.5) }).unwrap();
    assert_eq!(ids(&session.tags(1)), [("own:tea set", "custom"), ("cup", "auto")]);
    let hidden = Policy { heads: [("shop".into(), HeadPolicy { is_shown: false })].into(), ..policy(0.5) };
    session.apply(hidden.clone()).unwrap();
    assert_eq!(ids(&session.tags(1)), [("cup", "auto")]);
    let change = session.compare(policy(0.5)).unwrap();
    assert_eq!((change.tags_gained, change.tags_lost, change.edge.len()), (0, 2, 0));
    let json = serde_json::to_string(&hidden).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), hidden);
}

#[test]
fn taught_words_are_completed_as_a_persons_own_also_where_a_provider_said_them_first() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    ask(&mut session, 1, "own:teapot");
    ask(&mut session, 1, "own:tea set");
    teach(&mut session, 7, &[(1, [0.9, 0.0, 0.95])]);
    let names = |session: &Session| session.completions("tea", 9).into_iter().map(|tag| tag.name).collect::<Vec<_>>();
    assert_eq!(names(&session), ["tea set", "teapot"], "of which a provider has named both");
    session.set_rules(&[]).unwrap();
    assert_eq!(names(&session)[0], "tea set");
}

#[test]
fn what_no_head_can_have_found_is_refused_and_changes_nothing() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    let tags = tags();
    let fine =
        HeadFound { head: "shop", run: 1, tags: &tags, ids: &[1], lengths: &[1], places: &[0], confidences: &[0.9] };
    let nameless = [HeadTag { id: String::new(), ..tags[0].clone() }];
    let strange = [HeadTag { threshold: f32::NAN, ..tags[0].clone() }];
    let refused = [
        HeadFound { tags: &nameless, ..fine },
        HeadFound { tags: &strange, ..fine },
        HeadFound { confidences: &[1.5], ..fine },
        HeadFound { confidences: &[f32::NAN], ..fine },
        HeadFound { places: &[3], ..fine },
        HeadFound { lengths: &[2], ..fine },
        HeadFound { lengths: &[u32::MAX], ..fine },
        HeadFound { ids: &[1, 2], ..fine },
        HeadFound { confidences: &[], ..fine },
    ];
    for one in refused {
        assert_eq!(session.put_head(&one).unwrap_err().kind(), ErrorKind::TagInvalid, "{one:?}");
    }
    assert_eq!(ids(&session.tags(1)), [("cat", "auto")]);
    session.put_head(&fine).unwrap();
    assert_eq!(session.tags(1).len(), 2);
}
