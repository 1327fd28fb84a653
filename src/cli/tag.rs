//! `tagsmith tag`: one line a picture, in the order of the paths; a bad file is a line that says why.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use tagsmith::card::{ModelCard, Settings, sha256};
use tagsmith::corrections::Resolved;
use tagsmith::decode::Limits;
use tagsmith::error::{Error, ErrorKind, Result};
use tagsmith::export::{CsvWriter, JsonWriter, to_line};
use tagsmith::report::{Failure, PIPELINE_VERSION, ReportCandidate, ReportTag, TagReport, Tagged};
use tagsmith::tagger::{Tagger, no_parts};
use tagsmith::tags::{Policy, Selector};

use crate::args::{Format, Setting, TagArgs};
use crate::pictures;

/// A file of the model that is part of the program, by its path from the card's folder.
macro_rules! bundled {
    ($($path:literal)*) => { &[$(($path, include_bytes!(concat!("../../models/efficientnet-lite0/", $path)))),*] };
}
const BUNDLED: &[(&str, &[u8])] = bundled!(
    "model.json" "vocabulary.json" "model.onnx" "heads/general.json" "../blazeface-short/model.json" "../blazeface-short/model.onnx"
);
/// Results are written in the order of the paths; this many pictures a thread are worked on before the next are begun.
const CHUNK_PER_THREAD: usize = 8;

pub fn run(args: &TagArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut tagger = load(args.model.as_deref())?;
    tagger.set_thorough(args.thorough)?;
    let selector = Selector::new(policy(args, &tagger)?, tagger.card().policy.parents, tagger.vocabulary())?;
    let found = pictures::find(&args.paths);
    for problem in &found.unreadable {
        eprintln!("tagsmith: cannot read {problem}");
    }
    if found.n_others > 0 {
        eprintln!("tagsmith: left out {} files that are no pictures", found.n_others);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.unwrap_or(0)).build()?;
    let progress = progress_bar(found.pictures.len() as u64);
    let mut output = Output::new(args.format)?;
    let mut n_failed = found.unreadable.len();
    for chunk in found.pictures.chunks(CHUNK_PER_THREAD * pool.current_num_threads()) {
        let reports: Vec<TagReport> = pool.install(|| {
            chunk.par_iter().map(|path| report(path, args, &tagger, &selector)).inspect(|_| progress.inc(1)).collect()
        });
        for report in &reports {
            n_failed += usize::from(matches!(report, TagReport::Failed { .. }));
            match output.write(report) {
                // Whoever reads has had enough, as `head` does.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(exit_code(n_failed)),
                written => written?,
            }
        }
    }
    output.finish()?;
    progress.finish_and_clear();
    if n_failed > 0 {
        eprintln!("tagsmith: {n_failed} of {} could not be tagged", found.pictures.len() + found.unreadable.len());
    }
    Ok(exit_code(n_failed))
}

fn exit_code(n_failed: usize) -> ExitCode {
    ExitCode::from(u8::from(n_failed > 0))
}

fn load(dir: Option<&Path>) -> Result<Tagger> {
    let card = model_text(dir, "model.json")?;
    let files = ModelCard::parse(&card)?;
    let file = |path: &str| model_file(dir, path);
    Tagger::load(&card, &model_text(dir, &files.vocabulary.file)?, &file(&files.model.file)?, &file)
}

/// A file of the model in the folder `dir`, or of the one that is part of the program.
fn model_file(dir: Option<&Path>, path: &str) -> Result<Vec<u8>> {
    match dir {
        Some(dir) => read(&dir.join(path)),
        None => {
            let found = BUNDLED.iter().find(|(name, _)| *name == path);
            found.map_or_else(|| no_parts(path), |(_, bytes)| Ok(bytes.to_vec()))
        }
    }
}

pub fn model_text(dir: Option<&Path>, path: &str) -> Result<String> {
    String::from_utf8(model_file(dir, path)?)
        .map_err(|error| Error::new(ErrorKind::CardInvalid, format!("{path} is not text in UTF-8.")).with_source(error))
}

