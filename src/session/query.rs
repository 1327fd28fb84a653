//! Finding pictures: words as people type them, filters, and an order.

use std::cmp::Ordering;
use std::num::NonZeroU32;

use serde::Deserialize;

use crate::session::entry::{Outcome, SessionEntry};
use crate::session::results::Session;
use crate::session::summary::TagCount;
use crate::tags::keys::TagKey;

/// Which pictures are wanted, and in which order. Everything must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    /// Each word begins a word of a name of a shown tag, in any language, or of the title or description, or is in the picture's path. "cat>=2", "cat ≥ 2", "cat>1" and
    /// "cat ×2" mean pictures with at least two.
    pub words: String,
    pub filters: Vec<PictureFilter>,
    /// None of these.
    pub without: Vec<PictureFilter>,
    pub sort: Sort,
}

/// What a picture is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PictureFilter {
    /// Tagged, but without a tag of its own: what many pictures were given at once does not count.
    Untagged,
    Failed,
    /// Not tagged yet.
    Waiting,
    /// Corrected by a person.
    Corrected,
    /// A person is done with its tags.
    Reviewed,
    /// Showing this tag or a descendant, of which detectors found so many.
    Tag {
        id: String,
        #[serde(default = "one")]
        at_least: NonZeroU32,
    },
}

/// Whoever only says which tag means any number of it.
fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

/// The order of pictures; ties in the order in which they were added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// As they were added.
    #[default]
    Added,
    /// By file name, numbers by value: "2.jpg" before "10.jpg".
    Name,
    /// By the date of the file.
    Newest,
    Oldest,
    MostTags,
    FewestTags,
    /// By the model's least sure tag; those without one last.
    LeastSure,
}

impl Session {
    /// The ids of the pictures that a query finds, in its order.
    pub fn find(&self, query: &Query) -> Vec<u32> {
        let words = self.words(&query.words);
        let is_wanted = |id: u32, picture: &SessionEntry| {
            words.iter().all(|word| self.is_in(word, id, picture))
                && query.filters.iter().all(|filter| self.holds(filter, picture))
                && !query.without.iter().any(|filter| self.holds(filter, picture))
        };
        let all = self.pictures.iter().map(|(&id, picture)| (id, picture));
        let found = all.filter(|(id, picture)| is_wanted(*id, picture));
        match query.sort {
            Sort::Added => found.map(|(id, _)| id).collect(),
            Sort::Name => {
                let names = found.map(|(id, picture)| (picture.path_to_search.as_str(), id));
                in_order(names.collect(), |&a, &b| natural(a, b))
            }
            sort => in_order(found.map(|(id, picture)| (sort.place(picture), id)).collect(), f64::total_cmp),
        }
    }

    /// The tags on any picture whose name in the shown language, or any other, begins with `typed` (any, if it is empty), with the number
    /// of pictures: the `n` most frequent ones, ties by name.
    pub fn tag_counts(&self, typed: &str, n: usize) -> Vec<TagCount> {
        let view = self.view();
        let wanted = typed.trim();
        let is_wanted = (!wanted.is_empty()).then(|| self.search_names.matching(wanted, &self.keys, &self.rules));
        let counts = self.counts.by_tag().filter(|&(key, _)| is_wanted.as_ref().is_none_or(|tags| tags[key as usize]));
        let mut all: Vec<(u32, &str, TagKey)> = counts.map(|(key, n)| (n, view.name(key), key)).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)).then(a.2.cmp(&b.2)));
        all.truncate(n);
        let count = |(pictures, name, key): (u32, &str, TagKey)| TagCount {
            id: view.id(key).to_owned(),
            name: name.to_owned(),
            pictures,
        };
        all.into_iter().map(count).collect()
    }

    fn holds(&self, filter: &PictureFilter, picture: &SessionEntry) -> bool {
        match filter {
            PictureFilter::Untagged => picture.is_untagged(),
            PictureFilter::Failed => matches!(picture.outcome, Outcome::Failed(_)),
            PictureFilter::Waiting => matches!(picture.outcome, Outcome::Waiting),
            PictureFilter::Corrected => picture.is_corrected,
            PictureFilter::Reviewed => picture.is_reviewed,
            PictureFilter::Tag { id, at_least } => {
                let wanted = self.keys.find(id, self.vocabulary()).map(|key| self.rules.target(key));
                wanted.is_some_and(|wanted| {
                    picture.shown.keys().any(|key| key == wanted) && self.has_at_least(at_least.get(), wanted, picture)
                })
            }
        }
    }
}

