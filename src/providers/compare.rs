//! How far several taggers agree over the same pictures, and how far each agrees with the person.
//!
//! Tags are compared as they are given: who asks gives the ids of tags, or names in one spelling, and those above them, which count as said
//! with them: who says "dog" says "animal". Pictures are in one order for all.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// More sources than this make no table that people read.
const MAX_SOURCES: usize = 20;
/// Of the normal distribution: what lies within is 95 of 100.
const Z: f64 = 1.959_964;

/// What is compared.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Compared {
    pub sources: Vec<Source>,
    /// The person's own tags of each picture; null where there are none. Empty if nobody tagged any of them.
    pub own: Vec<Option<Said>>,
}

/// The tags of a picture, and those above them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Said {
    pub tags: Vec<String>,
    pub above: Vec<String>,
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
    /// Tags above `tags`.
    pub above: Vec<String>,
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
    /// Pictures that it answered and the person tagged: those that the rest is over.
    pub n_judged: usize,
    /// Tags that the source gave there, and those of them that the person gave too, or something below them.
    pub n_said: usize,
    pub n_right: usize,
    /// `n_right` of `n_said`. None where it gave none.
    pub precision: Option<f64>,
    /// Where that lies in 95 of 100 cases, for as many tags (Wilson). Tags of one picture hang together, so it is rather wider.
    pub interval: Option<[f64; 2]>,
    /// Of all tags that the person gave there those that the source gave too, or something below them.
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
    /// Positions of the pictures of which they do not say the same, those first that they agree least on.
    pub differing: Vec<usize>,
}

/// What is said of a picture: the tags, and all that counts as said with them.
struct Tags<'a> {
    tags: BTreeSet<&'a str>,
    all: BTreeSet<&'a str>,
}

impl<'a> Tags<'a> {
    fn of_person(said: &'a Said) -> Self {
        Self::new(&said.tags, &said.above)
    }

    fn of_source(picture: &'a SourcePicture) -> Self {
        Self::new(&picture.tags, &picture.above)
    }

    fn new(tags: &'a [String], above: &'a [String]) -> Self {
        let tags: BTreeSet<&str> = tags.iter().map(String::as_str).collect();
        let all = tags.iter().copied().chain(above.iter().map(String::as_str)).collect();
        Self { tags, all }
    }

    /// How many of its tags count as said by another.
    fn n_said_by(&self, other: &Self) -> usize {
        self.tags.intersection(&other.all).count()
    }
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
        let own: Vec<Option<Tags>> = self
            .own
            .iter()
            .map(|said| said.as_ref().map(Tags::of_person).filter(|said| !said.tags.is_empty()))
            .collect();
        let sets: Vec<Vec<Option<Tags>>> = (self.sources.iter())
            .map(|source| source.pictures.iter().map(|picture| picture.as_ref().map(Tags::of_source)).collect())
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

fn row(source: &Source, sets: &[Option<Tags>], own: &[Option<Tags>]) -> SourceRow {
    let answered: Vec<&Tags> = sets.iter().flatten().collect();
    let judged: Vec<(&Tags, &Tags)> =
        sets.iter().zip(own).filter_map(|(tags, own)| Some((tags.as_ref()?, own.as_ref()?))).collect();
    let n_said: usize = judged.iter().map(|(said, _)| said.tags.len()).sum();
    let n_right: usize = judged.iter().map(|(said, own)| said.n_said_by(own)).sum();
    let n_wanted: usize = judged.iter().map(|(_, own)| own.tags.len()).sum();
    let n_found: usize = judged.iter().map(|(said, own)| own.n_said_by(said)).sum();
    let times = source.pictures.iter().flatten().filter_map(|picture| picture.ms).filter(|ms| ms.is_finite());
    SourceRow {
        id: source.id.clone(),
        n_answered: answered.len(),
        n_without_tags: answered.iter().filter(|said| said.tags.is_empty()).count(),
        n_tags: answered.iter().map(|said| said.tags.len()).sum(),
        n_different_tags: answered.iter().flat_map(|said| said.tags.iter()).collect::<BTreeSet<_>>().len(),
        n_units: source.n_units,
        median_ms: median(times.collect()),
        n_judged: judged.len(),
        n_said,
        n_right,
        precision: share(n_right, n_said),
        interval: interval(n_right, n_said),
        recall: share(n_found, n_wanted),
    }
}

fn pair(a: &Source, b: &Source, sets_a: &[Option<Tags>], sets_b: &[Option<Tags>]) -> PairRow {
    let (mut n_pictures, mut n_both, mut n_only_a, mut n_only_b) = (0, 0, 0, 0);
    let mut sum = 0.0;
    let mut differing: Vec<(f64, usize)> = Vec::new();
    for (idx, (a, b)) in sets_a.iter().zip(sets_b).enumerate() {
        let (Some(a), Some(b)) = (a, b) else { continue };
        let both = a.all.intersection(&b.all).count();
        n_pictures += 1;
        n_both += both;
        n_only_a += a.all.len() - both;
        n_only_b += b.all.len() - both;
        let agreement = share(both, a.all.len() + b.all.len() - both).unwrap_or(1.0);
        sum += agreement;
        if agreement < 1.0 {
            differing.push((agreement, idx));
        }
    }
    differing.sort_by(|one, other| one.0.total_cmp(&other.0));
    PairRow {
        a: a.id.clone(),
        b: b.id.clone(),
        n_pictures,
        agreement: (n_pictures > 0).then(|| sum / n_pictures as f64),
        n_both,
        n_only_a,
        n_only_b,
        differing: differing.into_iter().map(|(_, idx)| idx).collect(),
    }
}

/// The Wilson score interval of `part` in `whole`.
fn interval(part: usize, whole: usize) -> Option<[f64; 2]> {
    let n = whole as f64;
    let p = share(part, whole)?;
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let end = |value: f64| ((p + Z * Z / (2.0 * n) + value) / (1.0 + Z * Z / n)).clamp(0.0, 1.0);
    // Rounding puts neither end past the share itself.
    Some([end(-half).min(p), end(half).max(p)])
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
        Some(SourcePicture { tags: list(tags), above: Vec::new(), ms: Some(ms) })
    }

