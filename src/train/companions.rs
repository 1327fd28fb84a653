//! Which tags pictures have together: all others are rivals. What is learnt so from a picture must not be used to judge it.

use std::borrow::Cow;
use std::collections::HashMap;

/// No group shows a pair, or more than one does.
const NOBODY: u32 = u32::MAX;
const MANY: u32 = u32::MAX - 1;

/// For each tag, the others that some example has with it, in order.
#[derive(Debug)]
pub(super) struct Companions {
    pub all: Vec<Vec<u16>>,
    /// For each example, the number of its group of duplicates.
    group_of: Vec<u32>,
    /// Of groups that alone show a tag with another: the tag, and the other.
    only: HashMap<u32, Vec<(u16, u16)>>,
}

impl Companions {
    /// `tags_of`: for each example the tags that it has.
    pub fn new(n_tags: usize, tags_of: &[Vec<usize>], group_of: &[u32]) -> Self {
        let mut shown_by = vec![NOBODY; n_tags * n_tags];
        for (tags, &group) in tags_of.iter().zip(group_of) {
            for (&tag, &other) in tags.iter().flat_map(|tag| tags.iter().map(move |other| (tag, other))) {
                let by = &mut shown_by[tag * n_tags + other];
                *by = if *by == NOBODY || *by == group { group } else { MANY };
            }
        }
        let mut all = vec![Vec::new(); n_tags];
        let mut only: HashMap<u32, Vec<(u16, u16)>> = HashMap::new();
        for (at, by) in shown_by.into_iter().enumerate().filter(|(_, by)| *by != NOBODY) {
            let (tag, other) = (at / n_tags, at % n_tags);
            if tag == other {
                continue;
            }
            all[tag].push(other as u16);
            if by != MANY {
                only.entry(by).or_default().push((tag as u16, other as u16));
            }
        }
        Self { all, group_of: group_of.to_vec(), only }
    }

    /// The same as it would be without the group of a row: a training that had not seen the group would know no more. Rows beyond the
    /// examples have no tag to show.
    pub fn without_group_of(&self, row: usize) -> Vec<Cow<'_, [u16]>> {
        let mut known: Vec<Cow<'_, [u16]>> = self.all.iter().map(|others| Cow::Borrowed(&others[..])).collect();
        for &(tag, other) in self.group_of.get(row).and_then(|group| self.only.get(group)).into_iter().flatten() {
            known[usize::from(tag)].to_mut().retain(|one| *one != other);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_duplicates_of_a_picture_show_is_not_known_of_it() {
        // Two groups show 0 with 1; the first alone shows 1 with 2, and the second 0 with 3.
        let tags = [vec![0, 1, 2], vec![1, 2], vec![0, 1, 3], vec![3]];
        let tags: Vec<Vec<usize>> = tags.into_iter().collect();
        let companions = Companions::new(4, &tags, &[0, 0, 1, 2]);
        assert_eq!(companions.all, [vec![1, 2, 3], vec![0, 2, 3], vec![0, 1], vec![0, 1]]);
        for (row, wanted) in [
            (1, [vec![1, 3], vec![0, 3], vec![], vec![0, 1]]),
            (2, [vec![1, 2], vec![0, 2], vec![0, 1], vec![]]),
            (3, [vec![1, 2, 3], vec![0, 2, 3], vec![0, 1], vec![0, 1]]),
            (4, [vec![1, 2, 3], vec![0, 2, 3], vec![0, 1], vec![0, 1]]),
        ] {
            assert_eq!(companions.without_group_of(row), wanted, "row {row}");
        }
    }
}
