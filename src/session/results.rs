//! The results of many pictures. Keeps every picture's candidates, so that a new policy applies to all of them without running the
//! network, in microseconds per picture.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use crate::error::Result;
use crate::model::card::ModelCard;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::session::counts::{Contribution, Counts};
use crate::session::hand_over::write_reports;
use crate::session::report::{Failure, ModelRef, PIPELINE_VERSION, ReportTag, TagReport, TaggedReport};
use crate::session::summary::Summary;
use crate::tags::corrections::{self, Corrections, ResolvedCorrections, TagRef};
use crate::tags::policy::Policy;
use crate::tags::select::Selector;
use crate::tags::tagging::Tagging;

/// Number of frequent tags in a [`Summary`].
const N_FREQUENT: usize = 12;
/// Maximum number of near misses in [`Details`].
const N_NEAR_MISSES: usize = 6;

/// Pictures by id, with their results and corrections, under one policy.
#[derive(Debug)]
pub struct Session {
    model: ModelRef,
    /// Names of the components, by [`ComponentIdx`](crate::tags::ComponentIdx).
    components: Vec<String>,
    pub(super) selector: Selector,
    pub(super) pictures: BTreeMap<u32, SessionEntry>,
    counts: Counts,
    /// By id; also for pictures that are not tagged yet.
    corrections: BTreeMap<u32, ResolvedCorrections>,
    no_corrections: ResolvedCorrections,
}

#[derive(Debug)]
pub(super) struct SessionEntry {
    path: String,
    pub(super) outcome: Result<Tagging, Failure>,
}

/// The tags of one picture that are not shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Details {
    pub near_misses: Vec<ReportTag>,
    /// Tags that a person rejected.
    pub rejected: Vec<TagRef>,
}

/// Which pictures [`Session::find`] returns.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PictureFilter {
    /// Tagged, but no tag is shown.
    Untagged,
    Failed,
    /// Corrected by a person.
    Corrected,
    /// Showing this tag or a descendant.
    Tag {
        id: String,
    },
}

impl Session {
    /// An empty session under the card's own policy.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind) if that policy is invalid.
    pub fn new(card: &ModelCard, vocabulary: Vocabulary) -> Result<Self> {
        let counts = Counts::new(&vocabulary);
        let selector = Selector::new(card.policy.into(), card.policy.min_parent, Arc::new(vocabulary))?;
        Ok(Self {
            model: card.into(),
            components: card.components(),
            selector,
            pictures: BTreeMap::new(),
            counts,
            corrections: BTreeMap::new(),
            no_corrections: ResolvedCorrections::default(),
        })
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        self.selector.vocabulary()
    }

    /// How many components of the model can predict tags.
    pub fn n_components(&self) -> usize {
        self.components.len()
    }

    /// The policy's language.
    pub fn language(&self) -> &str {
        &self.selector.policy().language
    }

    /// Adds or replaces a picture.
    pub fn put(&mut self, id: u32, path: String, tagging: Tagging) {
        self.change(id, |session| {
            session.pictures.insert(id, SessionEntry { path, outcome: Ok(tagging) });
        });
    }

    /// Adds or replaces a picture that could not be tagged.
    pub fn fail(&mut self, id: u32, path: String, failure: Failure) {
        self.change(id, |session| {
            session.pictures.insert(id, SessionEntry { path, outcome: Err(failure) });
        });
    }

    /// Removes a picture. Its corrections are kept, in case it is added again.
    pub fn remove(&mut self, id: u32) {
        self.change(id, |session| {
            session.pictures.remove(&id);
        });
    }

    /// Replaces the corrections of a picture.
    pub fn correct(&mut self, id: u32, corrections: Corrections) {
        let resolved = ResolvedCorrections::new(corrections, self.vocabulary());
        self.change(id, |session| {
            if resolved.corrections.is_empty() {
                session.corrections.remove(&id);
            } else {
                session.corrections.insert(id, resolved);
            }
        });
    }

