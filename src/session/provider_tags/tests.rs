use crate::error::ErrorKind;
use crate::session::provider_put::{NamedFound, ProviderFound, ProviderFoundTag};
use crate::session::provider_tags::OwnLimits;
use crate::session::query::{PictureFilter, Query};
use crate::session::report::{ReportTag, TagReport};
use crate::session::results::Session;
use crate::session::results::tests::{added, fail, ids, policy, put, session};
use crate::tags::corrections::{Corrections, TagRef};
use crate::tags::policy::{Policy, ProviderPolicy};
use crate::tags::rules::{Rule, RuleAction};

/// What a run of a provider found: ids of the vocabulary or free words, with its numbers if it gives any.
fn found(provider: &str, run: u32, tags: &[(&str, Option<f32>)]) -> ProviderFound {
    let tag = |&(id, confidence): &(&str, Option<f32>)| ProviderFoundTag {
        id: id.into(),
        name: id.trim_start_matches("own:").into(),
        language: None,
        confidence,
    };
    ProviderFound {
        provider: provider.into(),
        has_confidence: tags.iter().all(|(_, confidence)| confidence.is_some()),
        run,
        is_added: false,
        own: OwnLimits::default(),
        tags: tags.iter().map(tag).collect(),
    }
}

/// Who says each tag: the source, where it is from, and who says it too.
fn sources(tags: &[ReportTag]) -> Vec<String> {
    let source = |tag: &ReportTag| format!("{} {} {} {}", tag.id, tag.origin, tag.component, tag.also_from.join(" "));
    tags.iter().map(|tag| source(tag).trim_end().to_owned()).collect()
}

fn with_provider(id: &str, of_it: ProviderPolicy, mut policy: Policy) -> Policy {
    policy.providers.insert(id.into(), of_it);
    policy
}

fn found_by_words(session: &Session, words: &str) -> Vec<u32> {
    session.find(&Query { words: words.into(), ..Query::default() })
}

#[test]
fn a_tag_that_several_say_is_one_with_all_of_them() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    session.put_provider(1, found("google", 7, &[("own:sofa", Some(0.7)), ("cat", Some(0.6))])).unwrap();
    session.put_provider(1, found("ollama", 8, &[("cat", None), ("own:sofa", None), ("cup", None)])).unwrap();
    let wanted = [
        "cat auto classes provider:google provider:ollama",
        "own:sofa cloud provider:google provider:ollama",
        "cup cloud provider:ollama",
    ];
    assert_eq!(sources(&session.tags(1)), wanted);
    let numbers: Vec<_> = session.tags(1).iter().map(|tag| (tag.confidence, tag.score)).collect();
    assert_eq!(numbers, [(0.9, Some(0.9)), (0.7, Some(0.7)), (1.0, None)]);
    let voices = session.details(1).voices;
    let said = |nth: usize| -> Vec<_> {
        voices[nth].by.iter().map(|one| (one.from.as_str(), one.confidence, one.score, one.run)).collect()
    };
    assert_eq!(
        said(0),
        [
            ("classes", Some(0.9), Some(0.9), None),
            ("provider:google", Some(0.6), None, Some(7)),
            ("provider:ollama", None, None, Some(8))
        ]
    );
    assert_eq!(
        said(2)[0],
        ("classes", Some(1.0 - 0.9), Some(1.0 - 0.9), None),
        "what the model is not sure of is said, too"
    );
    let json = session.reports(&[1]);
    let [TagReport::Tagged(report)] = &crate::session::read_reports(&json).unwrap()[..] else { panic!("{json}") };
    assert_eq!(sources(&report.tags), wanted);
}

#[test]
fn the_threshold_moves_only_the_models_tags_and_each_provider_has_its_own() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.6);
    session.put_provider(1, found("google", 1, &[("own:sofa", Some(0.7)), ("cat", Some(0.4))])).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes provider:google", "own:sofa cloud provider:google"]);
    session.apply(policy(0.7)).unwrap();
    assert_eq!(sources(&session.tags(1)), ["own:sofa cloud provider:google", "cat cloud provider:google"]);
    let of_it = |threshold, max_tags, is_shown| ProviderPolicy { threshold, max_tags, is_shown };
    session.apply(with_provider("google", of_it(0.5, 50, true), policy(0.7))).unwrap();
    assert_eq!(sources(&session.tags(1)), ["own:sofa cloud provider:google"]);
    session.apply(with_provider("google", of_it(0.0, 1, true), policy(0.5))).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes", "own:sofa cloud provider:google"]);
    session.apply(with_provider("google", of_it(0.0, 50, false), policy(0.5))).unwrap();
    assert_eq!(
        (sources(&session.tags(1)), session.details(1).voices[0].by.len()),
        (vec!["cat auto classes".into()], 2)
    );
    session.apply(with_provider("other", of_it(1.0, 1, false), policy(0.7))).unwrap();
    assert_eq!(session.tags(1).len(), 2, "what is said of another provider");
    for (threshold, max_tags) in [(-0.1, 5), (1.1, 5), (f32::NAN, 5), (0.5, 0)] {
        let refused =
            session.apply(with_provider("google", of_it(threshold, max_tags, true), policy(0.7))).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PolicyInvalid, "{threshold} {max_tags}");
    }
    let change = session.compare(policy(0.5)).unwrap();
    assert_eq!((change.tags_gained, change.tags_lost), (0, 0), "somebody says the cat under both");
}

