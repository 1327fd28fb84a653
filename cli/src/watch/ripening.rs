//! Which files are complete: those that have kept their size and date for a while.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Who writes a file slower than this has it tagged twice, at last whole.
const SETTLE: Duration = Duration::from_secs(1);

/// What changes whenever somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

/// Files that were handed over, and those that are being waited for.
#[derive(Debug, Default)]
pub struct Ripening {
    handed_over: HashMap<PathBuf, Stamp>,
    waiting: BTreeMap<PathBuf, (Stamp, Instant)>,
}

impl Ripening {
    /// Takes note of a file that may be new or changed. One that is gone is forgotten: others come and go as long as folders are watched.
    pub fn touch(&mut self, file: PathBuf) {
        let Some(now) = stamp(&file) else {
            self.handed_over.remove(&file);
            return;
        };
        if self.handed_over.get(&file) != Some(&now) {
            self.waiting.entry(file).or_insert((now, Instant::now()));
        }
    }

    /// Of a file that was there before: whether it can be handed over now. If not, it is waited for.
    pub fn is_ripe_at_first(&mut self, file: &Path) -> bool {
        let Some(now) = stamp(file) else { return false };
        let is_old = now.modified.is_some_and(|date| date.elapsed().is_ok_and(|age| age >= SETTLE));
        if is_old && now.bytes > 0 {
            self.handed_over.insert(file.to_owned(), now);
            return true;
        }
        self.touch(file.to_owned());
        false
    }

    /// Hands over what has settled, by name. An empty file is one that nobody has begun to write.
    pub fn ripe(&mut self) -> Vec<PathBuf> {
        let mut ripe = Vec::new();
        let handed_over = &mut self.handed_over;
        self.waiting.retain(|file, (seen, since)| {
            if since.elapsed() < SETTLE {
                return true;
            }
            // It may be gone again, or have become a folder.
            let Some(now) = stamp(file) else { return false };
            if now != *seen || now.bytes == 0 {
                (*seen, *since) = (now, Instant::now());
                return true;
            }
            handed_over.insert(file.clone(), now);
            ripe.push(file.clone());
            false
        });
        ripe
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    let about = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
    Some(Stamp { bytes: about.len(), modified: about.modified().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_gone_is_forgotten_and_one_that_stays_is_handed_over_once() {
        let file = std::env::temp_dir().join(format!("tagsmith-ripening-{}.jpg", std::process::id()));
        fs::write(&file, b"picture").unwrap();
        let long_ago = SystemTime::now() - 2 * SETTLE;
        fs::File::options().append(true).open(&file).unwrap().set_modified(long_ago).unwrap();
        let mut ripening = Ripening::default();
        assert!(ripening.is_ripe_at_first(&file));
        ripening.touch(file.clone());
        assert!(ripening.waiting.is_empty());
        fs::remove_file(&file).unwrap();
        ripening.touch(file.clone());
        assert!(ripening.handed_over.is_empty() && ripening.waiting.is_empty());
    }
}
