//! The results of many pictures. Keeps every picture's candidates, so that a new policy applies to all of them without running the
//! network, in microseconds per picture.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::Result;
use crate::model::card::ModelCard;
use crate::model::vocabulary::Vocabulary;
use crate::session::counts::Counts;
use crate::session::entry::{Outcome, SessionEntry, TaggerRef};
use crate::session::provider_tags::{ProviderTagging, ProviderTags, WordLists};
use crate::session::report::{Failure, ModelRef, PIPELINE_VERSION};
use crate::session::search_names::SearchNames;
use crate::session::showing::Showing;
use crate::session::shown::{PictureCorrections, View, view_of};
use crate::session::stored::StoredTags;
use crate::session::summary::Summary;
use crate::session::texts::PictureTexts;
use crate::tags::corrections::Corrections;
use crate::tags::keys::TagKeys;
use crate::tags::policy::Policy;
use crate::tags::rules::{ResolvedRules, Rule};
use crate::tags::select::{SelectedTags, Selector};
use crate::tags::strict::StrictWords;
use crate::tags::tagging::Tagging;

/// Number of frequent tags in a [`Summary`].
const N_FREQUENT: usize = 12;

/// Pictures by id, with their results and corrections, under one policy and one set of rules.
#[derive(Debug)]
pub struct Session {
    /// Who tagged the pictures: the model in use, then those of runs that were restored.
    pub(super) taggers: Vec<TaggerRef>,
    /// Names of the components, by [`ComponentIdx`](crate::tags::ComponentIdx): the model's, then those of runs that were restored, and of
    /// providers.
    pub(super) components: Vec<String>,
    n_components: usize,
    /// Of `policy`, and what the rules hide.
    pub(super) selector: Selector,
    pub(super) policy: Policy,
    pub(super) word_lists: WordLists,
    pub(super) written_rules: Vec<Rule>,
    pub(super) rules: ResolvedRules,
    pub(super) strict_words: Option<Arc<StrictWords>>,
    pub(super) stored_tags: StoredTags,
    pub(super) keys: TagKeys,
    pub(super) search_names: SearchNames,
    pub(super) pictures: BTreeMap<u32, SessionEntry>,
    pub(super) counts: Counts,
    /// By id; also for pictures that are not there.
    pub(super) corrections: BTreeMap<u32, PictureCorrections>,
    pub(super) no_corrections: PictureCorrections,
    /// Of own taggers and providers, by id; of pictures that are there.
    pub(super) provider_taggings: BTreeMap<u32, Vec<ProviderTagging>>,
    pub(super) provider_tags: ProviderTags,
    /// By id; also for pictures that are not there.
    pub(super) texts: BTreeMap<u32, PictureTexts>,
    pub(super) showing: Showing,
}

impl Session {
    /// An empty session under the card's own policy.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind) if that policy is invalid.
    pub fn new(card: &ModelCard, vocabulary: Vocabulary) -> Result<Self> {
        let policy = Policy::from(card.policy);
        Self::with_selector(
            card.into(),
            card.components(),
            Selector::new(policy, card.policy.min_parent, Arc::new(vocabulary))?,
        )
    }

    pub(super) fn with_selector(model: ModelRef, components: Vec<String>, selector: Selector) -> Result<Self> {
        let (rules, keys) = (ResolvedRules::default(), TagKeys::new(selector.vocabulary()));
        let (word_lists, provider_tags) = (WordLists::default(), ProviderTags::default());
        let view = View {
            selector: &selector,
            rules: &rules,
            keys: &keys,
            word_lists: &word_lists,
            provider_tags: &provider_tags,
            components: &components,
        };
        Ok(Self {
            showing: Showing::new(&view, SelectedTags::default()),
            word_lists,
            provider_taggings: BTreeMap::new(),
            provider_tags,
            texts: BTreeMap::new(),
            taggers: vec![TaggerRef { model, pipeline: PIPELINE_VERSION }],
            n_components: components.len(),
            components,
            policy: selector.policy().clone(),
            written_rules: Vec::new(),
            stored_tags: StoredTags::default(),
            rules,
            strict_words: None,
            keys,
            search_names: SearchNames::new(selector.vocabulary()),
            selector,
            pictures: BTreeMap::new(),
            counts: Counts::new(),
            corrections: BTreeMap::new(),
            no_corrections: PictureCorrections::default(),
        })
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        self.selector.vocabulary()
    }

    /// How many components of the model can predict tags.
    pub fn n_components(&self) -> usize {
        self.n_components
    }

    /// The policy's language.
    pub fn language(&self) -> &str {
        &self.selector.policy().language
    }

