//! What `tagsmith tag` does with a provider: its answers join the local tags picture by picture, and its failures cost none of those.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tagsmith::session::TagReport;

use crate::own::Merger;
use crate::picture_tagger::Local;
use crate::provider::run::{Outcome, Run, Wanted};
use crate::say::{count, say};

/// As many small pictures as any request takes.
const MANY: usize = 64;

/// A provider that is asked about what the local model has tagged, while that goes on.
pub struct Beside {
    provider: String,
    run: Run,
    merger: Merger,
    /// In their order.
    waiting: VecDeque<Waiting>,
    /// So many wait at most: the local model is no further ahead of the provider, and the provider never of it.
    most_waiting: usize,
    n_answered: usize,
    /// By what is said of them: how many pictures, and the first.
    failed: BTreeMap<String, (usize, String)>,
}

/// A picture that the local model is done with.
struct Waiting {
    at: usize,
    report: TagReport,
    asked: Option<Asked>,
}

struct Asked {
    found: Local,
    /// The first picture of the same content, which is the one that is sent.
    first: usize,
}

impl Beside {
    /// Begins, with nothing to ask about yet.
    ///
    /// # Errors
    /// Those of the system, if it has no more threads.
    pub fn start(wanted: Wanted, merger: Merger, is_stopped: Arc<AtomicBool>) -> io::Result<Self> {
        let provider = wanted.chosen.id.clone();
        let most_at_once = wanted.chosen.setup.batches(&[1; MANY]).first().map_or(1, |length| *length as usize);
        let most_waiting = (2 * wanted.n_at_once * most_at_once).max(MANY / 4);
        let run = Run::start(wanted, is_stopped)?;
        let waiting = VecDeque::new();
        Ok(Self { provider, run, merger, waiting, most_waiting, n_answered: 0, failed: BTreeMap::new() })
    }

    /// Takes a picture that the local model is done with. One that it could not read has its own reason, and is not sent.
    pub fn take(&mut self, at: usize, report: TagReport, found: Option<Local>) {
        let asked = found.map(|found| Asked { first: self.run.ask(at, &found.tagging.facts.sha256), found });
        self.waiting.push_back(Waiting { at, report, asked });
    }

    /// The next in order, if it is answered; with no room for another one, once it is.
    pub fn ready(&mut self) -> Option<(usize, TagReport)> {
        let first = self.waiting.front()?.asked.as_ref().map(|asked| asked.first);
        let outcome = match first {
            None => None,
            Some(first) if self.waiting.len() < self.most_waiting => Some(self.run.outcome(first)?),
            Some(first) => Some(self.run.wait(first)?),
        };
        self.waiting.pop_front().map(|one| self.joined(one, outcome))
    }

    /// The next in order, where there are no more to take. Interrupted, those that were answered.
    pub fn rest(&mut self) -> Option<(usize, TagReport)> {
        self.run.no_more();
        while let Some(one) = self.waiting.pop_front() {
            let outcome = one.asked.as_ref().map(|asked| self.run.wait(asked.first));
            match outcome {
                Some(None) => {}
                outcome => return Some(self.joined(one, outcome.flatten())),
            }
        }
        None
    }

    /// The report of a picture with what the provider says.
    fn joined(&mut self, one: Waiting, outcome: Option<Outcome>) -> (usize, TagReport) {
        let Waiting { at, report, asked } = one;
        let (TagReport::Tagged(local), Some(asked), Some(outcome)) = (report.clone(), asked, outcome) else {
            return (at, report);
        };
        let path = local.path.clone();
        match outcome {
            Outcome::Found(found) => {
                match self.merger.merged(*local, asked.found.tagging, &asked.found.own, Some(&found)) {
                    Ok(merged) => {
                        self.n_answered += 1;
                        return (at, TagReport::Tagged(Box::new(merged)));
                    }
                    Err(error) => self.note(format!("{} ({})", error.detail(), error.kind().code()), path),
                }
            }
            Outcome::Failed(failure) => self.note(format!("{} ({})", failure.detail, failure.kind.code()), path),
            Outcome::Unreadable => self.note("It could not be read a second time.".to_owned(), path),
        }
        (at, report)
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
        let n_left = self.run.n_left();
        if n_left > 0 {
            let requests = count(n_left, "request was", "requests were");
            say(format_args!("{requests} left before {provider} had answered. It may have counted them all the same"));
        }
        let answered = count(*n_answered, "picture", "pictures");
        let asked = count(self.run.n_requests() as usize, "time", "times");
        say(format_args!("{provider} was asked {asked} and answered for {answered}"));
    }
}

#[cfg(test)]
mod tests;
