//! Sorts one picture after the other, as their reports come.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tagsmith::session::{TagReport, TaggedReport, folder_name};
use tagsmith::{Limits, printable, sha256};

use crate::output::{standard_output, unchanged};
use crate::path_text::path_text;
use crate::say::{count, say};
use crate::sort::args::SortArgs;
use crate::sort::journal::{Entry, How, Journal, NAME};
use crate::sort::placing::{There, names, place, there};
use crate::source::read_again;

/// Puts pictures into the folders of their tags.
pub struct Sorter {
    folder: PathBuf,
    how: How,
    limits: Limits,
    is_dry: bool,
    /// From the first picture on.
    journal: Option<Journal>,
    /// Says what is done, unless there are reports.
    out: Option<Box<dyn Write>>,
    /// What a dry run would have put where, with its hash.
    planned: HashMap<PathBuf, String>,
    folders: BTreeSet<String>,
    n_placed: usize,
    n_there: usize,
    n_untagged: usize,
    /// Number of pictures that stay where they are although they have a tag.
    pub n_refused: usize,
}

impl Sorter {
    /// None unless the arguments ask for it. `says`: standard output is free.
    ///
    /// # Errors
    /// A sentence, if the folder cannot be written into.
    pub fn new(args: &SortArgs, limits: Limits, says: bool) -> Result<Option<Self>, String> {
        let Some(folder) = args.sort_into.clone() else { return Ok(None) };
        let cannot = |error: io::Error| {
            format!("Nothing can be sorted into {}: {error}. Choose another folder.", path_text(&folder))
        };
        if !args.dry_run {
            fs::create_dir_all(&folder).map_err(cannot)?;
        }
        let how = match args {
            SortArgs { moves: true, .. } => How::Move,
            SortArgs { link: true, .. } => How::Link,
            _ => How::Copy,
        };
        let out = says.then(standard_output);
        let (planned, folders) = Default::default();
        Ok(Some(Self {
            folder,
            how,
            limits,
            is_dry: args.dry_run,
            journal: None,
            out,
            planned,
            folders,
            n_placed: 0,
            n_there: 0,
            n_untagged: 0,
            n_refused: 0,
        }))
    }

    /// Sorts a picture by its report. One without a tag stays where it is.
    ///
    /// # Errors
    /// Those of the output and of the journal: what is not written down is not done.
    pub fn take(&mut self, picture: &Path, report: &TagReport) -> io::Result<()> {
        let report = match report {
            TagReport::Tagged(report) => report,
            TagReport::Failed { path, error, .. } => {
                if self.out.is_some() {
                    say(format_args!("{path}: {} ({})", error.detail, error.code));
                }
                return Ok(());
            }
        };
        let Some(tag) = surest(report) else {
            self.n_untagged += 1;
            return self.tell(format_args!("{} has no tag and stays", path_text(picture)));
        };
        let name = folder_name(&tag);
        match self.sort(picture, report, &self.folder.join(&name)) {
            Ok(Some((path, is_new))) => {
                let (from, to) = (path_text(picture), path_text(&path));
                if is_new {
                    self.n_placed += 1;
                    self.folders.insert(name);
                    let verb = match (self.how, !self.is_dry) {
                        (How::Copy, true) => "copied",
                        (How::Move, true) => "moved",
                        (How::Link, true) => "linked",
                        (How::Copy, false) => "would copy",
                        (How::Move, false) => "would move",
                        (How::Link, false) => "would link",
                    };
                    self.tell(format_args!("{verb} {from} to {to}"))
                } else {
                    self.n_there += 1;
                    self.tell(format_args!("{from} is there already: {to}"))
                }
            }
            Ok(None) => self.refuse(picture, "there are too many pictures of its name in the folder of its tag"),
            Err(Trouble::Refused(reason)) => self.refuse(picture, &reason),
            Err(Trouble::Fatal(error)) => Err(error),
        }
    }

