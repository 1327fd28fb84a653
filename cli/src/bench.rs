//! `tagsmith bench`: how fast this machine tags, and where the time goes.

mod drawn;
mod figures;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, value_parser};
use tagsmith::tags::Timings;
use tagsmith::{Error, Result};

use self::figures::{Figures, Parts, Run, Subject};
use crate::exit;
use crate::path_text::path_text;
use crate::picture_tagger::{PictureTagger, catching};
use crate::pictures::find;
use crate::print::print;
use crate::say::say;
use crate::source::read;
use crate::tagging_args::TaggingArgs;

/// So much of pictures is kept in memory at most: reading files is not measured.
const MOST_BYTES: usize = 512 << 20;

#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Pictures, and folders of pictures, to measure with [default: drawn ones of 1024 x 768 pixels]
    pub paths: Vec<PathBuf>,

    /// Numbers of threads to measure with, separated by commas [default: 1, 2, 4 … up to one per core]
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = value_parser!(u16).range(1..=256))]
    pub threads: Vec<u16>,

    /// How long to measure with each, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = value_parser!(u64).range(1..=3600))]
    pub seconds: u64,

    /// Print one JSON object instead of a table
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub tagging: TaggingArgs,
}

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

pub fn run(args: &BenchArgs) -> Outcome<ExitCode> {
    let begun = Instant::now();
    let tagger = PictureTagger::load(&args.tagging)?;
    let load_ms = begun.elapsed().as_secs_f64() * 1000.0;
    let (files, n_failed) = files(args, &tagger)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut threads: Vec<usize> = args.threads.iter().map(|n| usize::from(*n)).collect();
    if threads.is_empty() {
        threads.extend(std::iter::successors(Some(1), |n| Some(n * 2)).take_while(|n| *n < cores));
        threads.push(cores);
    }
    let mut runs = Vec::new();
    let mut parts = Parts::default();
    for n_threads in threads {
        let (run, spent) = measure(&tagger, &files, n_threads, Duration::from_secs(args.seconds))?;
        if runs.is_empty() {
            parts = spent;
        }
        runs.push(run);
    }
    let card = tagger.tagger().card();
    let subject = Subject {
        version: env!("CARGO_PKG_VERSION"),
        model: format!("{} {}", card.id, card.version),
        has_objects: tagger.tagger().has_objects(),
        cores,
        n_pictures: files.len(),
        are_drawn: args.paths.is_empty(),
        n_bytes: files.iter().map(Vec::len).sum(),
        load_ms,
    };
    let figures = Figures { subject, runs, parts };
    print(if args.json { figures.json() } else { figures.table() }.as_bytes())?;
    Ok(ExitCode::from(if n_failed > 0 { exit::SOME_FAILED } else { 0 }))
}

/// The pictures that can be tagged, each once, which also warms up; and how many cannot.
fn files(args: &BenchArgs, tagger: &PictureTagger) -> Outcome<(Vec<Vec<u8>>, usize)> {
    if args.paths.is_empty() {
        let files = drawn::pictures()?;
        files.iter().try_for_each(|file| tag(tagger, file).map(drop))?;
        return Ok((files, 0));
    }
    let found = find(&args.paths, &[]);
    found.say();
    let mut files = Vec::new();
    let (mut n_bytes, mut n_failed) = (0, found.n_unreadable());
    for path in &found.pictures {
        let file = read(path, &tagger.limits());
        match file.and_then(|file| tag(tagger, &file).map(|_| file)) {
            Ok(file) => {
                n_bytes += file.len();
                files.push(file);
            }
            Err(error) => {
                say(format_args!("{}: {error}", path_text(path)));
                n_failed += 1;
            }
        }
        if n_bytes > MOST_BYTES {
            say(format_args!("measured with the first {} pictures, which are {} MiB", files.len(), MOST_BYTES >> 20));
            break;
        }
    }
    if files.is_empty() {
        return Err("There is no picture to measure with. Name others, or none for drawn ones.".into());
    }
    Ok((files, n_failed))
}

fn tag(tagger: &PictureTagger, file: &[u8]) -> Result<Timings> {
    catching(|| tagger.find(file, tagger.policy(), |_, _| {})).map(|found| found.local.tagging.timings)
}

/// Tags the pictures in turn for at least as long. What is begun then is finished, and counts with the time that it takes.
fn measure(tagger: &PictureTagger, files: &[Vec<u8>], n_threads: usize, time: Duration) -> Result<(Run, Parts)> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let begun = Instant::now();
    let work = || {
        let mut parts = Parts::default();
        while !is_over.load(Ordering::Relaxed) {
            let file = &files[next.fetch_add(1, Ordering::Relaxed) % files.len()];
            let one = Instant::now();
            let timings = tag(tagger, file)?;
            parts.add(&timings, one.elapsed());
            if begun.elapsed() >= time {
                is_over.store(true, Ordering::Relaxed);
            }
        }
        Ok::<_, Error>(parts)
    };
    let all: Result<Vec<Parts>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("panics are caught")).collect()
    });
    let mut parts = Parts::default();
    all?.iter().for_each(|one| parts.join(one));
    let seconds = begun.elapsed().as_secs_f64();
    let per_second = parts.n_pictures as f64 / seconds;
    Ok((Run { threads: n_threads, pictures: parts.n_pictures, seconds, per_second }, parts))
}
