//! What happens in folders, as the system tells it, and by looking where it does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::left_out::Exclusion;
use crate::path_text::path_text;
use crate::pictures::{find, is_left_out};
use crate::say::say;

/// How often it is looked whether the folders are still there.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// How often they are looked through where the system tells nothing.
const LOOK_ANYWAY_EVERY: Duration = Duration::from_secs(5);
/// What downloads end with until they are complete.
const UNFINISHED: [&str; 6] = ["part", "partial", "crdownload", "download", "filepart", "tmp"];

/// Folders that are watched.
pub struct Folders {
    folders: Vec<Folder>,
    exclusions: Vec<Exclusion>,
    /// None where the system cannot tell what happens.
    watcher: Option<RecommendedWatcher>,
    events: Receiver<notify::Result<Event>>,
    look_every: Option<Duration>,
    looked: Instant,
    checked: Instant,
}

struct Folder {
    path: PathBuf,
    /// Without links on the way: what is watched, and told.
    real: PathBuf,
    /// None while it is gone.
    identity: Option<Identity>,
}

/// Another folder of the same path has another one.
type Identity = (u64, u64);

impl Folders {
    /// # Errors
    /// A sentence, if one is no folder.
    pub fn watch(paths: &[PathBuf], look_every: Option<Duration>, exclusions: Vec<Exclusion>) -> Result<Self, String> {
        let folder = |path: &PathBuf| {
            let shown = path_text(path);
            let no_folder = |reason: String| format!("{shown} cannot be watched: {reason}. Name a folder.");
            let real = fs::canonicalize(path).map_err(|error| no_folder(error.to_string()))?;
            let identity = identity(path).ok_or_else(|| no_folder("it is no folder".to_owned()))?;
            Ok(Folder { path: path.clone(), real, identity: Some(identity) })
        };
        let folders = paths.iter().map(folder).collect::<Result<Vec<_>, String>>()?;
        let (sender, events) = mpsc::channel();
        let tell = move |event| _ = sender.send(event);
        // Links to folders are not followed: they may lead in circles.
        let watcher = RecommendedWatcher::new(tell, Config::default().with_follow_symlinks(false));
        let now = Instant::now();
        let mut all = Self { folders, exclusions, watcher: None, events, look_every, looked: now, checked: now };
        match watcher {
            Ok(watcher) => all.watcher = Some(watcher),
            Err(error) => all.do_without(&error),
        }
        (0..all.folders.len()).for_each(|at| all.begin(at));
        Ok(all)
    }

    /// Those that are watched.
    pub fn names(&self) -> String {
        self.folders.iter().map(|folder| path_text(&folder.path)).collect::<Vec<_>>().join(", ")
    }

    /// Whether a file is in one of them.
    pub fn has(&self, file: &Path) -> bool {
        self.folders.iter().any(|folder| file.starts_with(&folder.path))
    }

    /// Files that may be new, changed or gone, by their paths from the folders as they were named.
    pub fn touched(&mut self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut is_all_to_look_through = self.look_every.is_some_and(|every| self.looked.elapsed() >= every);
        while let Ok(event) = self.events.try_recv() {
            match event {
                Ok(event) if event.need_rescan() => is_all_to_look_through = true,
                // To read a file does not change it.
                Ok(Event { kind: EventKind::Access(_), .. }) => {}
                Ok(event) => event.paths.iter().for_each(|path| self.touch(path, &mut files)),
                Err(error) => {
                    self.do_without(&error);
                    is_all_to_look_through = true;
                }
            }
        }
        if self.checked.elapsed() >= CHECK_EVERY {
            self.checked = Instant::now();
            for at in 0..self.folders.len() {
                if self.has_come_back(at) {
                    files.extend(self.look_through(&self.folders[at], &self.folders[at].path));
                }
            }
        }
        if is_all_to_look_through {
            self.looked = Instant::now();
            files.extend(self.folders.iter().flat_map(|folder| self.look_through(folder, &folder.path)));
        }
        files
    }

    fn begin(&mut self, at: usize) {
        let folder = &mut self.folders[at];
        let real = fs::canonicalize(&folder.path).unwrap_or_else(|_| folder.real.clone());
        let before = std::mem::replace(&mut folder.real, real);
        let Some(watcher) = &mut self.watcher else { return };
        // Of a folder that was there before, nothing is to be told any more.
        let _ = watcher.unwatch(&before);
        if let Err(error) = watcher.watch(&folder.real, RecursiveMode::Recursive) {
            self.do_without(&error);
        }
    }