fn policy(args: &TagArgs, tagger: &Tagger) -> Result<Policy> {
    let card = tagger.card();
    let defaults = Policy::from(card.policy);
    let setting = args.policy.map(|wanted| {
        let Some(Settings { sure, balanced, generous }) = card.policy.settings else {
            let detail = format!("The card of {:?} has no measured settings. Give a --threshold.", card.id);
            return Err(Error::new(ErrorKind::PolicyInvalid, detail));
        };
        Ok(match wanted {
            Setting::Sure => sure,
            Setting::Balanced => balanced,
            Setting::Generous => generous,
        })
    });
    Ok(Policy {
        threshold: args.threshold.or(setting.transpose()?).unwrap_or(defaults.threshold),
        max_tags: args.max_tags.unwrap_or(defaults.max_tags),
        allow: args.allow.clone(),
        deny: args.deny.clone(),
        language: args.lang.clone(),
    })
}

fn report(path: &Path, args: &TagArgs, tagger: &Tagger, selector: &Selector) -> TagReport {
    let shown_path = path.to_string_lossy().into_owned();
    // A decoder that panics must cost one picture, not the run.
    let tagged = catch_unwind(AssertUnwindSafe(|| tag(path, args, tagger, selector)));
    let failed = |error: Failure| TagReport::Failed { path: shown_path.clone(), error };
    match tagged {
        Ok(Ok(tagged)) => TagReport::Tagged(Box::new(Tagged { path: shown_path, ..tagged })),
        Ok(Err(error)) => failed(Failure::from(&error)),
        Err(_) => failed(Failure {
            code: ErrorKind::PictureDamaged.code().to_owned(),
            detail: "The decoder gave up on this file. Save the picture again in another program.".to_owned(),
        }),
    }
}

fn tag(path: &Path, args: &TagArgs, tagger: &Tagger, selector: &Selector) -> Result<Tagged> {
    let limits = Limits::default();
    if let Ok(about) = fs::metadata(path) {
        limits.check_file(about.len())?;
    }
    let bytes = read(path)?;
    let (scored, _) = tagger.tag_file(&bytes, sha256(&bytes), &limits)?;
    let vocabulary = tagger.vocabulary();
    let sources = tagger.card().sources();
    let tags = selector.select(&scored.candidates, &Resolved::default(), vocabulary);
    let candidates = scored.candidates.iter().map(|candidate| ReportCandidate::new(candidate, &sources, vocabulary));
    Ok(Tagged {
        path: String::new(),
        facts: scored.facts,
        model: tagger.card().into(),
        pipeline: PIPELINE_VERSION,
        tags: tags
            .into_iter()
            .map(|tag| ReportTag::new(tag, &sources, vocabulary, &selector.policy().language))
            .collect(),
        timings_ms: scored.timings,
        scores: args.all_scores.then_some(scored.scores),
        embedding: scored.embedding.filter(|_| args.embedding),
        candidates: args.candidates.then(|| candidates.collect()),
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        let detail = format!("{} cannot be read: {error}. Check the path and your rights.", path.display());
        Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
    })
}

/// On a terminal only: count, rate and time left.
fn progress_bar(n_pictures: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(Some(n_pictures), ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {per_sec}  {eta} left").expect("a valid template");
    ProgressBar::new(n_pictures).with_style(style)
}

enum Output {
    Jsonl(io::BufWriter<io::Stdout>),
    Json(JsonWriter<io::BufWriter<io::Stdout>>),
    Csv(Box<CsvWriter<io::Stdout>>),
}

impl Output {
    fn new(format: Format) -> io::Result<Self> {
        let out = io::stdout();
        Ok(match format {
            Format::Jsonl => Self::Jsonl(io::BufWriter::new(out)),
            Format::Json => Self::Json(JsonWriter::new(io::BufWriter::new(out))),
            Format::Csv => Self::Csv(Box::new(CsvWriter::new(out).map_err(csv_to_io)?)),
        })
    }

    fn write(&mut self, report: &TagReport) -> io::Result<()> {
        match self {
            Self::Jsonl(out) => out.write_all(to_line(report).as_bytes()),
            Self::Json(out) => out.write(report),
            Self::Csv(out) => out.write(report).map_err(csv_to_io),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Jsonl(mut out) => out.flush(),
            Self::Json(out) => out.finish().map(drop),
            Self::Csv(mut out) => out.flush(),
        }
    }
}

fn csv_to_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
