//! `tagsmith unsort DIR`: takes back what the journal of a sorted folder says, the last first. Nothing is lost by it: a copy goes only while
//! the picture it is of is there, and nothing is overwritten.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tagsmith::model::read_file;
use tagsmith::picture::PictureFormat;
use tagsmith::{printable, sha256};

use crate::exit;
use crate::left_out::is_hidden;
use crate::path_text::path_text;
use crate::say::{count, say};
use crate::sort::args::UnsortArgs;
use crate::sort::journal::{Entry, How, NAME, keep, read};
use crate::sort::placing::place;

/// No picture is larger (--max-file).
const MAX_BYTES: u64 = 4 << 30;

/// What becomes of an entry.
enum Step {
    /// It was never done, or is taken back already.
    Nothing,
    Remove,
    MoveBack,
    /// It cannot be taken back, for a reason.
    Leave(String),
}

pub fn run(args: &UnsortArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let (folder, shown) = (&args.folder, path_text(&args.folder));
    let entries =
        read(folder).map_err(|error| format!("{NAME} in {shown} cannot be read: {error}. Check the path."))?;
    if entries.is_empty() {
        return Err(
            format!("{shown} has no {NAME}, so nothing was sorted into it. Name the folder of --sort-into.").into()
        );
    }
    let mut left = Vec::new();
    let mut n_done = 0;
    let mut out = io::stdout().lock();
    for entry in entries.iter().rev() {
        let to = folder.join(&entry.to);
        let (from_text, to_text) = (path_text(&entry.from), path_text(&to));
        let step = match step(entry, &to) {
            Ok(step) if args.dry_run => step,
            Ok(step) => take(step, entry, &to),
            Err(error) => Step::Leave(error.to_string()),
        };
        let said = match (&step, args.dry_run) {
            (Step::Nothing, _) => continue,
            (Step::Leave(reason), _) => {
                say(format_args!("{to_text} is left: {reason}"));
                left.push(entry.clone());
                continue;
            }
            (Step::Remove, false) => format!("removed {to_text}"),
            (Step::Remove, true) => format!("would remove {to_text}"),
            (Step::MoveBack, false) => format!("moved {to_text} back to {from_text}"),
            (Step::MoveBack, true) => format!("would move {to_text} back to {from_text}"),
        };
        n_done += 1;
        // Nobody has to listen: what was begun is taken back whole.
        let _ = writeln!(out, "{}", printable(&said));
    }
    if !args.dry_run {
        left.reverse();
        keep(folder, &left)?;
        remove_empty_folders(folder, &entries);
    }
    let verb = if args.dry_run { "would be taken back" } else { "taken back" };
    let rest = if left.is_empty() { String::new() } else { format!("; {} left", left.len()) };
    say(format_args!("{} {verb}{rest}", count(n_done, "picture", "pictures")));
    Ok(ExitCode::from(if left.is_empty() { 0 } else { exit::SOME_FAILED }))
}

/// # Errors
/// Those of reading the files.
fn step(Entry { how, from, sha256: hash, .. }: &Entry, to: &Path) -> io::Result<Step> {
    let content = |path: &Path| match read_file(path, MAX_BYTES) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        content => content.map(Some),
    };
    let Some(sorted) = content(to)? else { return Ok(Step::Nothing) };
    if sha256(&sorted) != *hash {
        return Ok(Step::Leave("it has changed since".to_owned()));
    }
    let original = content(from)?.map(|original| sha256(&original));
    let shown = path_text(from);
    if original.is_some() && fs::canonicalize(from)? == fs::canonicalize(to)? {
        return Ok(Step::Leave(format!("{shown} is this very file")));
    }
    Ok(match (how, original) {
        // Also a move that was ended in its middle: both names are there.
        (_, Some(original)) if original == *hash => Step::Remove,
        (How::Move, None) if !is_name_of_picture(from, to) || PictureFormat::sniff(&sorted).is_none() => {
            Step::Leave(format!("{shown} is no name for it, so the journal may have been changed. Move it yourself"))
        }
        (How::Move, None) => Step::MoveBack,
        (How::Move, Some(_)) => Step::Leave(format!("{shown} is another picture by now")),
        (How::Copy | How::Link, _) => {
            Step::Leave(format!("{shown} is no longer the same picture, so this one may be the last"))
        }
    })
}

/// A journal of a stranger's folder may name any place, but brings nothing there that is run or read as settings: such a file may well begin
/// as a picture does.
fn is_name_of_picture(from: &Path, to: &Path) -> bool {
    let is_hidden_file = from.file_name().is_some_and(|name| is_hidden(&name.to_string_lossy()));
    from.extension() == to.extension() && !is_hidden_file && (from.extension().is_some() || !is_program(to))
}

fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

fn take(step: Step, Entry { from, .. }: &Entry, to: &Path) -> Step {
    let done = match &step {
        Step::Remove => fs::remove_file(to),
        Step::MoveBack => fs::create_dir_all(from.parent().unwrap_or(Path::new("")))
            .and_then(|()| read_file(to, MAX_BYTES))
            .and_then(|content| place(How::Move, to, &content, from)),
        Step::Nothing | Step::Leave(_) => Ok(()),
    };
    done.map_or_else(|error| Step::Leave(error.to_string()), |()| step)
}

/// Those that were sorted into, if nothing else is in them.
fn remove_empty_folders(folder: &Path, entries: &[Entry]) {
    let mut folders: Vec<PathBuf> = entries.iter().filter_map(|entry| Some(folder.join(entry.to.parent()?))).collect();
    folders.sort();
    folders.dedup();
    for one in folders.into_iter().filter(|one| one != folder) {
        // One with anything in it is not removed by this.
        let _ = fs::remove_dir(one);
    }
    let _ = fs::remove_dir(folder);
}
