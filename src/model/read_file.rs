//! Files that somebody named: never more of them than is wanted, and nothing that could go on for ever.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// The bytes of a file, at most `most` and one more: whoever gets that one knows that there is more than `most`.
///
/// What is no file (a pipe, a device, a folder) is not read, whatever it was a moment ago: opening waits for nobody, and what was opened is
/// looked at before anything is read.
///
/// # Errors
/// Those of the system, and [`io::ErrorKind::InvalidInput`] if it is no file.
pub fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe, a device or a folder, not a file"));
    }
    let mut content = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut content)?;
    Ok(content)
}

/// A pipe opened otherwise waits until somebody writes.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::process::Command;
    use std::{env, fs, process};

    use super::*;

    #[test]
    fn no_more_is_read_than_wanted_and_nothing_but_files() {
        let dir = env::temp_dir().join(format!("tagsmith-read-file-{}", process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("file"), [7; 100]).unwrap();
        for (most, n) in [(0, 1), (99, 100), (100, 100), (u64::MAX, 100)] {
            assert_eq!(read_file(&dir.join("file"), most).unwrap().len(), n, "{most}");
        }
        assert!(Command::new("mkfifo").arg(dir.join("pipe")).status().unwrap().success());
        symlink("/dev/zero", dir.join("zero.json")).unwrap();
        symlink("file", dir.join("link")).unwrap();
        assert_eq!(read_file(&dir.join("link"), 200).unwrap().len(), 100);
        for odd in [dir.join("pipe"), dir.join("zero.json"), dir.clone()] {
            let error = read_file(&odd, 100).expect_err("it is no file");
            assert!(error.to_string().contains("not a file"), "{}: {error}", odd.display());
        }
        fs::remove_dir_all(dir).unwrap();
    }
}
