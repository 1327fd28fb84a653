//! Guests: tags of other taggers that a vocabulary takes in, so that what they said of a picture can be shown beside its own.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::{FALLBACK_LANGUAGE, TagEntry, TagIdx, Vocabulary};

impl TagEntry {
    /// A tag of which no more than its name is known.
    pub fn guest(id: String, name: String, language: Option<&str>) -> Self {
        let fallback = (FALLBACK_LANGUAGE.to_owned(), name.clone());
        let names = language.map(|language| (language.to_owned(), name)).into_iter().chain([fallback]);
        Self {
            id,
            names: names.collect(),
            parents: Vec::new(),
            category: None,
            aliases: BTreeMap::new(),
            heading: false,
        }
    }
}

impl Vocabulary {
    /// This vocabulary with `guests` behind its own tags, whose places do not change. No class feeds a guest, and no tag lies above it.
    ///
    /// # Errors
    /// [`ErrorKind::LibraryTooLarge`] if there is no room for all of them.
    pub fn with_guests(&self, guests: Vec<TagEntry>) -> Result<Self> {
        let (n_before, n) = (self.tags.len(), self.tags.len() + guests.len());
        if n > usize::from(TagIdx::MAX) {
            return Err(Error::new(
                ErrorKind::LibraryTooLarge,
                format!(
                    "The library has {} tags that this model does not know, but there is room for {}. Open it with the model that tagged most of it.",
                    guests.len(),
                    usize::from(TagIdx::MAX) - n_before
                ),
            ));
        }
        let mut grown = self.clone();
        grown.tags.extend(guests);
        let added = (0..=TagIdx::MAX).zip(&grown.tags).skip(n_before);
        grown.idx_by_id.extend(added.map(|(idx, tag)| (tag.id.clone(), idx)));
        grown.ancestors.resize(n, Vec::new());
        grown.leaf_classes.resize(n, Vec::new());
        grown.only_gathers.resize(n, false);
        grown.first_parent.resize(n, None);
        Ok(grown)
    }

    /// How many of the tags are no guests.
    pub fn n_own_tags(&self) -> usize {
        self.n_own_tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_come_behind_and_more_than_there_is_room_for_are_refused() {
        let json = r#"{"version":1,"languages":["en"],"tags":[{"id":"cat","names":{"en":"cat"}}],"classes":["cat"]}"#;
        let vocabulary = Vocabulary::parse(json).unwrap();
        let guests =
            |n: usize| (0..n).map(|nth| TagEntry::guest(format!("own:{nth}"), nth.to_string(), None)).collect();
        let grown = vocabulary.with_guests(guests(65_534)).unwrap();
        assert_eq!((grown.idx("cat"), grown.idx("own:65533"), grown.n_own_tags()), (Some(0), Some(65_534), 1));
        assert!(grown.ancestors(65_534).is_empty() && !grown.only_gathers(65_534));
        let refused = vocabulary.with_guests(guests(65_535)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::LibraryTooLarge);
        assert!(refused.detail().contains("65535") && refused.detail().contains("65534"), "{refused}");
        assert!(grown.with_guests(guests(1)).is_err());
    }
}
