//! Nothing shows a tag outside a strict vocabulary: each way out is asked.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::session::head_put::{HeadFound, HeadTag};
use crate::session::provider_put::{ProviderFound, ProviderFoundTag};
use crate::session::provider_tags::OwnLimits;
use crate::session::query::{PictureFilter, Query};
use crate::session::results::tests::{policy, put, session};
use crate::tags::corrections::{AddedTag, Corrections};
use crate::tags::policy::Policy;
use crate::tags::rules::{Rule, RuleAction};
use crate::tags::strict::tests::{below, word, words};
use crate::tags::strict::{StrictWord, WordRule};

fn found(provider: &str, names: &[&str]) -> ProviderFound {
    let tag = |name: &&str| ProviderFoundTag {
        id: format!("own:{}", name.to_lowercase()),
        name: (*name).to_owned(),
        language: Some("en".into()),
        confidence: Some(0.9),
    };
    ProviderFound {
        provider: provider.into(),
        has_confidence: true,
        run: 1,
        is_added: false,
        own: OwnLimits::default(),
        tags: names.iter().map(tag).collect(),
    }
}

fn free(names: &[&str]) -> Corrections {
    let tag = |name: &&str| {
        AddedTag::from(TagRef {
            id: format!("own:{}", name.to_lowercase()),
            name: (*name).to_owned(),
            language: Some("sv".into()),
        })
    };
    Corrections { added: names.iter().map(tag).collect(), ..Corrections::default() }
}

/// Finds those in a picture, by an own tagger.
fn put_head(session: &mut Session, id: u32, names: &[&str]) {
    let tag = |name: &&str| HeadTag {
        id: format!("own:{}", name.to_lowercase()),
        name: (*name).to_owned(),
        language: Some("sv".into()),
        threshold: 0.5,
    };
    let tags: Vec<HeadTag> = names.iter().map(tag).collect();
    let places: Vec<u16> = (0..tags.len() as u16).collect();
    let (lengths, confidences) = ([tags.len() as u32], vec![0.9; tags.len()]);
    let found = HeadFound {
        head: "shop",
        run: 7,
        tags: &tags,
        ids: &[id],
        lengths: &lengths,
        places: &places,
        confidences: &confidences,
    };
    session.put_head(&found).unwrap();
}

/// A cat and a cup by the model, a sofa and a cat by a provider, a logo by an own tagger, and words of a person.
fn filled() -> Session {
    let mut session = session(0.3);
    put(&mut session, 1, 0.6);
    put(&mut session, 2, 0.95);
    session.add(3, "3.png".into(), 0.0);
    session.put_provider(1, found("google", &["Sofa", "Kitty", "animal"])).unwrap();
    session.put_provider(3, found("google", &["Sofa", "cat"])).unwrap();
    put_head(&mut session, 1, &["Logo", "Pall"]);
    session.correct(2, Corrections { rejected: vec!["cup".into()], ..free(&["Mallorca", "Misse"]) });
    session
}

fn names(session: &Session, id: u32) -> Vec<String> {
    session.tags(id).into_iter().map(|tag| tag.name).collect()
}

/// Every name and id by which a session speaks of tags.
fn said(session: &Session) -> Vec<String> {
    let ids = [1, 2, 3];
    let mut said = Vec::new();
    for id in ids {
        let details = session.details(id);
        for tag in session.tags(id).into_iter().chain(details.near_misses.into_iter().map(|one| one.tag)) {
            said.extend([tag.id, tag.name].into_iter().chain(tag.parents).chain(tag.parent_names));
            said.extend(tag.path_to_root.into_iter().chain(tag.category).chain(tag.category_name));
        }
        said.extend(details.rejected.into_iter().map(|tag| tag.name));
        said.extend(details.voices.into_iter().map(|voices| voices.id));
    }
    for picture in session.sources(&ids) {
        for source in picture.own.into_iter().chain(picture.sources) {
            said.extend(source.tags.into_iter().flat_map(|tag| [tag.id, tag.name]).chain(source.above));
        }
    }
    said.extend(session.tag_counts("", 99).into_iter().flat_map(|tag| [tag.id, tag.name]));
    said.extend(session.summary().frequent.into_iter().map(|tag| tag.name));
    for typed in ["a", "c", "d", "h", "k", "m", "s"] {
        said.extend(session.completions(typed, 99).into_iter().flat_map(|tag| [tag.id, tag.name]));
    }
    let change = session.compare(policy(0.99)).unwrap();
    said.extend(change.edge.into_iter().flat_map(|one| [one.tag, one.name]));
    said
}

