//! `tagsmith train`: pictures with tags → a tagger, its report, and the network with it in one file.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

use tagsmith::model::BackboneRef;
use tagsmith::tags::TagRef;
use tagsmith::train::onnx::onnx;
use tagsmith::train::{
    Background, Example, Figure, GuidelineState, MovedSet, ReportWords, TagReport, TagStatus, TaggerFile, TrainOptions,
    Trained, TrainingReport, TrainingSet, guidelines, report, train,
};
use tagsmith::{ErrorKind, ModelCard, Result, Session, Tagger, Vocabulary, sha256};

use crate::library::with_code;
use crate::own::args::{TrainArgs, WithArgs};
use crate::own::due;
use crate::own::embedding::{Embedded, Wanted, embed_all, is_set, say_failed};
use crate::own::file::{check_backbone, check_written, version_before};
use crate::own::source::Source;
use crate::own::table::{percent, write_table};
use crate::path_text::path_text;
use crate::say::{count, say};
use crate::whole_file::replace;
use crate::{exit, interruption, language, model};

/// So many characters of a tagger's id are of its name.
const MAX_ID_CHARS: usize = 40;

/// A tagger of a source without a name, such as ".zip".
const NAMELESS: &str = "Tags";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

pub fn run(args: &TrainArgs) -> Outcome<ExitCode> {
    if let Some(library) = &args.due {
        return due::run(library, args);
    }
    let (Some(from), Some(out)) = (&args.from, &args.out) else { return Err("Name the pictures, and --out.".into()) };
    // What would fail at the end fails before anything is read.
    let written =
        [("--out", Some(out.as_path())), ("--report", args.report.as_deref()), ("--onnx", args.onnx.as_deref())];
    check_written(from, &written)?;
    let tagger = Arc::new(model::load(args.with.model.as_deref())?);
    let before = version_before(out).map_err(with_code)?;
    before.as_ref().map_or(Ok(()), |before| check_backbone(before, tagger.card(), out)).map_err(with_code)?;
    let form = args.report.as_deref().map(report_form).transpose()?;
    let source = Arc::new(Source::open(from).map_err(with_code)?);
    source.say();
    let tags = Tags::new(&source, &tagger, &args.with)?;
    let options = options(args, &source, &tags, before.as_ref());
    options.check().map_err(with_code)?;
    let background = model::background(args.with.model.as_deref(), tagger.card())?;
    let is_interrupted = interruption::watch()?;
    let embedded = embed_all(&tagger, &source, Wanted::Views, &args.with, &is_interrupted)?;
    if is_set(&is_interrupted) {
        return Ok(interrupted());
    }
    let n_failed = say_failed(&*source, embedded.len());
    let set = training_set(tagger.card(), &source, &tags, &embedded);
    let trained = match fit(&set, background.as_ref(), &options, &is_interrupted) {
        Err(error) if error.kind() == ErrorKind::TrainingCancelled => return Ok(interrupted()),
        trained => trained.map_err(with_code)?,
    };
    let told = report(&set, &trained);
    // All is made before anything is written, so that one that fails leaves no half of it.
    let tagger_bytes = tagger_file(&set, &trained, background.as_ref(), args.embeddings).json().into_bytes();
    let mut files = vec![(out.as_path(), tagger_bytes)];
    if let (Some(path), Some(form)) = (args.report.as_deref(), form) {
        let names = (0..).zip(source.paths()).collect();
        let words = ReportWords { language: tags.language.clone(), pictures: names, ..ReportWords::default() };
        files.push((path, form(&told, &words)?));
    }
    if let Some(path) = args.onnx.as_deref() {
        let network = model::network(args.with.model.as_deref(), tagger.card())?;
        files.push((path, onnx(&network, tagger.card(), &trained.head).map_err(with_code)?));
    }
    for (path, content) in files {
        write(path, &content)?;
    }
    print(&told)?;
    Ok(ExitCode::from(if n_failed > 0 { exit::SOME_FAILED } else { 0 }))
}

/// Before anything was written.
fn interrupted() -> ExitCode {
    say("interrupted; nothing was written");
    ExitCode::from(exit::INTERRUPTED)
}

/// Tags of a source, as the vocabulary has them where it does.
pub struct Tags {
    pub refs: Vec<TagRef>,
    /// Their names in the source, those that were met first.
    pub written: Vec<String>,
    /// By the source's number.
    places: Vec<u16>,
    /// Of names.
    pub language: String,
}

impl Tags {
    /// # Errors
    /// A sentence for a language that there is not, and for what cannot be a tag.
    pub fn new(source: &Source, tagger: &Tagger, args: &WithArgs) -> Outcome<Self> {
        let language = language::choose(&args.lang, tagger.vocabulary().languages())?;
        let mut session = Session::new(tagger.card(), without_aliases(tagger, args)?)?;
        session.apply(tagsmith::Policy { language: language.clone(), ..tagger.policy() })?;
        let (mut refs, mut written, mut places, mut known) = (Vec::new(), Vec::new(), Vec::new(), HashMap::new());
        for planned in &source.plan.tags {
            let tag = session.tag_ref_by_name(&planned.name).map_err(with_code)?;
            let place = *known.entry(tag.id.clone()).or_insert_with(|| {
                refs.push(tag);
                written.push(planned.name.clone());
                (refs.len() - 1) as u16
            });
            places.push(place);
        }
        Ok(Self { refs, written, places, language })
    }

