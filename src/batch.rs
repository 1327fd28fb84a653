//! The tagged pictures of one sitting. Keeps every picture's candidates, so that a new policy is applied to all of them at once
//! without the model: microseconds a picture.

mod counts;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

pub use counts::{Change, EdgePicture, HISTOGRAM_BINS, Summary, TagCount};

use crate::candidate::Candidate;
use crate::card::ModelCard;
use crate::corrections::{self, Corrections, OwnTag, Resolved};
use crate::error::Result;
use crate::export::{self, ExportFile, ExportFormat};
use crate::report::{Failure, ModelRef, PIPELINE_VERSION, PictureFacts, ReportTag, TagReport, Tagged, Timings};
use crate::tags::{Policy, Selector};
use crate::vocabulary::{TagIdx, Vocabulary};

/// How many of the most frequent tags a [`Summary`] names.
const N_FREQUENT: usize = 12;
/// How many pictures of a [`Change`] are named.
const N_EDGE: usize = 12;
/// How many tags that fell short [`Batch::details`] names.
const N_NEARLY: usize = 6;

/// Pictures by id, under one policy.
#[derive(Debug)]
pub struct Batch {
    model: ModelRef,
    /// Who can say a tag, by [`Candidate::source`].
    sources: Vec<String>,
    vocabulary: Vocabulary,
    selector: Selector,
    pictures: BTreeMap<u32, Picture>,
    /// What a person said, also of pictures that are not tagged yet.
    said: BTreeMap<u32, Resolved>,
    /// Of pictures of which nobody said anything.
    silence: Resolved,
}

#[derive(Debug)]
struct Picture {
    path: String,
    outcome: Result<Kept, Failure>,
}

/// What is kept of a tagged picture.
#[derive(Debug)]
pub struct Kept {
    pub facts: PictureFacts,
    /// The highest first.
    pub candidates: Vec<Candidate>,
    pub timings: Timings,
}

/// What is beside the shown tags of one picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Details {
    /// What fell just short.
    pub nearly: Vec<ReportTag>,
    /// What a person rejected.
    pub rejected: Vec<OwnTag>,
}

/// Some of the pictures.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Filter {
    /// Tagged, and nothing is shown.
    Untagged,
    Failed,
    /// A person said something of them.
    Corrected,
    /// Show this tag, or something below it.
    Tag {
        id: String,
    },
}