fn assert_inside(session: &Session, list: &StrictWords) {
    let shown: Vec<&StrictWord> = list.words.iter().filter(|word| !word.heading).collect();
    for text in said(session) {
        let is_word =
            |word: &&StrictWord| word.id == text || word.name == text || word.names.values().any(|one| *one == text);
        assert!(shown.iter().any(is_word), "{text:?} is outside of {:?}", list.words);
    }
}

#[test]
fn tags_of_model_provider_and_person_show_as_the_words_that_mean_them_or_not_at_all() {
    let mut session = filled();
    let before = said(&session);
    let katt = StrictWord { aliases: vec!["kitty".into()], ..below("Katt", "Djur") };
    let list = words(vec![StrictWord { heading: true, ..word("Allt") }, below("Djur", "Allt"), katt, word("Möbel")]);
    session.set_strict_words(Some(list.clone())).unwrap();
    assert_inside(&session, &list);
    assert_eq!([1, 2, 3].map(|id| names(&session, id)), [vec!["Katt"], vec!["Katt"], vec!["Katt"]]);
    assert_eq!(session.tags(1)[0].parent_names, ["Djur"], "the heading is none");
    assert_eq!(session.tags(1)[0].also_from, ["provider:google"], "by its alias");
    session.set_strict_words(None).unwrap();
    assert_eq!(said(&session), before, "nothing was lost");
}

#[test]
fn an_id_that_two_words_have_means_neither_unless_the_name_tells() {
    let with_id = |name: &str| StrictWord { ids: vec!["cat".into(), "cat".into()], ..word(name) };
    let mut session = filled();
    let mut shown = |list: Vec<StrictWord>| {
        session.set_strict_words(Some(words(list))).unwrap();
        names(&session, 2)
    };
    assert_eq!(shown(vec![with_id("Mjau")]), ["Mjau"]);
    assert_eq!(shown(vec![with_id("Mjau"), with_id("Vov")]), [""; 0]);
    assert_eq!(shown(vec![with_id("Mjau"), with_id("Katt")]), ["Katt"]);
}

#[test]
fn what_is_outside_is_a_suggestion_until_a_rule_or_a_word_takes_it_in() {
    let mut session = filled();
    let mut list = words(vec![word("Katt"), word("Möbel")]);
    session.set_strict_words(Some(list.clone())).unwrap();
    let report = session.strict_report().unwrap();
    let mut parked: Vec<_> = report.suggestions.iter().map(|one| (one.tag.name.as_str(), one.pictures)).collect();
    parked.sort_by_key(|one| (std::cmp::Reverse(one.1), one.0));
    assert_eq!(
        parked,
        [("Sofa", 2), ("Kitty", 1), ("Logo", 1), ("Mallorca", 1), ("Misse", 1), ("Pall", 1), ("kopp", 1)]
    );
    assert_eq!(report.pictures, [3, 0]);
    let rule = |id: &str, into: Option<&str>| WordRule { tag: TagRef::known(id, id), into: into.map(Into::into) };
    list.rules = vec![rule("own:sofa", Some("own:möbel")), rule("cup", None), rule("own:Misse", Some("own:katt"))];
    list.words.push(word("Mallorca"));
    session.set_strict_words(Some(list)).unwrap();
    let report = session.strict_report().unwrap();
    assert_eq!(
        report.suggestions.iter().map(|one| one.tag.name.as_str()).collect::<Vec<_>>(),
        ["Kitty", "Logo", "Pall"]
    );
    let mapped: Vec<_> = report.mapped.iter().map(|one| (one.tag.name.as_str(), one.into.as_str(), one.why)).collect();
    assert_eq!(
        mapped,
        [("katt", "own:katt", Why::Name), ("Misse", "own:katt", Why::Hand), ("Sofa", "own:möbel", Why::Hand)]
    );
    assert_eq!(report.pictures, [3, 2, 1]);
    assert_eq!(names(&session, 2), ["Mallorca", "Katt"]);
}

