//! How far several taggers agree over the same pictures, and how far each agrees with the person.
//!
//! Tags are compared as they are given: who asks gives the ids of tags, or names in one spelling. Pictures are in one order for all.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// More sources than this make no table that people read.
const MAX_SOURCES: usize = 20;

/// What is compared.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Compared {
    pub sources: Vec<Source>,
    /// The person's own tags of each picture; null where there are none. Empty if nobody tagged any of them.
    pub own: Vec<Option<Vec<String>>>,
}

/// One tagger's answers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    pub id: String,
    /// One for each picture; null where it has not answered.
    pub pictures: Vec<Option<SourcePicture>>,
    /// What it billed for all of them.
    pub n_units: u32,
}

/// One picture's tags by one tagger.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourcePicture {
    pub tags: Vec<String>,
    /// How long the answer took.
    pub ms: Option<f64>,
}

/// The comparison: a row for each source, in the order given, and one for each pair of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub n_pictures: usize,
    pub sources: Vec<SourceRow>,
    pub pairs: Vec<PairRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceRow {
    pub id: String,
    pub n_answered: usize,
    /// Answered, without any tag.
    pub n_without_tags: usize,
    pub n_tags: usize,
    pub n_different_tags: usize,
    pub n_units: u32,
    /// Of the answers whose time is known.
    pub median_ms: Option<f64>,
    /// Pictures that it answered and the person tagged: those that the next three are over.
    pub n_judged: usize,
    /// Tags of the source that the person gave too.
    pub n_right: usize,
    /// `n_right` of all tags that the source gave there. None where it gave none.
    pub precision: Option<f64>,
    /// `n_right` of all tags that the person gave there.
    pub recall: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairRow {
    pub a: String,
    pub b: String,
    /// Pictures that both answered.
    pub n_pictures: usize,
    /// Mean over these of the tags that both say among those that either says (Jaccard). Pictures where both say nothing agree wholly.
    pub agreement: Option<f64>,
    pub n_both: usize,
    pub n_only_a: usize,
    pub n_only_b: usize,
}

impl Compared {
    /// # Errors
    /// [`ErrorKind::ProviderSetupInvalid`] if the lists are of different lengths, or there are too many sources.
    pub fn comparison(&self) -> Result<Comparison> {
        let n_pictures = self.sources.first().map_or(0, |source| source.pictures.len());
        let is_even = self.sources.iter().all(|source| source.pictures.len() == n_pictures);
        if self.sources.len() > MAX_SOURCES || !is_even || !(self.own.is_empty() || self.own.len() == n_pictures) {
            let detail = format!("At most {MAX_SOURCES} sources are compared, each over the same pictures.");
            return Err(Error::new(ErrorKind::ProviderSetupInvalid, detail));
        }
        let own: Vec<Option<BTreeSet<&str>>> =
            self.own.iter().map(|tags| tags.as_ref().map(|tags| set(tags)).filter(|tags| !tags.is_empty())).collect();
        let sets: Vec<Vec<Option<BTreeSet<&str>>>> = (self.sources.iter())
            .map(|source| {
                source.pictures.iter().map(|picture| picture.as_ref().map(|picture| set(&picture.tags))).collect()
            })
            .collect();
        let sources = self.sources.iter().zip(&sets).map(|(source, sets)| row(source, sets, &own)).collect();
        let mut pairs = Vec::new();
        for (i, a) in self.sources.iter().enumerate() {
            for (j, b) in self.sources.iter().enumerate().skip(i + 1) {
                pairs.push(pair(a, b, &sets[i], &sets[j]));
            }
        }
        Ok(Comparison { n_pictures, sources, pairs })
    }
}

fn set(tags: &[String]) -> BTreeSet<&str> {
    tags.iter().map(String::as_str).collect()
}

fn row(source: &Source, sets: &[Option<BTreeSet<&str>>], own: &[Option<BTreeSet<&str>>]) -> SourceRow {
    let answered: Vec<&BTreeSet<&str>> = sets.iter().flatten().collect();
    let judged: Vec<(&BTreeSet<&str>, &BTreeSet<&str>)> =
        sets.iter().zip(own).filter_map(|(tags, own)| Some((tags.as_ref()?, own.as_ref()?))).collect();
    let n_right: usize = judged.iter().map(|(tags, own)| tags.intersection(own).count()).sum();
    let n_said: usize = judged.iter().map(|(tags, _)| tags.len()).sum();
    let n_wanted: usize = judged.iter().map(|(_, own)| own.len()).sum();
    let times = source.pictures.iter().flatten().filter_map(|picture| picture.ms).filter(|ms| ms.is_finite());
    SourceRow {
        id: source.id.clone(),
        n_answered: answered.len(),
        n_without_tags: answered.iter().filter(|tags| tags.is_empty()).count(),
        n_tags: answered.iter().map(|tags| tags.len()).sum(),
        n_different_tags: answered.iter().flat_map(|tags| tags.iter()).collect::<BTreeSet<_>>().len(),
        n_units: source.n_units,
        median_ms: median(times.collect()),
        n_judged: judged.len(),
        n_right,
        precision: share(n_right, n_said),
        recall: share(n_right, n_wanted),
    }
}

fn pair(a: &Source, b: &Source, sets_a: &[Option<BTreeSet<&str>>], sets_b: &[Option<BTreeSet<&str>>]) -> PairRow {
    let mut row = PairRow {
        a: a.id.clone(),
        b: b.id.clone(),
        n_pictures: 0,
        agreement: None,
        n_both: 0,
        n_only_a: 0,
        n_only_b: 0,
    };
    let mut sum = 0.0;
    for (a, b) in sets_a.iter().zip(sets_b) {
        let (Some(a), Some(b)) = (a, b) else { continue };
        let n_both = a.intersection(b).count();
        row.n_pictures += 1;
        row.n_both += n_both;
        row.n_only_a += a.len() - n_both;
        row.n_only_b += b.len() - n_both;
        sum += share(n_both, a.len() + b.len() - n_both).unwrap_or(1.0);
    }
    row.agreement = (row.n_pictures > 0).then(|| sum / row.n_pictures as f64);
    row
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn picture(tags: &[&str], ms: f64) -> Option<SourcePicture> {
        Some(SourcePicture { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ms: Some(ms) })
    }

    fn own(tags: &[&str]) -> Option<Vec<String>> {
        Some(tags.iter().map(|tag| (*tag).to_owned()).collect())
    }

    #[test]
    fn two_sources_are_compared_with_each_other_and_with_the_person() {
        let compared = Compared {
            sources: vec![
                Source {
                    id: "a".into(),
                    pictures: vec![picture(&["cat", "sofa", "cat"], 10.0), picture(&[], 30.0), None],
                    n_units: 2,
                },
                Source {
                    id: "b".into(),
                    pictures: vec![picture(&["cat", "animal"], 100.0), picture(&[], 300.0), picture(&["dog"], 200.0)],
                    n_units: 3,
                },
            ],
            own: vec![own(&["cat", "pillow"]), None, own(&["dog"])],
        };
        let comparison = compared.comparison().unwrap();
        let [a, b] = &comparison.sources[..] else { panic!() };
        assert_eq!((a.n_answered, a.n_without_tags, a.n_tags, a.n_judged, a.n_right), (2, 1, 2, 1, 1));
        assert_eq!((a.precision, a.recall, a.median_ms), (Some(0.5), Some(0.5), Some(20.0)));
        assert_eq!((b.n_judged, b.n_right, b.median_ms, b.n_different_tags), (2, 2, Some(200.0), 3));
        assert_eq!((b.precision, b.recall), (Some(2.0 / 3.0), Some(2.0 / 3.0)));
        let pair = &comparison.pairs[0];
        assert_eq!((pair.n_pictures, pair.n_both, pair.n_only_a, pair.n_only_b), (2, 1, 1, 1));
        assert_eq!(pair.agreement, Some((1.0 / 3.0 + 1.0) / 2.0));
        let json = serde_json::to_value(&comparison).unwrap();
        assert_eq!(json["pairs"][0]["a"], "a");
    }

    #[test]
    fn without_answers_there_are_no_figures() {
        let compared = Compared {
            sources: vec![
                Source { id: "a".into(), pictures: vec![None], n_units: 0 },
                Source { pictures: vec![None], ..Source::default() },
            ],
            own: Vec::new(),
        };
        let comparison = compared.comparison().unwrap();
        assert_eq!(
            (comparison.sources[0].precision, comparison.sources[0].median_ms, comparison.pairs[0].agreement),
            (None, None, None)
        );
        assert_eq!(Compared::default().comparison().unwrap().n_pictures, 0);
    }

    #[test]
    fn lists_of_different_lengths_are_refused() {
        let source = |n| Source { pictures: vec![None; n], ..Source::default() };
        for compared in [
            Compared { sources: vec![source(1), source(2)], own: Vec::new() },
            Compared { sources: vec![source(2)], own: vec![None] },
            Compared { sources: vec![source(0); MAX_SOURCES + 1], own: Vec::new() },
        ] {
            assert_eq!(compared.comparison().unwrap_err().kind(), ErrorKind::ProviderSetupInvalid);
        }
    }

    proptest! {
        #[test]
        fn figures_are_shares_and_pairs_are_even(
            tags in prop::collection::vec(prop::collection::vec(prop::option::of(prop::collection::vec("[a-d]", 0..4)), 3), 1..4)
        ) {
            let sources = tags.iter().map(|pictures| Source {
                pictures: pictures.iter().map(|tags| tags.clone().map(|tags| SourcePicture { tags, ms: None })).collect(),
                ..Source::default()
            });
            let compared = Compared { sources: sources.collect(), own: tags[0].clone() };
            let comparison = compared.comparison().unwrap();
            // The first source says what the person says.
            prop_assert!(comparison.sources[0].precision.is_none_or(|precision| precision == 1.0));
            for share in comparison.sources.iter().flat_map(|row| [row.precision, row.recall]).chain(comparison.pairs.iter().map(|row| row.agreement)) {
                prop_assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)));
            }
        }
    }
}
