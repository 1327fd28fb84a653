//! What a library keeps, taken up into a session: its tags, and what runs found in its pictures. The library may be damaged, or somebody
//! else's: everything is checked before anything is taken.

mod of_others;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::{TagEntry, TagIdx, Vocabulary};
use crate::session::entry::{Outcome, SessionEntry, TaggerRef};
use crate::session::provider_tags::{OwnLimits, ProviderTagging};
use crate::session::report::ModelRef;
use crate::session::results::Session;
use crate::tags::candidate::{Candidate, ComponentIdx};
use crate::tags::corrections::TagRef;
use crate::tags::keys::TagKeys;
use crate::tags::packed::{BOX_BYTES, CANDIDATE_BYTES, Meanings, packed_tags, unpack_boxes, unpack_candidates};
use crate::tags::tagging::{PictureFacts, Tagging, Timings};

/// Of a tag of an own tagger whose run says nothing of it.
const DEFAULT_THRESHOLD: f32 = 0.5;

/// Maximum size of a tag's reference or name, in bytes: a hundred characters may each become eighteen when words are compared.
const MAX_TEXT_BYTES: usize = 8 << 10;

/// A row of the library's table of tags.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StoredTag {
    pub id: u32,
    /// A vocabulary's id of the tag, or `own:` and a word.
    #[serde(rename = "ref")]
    pub reference: String,
    pub name: String,
    #[serde(default)]
    pub language: Option<String>,
}

/// Who tagged in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    #[default]
    Model,
    /// A version of an own tagger.
    Head,
    Provider,
}

/// One tagging of many pictures by one tagger.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct StoredRun {
    pub id: u32,
    #[serde(default)]
    pub kind: RunKind,
    /// Whether a provider gave numbers; those of a model always are its own.
    #[serde(default = "yes")]
    pub has_confidence: bool,
    /// Of a provider's.
    #[serde(default)]
    pub own: OwnLimits,
    /// Of an own tagger's: the least confidence shown, by the tag's reference; 0.5 where there is none.
    #[serde(default)]
    pub thresholds: Option<BTreeMap<String, f32>>,
    /// The id of the model, own tagger or provider.
    pub tagger: String,
    pub version: String,
    pub pipeline: u32,
    /// Names of its components, by their position in it.
    pub components: Vec<String>,
}

fn yes() -> bool {
    true
}

/// What runs found in pictures, the columns of a table. A picture comes once with a run of a model, and once with each run of own taggers and
/// providers that shows.
#[derive(Debug, Clone, Copy)]
pub struct StoredTaggings<'a> {
    pub ids: &'a [u32],
    /// JSON: a list of [`PictureFacts`], each with `timings_ms`.
    pub facts: &'a str,
    /// The run of each.
    pub runs: &'a [u32],
    /// What `runs` names.
    pub run_rows: &'a [StoredRun],
    /// Bytes of each one's candidates, which lie one after the other in `candidates`.
    pub lengths: &'a [u32],
    /// As [`pack_candidates`](crate::tags::pack_candidates) writes them.
    pub candidates: &'a [u8],
    /// Bytes of each one's boxes, which lie one after the other in `boxes`.
    pub box_lengths: &'a [u32],
    /// As [`pack_boxes`](crate::tags::pack_boxes) writes them.
    pub boxes: &'a [u8],
}

/// The library's table of tags.
#[derive(Debug, Default)]
pub(super) struct StoredTags {
    by_id: HashMap<u32, TagRef>,
    id_by_ref: HashMap<String, u32>,
}

impl StoredTags {
    pub fn name(&self, reference: &str) -> Option<&str> {
        Some(&self.by_id[self.id_by_ref.get(reference)?].name)
    }

    /// Lets `keys` find those that are tags of the vocabulary under another id. Returns whether they have learnt any.
    pub fn register(&self, keys: &mut TagKeys, vocabulary: &Vocabulary) -> bool {
        let mut have_learnt = false;
        for tag in self.by_id.values() {
            let is_new = keys.find(&tag.id, vocabulary).is_none();
            have_learnt |= keys.known(tag, vocabulary).is_some() && is_new;
        }
        have_learnt
    }

    fn tag(&self, id: u32) -> Result<&TagRef> {
        self.by_id.get(&id).ok_or_else(|| damaged(format!("It names the tag {id}, which the library does not have.")))
    }
}

/// Whether a reference or a name of a tag has a length that one can have.
pub(super) fn is_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_TEXT_BYTES
}

/// Facts of a picture with the durations of its tagging.
#[derive(Clone, Deserialize)]
struct StoredFacts {
    #[serde(flatten)]
    facts: PictureFacts,
    timings_ms: Timings,
}

/// A picture's part of [`StoredTaggings`].
struct Part<'a> {
    id: u32,
    facts: StoredFacts,
    run: &'a StoredRun,
    candidates: &'a [u8],
    boxes: &'a [u8],
}

