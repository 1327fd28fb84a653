//! The bytes of what was named: a file, a pipe or standard input. Never more than the limit, and nothing that can go on for ever.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tagsmith::model::read_file;
use tagsmith::{Error, ErrorKind, Limits, Result};

use crate::path_text::path_text;

/// How long a pipe that was named may keep silent.
const PATIENCE: Duration = Duration::from_secs(5);
const CHUNK_BYTES: usize = 64 << 10;

/// "-", as in other programs; a file of that name is "./-".
pub fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// # Errors
/// [`ErrorKind::FileUnreadable`], [`ErrorKind::PictureFileTooLarge`].
pub fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let most = limits.max_file_bytes;
    let content: Vec<u8> = if is_standard_input(path) {
        read_all(io::stdin(), most).map_err(|error| unreadable(path, error))
    } else {
        let about = fs::metadata(path).map_err(|error| unreadable(path, error))?;
        match kind(about.file_type()) {
            Kind::File => {
                limits.check_file(about.len())?;
                read_file(path, most).map_err(|error| unreadable(path, error))
            }
            Kind::Pipe => read_pipe(path, most),
            Kind::Other(kind) => {
                let shown = path_text(path);
                let detail = format!("{shown} is a {kind}, not a file. Name a file, or - for standard input.");
                Err(Error::new(ErrorKind::FileUnreadable, detail))
            }
        }
    }?;
    if content.len() as u64 > most {
        // It came through a pipe, or grew since it was measured: nobody knows how much there is.
        let mib = most as f64 / f64::from(1 << 20);
        let detail = format!("There is more than the limit of {mib:.1} MiB. Save it smaller, or raise the limit.");
        return Err(Error::new(ErrorKind::PictureFileTooLarge, detail));
    }
    Ok(content)
}

/// Reads a file that was read before.
///
/// # Errors
/// [`ErrorKind::KeywordsNotWritable`] if it was no file, or is gone.
pub fn read_again(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let no_copy = |detail: String| Error::new(ErrorKind::KeywordsNotWritable, detail);
    let is_file = !is_standard_input(path) && fs::metadata(path).map_or(true, |about| about.is_file());
    if !is_file {
        return Err(no_copy(
            "What comes through a pipe is read once, so it cannot be copied. Save it as a file.".into(),
        ));
    }
    read(path, limits).map_err(|error| no_copy(error.detail().to_owned()))
}

enum Kind {
    File,
    Pipe,
    Other(&'static str),
}

fn kind(of: FileType) -> Kind {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if of.is_fifo() {
            return Kind::Pipe;
        } else if of.is_socket() {
            return Kind::Other("socket");
        }
    }
    match of {
        of if of.is_file() => Kind::File,
        of if of.is_dir() => Kind::Other("folder"),
        _ => Kind::Other("device"),
    }
}

fn read_all(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut content)?;
    Ok(content)
}

/// Reads a pipe by a thread of its own: already opening one waits until somebody writes, perhaps for ever.
fn read_pipe(path: &Path, most: u64) -> Result<Vec<u8>> {
    let (sender, chunks) = mpsc::channel();
    let opened = path.to_owned();
    let read_chunks = move || {
        let mut pipe = File::open(opened).map(|pipe| pipe.take(most.saturating_add(1)));
        loop {
            let chunk = pipe.as_mut().map_err(|error| io::Error::from(error.kind())).and_then(|pipe| {
                let mut chunk = vec![0; CHUNK_BYTES];
                pipe.read(&mut chunk).map(|n| chunk[..n].to_vec())
            });
            let is_last = chunk.as_ref().map_or(true, Vec::is_empty);
            if sender.send(chunk).is_err() || is_last {
                break;
            }
        }
    };
    thread::Builder::new().spawn(read_chunks).map_err(|error| unreadable(path, error))?;
    let silent = |_| {
        let (shown, seconds) = (path_text(path), PATIENCE.as_secs());
        let detail = format!(
            "{shown} is a pipe, and nothing came through it for {seconds} seconds. Write into it, or read from standard input \
             with -, which waits."
        );
        Error::new(ErrorKind::FileUnreadable, detail)
    };
    let mut content = Vec::new();
    loop {
        let chunk = chunks.recv_timeout(PATIENCE).map_err(silent)?.map_err(|error| unreadable(path, error))?;
        if chunk.is_empty() {
            return Ok(content);
        }
        content.extend(chunk);
    }
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    let detail = format!("{} cannot be read: {error}. Check the path and your permissions.", path_text(path));
    Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
}
