//! `tagsmith train --due LIBRARY`: trains the own taggers of a library whose time has come, as the page does at the next visit.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tagsmith::train::{
    Background, Due, Example, History, MIN_EXAMPLES, Schedule, TrainOptions, Trained, TrainingReport, TrainingSet, Why,
    due, report,
};
use tagsmith::{Error, ErrorKind, Result, Tagger};

use crate::library::own::{ExampleFile, NewHead, OfBackbone, OpenTraining, OwnTagger, TrainingEnd};
use crate::library::{Library, with_code};
use crate::own::args::TrainArgs;
use crate::own::embedding::{Wanted, embed_all, is_set};
use crate::own::missing::{MIRROR, Missing};
use crate::own::moved::Moved;
use crate::own::settings::Settings;
use crate::own::table::percent;
use crate::own::train::{backbone, fit};
use crate::path_text::path_text;
use crate::say::{count, say};
use crate::{exit, interruption, model};

/// So many pictures of the library stand for the rest of it, as in the page.
const N_OTHERS: u32 = 1000;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What every tagger is trained with.
struct Job<'a> {
    library: Library,
    tagger: Arc<Tagger>,
    background: Option<Background>,
    is_interrupted: Arc<AtomicBool>,
    args: &'a TrainArgs,
    zone: TimeZone,
}

pub fn run(path: &Path, args: &TrainArgs) -> Outcome<ExitCode> {
    if !path.exists() {
        return Err(format!("There is no library {}. Save a backup in the page, and name it.", path_text(path)).into());
    }
    let tagger = Arc::new(model::load(args.with.model.as_deref())?);
    let background = model::background(args.with.model.as_deref(), tagger.card())?;
    let zone = TimeZone::try_system().map_err(|error| {
        format!("The time zone of this system is not known: {error}. Name it in the environment variable TZ, such as Europe/Stockholm.")
    })?;
    let is_interrupted = interruption::watch()?;
    let library = Library::open_or_make(path).map_err(with_code)?;
    let job = Job { library, tagger, background, is_interrupted, args, zone };
    let mut n_failed = 0;
    for own in job.library.own_taggers().map_err(with_code)? {
        match job.train_if_due(&own) {
            Ok(n) => n_failed += n,
            Err(_) if is_set(&job.is_interrupted) => {
                say(format_args!("interrupted; {:?} stays at its last version", own.name));
                return Ok(ExitCode::from(exit::INTERRUPTED));
            }
            Err(error) => {
                say(format_args!("{}: {} ({})", own.name, error.detail(), error.kind().code()));
                n_failed += 1;
            }
        }
    }
    Ok(ExitCode::from(if n_failed > 0 { exit::SOME_FAILED } else { 0 }))
}