    /// Goes on by looking.
    fn do_without(&mut self, error: &notify::Error) {
        if self.look_every.is_none_or(|every| every > LOOK_ANYWAY_EVERY) {
            let seconds = LOOK_ANYWAY_EVERY.as_secs();
            say(format_args!(
                "the system does not tell all that changes ({error}), so it is looked every {seconds} seconds"
            ));
            self.look_every = Some(LOOK_ANYWAY_EVERY);
        }
    }

    /// Takes note of a path of an event, also of one that is gone; of a folder, which may have come with its files, of all in it.
    fn touch(&self, told: &Path, files: &mut Vec<PathBuf>) {
        for folder in &self.folders {
            let Ok(below) = told.strip_prefix(&folder.real) else { continue };
            if is_left_out(&folder.path, below, &self.exclusions) || is_unfinished(below) {
                continue;
            }
            let path = if below.as_os_str().is_empty() { folder.path.clone() } else { folder.path.join(below) };
            match fs::symlink_metadata(&path) {
                Ok(about) if about.is_dir() => files.extend(self.look_through(folder, &path)),
                _ => files.push(path),
            }
        }
    }

    /// The pictures `within` a part of a folder. Patterns are of paths from the folder, so they count only then.
    fn look_through(&self, folder: &Folder, within: &Path) -> Vec<PathBuf> {
        let mut pictures = find(&[within.to_owned()], &[]).pictures;
        let is_wanted = |path: &PathBuf| {
            let below = path.strip_prefix(&folder.path).unwrap_or(path);
            path != within && !is_left_out(&folder.path, below, &self.exclusions) && !is_unfinished(path)
        };
        pictures.retain(is_wanted);
        pictures
    }

    /// Whether a folder is there again, or is another one.
    fn has_come_back(&mut self, at: usize) -> bool {
        let folder = &mut self.folders[at];
        let now = identity(&folder.path);
        if now == folder.identity {
            return false;
        }
        let shown = path_text(&folder.path);
        folder.identity = now;
        if now.is_none() {
            say(format_args!("{shown} is gone; it is watched again once it is back"));
            return false;
        }
        say(format_args!("{shown} is back"));
        self.begin(at);
        true
    }
}

fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|extension| UNFINISHED.iter().any(|one| extension.eq_ignore_ascii_case(one)))
}

fn identity(folder: &Path) -> Option<Identity> {
    let about = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((about.dev(), about.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = about;
        Some((0, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_is_told_it_is_looked_and_the_rules_are_the_same() {
        let dir = std::env::temp_dir().join(format!("tagsmith-folders-{}", std::process::id()));
        fs::create_dir_all(dir.join("sub/raw")).unwrap();
        let exclusions = ["sub/raw".parse().unwrap(), "*.png".parse().unwrap()];
        let every = Some(Duration::ZERO);
        let mut folders = Folders::watch(std::slice::from_ref(&dir), every, exclusions.to_vec()).unwrap();
        folders.watcher = None;
        for name in ["a.jpg", ".b.jpg", "c.jpg.part", "sub/d.jpg", "sub/e.png", "sub/raw/f.jpg"] {
            fs::write(dir.join(name), b"\xFF\xD8\xFF").unwrap();
        }
        let wanted = ["a.jpg", "sub/d.jpg"].map(|name| dir.join(name));
        let mut found = folders.touched();
        found.sort();
        found.dedup();
        assert_eq!(found, wanted);
        // The same of what is told, of a part and of the whole.
        let mut told = Vec::new();
        let real = fs::canonicalize(&dir).unwrap();
        for path in ["sub/raw/f.jpg", "sub/raw", "sub", ".b.jpg", "gone.jpg", "a.jpg"] {
            folders.touch(&real.join(path), &mut told);
        }
        folders.touch(Path::new("/elsewhere/x.jpg"), &mut told);
        told.sort();
        assert_eq!(told, [&wanted[..1], &[dir.join("gone.jpg")], &wanted[1..]].concat());
        assert!(Folders::watch(&[dir.join("a.jpg")], None, Vec::new()).is_err());
        fs::remove_dir_all(dir).unwrap();
    }
}