#[test]
fn what_a_person_says_wins_over_providers_too() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    session.put_provider(1, found("google", 1, &[("own:sofa", Some(0.7)), ("cat", Some(0.6))])).unwrap();
    let corrections =
        Corrections { added: vec![added("Sofa", &session)], rejected: vec!["cat".into()], ..Corrections::default() };
    session.correct(1, corrections);
    assert_eq!(sources(&session.tags(1)), ["own:sofa manual person provider:google", "animal auto classes"]);
    session.put_provider(1, found("google", 2, &[("cat", Some(1.0))])).unwrap();
    assert_eq!(sources(&session.tags(1)), ["own:sofa manual person", "animal auto classes"], "also later");
    session.correct(1, Corrections { rejected: vec!["own:sofa".into()], ..Corrections::default() });
    session.put_provider(1, found("google", 3, &[("own:sofa", Some(1.0))])).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes"]);
    assert_eq!(session.details(1).rejected[0].name, "sofa");
}

#[test]
fn rules_and_lists_hold_for_words_that_only_providers_have() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    session.put_provider(1, found("google", 1, &[("own:sofa", Some(0.7)), ("own:moggy", Some(0.6))])).unwrap();
    let rule = |id: &str, action| Rule { tag: TagRef::known(id, id), action };
    session.set_rules(&[rule("own:moggy", RuleAction::Merge { into: TagRef::known("cat", "cat") })]).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes provider:google", "own:sofa cloud provider:google"]);
    session.set_rules(&[rule("own:sofa", RuleAction::Rename { name: "Couch".into() })]).unwrap();
    assert_eq!(session.tags(1)[1].name, "Couch");
    assert_eq!(found_by_words(&session, "couch"), [1]);
    session.set_rules(&[rule("own:sofa", RuleAction::Hide)]).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes", "own:moggy cloud provider:google"]);
    session.set_rules(&[]).unwrap();
    session.apply(Policy { deny: vec!["own:Moggy".into()], ..policy(0.5) }).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes", "own:sofa cloud provider:google"]);
    session.apply(Policy { allow: vec!["cat".into(), "own:moggy".into()], ..policy(0.5) }).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes", "own:moggy cloud provider:google"]);
    let change = session.compare(policy(0.5)).unwrap();
    assert_eq!((change.tags_gained, change.tags_lost, change.edge.len()), (0, 1, 0));
    session.apply(policy(0.5)).unwrap();
    assert_eq!(session.tags(1).len(), 3);
}

#[test]
fn ancestors_are_folded_whoever_says_them() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    session.put_provider(1, found("google", 1, &[("animal", Some(0.99))])).unwrap();
    assert_eq!(sources(&session.tags(1)), ["cat auto classes"]);
    put(&mut session, 2, 0.1);
    session.correct(2, Corrections { rejected: vec!["cup".into()], ..Corrections::default() });
    session.put_provider(2, found("google", 1, &[("animal", Some(0.99)), ("cat", Some(0.3))])).unwrap();
    assert_eq!(sources(&session.tags(2)), ["cat cloud provider:google"]);
    assert_eq!(session.tags(2)[0].parents, ["animal"]);
    let animal = PictureFilter::Tag { id: "animal".into(), at_least: std::num::NonZeroU32::MIN };
    assert_eq!(session.find(&Query { filters: vec![animal], ..Query::default() }), [1, 2]);
}

