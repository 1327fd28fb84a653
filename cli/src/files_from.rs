//! `tag --files-from`: paths from a list, as `find`, `git ls-files` and other programs write them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use tagsmith::{Error, ErrorKind, Result};

use crate::path_text::{path_of_bytes, path_text};
use crate::source::is_standard_input;

/// More than the longest path of any system, in bytes: what has no end is no list.
const MAX_PATH: u64 = 128 << 10;
/// More than any list has: paths are kept, and take more memory than the list.
const MAX_BYTES: u64 = 1 << 30;
const MAX_PATHS: usize = 10_000_000;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Tag the files and folders that a list names as well, one a line; - reads the list from standard input. It is read to its end first
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,

    /// NUL ends a path of the list, as `find -print0` writes it, so that names may hold line feeds
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
}

impl ListArgs {
    /// `named`, and then what is listed, in its order: paths as they are, relative to the current folder. A "-" in a list is a file of that
    /// name.
    ///
    /// # Errors
    /// [`ErrorKind::FileUnreadable`], with the number of the entry that cannot be a path.
    pub fn after(&self, named: &[PathBuf]) -> Result<Vec<PathBuf>> {
        let Some(list) = &self.files_from else { return Ok(named.to_vec()) };
        let (name, end) = (path_text(list), if self.null { b'\0' } else { b'\n' });
        let listed = if is_standard_input(list) {
            if named.iter().any(|path| is_standard_input(path)) {
                let detail = "Standard input cannot be a list and a picture at once. Save one of them as a file.";
                return Err(Error::new(ErrorKind::FileUnreadable, detail));
            }
            read(io::stdin().lock(), end, "standard input")
        } else {
            File::open(list)
                .map_err(|error| unreadable(&name, &error))
                .and_then(|file| read(BufReader::new(file), end, &name))
        };
        Ok([named, &listed?].concat())
    }
}

fn read(mut from: impl BufRead, end: u8, name: &str) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut n_bytes = 0;
    for number in 1_usize.. {
        let mut entry = Vec::new();
        let n = from.by_ref().take(MAX_PATH).read_until(end, &mut entry).map_err(|error| unreadable(name, &error))?;
        if n == 0 {
            break;
        }
        let wrong = |what: &str| {
            let detail = format!("{name} is no list of paths: entry {number} {what}");
            Error::new(ErrorKind::FileUnreadable, detail)
        };
        n_bytes += n as u64;
        if n_bytes > MAX_BYTES {
            return Err(wrong("is beyond 1 GiB. Divide the list."));
        }
        let mut bytes = &entry[..];
        match bytes.strip_suffix(&[end]) {
            Some(ended) => bytes = ended,
            None if n as u64 == MAX_PATH => return Err(wrong("is longer than any path. Name another file.")),
            // The last need not end.
            None => {}
        }
        if end == b'\n' {
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            if number == 1 {
                bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
            }
        }
        if bytes.contains(&0) {
            return Err(wrong("holds NUL. If NUL separates its paths, add --null."));
        }
        if paths.len() == MAX_PATHS {
            return Err(wrong("is beyond 10 million. Divide the list."));
        }
        if !bytes.is_empty() {
            let path = path_of_bytes(bytes.to_vec()).ok_or_else(|| wrong("is not UTF-8. Save the list as UTF-8."))?;
            paths.push(if is_standard_input(&path) { Path::new(".").join(path) } else { path });
        }
    }
    Ok(paths)
}

fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::new(ErrorKind::FileUnreadable, format!("The list {name} cannot be read: {error}. Check its path."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(list: &[u8], end: u8) -> Vec<PathBuf> {
        read(list, end, "list").unwrap()
    }

    #[test]
    fn lists_of_every_origin_are_read_and_no_name_means_anything_else() {
        let list = "\u{feff}a b.jpg\r\n\n-\n --model \nä/\u{1b}[2J.png\nlast";
        let wanted = ["a b.jpg", "./-", " --model ", "ä/\u{1b}[2J.png", "last"].map(PathBuf::from);
        assert_eq!(paths(list.as_bytes(), b'\n'), wanted);
        assert_eq!(paths(b"a\nb.jpg\0\0c\r\0", b'\0'), ["a\nb.jpg", "c\r"].map(PathBuf::from));
        assert!(paths(b"", b'\n').is_empty());
    }

    #[test]
    fn what_is_no_list_is_refused_with_the_entry() {
        for (list, end, part) in [
            (&b"a\nb\0c\0"[..], b'\n', "entry 2 holds NUL"),
            (&[b'x'; MAX_PATH as usize + 1], b'\n', "entry 1 is longer"),
        ] {
            let error = read(list, end, "list").unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let lines = &b"a\n".repeat(MAX_PATHS + 1)[..];
        assert!(read(lines, b'\n', "list").unwrap_err().to_string().contains("entry 10000001 is beyond 10 million"));
        assert!(read(BufReader::new(io::repeat(b'/')), b'\0', "list").is_err(), "an entry without an end");
    }
}
