//! `tagsmith tag --resume`: what a library has of the pictures already, and what it gets.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, params};
use tagsmith::session::Failure;
use tagsmith::tags::{Embedding, PictureFacts, Tagging};
use tagsmith::{Limits, Tagger, sha256};

use crate::library::begun::{Begun, KnownAssets, KnownFile, SetUp};
use crate::library::opening::{Library, refused, with_code};
use crate::library::queries::{FILE_FAILED, FILE_TAGGED, PUT_ASSET, PUT_EMBEDDING, PUT_TAGGING};
use crate::library::recording::{Recorder, now_ms};
use crate::library::tag_numbers::TagNumbers;

/// What run ?2 found in the asset with the hash ?1.
const KNOWN_TAGGING: &str = "
    SELECT a.id, a.width, a.height, a.format, a.is_incomplete, a.taken_ms, t.timings, t.candidates, t.boxes
    FROM asset AS a JOIN tagging AS t ON t.asset = a.id WHERE a.sha256 = ?1 AND t.run = ?2";
const KNOWN_EMBEDDING: &str = "
    SELECT e.scale, e.vector FROM asset AS a JOIN embedding AS e ON e.asset = a.id WHERE a.sha256 = ?1 AND e.backbone = ?2";
const END_RUN: &str = "UPDATE run SET ended_ms = ?2 WHERE id = ?1";

/// A run that goes on where one before it ended. Pictures are named by their positions.
pub struct Resume {
    recorder: Recorder,
    set_up: SetUp,
    run: i64,
    files: Vec<KnownFile>,
    tags: TagNumbers,
    known: Mutex<KnownAssets>,
    /// Pictures whose result is written, with its transaction. What comes later, of one that was given up, is not another.
    written: Mutex<HashMap<usize, u64>>,
}

impl Resume {
    /// Opens a library, or makes one, for `pictures`. `is_stopped` is set once nothing more can be written.
    ///
    /// # Errors
    /// Those of [`Library::open_or_make`], and those of the system.
    pub fn open(
        path: &Path,
        tagger: &Tagger,
        limits: Limits,
        pictures: &[PathBuf],
        is_stopped: Arc<AtomicBool>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let library = Library::open_or_make(path).map_err(with_code)?;
        let title = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let set_up = SetUp::new(tagger, limits);
        let begun = Begun::new(&library.connection, &title, tagger, &set_up, pictures);
        let Begun { run, files, known, tags } = begun.map_err(|error| with_code(refused(&library.name, &error)))?;
        let recorder = Recorder::new(library, is_stopped)?;
        Ok(Self { recorder, set_up, run, files, tags, known: Mutex::new(known), written: Mutex::default() })
    }

    /// Why a picture failed before, if it did with the same set-up and is as it was.
    pub fn known_failure(&self, at: usize) -> Option<&Failure> {
        self.files[at].failure.as_ref()
    }

    /// What was found in a picture, by the bytes of its file. Where the library makes no sense of it, nothing: then it is tagged again.
    pub fn known(&self, at: usize, file: &[u8]) -> Option<Tagging> {
        if !self.known_assets().has_size(file.len()) {
            return None;
        }
        let sha256 = sha256(file);
        let hash = hash_bytes(&sha256);
        let run = self.known_assets().run(&hash)?;
        let read = |connection: &Connection| {
            connection.query_one(KNOWN_TAGGING, params![hash, run], |row| {
                let facts = PictureFacts {
                    sha256: sha256.clone(),
                    width: row.get(1)?,
                    height: row.get(2)?,
                    format: row.get(3)?,
                    incomplete: row.get(4)?,
                    taken_ms: row.get(5)?,
                    ..PictureFacts::default()
                };
                let [candidates, boxes]: [Vec<u8>; 2] = [row.get(7)?, row.get(8)?];
                Ok((row.get(0)?, facts, row.get::<_, String>(6)?, candidates, boxes))
            })
        };
        let (asset, facts, timings, candidates, boxes) = self.recorder.read(read).ok()?;
        let (candidates, boxes) = self.tags.unpack(&candidates, &boxes, self.set_up.n_components).ok()?;
        let timings = serde_json::from_str(&timings).ok()?;
        let is_noted = self.files[at].sha256.as_deref() == Some(&hash[..]);
        if !is_noted {
            self.write(at, |connection| self.note_tagged(connection, at, asset));
        }
        Some(Tagging { facts, candidates, boxes, timings })
    }