    fn own(tags: &[&str]) -> Option<Said> {
        Some(Said { tags: list(tags), above: Vec::new() })
    }

    fn list(tags: &[&str]) -> Vec<String> {
        tags.iter().map(|tag| (*tag).to_owned()).collect()
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
        assert_eq!((b.n_said, b.precision, b.recall), (3, Some(2.0 / 3.0), Some(2.0 / 3.0)));
        let pair = &comparison.pairs[0];
        assert_eq!((pair.n_pictures, pair.n_both, pair.n_only_a, pair.n_only_b), (2, 1, 1, 1));
        assert_eq!(pair.agreement, Some((1.0 / 3.0 + 1.0) / 2.0));
        assert_eq!(pair.differing, [0]);
        let json = serde_json::to_value(&comparison).unwrap();
        assert_eq!(json["pairs"][0]["a"], "a");
    }

    #[test]
    fn what_lies_above_a_tag_counts_as_said_with_it() {
        let with =
            |tags: &[&str], above: &[&str]| Some(SourcePicture { tags: list(tags), above: list(above), ms: None });
        let source = |id: &str, pictures: Vec<_>| Source { id: id.into(), pictures, n_units: 0 };
        let exact = source("exact", vec![with(&["terrier"], &["dog", "animal"]), with(&["cat"], &["animal"])]);
        let vague = source("vague", vec![with(&["dog"], &["animal"]), with(&["cat"], &["animal"])]);
        let own = Some(Said { tags: list(&["dog"]), above: list(&["animal"]) });
        let compared = Compared { sources: vec![exact, vague], own: vec![own, None] };
        let comparison = compared.comparison().unwrap();
        let [exact, vague] = &comparison.sources[..] else { panic!() };
        assert_eq!((exact.n_right, exact.recall), (0, Some(1.0)), "nobody said that it is a terrier; a dog it is");
        assert_eq!((vague.n_right, vague.recall), (1, Some(1.0)));
        let pair = &comparison.pairs[0];
        assert_eq!((pair.n_both, pair.n_only_a, pair.n_only_b), (4, 1, 0));
        assert_eq!((pair.agreement, &pair.differing[..]), (Some((2.0 / 3.0 + 1.0) / 2.0), &[0][..]));
    }

    #[test]
    fn pictures_that_they_agree_least_on_come_first() {
        let source = |tags: [&[&str]; 4]| Source {
            pictures: tags.iter().map(|tags| picture(tags, 1.0)).collect(),
            ..Source::default()
        };
        let sources = vec![source([&["a", "b"], &[], &["a"], &["a"]]), source([&["a"], &[], &["b"], &["a", "b", "c"]])];
        let comparison = Compared { sources, own: Vec::new() }.comparison().unwrap();
        assert_eq!(comparison.pairs[0].differing, [2, 3, 0]);
    }

    #[test]
    fn the_interval_is_wilsons() {
        let rounded = |part, whole| interval(part, whole).map(|ends| ends.map(|end| (end * 1e4).round() / 1e4));
        assert_eq!(rounded(8, 10), Some([0.4902, 0.9433]));
        assert_eq!(rounded(0, 10), Some([0.0, 0.2775]));
        assert_eq!(rounded(1, 1), Some([0.2065, 1.0]));
        assert_eq!(rounded(0, 0), None);
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
                pictures: pictures.iter().map(|tags| tags.clone().map(|tags| SourcePicture { tags, ..SourcePicture::default() })).collect(),
                ..Source::default()
            });
            let own = tags[0].iter().map(|tags| tags.clone().map(|tags| Said { tags, ..Said::default() }));
            let compared = Compared { sources: sources.collect(), own: own.collect() };
            let comparison = compared.comparison().unwrap();
            // The first source says what the person says.
            prop_assert!(comparison.sources[0].precision.is_none_or(|precision| precision == 1.0));
            for row in &comparison.sources {
                if let (Some(share), Some([from, to])) = (row.precision, row.interval) {
                    prop_assert!(from <= share && share <= to, "{share} is not from {from} to {to}");
                }
            }
            for share in comparison.sources.iter().flat_map(|row| [row.precision, row.recall]).chain(comparison.pairs.iter().map(|row| row.agreement)) {
                prop_assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)));
            }
        }
    }
}
