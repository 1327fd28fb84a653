//! What a training report says of each tag.

use serde::{Deserialize, Serialize};

use crate::tags::TagRef;
use crate::train::figures::Figure;
use crate::train::report::Seen;
use crate::train::report::curve::{CurvePoint, curve};
use crate::train::set::{MIN_EXAMPLES, N_COMPLETE};

/// Best and worst examples that are named.
const N_EDGES: usize = 6;
/// A tag of which fewer are found, or are right, is not completely trained, however many pictures it has.
const OFTEN: f32 = 0.5;
/// With fewer distinct pictures nothing of a tag can be left out and judged.
const LEAST_DISTINCT: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagStatus {
    /// Green.
    Trained,
    /// Yellow: trained, but not completely.
    Incomplete,
    /// Grey: not in this training.
    LeftOut,
}

/// What is missing for green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub code: ReasonCode,
    /// How many pictures are missing; of [`ReasonCode::OftenWrong`] how many of 100 are right.
    pub n: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// More pictures.
    MoreExamples,
    /// More pictures that are not copies of others.
    MoreDistinct,
    /// Fewer than half are found, or are right.
    OftenWrong,
    /// Too few to be trained at all.
    TooFew,
    /// No picture had it.
    NoneHere,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagReport {
    pub tag: TagRef,
    pub status: TagStatus,
    pub reasons: Vec<Reason>,
    pub n_examples: usize,
    /// Without exact and near duplicates.
    pub n_distinct: usize,
    /// Pictures that a person took it from.
    pub n_rejected: usize,
    /// From this confidence on the tag is shown. This and what follows is `None` or empty where it was left out; figures also where all
    /// pictures are copies of one.
    pub threshold: Option<f32>,
    /// How many of those shown are right; `None` where none is shown.
    pub precision: Option<Figure>,
    /// How many of its pictures are found.
    pub recall: Option<Figure>,
    /// Average precision, without a threshold.
    pub ap: Option<Figure>,
    /// Examples that were recognised best, the best first, and worst, the worst first.
    pub best: Vec<u32>,
    pub worst: Vec<u32>,
    /// What other thresholds would give.
    pub curve: Vec<CurvePoint>,
}

pub fn reports(seen: &Seen) -> Vec<TagReport> {
    let rejected = seen.set.rejected_counts();
    let columns = &seen.validated().tags;
    (0..)
        .zip(seen.set.tags.iter().zip(rejected))
        .map(|(number, (tag, n_rejected))| {
            let examples: Vec<usize> =
                seen.examples().filter(|&example| seen.set.examples[example].tags.contains(&number)).collect();
            let mut of_tag = TagReport {
                tag: tag.clone(),
                status: TagStatus::LeftOut,
                reasons: Vec::new(),
                n_examples: examples.len(),
                n_distinct: seen.n_distinct(examples.iter().copied()),
                n_rejected,
                threshold: None,
                precision: None,
                recall: None,
                ap: None,
                best: Vec::new(),
                worst: Vec::new(),
                curve: Vec::new(),
            };
            if let Some(column) = columns.iter().position(|&trained| trained == number) {
                fill(&mut of_tag, seen, column, &examples);
            }
            of_tag.reasons = reasons(&of_tag);
            of_tag.status = match of_tag.reasons[..] {
                _ if of_tag.threshold.is_none() => TagStatus::LeftOut,
                [] => TagStatus::Trained,
                _ => TagStatus::Incomplete,
            };
            of_tag
        })
        .collect()
}

fn fill(of_tag: &mut TagReport, seen: &Seen, column: usize, examples: &[usize]) {
    let shown: Vec<usize> = seen.examples().filter(|&example| seen.is_shown(example, column)).collect();
    of_tag.threshold = Some(seen.trained.head.tags[column].threshold);
    // Copies of one picture show how well it is remembered, and nothing else.
    if of_tag.n_distinct >= LEAST_DISTINCT {
        of_tag.precision = seen.figure(&shown, |example| seen.has(example, column));
        of_tag.recall = seen.figure(examples, |example| seen.is_shown(example, column));
        of_tag.ap = seen.average_precision(column);
    }
    of_tag.curve = curve(seen, column);
    let mut sorted = examples.to_vec();
    sorted.sort_by(|&a, &b| seen.z(b, column).total_cmp(&seen.z(a, column)));
    let ids: Vec<u32> = sorted.iter().map(|&example| seen.set.examples[example].id).collect();
    // No picture is both.
    let n = N_EDGES.min(ids.len() / 2);
    of_tag.best = ids[..n].to_vec();
    of_tag.worst = ids.iter().rev().take(n).copied().collect();
}

fn reasons(of_tag: &TagReport) -> Vec<Reason> {
    let reason = |code, n| Reason { code, n };
    let (n, n_distinct) = (of_tag.n_examples, of_tag.n_distinct);
    if of_tag.threshold.is_none() {
        let code = if n == 0 { ReasonCode::NoneHere } else { ReasonCode::TooFew };
        return vec![reason(code, MIN_EXAMPLES.saturating_sub(n))];
    }
    let mut reasons = Vec::new();
    if n < N_COMPLETE && n_distinct >= LEAST_DISTINCT {
        reasons.push(reason(ReasonCode::MoreExamples, N_COMPLETE - n));
    } else if n_distinct < N_COMPLETE {
        reasons.push(reason(ReasonCode::MoreDistinct, N_COMPLETE - n_distinct));
    }
    let worst = [of_tag.precision, of_tag.recall].map(|figure| figure.map_or(0.0, |figure| figure.value));
    let worst = worst[0].min(worst[1]);
    if worst < OFTEN && n_distinct >= LEAST_DISTINCT {
        reasons.push(reason(ReasonCode::OftenWrong, (worst * 100.0).round() as usize));
    }
    reasons
}
