//! Own taggers of a library: what they learn from, their trainings and versions, as the page keeps them and by the same queries.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;
use tagsmith::tags::Embedding;
use tagsmith::{Result, TagRef};

use crate::library::opening::{Library, damaged};
use crate::library::queries::{
    BEGIN_TRAINING, EMBEDDINGS, END_TRAINING, EXAMPLES, MOVED_EXAMPLES, N_FEATURES, ORDER, OTHER_EMBEDDINGS,
    OWN_TAGGERS, PUT_EMBEDDING, PUT_HEAD, PUT_SQUARE, PUT_VIEW, SAID, TAUGHT_SINCE, TRAININGS, USE_HEAD, USE_NO_HEAD,
};
use crate::library::reading::list;
use crate::library::recording::now_ms;

/// As the page has it: far more than a square of the largest input that a model has.
const MAX_SQUARE_BYTES: usize = 256 << 10;
/// Before the number of a collection, in the names of settings.
const SMART_TAGS: &str = "smart_tags ";
const HAS_VERSION: &str = "SELECT EXISTS (SELECT 1 FROM head WHERE own_tagger = ?1)";
const SMART: &str = "SELECT name FROM setting WHERE name GLOB 'smart_tags *' AND value = 'true'";
const SQUARE: &str = "SELECT picture FROM square WHERE asset = ?1";

/// A tagger that a person teaches.
#[derive(Debug)]
pub struct OwnTagger {
    pub id: String,
    pub name: String,
    /// Of whoever teaches it: collections, schedule.
    pub settings: serde_json::Value,
    /// Whether it tags.
    pub is_used: bool,
    pub made_ms: i64,
}

/// A file to learn from.
#[derive(Debug)]
pub struct ExampleFile {
    pub file: u32,
    pub path: String,
    /// None where it was never read.
    pub asset: Option<i64>,
    pub sha256: [u8; 32],
    /// Of the original, in pixels; 0 where that is unknown.
    pub longer_side: u32,
    pub given: Vec<TagRef>,
    pub rejected: Vec<TagRef>,
    /// The picture's own embedding, then those of the views that were asked for and are there; none where the first is missing.
    pub views: Vec<Embedding>,
}

/// Embeddings of one backbone.
#[derive(Debug, Clone, Copy)]
pub struct OfBackbone<'a> {
    /// The model's id and version, as embeddings have it.
    pub backbone: &'a str,
    /// Their length; those of another length count as missing.
    pub n_features: u32,
}

/// A training that has begun and not ended.
#[derive(Debug)]
pub struct OpenTraining {
    pub id: i64,
    /// Of the version that it makes.
    pub number: u32,
    pub title: String,
}

/// What a training has made.
#[derive(Debug)]
pub struct NewHead<'a> {
    pub seed: u64,
    pub backbone: &'a str,
    pub n_examples: u32,
    /// JSON: a list of tags with `id`, `name` and `threshold`.
    pub tags: String,
    /// docs/formats/head.md.
    pub file: String,
    /// JSON.
    pub report: Option<String>,
}

/// How a training has ended.
#[derive(Debug)]
pub enum TrainingEnd<'a> {
    Made(NewHead<'a>),
    /// An error code, and a sentence.
    Failed(&'a str, &'a str),
}

/// The tags that a person gave, and those that they rejected.
type Said = (Vec<TagRef>, Vec<TagRef>);

impl Library {
    /// Those that were not removed, the first made first.
    ///
    /// # Errors
    /// [`LibraryDamaged`](tagsmith::ErrorKind), as all of these.
    pub fn own_taggers(&self) -> Result<Vec<OwnTagger>> {
        let rows = self.all(OWN_TAGGERS, (), |row| {
            let settings: String = row.get(2)?;
            Ok((settings, row.get(0)?, row.get(1)?, row.get(3)?, row.get(4)?))
        })?;
        let tagger = |(settings, id, name, is_used, made_ms): (String, String, String, bool, i64)| {
            let settings = serde_json::from_str(&settings)
                .map_err(|error| damaged(&self.name, &format!("the settings of {id} cannot be read ({error})")))?;
            Ok(OwnTagger { id, name, settings, is_used, made_ms })
        };
        rows.into_iter().map(tagger).collect()
    }

