//! Finds the files to tag.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use tagsmith::picture::PictureFormat;
use walkdir::WalkDir;

/// Enough to recognise every format by its content.
const HEAD_BYTES: u64 = 1024;
/// A file in a folder with one of these extensions is reported even if it is not a picture.
const EXTENSIONS: [&str; 44] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "bmp", "dib", "tif", "tiff", "ico", "cur", "avif",
    "heic", "heif", "hif", "jxl", "jp2", "j2k", "jpf", "jpx", "psd", "psb", "xcf", "svg",
    // Raw photographs.
    "3fr", "arw", "cr2", "cr3", "crw", "dng", "iiq", "mrw", "nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "srw",
    "x3f",
];

/// The files in `paths`, and the pictures in its folders, recursively and sorted by name. Links inside folders are not followed.
pub fn find(paths: &[PathBuf]) -> FoundPictures {
    let mut found = FoundPictures::default();
    for path in paths {
        if !path.is_dir() {
            found.pictures.push(path.clone());
            continue;
        }
        for entry in WalkDir::new(path).sort_by_file_name() {
            match entry {
                Ok(entry) if !entry.file_type().is_file() => {}
                Ok(entry) if is_picture(entry.path()) => found.pictures.push(entry.into_path()),
                Ok(_) => found.n_others += 1,
                Err(error) => found.unreadable.push(error.to_string()),
            }
        }
    }
    found
}

/// The result of [`find`].
#[derive(Debug, Default)]
pub struct FoundPictures {
    pub pictures: Vec<PathBuf>,
    /// Number of files in folders that are not pictures by name or content.
    pub n_others: usize,
    /// Folders that could not be read, and why.
    pub unreadable: Vec<String>,
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    if extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str())) {
        return true;
    }
    let mut head = Vec::new();
    // A file that cannot be read and does not have a picture's extension is skipped.
    File::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head)).is_ok()
        && PictureFormat::sniff(&head).is_some()
}
