//! What was sorted where: a line of JSON in the sorted folder before anything is done, so that it can be taken back even after a crash.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use tagsmith::model::read_file;

use crate::path_text::{path_of_text, path_text};
use crate::whole_file::replace;

/// Its name in the sorted folder.
pub const NAME: &str = "tagsmith-sorted.jsonl";

/// More than anybody sorts.
const MAX_BYTES: u64 = 1 << 30;

/// How a picture got into its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Copy,
    Move,
    Link,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub how: How,
    /// Absolute.
    pub from: PathBuf,
    /// In the sorted folder.
    pub to: PathBuf,
    /// Of the picture.
    pub sha256: String,
}

/// As it is written: paths as texts, in which every name of every system has room.
#[derive(Serialize, Deserialize)]
struct Line {
    how: How,
    from: String,
    to: String,
    sha256: String,
}

/// The journal of a folder, to be added to.
#[derive(Debug)]
pub struct Journal {
    file: File,
}

impl Journal {
    /// # Errors
    /// Those of the system.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let mut file = File::options().create(true).append(true).read(true).open(folder.join(NAME))?;
        // What was cut off in the middle of a line would spoil the next one.
        if !ends_a_line(&mut file)? {
            file.write_all(b"\n")?;
        }
        Ok(Self { file })
    }

    /// # Errors
    /// Those of the system.
    pub fn add(&mut self, entry: &Entry) -> io::Result<()> {
        self.file.write_all(line(entry).as_bytes())?;
        self.file.sync_data()
    }
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    use std::io::{Read, Seek, SeekFrom};
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

fn line(Entry { how, from, to, sha256 }: &Entry) -> String {
    let line = Line { how: *how, from: path_text(from), to: path_text(to), sha256: sha256.clone() };
    serde_json::to_string(&line).expect("strings are JSON") + "\n"
}

/// The entries of a folder's journal, in their order; none where there is no journal. A line that was cut off is left out, and so is one that
/// leads out of the folder: nobody but a stranger has written it.
///
/// # Errors
/// Those of the system.
pub fn read(folder: &Path) -> io::Result<Vec<Entry>> {
    let text = match read_file(&folder.join(NAME), MAX_BYTES) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => String::from_utf8_lossy(&text?).into_owned(),
    };
    let entry = |line: &str| {
        let Line { how, from, to, sha256 } = serde_json::from_str(line).ok()?;
        let (from, to) = (path_of_text(&from)?, path_of_text(&to)?);
        let stays = to.components().all(|part| matches!(part, Component::Normal(_))) && from.is_absolute();
        stays.then_some(Entry { how, from, to, sha256 })
    };
    Ok(text.lines().filter_map(entry).collect())
}

/// Keeps these entries and no others; without any there is no journal.
///
/// # Errors
/// Those of the system.
pub fn keep(folder: &Path, entries: &[Entry]) -> io::Result<()> {
    let path = folder.join(NAME);
    if entries.is_empty() {
        return fs::remove_file(path);
    }
    replace(&path, entries.iter().map(line).collect::<String>().as_bytes())
}
