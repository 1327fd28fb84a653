//! What is shipped and under which terms: the texts in THIRD_PARTY_LICENCES.txt (in the page, and by `tagsmith licences`) and the tables of
//! THIRD_PARTY.md. Both are committed, so that a build needs nothing else; `cargo x licences` writes them, and `cargo x check` holds them
//! against what cargo links.

mod expression;
pub mod linked;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use self::expression::Rules;
use self::linked::{Crate, Linked};
use crate::process::{Outcome, root};

/// Every licence text, for people who have a copy of the page or of the command line.
pub const TEXTS: &str = "THIRD_PARTY_LICENCES.txt";
const TABLES: &str = "THIRD_PARTY.md";
/// Around what is written into THIRD_PARTY.md.
const MARKS: [&str; 2] = ["<!-- crates: written by cargo x licences -->\n", "<!-- end of crates -->"];

/// `cargo x licences`.
pub fn write() -> Outcome {
    for (file, content) in generate()? {
        fs::write(root().join(file), content).map_err(|error| format!("{file} cannot be written: {error}."))?;
    }
    Ok(())
}

/// Whether the committed files are what would be written, and every licence is one that deny.toml allows.
pub fn check() -> Outcome {
    let crates = linked::every_crate()?;
    let rules = Rules::parse(&read("deny.toml")?)?;
    let refused: Vec<String> =
        crates.iter().filter(|one| !rules.allow(&one.name, &one.licence)).map(describe).collect();
    if !refused.is_empty() {
        return Err(format!("deny.toml allows none of the licences of:\n{}", refused.join("\n")));
    }
    for (file, wanted) in generate()? {
        let found = read(file)?.replace("\r\n", "\n");
        if let Some((at, (found, wanted))) = (1..)
            .zip(found.lines().chain([""]).zip(wanted.lines().chain([""])))
            .find(|(_, (found, wanted))| found != wanted)
        {
            return Err(format!(
                "{file} is not what is linked, from line {at}. Write it again: cargo x licences\nfound:  {found}\nwanted: {wanted}"
            ));
        }
    }
    Ok(())
}

fn describe(one: &Crate) -> String {
    format!("{} {}: {}", one.name, one.version, one.licence)
}

fn generate() -> Outcome<[(&'static str, String); 2]> {
    let linked = Linked::read()?;
    let tables = read(TABLES)?.replace("\r\n", "\n");
    let parts = tables.split_once(MARKS[0]).and_then(|(before, rest)| Some((before, rest.split_once(MARKS[1])?.1)));
    let (before, after) = parts.ok_or(format!("{TABLES} has no place for the crates: {MARKS:?}"))?;
    let tables = format!("{before}{}{}{}{after}", MARKS[0], tables_of(&linked), MARKS[1]);
    Ok([(TEXTS, texts::write(&linked)?), (TABLES, tables)])
}

/// One row per licence, those with most crates first.
fn tables_of(linked: &Linked) -> String {
    let table = |title: &str, crates: &BTreeSet<Crate>| {
        let mut rows: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for one in crates {
            rows.entry(one.licence.replace('/', " OR ")).or_default().insert(&one.name);
        }
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by_key(|(licence, names)| (usize::MAX - names.len(), licence.clone()));
        let rows = rows
            .into_iter()
            .map(|(licence, names)| format!("| {licence} | {} |\n", names.into_iter().collect::<Vec<_>>().join(", ")));
        format!("\n{title}:\n\n| licence | crates |\n|---|---|\n{}", rows.collect::<String>())
    };
    let page = linked.page();
    let more: BTreeSet<Crate> = linked.command_line.difference(&page).cloned().collect();
    table("In the page's modules", &page)
        + &table("In the command line as well, on one system or another", &more)
        + "\n"
}

fn read(file: &str) -> Outcome<String> {
    fs::read_to_string(root().join(file)).map_err(|error| format!("{file} cannot be read: {error}."))
}