    /// The embedding of the content with this hash, if it is kept.
    pub fn embedding(&self, sha256: &str) -> Option<Embedding> {
        let read = |connection: &Connection| {
            connection.query_one(KNOWN_EMBEDDING, params![hash_bytes(sha256), self.set_up.backbone()], |row| {
                let vector: Vec<u8> = row.get(1)?;
                Ok(Embedding { scale: row.get(0)?, vector: vector.into_iter().map(u8::cast_signed).collect() })
            })
        };
        self.recorder.read(read).ok()
    }

    /// Keeps what was found in a picture, of a file of `size` bytes.
    pub fn record(&self, at: usize, tagging: &Tagging, size: usize, embedding: Option<&[f32]>) {
        let Tagging { facts, candidates, boxes, timings } = tagging;
        let timings = serde_json::to_string(timings).expect("timings are numbers");
        // Without the second look, although there is a detector, it is looked at again another time.
        let looks = if tagging.timings.objects.is_some() { 2 } else { 1 };
        let hash = hash_bytes(&facts.sha256);
        let embedding = embedding.and_then(Embedding::new);
        self.write(at, |connection| {
            let (candidates, boxes) = self.tags.pack(connection, candidates, boxes)?;
            let asset = params![
                hash,
                size as i64,
                facts.width,
                facts.height,
                facts.format,
                facts.incomplete,
                None::<String>,
                facts.taken_ms
            ];
            let asset: i64 = connection.query_one(PUT_ASSET, asset, |row| row.get(0))?;
            let tagging = params![asset, self.run, looks, timings, candidates, boxes, now_ms()];
            connection.execute(PUT_TAGGING, tagging)?;
            if let Some(Embedding { scale, vector }) = embedding {
                let vector: Vec<u8> = vector.into_iter().map(i8::cast_unsigned).collect();
                connection.execute(PUT_EMBEDDING, params![asset, self.set_up.backbone(), scale, vector])?;
            }
            self.note_tagged(connection, at, asset)
        });
        if looks == self.set_up.looks {
            self.known_assets().add(hash, size, self.run);
        }
    }

    fn known_assets(&self) -> MutexGuard<'_, KnownAssets> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_tagged(&self, connection: &Connection, at: usize, asset: i64) -> rusqlite::Result<()> {
        connection.execute(FILE_TAGGED, [self.files[at].id, asset]).map(drop)
    }

    /// Keeps why a picture could not be tagged.
    pub fn record_failure(&self, at: usize, Failure { code, detail }: &Failure) {
        self.write(at, |connection| {
            let failed = params![self.files[at].id, code, detail];
            connection.execute(FILE_FAILED, failed).map(drop)
        });
    }

    fn write(&self, at: usize, write: impl FnOnce(&Connection) -> rusqlite::Result<()>) {
        self.written().entry(at).or_insert_with(|| self.recorder.write(write));
    }

    fn written(&self) -> MutexGuard<'_, HashMap<usize, u64>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the result of a picture is there even if the program ends now.
    pub fn settle(&self, at: usize) {
        let transaction = self.written().get(&at).copied();
        if let Some(transaction) = transaction {
            self.recorder.wait(transaction);
        }
    }

    /// Commits what is left. `is_done`: no picture is.
    ///
    /// # Errors
    /// A sentence, if something could not be written.
    pub fn finish(&self, is_done: bool) -> Result<(), String> {
        if is_done {
            self.recorder.write(|connection| connection.execute(END_RUN, [self.run, now_ms()]).map(drop));
        }
        self.recorder.finish()
    }
}

/// # Panics
/// If it is not the hash that [`tagsmith::sha256`] writes.
pub fn hash_bytes(sha256: &str) -> [u8; 32] {
    let byte = |at: usize| u8::from_str_radix(&sha256[2 * at..2 * at + 2], 16).expect("64 hexadecimal digits");
    std::array::from_fn(byte)
}
