//! `tagsmith evaluate`: how well a tagger does on pictures whose tags are known.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use tagsmith::printable_json;
use tagsmith::tagging::OwnHead;
use tagsmith::train::{Evaluation, MovedSet, TagEvaluation, evaluate};

use crate::library::with_code;
use crate::own::args::EvaluateArgs;
use crate::own::embedding::{Embedded, Wanted, embed_all, is_set, say_failed};
use crate::own::file::{check_backbone, read_tagger};
use crate::own::source::Source;
use crate::own::table::{percent, write_table};
use crate::own::taught::are_taught;
use crate::own::train::Tags;
use crate::say::{count, say};
use crate::{exit, interruption, model};

pub fn run(args: &EvaluateArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let own = read_tagger(&args.file).map_err(with_code)?;
    let tagger = Arc::new(model::load(args.with.model.as_deref())?);
    check_backbone(&own, tagger.card(), &args.file).map_err(with_code)?;
    let source = Arc::new(Source::open(&args.from).map_err(with_code)?);
    source.say();
    let tags = Tags::new(&source, &tagger, &args.with)?;
    let right = Right::new(&own.head, &tags);
    right.say(&tags, &own.head)?;
    let is_interrupted = interruption::watch()?;
    let embedded = embed_all(&tagger, &source, Wanted::Own, &args.with, &is_interrupted)?;
    if is_set(&is_interrupted) {
        say("interrupted: figures of a part would say nothing of the whole");
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    let n_failed = say_failed(&*source, embedded.len());
    let right_names = right.names(&tags);
    let right: Vec<Vec<usize>> = embedded.iter().map(|one| right.of(&tags.of(&source, one.picture))).collect();
    let embedding = |one: &'_ Embedded| one.views[0].clone();
    let embeddings: Vec<_> = embedded.iter().map(embedding).collect();
    let pictures = || embeddings.iter().zip(right.iter().map(Vec::as_slice));
    let mut evaluation = evaluate(&own.head, pictures()).map_err(with_code)?;
    if let Some(MovedSet { set, .. }) = &own.set {
        let taught = are_taught(set, &embedded);
        let new = pictures().zip(&taught).filter(|(_, is_taught)| !**is_taught).map(|(picture, _)| picture);
        say_taught(&taught, &evaluate(&own.head, new).map_err(with_code)?);
    }
    for (place, name) in right_names {
        evaluation.tags[place].name = name;
    }
    match print(args, &evaluation, embedded.len()) {
        // The reader closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    Ok(ExitCode::from(if n_failed > 0 { exit::SOME_FAILED } else { 0 }))
}

/// Says how many pictures the tagger was taught, and what the figures are without them.
fn say_taught(taught: &[bool], without: &Evaluation) {
    let n = taught.iter().filter(|is_taught| **is_taught).count();
    if n > 0 {
        let (accuracy, map) = (percent(without.accuracy), percent(without.map));
        say(format_args!(
            "{n} of {} are examples of this tagger, or nearly the same. Without them: surest tag right: {accuracy} %; mean average precision: {map} %",
            count(taught.len(), "picture", "pictures")
        ));
    }
}

/// Which of a head's tags those of a source are.
struct Right(Vec<Option<usize>>);

impl Right {
    /// By id, or else by name: a head may be of a library whose vocabulary is another.
    fn new(head: &OwnHead, tags: &Tags) -> Self {
        let same_name = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        let place = |tag: &tagsmith::TagRef| {
            let by_id = head.tags.iter().position(|own| own.tag.id == tag.id);
            by_id.or_else(|| head.tags.iter().position(|own| same_name(&own.tag.name, &tag.name)))
        };
        Self(tags.refs.iter().map(place).collect())
    }

    fn of(&self, tags: &[u16]) -> Vec<usize> {
        tags.iter().filter_map(|&tag| self.0[usize::from(tag)]).collect()
    }

    /// What the source calls the head's tags that it has: whoever reads the figures knows those names.
    fn names(&self, tags: &Tags) -> Vec<(usize, String)> {
        let named = self.0.iter().zip(&tags.written);
        named.filter_map(|(place, written)| Some(((*place)?, written.clone()))).collect()
    }

    /// Says which tags the head does not have: their pictures have none of its tags.
    ///
    /// # Errors
    /// A sentence where it has none of them.
    fn say(&self, tags: &Tags, head: &OwnHead) -> Result<(), String> {
        let unknown = tags.refs.iter().zip(&self.0).filter(|(_, place)| place.is_none());
        let unknown: Vec<&str> = unknown.map(|(tag, _)| tag.name.as_str()).collect();
        if unknown.len() == tags.refs.len() {
            let own: Vec<&str> = head.tags.iter().map(|own| own.tag.name.as_str()).collect();
            return Err(format!(
                "{:?} has none of these tags: {}. Its own are {}. Name the folders so.",
                head.name,
                unknown.join(", "),
                own.join(", ")
            ));
        }
        if !unknown.is_empty() {
            let tags = count(unknown.len(), "tag is", "tags are");
            say(format_args!("{tags} not of this tagger, and count as none of its tags: {}", unknown.join(", ")));
        }
        Ok(())
    }
}

fn print(args: &EvaluateArgs, evaluation: &Evaluation, n_pictures: usize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if args.json {
        let json = serde_json::to_string(evaluation).expect("an evaluation has only numbers and names");
        return writeln!(out, "{}", printable_json(&json));
    }
    let row =
        |tag: &TagEvaluation| vec![tag.name.clone(), percent(tag.precision), percent(tag.recall), percent(tag.ap)];
    let rows: Vec<Vec<String>> = evaluation.tags.iter().map(row).collect();
    write_table(&mut out, &["tag", "precision %", "recall %", "AP %"], &rows)?;
    let (accuracy, map) = (percent(evaluation.accuracy), percent(evaluation.map));
    let pictures = count(n_pictures, "picture", "pictures");
    writeln!(out, "\n{pictures}; surest tag right: {accuracy} %; mean average precision: {map} %")
}
