//! XMP sidecars: a picture's tags in a file beside it, for photo libraries.
//!
//! `dc:subject` (Lightroom, Bridge, desktop search) is a flat list; `lr:hierarchicalSubject` (Lightroom, darktable) and
//! `digiKam:TagsList` (digiKam, Immich) have the path from the root to each tag.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesPI, BytesText, Event};

use crate::session::report::ReportTag;

const NAMESPACES: [(&str, &str); 4] = [
    ("rdf:about", ""),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:lr", "http://ns.adobe.com/lightroom/1.0/"),
    ("xmlns:digiKam", "http://www.digikam.org/ns/1.0/"),
];
/// The begin and end of a packet in the XMP specification; the begin contains a byte order mark.
const PACKET_BEGIN: &str = "xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"";
const PACKET_END: &str = "xpacket end=\"w\"";

/// The sidecar of a picture with these tags; without lists if there are none.
pub fn to_sidecar(tags: &[ReportTag]) -> String {
    let bytes = write(tags).expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("names are text") + "\n"
}

fn write(tags: &[ReportTag]) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::PI(BytesPI::new(PACKET_BEGIN)))?;
    xml.create_element("x:xmpmeta").with_attribute(("xmlns:x", "adobe:ns:meta/")).write_inner_content(|xml| {
        let rdf = ("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#");
        xml.create_element("rdf:RDF").with_attribute(rdf).write_inner_content(|xml| {
            let about = xml.create_element("rdf:Description").with_attributes(NAMESPACES);
            about.write_inner_content(|xml| write_lists(xml, tags)).map(|_| ())
        })?;
        Ok(())
    })?;
    xml.write_event(Event::PI(BytesPI::new(PACKET_END)))?;
    Ok(xml.into_inner())
}

fn write_lists(xml: &mut Writer<Vec<u8>>, tags: &[ReportTag]) -> io::Result<()> {
    let flat = tags.iter().flat_map(|tag| std::iter::once(&tag.name).chain(&tag.parent_names));
    write_list(xml, "dc:subject", "rdf:Bag", flat.map(|name| keyword(name)))?;
    let ways = |separator| tags.iter().map(move |tag| hierarchical_path(tag, separator));
    write_list(xml, "lr:hierarchicalSubject", "rdf:Bag", ways('|'))?;
    write_list(xml, "digiKam:TagsList", "rdf:Seq", ways('/'))
}

