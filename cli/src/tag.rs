//! `tagsmith tag`: one report per picture, in the order of the paths. A file that cannot be tagged gets a report with the reason.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use tagsmith::picture::memory_estimate;
use tagsmith::session::{Failure, ReportCandidate, ReportTag, TagReport, TaggedReport, Texts};
use tagsmith::tags::{Embedding, ResolvedCorrections, Tagging};
use tagsmith::{Error, ErrorKind, Inference, PIPELINE_VERSION, Result, TagOptions, Tagger};

use crate::args::TagArgs;
use crate::in_order::{Clock, InOrder};
use crate::library::{Resume, check_is_not, with_code};
use crate::limit_args::LimitArgs;
use crate::memory_gate::{MemoryGate, Share};
use crate::output::ReportWriter;
use crate::own::{Custom, Merger, OfProvider, OwnTags};
use crate::path_text::path_text;
use crate::pictures::find;
use crate::progress::progress_bar;
use crate::provider::{Beside, Chosen, Wanted, announce};
use crate::say::{count, say};
use crate::source::{is_standard_input, read};
use crate::{exit, interruption, language, model, only_words};

/// What every picture is tagged with.
struct Job {
    tagger: Tagger,
    options: TagOptions,
    /// Of the tag names.
    language: String,
    pictures: Vec<PathBuf>,
    memory: Arc<MemoryGate>,
    args: TagArgs,
    objects_failed: Arc<ObjectsFailed>,
    resume: Option<Arc<Resume>>,
    custom: Custom,
    /// Puts the tags of own taggers beside the model's, and all of them into a person's words; where there is neither, the model's stand alone.
    merger: Option<Mutex<Merger>>,
}

/// What came of a picture; with a provider, also what it is put together from.
struct Done {
    report: TagReport,
    found: Option<Local>,
}

/// What was found in a picture on this machine.
#[derive(Debug, Clone)]
pub struct Local {
    pub tagging: Tagging,
    pub own: OwnTags,
}

/// The pictures that had no second look, although there was a detector.
#[derive(Debug, Default)]
struct ObjectsFailed {
    n: AtomicUsize,
    first_reason: OnceLock<String>,
}

/// How much longer than its time a picture may take before its thread is given up: most notice by themselves.
pub const GRACE: Duration = Duration::from_secs(2);

