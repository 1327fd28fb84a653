//! XMP packets with lists of keywords and with texts: new ones, and those of other programs with ours added.
//!
//! `dc:subject` (Lightroom, Bridge, desktop search) is a flat list; `lr:hierarchicalSubject` (Lightroom, darktable) and
//! `digiKam:TagsList` (digiKam, Immich) have the path from the root to each tag.
//! `dc:title`, `dc:description` and `Iptc4xmpCore:AltTextAccessibility` are texts in several languages; ours is the one for all others,
//! `x-default`.
//! Specification: <https://github.com/adobe/XMP-Toolkit-SDK/tree/main/docs>.

mod scan;

use std::collections::HashSet;
use std::ops::Range;

use quick_xml::escape::escape;

use self::scan::{Children, Scan};
use super::keywords::{Keywords, each_once};
use crate::error::{Error, ErrorKind, Result};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// The begin and end of a packet in the XMP specification; the begin contains a byte order mark.
const PACKET_BEGIN: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>";
const PACKET_END: &str = "<?xpacket end";
/// No more XMP than this is read; the largest that programs write, with a history of edits, is a tenth of it.
pub const MAX_PACKET_BYTES: usize = 16 << 20;

/// A list of keywords, or a text in several languages.
struct Property {
    prefix: &'static str,
    namespace: &'static str,
    local: &'static str,
    container: &'static str,
}

const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
/// The container of a text in several languages.
const ALTERNATIVES: &str = "Alt";

/// In the order of [`Lists`].
const PROPERTIES: [Property; 3] = [
    Property { prefix: "dc", namespace: DUBLIN_CORE, local: "subject", container: "Bag" },
    Property {
        prefix: "lr",
        namespace: "http://ns.adobe.com/lightroom/1.0/",
        local: "hierarchicalSubject",
        container: "Bag",
    },
    Property { prefix: "digiKam", namespace: "http://www.digikam.org/ns/1.0/", local: "TagsList", container: "Seq" },
];

/// In the order of [`Keywords::texts`].
const TEXTS: [Property; 3] = [
    Property { prefix: "dc", namespace: DUBLIN_CORE, local: "title", container: ALTERNATIVES },
    Property { prefix: "dc", namespace: DUBLIN_CORE, local: "description", container: ALTERNATIVES },
    Property {
        prefix: "Iptc4xmpCore",
        namespace: "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        local: "AltTextAccessibility",
        container: ALTERNATIVES,
    },
];

/// The entries of each list, and the texts.
pub struct Lists {
    lists: [Vec<String>; PROPERTIES.len()],
    texts: [String; TEXTS.len()],
}

impl Lists {
    /// `others`: keywords of other programs that go before ours into the flat list.
    pub fn new(keywords: &Keywords, others: Vec<String>) -> Self {
        let flat = each_once(others.into_iter().chain(keywords.flat()));
        Self { lists: [flat, keywords.paths('|'), keywords.paths('/')], texts: keywords.texts().clone() }
    }

    pub fn flat(&self) -> &[String] {
        &self.lists[0]
    }

    /// Those that are there.
    fn texts(&self) -> impl Iterator<Item = (usize, &String)> {
        self.texts.iter().enumerate().filter(|(_, text)| !text.is_empty())
    }
}

/// A new sidecar; without lists if there are no keywords.
pub fn sidecar(keywords: &Keywords) -> String {
    new_packet(&Lists::new(keywords, Vec::new())) + "\n"
}

/// A copy of a sidecar, which any program may have written, with `keywords` added and everything else unchanged.
///
/// # Errors
/// [`ErrorKind::XmpInvalid`] if it cannot be read.
pub fn merge_sidecar(existing: &[u8], keywords: &Keywords) -> Result<Vec<u8>> {
    if keywords.is_empty() {
        return Ok(existing.to_vec());
    }
    Ok(match Packet::read(existing)? {
        Some(packet) => packet.with(&Lists::new(keywords, Vec::new()))?.into_bytes(),
        None => sidecar(keywords).into_bytes(),
    })
}

/// The keywords of a sidecar, which any program may have written: its flat list, or else the last words of its paths.
///
/// # Errors
/// [`ErrorKind::XmpInvalid`] if it cannot be read.
pub fn sidecar_keywords(existing: &[u8]) -> Result<Vec<String>> {
    let Some(packet) = Packet::read(existing)? else { return Ok(Vec::new()) };
    let [flat, lightroom, digikam] = packet.scan.found.map(|found| found.entries);
    let last = |path: &String, separator| path.rsplit(separator).next().unwrap_or_default().to_owned();
    let of_paths = lightroom.iter().map(|path| last(path, '|')).chain(digikam.iter().map(|path| last(path, '/')));
    Ok(if flat.is_empty() { each_once(of_paths) } else { flat })
}

