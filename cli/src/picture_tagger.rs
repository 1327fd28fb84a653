//! One picture, from the bytes of its file to its report: the same whoever asks for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use tagsmith::session::{Failure, ReportCandidate, ReportTag, TaggedReport, Texts};
use tagsmith::tags::{Embedding, ResolvedCorrections, StrictWords, Tagging};
use tagsmith::{Error, ErrorKind, Inference, Limits, PIPELINE_VERSION, Policy, Result, TagOptions, Tagger};

use crate::library::with_code;
use crate::limit_args::LimitArgs;
use crate::own::{Custom, Merger, OfProvider, OwnTags};
use crate::say::say;
use crate::tagging_args::TaggingArgs;
use crate::{language, model, only_words};

/// A model, own taggers and a person's words, as the arguments say.
pub struct PictureTagger {
    tagger: Tagger,
    /// Of every picture, unless something else is wanted of it.
    policy: Policy,
    limits: Limits,
    custom: Custom,
    words: Option<StrictWords>,
    /// Puts the tags of own taggers beside the model's, and all of them into a person's words; where there is neither, the model's stand alone.
    merger: Option<Mutex<Merger>>,
}

/// What a report is to have.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub policy: Policy,
    pub candidates: bool,
    pub all_scores: bool,
    pub embedding: bool,
}

/// What was found in a picture on this machine.
#[derive(Debug, Clone)]
pub struct Local {
    pub tagging: Tagging,
    pub own: OwnTags,
}

/// The same with what a report may have besides.
pub struct Found {
    pub local: Local,
    /// None where it was known before.
    pub scores: Option<Vec<f32>>,
    pub embedding: Option<Vec<f32>>,
    /// Why there was no second look although there is a detector.
    pub objects_failed: Option<Error>,
}