    /// Those of a picture of the source, each once.
    pub fn of(&self, source: &Source, picture: usize) -> Vec<u16> {
        let tags = &source.plan.pictures[picture].tags;
        let mut places: Vec<u16> = tags.iter().map(|&tag| self.places[tag as usize]).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// The vocabulary by its very names: "shirt" is a folder of shirts, although it is also another word for a T-shirt.
fn without_aliases(tagger: &Tagger, args: &WithArgs) -> Outcome<Vocabulary> {
    let text = model::read_text(args.model.as_deref(), &tagger.card().vocabulary.file)?;
    let mut json: serde_json::Value = serde_json::from_str(&text)?;
    for tag in json["tags"].as_array_mut().into_iter().flatten() {
        tag.as_object_mut().map(|tag| tag.remove("aliases"));
    }
    Ok(Vocabulary::parse(&json.to_string())?)
}

fn training_set(card: &ModelCard, source: &Source, tags: &Tags, embedded: &[Embedded]) -> TrainingSet {
    let example = |one: &Embedded| Example {
        id: one.picture as u32,
        views: one.views.clone(),
        tags: tags.of(source, one.picture),
        rejected: Vec::new(),
        sha256: one.sha256,
        longer_side: one.longer_side,
    };
    TrainingSet {
        backbone: backbone(card),
        n_features: embedded.first().map_or(0, |one| one.views[0].vector.len()),
        tags: tags.refs.clone(),
        examples: embedded.iter().map(example).collect(),
        others: Vec::new(),
    }
}

pub fn backbone(card: &ModelCard) -> BackboneRef {
    BackboneRef { id: card.id.clone(), version: card.version.clone(), sha256: Some(card.model.sha256.clone()) }
}

fn options(args: &TrainArgs, source: &Source, tags: &Tags, before: Option<&TaggerFile>) -> TrainOptions {
    let before = before.map(|before| &before.head);
    let of_source = if source.plan.name.is_empty() { NAMELESS } else { source.plan.name.as_str() };
    let name = args.name.clone().or_else(|| before.map(|head| head.name.clone()));
    let name = name.unwrap_or_else(|| of_source.to_owned());
    TrainOptions {
        seed: args.seed,
        title: args.title.clone(),
        comment: args.comment.clone(),
        id: before.map_or_else(|| new_id(&name, tags), |head| head.id.clone()),
        version: before.map_or(1, |head| head.version.saturating_add(1)),
        made_ms: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
        name,
    }
}

/// The same for the same name and tags, so that a seed decides all of a tagger; two taggers of one name have two.
fn new_id(name: &str, tags: &Tags) -> String {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let plain: String = plain.take(MAX_ID_CHARS).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let mut ids: Vec<&str> = tags.refs.iter().map(|tag| tag.id.as_str()).collect();
    ids.sort_unstable();
    let of_tags = &sha256(ids.join("\n").as_bytes())[..8];
    words.into_iter().chain([of_tags]).collect::<Vec<_>>().join("-")
}

/// Trains until it is done or interrupted.
pub fn fit(
    set: &TrainingSet,
    background: Option<&Background>,
    options: &TrainOptions,
    is_interrupted: &AtomicBool,
) -> Result<Trained> {
    let mut go_on = |_| if is_set(is_interrupted) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    train(set, background, options, &mut go_on)
}

/// What travels of a training.
fn tagger_file(set: &TrainingSet, trained: &Trained, background: Option<&Background>, has_set: bool) -> TaggerFile {
    let word = |word: serde_json::Value| word.as_str().unwrap_or_default().to_owned();
    let mut lights = Vec::new();
    for of in guidelines(set, &[], background).tags {
        for check in of.checks {
            let (guideline, light) = (serde_json::json!(check.guideline), serde_json::json!(check.light));
            lights.push(GuidelineState { tag: of.tag.id.clone(), guideline: word(guideline), light: word(light) });
        }
    }
    let set = has_set.then(|| MovedSet { set: set.clone(), squares: Vec::new() });
    TaggerFile { head: trained.head.clone(), lights, set }
}

type Form = fn(&TrainingReport, &ReportWords) -> Result<Vec<u8>>;

/// How a report is written, by the end of its file's name.
fn report_form(path: &Path) -> Outcome<Form> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("xlsx") => Ok(|told, words| told.xlsx(words)),
        Some("csv") => Ok(|told, _| Ok(told.csv().into_bytes())),
        Some("json") => Ok(|told, _| Ok(serde_json::to_vec_pretty(told).expect("a report has only numbers and text"))),
        _ => {
            Err(format!("{} ends in none of .xlsx, .csv and .json. Name the report by its form.", path_text(path))
                .into())
        }
    }
}

fn write(path: &Path, content: &[u8]) -> Outcome<()> {
    replace(path, content).map_err(|error| {
        let shown = path_text(path);
        format!("{shown} cannot be written: {error}. Check the path, your permissions and the space left.").into()
    })
}

/// A line for each tag.
fn print(told: &TrainingReport) -> io::Result<()> {
    let share = |figure: &Option<Figure>| percent(figure.as_ref().map(|figure| figure.value.into()));
    let row = |of: &TagReport| {
        let status = match of.status {
            TagStatus::Trained => "trained",
            TagStatus::Incomplete => "not completely trained",
            TagStatus::LeftOut => "left out",
        };
        let n = of.n_examples.to_string();
        vec![of.tag.name.clone(), n, share(&of.precision), share(&of.recall), share(&of.ap), status.to_owned()]
    };
    let rows: Vec<Vec<String>> = told.tags.iter().map(row).collect();
    let mut out = io::stdout().lock();
    let printed = write_table(&mut out, &["tag", "pictures", "precision %", "recall %", "AP %", "status"], &rows)
        .and_then(|()| {
            let pictures = count(told.n_examples, "picture", "pictures");
            let (accuracy, map) = (share(&told.accuracy), share(&told.map));
            writeln!(
                out,
                "\n{pictures}; surest tag right: {accuracy} %; mean average precision: {map} %, cross-validated"
            )
        });
    match printed {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}
