//! What a session says of one picture: its shown tags, those that are not shown, and its report.

use crate::model::vocabulary::TagIdx;
use crate::session::entry::{Outcome, SessionEntry};
use crate::session::hand_over::write_reports;
use crate::session::report::{CountedParent, Failure, ReportTag, TagReport, TaggedReport};
use crate::session::results::Session;
use crate::session::shown::{PictureCorrections, SaidBy, ShownTag};
use crate::session::texts::StoredText;
use crate::session::voices::Voices;
use crate::tags::corrections::TagRef;
use crate::tags::found_box::{FoundBox, TagBoxes};
use crate::tags::keys::TagKey;
use crate::tags::near_miss::{HiddenReason, NearMiss};

/// Maximum number of near misses in [`Details`].
const N_NEAR_MISSES: usize = 6;
/// The code of the page for a picture that was not tagged yet.
const NOT_TAGGED: &str = "picture_not_tagged";

/// What there is to say of one picture besides its shown tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Details {
    pub near_misses: Vec<HiddenTag>,
    /// Tags that a person rejected.
    pub rejected: Vec<TagRef>,
    /// Who says each of the shown tags, if providers found anything in the picture.
    pub voices: Vec<Voices>,
    /// All texts; of each field the one that shows first.
    pub texts: Vec<StoredText>,
}

/// A tag that is nearly shown.
#[derive(Debug, Clone, PartialEq)]
pub struct HiddenTag {
    pub tag: ReportTag,
    pub reason: HiddenReason,
    /// The confidence from which it would be shown; only for [`HiddenReason::Vague`].
    pub shown_from: Option<f32>,
}

impl Session {
    /// The shown tags of a picture: those that a person added, then those that the policy shows of the model's.
    pub fn tags(&self, id: u32) -> Vec<ReportTag> {
        let Some(picture) = self.pictures.get(&id) else { return Vec::new() };
        let corrections = self.corrections_of(id);
        let boxes = picture.outcome.boxes();
        let also_from = self.also_from(id, picture);
        let tag = |tag: &ShownTag| ReportTag { also_from: also_from(tag), ..self.report_tag(tag, boxes, corrections) };
        picture.shown.tags.iter().map(tag).collect()
    }

    fn report_tag(&self, tag: &ShownTag, boxes: &[FoundBox], corrections: &PictureCorrections) -> ReportTag {
        let view = self.view();
        // A tag has the boxes of those that are merged into it, too.
        let is_meant = |key: TagKey| move |idx: TagIdx| self.rules.target(TagKey::from(idx)) == key;
        let TagBoxes { count, regions } = TagBoxes::of(is_meant(tag.key), boxes, self.vocabulary());
        let parents = view.parents(tag.key, corrections);
        let counted = |&key: &TagKey| {
            let found = TagBoxes::of_named(is_meant(key), boxes, self.vocabulary())?;
            Some(CountedParent::new(view.id(key), found))
        };
        let names = |keys: &[TagKey]| keys.iter().map(|&key| view.name(key).to_owned()).collect();
        // A coarse group is a word of the model.
        let has_category = self.rules.strict().is_none();
        let category = self.keys.idx(tag.key).and_then(|idx| self.vocabulary().tag(idx).category.clone());
        let category = category.filter(|_| has_category);
        let category_name = |category: &String| {
            self.keys.find(category, self.vocabulary()).map_or(category.as_str(), |key| view.name(key)).to_owned()
        };
        ReportTag {
            id: view.id(tag.key).to_owned(),
            name: view.name(tag.key).to_owned(),
            category_name: category.as_ref().map(category_name),
            category,
            confidence: tag.confidence,
            score: tag.score,
            origin: tag.by.origin(),
            component: self.component_name(tag.by).to_owned(),
            also_from: Vec::new(),
            parents: parents.iter().map(|&key| view.id(key).to_owned()).collect(),
            parent_names: names(&parents),
            counted_parents: parents.iter().filter_map(counted).collect(),
            path_to_root: names(&view.path_to_root(tag.key, corrections)),
            count,
            boxes: regions,
        }
    }