/// Writes each entry once, or no list if there are none.
fn write_list(
    xml: &mut Writer<Vec<u8>>,
    property: &str,
    container: &str,
    entries: impl Iterator<Item = String>,
) -> io::Result<()> {
    let mut list: Vec<String> = Vec::new();
    for entry in entries {
        if !entry.is_empty() && !list.contains(&entry) {
            list.push(entry);
        }
    }
    if list.is_empty() {
        return Ok(());
    }
    xml.create_element(property).write_inner_content(|xml| {
        xml.create_element(container).write_inner_content(|xml| {
            for entry in &list {
                xml.create_element("rdf:li").write_text_content(BytesText::new(entry))?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

/// The names from the root to the tag, joined by `separator`, which is replaced in the names.
fn hierarchical_path(tag: &ReportTag, separator: char) -> String {
    let names = tag.path_to_root.iter().rev().chain([&tag.name]);
    let levels = names.map(|name| keyword(name).replace(separator, "-")).filter(|name| !name.is_empty());
    levels.collect::<Vec<_>>().join(&separator.to_string())
}

/// `name` on one line, without control characters and characters that XML 1.0 forbids.
fn keyword(name: &str) -> String {
    let held = |c: &char| c.is_whitespace() || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let held: String = name.chars().filter(held).collect();
    held.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::XmlVersion;
    use quick_xml::events::BytesStart;
    use quick_xml::name::{Namespace, ResolveResult};
    use quick_xml::reader::NsReader;

    use super::*;
    use crate::session::report::tests::report;

    fn sidecar((path, tags): (&str, &[(&str, &[&str])])) -> String {
        to_sidecar(report(path, tags).tags())
    }

    /// `[property, container, entry]` of every entry, by namespace; panics if the XML is not well-formed.
    fn read(xml: &str) -> Vec<[String; 3]> {
        let mut reader = NsReader::from_str(xml);
        reader.config_mut().enable_all_checks(true);
        let qualified = |reader: &NsReader<&[u8]>, start: &BytesStart| {
            let (namespace, local) = reader.resolver().resolve_element(start.name());
            let ResolveResult::Bound(Namespace(namespace)) = namespace else { panic!("unbound: {start:?}") };
            format!("{} {}", namespace, local.as_ref())
        };
        let (mut open, mut entries, mut text) = (Vec::new(), Vec::new(), String::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    open.push(qualified(&reader, &start));
                    text.clear();
                }
                Event::End(_) => {
                    let name = open.pop().unwrap();
                    if name.ends_with("# li") {
                        let [.., property, container] = &open[..] else { panic!("a list without a property") };
                        entries.push([property.clone(), container.clone(), text.clone()]);
                    }
                }
                Event::Text(chunk) => text += &chunk.xml_content(XmlVersion::Explicit1_0),
                Event::GeneralRef(name) => {
                    let name: &str = &name;
                    text += quick_xml::escape::resolve_xml_entity(name).unwrap_or_else(|| panic!("&{name};"));
                }
                Event::Empty(_) | Event::PI(_) => {}
                Event::Eof => break,
                other => panic!("{other:?}"),
            }
        }
        assert!(open.is_empty());
        entries
    }

    /// The kind of a list's container, and the entries.
    fn list(xml: &str, property: &str) -> (String, Vec<String>) {
        let all: Vec<_> = read(xml).into_iter().filter(|[found, ..]| found == property).collect();
        let container = all.first().map(|[_, container, _]| container.rsplit_once(' ').unwrap().1.to_owned());
        (container.unwrap_or_default(), all.into_iter().map(|[.., entry]| entry).collect())
    }

    const SUBJECT: &str = "http://purl.org/dc/elements/1.1/ subject";
    const LIGHTROOM: &str = "http://ns.adobe.com/lightroom/1.0/ hierarchicalSubject";
    const DIGIKAM: &str = "http://www.digikam.org/ns/1.0/ TagsList";

    fn strings(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|&entry| entry.to_owned()).collect()
    }

    #[test]
    fn a_sidecar_has_a_flat_list_and_paths_from_the_root() {
        let xml = sidecar(("a.jpg", &[("cat", &["mammal", "animal"]), ("dog", &["mammal", "animal"]), ("sofa", &[])]));
        let flat = strings(&["cat", "mammal", "animal", "dog", "sofa"]);
        assert_eq!(list(&xml, SUBJECT), ("Bag".to_owned(), flat), "each once");
        let ways = strings(&["animal|mammal|cat", "animal|mammal|dog", "sofa"]);
        assert_eq!(list(&xml, LIGHTROOM), ("Bag".to_owned(), ways.clone()));
        let slashed = ways.iter().map(|way| way.replace('|', "/")).collect();
        assert_eq!(list(&xml, DIGIKAM), ("Seq".to_owned(), slashed));
        assert!(
            xml.starts_with("<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta "),
            "{xml}"
        );
        assert!(xml.ends_with("</x:xmpmeta>\n<?xpacket end=\"w\"?>\n"), "{xml}");
    }

    #[test]
    fn a_picture_without_tags_has_a_sidecar_without_lists() {
        let xml = sidecar(("a.jpg", &[]));
        assert_eq!(read(&xml), [[""; 3]; 0]);
        assert!(xml.contains("rdf:Description"));
    }

    #[test]
    fn names_with_markup_are_escaped() {
        let xml = sidecar(("a.jpg", &[("</rdf:li><evil a=\"&b;\">'", &[]), ("]]>\u{0}\u{8}\u{fffe}x\ny", &[])]));
        let flat = list(&xml, SUBJECT).1;
        assert_eq!(flat, ["</rdf:li><evil a=\"&b;\">'", "]]>x y"]);
        assert!(!xml.contains("<evil"));
    }

    #[test]
    fn a_separator_in_a_name_adds_no_level() {
        let xml = sidecar(("a.jpg", &[("AC/DC|live", &["rock|pop"])]));
        assert_eq!(list(&xml, SUBJECT).1, ["AC/DC|live", "rock|pop"]);
        assert_eq!(list(&xml, LIGHTROOM).1, ["rock-pop|AC/DC-live"]);
        assert_eq!(list(&xml, DIGIKAM).1, ["rock|pop/AC-DC|live"]);
    }

    proptest! {
        #[test]
        fn any_names_give_a_well_formed_sidecar(names in prop::collection::vec("(?s)[<>&\"'|/\\]a;#!\\-\u{0}-\u{20}]{0,8}|.{0,6}", 1..5)) {
            let tags: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
            let xml = sidecar(("a.jpg", &tags));
            let is_held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
            prop_assert!(xml.chars().all(is_held));
            let mut wanted: Vec<String> = names.iter().map(|name| keyword(name)).filter(|name| !name.is_empty()).collect();
            let mut seen = std::collections::HashSet::new();
            wanted.retain(|name| seen.insert(name.clone()));
            prop_assert_eq!(list(&xml, SUBJECT).1, wanted);
        }
    }
}
