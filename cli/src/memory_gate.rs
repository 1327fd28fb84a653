//! How much memory the threads take together: large pictures wait for each other, small ones pass.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use tagsmith::Limits;

/// Bytes that are free.
pub struct MemoryGate {
    free: Mutex<u64>,
    whole: u64,
    changed: Condvar,
}

/// The bytes of one picture, given back when it is dropped.
pub struct Share<'a> {
    gate: &'a MemoryGate,
    bytes: u64,
}

impl MemoryGate {
    /// As much as may be in use together. An eighth is for what the allocator keeps of pictures before.
    pub fn for_decoding(limits: &Limits) -> Self {
        Self::new(limits.max_bytes / 8 * 7)
    }

    pub fn new(bytes: u64) -> Self {
        Self { free: Mutex::new(bytes), whole: bytes, changed: Condvar::new() }
    }

    /// Waits until as many bytes are free. More than there are at all are taken for all of them.
    pub fn take(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(self.whole);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.changed.wait_while(free, |free| *free < bytes).unwrap_or_else(PoisonError::into_inner);
        *free -= bytes;
        Share { gate: self, bytes }
    }

    /// The same, but only for so long.
    pub fn take_within(&self, bytes: u64, patience: Duration) -> Option<Share<'_>> {
        let bytes = bytes.min(self.whole);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(free, patience, |free| *free < bytes);
        let (mut free, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return None;
        }
        *free -= bytes;
        Some(Share { gate: self, bytes })
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.gate.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.gate.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    #[test]
    fn together_no_more_is_taken_than_there_is_and_everybody_gets_a_turn() {
        let gate = MemoryGate::new(10);
        let taken = AtomicU64::new(0);
        thread::scope(|scope| {
            for bytes in [3, 10, 4, 99, 0, 6].repeat(20) {
                let (gate, taken) = (&gate, &taken);
                scope.spawn(move || {
                    let share = gate.take(bytes);
                    let now = taken.fetch_add(share.bytes, Ordering::SeqCst) + share.bytes;
                    assert!(now <= 10, "{now}");
                    thread::yield_now();
                    taken.fetch_sub(share.bytes, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(*gate.free.lock().unwrap(), 10);
    }

    #[test]
    fn who_waits_for_so_long_only_takes_nothing_when_it_is_over() {
        let gate = MemoryGate::new(10);
        let held = gate.take(8);
        assert!(gate.take_within(3, Duration::from_millis(20)).is_none());
        assert!(gate.take_within(2, Duration::ZERO).is_some(), "and what is free passes");
        drop(held);
        assert!(gate.take_within(99, Duration::ZERO).is_some());
        assert_eq!(*gate.free.lock().unwrap(), 10);
    }
}
