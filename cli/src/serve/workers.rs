//! Threads that are used again. The system's allocator keeps some memory for each thread that there ever was at the same time, so the same
//! few take all the work, and one more only while one does not come back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

pub struct Workers {
    /// Those that wait for work.
    idle: Mutex<Vec<Sender<Job>>>,
    n_kept: usize,
}

impl Workers {
    /// `n_kept`: how many wait at most; who comes back beyond that ends.
    pub fn new(n_kept: usize) -> Arc<Self> {
        Arc::new(Self { idle: Mutex::default(), n_kept })
    }

    /// Does the work on a thread that waits, or on a new one. Nothing is answered if the work panics, or the system has no thread left.
    pub fn run<T: Send + 'static>(self: &Arc<Self>, work: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
        let worker = self.idle().pop().unwrap_or_else(begin);
        let (answer, answered) = oneshot::channel();
        let (workers, itself) = (Arc::downgrade(self), worker.clone());
        let job = move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            // First, so that whoever is answered finds it waiting.
            if let Some(workers) = workers.upgrade() {
                workers.take_back(itself);
            }
            if let Ok(done) = done {
                // Whoever asked may have given it up.
                let _ = answer.send(done);
            }
        };
        // It fails where there is no thread, and then nobody answers.
        let _ = worker.send(Box::new(job));
        answered
    }

    fn take_back(&self, worker: Sender<Job>) {
        let mut idle = self.idle();
        if idle.len() < self.n_kept {
            idle.push(worker);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Sender<Job>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread that ends when nobody can send it anything any more.
fn begin() -> Sender<Job> {
    let (sender, jobs) = channel::<Job>();
    // Without one, `jobs` is gone, and who sends hears of it.
    let _ = thread::Builder::new().spawn(move || jobs.into_iter().for_each(|job| job()));
    sender
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_same_threads_do_all_the_work_also_after_a_panic_and_beside_one_that_hangs() {
        let workers = Workers::new(2);
        let who = |workers: &Arc<Workers>| workers.run(|| thread::current().id()).blocking_recv().unwrap();
        let first = who(&workers);
        assert!(workers.run(|| panic!("as a test wants it")).blocking_recv().is_err());
        assert_eq!(who(&workers), first);

        let (ends, ended): (Vec<_>, Vec<_>) = (0..3).map(|_| channel::<()>()).unzip();
        let hanging: Vec<_> = ended.into_iter().map(|end| workers.run(move || end.recv().is_err())).collect();
        let beside: HashSet<_> = (0..9).map(|_| who(&workers)).collect();
        assert_eq!(beside.len(), 1);
        drop(ends);
        hanging.into_iter().for_each(|one| assert!(one.blocking_recv().unwrap()));
        assert_eq!(workers.idle().len(), 2, "no more are kept than work at once");
    }
}
