//! `tagsmith tag`: one report per picture, in the order of the paths. A file that cannot be tagged gets a report with the reason.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tagsmith::picture::memory_estimate;
use tagsmith::session::{TagReport, TaggedReport, Texts};
use tagsmith::{Error, Result};

use crate::args::TagArgs;
use crate::in_order::{Clock, InOrder};
use crate::library::{Resume, check_is_not, with_code};
use crate::memory_gate::{MemoryGate, Share};
use crate::output::{ReportWriter, To};
use crate::outputs::Outputs;
use crate::own::OfProvider;
use crate::path_text::path_text;
use crate::picture_tagger::{Found, Local, PictureTagger, Wanted, catching, failure, gave_up};
use crate::pictures::find;
use crate::progress::progress_bar;
use crate::provider::{Beside, Chosen, announce};
use crate::say::{count, say};
use crate::sort::Sorter;
use crate::source::{is_standard_input, read};
use crate::watch::Watch;
use crate::{exit, interruption};

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What every picture is tagged with.
struct Job {
    tagger: Arc<PictureTagger>,
    wanted: Wanted,
    pictures: Vec<PathBuf>,
    memory: Arc<MemoryGate>,
    args: Arc<TagArgs>,
    objects_failed: Arc<ObjectsFailed>,
    resume: Option<Arc<Resume>>,
}

/// What came of a picture; with a provider, also what it is put together from.
struct Done {
    report: TagReport,
    found: Option<Local>,
}

/// The pictures that had no second look, although there was a detector.
#[derive(Debug, Default)]
struct ObjectsFailed {
    n: AtomicUsize,
    first_reason: OnceLock<String>,
}

/// How much longer than its time a picture may take before its thread is given up: most notice by themselves.
pub const GRACE: Duration = Duration::from_secs(2);

