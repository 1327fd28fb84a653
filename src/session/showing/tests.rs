//! The plain way to what pictures show, written without regard to time, and the session beside it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::vocabulary::{TagEntry, TagIdx, Vocabulary};
use crate::session::report::ModelRef;
use crate::session::shown::Shown;
use crate::session::summary::{Change, EdgePicture, Summary};
use crate::tags::candidate::{CLASSES, by_confidence};
use crate::tags::corrections::{AddedTag, Corrections, TagRef};
use crate::tags::policy::Policy;
use crate::tags::rules::{Rule, RuleAction};
use crate::tags::tagging::{PictureFacts, Tagging, Timings};

const TAGS: [&str; 12] =
    ["animal", "pet", "dog", "terrier", "hound", "cat", "food", "fruit", "apple", "shelf", "guest one", "guest two"];

/// Two roots, tags with two parents, one that only sorts, and two guests behind them.
fn session() -> Session {
    let vocabulary = Vocabulary::parse(
        r#"{"version":1,"languages":["en"],"tags":[
            {"id":"animal","names":{"en":"animal"}},
            {"id":"pet","names":{"en":"pet"},"parents":["animal"]},
            {"id":"dog","names":{"en":"dog"},"parents":["pet"]},
            {"id":"terrier","names":{"en":"terrier"},"parents":["dog"]},
            {"id":"hound","names":{"en":"hound"},"parents":["dog"]},
            {"id":"cat","names":{"en":"cat"},"parents":["pet","shelf"]},
            {"id":"food","names":{"en":"food"}},
            {"id":"fruit","names":{"en":"fruit"},"parents":["food"]},
            {"id":"apple","names":{"en":"apple"},"parents":["fruit","shelf"]},
            {"id":"shelf","names":{"en":"shelf"},"heading":true}],
          "classes":["terrier","hound","cat","apple","fruit"]}"#,
    )
    .unwrap();
    let guests =
        TAGS[10..].iter().map(|name| TagEntry::guest(format!("n:{name}").replace(':', "_"), (*name).into(), None));
    let vocabulary = vocabulary.with_guests(guests.collect()).unwrap();
    let selector = Selector::new(policy(0.5, 8, 0), 0.6, Arc::new(vocabulary)).unwrap();
    let model = ModelRef { id: "small".into(), version: "1".into() };
    Session::with_selector(model, vec!["classes".into(), "head:general".into()], selector).unwrap()
}

fn policy(threshold: f32, max_tags: usize, lists: u8) -> Policy {
    let entry = |id: &str| vec![id.to_owned()];
    let (allow, deny) = match lists {
        1 => (vec![], entry("dog")),
        2 => (vec![], entry("cat")),
        3 => (TAGS[..6].iter().map(|&id| id.to_owned()).collect(), vec![]),
        _ => (vec![], vec![]),
    };
    Policy { threshold, max_tags, allow, deny, language: "en".into() }
}

/// The model's tags of a picture in the plain way.
fn select(selector: &Selector, candidates: &[Candidate], corrections: &PictureCorrections) -> Vec<Candidate> {
    let (vocabulary, said) = (selector.vocabulary(), &corrections.resolved);
    let is_sure = |one: &&Candidate| one.confidence >= selector.policy().threshold;
    let is_possible = |one: &&Candidate| is_sure(one) && selector.permits(one.tag) && !said.replaces(one.tag);
    let possible: Vec<Candidate> = candidates.iter().filter(is_possible).copied().collect();
    let fold = |all: Vec<Candidate>| -> Vec<Candidate> {
        let tags = all.iter().map(|one| one.tag).chain(said.added.iter().copied());
        let above: HashSet<TagIdx> = vocabulary.ancestors_of_all(tags);
        all.into_iter().filter(|one| !above.contains(&one.tag)).collect()
    };
    let is_vague =
        |one: &Candidate| one.component == CLASSES && one.confidence < 0.6 && vocabulary.only_gathers(one.tag);
    let mut shown = fold(possible.iter().filter(|one| !is_vague(one)).copied().collect());
    let known: HashMap<TagIdx, Candidate> = possible.iter().map(|one| (one.tag, *one)).collect();
    let mut second = 1;
    while second < shown.len() {
        let rival = (0..second).filter(|_| shown[second].confidence < 0.5).find_map(|first| {
            let parent = vocabulary.common_ancestor(shown[first].tag, shown[second].tag)?;
            Some((first, *known.get(&parent)?))
        });
        match rival {
            None => second += 1,
            Some((first, _)) if shown[first].confidence >= 0.5 => _ = shown.remove(second),
            Some((_, parent)) => {
                shown.retain(|one| !vocabulary.ancestors(one.tag).contains(&parent.tag));
                shown.push(parent);
                shown.sort_by(by_confidence);
                second = shown.iter().position(|one| one.tag == parent.tag).unwrap().max(1);
            }
        }
    }
    if shown.is_empty() {
        shown = fold(possible);
        shown.truncate(1);
    }
    shown.truncate(selector.policy().max_tags);
    shown
}