    /// Adds a picture that is not tagged yet. `modified_ms`: when the file was changed, in ms since 1970; 0 where that is unknown. A picture
    /// that is there loses its results.
    pub fn add(&mut self, id: u32, path: String, modified_ms: f64) {
        let entry = SessionEntry::new(path, modified_ms);
        self.change(id, |session| {
            session.provider_taggings.remove(&id);
            session.pictures.insert(id, entry);
        });
    }

    /// The result of a picture that was added, by the model in use. What providers found in it stays.
    pub fn put(&mut self, id: u32, tagging: Tagging) {
        self.set_outcome(id, Outcome::tagged(tagging, 0));
    }

    /// The reason why a picture that was added could not be tagged.
    pub fn fail(&mut self, id: u32, failure: Failure) {
        self.set_outcome(id, Outcome::Failed(failure));
    }

    pub(super) fn set_outcome(&mut self, id: u32, outcome: Outcome) {
        self.change(id, |session| {
            if let Some(entry) = session.pictures.get_mut(&id) {
                entry.outcome = outcome;
            }
        });
    }

    /// Removes a picture. What people said of it is kept, in case it is added again.
    pub fn remove(&mut self, id: u32) {
        self.change(id, |session| {
            session.provider_taggings.remove(&id);
            session.pictures.remove(&id);
        });
    }

    /// Replaces the corrections of a picture.
    pub fn correct(&mut self, id: u32, corrections: Corrections) {
        let vocabulary = self.selector.vocabulary();
        let resolved = PictureCorrections::new(corrections, vocabulary, &mut self.keys, &mut self.rules);
        self.change(id, |session| {
            if resolved.corrections.is_empty() {
                session.corrections.remove(&id);
            } else {
                session.corrections.insert(id, resolved);
            }
        });
    }

    /// Applies `policy` to all present and future pictures. List entries that mean no tag of the vocabulary are ignored.
    ///
    /// # Errors
    /// [`ErrorKind::PolicyInvalid`](crate::error::ErrorKind); the previous policy then stays in force.
    pub fn apply(&mut self, policy: Policy) -> Result<Summary> {
        let (selector, words) = self.selector_of(policy.clone())?;
        let before = std::mem::replace(&mut self.selector, selector);
        let words_before = std::mem::replace(&mut self.word_lists, words);
        self.policy = policy;
        if self.selector.is_like(&before) {
            self.show_differing(&before, &words_before)
        } else {
            self.show_all()
        }
        Ok(self.summary())
    }

    /// Replaces the rules, for all present and future pictures.
    ///
    /// # Errors
    /// [`ErrorKind::TagInvalid`](crate::error::ErrorKind) for a name that no tag can have; the previous rules then stay in force.
    pub fn set_rules(&mut self, rules: &[Rule]) -> Result<()> {
        let vocabulary = self.selector.vocabulary();
        let resolved = ResolvedRules::new(rules, |tag| self.keys.key(tag, vocabulary))?;
        self.rules = match &self.strict_words {
            Some(words) => resolved.with_strict(words.clone(), &self.keys, vocabulary)?,
            None => resolved,
        };
        self.written_rules = rules.to_vec();
        self.resolve_corrections();
        (self.selector, self.word_lists) = self.selector_of(self.policy.clone())?;
        self.show_all();
        Ok(())
    }

    /// Counts over all pictures. They are updated with every change, so the cost does not depend on the number of pictures.
    pub fn summary(&self) -> Summary {
        Summary { frequent: self.tag_counts("", N_FREQUENT), ..self.counts.summary() }
    }

    pub(super) fn corrections_of(&self, id: u32) -> &PictureCorrections {
        self.corrections.get(&id).unwrap_or(&self.no_corrections)
    }

    pub(super) fn view(&self) -> View<'_> {
        view_of!(self)
    }
}

#[cfg(test)]
pub(super) mod tests {

