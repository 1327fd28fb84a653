//! The tagged pictures of one sitting. Keeps every picture's candidates, so that a new policy is applied to all of them at once
//! without the model: microseconds a picture.

use std::collections::BTreeMap;

use crate::card::ModelCard;
use crate::error::Result;
use crate::export::{CsvWriter, to_line};
use crate::report::{Failure, ModelRef, PIPELINE_VERSION, PictureFacts, ReportTag, TagReport, Tagged, Timings};
use crate::tags::{Candidate, Policy, Selector, Tag};
use crate::vocabulary::Vocabulary;

/// Bins of [`Summary::histogram`], equally wide over [0, 1].
pub const HISTOGRAM_BINS: usize = 50;

/// Pictures by id, under one policy.
#[derive(Debug)]
pub struct Batch {
    model: ModelRef,
    vocabulary: Vocabulary,
    selector: Selector,
    pictures: BTreeMap<u32, Picture>,
}

#[derive(Debug)]
struct Picture {
    path: String,
    outcome: Result<Kept, Failure>,
}

/// What is kept of a tagged picture.
#[derive(Debug)]
pub struct Kept {
    pub facts: PictureFacts,
    /// The highest first.
    pub candidates: Vec<Candidate>,
    pub timings: Timings,
}

/// What the policy gives over all pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Tagged or failed.
    pub pictures: u32,
    pub failed: u32,
    /// Pictures that show at least one tag.
    pub with_tags: u32,
    /// Tags shown on all pictures.
    pub tags: u32,
    /// Confidences of everything that could be shown at some threshold; the last bin holds 1.
    pub histogram: [u32; HISTOGRAM_BINS],
}

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Jsonl,
}

impl Batch {
    /// An empty batch under the card's own policy.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind) if that policy makes no sense.
    pub fn new(card: &ModelCard, vocabulary: Vocabulary) -> Result<Self> {
        let selector = Selector::new(card.policy.into(), &vocabulary)?;
        Ok(Self { model: card.into(), vocabulary, selector, pictures: BTreeMap::new() })
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Language of the names, as the policy in force says.
    pub fn language(&self) -> &str {
        &self.selector.policy().language
    }

    /// Adds or replaces a picture.
    pub fn put(&mut self, id: u32, path: String, kept: Kept) {
        self.pictures.insert(id, Picture { path, outcome: Ok(kept) });
    }

    /// Adds or replaces a picture that could not be tagged.
    pub fn fail(&mut self, id: u32, path: String, failure: Failure) {
        self.pictures.insert(id, Picture { path, outcome: Err(failure) });
    }

    pub fn remove(&mut self, id: u32) {
        self.pictures.remove(&id);
    }

    /// Puts everything, also what comes later, under `policy`.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind); the policy before stays in force.
    pub fn apply(&mut self, policy: Policy) -> Result<Summary> {
        self.selector = Selector::new(policy, &self.vocabulary)?;
        Ok(self.summary())
    }

    pub fn summary(&self) -> Summary {
        let mut summary = Summary { pictures: 0, failed: 0, with_tags: 0, tags: 0, histogram: [0; HISTOGRAM_BINS] };
        for picture in self.pictures.values() {
            summary.pictures += 1;
            let Ok(kept) = &picture.outcome else {
                summary.failed += 1;
                continue;
            };
            let shown = self.selector.shown(&kept.candidates, &self.vocabulary).len() as u32;
            summary.tags += shown;
            summary.with_tags += u32::from(shown > 0);
            for candidate in kept.candidates.iter().filter(|candidate| self.selector.permits(candidate.tag)) {
                let bin = (candidate.score * HISTOGRAM_BINS as f32) as usize;
                summary.histogram[bin.min(HISTOGRAM_BINS - 1)] += 1;
            }
        }
        summary
    }

    /// The tags of a picture under the policy in force; none for one that failed or is not there.
    pub fn tags(&self, id: u32) -> Vec<Tag> {
        match self.pictures.get(&id).map(|picture| &picture.outcome) {
            Some(Ok(kept)) => self.selector.select(&kept.candidates, &self.vocabulary),
            _ => Vec::new(),
        }
    }

    /// What is shown of the pictures `ids`, in that order, as a file. Unknown ids are left out.
    pub fn export(&self, format: ExportFormat, ids: &[u32]) -> String {
        let mut reports = ids.iter().filter_map(|id| Some(self.report(*id, self.pictures.get(id)?)));
        match format {
            ExportFormat::Jsonl => reports.map(|report| to_line(&report)).collect(),
            ExportFormat::Csv => {
                let mut write = || -> csv::Result<Vec<u8>> {
                    let mut writer = CsvWriter::new(Vec::new())?;
                    reports.try_for_each(|report| writer.write(&report))?;
                    Ok(writer.into_inner()?)
                };
                let bytes = write().expect("writing to memory cannot fail");
                String::from_utf8(bytes).expect("every cell is a string")
            }
        }
    }

    fn report(&self, id: u32, picture: &Picture) -> TagReport {
        let path = picture.path.clone();
        match &picture.outcome {
            Err(error) => TagReport::Failed { path, error: error.clone() },
            Ok(kept) => TagReport::Tagged(Box::new(Tagged {
                path,
                facts: kept.facts.clone(),
                model: self.model.clone(),
                pipeline: PIPELINE_VERSION,
                tags: self
                    .tags(id)
                    .into_iter()
                    .map(|tag| ReportTag::new(tag, &self.vocabulary, self.language()))
                    .collect(),
                timings_ms: kept.timings,
                scores: None,
                embedding: None,
            })),
        }
    }
}