impl Sort {
    /// What puts a picture before others in an order by number: the least comes first.
    fn place(self, picture: &SessionEntry) -> f64 {
        let n_tags = || picture.shown.tags.len() as f64;
        match self {
            Self::Added | Self::Name => 0.0,
            Self::Newest => -picture.modified_ms,
            Self::Oldest => picture.modified_ms,
            Self::MostTags => -n_tags(),
            Self::FewestTags => n_tags(),
            Self::LeastSure => picture.shown.least_sure().map_or(f64::INFINITY, f64::from),
        }
    }
}

/// Ids by what is sorted by, worked out once for each; ties by id, which is the order in which they were added.
fn in_order<Place>(mut all: Vec<(Place, u32)>, compare: impl Fn(&Place, &Place) -> Ordering) -> Vec<u32> {
    all.sort_unstable_by(|a, b| compare(&a.0, &b.0).then(a.1.cmp(&b.1)));
    all.into_iter().map(|(_, id)| id).collect()
}

/// Compares text with the numbers in it by value.
fn natural(a: &str, b: &str) -> Ordering {
    // Paths begin alike. They are read from where they differ, or where the number begins that differs.
    let n_alike = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let is_begin = |at: &usize| a.is_char_boundary(*at) && (*at == 0 || !a.as_bytes()[at - 1].is_ascii_digit());
    let begin = (0..=n_alike).rev().find(is_begin).unwrap_or_default();
    let (mut a, mut b) = (&a[begin..], &b[begin..]);
    loop {
        let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let ((n, rest_a), (m, rest_b)) = (a.split_at(digits(a)), b.split_at(digits(b)));
            (a, b) = (rest_a, rest_b);
            let (n, m) = (n.trim_start_matches('0'), m.trim_start_matches('0'));
            n.len().cmp(&m.len()).then(n.cmp(m))
        } else {
            (a, b) = (&a[x.len_utf8()..], &b[y.len_utf8()..]);
            x.cmp(&y)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::results::tests::{added, fail, policy, put, session};
    use crate::tags::corrections::{Corrections, TagRef};
    use crate::tags::rules::{Rule, RuleAction};

    fn words(words: &str) -> Query {
        Query { words: words.into(), ..Query::default() }
    }

    fn filter(filter: PictureFilter) -> Query {
        Query { filters: vec![filter], ..Query::default() }
    }

    fn tag(id: &str) -> PictureFilter {
        PictureFilter::Tag { id: id.into(), at_least: one() }
    }

    /// A cat, a cup, one of both with a word of its own, one that failed and one that waits.
    fn filled() -> Session {
        let mut session = session(0.3);
        put(&mut session, 1, 0.9);
        put(&mut session, 2, 0.1);
        put(&mut session, 3, 0.5);
        session.correct(3, Corrections { added: vec![added("Öland 2026", &session)], ..Corrections::default() });
        fail(&mut session, 4);
        session.add(5, "Semester/Strand.JPG".into(), 0.0);
        session
    }

    #[test]
    fn words_find_tags_in_any_language_own_words_and_paths() {
        let session = filled();
        for (typed, wanted) in [
            ("kat", &[1, 3][..]),
            ("cat", &[1, 3]),
            ("animal", &[1, 3]),
            ("CUP  ca", &[3]),
            ("öl", &[3]),
            ("2026", &[3]),
            ("semester", &[5]),
            ("strand", &[5]),
            ("4.png", &[4]),
            ("at", &[]),
            ("unicorn", &[]),
            (" ", &[1, 2, 3, 4, 5]),
        ] {
            assert_eq!(session.find(&words(typed)), wanted, "{typed:?}");
        }
    }

    #[test]
    fn filters_hold_together_and_can_be_turned_around() {
        let session = filled();
        assert_eq!(session.find(&filter(tag("animal"))), [1, 3]);
        assert_eq!(session.find(&filter(tag("own:öland 2026"))), [3]);
        assert_eq!(session.find(&filter(PictureFilter::Failed)), [4]);
        assert_eq!(session.find(&filter(PictureFilter::Waiting)), [5]);
        assert_eq!(session.find(&filter(PictureFilter::Corrected)), [3]);
        let both = Query { filters: vec![tag("cat"), tag("cup")], ..Query::default() };
        assert_eq!(session.find(&both), [3]);
        let not = Query { words: "cat".into(), without: vec![tag("cup")], ..Query::default() };
        assert_eq!(session.find(&not), [1]);
    }

    #[test]
    fn a_tag_for_many_neither_hides_the_untagged_nor_counts_as_a_correction_or_a_review() {
        let mut session = session(0.8);
        for (id, cat) in [(1, 0.5), (2, 0.9)] {
            put(&mut session, id, cat);
            let tag = crate::tags::AddedTag { in_bulk: true, ..added("Öland", &session) };
            session.correct(id, Corrections { added: vec![tag], ..Corrections::default() });
        }
        assert_eq!(session.find(&filter(PictureFilter::Untagged)), [1]);
        assert_eq!(session.find(&filter(PictureFilter::Corrected)), [0; 0]);
        assert_eq!(session.find(&filter(PictureFilter::Reviewed)), [0; 0]);
        assert_eq!((session.summary().untagged, session.summary().with_tags), (1, 2));
        session.correct(1, Corrections { reviewed: true, ..Corrections::default() });
        assert_eq!(session.find(&filter(PictureFilter::Reviewed)), [1]);
        assert_eq!(session.find(&filter(PictureFilter::Corrected)), [0; 0], "seen, not changed");
    }

    #[test]
    fn orders_put_numbers_by_value_and_the_doubtful_first() {
        let mut session = session(0.3);
        for (id, path, modified, cat) in [
            (1, "b/10.jpg", 3.0, 0.9),
            (2, "b/9.jpg", 1.0, 0.5),
            (3, "a/010.jpg", 2.0, 0.2),
            (4, "B/9a.jpg", 2.0, 0.95),
        ] {
            put(&mut session, id, cat);
            let candidates = session.pictures[&id].outcome.candidates().to_vec();
            session.add(id, path.into(), modified);
            put_again(&mut session, id, candidates);
        }
        for (sort, wanted) in [
            (Sort::Added, [1, 2, 3, 4]),
            (Sort::Name, [3, 2, 4, 1]),
            (Sort::Newest, [1, 3, 4, 2]),
            (Sort::Oldest, [2, 3, 4, 1]),
            (Sort::MostTags, [2, 1, 3, 4]),
            (Sort::FewestTags, [1, 3, 4, 2]),
            (Sort::LeastSure, [2, 3, 1, 4]),
        ] {
            assert_eq!(session.find(&Query { sort, ..Query::default() }), wanted, "{sort:?}");
        }
    }

    /// The plain way: from the first character on.
    fn natural_from_the_beginning(a: &str, b: &str) -> Ordering {
        let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        let (order, n, m) = if x.is_ascii_digit() && y.is_ascii_digit() {
            let n_digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
            let (n, m) = (n_digits(a), n_digits(b));
            (a[..n].parse::<u64>().unwrap().cmp(&b[..m].parse().unwrap()), n, m)
        } else {
            (x.cmp(&y), x.len_utf8(), y.len_utf8())
        };
        order.then_with(|| natural_from_the_beginning(&a[n..], &b[m..]))
    }

    proptest! {
        #[test]
        fn where_paths_are_read_from_makes_no_difference_to_their_order(
            start in "[a/019é景]{0,6}", a in "[a/019é景景]{0,5}", b in "[a/019éè]{0,5}"
        ) {
            let (a, b) = (format!("{start}{a}"), format!("{start}{b}"));
            prop_assert_eq!(natural(&a, &b), natural_from_the_beginning(&a, &b));
        }
    }

    fn put_again(session: &mut Session, id: u32, candidates: Vec<crate::tags::Candidate>) {
        let facts = crate::tags::PictureFacts {
            sha256: "0".repeat(64),
            width: 1,
            height: 1,
            format: "png".into(),
            ..Default::default()
        };
        session.put(id, crate::tags::Tagging { facts, candidates, boxes: Vec::new(), timings: Default::default() });
    }

    #[test]
    fn a_merged_tag_is_found_by_both_names_and_a_renamed_one_by_old_and_new() {
        let mut session = filled();
        let cat = TagRef::known("cat", "cat");
        let felis = TagRef::known("own:felis", "Felis");
        session.set_rules(&[Rule { tag: cat.clone(), action: RuleAction::Merge { into: felis } }]).unwrap();
        for typed in ["katt", "felis"] {
            assert_eq!(session.find(&words(typed)), [1, 3], "{typed}");
        }
        assert_eq!(session.find(&filter(tag("cat"))), [1, 3], "a filter that was set before");
        session.set_rules(&[Rule { tag: cat, action: RuleAction::Rename { name: "Misse".into() } }]).unwrap();
        for typed in ["katt", "misse"] {
            assert_eq!(session.find(&words(typed)), [1, 3], "{typed}");
        }
        session.apply(policy(0.3)).unwrap();
        let names: Vec<_> = session.tag_counts("mis", 9).into_iter().map(|tag| (tag.name, tag.pictures)).collect();
        assert_eq!(names, [("Misse".to_owned(), 2)]);
    }

    #[test]
    fn counts_of_tags_include_parents_and_free_words() {
        let session = filled();
        let counts: Vec<_> = session.tag_counts("", 3).into_iter().map(|tag| (tag.name, tag.pictures)).collect();
        assert_eq!(counts, [("djur".to_owned(), 2), ("katt".to_owned(), 2), ("kopp".to_owned(), 2)]);
        assert_eq!(session.tag_counts("", 99).len(), 4);
    }
}
