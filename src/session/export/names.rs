//! Names of files beside pictures, in a ZIP or a folder. A picture's path is untrusted input: it may lead out of the folder, be invalid
//! on another system, or equal the path of another picture.

use std::collections::{HashMap, HashSet};

use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

use crate::spreadsheet::invisible::{is_invisible, without_invisible};

/// Maximum length of a file's or folder's name, in bytes. Systems allow 255; the rest is a reserve for what people and tools append.
const MAX_NAME: usize = 200;
/// Maximum length of a path, in bytes. macOS allows 1024, including the folder that it is unpacked into.
const MAX_PATH: usize = 800;
/// Maximum length of an extension, in bytes, including the dot.
const MAX_EXTENSION: usize = 17;
/// The name of a picture whose name has no valid characters.
const NAMELESS: &str = "picture";
/// Names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 7] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];

/// How a file's ending relates to the picture's extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// cat.jpg → cat.txt
    InsteadOfExtension(&'static str),
    /// cat.jpg → cat.jpg.xmp
    AfterExtension(&'static str),
}

/// Generates names that are unique on every system.
#[derive(Debug, Default)]
pub struct FileNames {
    /// Folded, see [`fold`].
    files: HashSet<String>,
    /// Folded.
    folders: HashSet<String>,
    /// Wanted folder → its actual name.
    called: HashMap<String, String>,
    /// Folded path without a number → the next number to try.
    next: HashMap<String, u32>,
}

impl FileNames {
    /// The path of a file beside `picture`: "a/cat.jpg.xmp", or "a/cat (2).jpg.xmp" if that is taken.
    pub fn beside(&mut self, picture: &str, ending: Ending) -> String {
        let Wanted { folders, stem, ending } = wanted(picture, ending);
        let folder = self.folder(&folders);
        let path = self.free(&folder, &stem, &ending, |names, key| !names.folders.contains(key));
        self.files.insert(fold(&path));
        path
    }

    /// The folder `segments` with a "/" at the end; without the outermost segments if it is too long.
    fn folder(&mut self, segments: &[String]) -> String {
        let mut room = MAX_PATH - MAX_NAME;
        let fits = |segment: &&String| {
            room = room.saturating_sub(segment.len().min(MAX_NAME) + 1);
            room > 0
        };
        let n_kept = segments.iter().rev().take_while(fits).count();
        let mut folder = String::new();
        for segment in &segments[segments.len() - n_kept..] {
            let wanted = format!("{folder}{segment}");
            folder = match self.called.get(&wanted) {
                Some(called) => called.clone(),
                None => {
                    // A folder of the same name is the same folder; only a file of that name conflicts.
                    let called = self.free(&folder, &not_reserved(segment), "", |_, _| true) + "/";
                    self.folders.insert(fold(called.trim_end_matches('/')));
                    self.called.insert(wanted, called.clone());
                    called
                }
            };
        }
        folder
    }

    /// `folder`, `stem` and `ending` joined to a path that no file has and that `is_free`, with a number if necessary.
    fn free(&mut self, folder: &str, stem: &str, ending: &str, is_free: impl Fn(&Self, &str) -> bool) -> String {
        let unnumbered = fit(folder, stem, "", ending);
        let first = fold(&unnumbered);
        let is_taken = |names: &Self, key: &str| names.files.contains(key) || !is_free(names, key);
        if !is_taken(self, &first) {
            return unnumbered;
        }
        let mut number = self.next.get(&first).copied().unwrap_or(2);
        loop {
            let path = fit(folder, stem, &format!(" ({number})"), ending);
            number += 1;
            if !is_taken(self, &fold(&path)) {
                self.next.insert(first, number);
                return path;
            }
        }
    }
}

/// What a file beside a picture is called if nothing else has that name.
struct Wanted {
    folders: Vec<String>,
    stem: String,
    ending: String,
}

fn wanted(picture: &str, ending: Ending) -> Wanted {
    let mut folders: Vec<String> = picture.split('/').map(clean).filter(|segment| !segment.is_empty()).collect();
    let name = folders.pop().unwrap_or_else(|| NAMELESS.to_owned());
    let (stem, extension) = split_extension(&name);
    let ending = match ending {
        Ending::InsteadOfExtension(ending) => ending.to_owned(),
        Ending::AfterExtension(ending) => format!("{extension}{ending}"),
    };
    Wanted { folders, stem: not_reserved(stem), ending }
}

/// Equal for files that would have one name on some system.
pub fn key(picture: &str, ending: Ending) -> String {
    let Wanted { folders, stem, ending } = wanted(picture, ending);
    let folder: String = folders.iter().map(|folder| not_reserved(folder) + "/").collect();
    fold(&fit(&folder, &stem, "", &ending))
}

/// The extension of a picture's file, in lower case and without the dot.
pub fn extension(picture: &str) -> String {
    let name = picture.rsplit('/').next().unwrap_or_default();
    split_extension(name).1.trim_start_matches('.').to_lowercase()
}

/// The name of a folder for any words, such as a tag's: one segment that is valid on every system, leads nowhere else, and hides nothing.
pub fn folder_name(words: &str) -> String {
    let name = clean(&words.replace('/', "_"));
    // A leading dot hides a folder.
    let shown = if name.starts_with('.') { format!("_{name}") } else { name };
    fit("", &not_reserved(&shown), "", "")
}

/// A segment of a path without what some system forbids; empty for segments that only navigate ("..").
fn clean(segment: &str) -> String {
    let harmless = |c: char| {
        let is_forbidden = matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\');
        // These reverse the direction of writing: "gpj.txt" would be shown as "txt.jpg".
        let is_override = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if is_forbidden || is_override || c.is_control() { '_' } else { c }
    };
    let cleaned: String = without_invisible(segment).chars().map(harmless).collect();
    // Windows drops trailing dots and spaces, so two names could become one.
    cleaned.trim_end_matches(['.', ' ']).to_owned()
}

/// "cat.jpg" → "cat", ".jpg". A leading dot, which hides a file, does not start an extension.
fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= MAX_EXTENSION => name.split_at(dot),
        _ => (name, ""),
    }
}