impl Session {
    /// The library's table of tags, in place of the one before. What [`Session::restore`] and corrections name of it is shown under the
    /// vocabulary's name where it means a tag of that, else under its own.
    ///
    /// # Errors
    /// [`ErrorKind::LibraryDamaged`] for an id or reference that comes twice, and for one without a name or with a very long one; the table
    /// before then stays.
    pub fn set_stored_tags(&mut self, tags: Vec<StoredTag>) -> Result<()> {
        let mut table = StoredTags::default();
        for StoredTag { id, reference, name, language } in tags {
            if !is_text(&reference) || !is_text(&name) || language.as_deref().is_some_and(|language| !is_text(language))
            {
                return Err(damaged(format!("The tag {id} has no name, or one of more than {MAX_TEXT_BYTES} bytes.")));
            }
            let is_new = table.id_by_ref.insert(reference.clone(), id).is_none();
            let tag = TagRef { id: reference, name, language };
            if !is_new || table.by_id.insert(id, tag).is_some() {
                return Err(damaged(format!("The tag {id} is in the library twice.")));
            }
        }
        let is_kept = |(id, tag): (&u32, &TagRef)| table.by_id.get(id) == Some(tag);
        let has_only_grown = self.stored_tags.by_id.iter().all(is_kept);
        self.stored_tags = table;
        if !has_only_grown {
            return self.take_vocabulary(self.vocabulary().clone());
        }
        let have_learnt = self.stored_tags.register(&mut self.keys, self.selector.vocabulary());
        if have_learnt { self.show_anew() } else { Ok(()) }
    }

    /// The results of pictures that were added, as a library keeps them, in place of all before; those of others are passed over. Tags of
    /// models that the vocabulary does not have become guests in it. Of a picture that only others have tagged, the newest of them stands in
    /// for the model, with the facts of the file and without candidates; one that failed stays failed.
    ///
    /// # Errors
    /// [`ErrorKind::LibraryDamaged`] for anything that does not fit, [`ErrorKind::LibraryTooLarge`] for more guests or components than there
    /// is room for. Then no picture has changed.
    pub fn restore<'a>(&mut self, stored: &StoredTaggings<'a>) -> Result<()> {
        let (parts, others): (Vec<_>, Vec<_>) =
            parts(stored)?.into_iter().partition(|part| part.run.kind == RunKind::Model);
        let mut others = self.stored_tags.of_others(others)?;
        let mut seen = HashSet::new();
        if let Some(twice) = parts.iter().find(|part| !seen.insert(part.id)) {
            return Err(damaged(format!("Picture {} has two taggings by models.", twice.id)));
        }
        let places = self.invite(&parts)?;
        let mut components = self.components.clone();
        let mut meaning_of_run = HashMap::new();
        for run in stored.run_rows {
            let meanings =
                run.components.iter().map(|name| component(name, &mut components)).collect::<Result<Vec<_>>>()?;
            meaning_of_run.insert(run.id, meanings);
        }
        let tagging = |part: Part<'a>| {
            let meanings = Meanings {
                tag: |number| Ok(places[&number]),
                component: |nth| {
                    let known = meaning_of_run[&part.run.id].get(usize::from(nth)).copied();
                    known.ok_or_else(|| damaged(format!("It names component {nth} of a run with fewer.")))
                },
            };
            let candidates = unpack_candidates(part.candidates, &meanings).map_err(described(part.id))?;
            let boxes = unpack_boxes(part.boxes, &meanings).map_err(described(part.id))?;
            let StoredFacts { facts, timings_ms: timings } = part.facts;
            Ok((part.id, part.run, Tagging { facts, candidates: each_once(candidates), boxes, timings }))
        };
        let taggings = parts.into_iter().map(tagging).collect::<Result<Vec<_>>>()?;
        others.name_components(&mut components)?;
        self.components = components;
        for (id, run, tagging) in taggings {
            let tagger = self.tagger(run);
            let others = others.take(id, self);
            self.set_found(id, Some(Outcome::tagged(tagging, tagger)), others);
        }
        for (id, run, tagging) in others.standing_in() {
            let others = others.take(id, self);
            let has_failed = matches!(self.pictures.get(&id), Some(SessionEntry { outcome: Outcome::Failed(_), .. }));
            let outcome = (!has_failed).then(|| Outcome::tagged(tagging, self.tagger(run)));
            self.set_found(id, outcome, others);
        }
        Ok(())
    }

    /// What came of a picture that was added, in place of all that was found in it before.
    fn set_found(&mut self, id: u32, outcome: Option<Outcome>, others: Vec<ProviderTagging>) {
        if !self.pictures.contains_key(&id) {
            return;
        }
        self.change(id, |session| {
            if others.is_empty() {
                session.provider_taggings.remove(&id);
            } else {
                session.provider_taggings.insert(id, others);
            }
            if let (Some(entry), Some(outcome)) = (session.pictures.get_mut(&id), outcome) {
                entry.outcome = outcome;
            }
        });
    }

    /// Takes the tags of `parts` into the vocabulary that mean none of it. Returns the place of each.
    fn invite(&mut self, parts: &[Part]) -> Result<HashMap<u32, TagIdx>> {
        let mut used = HashSet::new();
        for part in parts {
            used.extend(packed_tags(part.candidates, CANDIDATE_BYTES)?);
            used.extend(packed_tags(part.boxes, BOX_BYTES)?);
        }
        let mut used: Vec<u32> = used.into_iter().collect();
        used.sort_unstable();
        let known = |id| Ok((id, self.stored_tags.tag(id)?.clone()));
        let tags = used.into_iter().map(known).collect::<Result<Vec<_>>>()?;
        let guest = |(_, tag): &(u32, TagRef)| {
            let is_known = self.keys.names().resolve(tag, self.vocabulary()).is_some();
            (!is_known).then(|| TagEntry::guest(tag.id.clone(), tag.name.clone(), tag.language.as_deref()))
        };
        let guests: Vec<TagEntry> = tags.iter().filter_map(guest).collect();
        if !guests.is_empty() {
            self.take_vocabulary(self.vocabulary().with_guests(guests)?)?;
        }
        let place = |(id, tag)| {
            let idx = self.keys.names().resolve(&tag, self.vocabulary());
            idx.map(|idx| (id, idx)).ok_or_else(|| damaged(format!("Its tag {id} has no place.")))
        };
        tags.into_iter().map(place).collect()
    }

    fn tagger(&mut self, StoredRun { tagger, version, pipeline, .. }: &StoredRun) -> usize {
        let model = ModelRef { id: tagger.clone(), version: version.clone() };
        let tagger = TaggerRef { model, pipeline: *pipeline };
        self.taggers.iter().position(|one| *one == tagger).unwrap_or_else(|| {
            self.taggers.push(tagger);
            self.taggers.len() - 1
        })
    }
}

