//! The files that are written by hand.

use crate::process::root;
use crate::workspace::relative;
use std::fs;
use std::path::Path;

pub struct Source {
    /// From the repository's root.
    pub file: String,
    pub text: String,
}

/// Folders of others' code and of what is made.
const NOT_OURS: [&str; 4] = ["node_modules", "vendor", "target", ".venv"];

/// Reads the files with one of some extensions in some folders and below, in the order of their names.
pub fn read(folders: &[&str], extensions: &[&str]) -> Vec<Source> {
    let mut sources = Vec::new();
    folders.iter().for_each(|folder| add(&root().join(folder), extensions, &mut sources));
    sources.sort_by(|one, other| one.file.cmp(&other.file));
    sources
}

fn add(folder: &Path, extensions: &[&str], sources: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if !NOT_OURS.iter().any(|not| name == *not) {
                add(&path, extensions, sources);
            }
        } else if path.extension().is_some_and(|own| extensions.iter().any(|extension| own == *extension))
            && let Ok(text) = fs::read_to_string(&path)
        {
            sources.push(Source { file: relative(&path), text });
        }
    }
}
