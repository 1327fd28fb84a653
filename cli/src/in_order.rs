//! Work on many things by several threads, with the results in the order of the things.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How far per thread the work may be ahead of the first thing that is not done: a bound for what waits in memory.
const AHEAD_PER_THREAD: usize = 8;
/// How soon a wish to stop is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The results with the positions of their things, each as soon as all before it are there. Once `is_stopped` is set, only those that are
/// done by then, and nobody waits for the rest.
///
/// A thread whose thing takes longer than `patience` is given up and replaced; it ends with its thing, or with the program.
pub struct InOrder<T> {
    n: usize,
    n_handed_out: usize,
    next: usize,
    patience: Duration,
    jobs: Sender<usize>,
    crew: Arc<Crew<T>>,
    results: Receiver<(usize, T)>,
    done: BTreeMap<usize, T>,
    is_stopped: Arc<AtomicBool>,
}

type Work<T> = dyn Fn(usize, &Clock<'_>) -> T + Send + Sync;
type GaveUp<T> = dyn Fn(usize) -> T + Send + Sync;

/// What the threads share.
struct Crew<T> {
    work: Box<Work<T>>,
    gave_up: Box<GaveUp<T>>,
    to_do: Mutex<Receiver<usize>>,
    finished: Sender<(usize, T)>,
    /// What is in work, and since when.
    begun: Mutex<BTreeMap<usize, Option<Instant>>>,
}

/// Counts how long a thing takes.
pub struct Clock<'a> {
    at: usize,
    begun: &'a Mutex<BTreeMap<usize, Option<Instant>>>,
}

impl Clock<'_> {
    /// From now on, anew.
    pub fn start(&self) {
        self.set(Some(Instant::now()));
    }

    /// Until it is started again, as while the thread waits for the others.
    pub fn stop(&self) {
        self.set(None);
    }

    /// Unless the thread was given up.
    fn set(&self, since: Option<Instant>) {
        if let Some(begun) = locked(self.begun).get_mut(&self.at) {
            *begun = since;
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Send + 'static> InOrder<T> {
    /// Begins with `work(0)` to `work(n - 1)`, which must not panic. `gave_up` is the result of what took too long.
    ///
    /// # Errors
    /// Those of the system, if it has no more threads.
    pub fn start(
        n: usize,
        n_threads: usize,
        is_stopped: Arc<AtomicBool>,
        patience: Duration,
        work: impl Fn(usize, &Clock<'_>) -> T + Send + Sync + 'static,
        gave_up: impl Fn(usize) -> T + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let n_threads = n_threads.min(n);
        let (jobs, to_do) = mpsc::channel();
        let (finished, results) = mpsc::channel();
        let crew = Arc::new(Crew {
            work: Box::new(work),
            gave_up: Box::new(gave_up),
            to_do: Mutex::new(to_do),
            finished,
            begun: Mutex::default(),
        });
        (0..n_threads).try_for_each(|_| crew.hire())?;
        let mut all =
            Self { n, n_handed_out: 0, next: 0, patience, jobs, crew, results, done: BTreeMap::new(), is_stopped };
        (0..AHEAD_PER_THREAD * n_threads).for_each(|_| all.hand_out());
        Ok(all)
    }

    fn hand_out(&mut self) {
        if self.n_handed_out < self.n && self.jobs.send(self.n_handed_out).is_ok() {
            self.n_handed_out += 1;
        }
    }

    /// Replaces the threads that take too long.
    fn give_up(&mut self) {
        let mut late = Vec::new();
        locked(&self.crew.begun).retain(|&at, begun| {
            let is_late = begun.is_some_and(|begun| begun.elapsed() > self.patience);
            late.extend(is_late.then_some(at));
            !is_late
        });
        for at in late {
            self.done.insert(at, (self.crew.gave_up)(at));
            // Where the system has no more threads, those that are left go on.
            let _ = self.crew.hire();
        }
    }
}

impl<T: Send + 'static> Crew<T> {
    fn hire(self: &Arc<Self>) -> io::Result<()> {
        let crew = self.clone();
        thread::Builder::new().spawn(move || while crew.does_next() {})?;
        Ok(())
    }

    /// False when there is no more to do, and for a thread that was given up.
    fn does_next(&self) -> bool {
        let Ok(at) = locked(&self.to_do).recv() else { return false };
        let clock = Clock { at, begun: &self.begun };
        locked(&self.begun).insert(at, Some(Instant::now()));
        let result = (self.work)(at, &clock);
        locked(&self.begun).remove(&at).is_some() && self.finished.send((at, result)).is_ok()
    }
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
                Err(RecvTimeoutError::Timeout) => self.give_up(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn a_thread_that_does_not_come_back_is_replaced_and_the_rest_goes_on() {
        let work = |at: usize, clock: &Clock<'_>| {
            if at % 4 == 1 {
                clock.stop();
                thread::sleep(Duration::from_millis(300));
                clock.start();
                thread::sleep(LONG);
            }
            at
        };
        let results = InOrder::start(12, 2, Arc::default(), Duration::from_millis(100), work, |at| 100 + at).unwrap();
        let all: Vec<usize> = results.map(|(_, result)| result).collect();
        assert_eq!(all, [0, 101, 2, 3, 4, 105, 6, 7, 8, 109, 10, 11]);
    }

    #[test]
    fn results_are_in_order_and_the_work_is_never_far_ahead() {
        let begun = Arc::new(Mutex::new(0));
        let counted = begun.clone();
        let work = move |at: usize, _: &Clock<'_>| {
            *counted.lock().unwrap() += 1;
            thread::sleep(Duration::from_millis([20, 0, 1][at % 3]));
            at * at
        };
        let results = InOrder::start(100, 4, Arc::default(), LONG, work, |_| 0).unwrap();
        for (wanted, (at, result)) in results.enumerate() {
            assert_eq!((at, result), (wanted, wanted * wanted));
            assert!(*begun.lock().unwrap() <= at + 1 + 4 * AHEAD_PER_THREAD);
        }
        assert_eq!(*begun.lock().unwrap(), 100);
        assert_eq!(InOrder::start(0, 4, Arc::default(), LONG, |at, _| at, |at| at).unwrap().count(), 0);
    }

    #[test]
    fn a_stop_gives_what_is_done_and_waits_for_nothing() {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let n_done = Arc::new(Mutex::new(0));
        let counted = n_done.clone();
        let work = move |at: usize, _: &Clock<'_>| {
            if at == 1 {
                thread::sleep(Duration::from_secs(3600));
            }
            *counted.lock().unwrap() += 1;
        };
        let mut results = InOrder::start(1000, 2, is_stopped.clone(), LONG, work, |_| ()).unwrap();
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
