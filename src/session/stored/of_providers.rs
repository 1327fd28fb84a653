//! Those taggings of a library that are providers'. Their tags stay by name and join no vocabulary: a service has more words than that has room
//! for.

use std::collections::HashMap;

use crate::error::Result;
use crate::session::provider_tags::{PROVIDER_PREFIX, ProviderTag, ProviderTagging};
use crate::session::results::Session;
use crate::session::stored::{Part, StoredFacts, StoredRun, StoredTags, component, damaged, described};
use crate::tags::candidate::ComponentIdx;
use crate::tags::packed::{PackedCandidate, packed_candidates};
use crate::tags::tagging::Tagging;

/// What providers found in some pictures, checked.
pub(super) struct FoundByProviders<'a> {
    by_picture: HashMap<u32, Vec<Found<'a>>>,
    components: HashMap<&'a str, ComponentIdx>,
    /// Of the library's tags, those of the session.
    numbers: HashMap<u32, u32>,
}

/// What one run found in a picture.
struct Found<'a> {
    run: &'a StoredRun,
    facts: StoredFacts,
    /// By the library's numbers, with their confidences.
    tags: Vec<(u32, f32)>,
}

impl StoredTags {
    /// `parts`: those of runs of providers.
    ///
    /// # Errors
    /// [`ErrorKind::LibraryDamaged`](crate::error::ErrorKind) for anything that does not fit.
    pub(super) fn of_providers<'a>(&self, parts: Vec<Part<'a>>) -> Result<FoundByProviders<'a>> {
        let mut by_picture: HashMap<u32, Vec<Found>> = HashMap::new();
        for part in parts {
            let of_picture = by_picture.entry(part.id).or_default();
            if of_picture.iter().any(|one| one.run.id == part.run.id) {
                return Err(damaged(format!("Picture {} comes twice with the run {}.", part.id, part.run.id)));
            }
            of_picture.push(self.found(part)?);
        }
        Ok(FoundByProviders { by_picture, components: HashMap::new(), numbers: HashMap::new() })
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
            return Err(in_picture(damaged("A provider has boxes.".to_owned())));
        }
        let tags = packed_candidates(part.candidates).and_then(|all| all.map(tag).collect());
        Ok(Found { run: part.run, facts: part.facts, tags: tags.map_err(in_picture)? })
    }
}

impl<'a> FoundByProviders<'a> {
    /// Gives each provider a place among `all` components.
    ///
    /// # Errors
    /// As [`component`].
    pub fn name_components(&mut self, all: &mut Vec<String>) -> Result<()> {
        for Found { run, .. } in self.by_picture.values().flatten() {
            let provider = run.tagger.as_str();
            if !self.components.contains_key(provider) {
                self.components.insert(provider, component(&format!("{PROVIDER_PREFIX}{provider}"), all)?);
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
            let number = |number: u32| {
                let known = &session.stored_tags.by_id[&number];
                session.provider_tags.number(known, &mut session.keys, session.selector.vocabulary())
            };
            let mut number = number;
            let tags = tags.iter().map(|&(tag, confidence)| ProviderTag {
                tag: *self.numbers.entry(tag).or_insert_with(|| number(tag)),
                confidence,
            });
            let component = self.components[run.tagger.as_str()];
            ProviderTagging::new(component, run.id, run.has_confidence, tags.collect()).with_own(run.own)
        };
        let mut taggings: Vec<ProviderTagging> = found.into_iter().map(tagging).collect();
        taggings.sort_by_key(ProviderTagging::place);
        taggings
    }
}