impl PictureTagger {
    /// # Errors
    /// A sentence: of a model, a language, a policy, an own tagger or a list of words that cannot be used.
    pub fn load(args: &TaggingArgs) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        let mut tagger = model::load(args.model.as_deref())?;
        if tagger.has_second_look() && !args.no_objects {
            // Without objects, there still are the tags of the first look.
            if let Err(error) = model::load_objects(&mut tagger, args.model.as_deref()) {
                say(format_args!(
                    "objects are not looked for: {error} --no-objects tags without them and says nothing"
                ));
            }
        }
        let language = language::choose(&args.lang, tagger.vocabulary().languages())?;
        let policy = model::policy(args, &language, &tagger)?;
        let limits = args.limits.limits();
        tagger.check(&TagOptions { policy: Some(policy.clone()), limits })?;
        let custom = Custom::load(&args.custom, tagger.card()).map_err(with_code)?;
        let words = args.only_words.as_deref().map(|path| only_words::read(path, &language)).transpose()?;
        let mut all = Self { tagger, policy, limits, custom, words, merger: None };
        if !all.custom.is_empty() || all.words.is_some() {
            all.merger = Some(Mutex::new(all.merger(None)?));
        }
        Ok(all)
    }

    pub fn tagger(&self) -> &Tagger {
        &self.tagger
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Whether tags show as a person's own words only.
    pub fn has_words(&self) -> bool {
        self.words.is_some()
    }

    /// One that puts a provider's tags beside these as well.
    ///
    /// # Errors
    /// Those of the policy and of the words.
    pub fn merger(&self, provider: Option<OfProvider>) -> Result<Merger> {
        Merger::new(&self.tagger, self.policy.clone(), self.custom.heads(), provider)?.with_words(self.words.clone())
    }

    /// Looks at a picture's file. `seen` is told what the model found, before own taggers are asked.
    ///
    /// # Errors
    /// Those of [`Tagger::tag`] and of the own taggers.
    pub fn find(&self, file: &[u8], policy: &Policy, seen: impl FnOnce(&Tagging, Option<&[f32]>)) -> Result<Found> {
        let options = TagOptions { policy: Some(policy.clone()), limits: self.limits };
        let tagged = self.tagger.tag(file, &options)?;
        let Inference { facts, scores, candidates, boxes, embedding, timings } = tagged.inference;
        let tagging = Tagging { facts, candidates, boxes, timings };
        seen(&tagging, embedding.as_deref());
        let own = self.own_tags(|| match embedding.as_deref().and_then(Embedding::new) {
            Some(embedding) => Ok(embedding),
            None => self.embed(file),
        })?;
        let (local, scores) = (Local { tagging, own }, Some(scores));
        Ok(Found { local, scores, embedding, objects_failed: tagged.objects_failed })
    }

    /// # Errors
    /// As [`PictureTagger::find`].
    pub fn embed(&self, file: &[u8]) -> Result<Embedding> {
        self.tagger.embed_file(file, &self.limits)
    }

    /// What the own taggers find. The embedding is asked for only where there are such.
    ///
    /// # Errors
    /// Those of `embedding`, and of one that does not fit.
    pub fn own_tags(&self, embedding: impl FnOnce() -> Result<Embedding>) -> Result<OwnTags> {
        if self.custom.is_empty() { Ok(OwnTags::new()) } else { self.custom.found(&embedding()?) }
    }

    /// # Errors
    /// Those of the policy.
    pub fn report(&self, path: String, found: Found, wanted: &Wanted) -> Result<TaggedReport> {
        let Self { tagger, .. } = self;
        let Found { local: Local { tagging, own }, scores, embedding, .. } = found;
        let (vocabulary, components) = (tagger.vocabulary(), tagger.card().components());
        let both = self.merger.is_some().then(|| tagging.clone());
        let tags = match &both {
            Some(_) => Vec::new(), // the merger's
            None => {
                let selector = tagger.selector(wanted.policy.clone())?;
                let nothing = ResolvedCorrections::default();
                let tags = selector.select_named(&tagging.candidates, &tagging.boxes, &nothing);
                let named = |tag| ReportTag::new(tag, &components, vocabulary, &wanted.policy.language);
                tags.into_iter().map(named).collect()
            }
        };
        let candidates = tagging.candidates.iter();
        let candidates = candidates.map(|candidate| ReportCandidate::new(candidate, &components, vocabulary));
        let report = TaggedReport {
            path,
            tags,
            texts: Texts::default(),
            candidates: wanted.candidates.then(|| candidates.collect()),
            facts: tagging.facts,
            model: tagger.card().into(),
            pipeline: PIPELINE_VERSION,
            timings_ms: tagging.timings,
            scores: scores.filter(|_| wanted.all_scores),
            embedding: embedding.filter(|_| wanted.embedding),
        };
        let Some((merger, both)) = self.merger.as_ref().zip(both) else { return Ok(report) };
        let mut merger = merger.lock().unwrap_or_else(PoisonError::into_inner);
        merger.set_policy(&wanted.policy)?;
        merger.merged(report, both, &own, None)
    }
}

/// A panicking decoder must fail one picture, and nothing else.
///
/// # Errors
/// Those of `work`, and [`ErrorKind::PictureDamaged`].
pub fn catching<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let detail = "The decoder crashed on this file. Save the picture again with another program.";
        Err(Error::new(ErrorKind::PictureDamaged, detail))
    })
}

/// Of a picture whose thread does not come back within its time.
pub fn gave_up(seconds: u64) -> Error {
    let detail = format!(
        "The picture takes longer than {seconds} s and was given up. Save it again in another program, scaled down if it is large."
    );
    Error::new(ErrorKind::PictureTooSlow, detail)
}

/// As a report has it: with the option that lets the picture pass.
pub fn failure(error: &Error) -> Failure {
    let option = LimitArgs::option_against(error.kind());
    let remedy = option.map(|option| format!(" The option is {option}.")).unwrap_or_default();
    Failure { code: error.kind().code().to_owned(), detail: format!("{error}{remedy}") }
}
