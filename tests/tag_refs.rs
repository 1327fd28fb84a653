//! Words that are one tag and words that are not, in the bundled vocabulary's languages; and words of any script, which stay what they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use tagsmith::session::{OwnLimits, RunKind, StoredRun, StoredTag, StoredTaggings, TagReport, read_reports};
use tagsmith::tags::{AddedTag, Candidate, pack_candidates};
use tagsmith::{Corrections, ModelCard, Policy, Session, TagRef, Vocabulary};

#[derive(Deserialize)]
struct Pair {
    language: String,
    word: String,
    other_language: String,
    other_word: String,
    is_one: String,
    why: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn session() -> Session {
    let read = |name: &str| fs::read_to_string(root().join("models/efficientnet-lite0").join(name)).unwrap();
    let card = ModelCard::parse(&read("model.json")).unwrap();
    Session::new(&card, Vocabulary::parse(&read("vocabulary.json")).unwrap()).unwrap()
}

fn policy(language: &str) -> Policy {
    Policy {
        threshold: 0.5,
        max_tags: 1000,
        allow: vec![],
        deny: vec![],
        language: language.to_owned(),
        providers: Default::default(),
        heads: Default::default(),
    }
}

/// What a person means who types `word` in a page in `language`.
fn typed(session: &mut Session, language: &str, word: &str) -> TagRef {
    session.apply(policy(language)).unwrap();
    session.tag_ref(word).unwrap()
}

#[test]
fn words_are_one_tag_where_they_mean_the_same_and_only_there() {
    let mut session = session();
    let mut wrong = Vec::new();
    let mut n = 0;
    for pair in csv::Reader::from_path(root().join("tests/tag_refs.csv")).unwrap().deserialize() {
        let Pair { language, word, other_language, other_word, is_one, why } = pair.unwrap();
        n += 1;
        let one = typed(&mut session, &language, &word).id;
        let other = typed(&mut session, &other_language, &other_word).id;
        if (one == other) != (is_one == "yes") {
            wrong.push(format!(
                "{language} {word:?} is {one:?}, {other_language} {other_word:?} is {other:?}: {is_one}, {why}"
            ));
        }
    }
    assert!(n >= 60, "{n} pairs");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_free_word_is_the_vocabularys_tag_once_a_vocabulary_has_it() {
    let mut session = session();
    session.add(1, "1.png".into(), 0.0);
    let word =
        |id: &str, language: &str| AddedTag::from(TagRef { language: Some(language.into()), ..TagRef::known(id, "x") });
    let added = vec![word("own:glass", "sv"), word("own:katze", "de"), word("own:misse på taket", "sv")];
    session.correct(1, Corrections { added, ..Corrections::default() });
    let ids: Vec<String> = session.tags(1).into_iter().map(|tag| tag.id).collect();
    assert_eq!(ids, ["ice-cream", "cat", "own:misse på taket"]);
}

/// First and last letter of 40 scripts, most of them with gaps.
const SCRIPTS: [(char, char); 40] = [
    ('À', 'ſ'),
    ('Α', 'ω'),
    ('А', 'я'),
    ('Ա', 'Ֆ'),
    ('א', 'ת'),
    ('ء', 'ي'),
    ('ܐ', 'ܯ'),
    ('ހ', 'ޥ'),
    ('ߊ', 'ߪ'),
    ('अ', 'ह'),
    ('অ', 'হ'),
    ('ਅ', 'ਹ'),
    ('અ', 'હ'),
    ('ଅ', 'ହ'),
    ('அ', 'ஹ'),
    ('అ', 'హ'),
    ('ಅ', 'ಹ'),
    ('അ', 'ഹ'),
    ('අ', 'ෆ'),
    ('ก', 'ฮ'),
    ('ກ', 'ະ'),
    ('ཀ', 'ཬ'),
    ('က', 'ဪ'),
    ('ა', 'ჺ'),
    ('가', '힣'),
    ('ሀ', 'ፗ'),
    ('Ꭰ', 'Ᏼ'),
    ('ᐁ', 'ᙬ'),
    ('ᚁ', 'ᚚ'),
    ('ᚠ', 'ᛪ'),
    ('ក', 'ឳ'),
    ('ᠠ', 'ᡷ'),
    ('ᱚ', 'ᱽ'),
    ('ⴰ', 'ⵧ'),
    ('ぁ', 'ゖ'),
    ('ァ', 'ヺ'),
    ('一', '鿿'),
    ('ꀀ', 'ꒌ'),
    ('𐌰', '𐍊'),
    ('𞤀', '𞥃'),
];
const WORDS_OF_EACH: usize = 250;
const WORDS_OF_A_PICTURE: usize = 100;

/// Of 5 to 12 letters, the same each time.
fn words() -> Vec<String> {
    let mut state = 1_u64;
    let mut next = |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32 % below
    };
    let mut all = Vec::new();
    for (first, last) in SCRIPTS {
        let letters: Vec<char> = (first..=last).filter(|letter| letter.is_alphabetic()).collect();
        assert!(letters.len() > 15, "{first} has {}", letters.len());
        for _ in 0..WORDS_OF_EACH {
            let length = 5 + next(8);
            all.push((0..length).map(|_| letters[next(letters.len() as u32) as usize]).collect());
        }
    }
    all
}

/// The names of the tags that the reports of all pictures have, on their way through JSON.
fn reported(session: &Session, n_pictures: usize) -> (Vec<String>, Vec<String>) {
    let ids: Vec<u32> = (0..n_pictures as u32).collect();
    let reports = read_reports(&session.reports(&ids)).unwrap();
    let json = serde_json::to_string(&reports).unwrap();
    let again: Vec<TagReport> = serde_json::from_str(&json).unwrap();
    again.iter().flat_map(TagReport::tags).map(|tag| (tag.id.clone(), tag.name.clone())).unzip()
}

#[test]
fn ten_thousand_free_words_of_forty_scripts_stay_as_they_were_typed() {
    let words = words();
    let n_pictures = words.len() / WORDS_OF_A_PICTURE;
    let mut session = session();
    let tags: Vec<TagRef> = words.iter().map(|word| session.tag_ref(word).unwrap()).collect();
    let ids: Vec<String> = tags.iter().map(|tag| tag.id.clone()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 10_000, "no two are one");

    for (id, tags) in (0..).zip(tags.chunks(WORDS_OF_A_PICTURE)) {
        let added = tags.iter().cloned().map(AddedTag::from).collect();
        let json = serde_json::to_string(&Corrections { added, ..Corrections::default() }).unwrap();
        session.add(id, format!("{id}.png"), 0.0);
        session.correct(id, serde_json::from_str(&json).unwrap());
    }
    assert_eq!(reported(&session, n_pictures), (ids.clone(), words.clone()));

    // As what another tagger has found.
    let mut session = self::session();
    session.apply(policy("en")).unwrap();
    let row = |(id, tag): (u32, &TagRef)| StoredTag {
        id,
        reference: tag.id.clone(),
        name: tag.name.clone(),
        language: tag.language.clone(),
    };
    session.set_stored_tags((0..).zip(&tags).map(row).collect()).unwrap();
    let candidate = |tag| Candidate { tag, score: 0.9, confidence: 0.9, component: 0 };
    let all: Vec<Candidate> = (0..words.len() as u16).map(candidate).collect();
    let candidates: Vec<u8> =
        all.chunks(WORDS_OF_A_PICTURE).flat_map(|some| pack_candidates(some, u32::from)).collect();
    let facts = format!(
        r#"{{"sha256":"{}","width":1,"height":1,"format":"png","timings_ms":{{"decode":0,"resize":0,"infer":0,"tags":0}}}}"#,
        "0".repeat(64)
    );
    let pictures: Vec<u32> = (0..n_pictures as u32).collect();
    pictures.iter().for_each(|&id| session.add(id, format!("{id}.png"), 0.0));
    let run = StoredRun {
        id: 1,
        kind: RunKind::Model,
        has_confidence: true,
        own: OwnLimits::default(),
        thresholds: None,
        tagger: "a".into(),
        version: "1".into(),
        pipeline: 1,
        components: vec!["b".into()],
    };
    session
        .restore(&StoredTaggings {
            ids: &pictures,
            facts: &format!("[{}]", vec![facts; n_pictures].join(",")),
            runs: &vec![1; n_pictures],
            run_rows: &[run],
            lengths: &vec![(candidates.len() / n_pictures) as u32; n_pictures],
            candidates: &candidates,
            box_lengths: &vec![0; n_pictures],
            boxes: &[],
        })
        .unwrap();
    assert_eq!(reported(&session, n_pictures), (ids, words));
}