/// Says of which picture something does not fit.
fn described(id: u32) -> impl Fn(Error) -> Error {
    move |error| damaged(format!("Picture {id} of the library: {}", error.detail()))
}

/// Checks that everything is there once for each picture, and takes it apart.
fn parts<'a>(stored: &StoredTaggings<'a>) -> Result<Vec<Part<'a>>> {
    let StoredTaggings { ids, runs, run_rows, .. } = *stored;
    let facts: Vec<StoredFacts> = serde_json::from_str(stored.facts).map_err(|error| {
        damaged(format!("What is kept of its pictures cannot be read: {error}.")).with_source(error)
    })?;
    let candidates = blobs(stored.candidates, stored.lengths)?;
    let boxes = blobs(stored.boxes, stored.box_lengths)?;
    let lengths = [facts.len(), runs.len(), candidates.len(), boxes.len()];
    if lengths.iter().any(|&length| length != ids.len()) {
        return Err(damaged(format!("It has {} pictures, but their results are of {lengths:?}.", ids.len())));
    }
    let rows: HashMap<u32, &StoredRun> = run_rows.iter().map(|run| (run.id, run)).collect();
    if rows.len() < run_rows.len() {
        return Err(damaged("It has a run twice.".to_owned()));
    }
    let mut parts = Vec::with_capacity(ids.len());
    for (nth, facts) in facts.into_iter().enumerate() {
        let (id, run) = (ids[nth], runs[nth]);
        let Some(&run) = rows.get(&run) else {
            return Err(damaged(format!("Picture {id} names the run {run}, which it does not have.")));
        };
        let sha256 = &facts.facts.sha256;
        if sha256.len() != 64 || !sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(damaged(format!("Picture {id} has the hash {sha256:?}, which is no SHA-256.")));
        }
        parts.push(Part { id, facts, run, candidates: candidates[nth], boxes: boxes[nth] });
    }
    Ok(parts)
}

/// The pieces of `bytes` that have these `lengths`.
fn blobs<'a>(bytes: &'a [u8], lengths: &[u32]) -> Result<Vec<&'a [u8]>> {
    let total: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
    if total != bytes.len() as u64 {
        return Err(damaged(format!("Its results have {} bytes, but their lengths add up to {total}.", bytes.len())));
    }
    let mut rest = bytes;
    let piece = |&length: &u32| {
        let (piece, after) = rest.split_at(length as usize);
        rest = after;
        piece
    };
    Ok(lengths.iter().map(piece).collect())
}

/// The position of a component's name among `all`, where it is put if it is new.
pub(super) fn component(name: &str, all: &mut Vec<String>) -> Result<ComponentIdx> {
    let at = all.iter().position(|one| one == name).unwrap_or_else(|| {
        all.push(name.to_owned());
        all.len() - 1
    });
    ComponentIdx::try_from(at).map_err(|_| {
        let detail = format!("The library's runs have more than {} components. Undo some of them.", ComponentIdx::MAX);
        Error::new(ErrorKind::LibraryTooLarge, detail)
    })
}

/// The surest first, and of tags that are one here only that. Ties stay as the run had them: where guests stand depends on what was restored
/// before.
fn each_once(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut seen = HashSet::with_capacity(candidates.len());
    candidates.retain(|one| seen.insert(one.tag));
    candidates
}

/// `detail`: what does not fit.
fn damaged(detail: String) -> Error {
    Error::new(ErrorKind::LibraryDamaged, detail)
}
