//! `tagsmith select`: which tags other thresholds would show, from the output of `tagsmith tag --candidates`, without pictures or a
//! network.

use std::io::ErrorKind::BrokenPipe;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tagsmith::tags::{ComponentIdx, ResolvedCorrections, Selector, by_confidence};
use tagsmith::{Candidate, ModelCard, Policy, Vocabulary, printable_json};

use crate::args::SelectArgs;
use crate::model;

/// The fields that are read of a line; all others are ignored.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    path: Option<String>,
    candidates: Option<Vec<CandidateLine>>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct CandidateLine {
    id: String,
    confidence: f32,
    #[serde(rename = "from")]
    component: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// The ids of the shown tags for each threshold, in the order given; the surest tag first.
    shown: Vec<Vec<&'a str>>,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

pub fn run(args: &SelectArgs) -> Outcome<ExitCode> {
    let card = ModelCard::parse(&model::read_text(args.model.as_deref(), "model.json")?)?;
    let vocabulary = Vocabulary::parse(&model::read_text(args.model.as_deref(), &card.vocabulary.file)?)?;
    let vocabulary = Arc::new(vocabulary);
    let components = card.components();
    let defaults = Policy::from(card.policy);
    let max_tags = args.max_tags.unwrap_or(defaults.max_tags);
    let selector = |&threshold| {
        let policy = Policy { threshold, max_tags, ..defaults.clone() };
        Selector::new(policy, args.parents.unwrap_or(card.policy.min_parent), vocabulary.clone())
    };
    let selectors = args.threshold.iter().map(selector).collect::<Result<Vec<_>, _>>()?;

    match write_all(&mut io::BufWriter::new(io::stdout().lock()), &selectors, &components, &vocabulary) {
        // The reader closed the pipe, as `head` does.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == BrokenPipe) => {}
        written => written?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One line of output per line of standard input.
fn write_all(
    out: &mut impl Write,
    selectors: &[Selector],
    components: &[String],
    vocabulary: &Vocabulary,
) -> Outcome<()> {
    for (number, text) in (1..).zip(io::stdin().lock().lines()) {
        let selected = select(&text?, selectors, components, vocabulary);
        writeln!(out, "{}", selected.map_err(|reason| format!("line {number}: {reason}"))?)?;
    }
    Ok(out.flush()?)
}

/// The output for one line of input. The line of a picture that could not be tagged is returned unchanged.
fn select(text: &str, selectors: &[Selector], components: &[String], vocabulary: &Vocabulary) -> Outcome<String> {
    let line: Line = serde_json::from_str(text)?;
    if line.error.is_some() {
        return Ok(printable_json(text));
    }
    let lines = line.candidates.ok_or("the line has no candidates; create it with `tagsmith tag --candidates`")?;
    let to_candidate = |one: &CandidateLine| to_candidate(one, components, vocabulary);
    let mut candidates = lines.iter().map(to_candidate).collect::<Result<Vec<_>, _>>()?;
    candidates.sort_by(by_confidence);
    let shown = |selector: &Selector| {
        let selected = selector.select(&candidates, &ResolvedCorrections::default());
        selected.iter().map(|one| vocabulary.tag(one.tag).id.as_str()).collect()
    };
    let shown = Shown { path: line.path.as_deref(), shown: selectors.iter().map(shown).collect() };
    Ok(printable_json(&serde_json::to_string(&shown)?))
}

fn to_candidate(line: &CandidateLine, components: &[String], vocabulary: &Vocabulary) -> Result<Candidate, String> {
    let tag = vocabulary.idx(&line.id).ok_or_else(|| format!("the vocabulary has no tag {:?}", line.id))?;
    let component = components.iter().position(|name| *name == line.component);
    let component = component.ok_or_else(|| format!("the model has no component {:?}", line.component))?;
    if !(0.0..=1.0).contains(&line.confidence) {
        return Err(format!("the confidence {} is not from 0 to 1", line.confidence));
    }
    // The raw score does not affect what is shown.
    let (score, component) = (line.confidence, component as ComponentIdx);
    Ok(Candidate { tag, score, confidence: line.confidence, component })
}
