//! The plain way to what pictures show, written without regard to time, and the session beside it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::vocabulary::{TagEntry, TagIdx, Vocabulary};
use crate::session::head_put::{HeadFound, HeadTag};
use crate::session::provider_put::{ProviderFound, ProviderFoundTag};
use crate::session::report::ModelRef;
use crate::session::summary::{Change, EdgePicture, Summary};
use crate::tags::candidate::{CLASSES, by_confidence};
use crate::tags::corrections::{AddedTag, Corrections, TagRef};
use crate::tags::policy::{HeadPolicy, Policy, ProviderPolicy};
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
        4 => (vec![], entry("own:of a provider")),
        3 => (TAGS[..6].iter().map(|&id| id.to_owned()).collect(), vec![]),
        _ => (vec![], vec![]),
    };
    let (language, providers, heads) = ("en".into(), BTreeMap::new(), BTreeMap::new());
    Policy { threshold, max_tags, allow, deny, language, providers, heads }
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
fn shown(session: &Session, view: &View, written: &Policy, id: u32) -> Shown {
    let (candidates, said) = (session.pictures[&id].outcome.candidates(), session.corrections_of(id));
    let score = |key| candidates.iter().find(|one| TagKey::from(one.tag) == key).map(|one| one.score);
    let manual = said.added.iter().map(|&(key, in_bulk)| ShownTag {
        key,
        confidence: 1.0,
        score: score(key),
        by: SaidBy::Person,
        in_bulk,
    });
    let mut tags: Vec<ShownTag> = manual.collect();
    let (taught, provided): (Vec<_>, Vec<_>) =
        of_others(session, view, written, id).into_iter().partition(|one| matches!(one.by, SaidBy::Head(_)));
    let add = |tag: ShownTag, tags: &mut Vec<ShownTag>| {
        if tags.iter().all(|one| one.key != tag.key) {
            tags.push(tag);
        }
    };
    taught.into_iter().for_each(|tag| add(tag, &mut tags));
    for Candidate { tag, confidence, score, component } in select(view.selector, candidates, said) {
        let key = session.rules.target(TagKey::from(tag));
        if view.is_permitted(key) {
            let by = SaidBy::Model(component);
            add(ShownTag { key, confidence, score: Some(score), by, in_bulk: false }, &mut tags);
        }
    }
    provided.into_iter().for_each(|tag| add(tag, &mut tags));
    let mut above: Vec<TagKey> = Vec::new();
    for key in tags.iter().flat_map(|tag| view.parents(tag.key, said)) {
        if !above.contains(&key) {
            above.push(key);
        }
    }
    tags.retain(|tag| tag.by == SaidBy::Person || !above.contains(&tag.key));
    above.retain(|key| tags.iter().all(|tag| tag.key != *key));
    Shown { tags, above }
}

