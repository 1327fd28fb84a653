//! Training report: what was learnt, how sure that is at this number of pictures, and what would make it better.
//!
//! Every figure is of pictures that were not learnt from, as [`Validated`] has them: near duplicates are left out together, and count
//! once where it is said how sure a figure is. The formulas are in docs/ALGORITHMS.md.

mod csv;
mod curve;
mod pairs;
mod suspects;
mod tags;
mod words;
mod xlsx;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::tags::TagRef;
use crate::train::figures::{Figure, average_precision};
use crate::train::fit::Trained;
use crate::train::set::TrainingSet;
use crate::train::validate::Validated;

pub use curve::{Bin, CurvePoint};
pub use pairs::ConfusedPair;
pub use suspects::{Suspect, SuspectKind};
pub use tags::{Reason, ReasonCode, TagReport, TagStatus};

/// What [`TrainingReport::schema`] says.
const SCHEMA: u32 = 1;
/// Most bytes of a report; as many as of a head, and usual are thousands.
const MAX_BYTES: usize = 64 << 20;

/// How a training went. Serialised, it is what a library keeps of each version; tags are numbers in `tags`, pictures those of the set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingReport {
    pub schema: u32,
    pub tagger: ReportTagger,
    /// What the person called the training, and said of it.
    pub title: String,
    pub comment: String,
    /// In ms from 1970.
    pub made_ms: i64,
    pub seed: u64,
    pub backbone: ReportBackbone,
    pub n_examples: usize,
    /// Without exact and near duplicates.
    pub n_distinct: usize,
    /// Other pictures of the library that the tags were told from: those that are clearly none of the examples, where no everyday pictures
    /// came with the model.
    pub n_others: usize,
    /// Whether pictures unlike all examples get no own tag.
    pub has_familiarity: bool,
    /// How often the surest tag is right.
    pub accuracy: Option<Figure>,
    /// Mean average precision of the trained tags.
    pub map: Option<Figure>,
    /// How far confidences are from how often they are right, on average.
    pub ece: Option<f32>,
    /// In the order of the set's tags.
    pub tags: Vec<TagReport>,
    /// The most confused first.
    pub pairs: Vec<ConfusedPair>,
    /// The surest first.
    pub suspects: Vec<Suspect>,
    pub reliability: Vec<Bin>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTagger {
    pub id: String,
    pub name: String,
    pub version: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportBackbone {
    pub id: String,
    pub version: String,
}

/// How a report is written for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportWords {
    /// Of headings and sentences; English where there are none in it.
    pub language: String,
    /// Names of pictures, by their number in the set.
    pub pictures: BTreeMap<u32, String>,
    /// From UTC to local time, in minutes.
    pub utc_offset_min: i32,
}

/// The examples with what is said of each when it is not learnt from.
struct Seen<'a> {
    set: &'a TrainingSet,
    trained: &'a Trained,
}

impl Seen<'_> {
    fn validated(&self) -> &Validated {
        &self.trained.validated
    }

    fn n_columns(&self) -> usize {
        self.validated().tags.len()
    }

    /// Number of the tag in the set.
    fn tag_of(&self, column: usize) -> u16 {
        self.validated().tags[column]
    }

    fn has(&self, example: usize, column: usize) -> bool {
        self.set.examples[example].tags.contains(&self.tag_of(column))
    }

    fn confidence(&self, example: usize, column: usize) -> f32 {
        self.validated().confidences_of(example)[column]
    }

    fn z(&self, example: usize, column: usize) -> f32 {
        self.validated().z[example * self.n_columns() + column]
    }

    fn is_shown(&self, example: usize, column: usize) -> bool {
        self.confidence(example, column) >= self.trained.head.tags[column].threshold
            && self.validated().is_familiar(example)
    }

    /// Whether pictures may have both tags: some example has.
    fn are_companions(&self, a: usize, b: usize) -> bool {
        self.trained.head.tags[a].companions.contains(&(b as u16))
    }

    fn examples(&self) -> std::ops::Range<usize> {
        0..self.set.examples.len()
    }

    fn n_distinct(&self, examples: impl Iterator<Item = usize>) -> usize {
        examples.map(|example| self.validated().groups[example]).collect::<BTreeSet<_>>().len()
    }

    /// The share of `examples` for which it is right, as sure as distinct ones make it.
    fn figure(&self, examples: &[usize], is_right: impl Fn(usize) -> bool) -> Option<Figure> {
        let n_right = examples.iter().filter(|&&example| is_right(example)).count();
        let n_distinct = self.n_distinct(examples.iter().copied());
        Figure::of(n_right as f64 / examples.len().max(1) as f64, n_distinct)
    }

    fn average_precision(&self, column: usize) -> Option<Figure> {
        let scored = self.examples().map(|example| (self.z(example, column), self.has(example, column)));
        let n_distinct = self.n_distinct(self.examples().filter(|&example| self.has(example, column)));
        Figure::of(average_precision(scored.collect())?, n_distinct)
    }

    /// Of the examples with any trained tag: whether their surest tag is one of theirs.
    fn accuracy(&self) -> Option<Figure> {
        let columns = || 0..self.n_columns();
        let tagged: Vec<usize> =
            self.examples().filter(|&example| columns().any(|column| self.has(example, column))).collect();
        let surest = |example: usize| columns().max_by(|&a, &b| self.z(example, a).total_cmp(&self.z(example, b)));
        self.figure(&tagged, |example| surest(example).is_some_and(|column| self.has(example, column)))
    }
}

