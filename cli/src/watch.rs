//! `tagsmith tag --watch DIR`: new and changed pictures, as they come.

mod args;
mod folders;
mod ripening;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

pub use self::args::WatchArgs;
use self::folders::Folders;
use self::ripening::Ripening;
use crate::left_out::Exclusion;
use crate::pictures::is_picture;
use crate::say::say;

/// How soon something is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What is waited for in watched folders.
pub struct Watch {
    folders: Folders,
    ripening: Ripening,
}

impl Watch {
    /// Begins to watch; what happens from now on is not missed. None if no folder is to be watched.
    ///
    /// # Errors
    /// A sentence, if one is no folder.
    pub fn start(args: &WatchArgs, exclusions: &[Exclusion]) -> Result<Option<Self>, String> {
        if args.watch.is_empty() {
            return Ok(None);
        }
        let folders = Folders::watch(&args.watch, args.look_every.map(Duration::from_secs), exclusions.to_vec())?;
        Ok(Some(Self { folders, ripening: Ripening::default() }))
    }

    /// Of the pictures that are there at the beginning, those that nobody is still writing; the others come later.
    pub fn ripe_at_first(&mut self, pictures: Vec<PathBuf>) -> Vec<PathBuf> {
        pictures
            .into_iter()
            .filter(|picture| !self.folders.has(picture) || self.ripening.is_ripe_at_first(picture))
            .collect()
    }

    pub fn say(&self) {
        say(format_args!("watching {}; Ctrl-C ends it", self.folders.names()));
    }

    /// The next pictures that are complete, by name; none once it is interrupted.
    pub fn next(&mut self, is_interrupted: &AtomicBool) -> Option<Vec<PathBuf>> {
        while !is_interrupted.load(Ordering::SeqCst) {
            for file in self.folders.touched() {
                self.ripening.touch(file);
            }
            let mut ripe = self.ripening.ripe();
            // A file without a picture's extension was told by its content, which may not have been there before.
            ripe.retain(|path| is_picture(path));
            if !ripe.is_empty() {
                return Some(ripe);
            }
            thread::sleep(LOOK_EVERY);
        }
        None
    }
}