    use super::*;
    use crate::session::report::ReportTag;
    use crate::tags::candidate::Candidate;
    use crate::tags::corrections::{AddedTag, TagRef};
    use crate::tags::rules::RuleAction;
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
        let selector = Selector::new(policy(threshold), 0.0, Arc::new(vocabulary)).unwrap();
        let model = ModelRef { id: "small".into(), version: "1".into() };
        Session::with_selector(model, vec!["classes".into()], selector).unwrap()
    }

    pub fn policy(threshold: f32) -> Policy {
        Policy {
            threshold,
            max_tags: 8,
            allow: vec![],
            deny: vec![],
            language: "sv".into(),
            providers: Default::default(),
            heads: Default::default(),
        }
    }

    /// Adds a picture with this score for cat and the rest for cup.
    pub fn put(session: &mut Session, id: u32, cat: f32) {
        let mut candidates = vec![(0, cat), (1, cat), (2, 1.0 - cat)]
            .into_iter()
            .map(|(tag, score)| Candidate { tag, score, confidence: score, component: 0 })
            .collect::<Vec<_>>();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.tag.cmp(&b.tag)));
        let facts =
            PictureFacts { sha256: "0".repeat(64), width: 1, height: 1, format: "png".into(), ..Default::default() };
        session.add(id, format!("{id}.png"), 0.0);
        session.put(id, Tagging { facts, candidates, boxes: Vec::new(), timings: Timings::default() });
    }

    pub fn fail(session: &mut Session, id: u32) {
        session.add(id, format!("{id}.png"), 0.0);
        session.fail(id, Failure { code: "picture_empty".into(), detail: "Empty.".into() });
    }

    pub fn added(word: &str, session: &Session) -> AddedTag {
        session.tag_ref(word).unwrap().into()
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
            added: vec![added("Misse", &session), added("katt", &session)],
            rejected: vec!["cup".into()],
            reviewed: false,
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
    fn a_persons_tag_holds_for_pictures_that_wait_or_failed() {
        let mut session = session(0.5);
        session.add(1, "1.png".into(), 0.0);
        fail(&mut session, 2);
        for id in [1, 2, 3] {
            session.correct(id, Corrections { added: vec![added("Mallorca", &session)], ..Corrections::default() });
        }
        put(&mut session, 3, 0.9);
        for id in [1, 2] {
            assert_eq!(ids(&session.tags(id)), [("own:mallorca", "manual")]);
        }
        assert_eq!(ids(&session.tags(3)), [("own:mallorca", "manual"), ("cat", "auto")]);
        let summary = session.summary();
        assert_eq!((summary.pictures, summary.waiting, summary.failed, summary.with_tags), (3, 1, 1, 3));
        let json = session.reports(&[1, 2]);
        assert_eq!(json.matches("own:mallorca").count(), 2, "{json}");
    }

    fn rule(id: &str, action: RuleAction) -> Rule {
        Rule { tag: TagRef::known(id, id), action }
    }

    fn merge(from: &str, into: &str) -> Rule {
        rule(from, RuleAction::Merge { into: TagRef::known(into, into.trim_start_matches("own:")) })
    }

    #[test]
    fn rules_rename_merge_and_hide_everywhere_also_later_and_leave_no_trace() {
        let mut session = session(0.5);
        put(&mut session, 1, 0.9);
        let before = session.tags(1);
        session.set_rules(&[rule("cat", RuleAction::Rename { name: "Misse".into() })]).unwrap();
        put(&mut session, 2, 0.8);
        assert!([1, 2].iter().all(|&id| session.tags(id)[0].name == "Misse"));
        assert_eq!(session.tag_ref("misse").unwrap().id, "cat", "typing the new name means that tag");
        assert_eq!(session.tag_ref("katt").unwrap().name, "Misse");

        session.set_rules(&[merge("cat", "own:felis")]).unwrap();
        assert_eq!(ids(&session.tags(1)), [("own:felis", "auto")]);
        assert_eq!(session.tags(1)[0].parents, [""; 0], "a word of one's own has no parents");
        assert_eq!(session.tag_ref("katt").unwrap().id, "own:felis");

        session.set_rules(&[rule("cat", RuleAction::Hide)]).unwrap();
        assert_eq!(ids(&session.tags(1)), [("animal", "auto")]);
        session.set_rules(&[]).unwrap();
        assert_eq!(session.tags(1), before);
    }

    #[test]
    fn a_merged_tag_follows_what_is_said_of_the_tag_that_it_is_shown_as() {
        let mut session = session(0.3);
        put(&mut session, 1, 0.6);
        session.set_rules(&[merge("cat", "cup")]).unwrap();
        assert_eq!(ids(&session.tags(1)), [("cup", "auto")]);
        assert_eq!(session.tags(1)[0].confidence, 0.6, "the surer of the two");
        session.correct(1, Corrections { rejected: vec!["cup".into()], ..Corrections::default() });
        assert_eq!(ids(&session.tags(1)), [("animal", "auto")]);
        session.correct(1, Corrections { added: vec![added("kopp", &session)], ..Corrections::default() });
        assert_eq!(ids(&session.tags(1)), [("cup", "manual"), ("animal", "auto")]);
        assert_eq!(session.tag_counts("", 9).iter().map(|tag| tag.pictures).sum::<u32>(), 2);
    }
}
