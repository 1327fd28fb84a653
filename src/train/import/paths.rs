//! The files of a folder or an archive by their paths, which may be anything.

use std::collections::HashMap;

use super::Entry;

/// Endings of what may be a picture. What it is, its content says later.
const PICTURES: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "bmp", "dib", "tif", "tiff", "ico", "avif", "heic",
    "heif", "hif", "jxl", "cr2", "cr3", "nef", "arw", "dng", "raf", "orf", "rw2", "pef", "srw",
];
/// What systems and programs leave in folders.
const LEFT_BY_SYSTEMS: &[&str] =
    &["__macosx", "@eadir", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information"];

/// A path that stays below the folder.
#[derive(Debug)]
pub struct File {
    /// Folders, then the name.
    parts: Vec<String>,
}

impl File {
    pub fn folders(&self) -> &[String] {
        &self.parts[..self.parts.len() - 1]
    }

    pub fn name(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    pub fn path(&self) -> String {
        self.parts.join("/")
    }

    /// Lower-case, without the dot; empty if it has none.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
    }

    pub fn is_picture(&self) -> bool {
        PICTURES.contains(&self.extension().as_str())
    }
}

/// What becomes of an entry.
#[derive(Debug)]
enum Kind {
    File(File),
    /// A folder, or what a system left there: nobody misses it.
    Nothing,
    /// A path that leaves the folder, or that cannot be one.
    Unsafe,
    /// A path that another entry has.
    Twice,
}

/// The files of a folder or an archive.
pub struct Listing {
    entries: Vec<Kind>,
    /// Place by lower-case path, of files of all kinds.
    by_path: HashMap<String, u32>,
    /// Places by path from its end ([`from_end`]), sorted: files that share their end are neighbours, however many have one name.
    by_end: Vec<(String, u32)>,
}

impl Listing {
    pub fn new(entries: &[Entry]) -> Self {
        let mut listing =
            Self { entries: Vec::with_capacity(entries.len()), by_path: HashMap::new(), by_end: Vec::new() };
        let mut seen = HashMap::with_capacity(entries.len());
        for (place, entry) in (0_u32..).zip(entries) {
            let kind = match kind(&entry.path) {
                Kind::File(file) if seen.insert(file.path(), place).is_some() => Kind::Twice,
                kind => kind,
            };
            if let Kind::File(file) = &kind {
                listing.by_path.entry(file.path().to_lowercase()).or_insert(place);
                listing.by_end.push((from_end(&file.parts), place));
            }
            listing.entries.push(kind);
        }
        listing.by_end.sort_unstable();
        listing
    }

    pub fn files(&self) -> impl Iterator<Item = (u32, &File)> {
        (0_u32..).zip(&self.entries).filter_map(|(place, kind)| match kind {
            Kind::File(file) => Some((place, file)),
            _ => None,
        })
    }

    pub fn pictures(&self) -> impl Iterator<Item = (u32, &File)> {
        self.files().filter(|(_, file)| file.is_picture())
    }

    pub fn has_pictures(&self) -> bool {
        self.pictures().next().is_some()
    }

    pub fn file(&self, place: u32) -> Option<&File> {
        match self.entries.get(place as usize)? {
            Kind::File(file) => Some(file),
            _ => None,
        }
    }

    /// Entries whose path leaves the folder.
    pub fn unsafe_places(&self) -> impl Iterator<Item = u32> {
        self.places_of(|kind| matches!(kind, Kind::Unsafe))
    }

    /// Entries whose path another has.
    pub fn places_of_twins(&self) -> impl Iterator<Item = u32> {
        self.places_of(|kind| matches!(kind, Kind::Twice))
    }

    fn places_of(&self, is_wanted: impl Fn(&Kind) -> bool) -> impl Iterator<Item = u32> {
        (0_u32..).zip(&self.entries).filter_map(move |(place, kind)| is_wanted(kind).then_some(place))
    }

    /// The file that a document means by `written`: beside the document, by its path in the folder, or the only file with that end. Of an
    /// address or a path of another machine, the only file that shares most of its end. `beside`: folders of the document.
    pub fn find(&self, written: &str, beside: &[String]) -> Option<u32> {
        let slashed = written.trim().replace('\\', "/");
        // "https://host/a/b.jpg?x" and "file:///C:/a/b.jpg" end like files.
        let without_query = match slashed.split_once("://") {
            Some((_, rest)) => rest.split(['?', '#']).next().unwrap_or_default(),
            None => slashed.as_str(),
        };
        let parts: Vec<&str> = without_query.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() || parts.contains(&"..") || without_query.contains('\0') {
            return None;
        }
        let path = |folders: &[String]| {
            let all = folders.iter().map(String::as_str).chain(parts.iter().copied());
            all.collect::<Vec<_>>().join("/").to_lowercase()
        };
        let exactly = self.by_path.get(&path(beside)).or_else(|| self.by_path.get(&path(&[])));
        let is_elsewhere = slashed.contains("://") || slashed.starts_with('/') || is_drive(parts[0]);
        exactly.copied().or_else(|| self.with_end(&parts, is_elsewhere))
    }

    /// The only file whose path shares most of its end with `parts`, at least its name. Where a folder is written and this file lies in
    /// another, it is another picture: "cat/1.jpg" is not "dog/1.jpg", except of what `is_elsewhere`, where folders are called otherwise.
    fn with_end(&self, parts: &[&str], is_elsewhere: bool) -> Option<u32> {
        let wanted = from_end(parts);
        let next = self.by_end.partition_point(|(end, _)| *end < wanted);
        // Of all files, those before and after share most; two that share as much stand beside each other.
        let near = &self.by_end[next.saturating_sub(2)..self.by_end.len().min(next + 2)];
        let shared =
            |end: &str| end.split('\0').zip(wanted.split('\0')).take_while(|(ours, theirs)| ours == theirs).count();
        let most = near.iter().map(|(end, _)| shared(end)).max().filter(|most| *most > 0)?;
        let mut best = near.iter().filter(|(end, _)| shared(end) == most);
        let (end, only) = best.next()?;
        let is_all_of_it = most == parts.len() || most > 1 && most == end.split('\0').count();
        (best.next().is_none() && (is_elsewhere || is_all_of_it)).then_some(*only)
    }
}

/// A path in lower case from its name up, so that those with one end are sorted together.
fn from_end(parts: &[impl AsRef<str>]) -> String {
    parts.iter().rev().map(|part| part.as_ref().to_lowercase()).collect::<Vec<_>>().join("\0")
}

/// "C:", before a path of Windows.
fn is_drive(part: &str) -> bool {
    part.len() == 2 && part.ends_with(':') && part.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn kind(path: &str) -> Kind {
    let slashed = path.replace('\\', "/");
    if slashed.is_empty() || slashed.ends_with('/') {
        return Kind::Nothing;
    }
    let parts: Vec<&str> = slashed.split('/').filter(|part| *part != ".").collect();
    let leaves = parts.iter().any(|part| part.is_empty() || *part == ".." || is_drive(part));
    if parts.is_empty() || leaves || slashed.contains(char::is_control) || slashed.len() > 4096 {
        return Kind::Unsafe;
    }
    let is_left = |part: &str| part.starts_with('.') || LEFT_BY_SYSTEMS.contains(&part.to_lowercase().as_str());
    if parts.iter().any(|part| is_left(part)) {
        return Kind::Nothing;
    }
    Kind::File(File { parts: parts.into_iter().map(str::to_owned).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(paths: &[&str]) -> Listing {
        Listing::new(&paths.iter().map(|path| Entry { path: (*path).into(), bytes: 1 }).collect::<Vec<_>>())
    }

    #[test]
    fn what_leaves_the_folder_is_no_file() {
        let paths =
            ["../a.jpg", "/etc/a.jpg", "C:\\a.jpg", "a/../../b.jpg", "a//b.jpg", "a\0.jpg", "..\\a.jpg", "a\u{7}.jpg"];
        assert_eq!(listing(&paths).unsafe_places().count(), paths.len());
        assert_eq!(listing(&["a/b..jpg", "./a/c.jpg", "C:x.jpg", "a\\d.jpg"]).files().count(), 4);
    }

    #[test]
    fn what_systems_leave_is_passed_over_and_a_path_counts_once() {
        let all = listing(&["__MACOSX/a.jpg", ".DS_Store", "a/Thumbs.db", "a/", "a/b.jpg", "a\\b.jpg", "._c.jpg"]);
        assert_eq!((all.files().count(), all.unsafe_places().count(), all.places_of_twins().count()), (1, 0, 1));
    }

    #[test]
    fn a_document_finds_its_files_as_people_write_them() {
        let all = listing(&["set/list.csv", "set/a.jpg", "set/b/a.jpg", "set/b/c.JPG", "d/c2.jpg", "e/c2.jpg"]);
        let beside = ["set".to_owned()];
        for (written, place) in [
            ("a.jpg", Some(1)),
            ("b\\a.jpg", Some(2)),
            (" set/b/a.jpg ", Some(2)),
            ("C:\\Users\\me\\set\\b\\A.jpg", Some(2)),
            ("https://host/x/b/c.jpg?sig=1/2", Some(3)),
            ("file:///pictures/c.jpg", Some(3)),
            ("x/e/c2.jpg", Some(5)),
            ("c2.jpg", None),
            ("x/c.jpg", None),
            ("b/c.jpg", Some(3)),
            ("f/c2.jpg", None),
            ("d\\c2.jpg", Some(4)),
            ("../a.jpg", None),
            ("", None),
        ] {
            assert_eq!(all.find(written, &beside), place, "{written:?}");
        }
    }

    #[test]
    fn a_picture_of_another_folder_is_not_taken_for_one_that_is_missing() {
        let all = listing(&["dog/001.jpg", "002.jpg"]);
        for written in ["cat/001.jpg", "cat/002.jpg", "./cat/001.jpg"] {
            assert_eq!(all.find(written, &[]), None, "{written}");
        }
        assert_eq!((all.find("001.jpg", &[]), all.find("/home/me/pets/001.jpg", &[])), (Some(0), Some(0)));
    }

    #[test]
    fn many_files_of_one_name_are_found_in_no_time() {
        let paths: Vec<String> = (0..5_000).map(|n| format!("{n}/x/a.jpg")).collect();
        let all = listing(&paths.iter().map(String::as_str).collect::<Vec<_>>());
        let begin = std::time::Instant::now();
        for (place, path) in (0..).zip(&paths) {
            assert_eq!(all.find(&format!("/pictures/{path}"), &[]), Some(place));
        }
        assert_eq!(all.find("/y/a.jpg", &[]), None);
        assert!(begin.elapsed().as_secs() < 5, "{:?}", begin.elapsed());
    }
}