pub fn run(args: TagArgs) -> Outcome<ExitCode> {
    let format = args.format();
    args.watch.check(format, args.output.as_deref(), args.sort.sort_into.as_deref())?;
    let tagger = PictureTagger::load(&args.tagging)?;
    let limits = tagger.limits();
    // What comes while the folders are searched is not missed.
    let mut watch = Watch::start(&args.watch, &args.exclude)?;
    let named = args.list.after(&args.paths)?;
    let found = find(&[&named[..], &args.watch.watch].concat(), &args.exclude);
    found.say();
    let provider = provider(&args, &found.pictures)?;
    let choices = args.export.options(&tagger.policy().language);
    let is_interrupted = interruption::watch()?;
    let memory = Arc::new(MemoryGate::for_decoding(&limits));
    let objects_failed = Arc::default();
    let mut round =
        Round { tagger: Arc::new(tagger), memory, args: Arc::new(args), objects_failed, is_interrupted, n: 0 };
    let Round { tagger, args, .. } = &round;
    let pictures = match &mut watch {
        Some(watch) => watch.ripe_at_first(found.pictures.clone()),
        None => found.pictures.clone(),
    };
    let resume = round.resume(&pictures)?;
    args.resume.as_deref().map_or(Ok(()), |library| check_is_not(library, args.output.as_deref()))?;
    let to = match &args.output {
        Some(path) => To::Path(path),
        None if args.format.is_none() && args.sort.sort_into.is_some() => To::Nowhere,
        None => To::StandardOutput,
    };
    let sorter = Sorter::new(&args.sort, limits, args.format.is_none() || args.output.is_some())?;
    let mut output = Outputs::new(ReportWriter::new(format, choices, to, limits)?, sorter);
    output.expect(&pictures)?;
    let beside = provider.map(|chosen| -> Outcome<Beside> {
        let has_confidence = chosen.setup.has_confidence();
        let of_provider = OfProvider { id: chosen.id.clone(), policy: args.provider.policy(), has_confidence };
        let merger = tagger.merger(Some(of_provider))?;
        let asked = crate::provider::Wanted {
            chosen,
            pictures: pictures.clone(),
            language: tagger.policy().language.clone(),
            limits,
            memory: round.memory.clone(),
            n_at_once: args.provider.requests.into(),
            max_requests: args.provider.max_requests,
        };
        Ok(Beside::start(asked, merger, round.is_interrupted.clone())?)
    });
    let mut beside = beside.transpose()?;
    let mut written = round.tag(pictures, resume, &mut output, beside.as_mut());
    if let (Some(watch), Ok(())) = (&mut watch, &written) {
        watch.say();
        while let (Ok(()), Some(pictures)) = (&written, watch.next(&round.is_interrupted)) {
            written = round.tag_more(pictures, &mut output);
        }
    }
    let written = written.and_then(|()| Ok(output.reports.finish()?));
    round.objects_failed.say();
    beside.iter().for_each(Beside::say);
    output.sorter.iter().for_each(Sorter::say);
    let n_failed = output.reports.n_failed + found.n_unreadable();
    let n_without = output.n_refused() + beside.as_ref().map_or(0, Beside::n_failed);
    match written.map_err(|error| error.downcast::<io::Error>()) {
        // The reader closed the pipe, as `head` does.
        Err(Ok(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(exit_code(n_failed + n_without)),
        Err(Ok(error)) => return Err(error),
        Err(Err(error)) => return Err(error),
        Ok(()) => {}
    }
    let (n, n_reports) = (round.n, output.reports.n_reports);
    if n_reports < n && round.is_interrupted.load(Ordering::SeqCst) {
        let total = count(n, "picture", "pictures");
        say(format_args!("interrupted after {n_reports} of {total}; their results are written"));
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    if n_failed > 0 {
        let total = count(n + found.n_unreadable(), "picture", "pictures");
        say(format_args!("{n_failed} of {total} could not be tagged"));
    }
    Ok(exit_code(n_failed + n_without))
}

/// What is the same for all pictures, those that come later included.
struct Round {
    tagger: Arc<PictureTagger>,
    memory: Arc<MemoryGate>,
    args: Arc<TagArgs>,
    objects_failed: Arc<ObjectsFailed>,
    is_interrupted: Arc<AtomicBool>,
    /// Number of pictures so far.
    n: usize,
}

impl Round {
    /// What is known of these pictures, and where more is kept.
    fn resume(&self, pictures: &[PathBuf]) -> Outcome<Option<Arc<Resume>>> {
        let Some(path) = &self.args.resume else { return Ok(None) };
        if pictures.iter().any(|path| is_standard_input(path)) {
            return Err("What comes through standard input has no name to go on with. Save it as a file, or leave out --resume.".into());
        }
        let Self { tagger, is_interrupted, .. } = self;
        let resume = Resume::open(path, tagger.tagger(), tagger.limits(), pictures, is_interrupted.clone())?;
        Ok(Some(Arc::new(resume)))
    }

    /// Tags pictures whose reports are expected.
    fn tag(
        &mut self,
        pictures: Vec<PathBuf>,
        resume: Option<Arc<Resume>>,
        output: &mut Outputs,
        beside: Option<&mut Beside>,
    ) -> Outcome<()> {
        let (n, n_before) = (pictures.len(), output.reports.n_reports);
        self.n += n;
        let Self { tagger, memory, args, objects_failed, is_interrupted, .. } = self;
        let wanted = Wanted {
            policy: tagger.policy().clone(),
            candidates: args.candidates,
            all_scores: args.all_scores,
            embedding: args.embedding,
        };
        let job = Job {
            tagger: tagger.clone(),
            wanted,
            pictures,
            memory: memory.clone(),
            args: args.clone(),
            objects_failed: objects_failed.clone(),
            resume: resume.clone(),
        };
        let written = tag_all(job, output, beside, is_interrupted.clone());
        resume.map_or(Ok(()), |resume| resume.finish(output.reports.n_reports - n_before == n))?;
        Ok(written?)
    }

    /// Tags pictures that came later. One whose file would be another's is named, and left out.
    fn tag_more(&mut self, pictures: Vec<PathBuf>, output: &mut Outputs) -> Outcome<()> {
        match output.expect(&pictures) {
            Err(error) if pictures.len() == 1 => {
                say(error);
                output.reports.n_refused += 1;
                Ok(())
            }
            Err(_) => pictures.into_iter().try_for_each(|picture| self.tag_more(vec![picture], output)),
            Ok(()) => {
                let resume = self.resume(&pictures)?;
                self.tag(pictures, resume, output, None)
            }
        }
    }
}

/// The provider to ask as well, once it is said what would leave and somebody agreed.
fn provider(args: &TagArgs, pictures: &[PathBuf]) -> Outcome<Option<Chosen>> {
    let Some(id) = &args.provider.provider else { return Ok(None) };
    let chosen = Chosen::read(id, &args.provider)?;
    if pictures.iter().any(|path| is_standard_input(path)) {
        return Err("What comes through standard input is read once, so it is not sent. Save it as a file, or leave out --provider.".into());
    }
    if announce(&chosen, pictures).map_err(with_code)? && !args.provider.yes {
        return Err("Nothing was sent, and nothing tagged. Add --yes to send them, or leave out --provider.".into());
    }
    Ok(Some(chosen))
}

/// Writes each report as soon as it is there, with what a provider says. Interrupted, those that are there, and what was answered.
fn tag_all(
    job: Job,
    output: &mut Outputs,
    mut beside: Option<&mut Beside>,
    is_interrupted: Arc<AtomicBool>,
) -> io::Result<()> {
    let n = job.pictures.len();
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let n_threads = job.args.threads.filter(|n| *n > 0).map_or_else(cores, usize::from);
    let progress = progress_bar(n as u64);
    // A picture is done once its last tagger is.
    let counted = beside.is_none().then(|| progress.clone());
    let resume = job.resume.clone();
    let job = Arc::new(job);
    let patience = Duration::from_secs(job.args.tagging.limits.timeout).saturating_add(GRACE);
    let worker = job.clone();
    let work = move |at: usize, clock: &Clock<'_>| {
        let done = worker.done(at, clock);
        counted.iter().for_each(|progress| progress.inc(1));
        done
    };
    let gave_up = move |at: usize| Done { report: job.gave_up(at), found: None };
    for (at, Done { report, found }) in InOrder::start(n, n_threads, is_interrupted, patience, work, gave_up)? {
        // What is said to be done stays done.
        if let Some(resume) = &resume {
            resume.settle(at);
        }
        let Some(beside) = &mut beside else {
            output.write(at, &report)?;
            continue;
        };
        beside.take(at, report, found);
        while let Some((at, report)) = beside.ready() {
            progress.inc(1);
            output.write(at, &report)?;
        }
    }
    while let Some((at, report)) = beside.as_mut().and_then(|beside| beside.rest()) {
        progress.inc(1);
        output.write(at, &report)?;
    }
    progress.finish_and_clear();
    Ok(())
}

fn exit_code(n_failed: usize) -> ExitCode {
    ExitCode::from(if n_failed > 0 { exit::SOME_FAILED } else { 0 })
}

impl Job {
    fn done(&self, at: usize, clock: &Clock<'_>) -> Done {
        let mut found = None;
        let report = self.report(at, clock, &mut found);
        Done { report, found }
    }

    /// `kept`: what it was made from, where a provider's tags are to join.
    fn report(&self, at: usize, clock: &Clock<'_>, kept: &mut Option<Local>) -> TagReport {
        let path = &self.pictures[at];
        if let Some(failure) = self.resume.as_ref().and_then(|resume| resume.known_failure(at)) {
            return TagReport::Failed {
                path: path_text(path),
                error: failure.clone(),
                tags: Vec::new(),
                texts: Texts::default(),
            };
        }
        match catching(|| self.tag(at, clock, kept)) {
            Ok(tagged) => TagReport::Tagged(Box::new(tagged)),
            Err(error) => self.failed(at, &error),
        }
    }

    /// Of a picture whose thread does not come back.
    fn gave_up(&self, at: usize) -> TagReport {
        self.failed(at, &gave_up(self.args.tagging.limits.timeout))
    }

    fn failed(&self, at: usize, error: &Error) -> TagReport {
        let error = failure(error);
        if let Some(resume) = &self.resume {
            resume.record_failure(at, &error);
        }
        TagReport::Failed { path: path_text(&self.pictures[at]), error, tags: Vec::new(), texts: Texts::default() }
    }

    fn tag(&self, at: usize, clock: &Clock<'_>, kept: &mut Option<Local>) -> Result<TaggedReport> {
        let Self { tagger, wanted, .. } = self;
        let path = &self.pictures[at];
        let bytes = read(path, &tagger.limits())?;
        let resume = self.resume.as_ref();
        if let Some(tagging) = resume.and_then(|resume| resume.known(at, &bytes)) {
            let own = tagger.own_tags(|| {
                let kept = resume.and_then(|resume| resume.embedding(&tagging.facts.sha256));
                kept.map_or_else(
                    || {
                        let _share = self.share(&bytes, clock);
                        tagger.embed(&bytes)
                    },
                    Ok,
                )
            })?;
            let found = Found { local: Local { tagging, own }, scores: None, embedding: None, objects_failed: None };
            return tagger.report(path_text(path), found, wanted);
        }
        let _share = self.share(&bytes, clock);
        let found = tagger.find(&bytes, &wanted.policy, |tagging, embedding| {
            if let Some(resume) = resume {
                resume.record(at, tagging, bytes.len(), embedding);
            }
        })?;
        if let Some(error) = &found.objects_failed {
            self.objects_failed.add(path, error);
        }
        *kept = self.args.provider.provider.is_some().then(|| found.local.clone());
        tagger.report(path_text(path), found, wanted)
    }

    /// Waits for the memory that decoding a file takes.
    fn share(&self, file: &[u8], clock: &Clock<'_>) -> Share<'_> {
        clock.stop();
        let share = self.memory.take(memory_estimate(file, &self.tagger.limits()));
        clock.start();
        share
    }
}

impl ObjectsFailed {
    fn add(&self, path: &Path, error: &Error) {
        self.n.fetch_add(1, Ordering::Relaxed);
        self.first_reason.get_or_init(|| format!("{}: {error}", path_text(path)));
    }

    fn say(&self) {
        if let Some(reason) = self.first_reason.get() {
            let pictures = count(self.n.load(Ordering::Relaxed), "picture was", "pictures were");
            say(format_args!(
                "{pictures} not looked at again and have the tags of the first look. The first of them, {reason}"
            ));
        }
    }
}