    /// What came with a file of the tagger, as its settings have it: JSON.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn moved_examples(&self, own_tagger: &str) -> Result<Option<String>> {
        self.read(|connection| connection.query_one(MOVED_EXAMPLES, [own_tagger], |row| row.get(0)))
    }

    /// Collections that have smart tags on: only for those anything is done that nobody asked for.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn smart_collections(&self) -> Result<Vec<i64>> {
        let names = self.all(SMART, (), |row| row.get::<_, String>(0))?;
        Ok(names.iter().filter_map(|name| name.strip_prefix(SMART_TAGS)?.parse().ok()).collect())
    }

    /// When trainings of a tagger began, the newest first; also of those that failed.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn trainings_begun(&self, own_tagger: &str) -> Result<Vec<i64>> {
        self.all(TRAININGS, [own_tagger], |row| row.get(3))
    }

    /// The newest training of a tagger, if it is open and no page is at it: whoever was has been ended.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn open_training(&self, own_tagger: &str) -> Result<Option<OpenTraining>> {
        let all = self.all(TRAININGS, [own_tagger], |row| {
            let is_open = row.get::<_, Option<i64>>(4)?.is_none() && row.get::<_, Option<String>>(8)?.is_none();
            let training = OpenTraining { id: row.get(0)?, number: row.get(2)?, title: row.get(6)? };
            Ok(is_open.then_some(training))
        })?;
        Ok(all.into_iter().next().flatten())
    }

    /// Whether a tagger was ever trained to an end.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn has_version(&self, id: &str) -> Result<bool> {
        self.read(|connection| connection.query_one(HAS_VERSION, [id], |row| row.get(0)))
    }

    /// Of how many files a person said something since then: of these files where there are any, else of the collections; and, where
    /// tags are named, only something of them.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn taught_since(
        &self,
        collections: &[i64],
        files: &[u32],
        tags: Option<&[String]>,
        since_ms: i64,
    ) -> Result<u32> {
        let [collections, files] = [json!(collections), json!(files)].map(|list| list.to_string());
        let tags = tags.map(|tags| json!(tags).to_string());
        self.read(|connection| {
            connection.query_one(TAUGHT_SINCE, params![collections, since_ms, files, tags], |row| row.get(0))
        })
    }

    /// How many numbers the embeddings of a backbone have; None where there are none.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn n_features_of(&self, backbone: &str) -> Result<Option<u32>> {
        self.read(|connection| connection.query_one(N_FEATURES, [backbone], |row| row.get(0)).optional())
    }

    /// The files of the collections, and these, each once, of which a person said something; without those that were taken off.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn training_files(
        &self,
        collections: &[i64],
        files: &[u32],
        of: OfBackbone<'_>,
        view_names: &[&str],
    ) -> Result<Vec<ExampleFile>> {
        let mut ids: Vec<u32> = Vec::new();
        for collection in collections {
            ids.extend(self.all(ORDER, [collection], |row| row.get::<_, u32>(0))?);
        }
        ids.extend(files);
        let mut said = self.said(&ids)?;
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| said.contains_key(id) && seen.insert(*id));
        let mut views: BTreeMap<u32, Vec<Embedding>> = BTreeMap::new();
        let names = json!(view_names).to_string();
        for (file, is_own, embedding) in
            self.all(EMBEDDINGS, params![list(&ids), of.backbone, of.n_features, names], |row| {
                Ok((row.get(0)?, row.get_ref(1)?.as_str()?.is_empty(), embedding(row)?))
            })?
        {
            match views.entry(file) {
                Entry::Occupied(mut entry) => entry.get_mut().push(embedding),
                // A view of one without an embedding of its own says nothing of it.
                Entry::Vacant(entry) if is_own => drop(entry.insert(vec![embedding])),
                Entry::Vacant(_) => {}
            }
        }
        let rows = self.all(EXAMPLES, params![list(&ids), of.backbone, of.n_features, names], |row| {
            let asset: i64 = row.get(1)?;
            Ok((row.get(0)?, row.get(7)?, asset, row.get::<_, Option<[u8; 32]>>(2)?, row.get(4)?))
        })?;
        let example = |(file, path, asset, sha256, longer_side): (u32, String, i64, Option<[u8; 32]>, u32)| {
            let (given, rejected) = said.remove(&file).unwrap_or_default();
            let (asset, sha256) = ((asset > 0).then_some(asset), sha256.unwrap_or_default());
            let views = views.remove(&file).unwrap_or_default();
            ExampleFile { file, path, asset, sha256, longer_side, given, rejected, views }
        };
        Ok(rows.into_iter().map(example).collect())
    }

    /// What a person gave and rejected of each file.
    fn said(&self, ids: &[u32]) -> Result<BTreeMap<u32, Said>> {
        let mut said: BTreeMap<u32, Said> = BTreeMap::new();
        let rows = self.all(SAID, [list(ids)], |row| {
            let tag = TagRef { id: row.get(2)?, name: row.get(3)?, language: row.get(4)? };
            Ok((row.get::<_, u32>(0)?, row.get::<_, bool>(1)?, tag))
        })?;
        for (file, is_given, tag) in rows {
            let of_file = said.entry(file).or_default();
            if is_given { of_file.0.push(tag) } else { of_file.1.push(tag) }
        }
        Ok(said)
    }

    /// Embeddings of at most `n` pictures that none of the files `without` holds: always the same ones.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn other_embeddings(&self, without: &[u32], n: u32, of: OfBackbone<'_>) -> Result<Vec<Embedding>> {
        self.all(OTHER_EMBEDDINGS, params![list(without), of.backbone, of.n_features, n], embedding)
    }

    /// What the network saw of an asset.
    ///
    /// # Errors
    /// Those of [`Library::own_taggers`].
    pub fn square(&self, asset: i64) -> Result<Option<Vec<u8>>> {
        self.read(|connection| connection.query_one(SQUARE, [asset], |row| row.get(0)).optional())
    }

    /// Keeps embeddings of an asset: of views by their names, "" for the picture's own; and what the network saw, if it is to be kept.
    ///
    /// # Errors
    /// Those of writing.
    pub fn record_embeddings(
        &self,
        asset: i64,
        backbone: &str,
        views: &[(&str, &Embedding)],
        square: Option<&[u8]>,
    ) -> Result<()> {
        self.read(|connection| {
            let transaction = connection.unchecked_transaction()?;
            for (name, Embedding { scale, vector }) in views {
                let vector: Vec<u8> = vector.iter().map(|&one| one.cast_unsigned()).collect();
                if name.is_empty() {
                    transaction.execute(PUT_EMBEDDING, params![asset, backbone, scale, vector])?;
                } else {
                    transaction.execute(PUT_VIEW, params![asset, backbone, name, scale, vector])?;
                }
            }
            if let Some(square) = square.filter(|square| (1..=MAX_SQUARE_BYTES).contains(&square.len())) {
                transaction.execute(PUT_SQUARE, params![asset, square])?;
            }
            transaction.commit()
        })
    }

    /// Writes that a training begins. Gives its id and the number of the version that it makes; None where the tagger is gone. `reason`:
    /// `person`, `weekly`, `after_n` or `import`.
    ///
    /// # Errors
    /// Those of writing.
    pub fn begin_training(&self, own_tagger: &str, reason: &str, title: &str) -> Result<Option<(i64, u32)>> {
        let now = now_ms();
        self.read(|connection| {
            // Ids are the page's numbers: microseconds, so that none comes twice.
            let next = "SELECT max(?1 * 1000, coalesce((SELECT max(id) FROM training), 0) + 1)";
            let id: i64 = connection.query_one(next, [now], |row| row.get(0))?;
            connection.execute(BEGIN_TRAINING, params![id, own_tagger, now, reason, title, "", None::<String>])?;
            let number = "SELECT number FROM training WHERE id = ?1";
            let number: Option<u32> = connection.query_one(number, [id], |row| row.get(0)).optional()?;
            Ok(number.map(|number| (id, number)))
        })
    }

    /// Writes how a training has ended; the version that it has made is in use from now on.
    ///
    /// # Errors
    /// Those of writing.
    pub fn end_training(&self, id: i64, end: &TrainingEnd<'_>) -> Result<()> {
        let now = now_ms();
        self.read(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let failure = match end {
                TrainingEnd::Failed(code, detail) => (Some(code), Some(detail)),
                TrainingEnd::Made(_) => (None, None),
            };
            let n = transaction.execute(END_TRAINING, params![id, now, failure.0, failure.1])?;
            if let (TrainingEnd::Made(head), 1) = (end, n) {
                let NewHead { seed, backbone, n_examples, tags, file, report } = head;
                let seed = i64::try_from(*seed).unwrap_or(i64::MAX) & ((1 << 53) - 1);
                transaction.execute(PUT_HEAD, params![id, now, seed, backbone, n_examples, tags, file, report])?;
                let tagger = "SELECT own_tagger FROM head WHERE id = ?1";
                let tagger: String = transaction.query_one(tagger, [id], |row| row.get(0))?;
                transaction.execute(USE_NO_HEAD, [&tagger])?;
                transaction.execute(USE_HEAD, params![tagger, id])?;
            }
            transaction.commit()
        })
    }
}

/// Of a row of file, name, scale and vector.
fn embedding(row: &Row<'_>) -> rusqlite::Result<Embedding> {
    let vector = row.get_ref(3)?.as_blob()?.iter().map(|&one| one.cast_signed()).collect();
    Ok(Embedding { scale: row.get(2)?, vector })
}