/// The packet of a file, `existing` if it has one, with `keywords` added.
pub fn merged(existing: Option<&[u8]>, keywords: &Keywords) -> Result<Vec<u8>> {
    let lists = Lists::new(keywords, Vec::new());
    let packet = existing.map(Packet::read).transpose()?.flatten();
    Ok(packet.map_or_else(|| Ok(new_packet(&lists)), |packet| packet.with(&lists))?.into_bytes())
}

/// A whole packet.
pub fn new_packet(lists: &Lists) -> String {
    let listed = PROPERTIES.iter().zip(&lists.lists).filter(|(_, entries)| !entries.is_empty());
    let listed = listed.map(|(property, entries)| (property, entries.clone()));
    let texts = lists.texts().map(|(nth, text)| (&TEXTS[nth], vec![text.clone()]));
    let listed: Vec<_> = listed.chain(texts).collect();
    let declarations = declarations(PROPERTIES.iter().chain(listed.iter().map(|(property, _)| *property)));
    let mut xml = format!("{PACKET_BEGIN}\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n <rdf:RDF xmlns:rdf=\"{RDF}\">");
    describe(&mut xml, &format!("rdf:about=\"\"{declarations}"), &listed, "\n  ");
    xml + "\n </rdf:RDF>\n</x:xmpmeta>\n" + PACKET_END + "=\"w\"?>"
}

impl Property {
    fn declaration(&self) -> String {
        format!(" xmlns:{}=\"{}\"", self.prefix, self.namespace)
    }
}

/// The declarations of what these use, each once.
fn declarations<'a>(properties: impl Iterator<Item = &'a Property>) -> String {
    each_once(properties.map(Property::declaration)).concat()
}

/// Writes an `rdf:Description` with lists. `indent`: a line break and spaces, or nothing to write all on one line.
fn describe(xml: &mut String, attributes: &str, lists: &[(&Property, Vec<String>)], indent: &str) {
    let mut line = |depth: usize, text: &str| {
        xml.push_str(indent);
        xml.extend(std::iter::repeat_n(' ', if indent.is_empty() { 0 } else { depth }));
        xml.push_str(text);
    };
    line(0, &format!("<rdf:Description {attributes}>"));
    for (Property { prefix, local, container, .. }, entries) in lists {
        line(1, &format!("<{prefix}:{local}>"));
        line(2, &format!("<rdf:{container}>"));
        for entry in entries {
            line(3, &item("rdf:li", *container == ALTERNATIVES, entry));
        }
        line(2, &format!("</rdf:{container}>"));
        line(1, &format!("</{prefix}:{local}>"));
    }
    line(0, "</rdf:Description>");
}

/// An entry of a list, or a text for all languages that have none of their own.
fn item(name: &str, is_text: bool, content: &str) -> String {
    let language = if is_text { " xml:lang=\"x-default\"" } else { "" };
    format!("<{name}{language}>{}</{name}>", escape(content))
}

/// The XMP of a file.
pub struct Packet<'a> {
    mark: &'a str,
    /// Behind the byte order mark.
    text: &'a str,
    scan: Scan<'a>,
}