    /// Applies `policy` to all present and future pictures. List entries that the vocabulary does not know are ignored.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind); the previous policy then stays in force.
    pub fn apply(&mut self, policy: Policy) -> Result<Summary> {
        self.selector = self.selector.with_policy(policy.for_vocabulary(self.vocabulary()))?;
        self.counts = Counts::new(self.vocabulary());
        for id in self.pictures.keys().copied().collect::<Vec<_>>() {
            if let Some(contribution) = self.contribution(id) {
                self.counts.add(&contribution);
            }
        }
        Ok(self.summary())
    }

    /// Counts over all pictures. They are updated with every change, so the cost does not depend on the number of pictures.
    pub fn summary(&self) -> Summary {
        self.counts.summary(&self.selector, N_FREQUENT)
    }

    /// Changes one picture and updates the counts.
    fn change(&mut self, id: u32, change: impl FnOnce(&mut Self)) {
        if let Some(before) = self.contribution(id) {
            self.counts.subtract(&before);
        }
        change(self);
        if let Some(after) = self.contribution(id) {
            self.counts.add(&after);
        }
    }

    fn contribution(&self, id: u32) -> Option<Contribution> {
        let outcome = self.pictures.get(&id)?.outcome.as_ref();
        let candidates = outcome.ok().map(|tagging| &tagging.candidates[..]);
        Some(Contribution::of(candidates, self.corrections.get(&id), &self.selector))
    }

    /// The shown tags of a picture: those that a person added, then those that the policy shows of the model's.
    pub fn tags(&self, id: u32) -> Vec<ReportTag> {
        let Some(picture) = self.pictures.get(&id) else { return Vec::new() };
        let (corrections, language) = (self.corrections_of(id), self.language());
        let candidates = picture.outcome.as_ref().map_or(&[][..], |tagging| &tagging.candidates);
        let score =
            |idx: TagIdx| candidates.iter().find(|candidate| candidate.tag == idx).map(|candidate| candidate.score);
        let added = corrections.corrections.added.iter().zip(&corrections.added);
        let manual =
            added.map(|(tag, &idx)| ReportTag::manual(tag, idx, idx.and_then(score), self.vocabulary(), language));
        let auto = self.selector.select_named(candidates, corrections);
        manual
            .chain(auto.into_iter().map(|tag| ReportTag::new(tag, &self.components, self.vocabulary(), language)))
            .collect()
    }

    /// A picture's near misses and rejected tags.
    pub fn details(&self, id: u32) -> Details {
        let (corrections, language) = (self.corrections_of(id), self.language());
        let near_misses = match self.pictures.get(&id).map(|picture| &picture.outcome) {
            Some(Ok(tagging)) => self.selector.near_misses(&tagging.candidates, corrections, N_NEAR_MISSES),
            _ => Vec::new(),
        };
        let name = |id: &String| match self.vocabulary().idx(id) {
            Some(idx) => self.vocabulary().tag(idx).name(language).to_owned(),
            None => id.clone(),
        };
        Details {
            near_misses: near_misses
                .into_iter()
                .map(|tag| ReportTag::new(tag, &self.components, self.vocabulary(), language))
                .collect(),
            rejected: corrections
                .corrections
                .rejected
                .iter()
                .map(|id| TagRef { id: id.clone(), name: name(id) })
                .collect(),
        }
    }

    /// The ids of the pictures that match a filter, ascending.
    pub fn find(&self, filter: &PictureFilter) -> Vec<u32> {
        let shows = |id: u32, wanted: &str| {
            self.tags(id).iter().any(|tag| tag.id == wanted || tag.parents.iter().any(|above| above == wanted))
        };
        let is_wanted = |id: u32, picture: &SessionEntry| match filter {
            PictureFilter::Untagged => picture.outcome.is_ok() && self.tags(id).is_empty(),
            PictureFilter::Failed => picture.outcome.is_err(),
            PictureFilter::Corrected => self.corrections.contains_key(&id),
            PictureFilter::Tag { id: tag } => shows(id, tag),
        };
        self.pictures.iter().filter(|&(&id, picture)| is_wanted(id, picture)).map(|(&id, _)| id).collect()
    }

