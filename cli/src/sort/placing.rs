//! Puts a file where nothing is: whole or not at all, and never over another one.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tagsmith::sha256;

use crate::sort::journal::How;
use crate::whole_file::put_new;

/// More than anybody has pictures of one name and tag.
const MOST: usize = 100_000;

/// What is at a path.
pub enum There {
    Nothing,
    /// The same picture, or the very file.
    Same,
    Other,
}

/// `content` has `hash`.
pub fn there(path: &Path, content: &[u8], hash: &str) -> io::Result<There> {
    let about = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(There::Nothing),
        about => about?,
    };
    let is_same = about.is_file() && about.len() == content.len() as u64 && sha256(&fs::read(path)?) == hash;
    Ok(if is_same { There::Same } else { There::Other })
}

/// `name`, `name (2)` and so on, in a folder.
pub fn names(folder: &Path, name: &Path) -> impl Iterator<Item = PathBuf> {
    let (stem, extension) = (name.file_stem().unwrap_or_default().to_owned(), name.extension().map(ToOwned::to_owned));
    let (folder, name) = (folder.to_owned(), name.to_owned());
    (1..=MOST).map(move |number| {
        if number == 1 {
            return folder.join(&name);
        }
        let mut numbered = stem.clone();
        numbered.push(format!(" ({number})"));
        if let Some(extension) = &extension {
            numbered.push(".");
            numbered.push(extension);
        }
        folder.join(numbered)
    })
}

/// Puts the picture at `from`, which has `content`, to `to`.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if something is there by now; those of the system. Then the picture is where it was.
pub fn place(how: How, from: &Path, content: &[u8], to: &Path) -> io::Result<()> {
    match how {
        How::Copy => copy(from, content, to),
        How::Link => fs::hard_link(fs::canonicalize(from)?, to),
        How::Move => {
            match fs::hard_link(from, to) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
                // Another disk, or one without links.
                Err(_) => {
                    copy(from, content, to)?;
                    if fs::read(from)? != content {
                        fs::remove_file(to)?;
                        return Err(io::Error::other("it was changed meanwhile"));
                    }
                }
                Ok(()) => {}
            }
            fs::remove_file(from).inspect_err(|_| _ = fs::remove_file(to))
        }
    }
}

/// With the date and the permissions of the picture. A disk that keeps none still has the copy.
fn copy(from: &Path, content: &[u8], to: &Path) -> io::Result<()> {
    let about = fs::metadata(from)?;
    put_new(to, content, |file| {
        let _ = about.modified().and_then(|date| file.set_modified(date));
        let _ = file.set_permissions(about.permissions());
        // Some disks say only now that they are full, and a move deletes the picture next.
        file.sync_all()
    })
}
