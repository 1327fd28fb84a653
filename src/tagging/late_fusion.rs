//! Late fusion: the first look's candidates and the boxes of the second look become one confidence per tag. Neither network waits for the
//! other, and the same candidates and boxes give the same answer in every shell.
//!
//! A box speaks for its tag, and what the first look thinks of the tag supports it. Two things speak against what the first look sees without
//! a box: boxes of what it cannot be (where a cat is, there is no corgi), and that the detector knows such things and sees none. The weights
//! are the card's ([`ObjectFusion`]).

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::ObjectFusion;
use crate::model::vocabulary::{TagIdx, Vocabulary};
use crate::tagging::calibration::{logistic, logit};
use crate::tagging::face_detector::People;
use crate::tagging::fusion::raise_parents;
use crate::tagging::single_shot::Detection;
use crate::tags::candidate::{CLASSES, Candidate, ComponentIdx};
use crate::tags::found_box::{FoundBox, counted, intersection_over_union, without_parts};

/// What the first look thinks of a tag that is none of its candidates, and the least that counts of one that is.
const LEAST_FIRST: f32 = 0.01;
/// A rival speaks against a tag from here on: what may as well be wrong says nothing.
const EVEN_CHANCE: f32 = 0.5;

/// A card's fusion, resolved in a vocabulary.
#[derive(Debug, Clone)]
pub struct LateFusion {
    rules: ObjectFusion,
    /// The detector of objects.
    component: ComponentIdx,
    /// Per tag: which of the rules' rivals it is or lies below, one bit each.
    groups: Vec<u64>,
    /// Per tag: whether it, or a tag above it, is one of the detector's.
    is_known: Vec<bool>,
}

/// What the first look knows of a picture, and what the detector found in it.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The first look's candidates.
    pub candidates: &'a [Candidate],
    /// The first look's boxes.
    pub faces: &'a [FoundBox],
    /// What the detector found, the surest first.
    pub found: &'a [Detection],
    /// Boxes with a larger intersection over union overlap.
    pub overlap: f32,
    /// What follows from the number of people, where faces are looked for.
    pub people: Option<People>,
}

impl LateFusion {
    /// `component` is the detector of objects, and `tags` those of its classes.
    ///
    /// # Errors
    /// [`ErrorKind::CardInvalid`] for rivals that are not in the vocabulary.
    pub fn new(
        rules: &ObjectFusion,
        component: ComponentIdx,
        tags: &[TagIdx],
        vocabulary: &Vocabulary,
    ) -> Result<Self> {
        let mut groups = vec![0; vocabulary.tags().len()];
        for (nth, id) in rules.rivals.iter().enumerate() {
            let root = vocabulary.idx(id).ok_or_else(|| {
                let detail = format!("The card's second_look has rivals below {id:?}, which is not in the vocabulary.");
                Error::new(ErrorKind::CardInvalid, detail)
            })?;
            for (tag, groups) in (0..=TagIdx::MAX).zip(&mut groups) {
                if tag == root || vocabulary.ancestors(tag).contains(&root) {
                    *groups |= 1 << nth;
                }
            }
        }
        let is_known = (0..vocabulary.tags().len() as TagIdx)
            .map(|tag| tags.contains(&tag) || vocabulary.ancestors(tag).iter().any(|above| tags.contains(above)))
            .collect();
        Ok(Self { rules: rules.clone(), component, groups, is_known })
    }

    /// The candidates and the boxes after the second look.
    pub fn fuse(&self, evidence: Evidence, vocabulary: &Vocabulary) -> (Vec<Candidate>, Vec<FoundBox>) {
        let found = self.weigh_boxes(evidence, vocabulary);
        // The detector's confidence in a tag is that of the box with the highest score.
        let mut detected: Vec<Candidate> = Vec::new();
        for (one, &Detection { z, .. }) in found.iter().zip(evidence.found) {
            if detected.iter().all(|known| known.tag != one.tag) {
                let (score, component) = (logistic(z), self.component);
                detected.push(Candidate { tag: one.tag, score, confidence: one.confidence, component });
            }
        }

        let mut best: Vec<Option<Candidate>> = vec![None; vocabulary.tags().len()];
        let mut scores = vec![0.0; best.len()];
        for candidate in evidence.candidates {
            let tag = usize::from(candidate.tag);
            scores[tag] = candidate.score;
            best[tag] = Some(Candidate { confidence: self.weighed(candidate, &detected, vocabulary), ..*candidate });
        }
        let found = without_parts(found);
        let (boxes, groups) = match evidence.people {
            Some(people) => self.unite(found, evidence.faces, people),
            None => (found.into_iter().chain(evidence.faces.iter().copied()).collect(), Vec::new()),
        };
        // What the first look said of a tag is in the confidence of its box.
        for candidate in detected {
            best[usize::from(candidate.tag)] = Some(candidate);
        }
        for offered in groups {
            let best_of_tag = &mut best[usize::from(offered.tag)];
            if best_of_tag.is_none_or(|known| known.confidence < offered.confidence) {
                *best_of_tag = Some(offered);
            }
        }
        (raise_parents(best, &scores, vocabulary), counted(boxes, self.rules.count_at))
    }