    /// At most `n` tags that begin with what a person has `typed`: free words used before, then tags of the vocabulary.
    pub fn completions(&self, typed: &str, n: usize) -> Vec<TagRef> {
        let wanted = typed.trim().to_lowercase();
        let used: BTreeSet<&TagRef> =
            self.corrections.values().flat_map(|corrections| &corrections.corrections.added).collect();
        let free = used.into_iter().filter(|tag| {
            !wanted.is_empty()
                && self.vocabulary().idx(&tag.id).is_none()
                && tag.name.to_lowercase().starts_with(&wanted)
        });
        let known = corrections::completions(typed, self.vocabulary(), self.language(), n);
        free.cloned().chain(known).take(n).collect()
    }

    /// The tag that a person means by `text`.
    ///
    /// # Errors
    /// [`ErrorKind::TagInvalid`](crate::error::ErrorKind) for text that is empty or too long.
    pub fn tag_ref(&self, text: &str) -> Result<TagRef> {
        corrections::tag_ref(text, self.vocabulary(), self.language())
    }

    pub(super) fn corrections_of(&self, id: u32) -> &ResolvedCorrections {
        self.corrections.get(&id).unwrap_or(&self.no_corrections)
    }

    /// Reports of the pictures `ids`, in that order, for [`read_reports`](crate::session::read_reports). Unknown ids are skipped.
    pub fn reports(&self, ids: &[u32]) -> String {
        write_reports(ids.iter().filter_map(|id| Some(self.report(*id, self.pictures.get(id)?))))
    }