#[test]
fn what_is_counted_beside_the_threshold_is_the_models_and_the_persons() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    put(&mut session, 2, 0.4);
    let all = [("cat", Some(0.8)), ("own:sofa", Some(0.7)), ("cup", Some(0.6))];
    (1..=2).for_each(|id| session.put_provider(id, found("google", 1, &all)).unwrap());
    let counted = |session: &Session| (session.summary().tags, session.summary().with_tags);
    assert_eq!(counted(&session), (2, 2), "cat by both in one, cup by both in the other");
    session.apply(policy(0.7)).unwrap();
    assert_eq!(counted(&session), (1, 1));
    session.correct(2, Corrections { added: vec![added("Mallorca", &session)], ..Corrections::default() });
    assert_eq!(counted(&session), (2, 2));
    session.remove(1);
    assert_eq!(counted(&session), (1, 1));
}

#[test]
fn providers_tags_stay_when_the_model_tags_anew_and_show_where_it_failed_or_has_not_been() {
    let mut session = session(0.5);
    fail(&mut session, 1);
    session.add(2, "2.png".into(), 0.0);
    for id in [1, 2, 3] {
        session.put_provider(id, found("google", 1, &[("own:sofa", Some(0.7))])).unwrap();
    }
    assert_eq!(session.tags(3), [], "it was not added");
    assert_eq!(
        (ids(&session.tags(1)), ids(&session.tags(2))),
        (vec![("own:sofa", "cloud")], vec![("own:sofa", "cloud")])
    );
    let summary = session.summary();
    assert_eq!((summary.failed, summary.waiting, summary.with_tags, summary.tags), (1, 1, 0, 0), "of the model only");
    assert_eq!(summary.histogram.iter().sum::<u32>(), 0, "of the model only");
    let json = session.reports(&[1]);
    let [TagReport::Failed { tags, .. }] = &crate::session::read_reports(&json).unwrap()[..] else { panic!("{json}") };
    assert_eq!(ids(tags), [("own:sofa", "cloud")]);
    let tagging = |session: &Session| session.pictures[&9].outcome.candidates().to_vec();
    put(&mut session, 9, 0.9);
    let candidates = tagging(&session);
    let facts = crate::tags::tagging::PictureFacts { sha256: "0".repeat(64), ..Default::default() };
    let timings = crate::tags::tagging::Timings::default();
    session.put(1, crate::tags::tagging::Tagging { facts, candidates, boxes: vec![], timings });
    assert_eq!(ids(&session.tags(1)), [("cat", "auto"), ("own:sofa", "cloud")]);
    session.fail(1, crate::session::report::Failure { code: "picture_empty".into(), detail: "Empty.".into() });
    assert_eq!(ids(&session.tags(1)), [("own:sofa", "cloud")]);
    session.add(1, "1.png".into(), 0.0);
    assert_eq!(session.tags(1), [], "what was found in another content is gone");
}

#[test]
fn a_providers_newest_run_says_what_it_says_and_earlier_ones_go_on_if_it_adds() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.1);
    session.put_provider(1, found("google", 1, &[("cat", Some(0.9)), ("own:sofa", Some(0.8))])).unwrap();
    let more = found("google", 2, &[("cat", Some(0.3)), ("own:rug", Some(0.6))]);
    session.put_provider(1, ProviderFound { is_added: true, ..more.clone() }).unwrap();
    let numbers = |session: &Session| -> Vec<_> {
        session.tags(1).into_iter().skip(1).map(|tag| (tag.id, tag.confidence)).collect()
    };
    assert_eq!(numbers(&session), [("own:sofa".into(), 0.8), ("own:rug".into(), 0.6), ("cat".into(), 0.3)]);
    session.put_provider(1, more).unwrap();
    assert_eq!(numbers(&session), [("own:rug".into(), 0.6), ("cat".into(), 0.3)]);
}

