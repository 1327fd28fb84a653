//! What lies above each word of a strict vocabulary.

use crate::error::Result;
use crate::tags::strict::{StrictWords, fault};

/// Maximum number of steps up to a word's furthest ancestor, and of all its ancestors.
const MAX_DEPTH: usize = 32;
const MAX_ANCESTORS: usize = 64;

/// Words by their place.
#[derive(Debug, Default)]
pub struct Tree {
    /// The ancestors of each, the nearest first, each once.
    pub above: Vec<Vec<usize>>,
    /// The first of each one's parents.
    pub first: Vec<Option<usize>>,
}

#[cfg(test)]
impl Tree {
    /// The way up by first parents, the nearest first.
    pub fn path(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.first[at], |&at| self.first[at])
    }
}

impl StrictWords {
    /// Parents that the list does not have are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::WordsInvalid`](crate::ErrorKind) for a word above itself, and for more above one than fits.
    pub fn tree(&self) -> Result<Tree> {
        let places = self.places();
        let parents: Vec<Vec<usize>> = (self.words.iter())
            .map(|word| word.parents.iter().filter_map(|id| places.get(id).map(|&at| at as usize)).collect())
            .collect();
        let above = (0..parents.len()).map(|at| self.above(at, &parents)).collect::<Result<_>>()?;
        Ok(Tree { above, first: parents.iter().map(|all| all.first().copied()).collect() })
    }

    fn above(&self, at: usize, parents: &[Vec<usize>]) -> Result<Vec<usize>> {
        let name = &self.words[at].name;
        let (mut above, mut level, mut depth) = (Vec::new(), parents[at].clone(), 0);
        while !level.is_empty() {
            depth += 1;
            if level.contains(&at) {
                return Err(fault(|| format!("{name:?} is above itself. Take it out of one of the words below it.")));
            }
            level.retain(|one| !above.contains(one));
            level.dedup();
            above.extend_from_slice(&level);
            if depth > MAX_DEPTH || above.len() > MAX_ANCESTORS {
                return Err(fault(|| {
                    format!("More than {MAX_ANCESTORS} words lie above {name:?}, or {MAX_DEPTH} steps. Use fewer.")
                }));
            }
            level = level.iter().flat_map(|&one| parents[one].iter().copied()).collect();
            level.sort_unstable();
        }
        Ok(above)
    }
}

#[cfg(test)]
mod tests {
    use crate::tags::strict::tests::{below, word, words};

    #[test]
    fn the_nearest_come_first_each_once_and_the_path_is_that_of_first_parents() {
        let mut list = words(vec![word("a"), below("b", "a"), below("c", "a"), below("d", "b")]);
        list.words[3].parents.push("own:c".into());
        let tree = list.tree().unwrap();
        assert_eq!(tree.above, [vec![], vec![0], vec![0], vec![1, 2, 0]]);
        assert_eq!(tree.path(3).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn circles_and_towers_are_refused() {
        let mut circle = words(vec![word("a"), below("b", "a"), below("c", "b")]);
        circle.words[0].parents.push("own:c".into());
        assert!(circle.tree().unwrap_err().detail().contains("above itself"));
        let tower = (1..40).map(|n| below(&format!("w{n}"), &format!("w{}", n - 1)));
        let tower = words([word("w0")].into_iter().chain(tower).collect());
        assert!(tower.tree().unwrap_err().detail().contains("32 steps"));
    }
}
