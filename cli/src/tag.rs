//! `tagsmith tag`: one report per picture, in the order of the paths. A file that cannot be tagged gets a report with the reason.

use std::fs;
use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use tagsmith::session::{Failure, ReportCandidate, ReportTag, TagReport, TaggedReport};
use tagsmith::{Error, ErrorKind, PIPELINE_VERSION, Result, TagOptions, Tagger};

use crate::args::TagArgs;
use crate::output::ReportWriter;
use crate::{model, pictures};

/// Pictures per thread that are tagged before their reports are written, so that the order of the paths is kept.
const CHUNK_PER_THREAD: usize = 8;

pub fn run(args: &TagArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let tagger = model::load(args.model.as_deref())?;
    let options =
        TagOptions { policy: Some(model::policy(args, &tagger)?), tiled: args.thorough, ..Default::default() };
    tagger.check(&options)?;
    let found = pictures::find(&args.paths);
    for problem in &found.unreadable {
        eprintln!("tagsmith: cannot read {problem}");
    }
    if found.n_others > 0 {
        let skipped = count(found.n_others, "file that is not a picture", "files that are not pictures");
        eprintln!("tagsmith: skipped {skipped}");
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.unwrap_or(0)).build()?;
    let progress = progress_bar(found.pictures.len() as u64);
    let choices = args.export.options(&args.lang);
    let mut output = ReportWriter::new(args.format, choices, args.output.as_deref(), &found.pictures)?;
    let mut n_failed = found.unreadable.len();
    for chunk in found.pictures.chunks(CHUNK_PER_THREAD * pool.current_num_threads()) {
        let reports: Vec<TagReport> = pool.install(|| {
            chunk.par_iter().map(|path| report(path, args, &tagger, &options)).inspect(|_| progress.inc(1)).collect()
        });
        for report in &reports {
            n_failed += usize::from(matches!(report, TagReport::Failed { .. }));
            match output.write(report) {
                // The reader closed the pipe, as `head` does.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(exit_code(n_failed)),
                written => written?,
            }
        }
    }
    match output.finish() {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        finished => finished?,
    }
    progress.finish_and_clear();
    if n_failed > 0 {
        let total = count(found.pictures.len() + found.unreadable.len(), "picture", "pictures");
        eprintln!("tagsmith: {n_failed} of {total} could not be tagged");
    }
    Ok(exit_code(n_failed + output.n_refused))
}

fn exit_code(n_failed: usize) -> ExitCode {
    ExitCode::from(u8::from(n_failed > 0))
}

/// `count(1, "file", "files")` is "1 file".
fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn report(path: &Path, args: &TagArgs, tagger: &Tagger, options: &TagOptions) -> TagReport {
    let shown_path = path.to_string_lossy().into_owned();
    // A panicking decoder must fail one picture, not the whole run.
    let tagged = catch_unwind(AssertUnwindSafe(|| tag(path, &shown_path, args, tagger, options)));
    let failed = |error: Failure| TagReport::Failed { path: shown_path.clone(), error, tags: Vec::new() };
    match tagged {
        Ok(Ok(tagged)) => TagReport::Tagged(Box::new(tagged)),
        Ok(Err(error)) => failed(Failure::from(&error)),
        Err(_) => failed(Failure {
            code: ErrorKind::PictureDamaged.code().to_owned(),
            detail: "The decoder crashed on this file. Save the picture again with another program.".to_owned(),
        }),
    }
}

fn tag(path: &Path, shown: &str, args: &TagArgs, tagger: &Tagger, options: &TagOptions) -> Result<TaggedReport> {
    if let Ok(about) = fs::metadata(path) {
        options.limits.check_file(about.len())?;
    }
    let tagged = tagger.tag(&read(path)?, options)?;
    let (inference, vocabulary, components) = (tagged.inference, tagger.vocabulary(), tagger.card().components());
    let candidates = inference.candidates.iter();
    let candidates = candidates.map(|candidate| ReportCandidate::new(candidate, &components, vocabulary));
    let tags = tagged.tags.into_iter().map(|tag| ReportTag::new(tag, &components, vocabulary, &args.lang));
    Ok(TaggedReport {
        path: shown.to_owned(),
        tags: tags.collect(),
        candidates: args.candidates.then(|| candidates.collect()),
        facts: inference.facts,
        model: tagger.card().into(),
        pipeline: PIPELINE_VERSION,
        timings_ms: inference.timings,
        scores: args.all_scores.then_some(inference.scores),
        embedding: inference.embedding.filter(|_| args.embedding),
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        let detail = format!("{} cannot be read: {error}. Check the path and your permissions.", path.display());
        Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
    })
}

/// Shows count, rate and remaining time, on a terminal only.
fn progress_bar(n_pictures: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(Some(n_pictures), ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {per_sec}  {eta} left").expect("a valid template");
    ProgressBar::new(n_pictures).with_style(style)
}
