//! Runs tract so that its panics are errors, which blame the model.
//!
//! The limits in `census`, `shapes` and `demand` refuse what is known to make tract panic; this is for the rest. In WebAssembly a panic
//! cannot be caught: it ends the worker, and the page says the same.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, ErrorKind, Result};

thread_local! {
    /// How many calls of [`caught`] this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Whether a panic of this thread will become an error of a network, so that a panic hook need not report it.
pub fn catches_panics() -> bool {
    DEPTH.get() > 0
}

/// [`caught`] for reading a network.
pub fn loading<T>(load: impl FnOnce() -> Result<T>) -> Result<T> {
    caught(ErrorKind::ModelInvalid, "The network cannot be prepared", load)
}

/// [`caught`] for running one.
pub fn running<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    caught(ErrorKind::InferenceFailed, "The network failed on this picture", run)
}

/// What `run` returns, or an error of `kind` that says `failure` ("The network cannot be prepared") and the panic's message.
fn caught<T>(kind: ErrorKind, failure: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    DEPTH.set(DEPTH.get() + 1);
    // A network that panicked while it loaded is dropped; one that panicked while it ran keeps nothing from one picture to the next.
    let result = catch_unwind(AssertUnwindSafe(run));
    DEPTH.set(DEPTH.get() - 1);
    result.unwrap_or_else(|panic| {
        let detail = format!("{failure}: {}. Use another model, or export this one again.", message(panic.as_ref()));
        // Whatever a panic carries may panic when it is dropped.
        std::mem::forget(panic);
        Err(Error::new(kind, detail))
    })
}

/// The first line of a panic's message.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    let line = text.unwrap_or_default().lines().next().unwrap_or_default().trim_end_matches('.');
    if line.is_empty() { "it stopped without a reason".to_owned() } else { line.chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message_and_is_no_panic_to_report() {
        let failed = |run: fn()| {
            let error = caught(ErrorKind::InferenceFailed, "The network failed", || {
                assert!(catches_panics());
                run();
                Ok(())
            })
            .expect_err("it panicked");
            assert!(!catches_panics());
            error.to_string()
        };
        let (index, nothing) =
            (failed(|| panic!("index {} out of range.\nmore", 7)), failed(|| std::panic::panic_any(7)));
        assert_eq!(index, "The network failed: index 7 out of range. Use another model, or export this one again.");
        assert!(nothing.starts_with("The network failed: it stopped without a reason."), "{nothing}");
        assert!(caught(ErrorKind::InferenceFailed, "", || Ok(7)).is_ok_and(|seven| seven == 7));
    }
}
