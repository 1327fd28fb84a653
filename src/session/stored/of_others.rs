//! Those taggings of a library that are own taggers' and providers'. Their tags stay by name and join no vocabulary: a service has more words
//! than that has room for.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::error::Result;
use crate::session::provider_tags::{ProviderTag, ProviderTagging};
use crate::session::results::Session;
use crate::session::stored::{
    DEFAULT_THRESHOLD, Part, RunKind, StoredFacts, StoredRun, StoredTags, component, damaged, described,
};
use crate::tags::candidate::ComponentIdx;
use crate::tags::packed::{PackedCandidate, packed_candidates};
use crate::tags::tagging::Tagging;

/// What own taggers and providers found in some pictures, checked.
pub(super) struct FoundByOthers<'a> {
    by_picture: HashMap<u32, Vec<Found<'a>>>,
    components: HashMap<(RunKind, &'a str), ComponentIdx>,
    /// Of the library's tags, those of the session, by who says them.
    numbers: HashMap<(RunKind, u32), u32>,
}

/// What one run found in a picture.
struct Found<'a> {
    run: &'a StoredRun,
    facts: StoredFacts,
    /// By the library's numbers, with their confidences.
    tags: Vec<(u32, f32)>,
}

impl StoredTags {
    /// `parts`: those of runs of own taggers and providers.
    ///
    /// # Errors
    /// [`ErrorKind::LibraryDamaged`](crate::error::ErrorKind) for anything that does not fit.
    pub(super) fn of_others<'a>(&self, parts: Vec<Part<'a>>) -> Result<FoundByOthers<'a>> {
        let mut by_picture: HashMap<u32, Vec<Found>> = HashMap::new();
        for part in parts {
            let of_picture = by_picture.entry(part.id).or_default();
            if of_picture.iter().any(|one| one.run.id == part.run.id) {
                return Err(damaged(format!("Picture {} comes twice with the run {}.", part.id, part.run.id)));
            }
            of_picture.push(self.found(part)?);
        }
        Ok(FoundByOthers { by_picture, components: HashMap::new(), numbers: HashMap::new() })
    }

    fn found<'a>(&self, part: Part<'a>) -> Result<Found<'a>> {
        let in_picture = described(part.id);
        let tag = |one: Result<PackedCandidate>| {
            let PackedCandidate { tag, confidence, component, .. } = one?;
            if usize::from(component) >= part.run.components.len() {
                return Err(damaged(format!("It names component {component} of a run with fewer.")));
            }
            self.tag(tag)?;
            Ok((tag, confidence))
        };
        if !part.boxes.is_empty() {
            return Err(in_picture(damaged("An own tagger or a provider has boxes.".to_owned())));
        }
        let mut thresholds = part.run.thresholds.iter().flat_map(|all| all.values());
        if let Some(wrong) = thresholds.find(|threshold| !(0.0..=1.0).contains(*threshold)) {
            return Err(in_picture(damaged(format!("It was tagged under a threshold of {wrong}."))));
        }
        let tags = packed_candidates(part.candidates).and_then(|all| all.map(tag).collect());
        Ok(Found { run: part.run, facts: part.facts, tags: tags.map_err(in_picture)? })
    }
}

impl<'a> FoundByOthers<'a> {
    /// Gives each of them a place among `all` components.
    ///
    /// # Errors
    /// As [`component`].
    pub fn name_components(&mut self, all: &mut Vec<String>) -> Result<()> {
        for Found { run, .. } in self.by_picture.values().flatten() {
            let tagger = (run.kind, run.tagger.as_str());
            if let Entry::Vacant(place) = self.components.entry(tagger) {
                place.insert(component(&run.kind.component_of(&run.tagger), all)?);
            }
        }
        Ok(())
    }

    /// For each picture that is left, the newest run and the facts of the file, as if it had found no candidate.
    pub fn standing_in(&self) -> Vec<(u32, &'a StoredRun, Tagging)> {
        let newest = self.by_picture.iter().filter_map(|(&id, found)| {
            let Found { run, facts, .. } = found.iter().max_by_key(|one| one.run.id)?;
            let StoredFacts { facts, timings_ms: timings } = facts.clone();
            Some((id, *run, Tagging { facts, candidates: Vec::new(), boxes: Vec::new(), timings }))
        });
        newest.collect()
    }

    /// What was found in a picture, by the numbers of the `session`.
    pub fn take(&mut self, id: u32, session: &mut Session) -> Vec<ProviderTagging> {
        let Some(found) = self.by_picture.remove(&id) else { return Vec::new() };
        let tagging = |Found { run, tags, .. }: Found| {
            let known = &session.stored_tags.by_id;
            let (by, keys, vocabulary) = (run.kind, &mut session.keys, session.selector.vocabulary());
            let mut number = |tag: u32| session.provider_tags.number(&known[&tag], by, keys, vocabulary);
            let threshold = |tag: u32| {
                let own = || run.thresholds.as_ref()?.get(&known[&tag].id).copied();
                (by == RunKind::Head).then(|| own().unwrap_or(DEFAULT_THRESHOLD))
            };
            let tags = tags.iter().map(|&(tag, confidence)| ProviderTag {
                tag: *self.numbers.entry((by, tag)).or_insert_with(|| number(tag)),
                confidence,
                threshold: threshold(tag),
            });
            let component = self.components[&(by, run.tagger.as_str())];
            let tagging = ProviderTagging::new(component, run.id, run.has_confidence, tags.collect());
            tagging.of_kind(by).with_own(run.own)
        };
        let mut taggings: Vec<ProviderTagging> = found.into_iter().map(tagging).collect();
        taggings.sort_by_key(ProviderTagging::place);
        taggings
    }
}