impl Job<'_> {
    /// Gives how many pictures could not be read.
    fn train_if_due(&self, own: &OwnTagger) -> Result<usize> {
        const ON_DEMAND: Schedule = Schedule { weekly: None, after_n: None };
        let settings = Settings::read(&own.settings);
        let smart = self.library.smart_collections()?;
        // Again and again only where smart tags are on; once, when a person has set it so.
        let is_smart = settings.collections.iter().any(|collection| smart.contains(collection));
        let schedule = if is_smart { settings.schedule } else { ON_DEMAND };
        if !own.is_used || (schedule == ON_DEMAND && settings.once_ms.is_none()) {
            println!("{}: only on demand", shown(&own.name));
            return Ok(0);
        }
        let trained_ms = self.library.trainings_begun(&own.id)?;
        let newest = trained_ms.iter().copied().max().unwrap_or_default();
        let Settings { collections, files, tags, .. } = &settings;
        let n_new = self.library.taught_since(collections, files, tags.as_deref(), newest)?;
        let history = History { trained_ms: &trained_ms, set_ms: settings.weekly_set_ms.unwrap_or(own.made_ms), n_new };
        let offset = |ms: i64| {
            let at = Timestamp::from_millisecond(ms).unwrap_or_default();
            self.zone.to_offset(at).seconds() / 60
        };
        let now = Timestamp::now().as_millisecond();
        let mut found = due(&schedule, &history, now, &offset);
        if n_new < MIN_EXAMPLES as u32 && !self.library.has_version(&own.id)? {
            found.why = None;
        }
        let to_come = settings.once_ms.filter(|ms| *ms > now);
        found.next_ms = found.next_ms.into_iter().chain(to_come).min();
        let is_once = settings.once_ms.is_some_and(|ms| ms <= now && newest < ms);
        let Some(begun) = self.begun(own, &found, is_once, n_new)? else { return Ok(0) };
        let OpenTraining { id, number, title } = begun;
        let trained =
            self.train(&settings, &self.options(own, title, number)).and_then(|(n_left_out, set, trained)| {
                let told = report(&set, &trained);
                self.keep(id, &set, &trained, &told)?;
                Ok((n_left_out, told))
            });
        match trained {
            Ok((n_left_out, told)) => {
                let pictures = count(told.n_examples, "picture", "pictures");
                let map = percent(told.map.map(|map| map.value.into()));
                println!(
                    "{}: version {number}, {pictures}, mean average precision {map} %{}",
                    shown(&own.name),
                    self.next(found.next_ms)
                );
                Ok(n_left_out)
            }
            Err(error) => {
                // One that was interrupted stays open, as one that was killed: the next run goes on with it, or the page.
                if !is_set(&self.is_interrupted) {
                    self.library.end_training(id, &TrainingEnd::Failed(error.kind().code(), error.detail()))?;
                }
                Err(error)
            }
        }
    }

    /// The training that was not ended, or else a new one if it is due.
    fn begun(&self, own: &OwnTagger, found: &Due, is_once: bool, n_new: u32) -> Result<Option<OpenTraining>> {
        if let Some(open) = self.library.open_training(&own.id)? {
            return Ok(Some(open));
        }
        let (title, reason) = match found.why {
            _ if is_once => (String::new(), "person"),
            Some(Why::Weekly) => (format!("Weekly{}", self.at(found.fell_due_ms)), "weekly"),
            Some(Why::AfterN) => (format!("After {}", count(n_new as usize, "picture", "pictures")), "after_n"),
            None => {
                println!("{}: not due{}", shown(&own.name), self.next(found.next_ms));
                return Ok(None);
            }
        };
        let title = if self.args.title.is_empty() { title } else { self.args.title.clone() };
        // What no version can be called is not written either.
        self.options(own, title.clone(), 1).check()?;
        let begun = self.library.begin_training(&own.id, reason, &title)?;
        Ok(begun.map(|(id, number)| OpenTraining { id, number, title }))
    }

    fn options(&self, own: &OwnTagger, title: String, version: u32) -> TrainOptions {
        TrainOptions {
            seed: self.args.seed,
            title,
            comment: self.args.comment.clone(),
            id: own.id.clone(),
            name: own.name.clone(),
            version,
            made_ms: Timestamp::now().as_millisecond(),
        }
    }

    /// What was learnt, and how many pictures were left out.
    fn train(&self, settings: &Settings, options: &TrainOptions) -> Result<(usize, TrainingSet, Trained)> {
        let backbone_name = self.backbone();
        let read = |n_features: u32| {
            let of = OfBackbone { backbone: &backbone_name, n_features };
            let collections = if settings.files.is_empty() { &settings.collections[..] } else { &[] };
            self.library.training_files(collections, &settings.files, of, &[MIRROR]).map(|files| settings.taught(files))
        };
        let n_features = || self.library.n_features_of(&backbone_name).map(Option::unwrap_or_default);
        let files = read(n_features()?)?;
        self.embed_missing(&files, settings)?;
        let moved = self.moved(&options.id, settings)?;
        // Of a library without an embedding of its own only these say how long one is.
        let n_features = match (n_features()?, &moved) {
            (0, Some(moved)) => moved.n_features,
            (n_features, _) => n_features,
        };
        let files = read(n_features)?;
        let files = match moved.filter(|moved| moved.n_features == n_features) {
            Some(moved) => moved.beside(files, |tag| settings.has(tag)),
            None => files,
        };
        let ids: Vec<u32> = files.iter().map(|file| file.file).collect();
        let of = OfBackbone { backbone: &backbone_name, n_features };
        // Everyday pictures that come with the model say more.
        let others = match &self.background {
            Some(_) => Vec::new(),
            None => self.library.other_embeddings(&ids, N_OTHERS, of)?,
        };
        let n = files.len();
        let (tags, examples) = examples(files);
        let n_left_out = n - examples.len();
        let set = TrainingSet {
            backbone: backbone(self.tagger.card()),
            n_features: n_features as usize,
            tags,
            examples,
            others,
        };
        let trained = fit(&set, self.background.as_ref(), options, &self.is_interrupted)?;
        Ok((n_left_out, set, trained))
    }

    /// What came with a file of the tagger, where that is learnt from and is of this network.
    fn moved(&self, own_tagger: &str, settings: &Settings) -> Result<Option<Moved>> {
        if settings.without_moved {
            return Ok(None);
        }
        let kept = self.library.moved_examples(own_tagger)?;
        Ok(kept.and_then(|kept| Moved::read(&kept, &self.backbone())))
    }

    /// Embeds what has no embedding, or not that of the mirror image, from its file or else from its square.
    fn embed_missing(&self, files: &[ExampleFile], settings: &Settings) -> Result<()> {
        let folder = self.args.pictures.clone().unwrap_or_else(|| PathBuf::from("."));
        let missing = Missing::new(&self.library, files, &folder)?;
        if missing.is_empty() {
            return Ok(());
        }
        let missing = Arc::new(missing);
        let with = &self.args.with;
        let embedded =
            embed_all(&self.tagger, &missing, Wanted::Views, with, &self.is_interrupted).map_err(|error| {
                Error::new(ErrorKind::InferenceFailed, format!("Nothing can be read now: {error}. Try again."))
                    .with_source(error)
            })?;
        for one in &embedded {
            let views: Vec<_> = ["", MIRROR].into_iter().zip(&one.views).collect();
            let square = one.square.as_deref().filter(|_| settings.keeps_squares);
            self.library.record_embeddings(missing.asset(one.picture), &self.backbone(), &views, square)?;
        }
        if is_set(&self.is_interrupted) {
            return Err(Error::new(ErrorKind::TrainingCancelled, "The training was stopped."));
        }
        Ok(())
    }

    fn keep(&self, training: i64, set: &TrainingSet, trained: &Trained, told: &TrainingReport) -> Result<()> {
        let head = &trained.head;
        let tag = |own: &tagsmith::tagging::OwnTag| {
            let mut tag = serde_json::to_value(&own.tag).expect("a tag has only text");
            tag["threshold"] = own.threshold.into();
            tag
        };
        let tags: Vec<_> = head.tags.iter().map(tag).collect();
        let made = NewHead {
            seed: head.seed,
            backbone: &self.backbone(),
            n_examples: set.examples.len() as u32,
            tags: serde_json::Value::from(tags).to_string(),
            file: head.json(),
            report: serde_json::to_string(told).ok(),
        };
        self.library.end_training(training, &TrainingEnd::Made(made))
    }

    /// As embeddings of a library name it.
    fn backbone(&self) -> String {
        let card = self.tagger.card();
        format!("{} {}", card.id, card.version)
    }

    fn next(&self, next_ms: Option<i64>) -> String {
        next_ms.map(|ms| format!("; next{}", self.at(Some(ms)))).unwrap_or_default()
    }

    /// In local time.
    fn at(&self, ms: Option<i64>) -> String {
        let at = ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        at.map(|at| self.zone.to_datetime(at).strftime(" %Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    }
}

fn shown(name: &str) -> String {
    tagsmith::printable(name)
}

/// Those with an embedding, and the tags that somebody gave.
fn examples(files: Vec<ExampleFile>) -> (Vec<tagsmith::TagRef>, Vec<Example>) {
    let mut tags: Vec<tagsmith::TagRef> = Vec::new();
    for tag in files.iter().flat_map(|file| &file.given) {
        if !tags.iter().any(|known| known.id == tag.id) {
            tags.push(tag.clone());
        }
    }
    let places = |said: &[tagsmith::TagRef]| {
        let place = |tag: &tagsmith::TagRef| tags.iter().position(|known| known.id == tag.id);
        let mut places: Vec<u16> = said.iter().filter_map(place).map(|place| place as u16).collect();
        places.sort_unstable();
        places
    };
    let here = files.iter().filter(|file| !file.views.is_empty());
    let example = |file: &ExampleFile| Example {
        id: file.file,
        views: file.views.clone(),
        tags: places(&file.given),
        rejected: places(&file.rejected),
        sha256: file.sha256,
        longer_side: file.longer_side,
    };
    let examples = here.map(example).collect();
    (tags, examples)
}