fn not_reserved(name: &str) -> String {
    let base = name.split('.').next().unwrap_or_default().trim_end_matches(' ').to_uppercase();
    let is_port = |prefix: &str| {
        let number = base.strip_prefix(prefix).map(|rest| rest.chars().collect::<Vec<_>>());
        matches!(number.as_deref(), Some(['0'..='9' | '¹' | '²' | '³']))
    };
    let is_reserved = DEVICES.contains(&base.as_str()) || is_port("COM") || is_port("LPT");
    if is_reserved { format!("_{name}") } else { name.to_owned() }
}

/// Joins a path, and shortens the stem so that the last segment has at most [`MAX_NAME`] bytes.
fn fit(folder: &str, stem: &str, number: &str, ending: &str) -> String {
    let room = MAX_NAME - number.len() - ending.len();
    let mut stem = &stem[..stem.floor_char_boundary(room)];
    if number.is_empty() && ending.is_empty() {
        stem = stem.trim_end_matches(['.', ' ']);
    }
    let stem = if stem.is_empty() { NAMELESS } else { stem };
    format!("{folder}{stem}{number}{ending}")
}

/// Folds case and the ways to write one character, and drops what is invisible: the results are equal for paths that are equal on some
/// system (macOS takes "é" and "e" with an accent for the same, and HFS+ overlooks a zero-width joiner).
fn fold(path: &str) -> String {
    let seen = decomposed(path.chars()).into_iter().filter(|c| !is_invisible(*c));
    decomposed(seen.flat_map(char::to_uppercase).flat_map(char::to_lowercase)).into_iter().collect()
}