/// What a picture shows in the plain way.
fn shown(session: &Session, id: u32) -> Shown {
    let (candidates, said) = (session.pictures[&id].outcome.candidates(), session.corrections_of(id));
    let view = session.view();
    let score = |key| candidates.iter().find(|one| TagKey::from(one.tag) == key).map(|one| one.score);
    let manual = said.added.iter().map(|&(key, in_bulk)| ShownTag {
        key,
        confidence: 1.0,
        score: score(key),
        component: None,
        in_bulk,
    });
    let mut tags: Vec<ShownTag> = manual.collect();
    for Candidate { tag, confidence, score, component } in select(&session.selector, candidates, said) {
        let key = session.rules.target(TagKey::from(tag));
        if view.is_permitted(key) && tags.iter().all(|one| one.key != key) {
            tags.push(ShownTag { key, confidence, score: Some(score), component: Some(component), in_bulk: false });
        }
    }
    let mut above: Vec<TagKey> = Vec::new();
    for key in tags.iter().flat_map(|tag| view.parents(tag.key, said)) {
        if !above.contains(&key) {
            above.push(key);
        }
    }
    tags.retain(|tag| tag.component.is_none() || !above.contains(&tag.key));
    above.retain(|key| tags.iter().all(|tag| tag.key != *key));
    Shown { tags, above }
}

/// What the policy in force shows more and less than `before`, in the plain way.
fn change(session: &Session, before: Policy) -> Change {
    let before = session.selector_of(before).unwrap();
    let (mut change, mut edge) = (Change::default(), Vec::new());
    for (&id, picture) in &session.pictures {
        let said = session.corrections_of(id);
        let of = |selector: &Selector| -> BTreeMap<TagIdx, f32> {
            let tags = select(selector, picture.outcome.candidates(), said);
            tags.into_iter().map(|one| (one.tag, one.confidence)).collect()
        };
        let (old, new) = (of(&before), of(&session.selector));
        let gained = new.iter().filter(|(tag, _)| !old.contains_key(tag)).map(|one| (one, true));
        let lost = old.iter().filter(|(tag, _)| !new.contains_key(tag)).map(|one| (one, false));
        let mut all: Vec<_> = gained.chain(lost).collect();
        change.tags_gained += all.iter().filter(|(_, is_gained)| *is_gained).count() as u32;
        change.tags_lost += all.iter().filter(|(_, is_gained)| !*is_gained).count() as u32;
        if said.corrections.added.is_empty() {
            change.pictures_gained += u32::from(old.is_empty() && !new.is_empty());
            change.pictures_lost += u32::from(!old.is_empty() && new.is_empty());
        }
        let distance = |confidence: f32| (confidence - session.selector.policy().threshold).abs();
        all.sort_by(|((_, a), _), ((_, b), _)| distance(**a).total_cmp(&distance(**b)));
        edge.extend(all.first().map(|&((&tag, &confidence), is_gained)| {
            let key = session.rules.target(TagKey::from(tag));
            let (tag, name) = (session.view().id(key).to_owned(), session.view().name(key).to_owned());
            EdgePicture { id, tag, name, confidence, is_gained }
        }));
    }
    let threshold = session.selector.policy().threshold;
    edge.sort_by(|a, b| (a.confidence - threshold).abs().total_cmp(&(b.confidence - threshold).abs()));
    edge.truncate(12);
    Change { edge, ..change }
}

