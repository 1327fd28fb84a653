//! What shows of files: the tags that a run of a model found, beside them what own taggers and providers found, and texts. The page has the same rule, by the
//! same queries.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, params};
use tagsmith::session::{OwnLimits, RunKind, StoredRun, StoredTaggings, StoredText, TextField, TextSource};
use tagsmith::{ModelCard, PIPELINE_VERSION, Result, Session};

use crate::library::opening::{Library, damaged};
use crate::library::queries::{RUNS_BY_RANK, SHOWN, TEXTS};
use crate::library::reading::list;

/// More than any picture has: many files may be one asset, so what it has is multiplied.
const MAX_BLOB_BYTES: usize = 1 << 20;
const MAX_TEXT_BYTES: usize = 1 << 14;

/// The runs that may show, the one that is preferred first, and then those of each own tagger and provider.
#[derive(Debug, Default)]
pub struct ShownRuns {
    rows: Vec<StoredRun>,
    /// Parallel to the rows: whether those of the same group that come after it do not show where it does.
    are_ends: Vec<bool>,
}

impl Library {
    /// Those that may show where the model of `card` is in use.
    ///
    /// # Errors
    /// [`LibraryDamaged`](tagsmith::ErrorKind).
    pub(super) fn shown_runs(&self, card: &ModelCard) -> Result<ShownRuns> {
        let of_model = (&card.id, &card.version, PIPELINE_VERSION);
        let mut runs = ShownRuns::default();
        for (mut run, components, thresholds, is_end) in self.all(RUNS_BY_RANK, of_model, run_row)? {
            let id = run.id;
            let unread = |what: &str, error: serde_json::Error| {
                damaged(&self.name, &format!("the {what} of run {id} cannot be read ({error})"))
            };
            run.components = serde_json::from_str(&components).map_err(|error| unread("components", error))?;
            let thresholds = thresholds.map(|text| serde_json::from_str(&text)).transpose();
            run.thresholds = thresholds.map_err(|error| unread("thresholds", error))?;
            runs.rows.push(run);
            runs.are_ends.push(is_end);
        }
        Ok(runs)
    }
}

/// A run without its components and thresholds; these, as they are stored; and whether it is an end.
fn run_row(row: &Row<'_>) -> rusqlite::Result<(StoredRun, String, Option<String>, bool)> {
    let run = StoredRun {
        id: row.get(0)?,
        kind: match row.get_ref(5)?.as_str()? {
            "head" => RunKind::Head,
            "provider" => RunKind::Provider,
            _ => RunKind::Model,
        },
        has_confidence: row.get(6)?,
        own: OwnLimits { threshold: row.get(8)?, max_tags: row.get::<_, Option<u32>>(9)?.map(|n| n as usize) },
        thresholds: None,
        tagger: row.get(1)?,
        version: row.get(2)?,
        pipeline: row.get(3)?,
        components: Vec::new(),
    };
    Ok((run, row.get(4)?, row.get(10)?, row.get(7)?))
}

/// What shows of files that are tagged, as it is stored.
#[derive(Debug, Default)]
pub struct Shown {
    ids: Vec<u32>,
    runs: Vec<u32>,
    facts: Vec<String>,
    lengths: Vec<u32>,
    candidates: Vec<u8>,
    box_lengths: Vec<u32>,
    boxes: Vec<u8>,
}

impl Shown {
    /// # Errors
    /// Those of the session.
    pub fn restore(&self, runs: &ShownRuns, session: &mut Session) -> Result<()> {
        session.restore(&StoredTaggings {
            ids: &self.ids,
            facts: &format!("[{}]", self.facts.join(",")),
            runs: &self.runs,
            run_rows: &runs.rows,
            lengths: &self.lengths,
            candidates: &self.candidates,
            box_lengths: &self.box_lengths,
            boxes: &self.boxes,
        })
    }

    /// Takes a row of the query over files and a run. Gives the file.
    fn add(&mut self, row: &Row<'_>, run: u32) -> rusqlite::Result<u32> {
        let (timings, picture) = (row.get_ref(2)?.as_str()?, row.get_ref(5)?.as_str()?);
        let (candidates, boxes) = (row.get_ref(3)?.as_blob()?, row.get_ref(4)?.as_blob()?);
        let is_absurd = [picture.len(), timings.len()].into_iter().any(|n| n > MAX_TEXT_BYTES)
            || [candidates.len(), boxes.len()].into_iter().any(|n| n > MAX_BLOB_BYTES);
        if is_absurd {
            return Err(rusqlite::Error::IntegralValueOutOfRange(3, candidates.len() as i64));
        }
        let file = row.get(0)?;
        self.ids.push(file);
        self.runs.push(run);
        self.facts.push(format!("{picture},\"timings_ms\":{timings}}}"));
        self.lengths.push(candidates.len() as u32);
        self.candidates.extend_from_slice(candidates);
        self.box_lengths.push(boxes.len() as u32);
        self.boxes.extend_from_slice(boxes);
        Ok(file)
    }
}

impl ShownRuns {
    /// Of the files in `tagged` what the first run of models found that has tagged it; and of those in `files`, of each own tagger and provider,
    /// what its runs found, down to the first that has tagged it and does not only add.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn shown(&self, connection: &Connection, tagged: &[u32], files: &[u32]) -> rusqlite::Result<Shown> {
        let mut stored = Shown::default();
        let mut of_run = connection.prepare(SHOWN)?;
        let is_together = |one: &StoredRun, next: &StoredRun| {
            one.kind == next.kind && (one.kind == RunKind::Model || one.tagger == next.tagger)
        };
        let mut are_ends = self.are_ends.iter();
        for group in self.rows.chunk_by(is_together) {
            let asked = if group[0].kind == RunKind::Model { tagged } else { files };
            let mut missing: BTreeSet<u32> = asked.iter().copied().collect();
            for (run, is_end) in group.iter().zip(are_ends.by_ref()) {
                let mut rows = of_run.query(params![list(&missing), run.id])?;
                while let Some(row) = rows.next()? {
                    let file = stored.add(row, run.id)?;
                    if *is_end {
                        missing.remove(&file);
                    }
                }
            }
        }
        Ok(stored)
    }
}

/// The texts that show, of those files that have any.
///
/// # Errors
/// Those of SQLite.
pub fn texts(connection: &Connection, files: &[u32]) -> rusqlite::Result<BTreeMap<u32, Vec<StoredText>>> {
    let mut query = connection.prepare(TEXTS)?;
    let mut rows = query.query([list(files)])?;
    let mut texts: BTreeMap<u32, Vec<StoredText>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let run: Option<u32> = row.get(5)?;
        let text = StoredText {
            field: field(row.get_ref(1)?.as_str()?),
            text: row.get(2)?,
            source: if run.is_none() { TextSource::Person } else { TextSource::Provider },
            provider: row.get(4)?,
            run,
            language: row.get(3)?,
        };
        texts.entry(row.get(0)?).or_default().push(text);
    }
    Ok(texts)
}

/// The schema lets no other be written.
fn field(name: &str) -> TextField {
    match name {
        "title" => TextField::Title,
        "description" => TextField::Description,
        _ => TextField::AltText,
    }
}
