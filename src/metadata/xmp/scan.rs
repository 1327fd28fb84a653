//! Finds the lists of keywords and the texts in a packet, and where entries, lists and texts can be added.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::super::keywords::{keyword, lines};
use super::{ALTERNATIVES, PROPERTIES, Property, RDF, TEXTS, invalid};
use crate::error::Result;

/// What of a packet matters for keywords. Positions are bytes of its text.
pub struct Scan<'a> {
    /// In the order of [`PROPERTIES`].
    pub found: [Found<'a>; PROPERTIES.len()],
    /// In the order of [`TEXTS`].
    pub texts: [FoundText<'a>; TEXTS.len()],
    pub descriptions: Children<'a>,
    /// What the descriptions are about, as it is written there, with its quotes.
    pub about: &'a str,
}

/// A list of keywords, wherever in the packet it is.
#[derive(Default)]
pub struct Found<'a> {
    pub entries: Vec<String>,
    /// Where entries can be added, if there is a list and not only a value.
    pub items: Option<Children<'a>>,
    /// A single value, an attribute or an empty list: what a new list takes the place of.
    pub replaced: Vec<Range<usize>>,
}

/// A text in several languages, wherever in the packet it is.
#[derive(Default)]
pub struct FoundText<'a> {
    /// Where its languages are, if they are told apart, and where the first can be put.
    pub items: Option<(Children<'a>, usize)>,
    /// Those for all languages that have none of their own.
    pub defaults: Vec<(Range<usize>, String)>,
    /// What is there instead of languages: what a new text takes the place of.
    pub replaced: Vec<Range<usize>>,
}

impl FoundText<'_> {
    pub fn is_there(&self) -> bool {
        self.items.is_some() || !self.replaced.is_empty()
    }
}

/// Where a child can be added to an element.
pub struct Children<'a> {
    /// The element's name with its prefix.
    pub parent: &'a str,
    /// Behind its last child, or before the `/>` that closes it.
    pub at: usize,
    /// The white space before its first child.
    pub indent: &'a str,
    /// Whether it has no end tag.
    pub is_closed: bool,
}

impl Children<'_> {
    /// The name of an entry, if it is a container.
    pub fn item(&self) -> String {
        self.parent.rsplit_once(':').map_or("li".to_owned(), |(prefix, _)| format!("{prefix}:li"))
    }
}

/// What an open element is for the search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Above or outside `rdf:RDF`.
    Outside,
    Rdf,
    Description,
    /// One of [`PROPERTIES`], and whether its container was there.
    Property(usize, bool),
    Container(usize),
    Item(usize),
    /// One of [`TEXTS`], and whether languages were there.
    Text(usize, bool),
    Languages(usize),
    /// A text in one language, and whether it is for all others.
    Language(usize, bool),
    /// Within an item that has more than a text: `rdf:value` and what holds it.
    Value,
    Other,
}

struct Open<'a> {
    place: Place,
    name: &'a str,
    /// Where its start tag begins and ends.
    tag: Range<usize>,
    first_child: Option<usize>,
    last_child_end: Option<usize>,
}