fn counted(session: &Session) -> (Summary, Vec<(TagKey, u32)>) {
    let mut counts = Counts::new();
    session.pictures.values().for_each(|picture| counts.add(picture, &session.selector));
    (counts.summary(), counts.by_tag().collect())
}

/// A picture of a run: candidates as numbers, no two of the same confidence.
fn put(session: &mut Session, id: u32, numbers: &[u16]) {
    let mut candidates: Vec<Candidate> = Vec::new();
    for (nth, number) in numbers.iter().enumerate() {
        let confidence = (f32::from(*number % 997) + nth as f32 / 16.0 + 1.0) / 1_000.0;
        let (tag, component) = (number / 7 % TAGS.len() as u16, (number % 2) as u8);
        if candidates.iter().all(|one| one.tag != tag && one.confidence != confidence) {
            candidates.push(Candidate { tag, score: confidence, confidence, component });
        }
    }
    candidates.sort_by(by_confidence);
    let facts = PictureFacts { sha256: "0".repeat(64), format: "png".into(), ..Default::default() };
    session.add(id, format!("{id}.png"), 0.0);
    session.put(id, Tagging { facts, candidates, boxes: Vec::new(), timings: Timings::default() });
}

fn corrections(numbers: &[u16], session: &Session) -> Corrections {
    let word = |number: u16| if number % 5 == 0 { "a word" } else { TAGS[usize::from(number) % TAGS.len()] };
    let added = numbers.iter().filter(|&number| number % 3 == 0);
    let added =
        added.map(|&number| AddedTag { in_bulk: number % 2 == 0, ..session.tag_ref(word(number)).unwrap().into() });
    let rejected =
        numbers.iter().filter(|&number| number % 3 == 1).map(|&number| session.tag_ref(word(number)).unwrap().id);
    Corrections { added: added.take(2).collect(), rejected: rejected.take(2).collect(), reviewed: numbers.len() > 8 }
}

fn rules(numbers: &[u16]) -> Vec<Rule> {
    let tag = |number: u16| match usize::from(number) % (TAGS.len() + 1) {
        12 => TagRef::known("own:a word", "a word"),
        place => TagRef::known(TAGS[place], TAGS[place]),
    };
    let rule = |&number: &u16| Rule {
        tag: tag(number % 10),
        action: match number % 3 {
            0 => RuleAction::Merge { into: tag(number / 10) },
            1 => RuleAction::Hide,
            _ => RuleAction::Rename { name: "Renamed".into() },
        },
    };
    numbers.iter().take(3).map(rule).collect()
}

proptest! {
    #[test]
    fn every_step_shows_counts_and_compares_as_the_plain_way_does(
        steps in prop::collection::vec((0_u8..12, 1_u32..16, prop::collection::vec(any::<u16>(), 1..12)), 1..40)
    ) {
        let mut session = session();
        let mut before = policy(0.5, 8, 0);
        for id in 1..16 {
            put(&mut session, id, &[id as u16 * 411, id as u16 * 1_733, id as u16 * 97, 5_000 + id as u16]);
        }
        for (kind, id, numbers) in steps {
            let share = f32::from(numbers[0] % 1_000).max(1.0) / 1_000.0;
            match kind {
                0 | 1 => put(&mut session, id, &numbers),
                2 => session.remove(id),
                3 => session.correct(id, corrections(&numbers, &session)),
                4 => session.set_rules(&rules(&numbers)).unwrap(),
                5 => {
                    let last = before.clone();
                    before = policy(share, 1 + usize::from(numbers[0] % 5), (numbers[0] % 4) as u8);
                    drop(session.apply(before.clone()).unwrap());
                    prop_assert_eq!(session.compare(last.clone()).unwrap(), change(&session, last));
                }
                _ => drop(session.apply(Policy { threshold: share, ..before.clone() }).unwrap()),
            }
            for (&id, picture) in &session.pictures {
                prop_assert_eq!(&picture.shown, &shown(&session, id), "picture {}", id);
            }
            let running = (session.counts.summary(), session.counts.by_tag().collect::<Vec<_>>());
            prop_assert_eq!(running, counted(&session));
            prop_assert_eq!(session.compare(before.clone()).unwrap(), change(&session, before.clone()));
        }
    }
}