#[test]
fn what_a_run_has_of_its_own_counts_more_than_the_policy_for_its_tags_alone() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.1);
    let of_it = ProviderPolicy { threshold: 0.5, max_tags: 2, is_shown: true };
    session.apply(with_provider("google", of_it, policy(0.5))).unwrap();
    let shown = |session: &Session| -> Vec<_> {
        session.tags(1).into_iter().map(|tag| tag.id).filter(|id| id.starts_with("own:")).collect()
    };
    let first =
        found("google", 1, &[("own:a", Some(0.9)), ("own:b", Some(0.8)), ("own:c", Some(0.7)), ("own:d", Some(0.3))]);
    session.put_provider(1, first.clone()).unwrap();
    assert_eq!(shown(&session), ["own:a", "own:b"]);
    let own = |threshold, max_tags| OwnLimits { threshold, max_tags };
    session.put_provider(1, ProviderFound { own: own(Some(0.2), Some(9)), ..first.clone() }).unwrap();
    assert_eq!(shown(&session), ["own:a", "own:b", "own:c", "own:d"]);
    session.put_provider(1, ProviderFound { own: own(Some(0.85), None), ..first.clone() }).unwrap();
    assert_eq!(shown(&session), ["own:a"]);
    session.put_provider(1, ProviderFound { own: own(None, Some(1)), ..first }).unwrap();
    let added =
        found("google", 2, &[("own:e", Some(0.6)), ("own:f", Some(0.55)), ("own:g", Some(0.52)), ("own:h", Some(0.4))]);
    session.put_provider(1, ProviderFound { is_added: true, ..added }).unwrap();
    assert_eq!(shown(&session), ["own:a", "own:e", "own:f"], "one of its own, and two under the policy");
    session.apply(with_provider("google", ProviderPolicy { is_shown: false, ..of_it }, policy(0.5))).unwrap();
    assert_eq!(shown(&session), [""; 0], "who shows nothing of a provider sees nothing of it");
}

#[test]
fn words_of_providers_are_found_counted_and_completed_after_everybody_elses() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    session.put_provider(1, found("google", 1, &[("own:kajak", Some(0.7)), ("own:kaffe", Some(0.6))])).unwrap();
    session.correct(1, Corrections { added: vec![added("Kanot", &session)], ..Corrections::default() });
    let names: Vec<_> = session.completions("ka", 9).into_iter().map(|tag| tag.name).collect();
    assert_eq!(names, ["Kanot", "katt", "kaffe", "kajak"]);
    session.set_rules(&[]).unwrap();
    assert_eq!(session.completions("ka", 1)[0].name, "Kanot");
    assert_eq!((found_by_words(&session, "kajak"), session.tag_counts("kaj", 9).len()), (vec![1], 1));
    let running = session.summary();
    session.show_all();
    assert_eq!(running, session.summary());
}

#[test]
fn what_no_provider_can_say_is_refused_and_changes_nothing() {
    let mut session = session(0.5);
    put(&mut session, 1, 0.9);
    let long = "x".repeat(9_000);
    for (id, confidence) in [("", 0.5), (long.as_str(), 0.5), ("cat", 1.5), ("cat", -0.1), ("cat", f32::NAN)] {
        let refused = session.put_provider(1, found("google", 1, &[("cup", Some(0.5)), (id, Some(confidence))]));
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::TagInvalid, "{confidence}");
    }
    assert_eq!(session.tags(1).len(), 1);
    for nth in 0..300 {
        let put = session.put_provider(1, found(&format!("p{nth}"), 1, &[("cup", Some(0.5))]));
        assert!(put.is_ok() || put.unwrap_err().kind() == ErrorKind::LibraryTooLarge, "{nth}");
    }
}

#[test]
fn many_words_are_named_at_once_by_the_vocabulary_and_no_rule_changes_that() {
    let mut session = session(0.5);
    let into = TagRef::known("own:felis", "Felis");
    session.set_rules(&[Rule { tag: TagRef::known("cat", "cat"), action: RuleAction::Merge { into } }]).unwrap();
    let texts = ["Cat", "katt", "Tea  Cup", "", "\n", &"x".repeat(101)].map(str::to_owned);
    let refs = session.tag_refs(&texts, Some("en"));
    let found: Vec<_> = refs.iter().map(|tag| tag.as_ref().map(|tag| (tag.id.as_str(), tag.name.as_str()))).collect();
    let wanted = [Some(("cat", "cat")), Some(("cat", "cat")), Some(("own:tea cup", "Tea Cup")), None, None, None];
    assert_eq!(found, wanted);
    assert_eq!(refs[2].as_ref().unwrap().language.as_deref(), Some("en"));
    assert_eq!(session.tag_refs(&texts[..1], None)[0].as_ref().unwrap().name, "katt", "in the policy's language");
}

#[test]
fn what_was_found_by_name_is_put_with_its_texts() {
    let mut session = session(0.5);
    session.add(1, "a.jpg".into(), 0.0);
    let found = NamedFound {
        tags: vec![("Kitty Litter".into(), Some(0.9)), ("CAT".into(), Some(0.8)), ("".into(), Some(0.7))],
        title: Some("A cat".into()),
        ..NamedFound::default()
    };
    session.put_found(1, "google", true, &found).unwrap();
    assert_eq!(ids(&session.tags(1)), [("own:kitty litter", "cloud"), ("cat", "cloud")]);
    assert_eq!(session.texts(1).title.as_deref(), Some("A cat"));
}
