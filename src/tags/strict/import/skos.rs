//! Thesauri in SKOS: <https://www.w3.org/TR/skos-reference/>. Labels become names and aliases, `broader` and `narrower` the hierarchy,
//! addresses and notations ids. Everything else of the graph is passed over.

use std::collections::BTreeMap;

use oxrdf::{NamedOrBlankNode, Term, Triple};
use quick_xml::events::Event;

use crate::error::Result;
use crate::tags::strict::import::builder::{Builder, Place};
use crate::tags::strict::{MAX_ID_BYTES, MAX_LANGUAGE_BYTES, MAX_WORDS, invalid};

const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
/// Titles of a scheme.
const TITLES: [&str; 3] = [
    "http://purl.org/dc/terms/title",
    "http://purl.org/dc/elements/1.1/title",
    "http://www.w3.org/2000/01/rdf-schema#label",
];
/// No more is read.
const MAX_TRIPLES: usize = 4_000_000;
/// What the entities of a file may come to when they are written out, in bytes.
const MAX_WRITTEN_OUT: usize = 64 << 20;
/// Of an element of RDF/XML, and of all that are open at once.
const MAX_ATTRIBUTES: usize = 100;
const MAX_NAMESPACES: usize = 1_000;

/// How the graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    RdfXml,
    /// N-Triples is a part of it.
    Turtle,
    JsonLd,
}

/// What the graph says of one node.
#[derive(Debug, Default)]
struct Concept {
    is_concept: bool,
    is_scheme: bool,
    /// By language; "" where none is said.
    preferred: BTreeMap<String, String>,
    others: Vec<String>,
    broader: Vec<String>,
    ids: Vec<String>,
    title: Option<String>,
}

#[derive(Debug, Default)]
struct Graph {
    concepts: BTreeMap<String, Concept>,
    n: usize,
}

/// # Errors
/// [`ErrorKind::WordsInvalid`](crate::ErrorKind) for what cannot be read or has no concept, and for more than fits.
pub fn read(text: &str, syntax: Syntax, words: &mut Builder) -> Result<()> {
    let mut graph = Graph::default();
    let bytes = text.as_bytes();
    // Addresses that are relative are so to the file, which has none here.
    let base = "urn:x-tagsmith:";
    match syntax {
        Syntax::RdfXml => {
            check_entities(text)?;
            check_elements(text)?;
            let parser = oxrdfxml::RdfXmlParser::new().lenient().with_base_iri(base).map_err(unread)?;
            parser.for_slice(bytes).try_for_each(|triple| graph.take(&triple.map_err(unread)?))?;
        }
        Syntax::Turtle => {
            let parser = oxttl::TurtleParser::new().lenient().with_base_iri(base).map_err(unread)?;
            parser.for_slice(bytes).try_for_each(|triple| graph.take(&triple.map_err(unread)?))?;
        }
        Syntax::JsonLd => {
            let parser = oxjsonld::JsonLdParser::new().lenient().with_base_iri(base).map_err(unread)?;
            parser.for_slice(bytes).try_for_each(|quad| graph.take(&Triple::from(quad.map_err(unread)?)))?;
        }
    }
    graph.put_into(words)
}

fn unread(error: impl std::fmt::Display) -> crate::error::Error {
    invalid(format!("The thesaurus cannot be read: {error}. Export it anew as SKOS in Turtle or RDF/XML."))
}

/// Entities are written out where they stand: of a few bytes they make gigabytes. Those that name addresses are harmless.
fn check_entities(text: &str) -> Result<()> {
    let mut longest = 0;
    for declared in text.split("<!ENTITY").skip(1) {
        let value = declared.split(['"', '\'']).nth(1).unwrap_or_default();
        if value.contains('&') {
            return Err(invalid("Its entities are made of each other. Export it anew without entities.".to_owned()));
        }
        longest = longest.max(value.len());
    }
    if longest.saturating_mul(text.matches('&').count()) > MAX_WRITTEN_OUT {
        return Err(invalid("Its entities are too long. Export it anew without entities.".to_owned()));
    }
    Ok(())
}

/// What reads RDF/XML compares the attributes of an element each with all, and keeps every namespace that is declared: docs/decisions/024.
fn check_elements(text: &str) -> Result<()> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut namespaces_of_open: Vec<usize> = Vec::new();
    let mut n_namespaces = 0;
    loop {
        let event = reader.read_event().map_err(unread)?;
        let is_open = matches!(event, Event::Start(_));
        match event {
            Event::Eof => return Ok(()),
            Event::End(_) => n_namespaces -= namespaces_of_open.pop().unwrap_or(0),
            Event::Start(element) | Event::Empty(element) => {
                let (mut n, mut n_declared) = (0, 0);
                for attribute in element.attributes().with_checks(false) {
                    n += 1;
                    n_declared += usize::from(attribute.map_err(unread)?.key.as_ref().starts_with("xmlns"));
                }
                if n > MAX_ATTRIBUTES || n_namespaces + n_declared > MAX_NAMESPACES {
                    return Err(invalid(format!(
                        "An element has more than {MAX_ATTRIBUTES} attributes, or {MAX_NAMESPACES} namespaces are in use at once. Export \
                         the thesaurus anew as SKOS in Turtle."
                    )));
                }
                if is_open {
                    namespaces_of_open.push(n_declared);
                    n_namespaces += n_declared;
                }
            }
            _ => {}
        }
    }
}

