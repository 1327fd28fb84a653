//! A folder a tag.

use super::TagSource;
use super::paths::{File, Listing};
use super::plan::{Found, Missing, PlannedPicture};
use super::tags::Words;

/// Folders that part a set, and are no tags.
const PARTS: &[&str] = &["train", "training", "val", "valid", "validation", "test", "testing", "eval"];

/// Pictures with the name of the folder below the set's own. What lies deeper has the same tag.
pub fn read(listing: &Listing) -> Option<Found> {
    let pictures: Vec<(u32, &File)> = listing.pictures().collect();
    let depth = depth_of_tags(pictures.iter().map(|(_, file)| file.folders()));
    let mut words = Words::default();
    let mut found = Vec::new();
    for (entry, file) in pictures {
        let Some(folder) = file.folders().get(depth) else { continue };
        let tags = words.numbers([folder.as_str()]);
        if !tags.is_empty() {
            found.push(PlannedPicture { entry, tags });
        }
    }
    (!found.is_empty()).then_some(Found {
        source: TagSource::Folders,
        words,
        pictures: found,
        missing: Missing::default(),
    })
}

/// How many folders lie above those that are tags: an archive often has one around all, or parts for training and checking.
fn depth_of_tags<'a>(folders: impl Iterator<Item = &'a [String]> + Clone) -> usize {
    let mut depth = 0;
    loop {
        let mut here = folders.clone();
        let Some(first) = here.next().and_then(|all| all.get(depth)) else { return depth };
        let is_direct = folders.clone().any(|all| all.len() <= depth);
        let is_only = here.all(|all| all.get(depth) == Some(first));
        if is_direct {
            return depth;
        }
        if !is_only {
            let is_part =
                |all: &[String]| all.get(depth).is_some_and(|one| PARTS.contains(&one.to_lowercase().as_str()));
            return depth + usize::from(folders.clone().all(is_part));
        }
        // The only folder is a tag if pictures lie in it.
        if folders.clone().any(|all| all.len() == depth + 1) {
            return depth;
        }
        depth += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(paths: &[&str]) -> usize {
        let folders: Vec<Vec<String>> = paths
            .iter()
            .map(|path| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect())
            .collect();
        depth_of_tags(folders.iter().map(Vec::as_slice))
    }

    #[test]
    fn tags_are_the_folders_below_what_is_around_all() {
        for (folders, wanted) in [
            (&["cat", "dog/puppies"][..], 0),
            (&["set/cat", "set/dog"], 1),
            (&["set/train/cat", "set/Val/cat", "set/train/dog"], 2),
            (&["train", "hat"], 0),
            (&["a/set/cat", "a/set/dog"], 2),
            (&["cat", "cat/more"], 0),
            (&["set/cat", ""], 0),
            (&["set/cat"], 1),
            (&["cat"], 0),
            (&[""], 0),
            (&[], 0),
        ] {
            assert_eq!(depth(folders), wanted, "{folders:?}");
        }
    }
}
