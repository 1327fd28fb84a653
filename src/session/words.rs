//! Words as people type them: a name of a tag, a part of a path, a word of a title or description, or how many of a tag there are, as in "person>=3".

use crate::session::entry::SessionEntry;
use crate::session::results::Session;
use crate::tags::found_box::TagBoxes;
use crate::tags::keys::TagKey;

/// What a word of a query means: which tags, how many of one of them, and which part of a path.
pub(super) struct Word {
    text: String,
    /// By key.
    tags: Vec<bool>,
    at_least: u32,
}

/// How "at least" is written, and what is added to the number behind it. A chip says "person ×3".
const SIGNS: [(&str, u32); 5] = [(">=", 0), ("=>", 0), ("≥", 0), ("×", 0), (">", 1)];

impl Session {
    pub(super) fn words(&self, typed: &str) -> Vec<Word> {
        let word = |text: String| {
            let (name, at_least) = named(&text);
            let tags = self.search_names.matching(name, &self.keys, &self.rules);
            Word { tags, at_least, text: text.to_lowercase() }
        };
        joined(typed).into_iter().map(word).collect()
    }

    pub(super) fn is_in(&self, word: &Word, id: u32, picture: &SessionEntry) -> bool {
        let is_meant = |key: TagKey| word.tags[key as usize] && self.has_at_least(word.at_least, key, picture);
        picture.shown.keys().any(is_meant)
            || picture.path_to_search.contains(&word.text)
            || self.is_in_texts(&word.text, id, picture)
    }

    /// Whether detectors found so many of a tag that the picture shows. One of it needs no detector.
    pub(super) fn has_at_least(&self, n: u32, wanted: TagKey, picture: &SessionEntry) -> bool {
        let is_meant = |idx| self.rules.target(TagKey::from(idx)) == wanted;
        n <= 1
            || TagBoxes::of(is_meant, picture.outcome.boxes(), self.vocabulary()).count.is_some_and(|count| count >= n)
    }
}

/// The words of `typed`; a sign and its number belong to the word before them, whatever the spaces between.
fn joined(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in typed.split_whitespace() {
        let is_sign = |text: &str, is_at: fn(&str, &str) -> bool| SIGNS.iter().any(|(sign, _)| is_at(text, sign));
        let continues = |last: &String| {
            is_sign(word, |text, sign| text.starts_with(sign))
                || (is_sign(last, |text, sign| text.ends_with(sign)) && word.bytes().all(|byte| byte.is_ascii_digit()))
        };
        match words.last_mut().filter(|last| continues(last)) {
            Some(last) => last.push_str(word),
            None => words.push(word.to_owned()),
        }
    }
    words
}

