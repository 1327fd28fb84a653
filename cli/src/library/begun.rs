//! What `--resume` does first: the run, the collection, its files, and what is known of them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use tagsmith::session::Failure;
use tagsmith::{ErrorKind, Limits, PIPELINE_VERSION, Tagger};

use crate::library::queries::{BEGIN_RUN, PUT_FILE, PUT_SETTING};
use crate::library::recording::{ms_of, now_ms};
use crate::library::tag_numbers::TagNumbers;
use crate::path_text::path_text;

const FIND_RUN: &str = "
    SELECT id FROM run WHERE kind = 'model' AND tagger = ?1 AND version = ?2 AND pipeline = ?3 AND components = ?4 AND settings = ?5
        AND undone_ms IS NULL ORDER BY id DESC LIMIT 1";
const REOPEN_RUN: &str = "UPDATE run SET ended_ms = NULL WHERE id = ?1 AND ended_ms IS NOT NULL";
/// A picture that a browser decoded would fail here, or have other pixels.
const KNOWN: &str = "
    SELECT a.sha256, a.size, max(t.run) FROM tagging AS t JOIN run AS r ON r.id = t.run JOIN asset AS a ON a.id = t.asset
    WHERE r.kind = 'model' AND r.tagger = ?1 AND r.version = ?2 AND r.pipeline = ?3 AND r.components = ?4 AND r.undone_ms IS NULL
        AND t.looks = ?5 AND a.decoder IS NULL GROUP BY a.id";
const FILES: &str = "
    SELECT f.path, f.id, f.size, f.modified_ms, a.sha256, f.state, f.failure_code, f.failure_detail
    FROM file AS f LEFT JOIN asset AS a ON a.id = f.asset WHERE f.collection = ?1 ORDER BY f.id";
const CHANGED: &str = "
    UPDATE file SET size = ?2, modified_ms = ?3, state = 'waiting', failure_code = NULL, failure_detail = NULL, removed_ms = NULL WHERE id = ?1";
/// Ids of files are given once, as by the page, which writes the next one here.
const NEXT_ID: &str = "next_file_id";
const FIRST_FREE_ID: &str = "
    SELECT max(coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = ?1), 1), coalesce((SELECT max(id) FROM file), 0) + 1)";
/// The set-up under which the files that failed did so: under another one they are tried again.
const FAILED_UNDER: &str = "failed_under";

/// What decides about a result, besides the picture.
#[derive(Debug)]
pub struct SetUp {
    pub tagger: String,
    pub version: String,
    /// JSON: their names, by position.
    pub components: String,
    pub n_components: usize,
    /// 2 with objects.
    pub looks: u8,
    pub limits: Limits,
}

impl SetUp {
    pub fn new(tagger: &Tagger, limits: Limits) -> Self {
        let components = tagger.card().components();
        Self {
            tagger: tagger.card().id.clone(),
            version: tagger.card().version.clone(),
            components: json!(components).to_string(),
            n_components: components.len(),
            looks: if tagger.has_objects() { 2 } else { 1 },
            limits,
        }
    }

    /// Of whose last layer an embedding is.
    pub fn backbone(&self) -> String {
        format!("{} {}", self.tagger, self.version)
    }

    fn failing(&self) -> String {
        let Self { tagger, version, looks, limits, .. } = self;
        json!({ "tagger": tagger, "version": version, "pipeline": PIPELINE_VERSION, "looks": looks, "limits": limits })
            .to_string()
    }
}

/// A file of the collection.
#[derive(Debug, Clone)]
pub struct KnownFile {
    pub id: i64,
    /// Of the content that it is known to be tagged with.
    pub sha256: Option<Vec<u8>>,
    /// Why it failed, unless it is to be tried again.
    pub failure: Option<Failure>,
}

/// What was tagged with the same set-up.
#[derive(Debug, Default)]
pub struct KnownAssets {
    /// Of what they are, in bytes: no other file has to be hashed.
    sizes: HashSet<usize>,
    run_by_hash: HashMap<[u8; 32], i64>,
}

impl KnownAssets {
    pub fn add(&mut self, hash: [u8; 32], size: usize, run: i64) {
        self.sizes.insert(size);
        self.run_by_hash.insert(hash, run);
    }

    /// Whether there may be one of so many bytes.
    pub fn has_size(&self, size: usize) -> bool {
        self.sizes.contains(&size)
    }

    /// The run that tagged it.
    pub fn run(&self, hash: &[u8; 32]) -> Option<i64> {
        self.run_by_hash.get(hash).copied()
    }
}

/// What is known at the beginning.
pub struct Begun {
    pub run: i64,
    /// Parallel to the pictures.
    pub files: Vec<KnownFile>,
    pub known: KnownAssets,
    pub tags: TagNumbers,
}

impl Begun {
    /// Writes what is new, in one transaction. `title`: of the collection.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn new(
        connection: &Connection,
        title: &str,
        tagger: &Tagger,
        set_up: &SetUp,
        pictures: &[PathBuf],
    ) -> rusqlite::Result<Self> {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let tags = TagNumbers::new(connection, tagger.vocabulary())?;
        let run = begin_run(connection, set_up)?;
        let collection = collection(connection, title)?;
        let failing = set_up.failing();
        let same: Option<String> = connection
            .query_one("SELECT value FROM setting WHERE name = ?1", [FAILED_UNDER], |row| row.get(0))
            .optional()?;
        let files = files(connection, collection, pictures, same.as_ref() == Some(&failing))?;
        connection.execute(PUT_SETTING, [FAILED_UNDER, &failing])?;
        connection.execute_batch("COMMIT")?;
        Ok(Self { run, files, known: known(connection, set_up)?, tags })
    }
}

