//! Ctrl-C, and whoever else asks the program to end.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit;

/// For so long a second signal is the same wish: `timeout` and others send it to a program and to its group.
const ONE_WISH: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A flag that is set when the program is asked to end. Who asks again later does not wait for anything, such as a reader that does not
/// read.
///
/// # Errors
/// Those of the system.
pub fn watch() -> io::Result<Arc<AtomicBool>> {
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let is_again = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, exit::INTERRUPTED.into(), is_again.clone())?;
        flag::register(signal, is_interrupted.clone())?;
    }
    let is_first = is_interrupted.clone();
    thread::Builder::new().spawn(move || {
        while !is_first.load(Ordering::SeqCst) {
            thread::sleep(LOOK_EVERY);
        }
        thread::sleep(ONE_WISH);
        is_again.store(true, Ordering::SeqCst);
    })?;
    Ok(is_interrupted)
}
