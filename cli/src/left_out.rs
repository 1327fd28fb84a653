//! What is left out of folders, and how that is said.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use glob::{MatchOptions, Pattern, PatternError};

use crate::say::count;

/// Where devices and programs keep their own copies, and what was thrown away. `www/core/left_out_names.js` has the same list
/// (tests/web/node/left_out_names.test.mjs); case makes no difference.
const SYSTEM_FOLDERS: [&str; 10] = [
    "@eaDir",
    "@Recycle",
    "@Recently-Snapshot",
    "#recycle",
    "#snapshot",
    "$RECYCLE.BIN",
    "RECYCLER",
    "System Volume Information",
    "lost+found",
    "__MACOSX",
];

/// What programs hide: `.git`, `.thumbnails`, `.Trash-1000`, `._IMG_0001.JPG`.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

pub fn is_system_folder(name: &str) -> bool {
    SYSTEM_FOLDERS.iter().any(|folder| folder.eq_ignore_ascii_case(name))
}

/// A pattern of `--exclude`: of names, or with a slash of paths.
#[derive(Debug, Clone)]
pub struct Exclusion {
    pattern: Pattern,
    is_of_paths: bool,
}

impl FromStr for Exclusion {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let bare = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
        let pattern = Pattern::new(bare.strip_prefix('/').unwrap_or(bare))?;
        Ok(Self { pattern, is_of_paths: bare.contains('/') })
    }
}

impl Exclusion {
    /// `below`: the path from the folder that was named on the command line.
    pub fn matches(&self, name: &str, below: &str) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        self.pattern.matches_with(if self.is_of_paths { below } else { name }, options)
    }
}

/// How much was left out, by reason.
#[derive(Debug, Default)]
pub struct LeftOut {
    pub hidden_files: usize,
    pub hidden_folders: usize,
    /// By name.
    pub system_folders: BTreeMap<String, usize>,
    pub excluded: usize,
    pub links_to_folders: usize,
    /// Pipes, sockets and devices.
    pub no_files: usize,
}

impl LeftOut {
    pub fn is_empty(&self) -> bool {
        self.to_string().is_empty()
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut parts = vec![
            (self.hidden_files, "hidden file".to_owned(), "hidden files".to_owned()),
            (self.hidden_folders, "hidden folder".to_owned(), "hidden folders".to_owned()),
        ];
        parts.extend(
            self.system_folders.iter().map(|(name, n)| (*n, format!("folder {name}"), format!("folders {name}"))),
        );
        parts.extend([
            (self.excluded, "excluded".to_owned(), "excluded".to_owned()),
            (self.links_to_folders, "link to a folder".to_owned(), "links to folders".to_owned()),
            (self.no_files, "pipe or device".to_owned(), "pipes or devices".to_owned()),
        ]);
        let parts = parts.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(*n, one, many));
        f.write_str(&parts.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_of_names_anywhere_and_with_a_slash_of_paths_from_the_folder() {
        for (pattern, below, wanted) in [
            ("*.png", "a/b.png", true),
            ("*.png", "a/b.PNG", false),
            ("raw", "trip/raw", true),
            ("raw/", "trip/raw", true),
            ("/raw", "trip/raw", false),
            ("trip/raw", "trip/raw", true),
            ("trip/*", "trip/raw/a.jpg", false),
            ("trip/**/*.jpg", "trip/raw/a.jpg", true),
            ("./trip/[a-c].jpg", "trip/b.jpg", true),
        ] {
            let name = below.rsplit('/').next().unwrap();
            assert_eq!(pattern.parse::<Exclusion>().unwrap().matches(name, below), wanted, "{pattern} {below}");
        }
        assert!("[".parse::<Exclusion>().is_err());
    }

    #[test]
    fn what_was_left_out_is_counted_by_kind() {
        let mut left_out = LeftOut { hidden_files: 3, no_files: 1, ..LeftOut::default() };
        left_out.system_folders.insert("@eaDir".to_owned(), 2);
        assert_eq!(left_out.to_string(), "3 hidden files, 2 folders @eaDir, 1 pipe or device");
        assert!(LeftOut::default().is_empty());
    }
}
