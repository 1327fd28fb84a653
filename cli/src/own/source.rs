//! Tagged pictures as people keep them: a folder a tag, a table beside its pictures, or an archive.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tagsmith::model::read_file;
use tagsmith::train::import::{Archive, Document, Entry, ImportPlan, Reason, TagSource, documents, plan};
use tagsmith::{Error, ErrorKind, Limits, Result};
use walkdir::{DirEntry, WalkDir};

use crate::left_out::{is_hidden, is_system_folder};
use crate::own::embedding::{Content, Pictures};
use crate::path_text::path_text;
use crate::say::{count, say};
use crate::source::read;

/// How many names are said of files that are left out.
const N_NAMED: usize = 3;
/// Folders that part a set.
const PARTS: [&str; 8] = ["train", "training", "val", "valid", "validation", "test", "testing", "eval"];
/// So many folders around all are looked into for them.
const MAX_DEPTH: usize = 32;

/// Pictures, with the names of the tags that are right.
pub struct Source {
    pub plan: ImportPlan,
    entries: Vec<Entry>,
    content: Files,
}

enum Files {
    /// As long as the entries.
    Folder(Vec<PathBuf>),
    Archive(Mutex<Archive<BufReader<File>>>),
}

impl Source {
    /// Finds the pictures and their tags; reads no picture yet.
    ///
    /// # Errors
    /// [`ErrorKind::FileUnreadable`], and those of [`plan`] and [`Archive`].
    pub fn open(path: &Path) -> Result<Self> {
        let is_dir = fs::metadata(path).map_err(|error| unreadable(path, error))?.is_dir();
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            _ if is_dir => Self::of_folder(path, None),
            Some("csv" | "tsv") => Self::of_folder(path.parent().unwrap_or(Path::new("")), Some(path)),
            _ => Self::of_archive(path),
        }
    }

    /// `table`: the file in the folder that says the tags.
    fn of_folder(folder: &Path, table: Option<&Path>) -> Result<Self> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let (mut entries, mut files) = (Vec::new(), Vec::new());
        let is_wanted = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !(is_hidden(&name) || entry.file_type().is_dir() && is_system_folder(&name))
        };
        for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_wanted) {
            let entry = entry.map_err(|error| {
                let at = error.path().unwrap_or(folder).to_owned();
                unreadable(&at, error.into())
            })?;
            // A link to a file is followed, and one to a folder is not, as by `tag`.
            let about = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file);
            let Some(about) = about else { continue };
            let below = path_text(entry.path().strip_prefix(folder).unwrap_or(entry.path()));
            entries.push(Entry { path: below.replace(MAIN_SEPARATOR, "/"), bytes: about.len() });
            files.push(entry.into_path());
        }
        let wanted = match table {
            None => documents(&entries),
            Some(table) => {
                let place = files
                    .iter()
                    .position(|file| file.file_name() == table.file_name() && file.parent() == Some(folder));
                place.map(|place| place as u32).into_iter().collect()
            }
        };
        let content = |entry: u32| {
            let (file, most) = (&files[entry as usize], entries[entry as usize].bytes);
            read_file(file, most).map_err(|error| unreadable(file, error))
        };
        let documents = match table {
            None => readable(wanted, &entries, content),
            // The person has named this one.
            Some(_) => {
                let document = |entry: u32| Ok(Document { entry, bytes: content(entry)? });
                wanted.into_iter().map(document).collect::<Result<Vec<_>>>()?
            }
        };
        let shown = path_text(&folder.canonicalize().unwrap_or_else(|_| folder.to_owned()));
        let name = table.map_or(shown, path_text);
        let plan = plan(&name, &entries, &documents, table.map(|_| TagSource::Table))?;
        Ok(Self { plan, entries, content: Files::Folder(files) })
    }

    fn of_archive(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|error| unreadable(path, error))?;
        let mut archive = Archive::open(BufReader::new(file))?;
        let entries = archive.entries().to_vec();
        let content = |entry: u32| archive.read(entry as usize, entries[entry as usize].bytes);
        let documents = readable(documents(&entries), &entries, content);
        let plan = plan(&path_text(path), &entries, &documents, None)?;
        Ok(Self { plan, entries, content: Files::Archive(Mutex::new(archive)) })
    }

    /// The paths of the plan's pictures.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        (0..self.n()).map(|picture| self.path(picture).to_owned())
    }

    /// Folders that part the set, such as "train" and "val", all of which are taken.
    fn parts(&self) -> BTreeSet<String> {
        let folders = |path: String| {
            let mut folders: Vec<String> = path.split('/').map(str::to_lowercase).collect();
            folders.pop();
            folders
        };
        let all: Vec<Vec<String>> = self.paths().map(folders).collect();
        for depth in 0..MAX_DEPTH {
            let names: Option<BTreeSet<&String>> = all.iter().map(|folders| folders.get(depth)).collect();
            match names {
                Some(names) if names.len() < 2 => {}
                Some(names) if names.iter().all(|name| PARTS.contains(&name.as_str())) => {
                    return names.into_iter().cloned().collect();
                }
                _ => break,
            }
        }
        BTreeSet::new()
    }

    /// Says which files are not taken, and which are that somebody may have meant to keep apart.
    pub fn say(&self) {
        let parts = if self.plan.source == TagSource::Folders { self.parts() } else { BTreeSet::new() };
        if !parts.is_empty() {
            let names = parts.into_iter().collect::<Vec<_>>().join(", ");
            say(format_args!("taken together: {names}. Name one of these folders to keep the others apart."));
        }
        for left_out in &self.plan.left_out {
            let (one, many) = match left_out.reason {
                Reason::NoTag => ("picture has no tag", "pictures have no tag"),
                Reason::Missing => ("named picture is not there", "named pictures are not there"),
                Reason::UnsafePath => ("path leaves the folder", "paths leave the folder"),
                Reason::SamePath => ("path is there twice", "paths are there twice"),
            };
            let names: Vec<&str> = left_out.paths.iter().take(N_NAMED).map(String::as_str).collect();
            let more = if left_out.n as usize > names.len() { " …" } else { "" };
            say(format_args!("left out: {}: {}{more}", count(left_out.n as usize, one, many), names.join(", ")));
        }
    }
}

/// Those of the plan.
impl Pictures for Source {
    fn n(&self) -> usize {
        self.plan.pictures.len()
    }

    /// Below the folder or in the archive.
    fn path(&self, picture: usize) -> &str {
        &self.entries[self.plan.pictures[picture].entry as usize].path
    }

    fn read(&self, picture: usize, limits: &Limits) -> Result<Content> {
        let entry = self.plan.pictures[picture].entry as usize;
        let file = match &self.content {
            Files::Folder(files) => read(&files[entry], limits)?,
            Files::Archive(archive) => {
                limits.check_file(self.entries[entry].bytes)?;
                archive.lock().unwrap_or_else(PoisonError::into_inner).read(entry, limits.max_file_bytes)?
            }
        };
        Ok(Content::File(file))
    }
}

/// The content of those that can be read. What the others would have said is told by the rest, or by none.
fn readable(wanted: Vec<u32>, entries: &[Entry], mut content: impl FnMut(u32) -> Result<Vec<u8>>) -> Vec<Document> {
    let document = |entry: u32| match content(entry) {
        Ok(bytes) => Some(Document { entry, bytes }),
        Err(error) => {
            say(format_args!("left out: {}: {}", entries[entry as usize].path, error.detail()));
            None
        }
    };
    wanted.into_iter().filter_map(document).collect()
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    let detail = format!("{} cannot be read: {error}. Check the path and your permissions.", path_text(path));
    Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
}