/// What an own tagger and providers show of a picture in the plain way: those with numbers first, the surest first.
/// `written`: the policy of `view`, as it was given.
fn of_others(session: &Session, view: &View, written: &Policy, id: u32) -> Vec<ShownTag> {
    let said = session.corrections_of(id);
    let taggings = session.provider_taggings.get(&id).cloned().unwrap_or_default();
    let mut all: Vec<ShownTag> = Vec::new();
    for tagger in ["head:own", "provider:one", "provider:two"] {
        let is_head = tagger == "head:own";
        let policy = match tagger.strip_prefix("provider:") {
            Some(provider) => view.selector.policy().provider(provider),
            None => {
                ProviderPolicy { max_tags: 999, is_shown: view.selector.policy().head("own").is_shown, threshold: 0.0 }
            }
        };
        let mut tags: Vec<ShownTag> = Vec::new();
        let mut unsure: HashSet<TagKey> = HashSet::new();
        let mut of_it: Vec<_> =
            taggings.iter().filter(|one| session.components[usize::from(one.component)] == tagger).collect();
        of_it.sort_by_key(|one| std::cmp::Reverse(one.run));
        for tagging in of_it {
            for one in &tagging.tags {
                let raw = session.provider_tags.key(one.tag);
                let key = session.rules.target(raw);
                let is_word = |key| session.keys.idx(key).is_none();
                let entries = |list: &[String]| {
                    list.iter().any(|entry| session.keys.find(entry, session.vocabulary()) == Some(raw))
                };
                let hidden = session.rules.hidden();
                let is_listed = !is_word(raw) || (!entries(&written.deny) && !entries(hidden));
                let is_target_hidden = is_word(key)
                    && hidden.iter().any(|entry| session.keys.find(entry, session.vocabulary()) == Some(key));
                // No list of these tests allows a word.
                let is_allowed = !is_word(raw) || view.selector.policy().allow.is_empty();
                let is_rejected = said.rejected.contains(&raw) || said.rejected.contains(&key);
                let permitted = view.is_permitted(raw) && view.is_permitted(key) && is_listed && is_allowed;
                if permitted && !is_target_hidden && !is_rejected && tags.iter().all(|one| one.key != key) {
                    let score = tagging.has_confidence.then_some(one.confidence);
                    let by = if is_head { SaidBy::Head } else { SaidBy::Provider }(tagging.component);
                    if one.threshold.is_some_and(|threshold| one.confidence < threshold) {
                        unsure.insert(key);
                    }
                    tags.push(ShownTag { key, confidence: one.confidence, score, by, in_bulk: false });
                }
            }
        }
        tags.retain(|one| policy.is_shown && one.score.is_none_or(|score| score >= policy.threshold));
        tags.retain(|one| !unsure.contains(&one.key));
        let above: Vec<TagKey> = tags.iter().flat_map(|tag| view.parents(tag.key, said)).collect();
        tags.retain(|one| !above.contains(&one.key));
        tags.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        tags.truncate(policy.max_tags);
        all.extend(tags);
    }
    let (mut with, without): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.score.is_some());
    with.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    with.into_iter().chain(without).collect()
}

