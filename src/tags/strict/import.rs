//! Vocabularies of other programs, read as lists of one's own words: Lightroom and Bridge keyword text, paths as digiKam has them, XMP
//! sidecars, tables, SKOS, and what a person types.
//!
//! These files are anybody's. Each has limits, what cannot be a word is left out and said, and what cannot be read is refused.

mod builder;
mod encoding;
mod skos;
mod table;
mod text;
mod xmp;

use serde::Serialize;

use self::builder::Builder;
use crate::error::Result;
use crate::tags::strict::{MAX_BYTES, StrictWords, invalid};

/// What a file was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WordsFormat {
    /// Our own document.
    Words,
    /// Lines, perhaps indented, with `{synonyms}` and `[headings]`, as Lightroom and Bridge write them, and as people type.
    Text,
    /// Lines with the way from the root: `Animals/Dog`, `Animals|Dog`.
    Paths,
    /// The keywords in an XMP packet.
    Xmp,
    /// CSV and TSV.
    Table,
    /// A thesaurus: RDF/XML, Turtle, N-Triples or JSON-LD.
    Skos,
}

/// A vocabulary that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedWords {
    pub format: WordsFormat,
    pub words: StrictWords,
    /// How much could not be a word, and the first of it.
    pub n_left_out: usize,
    pub left_out: Vec<LeftOut>,
}

/// What could not be a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its beginning.
    pub text: String,
    pub reason: LeftOutReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// More characters than a tag may have.
    TooLong,
    /// Nothing that can be seen.
    Empty,
    /// It is below more words than fits.
    TooDeep,
    /// The word has more of these than fit.
    TooMany,
}

/// Reads a vocabulary. `name`: of the file, for the title and where only it tells the format; `language`: of the words where the file says
/// none, and of the names to choose where it has several.
///
/// # Errors
/// [`ErrorKind::WordsInvalid`](crate::ErrorKind) with a sentence about what to do.
pub fn read_words(bytes: &[u8], name: &str, language: Option<&str>) -> Result<ImportedWords> {
    if bytes.len() > MAX_BYTES {
        let detail = format!("{name:?} has more than {} MiB. Choose a smaller file, or a part of it.", MAX_BYTES >> 20);
        return Err(invalid(detail));
    }
    let text = encoding::text_of(bytes)?;
    let text = text.trim_start();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let mut words = Builder::new(title_of(name), language);
    let format = match format_of(text, &ending) {
        Guess::Words => {
            let words = StrictWords::parse(text)?;
            return Ok(ImportedWords { format: WordsFormat::Words, words, n_left_out: 0, left_out: Vec::new() });
        }
        Guess::Skos(syntax) => {
            skos::read(text, syntax, &mut words)?;
            WordsFormat::Skos
        }
        Guess::Xmp => {
            xmp::read(text, &mut words)?;
            WordsFormat::Xmp
        }
        Guess::Table => {
            table::read(text, &mut words)?;
            WordsFormat::Table
        }
        Guess::Text => text::read(text, &mut words)?,
    };
    words.finish(format)
}

enum Guess {
    Words,
    Skos(skos::Syntax),
    Xmp,
    Table,
    Text,
}

fn format_of(text: &str, ending: &str) -> Guess {
    // Enough for every beginning that tells.
    let start: String = text.chars().take(4_000).collect();
    let begins = |sign: &str| start.starts_with(sign);
    let is_markup = begins("<?xml") || begins("<!") || begins("<rdf:") || begins("<x:") || begins("<?xpacket");
    match ending {
        _ if begins("{") && start.contains("\"schema\"") && text.contains("\"words\"") => Guess::Words,
        _ if (begins("{") || begins("[")) && (text.contains("\"@id\"") || text.contains("\"@context\"")) => {
            Guess::Skos(skos::Syntax::JsonLd)
        }
        _ if is_markup && (text.contains("adobe:ns:meta") || text.contains("www.digikam.org/ns")) => Guess::Xmp,
        "xmp" => Guess::Xmp,
        _ if is_markup => Guess::Skos(skos::Syntax::RdfXml),
        "rdf" | "xml" | "owl" => Guess::Skos(skos::Syntax::RdfXml),
        "ttl" | "nt" | "n3" => Guess::Skos(skos::Syntax::Turtle),
        "jsonld" | "json" => Guess::Skos(skos::Syntax::JsonLd),
        _ if begins("@prefix") || begins("@base") || begins("PREFIX") || begins("<http") => {
            Guess::Skos(skos::Syntax::Turtle)
        }
        "csv" | "tsv" => Guess::Table,
        _ => Guess::Text,
    }
}

/// The name of a file without its ending, for people.
fn title_of(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    crate::tags::strict::import::builder::cleaned(stem).chars().take(100).collect()
}

#[cfg(test)]
mod tests;
