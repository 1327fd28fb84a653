//! A provider asked about many pictures: several requests at once, each with as many pictures as it takes, beside the local model.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, io};

use tagsmith::picture::memory_estimate;
use tagsmith::providers::{Billed, Failure, Found, Picture, PictureNeed, Retry, Secrets};
use tagsmith::{Error, ErrorKind, Limits};

use crate::memory_gate::MemoryGate;
use crate::provider::chosen::Chosen;
use crate::provider::patience::{is_for_all, wait_before_next};
use crate::provider::shrink::{Shrunk, shrink};
use crate::provider::{Asker, Tokens};
use crate::say::{count, say};
use crate::source::read;

const ANSWER_TIME: Duration = Duration::from_secs(60);
/// How long the answers have that are under way when it is interrupted.
const FINISH_TIME: Duration = Duration::from_secs(10);
/// How soon a wish to stop is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What came of a picture.
#[derive(Debug, Clone)]
pub enum Outcome {
    Found(Arc<Found>),
    /// Why there are no tags of the provider.
    Failed(Failure),
    /// It is not there any more.
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
    /// `None` once there are no more.
    to_shrink: Option<Sender<ToShrink>>,
    /// By their content, the pictures that were asked about.
    first_with: HashMap<String, usize>,
    /// When it was first seen that somebody wants it to stop.
    stopped: Option<Instant>,
}

enum ToShrink {
    /// Its position, and the digest of what the local model saw.
    Picture(usize, String),
    /// Somebody waits for this one, and gives no other before it is answered.
    Needed(usize),
}

struct Shared {
    wanted: Wanted,
    need: PictureNeed,
    asker: Asker,
    tokens: Tokens,
    n_requests: AtomicU32,
    /// Batches that a thread has in hand.
    n_in_hand: AtomicUsize,
    /// Why nobody is asked any more.
    over: OnceLock<Failure>,
    /// When the provider may be asked again.
    not_before: Mutex<Option<Instant>>,
    outcomes: Mutex<HashMap<usize, Outcome>>,
    changed: Condvar,
    is_stopped: Arc<AtomicBool>,
}

type Batch = Vec<(usize, Shrunk)>;

impl Run {
    /// Begins, with nothing to ask about yet. Once `is_stopped` is set, nothing more is sent.
    ///
    /// # Errors
    /// Those of the system, if it has no more threads.
    pub fn start(wanted: Wanted, is_stopped: Arc<AtomicBool>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            need: wanted.chosen.setup.picture_need(),
            asker: Asker::new(ANSWER_TIME),
            tokens: Tokens::default(),
            n_requests: AtomicU32::new(0),
            n_in_hand: AtomicUsize::new(0),
            over: OnceLock::new(),
            not_before: Mutex::default(),
            outcomes: Mutex::default(),
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
        let (to_shrink, pictures) = mpsc::channel();
        let shrinking = shared.clone();
        thread::Builder::new().spawn(move || shrinking.shrink_all(&pictures, &batches))?;
        Ok(Self { shared, to_shrink: Some(to_shrink), first_with: HashMap::new(), stopped: None })
    }

    /// Asks about a picture, unless its content was asked about: then the position of that picture is answered, whose outcome is this one's too.
    pub fn ask(&mut self, at: usize, sha256: &str) -> usize {
        let first = *self.first_with.entry(sha256.to_owned()).or_insert(at);
        if first == at {
            self.tell(ToShrink::Picture(at, sha256.to_owned()));
        }
        first
    }

    /// There are no more pictures to ask about.
    pub fn no_more(&mut self) {
        self.to_shrink = None;
    }

    pub fn outcome(&self, at: usize) -> Option<Outcome> {
        locked(&self.shared.outcomes).get(&at).cloned()
    }

    /// Waits for a picture that was asked about. Interrupted, for what was sent by then, and not for long: `None` if it was not answered.
    pub fn wait(&mut self, at: usize) -> Option<Outcome> {
        self.tell(ToShrink::Needed(at));
        loop {
            // Looked at before the outcomes: what is in hand no longer has one.
            let is_over = self.is_stopped() && self.is_left_alone();
            let outcomes = locked(&self.shared.outcomes);
            if let Some(outcome) = outcomes.get(&at) {
                return Some(outcome.clone());
            }
            if is_over {
                return None;
            }
            drop(self.shared.changed.wait_timeout(outcomes, LOOK_EVERY));
        }
    }

    fn is_stopped(&mut self) -> bool {
        if self.stopped.is_none() && self.shared.is_stopped() {
            self.stopped = Some(Instant::now());
            let n = self.n_in_hand();
            if n > 0 {
                let requests = count(n, "request is", "requests are");
                let seconds = FINISH_TIME.as_secs();
                say(format_args!(
                    "no more is sent. {requests} under way: their answers have {seconds} s. Interrupt again to leave them"
                ));
            }
        }
        self.stopped.is_some()
    }

