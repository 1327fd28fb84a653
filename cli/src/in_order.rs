//! Work on many things by several threads, with the results in the order of the things.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How far per thread the work may be ahead of the first thing that is not done: a bound for what waits in memory.
const AHEAD_PER_THREAD: usize = 8;
/// How soon a wish to stop is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The results with the positions of their things, each as soon as all before it are there. Once `is_stopped` is set, only those that are
/// done by then, and nobody waits for the rest.
pub struct InOrder<T> {
    n: usize,
    n_handed_out: usize,
    next: usize,
    jobs: Sender<usize>,
    results: Receiver<(usize, T)>,
    done: BTreeMap<usize, T>,
    is_stopped: Arc<AtomicBool>,
}

impl<T: Send + 'static> InOrder<T> {
    /// Begins with `work(0)` to `work(n - 1)`, which must not panic.
    ///
    /// # Errors
    /// Those of the system, if it has no more threads.
    pub fn start(
        n: usize,
        n_threads: usize,
        is_stopped: Arc<AtomicBool>,
        work: impl Fn(usize) -> T + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let n_threads = n_threads.min(n);
        let (jobs, to_do) = mpsc::channel();
        let (finished, results) = mpsc::channel();
        let (work, to_do) = (Arc::new(work), Arc::new(Mutex::new(to_do)));
        for _ in 0..n_threads {
            let (work, to_do, finished) = (work.clone(), to_do.clone(), finished.clone());
            thread::Builder::new().spawn(move || {
                while let Some(at) = next_job(&to_do) {
                    if finished.send((at, work(at))).is_err() {
                        break;
                    }
                }
            })?;
        }
        let mut all = Self { n, n_handed_out: 0, next: 0, jobs, results, done: BTreeMap::new(), is_stopped };
        (0..AHEAD_PER_THREAD * n_threads).for_each(|_| all.hand_out());
        Ok(all)
    }

    fn hand_out(&mut self) {
        if self.n_handed_out < self.n && self.jobs.send(self.n_handed_out).is_ok() {
            self.n_handed_out += 1;
        }
    }
}

fn next_job(to_do: &Mutex<Receiver<usize>>) -> Option<usize> {
    to_do.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

impl<T: Send + 'static> Iterator for InOrder<T> {
    type Item = (usize, T);

    fn next(&mut self) -> Option<(usize, T)> {
        while self.next < self.n {
            if self.is_stopped.load(Ordering::SeqCst) {
                self.done.extend(self.results.try_iter());
                return self.done.pop_first();
            }
            if let Some(result) = self.done.remove(&self.next) {
                self.next += 1;
                self.hand_out();
                return Some((self.next - 1, result));
            }
            match self.results.recv_timeout(LOOK_EVERY) {
                Ok((at, result)) => _ = self.done.insert(at, result),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order_and_the_work_is_never_far_ahead() {
        let begun = Arc::new(Mutex::new(0));
        let counted = begun.clone();
        let work = move |at: usize| {
            *counted.lock().unwrap() += 1;
            thread::sleep(Duration::from_millis([20, 0, 1][at % 3]));
            at * at
        };
        let results = InOrder::start(100, 4, Arc::default(), work).unwrap();
        for (wanted, (at, result)) in results.enumerate() {
            assert_eq!((at, result), (wanted, wanted * wanted));
            assert!(*begun.lock().unwrap() <= at + 1 + 4 * AHEAD_PER_THREAD);
        }
        assert_eq!(*begun.lock().unwrap(), 100);
        assert_eq!(InOrder::start(0, 4, Arc::default(), |at| at).unwrap().count(), 0);
    }

    #[test]
    fn a_stop_gives_what_is_done_and_waits_for_nothing() {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let n_done = Arc::new(Mutex::new(0));
        let counted = n_done.clone();
        let work = move |at: usize| {
            if at == 1 {
                thread::sleep(Duration::from_secs(3600));
            }
            *counted.lock().unwrap() += 1;
        };
        let mut results = InOrder::start(1000, 2, is_stopped.clone(), work).unwrap();
        assert_eq!(results.next(), Some((0, ())));
        while *n_done.lock().unwrap() < 16 {
            thread::yield_now();
        }
        thread::sleep(Duration::from_millis(100));
        is_stopped.store(true, Ordering::SeqCst);
        let rest: Vec<usize> = results.map(|(at, ())| at).collect();
        assert_eq!(rest, (2..=16).collect::<Vec<_>>(), "but not what is in work");
    }
}
