//! Tagged pictures → embeddings, by all cores and in their order.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use tagsmith::picture::{decode, memory_estimate};
use tagsmith::tagging::EmbeddedViews;
use tagsmith::tags::Embedding;
use tagsmith::{Error, ErrorKind, Limits, Picture, Result, Tagger, sha256};

use crate::in_order::{Clock, InOrder};
use crate::library::hash_bytes;
use crate::limit_args::LimitArgs;
use crate::memory_gate::MemoryGate;
use crate::own::args::WithArgs;
use crate::progress::progress_bar;
use crate::say::{count, say};
use crate::tag::GRACE;

/// Of a square: some 15 KB for 224 pixels.
const QUALITY: u8 = 85;

/// What is wanted of each picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The picture's own embedding, as tagging uses it.
    Own,
    /// Its mirror image's too, as training uses them.
    Views,
}

/// Pictures that can be read, by their numbers.
pub trait Pictures: Send + Sync {
    fn n(&self) -> usize;
    /// As people know it.
    fn path(&self, picture: usize) -> &str;
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, picture: usize, limits: &Limits) -> Result<Content>;
}

/// What is there of a picture.
pub enum Content {
    File(Vec<u8>),
    /// What a network saw of it, as WebP or JPEG.
    Square(Vec<u8>),
}

/// An embedded picture.
pub struct Embedded {
    /// Its number.
    pub picture: usize,
    /// Its own first.
    pub views: Vec<Embedding>,
    /// Of its file.
    pub sha256: [u8; 32],
    /// In pixels; 0 if only its own embedding was wanted.
    pub longer_side: u32,
    /// What the network saw, as JPEG, where views were made of a file.
    pub square: Option<Vec<u8>>,
}

/// Embeds pictures in their order. What cannot be read is a line on standard error, and left out.
///
/// # Errors
/// Those of the system, if it has no more threads.
pub fn embed_all<P: Pictures + 'static>(
    tagger: &Arc<Tagger>,
    source: &Arc<P>,
    wanted: Wanted,
    args: &WithArgs,
    is_interrupted: &Arc<AtomicBool>,
) -> io::Result<Vec<Embedded>> {
    let n = source.n();
    let limits = args.limits.limits();
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let n_threads = args.threads.filter(|n| *n > 0).map_or_else(cores, usize::from);
    let patience = Duration::from_secs(args.limits.timeout).saturating_add(GRACE);
    let progress = progress_bar(n as u64);
    let memory = MemoryGate::new(limits.max_bytes / 8 * 7);
    let (tagger, files) = (tagger.clone(), source.clone());
    let work = move |picture: usize, clock: &Clock<'_>| {
        let embedded = || embed(&tagger, &*files, picture, wanted, &limits, &memory, clock);
        // A panicking decoder must fail one picture, not the whole run.
        catch_unwind(AssertUnwindSafe(embedded)).unwrap_or_else(|_| {
            let detail = "The decoder crashed on this file. Save the picture again with another program.";
            Err(Error::new(ErrorKind::PictureDamaged, detail))
        })
    };
    let gave_up = |_| {
        let detail =
            "The picture takes too long and was given up. Save it again, scaled down. The option is --timeout.";
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

/// Says how many of the pictures could not be read, and returns that.
pub fn say_failed(pictures: &impl Pictures, n_embedded: usize) -> usize {
    let n_failed = pictures.n() - n_embedded;
    if n_failed > 0 {
        say(format_args!("{n_failed} of {} could not be read", count(pictures.n(), "picture", "pictures")));
    }
    n_failed
}

pub fn is_set(flag: &AtomicBool) -> bool {
    flag.load(Ordering::SeqCst)
}

fn embed(
    tagger: &Tagger,
    pictures: &impl Pictures,
    picture: usize,
    wanted: Wanted,
    limits: &Limits,
    memory: &MemoryGate,
    clock: &Clock<'_>,
) -> Result<Embedded> {
    let content = pictures.read(picture, limits)?;
    let (Content::File(bytes) | Content::Square(bytes)) = &content;
    clock.stop();
    let _share = memory.take(memory_estimate(bytes, limits));
    clock.start();
    let sha256 = hash_bytes(&sha256(bytes));
    if wanted == Wanted::Own {
        let views = vec![tagger.embed_file(bytes, limits)?];
        return Ok(Embedded { picture, views, sha256, longer_side: 0, square: None });
    }
    let EmbeddedViews { views, square, longer_side } = match &content {
        Content::File(bytes) => tagger.embed_views(bytes, limits)?,
        Content::Square(bytes) => tagger.embed_square(&decode(bytes, limits, None)?.1)?,
    };
    let square = matches!(content, Content::File(_)).then(|| as_jpeg(&square)).flatten();
    Ok(Embedded { picture, views, sha256, longer_side, square })
}

/// `None` if the encoder refuses it: then it is not kept.
fn as_jpeg(square: &Picture) -> Option<Vec<u8>> {
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    encoder.write_image(square.pixels(), square.width(), square.height(), ExtendedColorType::Rgb8).ok()?;
    Some(jpeg)
}