#[test]
fn who_types_gets_words_of_the_list_and_a_sentence_for_all_others() {
    let mut session = filled();
    let hund =
        StrictWord { names: [("en".into(), "dog".into())].into(), aliases: vec!["jycke".into()], ..word("Hund") };
    session.set_strict_words(Some(words(vec![word("Katt"), hund]))).unwrap();
    for (typed, id) in [("cat", "own:katt"), ("KATT", "own:katt"), ("Jycke", "own:hund"), ("dog", "own:hund")] {
        assert_eq!(session.tag_ref(typed).unwrap().id, id, "{typed}");
    }
    for typed in ["animal", "Mallorca", "unicorn"] {
        assert_eq!(session.tag_ref(typed).unwrap_err().kind(), ErrorKind::TagOutside, "{typed}");
    }
    let completions = |typed: &str| session.completions(typed, 9).into_iter().map(|tag| tag.name).collect::<Vec<_>>();
    assert_eq!((completions("ka"), completions("mall")), (vec!["Katt".to_owned()], vec![]));
    let mut en = policy(0.3);
    en.language = "en".into();
    session.correct(3, free(&["Hund"]));
    session.apply(en).unwrap();
    assert_eq!(names(&session, 3), ["dog", "Katt"], "in the language of the policy");
}

#[test]
fn search_finds_by_words_and_by_what_shows_as_them_and_not_by_what_is_hidden() {
    let mut session = filled();
    session.set_strict_words(Some(words(vec![word("Katt")]))).unwrap();
    let find = |words: &str| session.find(&Query { words: words.into(), ..Query::default() });
    assert_eq!(
        (find("katt"), find("cat"), find("sofa"), find("mallorca"), find("kopp")),
        (vec![1, 2, 3], vec![1, 2, 3], vec![], vec![], vec![])
    );
    let of = |id: &str| {
        let filter = PictureFilter::Tag { id: id.into(), at_least: 1.try_into().unwrap() };
        session.find(&Query { filters: vec![filter], ..Query::default() })
    };
    assert_eq!((of("cat"), of("own:katt"), of("cup"), of("own:sofa")), (vec![1, 2, 3], vec![1, 2, 3], vec![], vec![]));
}

#[test]
fn what_is_undone_and_done_again_stays_outside() {
    let mut session = filled();
    let list = words(vec![word("Katt"), word("Kopp")]);
    session.set_strict_words(Some(list.clone())).unwrap();
    for corrections in
        [free(&["Mallorca", "Kopp"]), Corrections::default(), free(&["Unicorn"]), free(&["kopp", "animal"])]
    {
        session.correct(1, corrections);
        session.remove(2);
        put(&mut session, 2, 0.4);
        assert_inside(&session, &list);
    }
    session.correct(1, Corrections { rejected: vec!["own:katt".into()], ..Corrections::default() });
    assert_eq!(names(&session, 1), ["Kopp"], "rejecting the word rejects what shows as it");
}

#[test]
fn no_rule_shows_another_word() {
    let mut session = filled();
    let list = words(vec![word("Katt"), word("Kopp")]);
    session.set_strict_words(Some(list.clone())).unwrap();
    let rule = |tag: &str, action| Rule { tag: TagRef::known(tag, tag), action };
    let merge = |into: &str| RuleAction::Merge { into: TagRef::known(into, into) };
    for rules in [
        vec![
            rule("own:katt", RuleAction::Rename { name: "Pelle".into() }),
            rule("cat", RuleAction::Rename { name: "Pelle".into() }),
        ],
        vec![rule("cat", merge("own:felis"))],
        vec![rule("own:katt", merge("own:felis")), rule("own:sofa", merge("cup"))],
        vec![rule("cat", RuleAction::Hide), rule("own:kopp", RuleAction::Hide)],
    ] {
        session.set_rules(&rules).unwrap();
        assert_inside(&session, &list);
    }
    assert!(names(&session, 1).is_empty(), "what is hidden stays hidden: {:?}", names(&session, 1));
}

#[test]
fn a_list_that_cannot_be_leaves_the_one_before_in_force() {
    let mut session = filled();
    session.set_strict_words(Some(words(vec![word("Katt")]))).unwrap();
    let error = session.set_strict_words(Some(words(vec![]))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WordsInvalid);
    assert_eq!(names(&session, 3), ["Katt"]);
}