struct Search<'a> {
    text: &'a str,
    open: Vec<Open<'a>>,
    found: [Found<'a>; PROPERTIES.len()],
    texts: [FoundText<'a>; TEXTS.len()],
    descriptions: Option<Children<'a>>,
    about: Option<&'a str>,
    /// Of the property or item that is being read.
    value: String,
    has_elements: bool,
}

impl<'a> Scan<'a> {
    /// `None` if there is no element at all.
    pub fn new(text: &'a str) -> Result<Option<Self>> {
        let mut reader = NsReader::from_str(text);
        let mut search = Search {
            text,
            open: Vec::new(),
            found: Default::default(),
            texts: Default::default(),
            descriptions: None,
            about: None,
            value: String::new(),
            has_elements: false,
        };
        loop {
            let start = position(&reader);
            let event = reader.read_event().map_err(|error| invalid("is not well-formed XML").with_source(error))?;
            let tag = start..position(&reader);
            match event {
                Event::Start(element) => search.start(&reader, &element, tag)?,
                Event::Empty(element) => {
                    search.start(&reader, &element, tag.clone())?;
                    search.end(tag, true)?;
                }
                Event::End(_) => search.end(tag, false)?,
                Event::Text(text) => search.text(&text.xml_content(XmlVersion::Explicit1_0))?,
                Event::CData(text) => search.text(&text.xml_content(XmlVersion::Explicit1_0))?,
                Event::GeneralRef(reference) => {
                    let of_number = reference.resolve_char_ref().ok().flatten().map(String::from);
                    let resolved = of_number.or_else(|| resolve_xml_entity(&reference).map(str::to_owned));
                    search.text(&resolved.ok_or_else(|| invalid("uses an entity that is not defined"))?)?;
                }
                Event::Decl(declaration) => check_encoding(declaration.encoding().and_then(Result::ok).as_deref())?,
                Event::DocType(_) => return Err(invalid("has a document type, which XMP has no use for")),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        let Search { open, found, texts, descriptions, about, has_elements, .. } = search;
        match descriptions {
            _ if !open.is_empty() => Err(invalid("is cut off")),
            Some(descriptions) => Ok(Some(Self { found, texts, descriptions, about: about.unwrap_or("\"\"") })),
            None if has_elements => Err(invalid("has no rdf:RDF")),
            None => Ok(None),
        }
    }
}

fn position(reader: &NsReader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).expect("a position in memory")
}

fn check_encoding(name: Option<&str>) -> Result<()> {
    match name {
        Some(name) if !["utf-8", "utf8", "us-ascii", "ascii"].contains(&name.to_ascii_lowercase().as_str()) => {
            Err(invalid("says that it is not in UTF-8"))
        }
        _ => Ok(()),
    }
}

/// Whether a resolved name is `local` of `namespace`.
fn is(resolved: &ResolveResult, name: QName, namespace: &str, local: &str) -> bool {
    *resolved == ResolveResult::Bound(Namespace(namespace)) && name.local_name().into_inner() == local
}

impl<'a> Search<'a> {
    fn start(&mut self, reader: &NsReader<&[u8]>, element: &BytesStart<'a>, tag: Range<usize>) -> Result<()> {
        self.has_elements = true;
        let name = element.name();
        let resolved = reader.resolver().resolve_element(name).0;
        let is_rdf = |local: &str| is(&resolved, name, RDF, local);
        let parent = self.open.last().map_or(Place::Outside, |parent| parent.place);
        let place = match parent {
            Place::Outside if is_rdf("RDF") => Place::Rdf,
            Place::Outside => Place::Outside,
            Place::Rdf => Place::Description,
            Place::Description => {
                let property = |Property { namespace, local, .. }: &Property| is(&resolved, name, namespace, local);
                let list = PROPERTIES.iter().position(property).map(|list| Place::Property(list, false));
                let text = || TEXTS.iter().position(property).map(|text| Place::Text(text, false));
                list.or_else(text).unwrap_or(Place::Other)
            }
            Place::Text(text, false) if is_rdf(ALTERNATIVES) => Place::Languages(text),
            Place::Languages(text) if is_item(&resolved, name) => Place::Language(text, is_default(element)?),
            Place::Text(..) | Place::Languages(_) | Place::Language(..) => Place::Other,
            Place::Property(list, false) if ["Bag", "Seq", "Alt"].into_iter().any(is_rdf) => Place::Container(list),
            Place::Property(list, _) => return Err(not_a_list(list)),
            Place::Container(list) if is_item(&resolved, name) => Place::Item(list),
            Place::Item(_) | Place::Value if is_rdf("value") || is_rdf("Description") => Place::Value,
            Place::Container(_) | Place::Item(_) | Place::Value | Place::Other => Place::Other,
        };
        match place {
            Place::Description => self.attributes(reader, element)?,
            Place::Property(list, _) if has_own_attributes(element)? => return Err(not_a_list(list)),
            Place::Property(..) | Place::Item(_) | Place::Language(..) | Place::Value => self.value.clear(),
            Place::Languages(text) => {
                self.open.last_mut().expect("languages are in their text").place = Place::Text(text, true);
            }
            Place::Container(list) => {
                self.open.last_mut().expect("a container is in its property").place = Place::Property(list, true);
            }
            _ => {}
        }
        if let Some(parent) = self.open.last_mut() {
            parent.first_child.get_or_insert(tag.start);
        }
        let name = self.source(name.into_inner());
        self.open.push(Open { place, name, tag, first_child: None, last_child_end: None });
        Ok(())
    }

    /// Reads the values that a description has as attributes, and what it is about.
    fn attributes(&mut self, reader: &NsReader<&[u8]>, element: &BytesStart<'a>) -> Result<()> {
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| invalid("is not well-formed XML").with_source(error))?;
            let resolved = reader.resolver().resolve_attribute(attribute.key).0;
            let (key, value) = (attribute.key.into_inner(), &*attribute.value);
            let (Some(begin), Some(end)) = (self.offset(key), self.offset(value).map(|at| at + value.len() + 1)) else {
                continue;
            };
            let is_about = is(&resolved, attribute.key, RDF, "about") || key == "about";
            if is_about && self.about.is_none() {
                self.about = self.text.get(end - value.len() - 2..end);
            }
            let property = |property: &Property| is(&resolved, attribute.key, property.namespace, property.local);
            if let Some(list) = PROPERTIES.iter().position(property) {
                let value = unescape(value).map_err(|error| invalid("is not well-formed XML").with_source(error))?;
                self.add(list, &value);
                let begin = self.text[..begin].trim_end().len();
                self.found[list].replaced.push(begin..end);
            }
            if let Some(text) = TEXTS.iter().position(property) {
                let begin = self.text[..begin].trim_end().len();
                self.texts[text].replaced.push(begin..end);
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        match self.open.last().map(|open| open.place) {
            Some(Place::Property(..) | Place::Item(_) | Place::Language(..) | Place::Value) => self.value += text,
            None if !text.trim().is_empty() => return Err(invalid("is not XML")),
            _ => {}
        }
        Ok(())
    }

    /// Closes the innermost element. `tag`: its end tag, or the only one.
    fn end(&mut self, tag: Range<usize>, is_closed: bool) -> Result<()> {
        let Some(open) = self.open.pop() else { return Err(invalid("is not well-formed XML")) };
        match open.place {
            Place::Rdf if self.descriptions.is_none() => self.descriptions = Some(self.children(&open, is_closed)),
            Place::Property(list, has_container) => {
                if !has_container {
                    let value = std::mem::take(&mut self.value);
                    self.add(list, &value);
                }
                if !has_container || self.found[list].items.is_none() {
                    let begin = self.text[..open.tag.start].trim_end().len();
                    self.found[list].replaced.push(begin..tag.end);
                }
            }
            Place::Container(list) if !is_closed && self.found[list].items.is_none() => {
                self.found[list].items = Some(self.children(&open, false));
            }
            Place::Item(list) => {
                let value = std::mem::take(&mut self.value);
                self.add(list, &value);
            }
            Place::Text(text, has_languages) if !has_languages || self.texts[text].items.is_none() => {
                let begin = self.text[..open.tag.start].trim_end().len();
                self.texts[text].replaced.push(begin..tag.end);
            }
            Place::Languages(text) if !is_closed && self.texts[text].items.is_none() => {
                self.texts[text].items = Some((self.children(&open, false), open.tag.end));
            }
            Place::Language(text, true) => {
                let value = lines(&std::mem::take(&mut self.value));
                self.texts[text].defaults.push((open.tag.start..tag.end, value));
            }
            _ => {}
        }
        if let Some(parent) = self.open.last_mut() {
            parent.last_child_end = Some(tag.end);
        }
        Ok(())
    }

    fn add(&mut self, list: usize, value: &str) {
        let value = keyword(value);
        if !value.is_empty() {
            self.found[list].entries.push(value);
        }
    }

    fn children(&self, open: &Open<'a>, is_closed: bool) -> Children<'a> {
        let before = open.first_child.and_then(|first| self.text.get(open.tag.end..first)).unwrap_or_default();
        let indent = if before.trim_ascii().is_empty() { before } else { "" };
        let at = if is_closed { open.tag.end - "/>".len() } else { open.last_child_end.unwrap_or(open.tag.end) };
        Children { parent: open.name, at, indent, is_closed }
    }

    /// Where `part`, a slice of the packet's text, is in it.
    fn offset(&self, part: &str) -> Option<usize> {
        let at = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (self.text.get(at..at + part.len())? == part).then_some(at)
    }

    /// The same `part`, for as long as the packet's text lives.
    fn source(&self, part: &str) -> &'a str {
        self.offset(part).map_or("", |at| &self.text[at..at + part.len()])
    }
}

/// `rdf:li`, or `rdf:_1` in plain RDF.
fn is_item(resolved: &ResolveResult, name: QName) -> bool {
    let local = name.local_name().into_inner();
    is(resolved, name, RDF, "li") || is(resolved, name, RDF, local) && local.starts_with('_')
}

/// Whether a text is for all languages that have none of their own, as one is that names no language.
fn is_default(element: &BytesStart) -> Result<bool> {
    let language = element.try_get_attribute("xml:lang");
    let language = language.map_err(|error| invalid("is not well-formed XML").with_source(error))?;
    Ok(language.is_none_or(|language| language.value.eq_ignore_ascii_case("x-default")))
}

/// Whether an element has an attribute that changes what its content means.
fn has_own_attributes(element: &BytesStart) -> Result<bool> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| invalid("is not well-formed XML").with_source(error))?;
        let prefix = attribute.key.into_inner().split(':').next().unwrap_or_default();
        if prefix != "xmlns" && prefix != "xml" {
            return Ok(true);
        }
    }
    Ok(false)
}

fn not_a_list(list: usize) -> crate::error::Error {
    let Property { prefix, local, .. } = &PROPERTIES[list];
    invalid(&format!("has a {prefix}:{local} that is not a list"))
}
