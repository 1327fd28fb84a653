//! Tagged pictures → embeddings, by all cores and in their order.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tagsmith::picture::memory_estimate;
use tagsmith::tagging::EmbeddedViews;
use tagsmith::tags::Embedding;
use tagsmith::{Error, ErrorKind, Limits, Result, Tagger, sha256};

use crate::args::LimitArgs;
use crate::in_order::{Clock, InOrder};
use crate::library::hash_bytes;
use crate::memory_gate::MemoryGate;
use crate::own::args::WithArgs;
use crate::own::source::Source;
use crate::progress::progress_bar;
use crate::say::{count, say};
use crate::tag::GRACE;

/// What is wanted of each picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The picture's own embedding, as tagging uses it.
    Own,
    /// Its mirror image's too, as training uses them.
    Views,
}

/// An embedded picture of a source.
pub struct Embedded {
    /// Its place in the plan.
    pub picture: usize,
    /// Its own first.
    pub views: Vec<Embedding>,
    /// Of its file.
    pub sha256: [u8; 32],
    /// In pixels; 0 if only its own embedding was wanted.
    pub longer_side: u32,
}

/// Embeds the pictures of a source in their order. What cannot be read is a line on standard error, and left out.
///
/// # Errors
/// Those of the system, if it has no more threads.
pub fn embed_all(
    tagger: &Arc<Tagger>,
    source: &Arc<Source>,
    wanted: Wanted,
    args: &WithArgs,
    is_interrupted: &Arc<AtomicBool>,
) -> io::Result<Vec<Embedded>> {
    let n = source.n_pictures();
    let limits = args.limits.limits();
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let n_threads = args.threads.filter(|n| *n > 0).map_or_else(cores, usize::from);
    let patience = Duration::from_secs(args.limits.timeout).saturating_add(GRACE);
    let progress = progress_bar(n as u64);
    let memory = MemoryGate::new(limits.max_bytes / 8 * 7);
    let (tagger, files) = (tagger.clone(), source.clone());
    let work = move |picture: usize, clock: &Clock<'_>| {
        let embedded = || embed(&tagger, &files, picture, wanted, &limits, &memory, clock);
        // A panicking decoder must fail one picture, not the whole run.
        catch_unwind(AssertUnwindSafe(embedded)).unwrap_or_else(|_| {
            let detail = "The decoder crashed on this file. Save the picture again with another program.";
            Err(Error::new(ErrorKind::PictureDamaged, detail))
        })
    };
    let gave_up = |_| {
        let detail = "The picture takes too long and was given up. Save it again, scaled down. The option is --timeout.";
        Err(Error::new(ErrorKind::PictureTooSlow, detail))
    };
    let mut all = Vec::with_capacity(n);
    for (picture, embedded) in InOrder::start(n, n_threads, is_interrupted.clone(), patience, work, gave_up)? {
        progress.inc(1);
        match embedded {
            Ok(embedded) => all.push(embedded),
            Err(error) => {
                let option = LimitArgs::option_against(error.kind());
                let remedy = option.map(|option| format!(" The option is {option}.")).unwrap_or_default();
                let code = error.kind().code();
                progress.suspend(|| say(format_args!("{}: {}{remedy} ({code})", source.path(picture), error.detail())));
            }
        }
    }
    progress.finish_and_clear();
    Ok(all)
}

/// Says how many of a source's pictures could not be read, and returns that.
pub fn say_failed(source: &Source, n_embedded: usize) -> usize {
    let n_failed = source.n_pictures() - n_embedded;
    if n_failed > 0 {
        say(format_args!("{n_failed} of {} could not be read", count(source.n_pictures(), "picture", "pictures")));
    }
    n_failed
}

pub fn is_set(flag: &AtomicBool) -> bool {
    flag.load(Ordering::SeqCst)
}

fn embed(
    tagger: &Tagger,
    source: &Source,
    picture: usize,
    wanted: Wanted,
    limits: &Limits,
    memory: &MemoryGate,
    clock: &Clock<'_>,
) -> Result<Embedded> {
    let bytes = source.read(picture, limits)?;
    clock.stop();
    let _share = memory.take(memory_estimate(&bytes, limits));
    clock.start();
    let EmbeddedViews { views, longer_side, .. } = match wanted {
        Wanted::Views => tagger.embed_views(&bytes, limits)?,
        Wanted::Own => {
            let own = tagger.embed_file(&bytes, limits)?;
            return Ok(Embedded { picture, views: vec![own], sha256: hash_bytes(&sha256(&bytes)), longer_side: 0 });
        }
    };
    Ok(Embedded { picture, views, sha256: hash_bytes(&sha256(&bytes)), longer_side })
}