impl<'a> Packet<'a> {
    /// `None` if there is nothing but white space, zeros and the packet's frame.
    pub fn read(bytes: &'a [u8]) -> Result<Option<Self>> {
        if bytes.len() > MAX_PACKET_BYTES {
            return Err(invalid(&format!("has more than {} MB", MAX_PACKET_BYTES >> 20)));
        }
        if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]) {
            return Err(invalid("is in UTF-16 or UTF-32 and not in UTF-8"));
        }
        let all = std::str::from_utf8(bytes).map_err(|error| invalid("is not in UTF-8").with_source(error))?;
        let text = all.trim_start_matches('\u{feff}');
        let is_forbidden =
            |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
        // Some programs end the packet with a zero, as if it were a string in C.
        if text.trim_end_matches('\0').contains(is_forbidden) {
            return Err(invalid("has control characters, which XML forbids"));
        }
        let scan = Scan::new(text.trim_end_matches('\0'))?;
        Ok(scan.map(|scan| Self { mark: &all[..all.len() - text.len()], text, scan }))
    }

    /// The flat list, as it is there.
    pub fn flat(&self) -> &[String] {
        &self.scan.found[0].entries
    }

    /// Whether any list of keywords is there.
    pub fn has_lists(&self) -> bool {
        self.scan.found.iter().any(|found| !found.entries.is_empty())
    }

    /// Whether any text is there that `keywords` have, too.
    pub fn has_texts_of(&self, keywords: &Keywords) -> bool {
        self.scan.texts.iter().zip(keywords.texts()).any(|(found, text)| found.is_there() && !text.is_empty())
    }

    /// The packet with those entries of `lists` added that are not there yet, and with its texts.
    pub fn with(&self, lists: &Lists) -> Result<String> {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let mut new_lists: Vec<(&Property, Vec<String>)> = Vec::new();
        for ((property, found), entries) in PROPERTIES.iter().zip(&self.scan.found).zip(&lists.lists) {
            let known: HashSet<&str> = found.entries.iter().map(String::as_str).collect();
            let missing = entries.iter().filter(|entry| !known.contains(entry.as_str()));
            let missing: Vec<&String> = missing.collect();
            if missing.is_empty() {
                continue;
            }
            if let Some(items) = &found.items {
                let name = items.item();
                let line = |entry: &&String| items.indent.to_owned() + &item(&name, false, entry);
                edits.push((items.at..items.at, missing.iter().map(line).collect()));
            } else {
                edits.extend(found.replaced.iter().map(|range| (range.clone(), String::new())));
                new_lists.push((property, each_once(found.entries.iter().chain(missing).cloned())));
            }
        }
        for (nth, text) in lists.texts() {
            let found = &self.scan.texts[nth];
            match &found.items {
                Some((items, begin)) if found.defaults.is_empty() => {
                    edits.push((*begin..*begin, items.indent.to_owned() + &item(&items.item(), true, text)));
                }
                Some((items, _)) => {
                    let others = found.defaults.iter().filter(|(_, known)| known != text);
                    edits.extend(others.map(|(range, _)| (range.clone(), item(&items.item(), true, text))));
                }
                None => {
                    edits.extend(found.replaced.iter().map(|range| (range.clone(), String::new())));
                    new_lists.push((&TEXTS[nth], vec![text.clone()]));
                }
            }
        }
        if !new_lists.is_empty() {
            edits.push(self.new_description(&new_lists));
        }
        self.apply(edits)
    }

    /// The edit that adds an `rdf:Description` behind the last.
    fn new_description(&self, lists: &[(&Property, Vec<String>)]) -> (Range<usize>, String) {
        let Children { parent, at, indent, is_closed } = &self.scan.descriptions;
        let mut attributes = format!("rdf:about={}", self.scan.about);
        if *parent != "rdf:RDF" {
            attributes += &format!(" xmlns:rdf=\"{RDF}\"");
        }
        attributes += &declarations(lists.iter().map(|(property, _)| *property));
        let mut xml = String::new();
        if *is_closed {
            xml.push('>');
        }
        describe(&mut xml, &attributes, lists, indent);
        if *is_closed {
            xml += &format!("</{parent}>");
        }
        (*at..at + if *is_closed { "/>".len() } else { 0 }, xml)
    }

    fn apply(&self, mut edits: Vec<(Range<usize>, String)>) -> Result<String> {
        edits.sort_by_key(|(range, _)| range.start);
        let mut xml = self.mark.to_owned();
        let mut at = 0;
        for (range, text) in edits {
            xml += self.text.get(at..range.start).ok_or_else(|| invalid("has lists within lists"))?;
            xml += &text;
            at = range.end;
        }
        xml += self.text.get(at..).ok_or_else(|| invalid("ends within a list"))?;
        Ok(xml)
    }
}

/// `packet` with at most `max_bytes`, for which its padding is cut. `None` if that is not enough.
pub fn fit(mut packet: String, max_bytes: usize) -> Option<String> {
    let Some(excess) = packet.len().checked_sub(max_bytes) else { return Some(packet) };
    let end = packet.rfind(PACKET_END)?;
    let padding = end - packet[..end].trim_end_matches([' ', '\t', '\r', '\n']).len();
    if padding < excess {
        return None;
    }
    packet.replace_range(end - excess..end, "");
    Some(packet)
}

/// `what` goes on with "The XMP of this file ".
fn invalid(what: &str) -> Error {
    let detail = format!(
        "The XMP of this file, which another program wrote, {what}. It is left as it is. Write it again with that program, or \
         remove it, and then add the keywords."
    );
    Error::new(ErrorKind::XmpInvalid, detail)
}

#[cfg(test)]
mod tests;