    /// A picture's near misses, rejected tags, texts, and who says what.
    pub fn details(&self, id: u32) -> Details {
        let Some(picture) = self.pictures.get(&id) else { return Details::default() };
        let corrections = self.corrections_of(id);
        let candidates = picture.outcome.candidates();
        let near_misses = self.selector.near_misses(candidates, &corrections.resolved, N_NEAR_MISSES);
        let hidden = |NearMiss { tag, reason, shown_from }: NearMiss| {
            let key = self.rules.target(TagKey::from(tag.idx));
            let (score, by) = (Some(tag.score), SaidBy::Model(tag.component));
            let shown = ShownTag { key, confidence: tag.confidence, score, by, in_bulk: false };
            HiddenTag { tag: self.report_tag(&shown, picture.outcome.boxes(), corrections), reason, shown_from }
        };
        let is_shown = |tag: &HiddenTag| picture.shown.keys().any(|key| self.view().id(key) == tag.tag.id);
        let key = |id: &String| self.keys.find(id, self.vocabulary()).map(|key| self.rules.target(key));
        // Under a strict vocabulary not even what was rejected has another name.
        let may_name =
            |id: &&String| self.rules.strict().is_none_or(|strict| key(id).is_some_and(|key| strict.permits(key)));
        let name = |id: &String| match self.keys.find(id, self.vocabulary()) {
            Some(said) if self.rules.strict().is_none() => self.view().name(said).to_owned(),
            Some(said) => self.view().name(self.rules.target(said)).to_owned(),
            None => self.stored_tags.name(id).unwrap_or(id).to_owned(),
        };
        Details {
            near_misses: near_misses.into_iter().map(hidden).filter(|tag| !is_shown(tag)).collect(),
            rejected: corrections
                .corrections
                .rejected
                .iter()
                .filter(may_name)
                .map(|id| TagRef::known(id, name(id)))
                .collect(),
            voices: self.voices(id, picture),
            texts: self.texts.get(&id).map(|texts| texts.all.clone()).unwrap_or_default(),
        }
    }

    /// Reports of the pictures `ids`, in that order, for [`read_reports`](crate::session::read_reports). Unknown ids are skipped.
    pub fn reports(&self, ids: &[u32]) -> String {
        write_reports(ids.iter().filter_map(|id| Some(self.report(*id, self.pictures.get(id)?))))
    }

    fn report(&self, id: u32, picture: &SessionEntry) -> TagReport {
        let path = picture.path.clone();
        let (tags, texts) = (self.tags(id), self.texts(id));
        match &picture.outcome {
            Outcome::Waiting => {
                let error = Failure { code: NOT_TAGGED.to_owned(), detail: "Not tagged yet.".to_owned() };
                TagReport::Failed { path, error, tags, texts }
            }
            Outcome::Failed(error) => TagReport::Failed { path, error: error.clone(), tags, texts },
            Outcome::Tagged { rest, .. } => {
                let tagger = &self.taggers[rest.tagger];
                TagReport::Tagged(Box::new(TaggedReport {
                    path,
                    facts: rest.facts.clone(),
                    model: tagger.model.clone(),
                    pipeline: tagger.pipeline,
                    tags,
                    texts,
                    timings_ms: rest.timings,
                    scores: None,
                    embedding: None,
                    candidates: None,
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::session::results::tests::{ids, put, session};
    use crate::tags::corrections::Corrections;

    #[test]
    fn details_have_near_misses_and_rejected_tags() {
        let mut session = session(0.7);
        put(&mut session, 1, 0.6);
        let near = |session: &crate::session::Session| {
            session.details(1).near_misses.into_iter().map(|one| one.tag).collect::<Vec<_>>()
        };
        assert_eq!(ids(&near(&session)), [("cat", "auto")], "a slightly lower threshold shows no cup");
        let rejected = vec!["cat".into(), "gone".into()];
        session.correct(1, Corrections { rejected, ..Corrections::default() });
        assert_eq!(ids(&near(&session)), [("animal", "auto")]);
        let details = session.details(1);
        let names: Vec<_> = details.rejected.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["katt", "gone"]);
    }
}
