//! Finds the files to tag.

use std::fs;
use std::path::{Path, PathBuf};

use tagsmith::model::read_file;
use tagsmith::picture::PictureFormat;
use tagsmith::session::RAW_EXTENSIONS;
use walkdir::{DirEntry, WalkDir};

use crate::left_out::{Exclusion, LeftOut, is_hidden, is_system_folder};
use crate::path_text::path_text;
use crate::say::{count, say};
use crate::source::is_standard_input;

/// Enough to recognise every format by its content.
const HEAD_BYTES: u64 = 1024;
/// A file in a folder with one of these extensions, or that of a raw photograph, is reported even if it is not a picture.
const EXTENSIONS: [&str; 27] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "bmp", "dib", "tif", "tiff", "ico", "cur", "avif",
    "heic", "heif", "hif", "jxl", "jp2", "j2k", "jpf", "jpx", "psd", "psb", "xcf", "svg",
];
/// How many names are said of links that lead nowhere.
const N_NAMED: usize = 3;

/// The files in `paths`, and the pictures in its folders, recursively and sorted by name.
///
/// What is named is taken, whatever it is. In folders, what is hidden or a system's own is left out, links to files are followed, under
/// the link's path, and links to folders are not, as by `find`: they may lead in circles.
pub fn find(paths: &[PathBuf], exclusions: &[Exclusion]) -> FoundPictures {
    let mut found = FoundPictures::default();
    for path in paths {
        if is_standard_input(path) {
            found.pictures.push(path.clone());
        } else if is_excluded(path, path, exclusions) {
            found.left_out.excluded += 1;
        } else if path.is_dir() {
            found.folders.push(path.clone());
            found.walk(path, exclusions);
        } else {
            found.pictures.push(path.clone());
        }
    }
    found
}

/// The result of [`find`].
#[derive(Debug, Default)]
pub struct FoundPictures {
    pub pictures: Vec<PathBuf>,
    /// Those that were named.
    folders: Vec<PathBuf>,
    /// Number of files in folders that are not pictures by name or content.
    n_others: usize,
    left_out: LeftOut,
    /// Links in folders that lead nowhere.
    broken_links: Vec<PathBuf>,
    /// Folders that could not be read, and why.
    unreadable: Vec<String>,
}

impl FoundPictures {
    /// Of what may have been pictures, how much could not even be opened.
    pub fn n_unreadable(&self) -> usize {
        self.unreadable.len() + self.broken_links.len()
    }

    /// Says what will not be tagged.
    pub fn say(&self) {
        for problem in &self.unreadable {
            say(format_args!("cannot read {problem}"));
        }
        if let links @ [_, ..] = &self.broken_links[..] {
            let names: Vec<String> = links.iter().take(N_NAMED).map(|path| path_text(path)).collect();
            let more = if links.len() > N_NAMED { " …" } else { "" };
            let lead = count(links.len(), "link leads", "links lead");
            say(format_args!("{lead} nowhere: {}{more}", names.join(", ")));
        }
        if !self.left_out.is_empty() {
            say(format_args!("left out {}. What is named itself is tagged.", self.left_out));
        }
        if self.n_others > 0 {
            let skipped = count(self.n_others, "file that is not a picture", "files that are not pictures");
            say(format_args!("skipped {skipped}"));
        }
        if self.pictures.is_empty() {
            let folders: Vec<String> = self.folders.iter().map(|path| path_text(path)).collect();
            let place = if folders.is_empty() { String::new() } else { format!(" in {}", folders.join(", ")) };
            say(format_args!("no pictures found{place}"));
        }
    }

    fn walk(&mut self, folder: &Path, exclusions: &[Exclusion]) {
        let mut entries = WalkDir::new(folder).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Err(error) => self.unreadable.push(reason(&error)),
                Ok(entry) if entry.depth() > 0 && self.is_left_out(&entry, folder, exclusions) => {
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) if entry.depth() == 0 || entry.file_type().is_dir() => {}
                Ok(entry) => self.take(entry),
            }
        }
    }

    /// Counts what is left out by its name.
    fn is_left_out(&mut self, entry: &DirEntry, folder: &Path, exclusions: &[Exclusion]) -> bool {
        let name = entry.file_name().to_string_lossy();
        let is_folder = entry.file_type().is_dir();
        let n = if is_excluded(entry.path(), entry.path().strip_prefix(folder).unwrap_or(entry.path()), exclusions) {
            &mut self.left_out.excluded
        } else if is_hidden(&name) {
            if is_folder { &mut self.left_out.hidden_folders } else { &mut self.left_out.hidden_files }
        } else if is_folder && is_system_folder(&name) {
            self.left_out.system_folders.entry(name.into_owned()).or_default()
        } else {
            return false;
        };
        *n += 1;
        true
    }

    fn take(&mut self, entry: DirEntry) {
        let about =
            if entry.path_is_symlink() { fs::metadata(entry.path()) } else { fs::symlink_metadata(entry.path()) };
        let path = entry.into_path();
        match about {
            Ok(about) if about.is_file() && is_picture(&path) => self.pictures.push(path),
            Ok(about) if about.is_file() => self.n_others += 1,
            Ok(about) if about.is_dir() => self.left_out.links_to_folders += 1,
            Ok(_) => self.left_out.no_files += 1,
            Err(_) if has_picture_extension(&path) || path.extension().is_none() => self.broken_links.push(path),
            Err(_) => self.n_others += 1,
        }
    }
}

fn reason(error: &walkdir::Error) -> String {
    match (error.path(), error.io_error()) {
        (Some(path), Some(reason)) => format!("{}: {reason}", path_text(path)),
        _ => error.to_string(),
    }
}

fn is_excluded(path: &Path, below: &Path, exclusions: &[Exclusion]) -> bool {
    if exclusions.is_empty() {
        return false;
    }
    let name = path.file_name().map(|name| path_text(Path::new(name))).unwrap_or_default();
    let below = path_text(below).replace(std::path::MAIN_SEPARATOR, "/");
    exclusions.iter().any(|exclusion| exclusion.matches(&name, &below))
}

/// Whether what is `below` a folder that was named is left out by its name, or by that of a folder on the way to it.
pub fn is_left_out(folder: &Path, below: &Path, exclusions: &[Exclusion]) -> bool {
    let is_one = |part: &Path| {
        let name = part.file_name().unwrap_or_default().to_string_lossy();
        is_hidden(&name) || is_system_folder(&name) || is_excluded(&folder.join(part), part, exclusions)
    };
    below.ancestors().filter(|part| !part.as_os_str().is_empty()).any(is_one)
}

fn has_picture_extension(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| EXTENSIONS.iter().chain(RAW_EXTENSIONS).any(|known| *known == extension))
}

/// Opens files without a picture's extension, so `path` must be a file.
pub fn is_picture(path: &Path) -> bool {
    if has_picture_extension(path) {
        return true;
    }
    // A file that cannot be read and does not have a picture's extension is skipped.
    read_file(path, HEAD_BYTES).is_ok_and(|head| PictureFormat::sniff(&head).is_some())
}
