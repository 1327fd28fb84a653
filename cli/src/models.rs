//! `tagsmith models`: the models in the program, and those that the page offers.

use std::fmt::Write;
use std::process::ExitCode;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::draft_args::ModelsCommand;
use crate::print::print;
use crate::{draft, model};

/// The cards in the program, and what each model is for.
const BUNDLED: [(&str, &str); 3] = [
    (
        "model.json",
        "tags of a picture as a whole: 1000 classes, general tags, what they belong to; own tags are learnt on it",
    ),
    ("../blazeface-short/model.json", "finds faces, for the tags person, portrait, group and crowd"),
    ("../nanodet-g/model.json", "the second look: things of 80 classes, where they are and how many"),
];
/// What the page offers to download (docs/formats/catalog.md).
const CATALOG: &str = include_str!("../../models/catalog.json");

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ModelsArgs {
    #[command(subcommand)]
    pub command: Option<ModelsCommand>,

    /// List as JSON, one object a line: id, name, version, licence, bytes, what it is for, where it is from, whether it is in the program
    #[arg(long)]
    pub json: bool,
}

/// What is read of a card.
#[derive(Deserialize)]
struct Card {
    id: String,
    name: String,
    version: String,
    licence: String,
    model: File,
    provenance: Provenance,
}

#[derive(Deserialize)]
struct File {
    bytes: u64,
}

#[derive(Deserialize)]
struct Provenance {
    data: String,
}

#[derive(Deserialize)]
struct Catalog {
    models: Vec<Offer>,
}

#[derive(Deserialize)]
struct Offer {
    url: String,
    top1: Option<f64>,
    card: Card,
}

/// A line of the list.
#[derive(Serialize)]
struct Listed {
    id: String,
    name: String,
    version: String,
    licence: String,
    bytes: u64,
    /// What it is for.
    purpose: String,
    is_bundled: bool,
    /// Where to download it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

pub fn run(args: &ModelsArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    if let Some(ModelsCommand::Draft(args)) = &args.command {
        return draft::run(args);
    }
    let models = models()?;
    let mut text = String::new();
    if args.json {
        for one in &models {
            writeln!(text, "{}", tagsmith::printable_json(&serde_json::to_string(one)?))?;
        }
        return print(text.as_bytes());
    }
    let (bundled, offered): (Vec<&Listed>, Vec<_>) = models.iter().partition(|one| one.is_bundled);
    writeln!(text, "In this program:")?;
    bundled.iter().try_for_each(|one| write(&mut text, one))?;
    writeln!(text, "\nIn the catalog of the page, which downloads them under Models:")?;
    offered.iter().try_for_each(|one| write(&mut text, one))?;
    writeln!(
        text,
        "\nHere, download a file yourself, make a folder of it with tagsmith models draft, and name that with --model."
    )?;
    print(text.as_bytes())
}

fn models() -> Result<Vec<Listed>, Box<dyn std::error::Error>> {
    let mut models = Vec::new();
    for (path, purpose) in BUNDLED {
        let card: Card = serde_json::from_str(&model::read_text(None, path)?)?;
        models.push(listed(card, purpose.to_owned(), None));
    }
    for Offer { url, top1, card } in serde_json::from_str::<Catalog>(CATALOG)?.models {
        let mut purpose = format!("tags of a picture as a whole; learnt from {}", card.provenance.data);
        if let Some(top1) = top1 {
            write!(purpose, "; {:.1} of 100 right at the first guess, as its publisher states", top1 * 100.0)?;
        }
        models.push(listed(card, purpose, Some(url)));
    }
    Ok(models)
}

fn listed(Card { id, name, version, licence, model, .. }: Card, purpose: String, url: Option<String>) -> Listed {
    Listed { id, name, version, licence, bytes: model.bytes, purpose, is_bundled: url.is_none(), url }
}

fn write(text: &mut String, one: &Listed) -> std::fmt::Result {
    let Listed { id, name, version, licence, bytes, purpose, url, .. } = one;
    writeln!(text, "  {id}: {name} {version}, {:.1} MB, {licence}", *bytes as f64 / 1e6)?;
    writeln!(text, "      {purpose}")?;
    url.iter().try_for_each(|url| writeln!(text, "      {url}"))
}