    fn report(&self, id: u32, picture: &SessionEntry) -> TagReport {
        let path = picture.path.clone();
        match &picture.outcome {
            Err(error) => TagReport::Failed { path, error: error.clone(), tags: self.tags(id) },
            Ok(tagging) => TagReport::Tagged(Box::new(TaggedReport {
                path,
                facts: tagging.facts.clone(),
                model: self.model.clone(),
                pipeline: PIPELINE_VERSION,
                tags: self.tags(id),
                timings_ms: tagging.timings,
                scores: None,
                embedding: None,
                candidates: None,
            })),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {

    use super::*;
    use crate::tags::candidate::Candidate;
    use crate::tags::tagging::{PictureFacts, Timings};

    /// animal > cat; cup. Classes: cat, cup.
    pub fn session(threshold: f32) -> Session {
        let vocabulary = Vocabulary::parse(
            r#"{"version":1,"languages":["en","sv"],"tags":[
                {"id":"animal","names":{"en":"animal","sv":"djur"}},
                {"id":"cat","names":{"en":"cat","sv":"katt"},"parents":["animal"]},
                {"id":"cup","names":{"en":"cup","sv":"kopp"}}],"classes":["cat","cup"]}"#,
        )
        .unwrap();
        let counts = Counts::new(&vocabulary);
        let selector = Selector::new(policy(threshold), 0.0, Arc::new(vocabulary)).unwrap();
        let model = ModelRef { id: "small".into(), version: "1".into() };
        Session {
            model,
            components: vec!["classes".into()],
            selector,
            pictures: BTreeMap::new(),
            counts,
            corrections: BTreeMap::new(),
            no_corrections: ResolvedCorrections::default(),
        }
    }

    pub fn policy(threshold: f32) -> Policy {
        Policy { threshold, max_tags: 8, allow: vec![], deny: vec![], language: "sv".into() }
    }

    /// Adds a picture with this score for cat and the rest for cup.
    pub fn put(session: &mut Session, id: u32, cat: f32) {
        let mut candidates = vec![(0, cat), (1, cat), (2, 1.0 - cat)]
            .into_iter()
            .map(|(tag, score)| Candidate { tag, score, confidence: score, component: 0 })
            .collect::<Vec<_>>();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.tag.cmp(&b.tag)));
        let facts = PictureFacts { sha256: "0".repeat(64), width: 1, height: 1, format: "png".into() };
        session.put(id, format!("{id}.png"), Tagging { facts, candidates, timings: Timings::default() });
    }

    pub fn tag_ref(word: &str, session: &Session) -> TagRef {
        session.tag_ref(word).unwrap()
    }

    pub fn ids(tags: &[ReportTag]) -> Vec<(&str, &str)> {
        tags.iter().map(|tag| (tag.id.as_str(), tag.origin)).collect()
    }

    #[test]
    fn corrections_come_first_and_survive_any_threshold_and_a_new_run() {
        let mut session = session(0.3);
        put(&mut session, 1, 0.6);
        assert_eq!(ids(&session.tags(1)), [("cat", "auto"), ("cup", "auto")]);
        let corrections = Corrections {
            added: vec![tag_ref("Misse", &session), tag_ref("katt", &session)],
            rejected: vec!["cup".into()],
        };
        session.correct(1, corrections);
        let wanted = [("own:misse", "manual"), ("cat", "manual")];
        assert_eq!(ids(&session.tags(1)), wanted);
        assert_eq!(session.tags(1)[1].score, Some(0.6));
        assert_eq!(session.tags(1)[1].parents, ["animal"]);
        let summary = session.apply(policy(0.99)).unwrap();
        assert_eq!((summary.tags, summary.with_tags, summary.corrected), (2, 1, 1));
        assert_eq!(ids(&session.tags(1)), wanted);
        session.remove(1);
        put(&mut session, 1, 0.01);
        assert_eq!(ids(&session.tags(1)), wanted);
        session.correct(1, Corrections::default());
        assert_eq!(ids(&session.tags(1)), [("cup", "auto")]);
    }

    #[test]
    fn frequent_tags_include_parents_and_free_words() {
        let mut session = session(0.5);
        (1..=3).for_each(|id| put(&mut session, id, 0.9));
        put(&mut session, 4, 0.1);
        session.correct(4, Corrections { added: vec![tag_ref("Misse", &session)], rejected: vec![] });
        let frequent = session.summary().frequent;
        let counts: Vec<_> = frequent.iter().map(|tag| (tag.name.as_str(), tag.pictures)).collect();
        assert_eq!(counts, [("djur", 3), ("katt", 3), ("Misse", 1), ("kopp", 1)]);
        assert_eq!(session.find(&PictureFilter::Tag { id: "animal".into() }), [1, 2, 3]);
        assert_eq!(session.find(&PictureFilter::Tag { id: "own:misse".into() }), [4]);
        assert_eq!(session.find(&PictureFilter::Corrected), [4]);
    }

    #[test]
    fn filters_find_untagged_and_failed_pictures() {
        let mut session = session(0.8);
        put(&mut session, 1, 0.5);
        put(&mut session, 2, 0.9);
        session.fail(3, "3.png".into(), Failure { code: "picture_empty".into(), detail: String::new() });
        assert_eq!((session.find(&PictureFilter::Untagged), session.find(&PictureFilter::Failed)), (vec![1], vec![3]));
    }

    #[test]
    fn details_have_near_misses_and_rejected_tags() {
        let mut session = session(0.7);
        put(&mut session, 1, 0.6);
        assert_eq!(ids(&session.details(1).near_misses), [("cat", "auto")], "a slightly lower threshold shows no cup");
        session.correct(1, Corrections { added: vec![], rejected: vec!["cat".into(), "gone".into()] });
        let details = session.details(1);
        assert_eq!(ids(&details.near_misses), [("animal", "auto")]);
        let names: Vec<_> = details.rejected.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["katt", "gone"]);
    }

    #[test]
    fn completions_put_free_words_before_the_vocabulary() {
        let mut session = session(0.5);
        put(&mut session, 1, 0.9);
        session.correct(1, Corrections { added: vec![tag_ref("kaffe", &session)], rejected: vec![] });
        let names: Vec<_> = session.completions("ka", 5).into_iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["kaffe", "katt"]);
    }
}
