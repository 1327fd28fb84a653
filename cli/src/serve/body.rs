//! The body of a request, never more of it than the limit, and of all requests together never more than is set aside for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, EXPECT};
use hyper::http::request::Parts;
use tagsmith::{ErrorKind, Limits};
use tokio::time::{Instant, timeout, timeout_at};

use crate::serve::refusal::Refusal;

/// For a whole picture, and between any two pieces of it: who is slower keeps others from nothing, but not for ever.
const BODY_TIME: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_secs(10);
/// What is refused unread is thrown away for so long, so that who sends it hears why before the connection ends.
const DRAIN_TIME: Duration = Duration::from_secs(3);
/// Of the largest picture, in all bodies together.
const LARGEST_AT_ONCE: u64 = 4;

/// The bytes of all bodies that are in memory.
pub struct Bodies {
    used: AtomicU64,
    most: u64,
    most_of_one: u64,
}

/// A body, whose bytes are given back when it is dropped.
pub struct Body {
    pub bytes: Vec<u8>,
    bodies: Arc<Bodies>,
    taken: u64,
}

impl Bodies {
    pub fn new(limits: &Limits) -> Self {
        Self {
            used: AtomicU64::new(0),
            most: limits.max_file_bytes * LARGEST_AT_ONCE,
            most_of_one: limits.max_file_bytes,
        }
    }

    /// Bytes of the largest picture.
    pub fn most_of_one(&self) -> u64 {
        self.most_of_one
    }

    /// `most`: bytes that this body may have.
    ///
    /// # Errors
    /// A refusal: too large, by its own word before anything is read, or as it comes; too slow; or all have too much together.
    pub async fn read(self: &Arc<Self>, head: &Parts, body: Incoming, most: u64) -> Result<Body, Refusal> {
        let length = head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > most) {
            refuse_unread(head, body);
            return Err(too_large(most));
        }
        let mut kept = self.empty();
        let mut rest = body;
        let end = Instant::now() + BODY_TIME;
        loop {
            let by = end.min(Instant::now() + PAUSE);
            let Ok(frame) = timeout_at(by, rest.frame()).await else { return Err(too_slow()) };
            let Some(frame) = frame else { return Ok(kept) };
            let frame = frame.map_err(|_| Refusal::request(StatusCode::BAD_REQUEST, "The body ended too soon."))?;
            let Ok(data) = frame.into_data() else { continue };
            if kept.bytes.len() as u64 + data.len() as u64 > most {
                drain(rest);
                return Err(too_large(most));
            }
            if !kept.take(data.len() as u64) {
                drain(rest);
                return Err(too_much());
            }
            kept.bytes.extend_from_slice(&data);
        }
    }

    /// Counts what came inside another body.
    ///
    /// # Errors
    /// Where all have too much together.
    pub fn keep(self: &Arc<Self>, bytes: Vec<u8>) -> Result<Body, Refusal> {
        let mut kept = self.empty();
        if !kept.take(bytes.len() as u64) {
            return Err(too_much());
        }
        kept.bytes = bytes;
        Ok(kept)
    }

    fn empty(self: &Arc<Self>) -> Body {
        Body { bytes: Vec::new(), bodies: self.clone(), taken: 0 }
    }
}

impl Body {
    /// Counts the copy of it that whoever reads what is inside makes meanwhile.
    ///
    /// # Errors
    /// Where all have too much together.
    pub fn count_copy(&mut self) -> Result<(), Refusal> {
        self.take(self.bytes.len() as u64).then_some(()).ok_or_else(too_much)
    }

    fn take(&mut self, bytes: u64) -> bool {
        let used = &self.bodies.used;
        let within = |used: u64| used.checked_add(bytes).filter(|used| *used <= self.bodies.most);
        let is_there = used.fetch_update(Ordering::SeqCst, Ordering::SeqCst, within).is_ok();
        self.taken += if is_there { bytes } else { 0 };
        is_there
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.bodies.used.fetch_sub(self.taken, Ordering::SeqCst);
    }
}

/// Of a body of which nothing was read. Whoever waits for leave to send hears the answer instead, and sends nothing.
pub fn refuse_unread(head: &Parts, body: Incoming) {
    if !head.headers.contains_key(EXPECT) {
        drain(body);
    }
}

/// Throws away what comes, beside the answer.
fn drain(mut body: Incoming) {
    tokio::spawn(timeout(DRAIN_TIME, async move { while let Some(Ok(_)) = body.frame().await {} }));
}

fn too_large(most: u64) -> Refusal {
    let mib = most as f64 / f64::from(1 << 20);
    let detail = format!(
        "There is more than the limit of {mib:.1} MiB. Send it smaller, or raise the limit. The option is --max-file."
    );
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorKind::PictureFileTooLarge, detail)
}

fn too_much() -> Refusal {
    Refusal::busy("Too many large pictures are sent at once. Send fewer, or ask again later.", 1)
}

fn too_slow() -> Refusal {
    let detail = "The picture came too slowly. Send it again, smaller if the way is narrow.";
    Refusal::new(StatusCode::REQUEST_TIMEOUT, ErrorKind::ProviderTimedOut, detail)
}
