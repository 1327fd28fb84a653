//! What is to be taken of a folder or an archive.

use std::collections::HashSet;

use serde::Serialize;

use super::paths::Listing;
use super::tags::Words;
use super::{Entry, TagSource, invalid};
use crate::error::Result;
use crate::printable::printable;
use crate::tagging::MAX_TAGS;

/// Most paths that are named for each reason; the rest is counted.
const MAX_NAMED: usize = 100;

/// The pictures of a training set, and their tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportPlan {
    /// For the own tagger: of the folder, the archive or the project.
    pub name: String,
    pub source: TagSource,
    /// All from where tags can be read here.
    pub sources: Vec<TagSource>,
    /// In the order in which they are met.
    pub tags: Vec<PlannedTag>,
    pub pictures: Vec<PlannedPicture>,
    pub left_out: Vec<LeftOut>,
}

/// A tag, as it was written first, and how many pictures have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedTag {
    pub name: String,
    pub n: u32,
}

/// A picture. Without tags it is an example of none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedPicture {
    /// Its place in the list of entries.
    pub entry: u32,
    /// Numbers of its tags.
    pub tags: Vec<u32>,
}

/// Files that are not learnt from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    pub reason: Reason,
    pub n: u32,
    /// Some of them, fit to be shown.
    pub paths: Vec<String>,
}

/// Why files are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing says which tags it has.
    NoTag,
    /// A document names it, and it is not there, or several files may be meant.
    Missing,
    /// Its path leaves the folder.
    UnsafePath,
    /// Another has the same path.
    SamePath,
}

/// What one way to read the tags has found.
pub struct Found {
    pub source: TagSource,
    pub words: Words,
    /// In any order, each once.
    pub pictures: Vec<PlannedPicture>,
    pub missing: Missing,
}

/// Files that a document names and that are not there, as it has them.
#[derive(Default)]
pub struct Missing(LeftOut);

impl Missing {
    pub fn add(&mut self, written: &str) {
        self.0.add(written);
    }
}

impl Default for LeftOut {
    fn default() -> Self {
        Self { reason: Reason::Missing, n: 0, paths: Vec::new() }
    }
}

impl LeftOut {
    fn add(&mut self, path: &str) {
        self.n += 1;
        if self.paths.len() < MAX_NAMED {
            self.paths.push(printable(&path.chars().take(300).collect::<String>()));
        }
    }
}

impl Found {
    fn n_tagged(&self) -> usize {
        self.pictures.iter().filter(|picture| !picture.tags.is_empty()).count()
    }
}

/// The first way whose tags are not far fewer than those of another, as with a few sidecars among many folders.
pub fn likeliest(found: &[Found]) -> Option<usize> {
    let most = found.iter().map(Found::n_tagged).max().filter(|most| *most > 0)?;
    found.iter().position(|one| one.n_tagged() * 2 >= most)
}

/// # Errors
/// [`ErrorKind::ImportInvalid`](crate::error::ErrorKind) for more tags than a head can have.
pub fn made(
    name: &str,
    entries: &[Entry],
    listing: &Listing,
    found: Found,
    sources: Vec<TagSource>,
) -> Result<ImportPlan> {
    let Found { source, words, mut pictures, missing } = found;
    if words.is_full() {
        let what =
            format!("it has more than {MAX_TAGS} tags. Are these tags, or numbers of pictures? Choose a part of them");
        return Err(invalid(what));
    }
    pictures.sort_by_key(|picture| picture.entry);
    let mut tags: Vec<PlannedTag> = words.into_names().into_iter().map(|name| PlannedTag { name, n: 0 }).collect();
    for &tag in pictures.iter().flat_map(|picture| &picture.tags) {
        tags[tag as usize].n += 1;
    }
    let taken: HashSet<u32> = pictures.iter().map(|picture| picture.entry).collect();
    let untagged = listing.pictures().filter(|(place, _)| !taken.contains(place)).map(|(_, file)| file.path());
    let path = |place: u32| entries[place as usize].path.clone();
    let left_out = [
        left_out(Reason::NoTag, untagged),
        missing.0,
        left_out(Reason::UnsafePath, listing.unsafe_places().map(path)),
        left_out(Reason::SamePath, listing.places_of_twins().map(path)),
    ];
    Ok(ImportPlan {
        name: shown_name(name),
        source,
        sources,
        tags,
        pictures,
        left_out: left_out.into_iter().filter(|one| one.n > 0).collect(),
    })
}

fn left_out(reason: Reason, paths: impl Iterator<Item = String>) -> LeftOut {
    let mut one = LeftOut { reason, ..LeftOut::default() };
    paths.for_each(|path| one.add(&path));
    one
}

/// The name of a file or folder, without its path and what shows the format.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
    let stem = [".zip", ".tm", ".csv", ".tsv"].iter().find_map(|end| {
        let at = last.len().checked_sub(end.len())?;
        last.get(at..)?.eq_ignore_ascii_case(end).then(|| &last[..at])
    });
    let shown: String = printable(stem.unwrap_or(last)).chars().take(100).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_that_of_the_folder_or_archive() {
        for (name, shown) in
            [("/home/me/Shoes.ZIP", "Shoes"), ("C:\\x\\Set 1.tm", "Set 1"), ("a/b/", "b"), (".zip", ""), ("é", "é")]
        {
            assert_eq!(shown_name(name), shown);
        }
    }
}