/// What the policy in force shows more and less than `before`, in the plain way.
fn change(session: &Session, before: Policy) -> Change {
    let written = before.clone();
    let (before, words_before) = session.selector_of(before).unwrap();
    let view_before = View { selector: &before, word_lists: &words_before, ..session.view() };
    let (mut change, mut edge) = (Change::default(), Vec::new());
    let distance = |confidence: f32| (confidence - session.selector.policy().threshold).abs();
    let named = |id, key, confidence, is_gained| {
        let (tag, name) = (session.view().id(key).to_owned(), session.view().name(key).to_owned());
        EdgePicture { id, tag, name, confidence, is_gained }
    };
    for (&id, picture) in &session.pictures {
        let said = session.corrections_of(id);
        if session.provider_taggings.contains_key(&id) {
            let (old, new) = (
                shown(session, &view_before, &written, id).tags,
                shown(session, &session.view(), &session.policy, id).tags,
            );
            let without = |some: &[ShownTag], others: &[ShownTag]| -> Vec<ShownTag> {
                some.iter().filter(|one| others.iter().all(|other| other.key != one.key)).copied().collect()
            };
            let (gained, lost) = (without(&new, &old), without(&old, &new));
            change.tags_gained += gained.len() as u32;
            change.tags_lost += lost.len() as u32;
            change.pictures_gained += u32::from(old.is_empty() && !new.is_empty());
            change.pictures_lost += u32::from(!old.is_empty() && new.is_empty());
            let all = gained.iter().map(|one| (one, true)).chain(lost.iter().map(|one| (one, false)));
            let of_model = all.filter(|(one, _)| matches!(one.by, SaidBy::Model(_)));
            let nearest = of_model.min_by(|(a, _), (b, _)| distance(a.confidence).total_cmp(&distance(b.confidence)));
            edge.extend(nearest.map(|(one, is_gained)| named(id, one.key, one.confidence, is_gained)));
            continue;
        }
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
        all.sort_by(|((_, a), _), ((_, b), _)| distance(**a).total_cmp(&distance(**b)));
        edge.extend(all.first().map(|&((&tag, &confidence), is_gained)| {
            named(id, session.rules.target(TagKey::from(tag)), confidence, is_gained)
        }));
    }
    edge.sort_by(|a, b| distance(a.confidence).total_cmp(&distance(b.confidence)));
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

/// What one of two providers found, in the vocabulary and beside it.
fn found(numbers: &[u16]) -> ProviderFound {
    let tag = |(nth, &number): (usize, &u16)| {
        let confidence = Some((f32::from(number % 997) + nth as f32 / 16.0 + 1.0) / 1_000.0);
        let (id, name) = match usize::from(number / 7) % (TAGS.len() + 3) {
            12 => ("own:a word", "a word"),
            13 => ("own:of a provider", "of a provider"),
            14 => ("own:dog", "dog"),
            place => (TAGS[place], TAGS[place]),
        };
        ProviderFoundTag { id: id.into(), name: name.into(), language: None, confidence }
    };
    let has_confidence = !numbers[0].is_multiple_of(3);
    let tags = numbers.iter().enumerate().map(tag);
    ProviderFound {
        provider: if numbers[0].is_multiple_of(2) { "one" } else { "two" }.into(),
        has_confidence,
        run: u32::from(numbers[0] % 3),
        is_added: numbers.len().is_multiple_of(2),
        own: Default::default(),
        tags: tags
            .map(|one| ProviderFoundTag { confidence: one.confidence.filter(|_| has_confidence), ..one })
            .collect(),
    }
}

/// `policy`, and what it says of one provider and of the own tagger.
fn with_provider(number: u16, mut policy: Policy) -> Policy {
    let of_provider = ProviderPolicy {
        threshold: f32::from(number % 10) / 10.0,
        max_tags: 1 + usize::from(number % 4),
        is_shown: !number.is_multiple_of(5),
    };
    policy.providers.insert("one".into(), of_provider);
    policy.heads.insert("own".into(), HeadPolicy { is_shown: number % 7 > 1 });
    policy
}

/// What an own tagger found, of the same tags as providers.
fn teach(session: &mut Session, id: u32, numbers: &[u16]) {
    let tag = |(nth, one): (usize, ProviderFoundTag)| {
        let (ProviderFoundTag { id, name, language, .. }, threshold) = (one, nth as f32 / 12.0);
        HeadTag { id, name, language, threshold }
    };
    let found: Vec<_> = found(numbers).tags.into_iter().enumerate().map(tag).collect();
    let confidences: Vec<f32> = numbers.iter().map(|&number| f32::from(number % 991) / 1_000.0).collect();
    let places: Vec<u16> = (0..numbers.len() as u16).collect();
    let (ids, lengths, run) = ([id], [numbers.len() as u32], u32::from(numbers[0] % 3));
    let (tags, ids, lengths, places, confidences) = (&found[..], &ids[..], &lengths[..], &places[..], &confidences[..]);
    session.put_head(&HeadFound { head: "own", run, tags, ids, lengths, places, confidences }).unwrap();
}

fn corrections(numbers: &[u16], session: &Session) -> Corrections {
    let word = |number: u16| if number.is_multiple_of(5) { "a word" } else { TAGS[usize::from(number) % TAGS.len()] };
    let added = numbers.iter().filter(|&number| number % 3 == 0);
    let added = added
        .map(|&number| AddedTag { in_bulk: number.is_multiple_of(2), ..session.tag_ref(word(number)).unwrap().into() });
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
        steps in prop::collection::vec((0_u8..17, 1_u32..16, prop::collection::vec(any::<u16>(), 1..12)), 1..40)
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
                    before = policy(share, 1 + usize::from(numbers[0] % 5), (numbers[0] % 5) as u8);
                    if numbers.len() > 6 {
                        before = with_provider(numbers[1], before);
                    }
                    drop(session.apply(before.clone()).unwrap());
                    prop_assert_eq!(session.compare(last.clone()).unwrap(), change(&session, last));
                }
                6 | 7 => session.put_provider(id, found(&numbers)).unwrap(),
                15 | 16 => teach(&mut session, id, &numbers),
                8 => {
                    before = with_provider(numbers[0], before);
                    drop(session.apply(before.clone()).unwrap());
                }
                _ => drop(session.apply(Policy { threshold: share, ..before.clone() }).unwrap()),
            }
            for (&id, picture) in &session.pictures {
                prop_assert_eq!(&picture.shown, &shown(&session, &session.view(), &session.policy, id), "picture {}", id);
            }
            let running = (session.counts.summary(), session.counts.by_tag().collect::<Vec<_>>());
            prop_assert_eq!(running, counted(&session));
            prop_assert_eq!(session.compare(before.clone()).unwrap(), change(&session, before.clone()));
        }
    }
}
