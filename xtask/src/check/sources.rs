//! The source files of the repository.

use crate::process::root;
use crate::workspace::relative;
use std::fs;
use std::path::Path;

pub struct Source {
    /// Relative to the repository's root.
    pub file: String,
    pub text: String,
}

/// Folders with foreign or generated code.
const NOT_OURS: [&str; 4] = ["node_modules", "vendor", "target", ".venv"];

/// Reads all files with one of these extensions in these folders, recursively and sorted by name.
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