/// Prefixes of addresses, and languages, are written out in each triple: of a file of megabytes they make terabytes.
fn check_addresses(triple: &Triple) -> Result<()> {
    let of_subject = match &triple.subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => node.as_str(),
    };
    let (of_object, language) = match &triple.object {
        Term::NamedNode(node) => (node.as_str(), None),
        Term::BlankNode(node) => (node.as_str(), None),
        Term::Literal(literal) => (literal.datatype().as_str(), literal.language()),
    };
    if [triple.predicate.as_str(), of_subject, of_object].iter().any(|address| address.len() > MAX_ID_BYTES) {
        return Err(invalid(format!(
            "It has an address of more than {MAX_ID_BYTES} bytes. Shorten it, or leave it out."
        )));
    }
    if language.is_some_and(|language| language.len() > MAX_LANGUAGE_BYTES) {
        return Err(invalid(
            "It has a text in a language that is none. Export it anew with languages such as \"sv\".".to_owned(),
        ));
    }
    Ok(())
}

impl Graph {
    fn take(&mut self, triple: &Triple) -> Result<()> {
        self.n += 1;
        if self.n > MAX_TRIPLES {
            return Err(invalid(format!("It says more than {MAX_TRIPLES} things. Choose a part of it.")));
        }
        check_addresses(triple)?;
        let predicate = triple.predicate.as_str();
        let subject = node(&triple.subject);
        if let Some(title) = TITLES.contains(&predicate).then(|| literal(&triple.object)).flatten() {
            self.concept(&subject)?.title.get_or_insert(title.1);
            return Ok(());
        }
        let Some(name) = predicate.strip_prefix(SKOS).or((predicate == TYPE).then_some("type")) else { return Ok(()) };
        let object = match &triple.object {
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            Term::BlankNode(node) => Some(format!("_:{}", node.as_str())),
            Term::Literal(_) => None,
        };
        match (name, object, literal(&triple.object)) {
            ("type", Some(class), _) if class == format!("{SKOS}Concept") => self.concept(&subject)?.is_concept = true,
            ("type", Some(class), _) if class == format!("{SKOS}ConceptScheme") => {
                self.concept(&subject)?.is_scheme = true
            }
            ("prefLabel", _, Some((language, text))) => drop(self.concept(&subject)?.preferred.insert(language, text)),
            ("altLabel" | "hiddenLabel", _, Some((_, text))) => self.concept(&subject)?.others.push(text),
            ("broader", Some(above), _) => self.concept(&subject)?.broader.push(above),
            ("narrower", Some(below), _) => self.concept(&below)?.broader.push(subject),
            ("notation", _, Some((_, text))) => self.concept(&subject)?.ids.push(text),
            ("exactMatch", Some(same), _) => self.concept(&subject)?.ids.push(same),
            _ => {}
        }
        Ok(())
    }

    fn concept(&mut self, id: &str) -> Result<&mut Concept> {
        // Schemes, collections and addresses of others are beside the concepts.
        if self.concepts.len() > 8 * MAX_WORDS {
            return Err(invalid(format!("It has more than {MAX_WORDS} concepts. Choose a part of it.")));
        }
        Ok(self.concepts.entry(id.to_owned()).or_default())
    }

    fn put_into(self, words: &mut Builder) -> Result<()> {
        let wanted = words.language.clone();
        let titles = self.concepts.values().filter(|one| one.is_scheme).filter_map(|one| one.title.as_ref());
        if let Some(title) = titles.min() {
            words.set_title(title);
        }
        let mut places: BTreeMap<&str, Place> = BTreeMap::new();
        let mut is_in_wanted = false;
        let is_named = |one: &Concept| (one.is_concept || !one.is_scheme) && !one.preferred.is_empty();
        for (id, one) in self.concepts.iter().filter(|(_, one)| is_named(one)) {
            let in_wanted = wanted.as_ref().and_then(|language| in_language(&one.preferred, language));
            is_in_wanted |= in_wanted.is_some();
            let english = || in_language(&one.preferred, "en");
            let any = || one.preferred.get("").or_else(|| one.preferred.values().next());
            let Some(name) = in_wanted.or_else(english).or_else(any) else { continue };
            let Some(place) = words.other_word(name)? else { continue };
            places.insert(id, place);
            for (language, name) in one.preferred.iter().filter(|(language, _)| !language.is_empty()) {
                words.add_name(place, language, name);
            }
            one.others.iter().for_each(|alias| words.add_alias(place, alias));
            [id].into_iter().chain(&one.ids).filter(|id| !id.starts_with("_:")).for_each(|id| words.add_id(place, id));
        }
        for (id, &place) in &places {
            for parent in self.concepts[*id].broader.iter().filter_map(|above| places.get(above.as_str())) {
                words.put_below(place, *parent);
            }
        }
        if !is_in_wanted {
            words.language = None;
        }
        if places.is_empty() {
            return Err(invalid(
                "It has no concept with a skos:prefLabel. Export it as SKOS, or as a table.".to_owned(),
            ));
        }
        Ok(())
    }
}

/// The label in a language, or in one of its kinds: "en-GB" for "en".
fn in_language<'a>(labels: &'a BTreeMap<String, String>, language: &str) -> Option<&'a String> {
    let of_kind = || labels.iter().find(|(one, _)| one.split('-').next() == Some(language)).map(|(_, label)| label);
    labels.get(language).or_else(of_kind)
}

fn node(node: &NamedOrBlankNode) -> String {
    match node {
        NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNode::BlankNode(node) => format!("_:{}", node.as_str()),
    }
}

/// Language and text.
fn literal(term: &Term) -> Option<(String, String)> {
    let Term::Literal(literal) = term else { return None };
    Some((literal.language().unwrap_or_default().to_owned(), literal.value().to_owned()))
}
