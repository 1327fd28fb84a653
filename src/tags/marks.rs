//! Marks on tags that are all taken off at once: the set that each of many pictures needs, without memory of its own.

/// A number for each tag that has a mark, by its [key](crate::tags::TagKey) or its place in the vocabulary.
#[derive(Debug, Clone)]
pub struct TagMarks {
    /// The round in which the tag was marked last, and its number.
    marks: Vec<(u32, u32)>,
    round: u32,
}

impl Default for TagMarks {
    fn default() -> Self {
        Self { marks: Vec::new(), round: 1 }
    }
}

impl TagMarks {
    /// Takes all marks off, however many there are.
    pub fn clear(&mut self) {
        self.round = self.round.checked_add(1).unwrap_or_else(|| {
            self.marks.fill((0, 0));
            1
        });
    }

    /// Whether the tag had no mark before.
    pub fn mark(&mut self, tag: impl Into<u32>) -> bool {
        self.number(tag, 0).is_none()
    }

    /// Marks a tag with a number, in place of the one it had.
    pub fn number(&mut self, tag: impl Into<u32>, number: u32) -> Option<u32> {
        let place = tag.into() as usize;
        if place >= self.marks.len() {
            self.marks.resize(place + 1, (0, 0));
        }
        let (round, before) = std::mem::replace(&mut self.marks[place], (self.round, number));
        (round == self.round).then_some(before)
    }

    pub fn has(&self, tag: impl Into<u32>) -> bool {
        self.get(tag).is_some()
    }

    pub fn get(&self, tag: impl Into<u32>) -> Option<u32> {
        let (round, number) = *self.marks.get(tag.into() as usize)?;
        (round == self.round).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_gone_once_they_are_taken_off_also_after_the_last_round() {
        let mut marks = TagMarks::default();
        assert!(!marks.has(0_u16) && marks.mark(0_u16) && !marks.mark(0_u16));
        assert_eq!((marks.number(70_000_u32, 7), marks.get(70_000_u32)), (None, Some(7)));
        marks.clear();
        assert!(!marks.has(0_u16) && !marks.has(70_000_u32) && !marks.has(99_999_u32));
        marks.mark(1_u16);
        marks.round = u32::MAX;
        marks.mark(2_u16);
        for _ in 0..2 {
            marks.clear();
            assert!((0_u16..4).all(|tag| !marks.has(tag)));
        }
    }
}