/// The name in a word, and how many are wanted. As long as the number is not typed, one is.
fn named(word: &str) -> (&str, u32) {
    let parsed = SIGNS.iter().find_map(|(sign, more)| {
        let (name, number) = word.split_once(sign)?;
        let n = if number.is_empty() { Some(1) } else { number.parse::<u32>().ok()?.checked_add(*more) };
        (!name.is_empty()).then_some((name, n?.max(1)))
    });
    parsed.unwrap_or((word, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::query::{PictureFilter, Query};
    use crate::session::results::tests::session;
    use crate::tags::candidate::Candidate;
    use crate::tags::corrections::TagRef;
    use crate::tags::found_box::FoundBox;
    use crate::tags::rules::{Rule, RuleAction};
    use crate::tags::tagging::{PictureFacts, Tagging, Timings};

    #[test]
    fn a_number_belongs_to_the_word_before_it_however_it_is_written() {
        for typed in ["cat>=3", "cat >= 3", "cat≥3", "cat ≥3", "cat=>3", "cat>2", "cat > 2", "cat ×3", "cat× 3"] {
            let words = joined(typed);
            assert_eq!(words.iter().map(|word| named(word)).collect::<Vec<_>>(), [("cat", 3)], "{typed}");
        }
        assert_eq!(joined("big cat >= 2 2026"), ["big", "cat>=2", "2026"]);
        for (word, wanted) in [
            ("cat>=", ("cat", 1)),
            ("cat>", ("cat", 1)),
            ("cat>=0", ("cat", 1)),
            (">=3", (">=3", 1)),
            ("cat>=x", ("cat>=x", 1)),
            ("cat>4294967295", ("cat>4294967295", 1)),
            ("cat>=99999999999", ("cat>=99999999999", 1)),
        ] {
            assert_eq!(named(word), wanted, "{word}");
        }
    }

    /// Pictures with so many cats and one cup each; the last without boxes.
    fn filled() -> Session {
        let mut session = session(0.3);
        for (id, n_cats) in [(1, 1), (2, 2), (3, 4)] {
            put(&mut session, id, n_cats);
        }
        crate::session::results::tests::put(&mut session, 4, 0.6);
        session
    }

    fn put(session: &mut Session, id: u32, n_cats: u32) {
        session.add(id, format!("{id}.png"), 0.0);
        session.put(id, tagging(n_cats));
    }

    fn tagging(n_cats: u32) -> Tagging {
        let found = |tag, left: f32| FoundBox { tag, component: 0, confidence: 0.9, region: [left, 0.0, 0.1, 0.1] };
        let cats = (0..n_cats).map(|nth| found(1, f32::from(nth as u8) / 5.0));
        let candidate = |tag| Candidate { tag, score: 0.9, confidence: 0.9, component: 0 };
        let facts =
            PictureFacts { sha256: "0".repeat(64), width: 1, height: 1, format: "png".into(), ..Default::default() };
        Tagging {
            facts,
            candidates: [0, 1, 2].map(candidate).to_vec(),
            boxes: cats.chain([found(2, 0.9)]).collect(),
            timings: Timings::default(),
        }
    }

    fn found(session: &Session, words: &str) -> Vec<u32> {
        session.find(&Query { words: words.into(), ..Query::default() })
    }

    #[test]
    fn so_many_of_a_tag_are_found_by_words_in_any_language_parents_too() {
        let session = filled();
        for (words, wanted) in [
            ("cat", &[1, 2, 3, 4][..]),
            ("cat>=1", &[1, 2, 3, 4]),
            ("cat>=2", &[2, 3]),
            ("katt ×3", &[3]),
            ("djur > 1", &[2, 3]),
            ("cat>=2 cup", &[2, 3]),
            ("cup>=2", &[]),
            ("cat>=5", &[]),
        ] {
            assert_eq!(found(&session, words), wanted, "{words}");
        }
    }

    #[test]
    fn a_tag_tells_where_it_is_and_where_what_lies_above_it_is_if_a_detector_names_that() {
        let mut session = filled();
        let cat = session.tags(2).remove(0);
        assert_eq!((cat.id.as_str(), cat.count, cat.boxes.len()), ("cat", Some(2), 2));
        assert_eq!(cat.counted_parents, [], "no detector says animal");
        let tagging = Tagging {
            boxes: vec![FoundBox { tag: 0, component: 0, confidence: 0.9, region: [0.0, 0.0, 0.5, 0.5] }],
            ..tagging(0)
        };
        session.put(2, tagging);
        let cat = session.tags(2).remove(0);
        let [animal] = &cat.counted_parents[..] else { panic!("{cat:?}") };
        assert_eq!((cat.count, animal.id.as_str(), animal.count, animal.boxes.len()), (None, "animal", 1, 1));
    }

    #[test]
    fn a_filter_says_how_many_and_means_any_number_without() {
        let mut session = filled();
        let of = |json: &str| Query { filters: vec![serde_json::from_str(json).unwrap()], ..Query::default() };
        assert_eq!(session.find(&of(r#"{"kind":"tag","id":"cat"}"#)), [1, 2, 3, 4]);
        let two = of(r#"{"kind":"tag","id":"cat","at_least":2}"#);
        assert_eq!(session.find(&two), [2, 3]);
        assert!(serde_json::from_str::<PictureFilter>(r#"{"kind":"tag","id":"cat","at_least":0}"#).is_err());
        let fewer = Query { without: two.filters.clone(), ..Query::default() };
        assert_eq!(session.find(&fewer), [1, 4]);
        let tag = TagRef::known("cat", "cat");
        let into = TagRef::known("own:felis", "Felis");
        session.set_rules(&[Rule { tag, action: RuleAction::Merge { into } }]).unwrap();
        assert_eq!(session.find(&two), [2, 3], "by the tag that it was merged from");
        assert_eq!(found(&session, "felis>=3"), [3]);
    }
}
