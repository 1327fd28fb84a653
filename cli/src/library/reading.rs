//! A collection of a library, as a session has it: files, what shows on them, and what people said.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tagsmith::session::{Failure, StoredTag};
use tagsmith::tags::{AddedTag, Corrections, Rule, StrictWords};
use tagsmith::{ExportFormat, ModelCard, Policy, Result, Session};

use crate::library::opening::{Library, damaged, refused};
use crate::library::queries::{CORRECTIONS, FILE, ORDER, TAGS};
use crate::library::shown::texts;

/// So many files are handed to the session at once.
const PORTION: usize = 200;
/// A policy, and rules over tags, as JSON.
const POLICY: &str = "policy";
const RULES: &str = "rules";
const STRICT_WORDS: &str = "strict_words";

/// A strict vocabulary that is kept, in force or not.
#[derive(Deserialize)]
struct KeptWords {
    is_on: bool,
    words: StrictWords,
}

/// A file of a collection.
#[derive(Debug)]
pub struct StoredFile {
    pub id: u32,
    pub path: String,
    state: State,
    has_own_tags: bool,
}

#[derive(Debug, PartialEq)]
enum State {
    Tagged,
    Failed,
    Waiting,
}

impl StoredFile {
    /// As the page exports it: a picture that failed is a row of a table; it has a caption or a sidecar, as one that waits, if a person gave
    /// it tags.
    pub fn is_exported(&self, format: ExportFormat) -> bool {
        let is_row = self.state == State::Failed && format.picture_files().is_none();
        self.state == State::Tagged || self.has_own_tags || is_row
    }
}

impl Library {
    /// Puts a collection into an empty session, under the policy and the rules of the library. `language`: of the names, if not the
    /// library's.
    ///
    /// # Errors
    /// [`LibraryDamaged`](tagsmith::ErrorKind), and those of the session.
    pub fn load(
        &self,
        collection: i64,
        language: Option<String>,
        card: &ModelCard,
        session: &mut Session,
    ) -> Result<Vec<StoredFile>> {
        let mut policy = self.setting(POLICY)?.unwrap_or_else(|| Policy::from(card.policy));
        policy.language = language.unwrap_or(policy.language);
        session.apply(policy)?;
        session.set_stored_tags(self.all(TAGS, (), stored_tag)?)?;
        let rules: Option<Vec<Rule>> = self.setting(RULES)?;
        session.set_rules(&rules.unwrap_or_default())?;
        let kept: Option<KeptWords> = self.setting::<Option<KeptWords>>(STRICT_WORDS)?.flatten();
        session.set_strict_words(kept.filter(|kept| kept.is_on).map(|kept| kept.words))?;
        let ids: Vec<u32> = self.all(ORDER, [collection], |row| row.get(0))?;
        let runs = self.shown_runs(card)?;
        let mut files = Vec::new();
        for portion in ids.chunks(PORTION) {
            let begin = files.len();
            self.read(|connection| add_files(connection, portion, session, &mut files))?;
            let tagged = files[begin..].iter().filter(|file: &&StoredFile| file.state == State::Tagged);
            let tagged: Vec<u32> = tagged.map(|file| file.id).collect();
            self.read(|connection| runs.shown(connection, &tagged, portion))?.restore(&runs, session)?;
            for (id, texts) in self.read(|connection| texts(connection, portion))? {
                session.set_texts(id, texts);
            }
        }
        Ok(files)
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        read(&self.connection).map_err(|error| refused(&self.name, &error))
    }

    pub(super) fn all<T>(
        &self,
        query: &str,
        params: impl rusqlite::Params,
        make: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.read(|connection| connection.prepare(query)?.query_map(params, make)?.collect())
    }

    fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let find = "SELECT value FROM setting WHERE name = ?1";
        let text: Option<String> =
            self.read(|connection| connection.query_one(find, [name], |row| row.get(0)).optional())?;
        let parse = |text: String| serde_json::from_str(&text);
        text.map(parse)
            .transpose()
            .map_err(|error| damaged(&self.name, &format!("its {name} cannot be read ({error})")))
    }
}

fn stored_tag(row: &Row<'_>) -> rusqlite::Result<StoredTag> {
    Ok(StoredTag { id: row.get(0)?, reference: row.get(1)?, name: row.get(2)?, language: row.get(3)? })
}

/// Adds files to the session, with what people said of them.
fn add_files(
    connection: &Connection,
    ids: &[u32],
    session: &mut Session,
    files: &mut Vec<StoredFile>,
) -> rusqlite::Result<()> {
    let (mut file, mut said) = (connection.prepare(FILE)?, connection.prepare(CORRECTIONS)?);
    let mut rows = file.query([list(ids)])?;
    while let Some(row) = rows.next()? {
        let (id, path, modified_ms, state, failure, reviewed) = file_row(row)?;
        session.add(id, path.clone(), modified_ms);
        if state == State::Failed {
            session.fail(id, failure);
        }
        let mut corrections = Corrections { reviewed, ..Corrections::default() };
        let mut said = said.query([id])?;
        while let Some(row) = said.next()? {
            let reference: String = row.get(1)?;
            if row.get_ref(4)?.as_str()? == "reject" {
                corrections.rejected.push(reference);
            } else {
                let (name, language, in_bulk) = (row.get(2)?, row.get(3)?, row.get(5)?);
                corrections.added.push(AddedTag { id: reference, name, language, in_bulk });
            }
        }
        let has_own_tags = !corrections.added.is_empty();
        session.correct(id, corrections);
        files.push(StoredFile { id, path, state, has_own_tags });
    }
    Ok(())
}

/// Id, path, date, state, why it failed, and whether somebody is done with it.
fn file_row(row: &Row<'_>) -> rusqlite::Result<(u32, String, f64, State, Failure, bool)> {
    let state = match row.get_ref(3)?.as_str()? {
        "tagged" => State::Tagged,
        "failed" => State::Failed,
        _ => State::Waiting,
    };
    let [code, detail]: [Option<String>; 2] = [row.get(4)?, row.get(5)?];
    let failure = Failure { code: code.unwrap_or_default(), detail: detail.unwrap_or_default() };
    let modified_ms: i64 = row.get(2)?;
    Ok((row.get(15)?, row.get(0)?, modified_ms as f64, state, failure, row.get(6)?))
}

/// Ids as the queries take them.
pub(super) fn list<'a>(ids: impl IntoIterator<Item = &'a u32>) -> String {
    serde_json::json!(ids.into_iter().collect::<Vec<_>>()).to_string()
}