pub fn run(args: TagArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut tagger = model::load(args.model.as_deref())?;
    if tagger.has_second_look() && !args.no_objects {
        // Without objects, there still are the tags of the first look.
        if let Err(error) = model::load_objects(&mut tagger, args.model.as_deref()) {
            say(format_args!("objects are not looked for: {error} --no-objects tags without them and says nothing"));
        }
    }
    let language = language::choose(&args.lang, tagger.vocabulary().languages())?;
    let policy = model::policy(&args, &language, &tagger)?;
    let limits = args.limits.limits();
    let options = TagOptions { policy: Some(policy), limits };
    tagger.check(&options)?;
    let custom = Custom::load(&args.custom, tagger.card()).map_err(with_code)?;
    let words = args.only_words.as_deref().map(|path| only_words::read(path, &language)).transpose()?;
    let policy = options.policy.clone().unwrap_or_else(|| tagger.policy());
    let is_merged = !custom.is_empty() || words.is_some();
    let merger = || Merger::new(&tagger, policy, custom.heads(), None)?.with_words(words.clone()).map(Mutex::new);
    let merger = is_merged.then(merger).transpose()?;
    let found = find(&args.list.after(&args.paths)?, &args.exclude);
    found.say();
    let provider = provider(&args, &found.pictures)?;
    let choices = args.export.options(&language);
    let n = found.pictures.len();
    let is_interrupted = interruption::watch()?;
    let resume = args.resume.as_deref().map(|path| {
        let pictures = &found.pictures;
        if pictures.iter().any(|path| is_standard_input(path)) {
            return Err("What comes through standard input has no name to go on with. Save it as a file, or leave out --resume.".into());
        }
        Resume::open(path, &tagger, limits, pictures, is_interrupted.clone()).map(Arc::new)
    });
    let resume = resume.transpose()?;
    args.resume.as_deref().map_or(Ok(()), |library| check_is_not(library, args.output.as_deref()))?;
    let named: Vec<_> = found.pictures.iter().map(|path| (path.clone(), path_text(path))).collect();
    let mut output = ReportWriter::new(args.format, choices, args.output.as_deref(), &named, limits)?;
    // An eighth is for what the allocator keeps of pictures before.
    let memory = Arc::new(MemoryGate::new(limits.max_bytes / 8 * 7));
    let beside = provider.map(|chosen| -> Result<Beside, Box<dyn std::error::Error>> {
        let policy = options.policy.clone().expect("it was just made");
        let has_confidence = chosen.setup.has_confidence();
        let of_provider = OfProvider { id: chosen.id.clone(), policy: args.provider.policy(), has_confidence };
        let merger = Merger::new(&tagger, policy, custom.heads(), Some(of_provider))?.with_words(words)?;
        let wanted = Wanted {
            chosen,
            pictures: found.pictures.clone(),
            language: language.clone(),
            limits,
            memory: memory.clone(),
            n_at_once: args.provider.requests.into(),
            max_requests: args.provider.max_requests,
        };
        Ok(Beside::start(wanted, merger, is_interrupted.clone())?)
    });
    let mut beside = beside.transpose()?;
    let objects_failed = Arc::<ObjectsFailed>::default();
    let pictures = found.pictures.clone();
    let job = Job {
        tagger,
        options,
        language,
        pictures,
        memory,
        args,
        objects_failed: objects_failed.clone(),
        resume: resume.clone(),
        custom,
        merger,
    };
    let written = tag_all(job, &mut output, beside.as_mut(), is_interrupted.clone()).and_then(|()| output.finish());
    objects_failed.say();
    beside.iter().for_each(Beside::say);
    resume.map_or(Ok(()), |resume| resume.finish(output.n_reports == n))?;
    let n_failed = output.n_failed + found.n_unreadable();
    let n_without = output.n_refused + beside.as_ref().map_or(0, Beside::n_failed);
    match written {
        // The reader closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(exit_code(n_failed + n_without)),
        written => written?,
    }
    if output.n_reports < n && is_interrupted.load(Ordering::SeqCst) {
        let total = count(n, "picture", "pictures");
        say(format_args!("interrupted after {} of {total}; their results are written", output.n_reports));
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    if n_failed > 0 {
        let total = count(n + found.n_unreadable(), "picture", "pictures");
        say(format_args!("{n_failed} of {total} could not be tagged"));
    }
    Ok(exit_code(n_failed + n_without))
}

/// The provider to ask as well, once it is said what would leave and somebody agreed.
fn provider(args: &TagArgs, pictures: &[PathBuf]) -> Result<Option<Chosen>, Box<dyn std::error::Error>> {
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
    output: &mut ReportWriter,
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
    let patience = Duration::from_secs(job.args.limits.timeout).saturating_add(GRACE);
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
        // A panicking decoder must fail one picture, not the whole run.
        let tagged = catch_unwind(AssertUnwindSafe(|| self.tag(at, clock, kept)));
        match tagged {
            Ok(Ok(tagged)) => TagReport::Tagged(Box::new(tagged)),
            Ok(Err(error)) => {
                let option = LimitArgs::option_against(error.kind());
                let remedy = option.map(|option| format!(" The option is {option}.")).unwrap_or_default();
                self.failed(at, error.kind(), format!("{error}{remedy}"))
            }
            Err(_) => self.failed(
                at,
                ErrorKind::PictureDamaged,
                "The decoder crashed on this file. Save the picture again with another program.".to_owned(),
            ),
        }
    }

    /// Of a picture whose thread does not come back.
    fn gave_up(&self, at: usize) -> TagReport {
        let seconds = self.args.limits.timeout;
        let detail = format!(
            "The picture takes longer than {seconds} s and was given up. Save it again in another program, scaled down if it is large. \
             The option is --timeout."
        );
        self.failed(at, ErrorKind::PictureTooSlow, detail)
    }

    fn failed(&self, at: usize, kind: ErrorKind, detail: String) -> TagReport {
        let error = Failure { code: kind.code().to_owned(), detail };
        if let Some(resume) = &self.resume {
            resume.record_failure(at, &error);
        }
        TagReport::Failed { path: path_text(&self.pictures[at]), error, tags: Vec::new(), texts: Texts::default() }
    }

    fn tag(&self, at: usize, clock: &Clock<'_>, kept: &mut Option<Local>) -> Result<TaggedReport> {
        let Self { tagger, options, .. } = self;
        let path = &self.pictures[at];
        let bytes = read(path, &options.limits)?;
        if let Some(tagging) = self.resume.as_ref().and_then(|resume| resume.known(at, &bytes)) {
            let own = self.own_tags(|| {
                let kept = self.resume.as_ref().and_then(|resume| resume.embedding(&tagging.facts.sha256));
                kept.map_or_else(
                    || {
                        let _share = self.share(&bytes, clock);
                        tagger.embed_file(&bytes, &options.limits)
                    },
                    Ok,
                )
            })?;
            return self.tagged(path, Local { tagging, own }, None, None);
        }
        let _share = self.share(&bytes, clock);
        let tagged = tagger.tag(&bytes, options)?;
        if let Some(error) = &tagged.objects_failed {
            self.objects_failed.add(path, error);
        }
        let Inference { facts, scores, candidates, boxes, embedding, timings } = tagged.inference;
        let tagging = Tagging { facts, candidates, boxes, timings };
        if let Some(resume) = &self.resume {
            resume.record(at, &tagging, bytes.len(), embedding.as_deref());
        }
        let own = self.own_tags(|| match embedding.as_deref().and_then(Embedding::new) {
            Some(embedding) => Ok(embedding),
            None => tagger.embed_file(&bytes, &options.limits),
        })?;
        let found = Local { tagging, own };
        *kept = self.args.provider.provider.is_some().then(|| found.clone());
        self.tagged(path, found, Some(scores), embedding)
    }

    /// Waits for the memory that decoding a file takes.
    fn share(&self, file: &[u8], clock: &Clock<'_>) -> Share<'_> {
        clock.stop();
        let share = self.memory.take(memory_estimate(file, &self.options.limits));
        clock.start();
        share
    }

    /// What the own taggers find. The embedding is asked for only where there are such.
    fn own_tags(&self, embedding: impl FnOnce() -> Result<Embedding>) -> Result<OwnTags> {
        if self.custom.is_empty() { Ok(OwnTags::new()) } else { self.custom.found(&embedding()?) }
    }

    fn tagged(
        &self,
        path: &Path,
        Local { tagging, own }: Local,
        scores: Option<Vec<f32>>,
        embedding: Option<Vec<f32>>,
    ) -> Result<TaggedReport> {
        let Self { tagger, language, args, .. } = self;
        let (vocabulary, components) = (tagger.vocabulary(), tagger.card().components());
        let both = self.merger.is_some().then(|| tagging.clone());
        let tags = match &both {
            Some(_) => Vec::new(), // the merger's
            None => {
                let selector = tagger.selector(self.options.policy.clone().unwrap_or_else(|| tagger.policy()))?;
                let nothing = ResolvedCorrections::default();
                let tags = selector.select_named(&tagging.candidates, &tagging.boxes, &nothing);
                tags.into_iter().map(|tag| ReportTag::new(tag, &components, vocabulary, language)).collect()
            }
        };
        let candidates = tagging.candidates.iter();
        let candidates = candidates.map(|candidate| ReportCandidate::new(candidate, &components, vocabulary));
        let report = TaggedReport {
            path: path_text(path),
            tags,
            texts: Texts::default(),
            candidates: args.candidates.then(|| candidates.collect()),
            facts: tagging.facts,
            model: tagger.card().into(),
            pipeline: PIPELINE_VERSION,
            timings_ms: tagging.timings,
            scores: scores.filter(|_| args.all_scores),
            embedding: embedding.filter(|_| args.embedding),
        };
        let Some((merger, both)) = self.merger.as_ref().zip(both) else { return Ok(report) };
        merger.lock().unwrap_or_else(PoisonError::into_inner).merged(report, both, &own, None)
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
