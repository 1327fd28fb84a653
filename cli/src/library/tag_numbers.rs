//! The tags of a model's vocabulary, as a library numbers them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use tagsmith::tags::{FoundBox, Meanings, pack_boxes, pack_candidates, unpack_boxes, unpack_candidates};
use tagsmith::{Candidate, Error, ErrorKind, Result, Vocabulary};

use crate::library::queries::{ADD_TAG, TAG_ID, TAGS};

/// What a tag is called in the library, where nobody has typed it.
const LANGUAGE: &str = "en";

/// Both ways between places in the vocabulary and numbers in the library.
#[derive(Debug)]
pub struct TagNumbers {
    /// Id and name of each tag.
    names: Vec<[String; 2]>,
    known: Mutex<Known>,
}

/// The numbers so far; others are added once a picture has their tags.
#[derive(Debug)]
struct Known {
    numbers: Vec<Option<u32>>,
    places: HashMap<u32, u16>,
}

impl TagNumbers {
    /// # Errors
    /// Those of SQLite.
    pub fn new(connection: &Connection, vocabulary: &Vocabulary) -> rusqlite::Result<Self> {
        let mut places = HashMap::new();
        let mut rows = connection.prepare(TAGS)?;
        let mut rows = rows.query(())?;
        while let Some(row) = rows.next()? {
            let place = vocabulary.idx(row.get_ref(1)?.as_str()?);
            places.extend(place.map(|place| row.get(0).map(|number| (number, place))).transpose()?);
        }
        let names: Vec<_> =
            vocabulary.tags().iter().map(|tag| [tag.id.clone(), tag.name(LANGUAGE).to_owned()]).collect();
        let mut numbers = vec![None; names.len()];
        for (&number, &place) in &places {
            numbers[usize::from(place)] = Some(number);
        }
        Ok(Self { names, known: Mutex::new(Known { numbers, places }) })
    }

    /// The blobs of candidates and boxes. Tags that the library does not have are added.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn pack(
        &self,
        connection: &Connection,
        candidates: &[Candidate],
        boxes: &[FoundBox],
    ) -> rusqlite::Result<(Vec<u8>, Vec<u8>)> {
        let mut known = self.known();
        for place in candidates.iter().map(|one| one.tag).chain(boxes.iter().map(|one| one.tag)) {
            if known.numbers[usize::from(place)].is_none() {
                let number = self.add(connection, place)?;
                known.numbers[usize::from(place)] = Some(number);
                known.places.insert(number, place);
            }
        }
        let number = |place: u16| known.numbers[usize::from(place)].expect("it was added above");
        Ok((pack_candidates(candidates, number), pack_boxes(boxes, number)))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, connection: &Connection, place: u16) -> rusqlite::Result<u32> {
        let [id, name] = &self.names[usize::from(place)];
        // A person may have said it meanwhile.
        let known = connection.query_one(TAG_ID, [id], |row| row.get(0)).optional()?;
        let add = || connection.query_one(ADD_TAG, params![id, name, LANGUAGE], |row| row.get(0));
        known.map_or_else(add, Ok)
    }

    /// Candidates and boxes of a run of this model, which has `n_components`.
    ///
    /// # Errors
    /// [`ErrorKind::LibraryDamaged`], also for a tag that the vocabulary does not have.
    pub fn unpack(
        &self,
        candidates: &[u8],
        boxes: &[u8],
        n_components: usize,
    ) -> Result<(Vec<Candidate>, Vec<FoundBox>)> {
        let known = self.known();
        let unknown = |what: &str| Error::new(ErrorKind::LibraryDamaged, format!("The model has no such {what}."));
        let meanings = Meanings {
            tag: |number| known.places.get(&number).copied().ok_or_else(|| unknown("tag")),
            component: |nth| if usize::from(nth) < n_components { Ok(nth) } else { Err(unknown("component")) },
        };
        Ok((unpack_candidates(candidates, &meanings)?, unpack_boxes(boxes, &meanings)?))
    }
}