/// Normalisation form D. The crate's own iterator would bring the tables of the compatibility forms as well.
fn decomposed(chars: impl Iterator<Item = char>) -> Vec<char> {
    let mut all = Vec::new();
    chars.for_each(|c| decompose_canonical(c, |part| all.push(part)));
    for sign in all.chunk_by_mut(|_, next| canonical_combining_class(*next) != 0) {
        sign.sort_by_key(|c| canonical_combining_class(*c));
    }
    all
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use unicode_normalization::UnicodeNormalization;

    use super::*;

    const TXT: Ending = Ending::InsteadOfExtension(".txt");
    const XMP: Ending = Ending::AfterExtension(".xmp");

    fn names(pictures: &[&str], ending: Ending) -> Vec<String> {
        let mut names = FileNames::default();
        pictures.iter().map(|picture| names.beside(picture, ending)).collect()
    }

    #[test]
    fn a_file_is_beside_its_picture() {
        let pictures = ["cat.jpg", "a/b c/Träd.tar.JPG", "a/no ending", ".hidden", "Mr. Cat of the long ending"];
        let wanted =
            ["cat.txt", "a/b c/Träd.tar.txt", "a/no ending.txt", ".hidden.txt", "Mr. Cat of the long ending.txt"];
        assert_eq!(names(&pictures, TXT), wanted);
        let wanted = [
            "cat.jpg.xmp",
            "a/b c/Träd.tar.JPG.xmp",
            "a/no ending.xmp",
            ".hidden.xmp",
            "Mr. Cat of the long ending.xmp",
        ];
        assert_eq!(names(&pictures, XMP), wanted);
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for (picture, wanted) in [
            ("/etc/passwd", "etc/passwd.xmp"),
            ("../../up.jpg", "up.jpg.xmp"),
            ("a/./../b.jpg", "a/b.jpg.xmp"),
            ("..\\..\\up.jpg", ".._.._up.jpg.xmp"),
            ("C:\\x\\y.jpg", "C__x_y.jpg.xmp"),
            ("C:/x.jpg", "C_/x.jpg.xmp"),
            ("//server/share/x.jpg", "server/share/x.jpg.xmp"),
            ("x.jpg:stream", "x.jpg_stream.xmp"),
            ("..", "picture.xmp"),
            ("", "picture.xmp"),
            ("a/", "a.xmp"),
            ("a. . /b .jpg", "a/b .jpg.xmp"),
            ("a\0b\n\u{202e}gpj.exe", "a_b__gpj.exe.xmp"),
        ] {
            assert_eq!(names(&[picture], XMP), [wanted], "{picture:?}");
        }
    }

    #[test]
    fn device_names_of_windows_are_not_used() {
        let pictures = ["con.jpg", "Com1.tar.jpg", "nul", "aux /LPT³.png", "console.jpg", "com10.jpg"];
        let wanted = ["_con.txt", "_Com1.tar.txt", "_nul.txt", "_aux/_LPT³.txt", "console.txt", "com10.txt"];
        assert_eq!(names(&pictures, TXT), wanted);
    }

    #[test]
    fn any_words_are_the_name_of_one_folder() {
        for (words, wanted) in [
            ("tabby cat", "tabby cat"),
            ("../../etc", "_.._.._etc"),
            ("..", "picture"),
            ("", "picture"),
            (".git", "_.git"),
            ("a/b\\c: d?", "a_b_c_ d_"),
            ("nul", "_nul"),
            ("gpj\u{202e}. ", "gpj_"),
        ] {
            assert_eq!(folder_name(words), wanted, "{words:?}");
        }
        assert!(folder_name(&"ö".repeat(300)).len() <= MAX_NAME);
    }

    #[test]
    fn equal_names_are_numbered() {
        let pictures = ["cat.jpg", "cat.jpg", "CAT.jpg", "cat (2).jpg", "a/cat.jpg"];
        let wanted = ["cat.jpg.xmp", "cat (2).jpg.xmp", "CAT (3).jpg.xmp", "cat (2) (2).jpg.xmp", "a/cat.jpg.xmp"];
        assert_eq!(names(&pictures, XMP), wanted);
        assert_eq!(names(&["cat.jpg", "cat.png", "Cat.gif"], TXT), ["cat.txt", "cat (2).txt", "Cat (3).txt"]);
    }

    #[test]
    fn a_folder_and_a_file_never_have_one_name() {
        let pictures = ["x.jpg", "x.txt/y.jpg", "x.txt/z.jpg", "w.txt/y.jpg", "W.jpg"];
        let wanted = ["x.txt", "x.txt (2)/y.txt", "x.txt (2)/z.txt", "w.txt/y.txt", "W (2).txt"];
        assert_eq!(names(&pictures, TXT), wanted);
    }

    #[test]
    fn names_that_some_system_takes_for_one_are_numbered() {
        for pictures in [
            ["caf\u{e9}.jpg", "cafe\u{301}.jpg"],
            ["CAF\u{c9}.jpg", "cafe\u{301}.jpg"],
            ["\u{d55c}.jpg", "\u{1112}\u{1161}\u{11ab}.jpg"],
            ["o\u{302}\u{323}.jpg", "o\u{323}\u{302}.jpg"],
            ["\u{212b}.jpg", "\u{e5}.jpg"],
            ["ب\u{200d}ب.jpg", "بب.jpg"],
            ["❤\u{fe0f}.jpg", "❤.jpg"],
            ["\u{3b1}\u{345}.jpg", "\u{1fb3}.jpg"],
        ] {
            let names = names(&pictures, TXT);
            assert!(names[1].ends_with(" (2).txt"), "{names:?}");
        }
        let signs = "\u{d55c}\u{301}e\u{345}\u{323}\u{302}\u{1e69}\u{fb2c}\u{2f800}";
        assert_eq!(decomposed(signs.chars()), signs.nfd().collect::<Vec<_>>());
        assert_eq!(names(&["a\u{200e}\u{feff}b\u{61c}.jpg", "ab.jpg"], TXT), ["ab.txt", "ab (2).txt"]);
        assert_eq!(
            names(&["cafe\u{301}.jpg"], TXT),
            ["cafe\u{301}.txt"],
            "beside its picture, where both are other files"
        );
    }

    #[test]
    fn folders_that_differ_in_case_are_one_folder() {
        assert_eq!(names(&["A/x.jpg", "a/y.jpg", "a/X.jpg"], TXT), ["A/x.txt", "a/y.txt", "a/X (2).txt"]);
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let long = "ö".repeat(300) + ".jpg";
        let names = names(&[&long, &long], XMP);
        assert_eq!(names[0], "ö".repeat(96) + ".jpg.xmp");
        assert_eq!(names[1], "ö".repeat(94) + " (2).jpg.xmp");
        let deep = format!("{}cat.jpg", "folder/".repeat(500));
        let path = FileNames::default().beside(&deep, TXT);
        assert!(path.len() <= MAX_PATH && path.ends_with("/folder/cat.txt"), "{path}");
    }

    #[test]
    fn ten_thousand_equal_names_take_no_quadratic_time() {
        let mut names = FileNames::default();
        let all: HashSet<String> = (0..10_000).map(|_| names.beside("IMG_0001.JPG", XMP)).collect();
        assert_eq!(all.len(), 10_000);
        assert!(all.contains("IMG_0001 (10000).JPG.xmp"));
    }

    /// Paths that are likely to collide: few letters, both cases, everything that some system treats specially.
    pub fn paths() -> impl Strategy<Value = Vec<String>> {
        let segment = "[abAB]{0,2}|[ .]{1,4}|(?i:con|nul|com1)|a( \\(2\\))?|[ab]\\.(txt|jpg|xmp|TXT)|[ſsKåe\u{301}\u{e9}\u{200d}\u{feff}:\\\\*\u{202e}\u{0}-\u{1f}ab]{1,4}|ö{90,130}|(?s).{0,5}";
        let path = prop::collection::vec(segment, 1..5).prop_map(|segments| segments.join("/"));
        prop::collection::vec(path, 1..40)
    }

    proptest! {
        #[test]
        fn any_paths_give_safe_and_unique_names(pictures in paths(), is_sidecar: bool) {
            let (ending, last) = if is_sidecar { (XMP, ".xmp") } else { (TXT, ".txt") };
            let mut names = FileNames::default();
            let given: Vec<String> = pictures.iter().map(|picture| names.beside(picture, ending)).collect();
            for name in &given {
                prop_assert!(name.ends_with(last) && name.len() <= MAX_PATH, "{name:?}");
                for segment in name.split('/') {
                    prop_assert!(!segment.is_empty() && segment.len() <= MAX_NAME, "{name:?}");
                    prop_assert!(!segment.contains(['\\', ':', '*', '?', '"', '<', '>', '|']), "{name:?}");
                    prop_assert!(!segment.chars().any(|c| c.is_control() || c == '\u{202e}'), "{name:?}");
                    prop_assert!(!segment.ends_with(['.', ' ']), "{name:?}");
                    let base = segment.split('.').next().unwrap().trim_end().to_lowercase();
                    prop_assert!(!["con", "nul", "com1"].contains(&base.as_str()), "{name:?}");
                }
            }
            let is_seen = |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
            let files: HashSet<String> =
                given.iter().map(|name| name.nfc().filter(is_seen).collect::<String>().to_lowercase()).collect();
            prop_assert_eq!(files.len(), given.len(), "{:?}", given);
            for name in &files {
                for (end, _) in name.match_indices('/') {
                    prop_assert!(!files.contains(&name[..end]), "{:?} is a file and a folder", &name[..end]);
                }
            }
        }
    }
}