fn begin_run(connection: &Connection, set_up: &SetUp) -> rusqlite::Result<i64> {
    let SetUp { tagger, version, components, looks, .. } = set_up;
    let settings = json!({ "objects": *looks == 2 }).to_string();
    let found = params![tagger, version, PIPELINE_VERSION, components, settings];
    if let Some(run) = connection.query_one(FIND_RUN, found, |row| row.get(0)).optional()? {
        connection.execute(REOPEN_RUN, [run])?;
        return Ok(run);
    }
    let new = params!["model", tagger, version, PIPELINE_VERSION, components, settings, now_ms()];
    connection.query_one(BEGIN_RUN, new, |row| row.get(0))
}

/// The collection of that name, which is made if it is missing.
fn collection(connection: &Connection, title: &str) -> rusqlite::Result<i64> {
    let found = connection.query_one("SELECT min(id) FROM collection WHERE name = ?1", [title], |row| row.get(0))?;
    if let Some(id) = found {
        return Ok(id);
    }
    let make = "INSERT INTO collection (name, made_ms) VALUES (?1, ?2) RETURNING id";
    connection.query_one(make, params![title, now_ms()], |row| row.get(0))
}

/// What the library says of a path.
struct FileRow {
    file: KnownFile,
    size: i64,
    modified_ms: i64,
}

/// The files of the pictures: those that are new are added, in their order, and those that changed wait again.
fn files(
    connection: &Connection,
    collection: i64,
    pictures: &[PathBuf],
    are_failures_known: bool,
) -> rusqlite::Result<Vec<KnownFile>> {
    let mut by_path = file_rows(connection, collection)?;
    let mut position: i64 = connection.query_one(
        "SELECT coalesce(max(position), 0) FROM file WHERE collection = ?1",
        [collection],
        |row| row.get(0),
    )?;
    let mut next_id: i64 = connection.query_one(FIRST_FREE_ID, [NEXT_ID], |row| row.get(0))?;
    let (mut put, mut change) = (connection.prepare(PUT_FILE)?, connection.prepare(CHANGED)?);
    let mut files = Vec::with_capacity(pictures.len());
    for picture in pictures {
        let path = path_text(picture);
        let (size, modified_ms) = size_and_date(picture);
        let row = match by_path.get_mut(&path) {
            Some(row) => row,
            None => {
                position += 1;
                let new = params![next_id, collection, position, path, size, modified_ms, "waiting"];
                put.execute(new)?;
                let file = KnownFile { id: next_id, sha256: None, failure: None };
                next_id += 1;
                by_path.entry(path).or_insert(FileRow { file, size, modified_ms })
            }
        };
        let is_known = are_failures_known && row.file.failure.as_ref().is_none_or(|failure| !is_to_try_again(failure));
        if (row.size, row.modified_ms) != (size, modified_ms) || !is_known {
            change.execute(params![row.file.id, size, modified_ms])?;
            *row = FileRow { file: KnownFile { id: row.file.id, sha256: None, failure: None }, size, modified_ms };
        }
        files.push(row.file.clone());
    }
    connection.execute(PUT_SETTING, params![NEXT_ID, next_id.to_string()])?;
    Ok(files)
}

/// What could not be opened may be open now, though the file is as it was: only trying tells.
fn is_to_try_again(failure: &Failure) -> bool {
    failure.code == ErrorKind::FileUnreadable.code()
}

fn file_rows(connection: &Connection, collection: i64) -> rusqlite::Result<HashMap<String, FileRow>> {
    let mut rows = connection.prepare(FILES)?;
    let rows = rows.query_map([collection], |row| {
        let is = |state: &str| row.get_ref(5)?.as_str().map(|one| one == state).map_err(rusqlite::Error::from);
        let failure = match (is("failed")?, row.get(6)?, row.get(7)?) {
            (true, Some(code), Some(detail)) => Some(Failure { code, detail }),
            _ => None,
        };
        let sha256 = if is("tagged")? { row.get(4)? } else { None };
        let file = KnownFile { id: row.get(1)?, sha256, failure };
        Ok((row.get(0)?, FileRow { file, size: row.get(2)?, modified_ms: row.get(3)? }))
    })?;
    rows.collect()
}

/// 0 where they cannot be told.
fn size_and_date(path: &Path) -> (i64, i64) {
    fs::metadata(path)
        .map_or((0, 0), |about| (i64::try_from(about.len()).unwrap_or(i64::MAX), about.modified().map_or(0, ms_of)))
}

fn known(connection: &Connection, set_up: &SetUp) -> rusqlite::Result<KnownAssets> {
    let SetUp { tagger, version, components, looks, .. } = set_up;
    let mut rows = connection.prepare(KNOWN)?;
    let found = params![tagger, version, PIPELINE_VERSION, components, looks];
    let mut rows = rows.query(found)?;
    let mut known = KnownAssets::default();
    while let Some(row) = rows.next()? {
        known.add(row.get(0)?, row.get::<_, i64>(1)? as usize, row.get(2)?);
    }
    Ok(known)
}
