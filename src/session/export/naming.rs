//! Which name the file of each picture gets, so that it belongs to that picture and no other.
//!
//! `same.jpg` and `same.png` cannot both have a `same.txt`: a number would make it the file of no picture. So they are told before
//! anything is written, or named in full. Only paths that are alike themselves, on some system, are numbered: no name tells them apart.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::session::export::names::{Ending, FileNames, extension, key};
use crate::session::formats::{Naming, PictureFileNames};

/// Which of `pictures` would share a file if it were named by the stem, by their position: a group for each such file.
pub fn name_collisions(pictures: &[&str], files: PictureFileNames) -> Vec<Vec<usize>> {
    let endings: Vec<Ending> = pictures.iter().map(|_| Ending::InsteadOfExtension(files.ending)).collect();
    collisions(pictures, &endings, files)
}

/// The names of the files of `pictures`, in their order.
///
/// # Errors
/// [`ErrorKind::ExportNamesCollide`] if they are to be named by the stem and some would share it.
pub fn file_names(pictures: &[&str], files: PictureFileNames, naming: Naming) -> Result<Vec<String>> {
    let is_raw: Vec<bool> =
        pictures.iter().map(|picture| files.always_stem.contains(&extension(picture).as_str())).collect();
    let by_stem = |&is_raw: &bool| naming != Naming::Full || is_raw;
    let ending = |by_stem: bool| {
        if by_stem { Ending::InsteadOfExtension(files.ending) } else { Ending::AfterExtension(files.ending) }
    };
    let mut endings: Vec<Ending> = is_raw.iter().map(|is_raw| ending(by_stem(is_raw))).collect();
    // A full name can be another picture's stem, so this may take several rounds; each leaves fewer stems.
    loop {
        let groups = collisions(pictures, &endings, files);
        let Some(first) = groups.first() else { break };
        if naming == Naming::Stem {
            return Err(collide(pictures, first, files, groups.len()));
        }
        for group in groups {
            // Only if nobody else gives way does a raw picture.
            let others: Vec<usize> =
                group.iter().copied().filter(|&at| !is_raw[at] && endings[at] != ending(false)).collect();
            for at in if others.is_empty() { group } else { others } {
                endings[at] = ending(false);
            }
        }
    }
    Ok(allot(pictures, &endings))
}

/// The groups of different pictures that want one name, of which at least one is named by the stem.
fn collisions(pictures: &[&str], endings: &[Ending], files: PictureFileNames) -> Vec<Vec<usize>> {
    let full = Ending::AfterExtension(files.ending);
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, (picture, ending)) in pictures.iter().zip(endings).enumerate() {
        by_key.entry(key(picture, *ending)).or_default().push(at);
    }
    let is_collision = |group: &Vec<usize>| {
        let first = key(pictures[group[0]], full);
        group.iter().any(|&at| endings[at] != full) && group.iter().any(|&at| key(pictures[at], full) != first)
    };
    let mut groups: Vec<Vec<usize>> = by_key.into_values().filter(is_collision).collect();
    groups.sort_unstable();
    groups
}

/// Names, of which the first that wants one gets it unnumbered.
fn allot(pictures: &[&str], endings: &[Ending]) -> Vec<String> {
    let mut names = FileNames::default();
    let mut given = vec![String::new(); pictures.len()];
    let mut first: HashMap<String, usize> = HashMap::new();
    for (at, (picture, ending)) in pictures.iter().zip(endings).enumerate() {
        first.entry(key(picture, *ending)).or_insert(at);
    }
    let mut is_first = vec![false; pictures.len()];
    first.into_values().for_each(|at| is_first[at] = true);
    for wanted in [true, false] {
        for at in (0..pictures.len()).filter(|&at| is_first[at] == wanted) {
            given[at] = names.beside(pictures[at], endings[at]);
        }
    }
    given
}

