//! `tagsmith select`: which tags other thresholds would show, of the lines that `tagsmith tag --candidates` wrote; no pictures, no
//! network.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tagsmith::candidate::{Candidate, by_confidence};
use tagsmith::card::ModelCard;
use tagsmith::corrections::Resolved;
use tagsmith::tags::{Policy, Selector};
use tagsmith::vocabulary::Vocabulary;

use crate::args::SelectArgs;
use crate::tag::model_text;

/// What is read of a line; whatever else stands there is passed over.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    path: Option<String>,
    candidates: Option<Vec<Given>>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Given {
    id: String,
    confidence: f32,
    from: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// Ids of tags for each threshold, in the order in which they were given; the surest tag first.
    shown: Vec<Vec<&'a str>>,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

pub fn run(args: &SelectArgs) -> Outcome<ExitCode> {
    let card = ModelCard::parse(&model_text(args.model.as_deref(), "model.json")?)?;
    let vocabulary = Vocabulary::parse(&model_text(args.model.as_deref(), &card.vocabulary.file)?)?;
    let sources = card.sources();
    let defaults = Policy::from(card.policy);
    let max_tags = args.max_tags.unwrap_or(defaults.max_tags);
    let selector = |&threshold| {
        let policy = Policy { threshold, max_tags, ..defaults.clone() };
        Selector::new(policy, args.parents.unwrap_or(card.policy.parents), &vocabulary)
    };
    let selectors = args.threshold.iter().map(selector).collect::<Result<Vec<_>, _>>()?;

    let mut out = io::BufWriter::new(io::stdout().lock());
    for (number, text) in (1..).zip(io::stdin().lock().lines()) {
        let answer = answer(&text?, &selectors, &sources, &vocabulary);
        writeln!(out, "{}", answer.map_err(|reason| format!("line {number}: {reason}"))?)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The line that answers a line. That of a picture that could not be tagged stays as it is.
fn answer(text: &str, selectors: &[Selector], sources: &[String], vocabulary: &Vocabulary) -> Outcome<String> {
    let line: Line = serde_json::from_str(text)?;
    if line.error.is_some() {
        return Ok(text.to_owned());
    }
    let given = line.candidates.ok_or("there are no candidates; `tagsmith tag --candidates` writes them")?;
    let to_candidate = |one: &Given| to_candidate(one, sources, vocabulary);
    let mut candidates = given.iter().map(to_candidate).collect::<Result<Vec<_>, _>>()?;
    candidates.sort_by(by_confidence);
    let shown = |selector: &Selector| {
        let found = selector.shown(&candidates, &Resolved::default(), vocabulary);
        found.iter().map(|one| vocabulary.tag(one.tag).id.as_str()).collect()
    };
    let shown = Shown { path: line.path.as_deref(), shown: selectors.iter().map(shown).collect() };
    Ok(serde_json::to_string(&shown)?)
}

fn to_candidate(given: &Given, sources: &[String], vocabulary: &Vocabulary) -> Result<Candidate, String> {
    let tag = vocabulary.idx(&given.id).ok_or_else(|| format!("the vocabulary has no tag {:?}", given.id))?;
    let source = sources.iter().position(|name| *name == given.from);
    let source = source.ok_or_else(|| format!("the model has no part {:?}", given.from))?;
    if !(0.0..=1.0).contains(&given.confidence) {
        return Err(format!("a confidence goes from 0 to 1, not {}", given.confidence));
    }
    // How the part scored it plays no role in what is shown.
    Ok(Candidate { tag, score: given.confidence, confidence: given.confidence, source: source as u8 })
}
