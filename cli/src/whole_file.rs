//! Files that are there whole or not at all, whatever happens while they are written.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

/// Replaces a file as a whole: whatever happens meanwhile, it is the old one or the new one.
///
/// # Errors
/// Those of the system.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let (written, mut file) = begin(path)?;
    let kept = file.write_all(content).and_then(|()| file.sync_all());
    drop(file);
    kept.and_then(|()| fs::rename(&written, path)).inspect_err(|_| _ = fs::remove_file(&written))
}

/// Makes a file, never over another one. `finish` is given it before it gets its name; where that fails there is no file.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if something is there, which is left as it is; those of the system.
pub fn put_new(path: &Path, content: &[u8], finish: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    let (written, mut file) = begin(path)?;
    let write = || {
        file.write_all(content)?;
        finish(&file)?;
        drop(file);
        match fs::hard_link(&written, path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            Err(_) if fs::symlink_metadata(path).is_ok() => Err(ErrorKind::AlreadyExists.into()),
            // A disk without links.
            Err(_) => fs::rename(&written, path),
            Ok(()) => Ok(()),
        }
    };
    let put = write();
    let _ = fs::remove_file(&written);
    put
}

/// A new file beside another one. Hidden, so that what a kill leaves behind is no picture to anybody; and never one that is there: that may
/// be a second name of a picture, of a process of the same number that was killed before it took it off.
fn begin(path: &Path) -> io::Result<(PathBuf, File)> {
    for n in 0.. {
        let written = path.with_file_name(format!(".tagsmith-{}-{n}", process::id()));
        match File::options().write(true).create_new(true).open(&written) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            file => return Ok((written, file?)),
        }
    }
    unreachable!("there are more numbers than files")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_never_put_over_another_one_and_nothing_is_left_beside_it() {
        let folder = std::env::temp_dir().join(format!("tagsmith-whole-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("x".repeat(250));
        // What a killed process of this number has left is a second name of a picture.
        let picture = folder.join("picture");
        fs::write(&picture, b"whole").unwrap();
        let left = folder.join(format!(".tagsmith-{}-0", process::id()));
        fs::hard_link(&picture, &left).unwrap();
        put_new(&path, b"first", |_| Ok(())).unwrap();
        assert_eq!(fs::read(&picture).unwrap(), b"whole");
        fs::remove_file(picture).and_then(|()| fs::remove_file(left)).unwrap();
        assert_eq!(put_new(&path, b"second", |_| Ok(())).unwrap_err().kind(), ErrorKind::AlreadyExists);
        let full = |_: &File| Err(io::Error::from(ErrorKind::StorageFull));
        assert_eq!(put_new(&folder.join("other"), b"x", full).unwrap_err().kind(), ErrorKind::StorageFull);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        replace(&path, b"third").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
        assert!(replace(&folder, b"a folder").is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