impl Batch {
    /// An empty batch under the card's own policy.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind) if that policy makes no sense.
    pub fn new(card: &ModelCard, vocabulary: Vocabulary) -> Result<Self> {
        let selector = Selector::new(card.policy.into(), card.policy.parents, &vocabulary)?;
        Ok(Self {
            model: card.into(),
            sources: card.sources(),
            vocabulary,
            selector,
            pictures: BTreeMap::new(),
            said: BTreeMap::new(),
            silence: Resolved::default(),
        })
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// How many parts of the model can say a tag.
    pub fn n_sources(&self) -> usize {
        self.sources.len()
    }

    /// Language of the names, as the policy in force says.
    pub fn language(&self) -> &str {
        &self.selector.policy().language
    }

    /// Adds or replaces a picture.
    pub fn put(&mut self, id: u32, path: String, kept: Kept) {
        self.pictures.insert(id, Picture { path, outcome: Ok(kept) });
    }

    /// Adds or replaces a picture that could not be tagged.
    pub fn fail(&mut self, id: u32, path: String, failure: Failure) {
        self.pictures.insert(id, Picture { path, outcome: Err(failure) });
    }

    /// Takes a picture out. What a person said of it stays for the case that it comes back.
    pub fn remove(&mut self, id: u32) {
        self.pictures.remove(&id);
    }

    /// Replaces what a person says of a picture.
    pub fn correct(&mut self, id: u32, corrections: Corrections) {
        if corrections.is_empty() {
            self.said.remove(&id);
        } else {
            self.said.insert(id, Resolved::new(corrections, &self.vocabulary));
        }
    }

    /// Puts everything, also what comes later, under `policy`; list entries that the vocabulary does not know do not count.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind); the policy before stays in force.
    pub fn apply(&mut self, policy: Policy) -> Result<Summary> {
        self.selector = self.selector.under(policy.for_vocabulary(&self.vocabulary), &self.vocabulary)?;
        Ok(self.summary())
    }

    pub fn summary(&self) -> Summary {
        let mut histogram = [0; HISTOGRAM_BINS];
        let mut n_by_tag = vec![0_u32; self.vocabulary.tags().len()];
        let mut n_by_word: BTreeMap<&OwnTag, u32> = BTreeMap::new();
        let (mut failed, mut with_tags, mut corrected, mut tags) = (0, 0, 0, 0);
        let mut on_this = BTreeSet::new();
        for (id, picture) in &self.pictures {
            let said = self.said_of(*id);
            corrected += u32::from(self.said.contains_key(id));
            let mut n_shown = said.own.len() as u32;
            on_this.clear();
            on_this.extend(said.own.iter().flatten().copied());
            for (word, _) in said.given.own.iter().zip(&said.own).filter(|(_, idx)| idx.is_none()) {
                *n_by_word.entry(word).or_default() += 1;
            }
            match &picture.outcome {
                Err(_) => failed += 1,
                Ok(kept) => {
                    let shown = self.selector.shown(&kept.candidates, said, &self.vocabulary);
                    n_shown += shown.len() as u32;
                    on_this.extend(shown.iter().map(|candidate| candidate.tag));
                    for candidate in kept.candidates.iter().filter(|candidate| self.selector.permits(candidate.tag)) {
                        let bin = (candidate.confidence * HISTOGRAM_BINS as f32) as usize;
                        histogram[bin.min(HISTOGRAM_BINS - 1)] += 1;
                    }
                    with_tags += u32::from(n_shown > 0);
                }
            }
            tags += n_shown;
            self.add_parents(&mut on_this, said);
            on_this.iter().for_each(|&tag| n_by_tag[usize::from(tag)] += 1);
        }
        let pictures = self.pictures.len() as u32;
        let frequent = self.most_frequent(&n_by_tag, &n_by_word);
        Summary { pictures, failed, with_tags, corrected, tags, frequent, histogram }
    }

    /// What is above the `shown` counts as shown, unless a person or the policy says otherwise.
    fn add_parents(&self, shown: &mut BTreeSet<TagIdx>, said: &Resolved) {
        let above: Vec<TagIdx> = shown.iter().flat_map(|&tag| self.vocabulary.ancestors(tag)).copied().collect();
        shown.extend(above.into_iter().filter(|&tag| self.selector.permits(tag) && !said.rejected.contains(&tag)));
    }

    fn most_frequent(&self, n_by_tag: &[u32], n_by_word: &BTreeMap<&OwnTag, u32>) -> Vec<TagCount> {
        let language = self.language();
        let of_words = n_by_word.iter().map(|(word, &pictures)| (pictures, word.id.as_str(), word.name.as_str()));
        let of_tags = n_by_tag.iter().zip(self.vocabulary.tags()).filter(|&(&pictures, _)| pictures > 0);
        let mut all: Vec<(u32, &str, &str)> = of_tags
            .map(|(&pictures, entry)| (pictures, entry.id.as_str(), entry.name(language)))
            .chain(of_words)
            .collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(b.2)));
        all.truncate(N_FREQUENT);
        all.into_iter()
            .map(|(pictures, id, name)| TagCount { id: id.to_owned(), name: name.to_owned(), pictures })
            .collect()
    }

    /// What the policy in force shows more and less than `before` did.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind) if `before` makes no sense.
    pub fn compare(&self, before: Policy) -> Result<Change> {
        let before = self.selector.under(before.for_vocabulary(&self.vocabulary), &self.vocabulary)?;
        let threshold = self.selector.policy().threshold;
        let mut change = Change::default();
        let mut edge: Vec<(f32, u32, Candidate, bool)> = Vec::new();
        for (&id, picture) in &self.pictures {
            let Ok(kept) = &picture.outcome else { continue };
            let said = self.said_of(id);
            let old = before.shown(&kept.candidates, said, &self.vocabulary);
            let new = self.selector.shown(&kept.candidates, said, &self.vocabulary);
            let without = |some: &[Candidate], others: &[Candidate]| -> Vec<Candidate> {
                some.iter().copied().filter(|one| others.iter().all(|other| other.tag != one.tag)).collect()
            };
            let (gained, lost) = (without(&new, &old), without(&old, &new));
            change.tags_gained += gained.len() as u32;
            change.tags_lost += lost.len() as u32;
            if said.own.is_empty() {
                change.pictures_gained += u32::from(old.is_empty() && !new.is_empty());
                change.pictures_lost += u32::from(!old.is_empty() && new.is_empty());
            }
            let differing = gained.iter().map(|tag| (tag, true)).chain(lost.iter().map(|tag| (tag, false)));
            let distances = differing.map(|(&tag, is_gained)| ((tag.confidence - threshold).abs(), id, tag, is_gained));
            edge.extend(distances.min_by(|a, b| a.0.total_cmp(&b.0)));
        }
        edge.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        edge.truncate(N_EDGE);
        let describe = |(_, id, candidate, is_gained): (f32, u32, Candidate, bool)| {
            let entry = self.vocabulary.tag(candidate.tag);
            let name = entry.name(self.language()).to_owned();
            EdgePicture { id, tag: entry.id.clone(), name, confidence: candidate.confidence, is_gained }
        };
        change.edge = edge.into_iter().map(describe).collect();
        Ok(change)
    }

    /// The tags of a picture: what a person said, then what the model says under the policy in force.
    pub fn tags(&self, id: u32) -> Vec<ReportTag> {
        let Some(picture) = self.pictures.get(&id) else { return Vec::new() };
        let (said, language) = (self.said_of(id), self.language());
        let candidates = picture.outcome.as_ref().map_or(&[][..], |kept| &kept.candidates);
        let score =
            |idx: TagIdx| candidates.iter().find(|candidate| candidate.tag == idx).map(|candidate| candidate.score);
        let own = said.given.own.iter().zip(&said.own);
        let own = own.map(|(tag, &idx)| ReportTag::own(tag, idx, idx.and_then(score), &self.vocabulary, language));
        let auto = self.selector.select(candidates, said, &self.vocabulary);
        own.chain(auto.into_iter().map(|tag| ReportTag::new(tag, &self.sources, &self.vocabulary, language))).collect()
    }

    /// What fell short on a picture, and what was rejected there.
    pub fn details(&self, id: u32) -> Details {
        let (said, language) = (self.said_of(id), self.language());
        let nearly = match self.pictures.get(&id).map(|picture| &picture.outcome) {
            Some(Ok(kept)) => self.selector.nearly(&kept.candidates, said, &self.vocabulary, N_NEARLY),
            _ => Vec::new(),
        };
        let name = |id: &String| match self.vocabulary.idx(id) {
            Some(idx) => self.vocabulary.tag(idx).name(language).to_owned(),
            None => id.clone(),
        };
        Details {
            nearly: nearly
                .into_iter()
                .map(|tag| ReportTag::new(tag, &self.sources, &self.vocabulary, language))
                .collect(),
            rejected: said.given.rejected.iter().map(|id| OwnTag { id: id.clone(), name: name(id) }).collect(),
        }
    }

    /// The pictures that a filter lets through, by rising id.
    pub fn find(&self, filter: &Filter) -> Vec<u32> {
        let shows = |id: u32, wanted: &str| {
            self.tags(id).iter().any(|tag| tag.id == wanted || tag.parents.iter().any(|above| above == wanted))
        };
        let is_wanted = |id: u32, picture: &Picture| match filter {
            Filter::Untagged => picture.outcome.is_ok() && self.tags(id).is_empty(),
            Filter::Failed => picture.outcome.is_err(),
            Filter::Corrected => self.said.contains_key(&id),
            Filter::Tag { id: tag } => shows(id, tag),
        };
        self.pictures.iter().filter(|&(&id, picture)| is_wanted(id, picture)).map(|(&id, _)| id).collect()
    }

    /// Tags that someone who has `typed` this much may mean: words of their own that they used before, then the vocabulary's.
    pub fn completions(&self, typed: &str, n: usize) -> Vec<OwnTag> {
        let wanted = typed.trim().to_lowercase();
        let used: BTreeSet<&OwnTag> = self.said.values().flat_map(|said| &said.given.own).collect();
        let own = used.into_iter().filter(|tag| {
            !wanted.is_empty() && self.vocabulary.idx(&tag.id).is_none() && tag.name.to_lowercase().starts_with(&wanted)
        });
        let known = corrections::completions(typed, &self.vocabulary, self.language(), n);
        own.cloned().chain(known).take(n).collect()
    }

    /// The tag that a person means by `text`.
    ///
    /// # Errors
    /// [`ErrorKind::TagInvalid`](crate::error::ErrorKind) for what cannot be a tag.
    pub fn own_tag(&self, text: &str) -> Result<OwnTag> {
        corrections::own_tag(text, &self.vocabulary, self.language())
    }

    fn said_of(&self, id: u32) -> &Resolved {
        self.said.get(&id).unwrap_or(&self.silence)
    }

    /// What is shown of the pictures `ids`, in that order, as files. Unknown ids are left out.
    pub fn export(&self, format: ExportFormat, ids: &[u32]) -> Vec<ExportFile> {
        export::files(format, ids.iter().filter_map(|id| Some(self.report(*id, self.pictures.get(id)?))))
    }

    fn report(&self, id: u32, picture: &Picture) -> TagReport {
        let path = picture.path.clone();
        match &picture.outcome {
            Err(error) => TagReport::Failed { path, error: error.clone() },
            Ok(kept) => TagReport::Tagged(Box::new(Tagged {
                path,
                facts: kept.facts.clone(),
                model: self.model.clone(),
                pipeline: PIPELINE_VERSION,
                tags: self.tags(id),
                timings_ms: kept.timings,
                scores: None,
                embedding: None,
                candidates: None,
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// animal > cat; cup stands alone. Classes: cat, cup.
    fn batch(threshold: f32) -> Batch {
        let vocabulary = Vocabulary::parse(
            r#"{"version":1,"languages":["en","sv"],"tags":[
                {"id":"animal","names":{"en":"animal","sv":"djur"}},
                {"id":"cat","names":{"en":"cat","sv":"katt"},"parents":["animal"]},
                {"id":"cup","names":{"en":"cup","sv":"kopp"}}],"classes":["cat","cup"]}"#,
        )
        .unwrap();
        let selector = Selector::new(policy(threshold), 0.0, &vocabulary).unwrap();
        let model = ModelRef { id: "small".into(), version: "1".into() };
        Batch {
            model,
            sources: vec!["classes".into()],
            vocabulary,
            selector,
            pictures: BTreeMap::new(),
            said: BTreeMap::new(),
            silence: Resolved::default(),
        }
    }

    fn policy(threshold: f32) -> Policy {
        Policy { threshold, max_tags: 8, allow: vec![], deny: vec![], language: "sv".into() }
    }

    /// A picture that is a cat with this score, else a cup.
    fn put(batch: &mut Batch, id: u32, cat: f32) {
        let mut candidates = vec![(0, cat), (1, cat), (2, 1.0 - cat)]
            .into_iter()
            .map(|(tag, score)| Candidate { tag, score, confidence: score, source: 0 })
            .collect::<Vec<_>>();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.tag.cmp(&b.tag)));
        let facts = PictureFacts { sha256: "0".repeat(64), width: 1, height: 1, format: "png".into() };
        batch.put(id, format!("{id}.png"), Kept { facts, candidates, timings: Timings::default() });
    }

    fn own(word: &str, batch: &Batch) -> OwnTag {
        batch.own_tag(word).unwrap()
    }

    fn ids(tags: &[ReportTag]) -> Vec<(&str, &str)> {
        tags.iter().map(|tag| (tag.id.as_str(), tag.source)).collect()
    }

    #[test]
    fn a_persons_tags_come_first_survive_any_threshold_and_any_new_run() {
        let mut batch = batch(0.3);
        put(&mut batch, 1, 0.6);
        assert_eq!(ids(&batch.tags(1)), [("cat", "auto"), ("cup", "auto")]);
        let said = Corrections { own: vec![own("Misse", &batch), own("katt", &batch)], rejected: vec!["cup".into()] };
        batch.correct(1, said);
        let wanted = [("own:misse", "manual"), ("cat", "manual")];
        assert_eq!(ids(&batch.tags(1)), wanted);
        assert_eq!(batch.tags(1)[1].score, Some(0.6));
        assert_eq!(batch.tags(1)[1].parents, ["animal"]);
        let summary = batch.apply(policy(0.99)).unwrap();
        assert_eq!((summary.tags, summary.with_tags, summary.corrected), (2, 1, 1));
        assert_eq!(ids(&batch.tags(1)), wanted);
        batch.remove(1);
        put(&mut batch, 1, 0.01);
        assert_eq!(ids(&batch.tags(1)), wanted);
        batch.correct(1, Corrections::default());
        assert_eq!(ids(&batch.tags(1)), [("cup", "auto")]);
    }

    #[test]
    fn frequent_tags_count_pictures_with_parents_and_own_words() {
        let mut batch = batch(0.5);
        (1..=3).for_each(|id| put(&mut batch, id, 0.9));
        put(&mut batch, 4, 0.1);
        batch.correct(4, Corrections { own: vec![own("Misse", &batch)], rejected: vec![] });
        let frequent = batch.summary().frequent;
        let told: Vec<_> = frequent.iter().map(|tag| (tag.name.as_str(), tag.pictures)).collect();
        assert_eq!(told, [("djur", 3), ("katt", 3), ("Misse", 1), ("kopp", 1)]);
        assert_eq!(batch.find(&Filter::Tag { id: "animal".into() }), [1, 2, 3]);
        assert_eq!(batch.find(&Filter::Tag { id: "own:misse".into() }), [4]);
        assert_eq!(batch.find(&Filter::Corrected), [4]);
    }

    #[test]
    fn filters_find_what_is_untagged_and_what_failed() {
        let mut batch = batch(0.8);
        put(&mut batch, 1, 0.5);
        put(&mut batch, 2, 0.9);
        batch.fail(3, "3.png".into(), Failure { code: "picture_empty".into(), detail: String::new() });
        assert_eq!((batch.find(&Filter::Untagged), batch.find(&Filter::Failed)), (vec![1], vec![3]));
    }

    #[test]
    fn a_change_of_threshold_names_what_comes_and_goes_the_nearest_first() {
        let mut batch = batch(0.8);
        for (id, cat) in [(1, 0.95), (2, 0.75), (3, 0.6), (4, 0.51)] {
            put(&mut batch, id, cat);
        }
        batch.apply(policy(0.55)).unwrap();
        let change = batch.compare(policy(0.8)).unwrap();
        assert_eq!((change.tags_gained, change.tags_lost, change.pictures_gained, change.pictures_lost), (2, 0, 2, 0));
        let edge: Vec<_> = change.edge.iter().map(|at| (at.id, at.name.as_str(), at.is_gained)).collect();
        assert_eq!(edge, [(3, "katt", true), (2, "katt", true)]);
        batch.apply(policy(0.8)).unwrap();
        let back = batch.compare(policy(0.55)).unwrap();
        assert_eq!((back.tags_lost, back.pictures_lost, back.edge.len()), (2, 2, 2));
        assert_eq!(batch.compare(policy(0.8)).unwrap(), Change::default());
    }

    #[test]
    fn details_name_what_fell_short_and_what_was_rejected() {
        let mut batch = batch(0.7);
        put(&mut batch, 1, 0.6);
        assert_eq!(ids(&batch.details(1).nearly), [("animal", "auto"), ("cat", "auto"), ("cup", "auto")]);
        batch.correct(1, Corrections { own: vec![], rejected: vec!["cat".into(), "gone".into()] });
        let details = batch.details(1);
        assert_eq!(ids(&details.nearly), [("animal", "auto"), ("cup", "auto")]);
        let names: Vec<_> = details.rejected.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["katt", "gone"]);
    }

    #[test]
    fn words_used_before_are_completed_before_the_vocabulary() {
        let mut batch = batch(0.5);
        put(&mut batch, 1, 0.9);
        batch.correct(1, Corrections { own: vec![own("kaffe", &batch)], rejected: vec![] });
        let names: Vec<_> = batch.completions("ka", 5).into_iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["kaffe", "katt"]);
    }
}
