//! A provider asked about many pictures: several requests at once, each with as many pictures as it takes, beside the local model.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, io};

use tagsmith::picture::memory_estimate;
use tagsmith::providers::{Billed, Failure, Found, Picture, PictureNeed, Retry, Secrets};
use tagsmith::{Error, ErrorKind, Limits, sha256};

use crate::memory_gate::MemoryGate;
use crate::provider::chosen::Chosen;
use crate::provider::patience::{is_for_all, wait_before_next};
use crate::provider::shrink::{Shrunk, shrink};
use crate::provider::{Asker, Tokens};
use crate::source::read;

const ANSWER_TIME: Duration = Duration::from_secs(60);
/// How soon a wish to stop is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What came of a picture.
#[derive(Debug, Clone)]
pub enum Outcome {
    Found(Arc<Found>),
    /// Why there are no tags of the provider.
    Failed(Failure),
    /// The local model says why.
    Unreadable,
}

/// What is asked about, and how.
pub struct Wanted {
    pub chosen: Chosen,
    pub pictures: Vec<PathBuf>,
    /// Of the names.
    pub language: String,
    pub limits: Limits,
    pub memory: Arc<MemoryGate>,
    pub n_at_once: usize,
    pub max_requests: Option<u32>,
}

/// A run under way. Pictures are named by their positions.
pub struct Run {
    shared: Arc<Shared>,
}

struct Shared {
    wanted: Wanted,
    need: PictureNeed,
    asker: Asker,
    tokens: Tokens,
    n_requests: AtomicU32,
    /// Why nobody is asked any more.
    over: OnceLock<Failure>,
    /// When the provider may be asked again.
    not_before: Mutex<Option<Instant>>,
    outcomes: Mutex<HashMap<usize, Outcome>>,
    /// Pictures with the content of an earlier one.
    copies: Mutex<HashMap<usize, usize>>,
    changed: Condvar,
    is_stopped: Arc<AtomicBool>,
}

type Batch = Vec<(usize, Shrunk)>;

