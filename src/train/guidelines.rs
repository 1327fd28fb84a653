//! Training guidelines: what makes a training set good, each with a light and the pictures concerned. Quick enough to be asked after
//! every change of the set.
//!
//! How often each light is right was measured with planted faults; see `docs/ALGORITHMS.md`.

mod coherence;
mod completeness;
mod coverage;
mod duplicates;
mod likeness;

use serde::{Deserialize, Serialize};

use crate::tags::TagRef;
use crate::train::background::Background;
use crate::train::duplicates::{rows, twins_of};
use crate::train::guidelines::likeness::Likeness;
use crate::train::set::{MIN_EXAMPLES, N_COMPLETE, TrainingSet};

pub use duplicates::{DuplicateKind, Duplicates};

/// Least length of the longer side of a picture, in pixels.
pub const MIN_LONGER_SIDE: u32 = 500;
/// Pictures that a check names.
const MAX_CONCERNED: usize = 24;
/// A light is red where more than this share of a tag's pictures is concerned.
const RED_SHARE: f32 = 0.2;

/// A traffic light; they are in the order of how good they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Not judged: too few pictures, or nothing that could measure it.
    None,
    Green,
    Yellow,
    Red,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guideline {
    /// At least [`N_COMPLETE`] pictures; it works from [`MIN_EXAMPLES`].
    Examples,
    /// At least [`MIN_LONGER_SIDE`] on the longer side.
    Size,
    /// Pictures of one tag look alike.
    Coherence,
    /// At least [`MIN_EXAMPLES`] of each visibly different kind.
    Coverage,
    /// No busy background. Nothing here measures that well enough, so its light is always [`Light::None`].
    Distraction,
    /// What looks like a tag's examples has the tag.
    Completeness,
    /// No picture is there twice.
    Duplicates,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guidelines {
    /// In the order of the set's tags.
    pub tags: Vec<TagGuidelines>,
    pub duplicates: Vec<Duplicates>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TagGuidelines {
    pub tag: TagRef,
    /// The worst of its checks.
    pub light: Light,
    pub n_examples: usize,
    pub checks: Vec<Check>,
}

/// What one guideline says of one tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    pub guideline: Guideline,
    pub light: Light,
    /// How many pictures are concerned; of [`Guideline::Examples`] how many there are.
    pub n: usize,
    /// Of [`Guideline::Examples`]: how many are missing.
    pub n_needed: usize,
    /// The worst first, at most 24.
    pub concerned: Vec<Concerned>,
    /// Of [`Guideline::Coverage`]: kinds with too few examples.
    pub kinds: Vec<Kind>,
}

/// A picture that a guideline is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concerned {
    pub id: u32,
    /// The tag that it looks like instead.
    pub like: Option<u16>,
    /// The picture that it repeats.
    pub twin: Option<u32>,
}

/// Examples of one tag that look alike, and unlike its others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    pub ids: Vec<u32>,
    /// More like these, until there are enough.
    pub n_needed: usize,
}

impl Check {
    fn new(guideline: Guideline, light: Light, n: usize) -> Self {
        Self { guideline, light, n, n_needed: 0, concerned: Vec::new(), kinds: Vec::new() }
    }

    /// Green where no picture is concerned, red where many of `n_examples` are.
    fn of_pictures(guideline: Guideline, mut concerned: Vec<Concerned>, n_examples: usize) -> Self {
        let n = concerned.len();
        let light = match n {
            0 => Light::Green,
            _ if n as f32 > RED_SHARE * n_examples as f32 => Light::Red,
            _ => Light::Yellow,
        };
        concerned.truncate(MAX_CONCERNED);
        Self { concerned, ..Self::new(guideline, light, n) }
    }
}

impl Concerned {
    fn new(id: u32) -> Self {
        Self { id, like: None, twin: None }
    }
}

/// What the guidelines say of a set that [was checked](TrainingSet::check). `other_ids` are the caller's numbers of the set's others;
/// without a number another picture isn't offered for tagging. With a background "unlike its others" is told better.
pub fn guidelines(set: &TrainingSet, other_ids: &[u32], background: Option<&Background>) -> Guidelines {
    let is_of_set = |background: &&Background| {
        background.backbone.is(&set.backbone.id, &set.backbone.version) && background.deviations.len() == set.n_features
    };
    let background = background.filter(is_of_set);
    let rows = rows(set);
    let likeness = Likeness::new(set, &rows, background);
    let twins = twins_of(set, &rows);
    let missing = completeness::missing(set, other_ids, &likeness);
    let coverage = coverage::Measure::new(set, &rows, background);
    let tags = (0..).zip(&set.tags).zip(missing).map(|((tag, name), missing)| {
        let n_examples = likeness.members(tag).len();
        let checks = vec![
            examples(n_examples),
            size(set, likeness.members(tag)),
            coherence::check(set, tag, &likeness),
            coverage.check(set, &likeness.within[usize::from(tag)], n_examples),
            Check::new(Guideline::Distraction, Light::None, 0),
            Check::of_pictures(Guideline::Completeness, missing, n_examples),
            duplicates::check(set, tag, &twins),
        ];
        let light = checks.iter().map(|check| check.light).max().unwrap_or(Light::None);
        TagGuidelines { tag: name.clone(), light, n_examples, checks }
    });
    Guidelines { tags: tags.collect(), duplicates: duplicates::list(set, &twins) }
}

fn examples(n: usize) -> Check {
    let (light, wanted) = match n {
        N_COMPLETE.. => (Light::Green, n),
        MIN_EXAMPLES.. => (Light::Yellow, N_COMPLETE),
        _ => (Light::Red, MIN_EXAMPLES),
    };
    Check { n_needed: wanted - n, ..Check::new(Guideline::Examples, light, n) }
}

fn size(set: &TrainingSet, members: &[usize]) -> Check {
    let known: Vec<_> = members.iter().map(|&at| &set.examples[at]).filter(|example| example.longer_side > 0).collect();
    if known.is_empty() {
        return Check::new(Guideline::Size, Light::None, 0);
    }
    let mut small: Vec<_> = known.iter().filter(|example| example.longer_side < MIN_LONGER_SIDE).collect();
    small.sort_by_key(|example| example.longer_side);
    let concerned = small.iter().map(|example| Concerned::new(example.id)).collect();
    Check::of_pictures(Guideline::Size, concerned, known.len())
}

#[cfg(test)]
mod tests;