    /// A box for each that was found, with its confidence.
    fn weigh_boxes(&self, evidence: Evidence, vocabulary: &Vocabulary) -> Vec<FoundBox> {
        let Evidence { candidates, found, overlap, .. } = evidence;
        let mut known: Vec<TagIdx> = Vec::new();
        let weigh = |&Detection { tag, z, region }: &Detection| {
            let is_surest = !known.contains(&tag);
            known.push(tag);
            let first = candidates.iter().find(|one| one.tag == tag).map_or(0.0, |one| one.confidence);
            let first = logit(first.max(LEAST_FIRST));
            // That there is a person says nothing of how many there are.
            let first = if is_surest { first } else { first.min(0.0) };
            let overlapping = found
                .iter()
                .filter(|other| other.tag != tag && intersection_over_union(other.region, region) > overlap);
            let overlapped = overlapping.map(|other| logistic(other.z)).fold(0.0, f32::max);
            let rivals =
                candidates.iter().filter(|one| one.component == CLASSES && self.are_rivals(one.tag, tag, vocabulary));
            let against = rivals.map(|one| one.confidence).fold(0.0, f32::max);
            let ObjectFusion { slope, intercept, support, .. } = self.rules;
            let x = slope * z
                + intercept
                + support * first
                + self.rules.overlapped * overlapped
                + self.rules.against * against;
            FoundBox { tag, component: self.component, confidence: logistic(x), region }
        };
        found.iter().map(weigh).collect()
    }

    /// The confidence in a candidate of the first look that has no box.
    fn weighed(&self, candidate: &Candidate, detected: &[Candidate], vocabulary: &Vocabulary) -> f32 {
        let surest = |is_meant: &dyn Fn(TagIdx) -> bool| {
            detected.iter().filter(|one| is_meant(one.tag)).map(|one| one.confidence).fold(0.0, f32::max)
        };
        let kin = surest(&|tag| vocabulary.are_related(tag, candidate.tag));
        let mut shift = 0.0;
        if candidate.component == CLASSES {
            let rival = surest(&|tag| self.are_rivals(tag, candidate.tag, vocabulary));
            shift += self.rules.conflict * (rival - kin.max(EVEN_CHANCE)).max(0.0);
        }
        if self.is_known[usize::from(candidate.tag)] {
            shift += self.rules.unseen * (1.0 - kin);
        }
        if shift == 0.0 { candidate.confidence } else { logistic(logit(candidate.confidence) + shift) }
    }

    /// Whether of two tags at most one can be right about one thing.
    fn are_rivals(&self, one: TagIdx, other: TagIdx, vocabulary: &Vocabulary) -> bool {
        self.groups[usize::from(one)] & self.groups[usize::from(other)] != 0 && !vocabulary.are_related(one, other)
    }

    /// All boxes, with each person once, and the candidates that follow from the number of people. A face inside the box of a person is
    /// that person's, a second one that of somebody whose body was not told apart.
    fn unite(&self, found: Vec<FoundBox>, faces: &[FoundBox], people: People) -> (Vec<FoundBox>, Vec<Candidate>) {
        let (mut persons, mut others): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| one.tag == people.person);
        let mut has_face = vec![false; persons.len()];
        let area = |one: &FoundBox| one.region[2] * one.region[3];
        for face in faces {
            if face.tag != people.person {
                others.push(*face);
                continue;
            }
            let body = (0..has_face.len())
                .filter(|&nth| !has_face[nth] && contains_centre(&persons[nth], face))
                .min_by(|&a, &b| area(&persons[a]).total_cmp(&area(&persons[b])));
            match body {
                Some(nth) => {
                    has_face[nth] = true;
                    persons[nth].confidence = persons[nth].confidence.max(face.confidence);
                }
                None => persons.push(*face),
            }
        }
        persons.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        // They have no score of their own.
        let nth = |(tag, n): (TagIdx, usize)| {
            let confidence = persons.get(n - 1)?.confidence;
            Some(Candidate { tag, score: confidence, confidence, component: self.component })
        };
        let candidates = [people.group, people.crowd].into_iter().filter_map(nth).collect();
        (persons.into_iter().chain(others).collect(), candidates)
    }
}

/// Whether the centre of `inner` lies inside `outer`.
fn contains_centre(outer: &FoundBox, inner: &FoundBox) -> bool {
    [0, 1].into_iter().all(|axis| {
        let centre = inner.region[axis] + inner.region[axis + 2] / 2.0;
        (outer.region[axis]..=outer.region[axis] + outer.region[axis + 2]).contains(&centre)
    })
}

#[cfg(test)]
mod tests;
