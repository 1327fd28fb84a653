//! Watches files for changes by polling.

use crate::process::root;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Interval between two looks at the files.
const GLANCE: Duration = Duration::from_millis(500);

/// Files and folders to watch, and the names of folders in them to ignore.
pub struct Watched<'a> {
    pub names: &'a [&'a str],
    pub not: &'a [&'a str],
}

/// Number of files, and the time of the last change.
pub type State = (usize, SystemTime);

impl Watched<'_> {
    pub fn state(&self) -> State {
        let mut state = (0, SystemTime::UNIX_EPOCH);
        self.names.iter().for_each(|name| self.add(&root().join(name), &mut state));
        state
    }

    /// Waits for one interval, and returns the new state if something changed.
    pub fn changed_since(&self, seen: State) -> Option<State> {
        std::thread::sleep(GLANCE);
        let now = self.state();
        (now != seen).then_some(now)
    }

    fn add(&self, path: &Path, state: &mut State) {
        let Ok(facts) = std::fs::metadata(path) else { return };
        if facts.is_file() {
            state.0 += 1;
            state.1 = state.1.max(facts.modified().unwrap_or(SystemTime::UNIX_EPOCH));
        } else if !path.file_name().is_some_and(|name| self.not.iter().any(|not| name == *not)) {
            let Ok(entries) = std::fs::read_dir(path) else { return };
            entries.flatten().for_each(|entry| self.add(&entry.path(), state));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_new_file_and_a_changed_one_are_seen_and_one_in_a_folder_left_out_is_not() {
        let folder = root().join("target/xtask-test-watched");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("node_modules")).unwrap();
        let watched = Watched { names: &["target/xtask-test-watched"], not: &["node_modules"] };
        let empty = watched.state();
        fs::write(folder.join("node_modules/b"), "").unwrap();
        assert_eq!(watched.changed_since(empty), None);
        fs::write(folder.join("a"), "").unwrap();
        let one = watched.changed_since(empty).unwrap();
        let later = SystemTime::now() + Duration::from_secs(5);
        fs::File::options().append(true).open(folder.join("a")).unwrap().set_modified(later).unwrap();
        assert!(watched.changed_since(one).is_some());
    }
}
