//! What `tagsmith tag` does with a provider: its answers join the local tags picture by picture, and its failures cost none of those.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tagsmith::session::TagReport;
use tagsmith::tags::Tagging;

use crate::provider::merge::Merger;
use crate::provider::run::{Outcome, Run, Wanted};
use crate::say::{count, say};

/// A provider that is asked while the local model works.
pub struct Beside {
    provider: String,
    run: Run,
    merger: Merger,
    n_answered: usize,
    /// By what is said of them: how many pictures, and the first.
    failed: BTreeMap<String, (usize, String)>,
}

impl Beside {
    /// Begins to ask.
    ///
    /// # Errors
    /// Those of the system, if it has no more threads.
    pub fn start(wanted: Wanted, merger: Merger, is_stopped: Arc<AtomicBool>) -> io::Result<Self> {
        let provider = wanted.chosen.id.clone();
        let run = Run::start(wanted, is_stopped)?;
        Ok(Self { provider, run, merger, n_answered: 0, failed: BTreeMap::new() })
    }

    /// The report of a picture with what the provider says; `None` once it is interrupted. A picture that could not be read has its own
    /// reason, and is not waited for.
    pub fn joined(&mut self, at: usize, report: TagReport, tagging: Option<Tagging>) -> Option<TagReport> {
        let (TagReport::Tagged(local), Some(tagging)) = (report.clone(), tagging) else { return Some(report) };
        let path = local.path.clone();
        match self.run.wait(at)? {
            Outcome::Found(found) => match self.merger.merged(*local, tagging, &found) {
                Ok(merged) => {
                    self.n_answered += 1;
                    return Some(TagReport::Tagged(Box::new(merged)));
                }
                Err(error) => self.note(format!("{} ({})", error.detail(), error.kind().code()), path),
            },
            Outcome::Failed(failure) => self.note(format!("{} ({})", failure.detail, failure.kind.code()), path),
            Outcome::Unreadable => self.note("It could not be read a second time.".to_owned(), path),
        }
        Some(report)
    }

    fn note(&mut self, said: String, path: String) {
        self.failed.entry(said).or_insert((0, path)).0 += 1;
    }

    /// How many pictures have the local tags alone.
    pub fn n_failed(&self) -> usize {
        self.failed.values().map(|(n, _)| n).sum()
    }

    /// Says what came of it.
    pub fn say(&self) {
        let Self { provider, n_answered, .. } = self;
        for (said, (n, first)) in &self.failed {
            let pictures = count(*n, "picture has", "pictures have");
            say(format_args!(
                "{pictures} the local tags alone, without those of {provider}: {said} The first is {first}"
            ));
        }
        let answered = count(*n_answered, "picture", "pictures");
        let asked = count(self.run.n_requests() as usize, "time", "times");
        say(format_args!("{provider} was asked {asked} and answered for {answered}"));
    }
}