/// What a training of `set` gave.
pub fn report(set: &TrainingSet, trained: &Trained) -> TrainingReport {
    let (head, seen) = (&trained.head, Seen { set, trained });
    let tags = tags::reports(&seen);
    let precisions: Vec<Figure> = tags.iter().filter_map(|tag| tag.ap).collect();
    let (reliability, ece) = curve::reliability(&seen);
    TrainingReport {
        schema: SCHEMA,
        tagger: ReportTagger { id: head.id.clone(), name: head.name.clone(), version: head.version },
        title: head.title.clone(),
        comment: head.comment.clone(),
        made_ms: head.made_ms,
        seed: head.seed,
        backbone: ReportBackbone { id: head.backbone.id.clone(), version: head.backbone.version.clone() },
        n_examples: set.examples.len(),
        n_distinct: seen.n_distinct(seen.examples()),
        n_others: trained.n_others,
        has_familiarity: head.familiarity.is_some(),
        accuracy: seen.accuracy(),
        map: Figure::mean(&precisions),
        ece,
        pairs: pairs::confused(&seen),
        suspects: suspects::suspects(&seen),
        reliability,
        tags,
    }
}

impl TrainingReport {
    /// Reads a report that was kept, perhaps by another program.
    ///
    /// # Errors
    /// [`ErrorKind::OwnHeadInvalid`] if it is none, or one that contradicts itself.
    pub fn parse(json: &str) -> Result<Self> {
        let invalid = |what: String| {
            let detail = format!("This is no training report: {what}. Train again to get a new one.");
            Error::new(ErrorKind::OwnHeadInvalid, detail)
        };
        if json.len() > MAX_BYTES {
            return Err(invalid(format!("it has {} bytes, and the most is {MAX_BYTES}", json.len())));
        }
        let report: Self = serde_json::from_str(json).map_err(|error| invalid(error.to_string()))?;
        if report.schema != SCHEMA {
            return Err(invalid(format!("its schema is {}, and this program reads {SCHEMA}", report.schema)));
        }
        let of_pairs = report.pairs.iter().flat_map(|pair| [pair.tag, pair.taken_for]);
        let of_suspects = report.suspects.iter().flat_map(|suspect| [Some(suspect.tag), suspect.like]).flatten();
        match of_pairs.chain(of_suspects).find(|&tag| usize::from(tag) >= report.tags.len()) {
            Some(tag) => Err(invalid(format!("it names tag {tag} of {}", report.tags.len()))),
            None => Ok(report),
        }
    }

    fn name(&self, tag: u16) -> &str {
        self.tags.get(usize::from(tag)).map_or("", |of| of.tag.name.as_str())
    }

    /// What there is on a tag that a person asks about; `None` if this training didn't know it.
    pub fn of_tag(&self, tag: &TagRef) -> Option<&TagReport> {
        self.tags.iter().find(|of| of.tag.id == tag.id)
    }
}

#[cfg(test)]
mod tests;