impl Run {
    /// Begins. Once `is_stopped` is set, nothing more is sent.
    ///
    /// # Errors
    /// Those of the system, if it has no more threads.
    pub fn start(wanted: Wanted, is_stopped: Arc<AtomicBool>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            need: wanted.chosen.setup.picture_need(),
            asker: Asker::new(ANSWER_TIME),
            tokens: Tokens::default(),
            n_requests: AtomicU32::new(0),
            over: OnceLock::new(),
            not_before: Mutex::default(),
            outcomes: Mutex::default(),
            copies: Mutex::default(),
            changed: Condvar::new(),
            is_stopped,
            wanted,
        });
        let (batches, to_send) = mpsc::sync_channel(1);
        let to_send = Arc::new(Mutex::new(to_send));
        for _ in 0..shared.wanted.n_at_once {
            let (shared, to_send) = (shared.clone(), to_send.clone());
            thread::Builder::new().spawn(move || shared.send_all(&to_send))?;
        }
        let shrinking = shared.clone();
        thread::Builder::new().spawn(move || shrinking.shrink_all(&batches))?;
        Ok(Self { shared })
    }

    /// Waits for a picture; `None` once it is interrupted.
    pub fn wait(&self, at: usize) -> Option<Outcome> {
        let shared = &self.shared;
        let mut outcomes = locked(&shared.outcomes);
        loop {
            // A copy follows what it is a copy of, so nobody waits for what waits for him.
            let original = locked(&shared.copies).get(&at).copied().unwrap_or(at);
            if let Some(outcome) = outcomes.get(&original) {
                return Some(outcome.clone());
            }
            if shared.is_stopped.load(Ordering::SeqCst) {
                return None;
            }
            let waited = shared.changed.wait_timeout(outcomes, LOOK_EVERY);
            outcomes = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// How often the provider was asked.
    pub fn n_requests(&self) -> u32 {
        self.shared.n_requests.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }

    fn put(&self, at: usize, outcome: Outcome) {
        locked(&self.outcomes).insert(at, outcome);
        self.changed.notify_all();
    }

    /// Puts pictures together as the provider takes them, as soon as the next one does not fit any more.
    fn shrink_all(&self, batches: &SyncSender<Batch>) {
        let mut waiting: Batch = Vec::new();
        let mut first_with: HashMap<String, usize> = HashMap::new();
        for at in 0..self.wanted.pictures.len() {
            if self.is_stopped() {
                return;
            }
            if let Some(failure) = self.over.get() {
                self.put(at, Outcome::Failed(failure.clone()));
                continue;
            }
            // A decoder that crashes does so for the local model too, which says it.
            let shrunk = catch_unwind(AssertUnwindSafe(|| self.shrunk(at, &mut first_with)));
            match shrunk.unwrap_or_else(|_| Err(Error::new(ErrorKind::PictureDamaged, "It crashed the decoder."))) {
                Ok(Some(shrunk)) => waiting.push((at, shrunk)),
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::ProviderPictureRefused => {
                    self.put(at, Outcome::Failed(error.into()));
                }
                Err(_) => self.put(at, Outcome::Unreadable),
            }
            while let [first, _, ..] = self.lengths(&waiting)[..] {
                let rest = waiting.split_off(first);
                let _ = batches.send(std::mem::replace(&mut waiting, rest));
            }
        }
        for length in self.lengths(&waiting) {
            let rest = waiting.split_off(length);
            let _ = batches.send(std::mem::replace(&mut waiting, rest));
        }
    }

    fn lengths(&self, waiting: &Batch) -> Vec<usize> {
        let sizes: Vec<u32> = waiting.iter().map(|(_, shrunk)| shrunk.bytes.len() as u32).collect();
        self.wanted.chosen.setup.batches(&sizes).into_iter().map(|length| length as usize).collect()
    }

    /// `None` for a copy of an earlier picture, which is not paid twice.
    fn shrunk(&self, at: usize, first_with: &mut HashMap<String, usize>) -> Result<Option<Shrunk>, Error> {
        let Wanted { pictures, limits, memory, .. } = &self.wanted;
        let path = &pictures[at];
        if fs::metadata(path).is_ok_and(|about| !about.is_file()) {
            let detail = "What comes through a pipe is read once, so it is not sent. Save it as a file.";
            return Err(Error::new(ErrorKind::ProviderPictureRefused, detail));
        }
        let file = read(path, limits)?;
        let first = *first_with.entry(sha256(&file)).or_insert(at);
        if first != at {
            locked(&self.copies).insert(at, first);
            self.changed.notify_all();
            return Ok(None);
        }
        let _share = memory.take(memory_estimate(&file, limits));
        shrink(&file, limits, &self.need).map(Some)
    }

    fn send_all(&self, to_send: &Mutex<Receiver<Batch>>) {
        loop {
            let batch = locked(to_send).recv();
            let Ok(batch) = batch else { return };
            let all: Vec<usize> = batch.iter().map(|(at, _)| *at).collect();
            if catch_unwind(AssertUnwindSafe(|| self.send_until_done(batch))).is_err() {
                // Nobody shall wait for them.
                let crashed = Failure::new(ErrorKind::ProviderAnswerLost, "The program crashed while it asked.");
                let crashed = Outcome::Failed(crashed.billed(Billed::Maybe));
                all.into_iter().for_each(|at| _ = locked(&self.outcomes).entry(at).or_insert(crashed.clone()));
            }
        }
    }

    /// Sends a batch, and what failed of it again, as long as that may help.
    fn send_until_done(&self, mut batch: Batch) {
        let is_billed = self.wanted.chosen.setup.is_billed();
        let mut n_tries = 0;
        while !batch.is_empty() {
            self.wait_for_leave();
            if self.is_stopped() {
                return;
            }
            let results = match self.leave_for_one_more() {
                Ok(()) => self.ask(&batch).unwrap_or_else(|failure| vec![Err(failure); batch.len()]),
                Err(failure) => vec![Err(failure); batch.len()],
            };
            n_tries += 1;
            let mut again = Batch::new();
            for ((at, shrunk), result) in batch.into_iter().zip(results) {
                match result {
                    Ok(found) => self.put(at, Outcome::Found(Arc::new(found))),
                    Err(failure) => match wait_before_next(&failure, n_tries, is_billed) {
                        Some(wait) => {
                            self.hold_back(wait);
                            again.push((at, shrunk));
                        }
                        None => {
                            if is_for_all(&failure) {
                                // Whoever is told so later has not asked, and does not try it again.
                                let _ = self.over.set(Failure { retry: Retry::Never, ..failure.clone() });
                            }
                            self.put(at, Outcome::Failed(failure));
                        }
                    },
                }
            }
            batch = again;
        }
    }

    /// Unless asking is over, or has been done as often as it may be.
    fn leave_for_one_more(&self) -> Result<(), Failure> {
        if let Some(failure) = self.over.get() {
            return Err(failure.clone());
        }
        let most = self.wanted.max_requests.unwrap_or(u32::MAX);
        let more = |n: u32| (n < most).then_some(n + 1);
        self.n_requests.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).map(drop).map_err(|_| {
            let detail = format!("It was asked {most} times, as often as --max-requests allows.");
            Failure::new(ErrorKind::ProviderCapReached, detail)
        })
    }

    fn ask(&self, batch: &Batch) -> Result<Vec<Result<Found, Failure>>, Failure> {
        let Chosen { setup, secrets, .. } = &self.wanted.chosen;
        let media_type = self.need.media_type;
        let shrunk = batch.iter().map(|(_, shrunk)| shrunk);
        let pictures: Vec<Picture> = shrunk
            .map(|Shrunk { bytes, width, height }| Picture { bytes, media_type, width: *width, height: *height })
            .collect();
        let token = |refused| self.tokens.token(setup, secrets, &self.asker, refused);
        let ask = |token: Option<&str>| {
            let secrets = with_token(secrets, token);
            let answered = self.asker.ask(&setup.request(&secrets, &pictures, &self.wanted.language)?)?;
            Ok::<_, Failure>((answered, secrets))
        };
        let first = token(None)?;
        let (mut answered, mut used) = ask(first.as_deref())?;
        if answered.status == 401 && first.is_some() {
            self.leave_for_one_more()?;
            (answered, used) = ask(token(first.as_deref())?.as_deref())?;
        }
        let results = setup.answer(&answered.answer(), pictures.len()).map_err(|failure| failure.without(&used))?;
        Ok(results.into_iter().map(|result| result.map_err(|failure| failure.without(&used))).collect())
    }

    fn hold_back(&self, wait: Duration) {
        let mut not_before = locked(&self.not_before);
        *not_before = not_before.max(Some(Instant::now() + wait));
    }

    /// Until the provider may be asked again, or nobody wants it any more.
    fn wait_for_leave(&self) {
        loop {
            let left = locked(&self.not_before).map(|at| at.saturating_duration_since(Instant::now()));
            match left {
                Some(left) if !left.is_zero() && !self.is_stopped() => thread::sleep(left.min(LOOK_EVERY)),
                _ => return,
            }
        }
    }
}

fn with_token(secrets: &Secrets, token: Option<&str>) -> Secrets {
    match token {
        Some(token) => Secrets { token: Some(token.to_owned()), ..secrets.clone() },
        None => secrets.clone(),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
