//! Work on pictures by a few threads, with a few more that wait. Nobody is kept waiting without end: neither by those before, nor by a
//! decoder that does not come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tagsmith::{Error, ErrorKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, timeout};

use crate::picture_tagger::gave_up;
use crate::serve::refusal::Refusal;
use crate::serve::workers::Workers;
use crate::tag::GRACE;

/// How long at most whoever has no place is told to stay away, in seconds.
const LONGEST_AWAY: u64 = 60;

pub struct Crew {
    /// One for each picture that is in work or waits.
    places: Arc<Semaphore>,
    threads: Arc<Semaphore>,
    workers: Arc<Workers>,
    n_threads: u64,
    n_places: usize,
    timeout: Duration,
    /// What a picture takes, in ms: a mean in which the last ones count most.
    pace: Arc<AtomicU64>,
}

/// Tells when the picture's own time begins: until then it waits for the others.
pub struct Begin(oneshot::Sender<()>);

impl Begin {
    pub fn now(self) {
        // Whoever listens is there as long as the thread is.
        let _ = self.0.send(());
    }
}

/// As long as somebody waits for the answer.
struct Asking(Arc<AtomicBool>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Crew {
    /// `timeout`: of a picture, once it has begun.
    pub fn new(n_threads: usize, n_waiting: usize, timeout: Duration) -> Self {
        let n_places = n_threads + n_waiting;
        Self {
            places: Arc::new(Semaphore::new(n_places)),
            threads: Arc::new(Semaphore::new(n_threads)),
            workers: Workers::new(n_threads),
            n_threads: n_threads as u64,
            n_places,
            timeout,
            pace: Arc::default(),
        }
    }

    /// How many are in work or wait.
    pub fn n_inside(&self) -> usize {
        self.n_places - self.places.available_permits()
    }

    /// Does the work, unless too many wait already. Waits for a place for so long.
    ///
    /// # Errors
    /// Those of `work`; 429; of work that panics or takes too long. Its thread is then replaced, and ends with it.
    pub async fn run<T: Send + 'static>(
        &self,
        patience: Duration,
        work: impl FnOnce(Begin) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = match self.places.clone().try_acquire_owned() {
            Ok(place) => place,
            Err(_) if patience.is_zero() => return Err(self.full()),
            Err(_) => match timeout(patience, self.places.clone().acquire_owned()).await {
                Ok(Ok(place)) => place,
                _ => return Err(self.full()),
            },
        };
        let is_wanted = Arc::new(AtomicBool::new(true));
        let _asking = Asking(is_wanted.clone());
        let turn = Turn {
            _place: place,
            threads: self.threads.clone(),
            workers: self.workers.clone(),
            timeout: self.timeout,
            pace: self.pace.clone(),
        };
        // By itself: it goes on, and its thread is counted, when whoever asked has gone.
        tokio::spawn(turn.take(is_wanted, work)).await.unwrap_or_else(|_| Err(crashed()))
    }

    fn full(&self) -> Refusal {
        let ms = self.pace.load(Ordering::Relaxed) * self.n_inside() as u64 / self.n_threads;
        let detail = "Too many pictures wait. Ask again after the seconds of Retry-After, or send fewer at once. The option is --waiting.";
        Refusal::busy(detail, ms.div_ceil(1000).clamp(1, LONGEST_AWAY))
    }
}

struct Turn {
    _place: OwnedSemaphorePermit,
    threads: Arc<Semaphore>,
    workers: Arc<Workers>,
    timeout: Duration,
    pace: Arc<AtomicU64>,
}

impl Turn {
    async fn take<T: Send + 'static>(
        self,
        is_wanted: Arc<AtomicBool>,
        work: impl FnOnce(Begin) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _thread = self.threads.clone().acquire_owned().await.expect("it is never closed");
        if !is_wanted.load(Ordering::SeqCst) {
            return Err(crashed());
        }
        let (begin, begun) = oneshot::channel();
        let job = self.workers.run(move || work(Begin(begin)));
        // What never begins has ended, too.
        let _ = begun.await;
        let since = Instant::now();
        match timeout(self.timeout.saturating_add(GRACE), job).await {
            Ok(Ok(done)) => {
                self.keep_pace(since.elapsed());
                done
            }
            Ok(Err(_)) => Err(crashed()),
            Err(_) => Err(gave_up(self.timeout.as_secs()).into()),
        }
    }

    fn keep_pace(&self, took: Duration) {
        let took = took.as_millis() as u64;
        let _ = self.pace.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |before| {
            Some(if before == 0 { took } else { (before * 7 + took).div_ceil(8) })
        });
    }
}

/// Decoders that panic are caught before; this is for all else that may.
fn crashed() -> Refusal {
    let status = hyper::StatusCode::INTERNAL_SERVER_ERROR;
    let error = Error::new(
        ErrorKind::InferenceFailed,
        "The service failed on this picture. Please report this, with the picture if you can.",
    );
    Refusal { status, ..Refusal::from(error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn in_runtime(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(test);
        runtime.shutdown_background();
    }

    fn soon(begin: Begin) -> Result<u8, Refusal> {
        begin.now();
        Ok(7)
    }

    #[test]
    fn a_thread_that_does_not_come_back_and_one_that_panics_hold_nobody_up() {
        in_runtime(async {
            // The grace is the least that can be waited.
            let crew = Crew::new(1, 1, Duration::ZERO);
            let hanging = |begin: Begin| {
                begin.now();
                thread::sleep(Duration::from_secs(20));
                Ok(())
            };
            let refused = crew.run(Duration::ZERO, hanging).await.unwrap_err();
            assert_eq!((refused.status.as_u16(), refused.code), (422, "picture_too_slow"));
            let panicking = |begin: Begin| -> Result<u8, Refusal> {
                begin.now();
                panic!("as a test wants it");
            };
            assert_eq!(crew.run(Duration::ZERO, panicking).await.unwrap_err().status.as_u16(), 500);
            assert_eq!(crew.run(Duration::ZERO, soon).await.unwrap(), 7, "the one thread is there again");
            assert_eq!(crew.n_inside(), 0);
        });
    }

    #[test]
    fn who_finds_no_place_is_told_when_to_come_again_or_waits_as_long_as_it_likes() {
        in_runtime(async {
            let crew = Arc::new(Crew::new(1, 1, Duration::from_secs(60)));
            let (end, ended) = std::sync::mpsc::channel::<()>();
            let inside = |work| {
                let crew = crew.clone();
                tokio::spawn(async move { crew.run(Duration::ZERO, work).await })
            };
            let working = inside(Box::new(move |begin: Begin| {
                begin.now();
                ended.recv().map_err(|_| crashed())?;
                Ok(1_u8)
            }) as Box<dyn FnOnce(Begin) -> Result<u8, Refusal> + Send>);
            let waiting = inside(Box::new(soon));
            while crew.n_inside() < 2 {
                tokio::task::yield_now().await;
            }
            let refused = crew.run(Duration::ZERO, soon).await.unwrap_err();
            assert_eq!((refused.status.as_u16(), refused.retry_after), (429, Some(1)));
            assert_eq!(crew.run(Duration::from_millis(20), soon).await.unwrap_err().status.as_u16(), 429);
            // Who waits and goes leaves no work behind.
            waiting.abort();
            end.send(()).unwrap();
            assert_eq!(working.await.unwrap().unwrap(), 1);
            assert_eq!(crew.run(Duration::from_secs(60), soon).await.unwrap(), 7);
        });
    }
}