#[test]
fn of_two_words_that_a_tag_could_be_it_is_neither() {
    let mut session = filled();
    let other = StrictWord { id: "own:katt (båt)".into(), ..word("Katt") };
    session.set_strict_words(Some(words(vec![word("Katt"), other.clone()]))).unwrap();
    assert!(names(&session, 3).is_empty());
    let mut list = words(vec![word("Katt"), other]);
    list.words[1].ids = vec!["cat".into()];
    session.set_strict_words(Some(list)).unwrap();
    assert_eq!(session.tags(3)[0].id, "own:katt (båt)", "an id goes before names");
}

#[cfg(feature = "exports")]
#[test]
fn no_export_writes_a_tag_outside() {
    use crate::session::ExportFormat;
    use crate::session::export::{Content, Export, ExportOptions, keywords};
    use crate::session::hand_over::read_reports;

    let mut session = filled();
    let outside = ["kopp", "cup", "djur", "animal", "Sofa", "Kitty", "Mallorca", "Misse", "Logo", "Pall"];
    let export = |session: &Session| {
        let mut written = String::new();
        let reports = read_reports(&session.reports(&[1, 2, 3])).unwrap();
        for format in ExportFormat::ALL.into_iter().filter(|format| *format != ExportFormat::Xlsx) {
            let mut export = Export::new(format, ExportOptions::default()).unwrap();
            reports.iter().for_each(|report| export.add(report).unwrap());
            for file in export.finish().unwrap() {
                written += match &file.content {
                    Content::Text(text) => text,
                    Content::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
                };
            }
        }
        // What a spreadsheet is made of, and copies of pictures.
        written
            + &format!("{:?}", reports.iter().flat_map(|report| report.tags().to_vec()).collect::<Vec<_>>())
            + &reports.iter().map(|report| keywords(report).flat().join(" ")).collect::<String>()
    };
    let before = export(&session);
    assert!(outside.iter().filter(|word| before.contains(**word)).count() > 7, "the test sees tags at all");
    session.set_strict_words(Some(words(vec![word("Katt")]))).unwrap();
    let after = export(&session);
    assert!(after.contains("Katt"));
    for word in outside {
        assert!(!after.contains(word), "{word}: {after}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn nothing_shows_a_tag_outside_whatever_happens_in_whatever_order(
        chosen in prop::collection::vec(any::<bool>(), 8),
        steps in prop::collection::vec((0_u8..8, 1_u32..4, 0.0_f32..1.0), 1..12),
    ) {
        let all = ["Katt", "djur", "cup", "Sofa", "Mallorca", "Hund", "Kitty", "Misse"];
        let mut list: Vec<StrictWord> = all.iter().zip(chosen).filter(|(_, is)| *is).map(|(name, _)| word(name)).collect();
        list.push(StrictWord { heading: true, ..word("Stol") });
        let list = words(list);
        let mut session = filled();
        session.set_strict_words(Some(list.clone())).unwrap();
        for (kind, id, share) in steps {
            match kind {
                0 => put(&mut session, id, share),
                1 => session.put_provider(id, found("ollama", &["Häst", "Hund", "stol", "cup"])).unwrap(),
                2 => session.correct(id, free(if share < 0.5 { &["Nytt", "Kitty", "Stol"] } else { &["katt"] })),
                3 => session.remove(id),
                7 => put_head(&mut session, id, &["Misse", "Logo", "Hund"]),
                4 => drop(session.apply(Policy { language: "en".into(), ..policy(share.max(0.01)) }).unwrap()),
                5 => {
                    let tag = TagRef::known("cat", "cat");
                    let into = TagRef::known("own:hund", "Hund");
                    let action = if share < 0.5 { RuleAction::Merge { into } } else { RuleAction::Rename { name: "Pelle".into() } };
                    session.set_rules(&[Rule { tag, action }]).unwrap();
                }
                _ => session.set_strict_words(Some(list.clone())).unwrap(),
            }
            assert_inside(&session, &list);
            let running = session.summary();
            session.show_all();
            prop_assert_eq!(running, session.summary());
        }
    }
}