    fn sort(
        &mut self,
        picture: &Path,
        report: &TaggedReport,
        folder: &Path,
    ) -> Result<Option<(PathBuf, bool)>, Trouble> {
        let is_link = fs::symlink_metadata(picture).is_ok_and(|about| about.is_symlink());
        if is_link && self.how == How::Move {
            return Err(Trouble::Refused("it is a link to a picture elsewhere, which is not moved".to_owned()));
        }
        let content = read_again(picture, &self.limits).and_then(|content| unchanged(content, &report.facts.sha256));
        let content = content.map_err(|error| Trouble::Refused(error.detail().to_owned()))?;
        let hash = sha256(&content);
        let name = picture.file_name().unwrap_or_default();
        let refused = |error: io::Error| Trouble::Refused(error.to_string());
        for path in names(folder, Path::new(name)) {
            match (self.planned.get(&path), there(&path, &content, &hash).map_err(refused)?) {
                (Some(planned), _) if *planned == hash => return Ok(Some((path, false))),
                (None, There::Same) => {
                    if self.how == How::Move && !self.is_dry {
                        finish_move(picture, &path).map_err(refused)?;
                    }
                    return Ok(Some((path, false)));
                }
                (Some(_), _) | (_, There::Other) => continue,
                (None, There::Nothing) => {}
            }
            if self.is_dry {
                self.planned.insert(path.clone(), hash);
                return Ok(Some((path, true)));
            }
            fs::create_dir_all(folder).map_err(refused)?;
            let to = path.strip_prefix(&self.folder).unwrap_or(&path).to_owned();
            let from = std::path::absolute(picture).map_err(refused)?;
            let entry = Entry { how: self.how, from, to, sha256: hash.clone() };
            self.write_down(&entry).map_err(Trouble::Fatal)?;
            match place(self.how, picture, &content, &path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Err(Trouble::Fatal(error)),
                Err(error) => return Err(Trouble::Refused(error.to_string())),
                Ok(()) => return Ok(Some((path, true))),
            }
        }
        Ok(None)
    }

    fn write_down(&mut self, entry: &Entry) -> io::Result<()> {
        let journal = match self.journal.take() {
            Some(journal) => journal,
            None => Journal::open(&self.folder)?,
        };
        self.journal.insert(journal).add(entry)
    }

    fn refuse(&mut self, picture: &Path, reason: &str) -> io::Result<()> {
        self.n_refused += 1;
        say(format_args!("{} stays where it is: {reason}", path_text(picture)));
        Ok(())
    }

    fn tell(&mut self, sentence: std::fmt::Arguments<'_>) -> io::Result<()> {
        let Some(out) = &mut self.out else { return Ok(()) };
        writeln!(out, "{}", printable(&sentence.to_string()))?;
        out.flush()
    }

    /// Says what was done, and how it is taken back.
    pub fn say(&self) {
        if !self.is_dry && self.journal.is_none() {
            // If it was made for nothing; one with anything in it stays.
            let _ = fs::remove_dir(&self.folder);
        }
        let pictures = count(self.n_placed, "picture", "pictures");
        let folders = count(self.folders.len(), "folder", "folders");
        let shown = path_text(&self.folder);
        let verb = if self.is_dry { "would be sorted" } else { "sorted" };
        let rest = [
            (self.n_there, "is there already", "are there already"),
            (self.n_untagged, "has no tag and stays", "have no tag and stay"),
            (self.n_refused, "could not be sorted", "could not be sorted"),
        ];
        let rest = rest.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| format!("; {}", count(*n, one, many)));
        say(format_args!("{pictures} {verb} into {folders} of {shown}{}", rest.collect::<String>()));
        if self.n_placed > 0 && !self.is_dry {
            say(format_args!("{NAME} in it has what was done; to take it back: tagsmith unsort {shown}"));
        }
    }
}

/// Why a picture is not sorted.
enum Trouble {
    /// This one, for a reason.
    Refused(String),
    /// No more can be.
    Fatal(io::Error),
}

/// The name of the tag with the highest confidence, the first of equals.
fn surest(report: &TaggedReport) -> Option<String> {
    let surer = |tag: &&tagsmith::session::ReportTag, other: &&tagsmith::session::ReportTag| {
        tag.confidence.total_cmp(&other.confidence)
    };
    report.tags.iter().rev().max_by(surer).map(|tag| tag.name.clone())
}

/// A move that was ended in its middle has left two names of one file: the first one goes. Else what is there is another copy, and the
/// picture stays.
fn finish_move(picture: &Path, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (one, other) = (fs::symlink_metadata(picture)?, fs::symlink_metadata(path)?);
        let is_one_file = (one.dev(), one.ino()) == (other.dev(), other.ino());
        if is_one_file && one.nlink() > 1 && fs::canonicalize(picture)? != fs::canonicalize(path)? {
            return fs::remove_file(picture);
        }
    }
    #[cfg(not(unix))]
    let _ = (picture, path);
    Ok(())
}