    fn is_left_alone(&self) -> bool {
        self.n_in_hand() == 0 || self.stopped.is_some_and(|since| since.elapsed() > FINISH_TIME)
    }

    fn tell(&self, what: ToShrink) {
        // It ends before these do once it is interrupted.
        if let Some(shrinking) = &self.to_shrink {
            let _ = shrinking.send(what);
        }
    }

    /// How many requests were not waited for any longer.
    pub fn n_left(&self) -> usize {
        if self.stopped.is_some_and(|since| since.elapsed() > FINISH_TIME) { self.n_in_hand() } else { 0 }
    }

    fn n_in_hand(&self) -> usize {
        self.shared.n_in_hand.load(Ordering::SeqCst)
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
    fn shrink_all(&self, pictures: &Receiver<ToShrink>, batches: &SyncSender<Batch>) {
        let mut waiting: Batch = Vec::new();
        for next in pictures {
            if self.is_stopped() {
                return;
            }
            match next {
                ToShrink::Picture(at, sha256) => {
                    waiting.extend(self.shrunk_or_put(at, &sha256).map(|shrunk| (at, shrunk)));
                    while let [first, _, ..] = self.lengths(&waiting)[..] {
                        send_first(first, &mut waiting, batches);
                    }
                }
                ToShrink::Needed(at) if waiting.iter().any(|(one, _)| *one == at) => {
                    self.send_rest(&mut waiting, batches);
                }
                ToShrink::Needed(_) => {}
            }
        }
        self.send_rest(&mut waiting, batches);
    }

    fn send_rest(&self, waiting: &mut Batch, batches: &SyncSender<Batch>) {
        for length in self.lengths(waiting) {
            send_first(length, waiting, batches);
        }
    }

    fn lengths(&self, waiting: &Batch) -> Vec<usize> {
        let sizes: Vec<u32> = waiting.iter().map(|(_, shrunk)| shrunk.bytes.len() as u32).collect();
        self.wanted.chosen.setup.batches(&sizes).into_iter().map(|length| length as usize).collect()
    }

    /// `None` for a picture that is not sent, whose outcome is known by then.
    fn shrunk_or_put(&self, at: usize, sha256: &str) -> Option<Shrunk> {
        if let Some(failure) = self.over.get() {
            self.put(at, Outcome::Failed(failure.clone()));
            return None;
        }
        let crashed = |_| Err(Error::new(ErrorKind::ProviderPictureRefused, "It crashed the decoder."));
        match catch_unwind(AssertUnwindSafe(|| self.shrunk(at, sha256))).unwrap_or_else(crashed) {
            Ok(shrunk) => return Some(shrunk),
            Err(error) if error.kind() == ErrorKind::ProviderPictureRefused => {
                self.put(at, Outcome::Failed(error.into()));
            }
            Err(_) => self.put(at, Outcome::Unreadable),
        }
        None
    }

    fn shrunk(&self, at: usize, sha256: &str) -> Result<Shrunk, Error> {
        let Wanted { pictures, limits, memory, .. } = &self.wanted;
        let path = &pictures[at];
        let refused = |detail| Err(Error::new(ErrorKind::ProviderPictureRefused, detail));
        if fs::metadata(path).is_ok_and(|about| !about.is_file()) {
            return refused("What comes through a pipe is read once, so it is not sent. Save it as a file.");
        }
        let file = read(path, limits)?;
        if tagsmith::sha256(&file) != sha256 {
            return refused("It was changed after the local model had seen it, so it is not sent. Tag it again.");
        }
        let _share = memory.take(memory_estimate(&file, limits));
        shrink(&file, limits, &self.need)
    }

    fn send_all(&self, to_send: &Mutex<Receiver<Batch>>) {
        loop {
            let batch = locked(to_send).recv();
            let Ok(batch) = batch else { return };
            // Before it is looked whether somebody wants to stop: who wants so waits for what is in hand.
            self.n_in_hand.fetch_add(1, Ordering::SeqCst);
            let all: Vec<usize> = batch.iter().map(|(at, _)| *at).collect();
            if catch_unwind(AssertUnwindSafe(|| self.send_until_done(batch))).is_err() {
                // Nobody shall wait for them.
                let crashed = Failure::new(ErrorKind::ProviderAnswerLost, "The program crashed while it asked.");
                let crashed = Outcome::Failed(crashed.billed(Billed::Maybe));
                all.into_iter().for_each(|at| _ = locked(&self.outcomes).entry(at).or_insert(crashed.clone()));
            }
            self.n_in_hand.fetch_sub(1, Ordering::SeqCst);
            self.changed.notify_all();
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

fn send_first(length: usize, waiting: &mut Batch, batches: &SyncSender<Batch>) {
    let rest = waiting.split_off(length);
    // Whoever takes them is there as long as this is.
    let _ = batches.send(std::mem::replace(waiting, rest));
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
