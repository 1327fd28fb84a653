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
    let written = beside(path);
    let renamed = fs::write(&written, content).and_then(|()| fs::rename(&written, path));
    renamed.inspect_err(|_| _ = fs::remove_file(&written))
}

/// Makes a file, never over another one. `finish` is given it before it gets its name.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if something is there, which is left as it is; those of the system.
pub fn put_new(path: &Path, content: &[u8], finish: impl FnOnce(&File)) -> io::Result<()> {
    let written = beside(path);
    let write = || {
        let mut file = File::create(&written)?;
        file.write_all(content)?;
        finish(&file);
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

/// Hidden, so that what a kill leaves behind is no picture to anybody.
fn beside(path: &Path) -> PathBuf {
    path.with_file_name(format!(".tagsmith-{}", process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_never_put_over_another_one_and_nothing_is_left_beside_it() {
        let folder = std::env::temp_dir().join(format!("tagsmith-whole-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("x".repeat(250));
        put_new(&path, b"first", |_| {}).unwrap();
        assert_eq!(put_new(&path, b"second", |_| {}).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        replace(&path, b"third").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
        assert!(replace(&folder, b"a folder").is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