fn collide(pictures: &[&str], group: &[usize], files: PictureFileNames, n_groups: usize) -> Error {
    let (one, other) = (pictures[group[0]], pictures[group[1]]);
    let shared = FileNames::default().beside(one, Ending::InsteadOfExtension(files.ending));
    let more = match n_groups {
        1 => String::new(),
        n => format!(" {} other names are shared, too.", n - 1),
    };
    let detail =
        format!("{one:?} and {other:?} would share {shared:?}.{more} Name the files after the whole file names.");
    Error::new(ErrorKind::ExportNamesCollide, detail)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::session::export::names::tests::paths;
    use crate::session::formats::ExportFormat;

    fn captions() -> PictureFileNames {
        ExportFormat::Captions.picture_files().unwrap()
    }

    fn sidecars() -> PictureFileNames {
        ExportFormat::Xmp.picture_files().unwrap()
    }

    const SAME: [&str; 5] = ["a/same.jpg", "other.png", "a/same.png", "a/Same.gif", "same.jpg"];

    #[test]
    fn pictures_of_one_base_name_are_found_before_anything_is_written() {
        assert_eq!(name_collisions(&SAME, captions()), [[0, 2, 3]]);
        let error = file_names(&SAME, captions(), Naming::Stem).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ExportNamesCollide);
        for part in ["a/same.jpg", "a/same.png", "a/same.txt"] {
            assert!(error.detail().contains(part), "{error}");
        }
        assert!(name_collisions(&["a.jpg", "b/a.png", "a.jpg"], captions()).is_empty());
    }

    #[test]
    fn only_those_that_collide_are_named_in_full_on_request() {
        let wanted = ["a/same.jpg.txt", "other.txt", "a/same.png.txt", "a/Same.gif.txt", "same.txt"];
        assert_eq!(file_names(&SAME, captions(), Naming::StemOrFull).unwrap(), wanted);
        let wanted = ["a/same.jpg.txt", "other.png.txt", "a/same.png.txt", "a/Same.gif.txt", "same.jpg.txt"];
        assert_eq!(file_names(&SAME, captions(), Naming::Full).unwrap(), wanted);
    }

    #[test]
    fn a_full_name_that_is_anothers_stem_makes_that_one_full_too() {
        let pictures = ["a.jpg", "a.png", "a.jpg.png", "b.gif"];
        let wanted = ["a.jpg.txt", "a.png.txt", "a.jpg.png.txt", "b.txt"];
        assert_eq!(file_names(&pictures, captions(), Naming::StemOrFull).unwrap(), wanted);
    }

    #[test]
    fn a_raw_pictures_sidecar_has_its_stem_however_the_others_are_named() {
        let pictures = ["a.CR2", "a.jpg", "b.nef", "p.pef", "c.png"];
        for naming in [Naming::Full, Naming::StemOrFull] {
            let names = file_names(&pictures, sidecars(), naming).unwrap();
            assert_eq!(names[..4], ["a.xmp", "a.jpg.xmp", "b.xmp", "p.xmp"], "{naming:?}");
        }
        assert!(file_names(&pictures, sidecars(), Naming::Stem).is_err());
        assert_eq!(file_names(&["a.cr2", "a.dng"], sidecars(), Naming::Full).unwrap(), ["a.cr2.xmp", "a.dng.xmp"]);
        assert_eq!(file_names(&["a.cr2"], captions(), Naming::Full).unwrap(), ["a.cr2.txt"]);
    }

    #[test]
    fn a_number_is_only_for_paths_that_are_alike_and_takes_nobodys_name() {
        let pictures = ["cat.png", "CAT.png", "cat (2).png"];
        let wanted = ["cat.png.xmp", "CAT (3).png.xmp", "cat (2).png.xmp"];
        assert_eq!(file_names(&pictures, sidecars(), Naming::Full).unwrap(), wanted);
        assert_eq!(file_names(&["a.jpg", "a.jpg"], captions(), Naming::Stem).unwrap(), ["a.txt", "a (2).txt"]);
    }

    proptest! {
        #[test]
        fn any_pictures_get_names_that_no_other_has(pictures in paths(), is_full: bool, is_sidecar: bool) {
            let pictures: Vec<&str> = pictures.iter().map(String::as_str).collect();
            let files = if is_sidecar { sidecars() } else { captions() };
            let naming = if is_full { Naming::Full } else { Naming::StemOrFull };
            let names = file_names(&pictures, files, naming).unwrap();
            let folded: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
            prop_assert_eq!(folded.len(), pictures.len(), "{:?}", names);
            prop_assert_eq!(
                file_names(&pictures, captions(), Naming::Stem).is_err(),
                !name_collisions(&pictures, captions()).is_empty()
            );
        }
    }
}
