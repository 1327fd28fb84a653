use proptest::prelude::*;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::*;

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
            Event::Empty(start) => drop(qualified(&reader, &start)),
            Event::PI(_) | Event::Decl(_) | Event::Comment(_) => {}
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

/// A cat, and the animal that it is.
fn cat() -> Keywords {
    named(&["cat"], &["animal"])
}

fn named(names: &[&str], above: &[&str]) -> Keywords {
    let above: Vec<String> = above.iter().map(|&name| name.to_owned()).collect();
    let mut keywords = Keywords::default();
    names.iter().for_each(|name| keywords.add(name, &above, &above));
    keywords
}

fn merge(existing: &str) -> String {
    String::from_utf8(merge_sidecar(existing.as_bytes(), &cat()).unwrap()).unwrap()
}

fn refusal(existing: &[u8]) -> String {
    let error = merge_sidecar(existing, &cat()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::XmpInvalid);
    error.detail().to_owned()
}

/// A packet with `inner` in its `rdf:RDF`.
fn packet(inner: &str) -> String {
    let dc = "http://purl.org/dc/elements/1.1/";
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"{RDF}\" xmlns:dc=\"{dc}\">{inner}</rdf:RDF></x:xmpmeta>"
    )
}

/// `packet` with the lists of a file that has none yet, after `with_subject`, the list that it has.
fn with_paths(with_subject: &str, about: &str) -> String {
    let lists = "<lr:hierarchicalSubject><rdf:Bag><rdf:li>animal|cat</rdf:li></rdf:Bag></lr:hierarchicalSubject>\
                 <digiKam:TagsList><rdf:Seq><rdf:li>animal/cat</rdf:li></rdf:Seq></digiKam:TagsList>";
    let declarations: String = PROPERTIES[1..].iter().map(Property::declaration).collect();
    packet(&format!("{with_subject}<rdf:Description rdf:about={about}{declarations}>{lists}</rdf:Description>"))
}

#[test]
fn entries_are_added_to_the_list_that_is_there_and_everything_else_is_kept() {
    let before = "<rdf:Description rdf:about='x:1' dc:format='image/jpeg'><!-- a --><dc:subject><rdf:Bag>\n\t<rdf:li>dog</rdf:li>\
                  \n\t<rdf:li>animal</rdf:li>\n</rdf:Bag></dc:subject></rdf:Description>";
    let after = before.replace("animal</rdf:li>", "animal</rdf:li>\n\t<rdf:li>cat</rdf:li>");
    assert_eq!(merge(&packet(before)), with_paths(&after, "'x:1'"));
}

#[test]
fn merging_again_changes_nothing() {
    for existing in
        [packet(""), packet("<rdf:Description rdf:about=''/>"), sidecar(&named(&["dog"], &[])), String::new()]
    {
        let once = merge(&existing);
        assert_eq!(list(&once, LIGHTROOM).1.last().unwrap(), "animal|cat");
        assert_eq!(list(&once, DIGIKAM).0, "Seq");
        assert_eq!(merge(&once), once);
    }
}

#[test]
fn other_prefixes_and_containers_stay() {
    let before = format!(
        "<r:RDF xmlns:r=\"{RDF}\">\n  <r:Description r:about=\"\" xmlns:p=\"http://purl.org/dc/elements/1.1/\">\n    <p:subject>\n      \
         <r:Seq>\n        <r:li>dog &amp; cat</r:li>\n      </r:Seq>\n    </p:subject>\n  </r:Description>\n</r:RDF>"
    );
    let after = merge(&before);
    let added = "<r:li>dog &amp; cat</r:li>\n        <r:li>cat</r:li>\n        <r:li>animal</r:li>\n      </r:Seq>";
    assert!(after.contains(added), "{after}");
    assert_eq!(list(&after, SUBJECT), ("Seq".into(), vec!["dog & cat".into(), "cat".into(), "animal".into()]));
    assert!(after.contains(&format!("\n  <rdf:Description rdf:about=\"\" xmlns:rdf=\"{RDF}\" xmlns:lr=")), "{after}");

    let default = before.replace("r:", "").replace("xmlns:r=", "xmlns=");
    assert_eq!(list(&merge(&default), SUBJECT).1, ["dog & cat", "cat", "animal"]);
}

#[test]
fn a_value_that_is_not_in_a_list_becomes_its_first_entry() {
    let expected = ["dog", "cat", "animal"];
    for before in [
        "<rdf:Description rdf:about=\"\" dc:format=\"f\" dc:subject=\"dog\" dc:rights=\"r\"/>",
        "<rdf:Description rdf:about=\"\" dc:format=\"f\" dc:rights=\"r\"><dc:subject> dog </dc:subject></rdf:Description>",
        "<rdf:Description rdf:about=\"\" dc:format=\"f\" dc:rights=\"r\" dc:subject='dog'></rdf:Description>",
    ] {
        let after = merge(&packet(before));
        assert_eq!(list(&after, SUBJECT), ("Bag".into(), expected.map(String::from).to_vec()), "{after}");
        assert!(after.contains("<rdf:Description rdf:about=\"\" dc:format=\"f\" dc:rights=\"r\""), "{after}");
        assert!(!after.contains("dc:subject=") && !after.contains("> dog <"), "{after}");
    }
    for empty in [
        "<dc:subject/>",
        "<dc:subject></dc:subject>",
        "<dc:subject>\n <rdf:Bag/>\n</dc:subject>",
        "<dc:subject><rdf:Bag></rdf:Bag></dc:subject>",
    ] {
        let after = merge(&packet(&format!("<rdf:Description rdf:about=\"\">{empty}</rdf:Description>")));
        assert_eq!(list(&after, SUBJECT).1, ["cat", "animal"], "{after}");
    }
}

#[test]
fn entries_with_qualifiers_and_lists_in_several_descriptions_are_read() {
    let before = "<rdf:Description rdf:about=\"\"><dc:subject><rdf:Bag><rdf:li rdf:parseType=\"Resource\"><rdf:value>cat</rdf:value>\
                  <dc:source>me</dc:source></rdf:li></rdf:Bag></dc:subject></rdf:Description><rdf:Description rdf:about=\"\">\
                  <dc:subject><rdf:Bag><rdf:li><![CDATA[ani]]>m&#97;l</rdf:li></rdf:Bag></dc:subject></rdf:Description>";
    assert_eq!(merge(&packet(before)), with_paths(before, "\"\""), "both are known");
}

#[test]
fn lists_elsewhere_are_not_the_files_own() {
    let before = "<rdf:Description rdf:about=\"\"><dc:other><rdf:Bag><rdf:li rdf:parseType=\"Resource\"><dc:subject>dog</dc:subject>\
                  </rdf:li></rdf:Bag></dc:other></rdf:Description>";
    let after = merge(&packet(before));
    assert!(after.contains(before));
    assert_eq!(list(&after, SUBJECT).1, ["cat", "animal"]);
}

#[test]
fn an_empty_packet_gets_a_description() {
    let before = format!("<rdf:RDF xmlns:rdf=\"{RDF}\" />");
    let after = merge(&before);
    assert_eq!(list(&after, SUBJECT).1, ["cat", "animal"]);
    assert!(after.ends_with("</rdf:Description></rdf:RDF>"), "{after}");
    for blank in ["", "\u{feff} \n", "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>\n<?xpacket end='w'?>", "\0\0"]
    {
        assert_eq!(merge(blank), sidecar(&cat()), "{blank:?}");
    }
}

#[test]
fn a_byte_order_mark_a_declaration_and_a_zero_at_the_end_are_kept() {
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n{}", packet("<rdf:Description rdf:about=\"\"/>"));
    let plain = merge(&xml);
    assert_eq!(merge(&format!("\u{feff}{xml}\0")), format!("\u{feff}{plain}\0"));
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    let utf_16: Vec<u8> = packet("").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(refusal(&utf_16).contains("UTF-16"));
    assert!(refusal(&[&[0xFF, 0xFE], &utf_16[..]].concat()).contains("UTF-16"));
    assert!(refusal(b"<?xml version='1.0' encoding='iso-8859-1'?><a/>").contains("not in UTF-8"));
    assert!(refusal(b"<a>\xFF</a>").contains("UTF-8"));
    assert!(refusal(b"<!DOCTYPE a [<!ENTITY a 'aaaa'>]><a>&a;</a>").contains("document type"));
    assert!(refusal(packet("<a>&lol;</a>").as_bytes()).contains("entity"));
    assert!(refusal(packet("<a>\u{1}</a>").as_bytes()).contains("control characters"));
    assert!(refusal(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>").contains("rdf:RDF"));
    assert!(refusal(b"ordinary text").contains("not XML"));
    let whole = packet("<rdf:Description rdf:about=\"\"/>");
    for len in 1..whole.len() {
        refusal(&whole.as_bytes()[..len]);
    }
    let resource = "<dc:subject rdf:parseType=\"Resource\"><dc:a>1</dc:a></dc:subject>";
    for odd in [resource, "<dc:subject><dc:a/></dc:subject>", "<dc:subject><rdf:Bag/><rdf:Bag/></dc:subject>"] {
        let packet = packet(&format!("<rdf:Description rdf:about=\"\">{odd}</rdf:Description>"));
        assert!(refusal(packet.as_bytes()).contains("dc:subject that is not a list"), "{odd}");
    }
}

#[test]
fn large_hostile_packets_are_read_in_moments() {
    let begin = std::time::Instant::now();
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
    merge(&packet(&format!("<rdf:Description rdf:about=\"\"{attributes}/>")));
    refusal(packet(&"<a>".repeat(200_000)).as_bytes());
    let bindings: String = (0..100_000).map(|n| format!(" xmlns:a{n}='{n}'")).collect();
    refusal(packet(&format!("<rdf:Description{bindings}/>")).as_bytes());
    let items: String = (0..200_000).map(|n| format!("<rdf:li>{n}</rdf:li>")).collect();
    merge(&packet(&format!("<rdf:Description><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject></rdf:Description>")));
    refusal(&vec![b' '; MAX_PACKET_BYTES + 1]);
    assert!(begin.elapsed().as_secs() < 20, "{:?}: more than linear", begin.elapsed());
}

#[test]
fn padding_is_cut_only_as_far_as_needed() {
    let padded = "<a/>\n     \n<?xpacket end=\"w\"?>";
    assert_eq!(fit(padded.into(), 100).unwrap(), padded);
    assert_eq!(fit(padded.into(), padded.len() - 3).unwrap(), "<a/>\n   <?xpacket end=\"w\"?>");
    assert_eq!(fit(padded.into(), padded.len() - 7).unwrap(), "<a/><?xpacket end=\"w\"?>");
    assert_eq!(fit(padded.into(), padded.len() - 8), None);
}

#[test]
fn names_with_markup_are_escaped() {
    let xml = sidecar(&named(&["</rdf:li><evil a=\"&b;\">'", "]]>\u{0}\u{8}\u{fffe}x\ny"], &[]));
    assert_eq!(list(&xml, SUBJECT).1, ["</rdf:li><evil a=\"&b;\">'", "]]>x y"]);
    assert!(!xml.contains("<evil"));
}

/// Texts without keywords.
fn texts(title: &str, description: &str, alt_text: &str) -> Keywords {
    let mut keywords = Keywords::default();
    keywords.set_texts(title, description, alt_text);
    keywords
}

fn merge_texts(existing: &str, texts: &Keywords) -> String {
    let merged = String::from_utf8(merge_sidecar(existing.as_bytes(), texts).unwrap()).unwrap();
    let again = String::from_utf8(merge_sidecar(merged.as_bytes(), texts).unwrap()).unwrap();
    assert_eq!(again, merged, "merging again changes nothing");
    read(&merged);
    merged
}

#[test]
fn our_text_takes_the_place_of_the_one_for_all_languages_and_others_stay() {
    let of = |alternatives: &str| {
        packet(&format!(
            "<rdf:Description rdf:about='' dc:format='f'><dc:title>{alternatives}</dc:title><dc:description><rdf:Alt>\
             <rdf:li xml:lang='x-default'>Theirs</rdf:li></rdf:Alt></dc:description></rdf:Description>"
        ))
    };
    let ours = "<rdf:li xml:lang=\"x-default\">A &lt;cat&gt;</rdf:li>";
    for (before, after) in [
        (
            "<rdf:Alt>\n <rdf:li xml:lang='x-default'>Old</rdf:li>\n <rdf:li xml:lang='sv'>En katt</rdf:li>\n</rdf:Alt>".to_owned(),
            format!("<rdf:Alt>\n {ours}\n <rdf:li xml:lang='sv'>En katt</rdf:li>\n</rdf:Alt>"),
        ),
        (
            "<rdf:Alt>\n <rdf:li xml:lang='sv'>En katt</rdf:li></rdf:Alt>".to_owned(),
            format!("<rdf:Alt>\n {ours}\n <rdf:li xml:lang='sv'>En katt</rdf:li></rdf:Alt>"),
        ),
        ("<rdf:Alt><rdf:li>Old</rdf:li></rdf:Alt>".to_owned(), format!("<rdf:Alt>{ours}</rdf:Alt>")),
        ("<rdf:Alt><rdf:li xml:lang=\"X-DEFAULT\"/></rdf:Alt>".to_owned(), format!("<rdf:Alt>{ours}</rdf:Alt>")),
        ("<rdf:Alt></rdf:Alt>".to_owned(), format!("<rdf:Alt>{ours}</rdf:Alt>")),
    ] {
        assert_eq!(merge_texts(&of(&before), &texts("A <cat>", "", "")), of(&after));
    }
    let equal = of("<rdf:Alt><rdf:li xml:lang='x-default'>A cat</rdf:li></rdf:Alt>");
    assert_eq!(merge_texts(&equal, &texts("A cat", "Theirs", "")), equal, "what is there already");
    let other_prefix = of("<rdf:Alt><rdf:li>Old</rdf:li></rdf:Alt>").replace("rdf:", "r:").replace(":rdf", ":r");
    assert!(merge_texts(&other_prefix, &texts("New", "", "")).contains("<r:li xml:lang=\"x-default\">New</r:li>"));
}

#[test]
fn a_text_that_is_in_no_language_gives_way_and_a_missing_one_is_added() {
    for before in [
        "<rdf:Description rdf:about='' dc:title='Old' dc:format='f'/>",
        "<rdf:Description rdf:about='' dc:format='f'><dc:title>Old</dc:title></rdf:Description>",
        "<rdf:Description rdf:about='' dc:format='f'><dc:title xml:lang='en'>Old</dc:title></rdf:Description>",
        "<rdf:Description rdf:about='' dc:format='f'><dc:title><rdf:Alt/></dc:title></rdf:Description>",
        "<rdf:Description rdf:about='' dc:format='f'><dc:title><rdf:Bag><rdf:li>Old</rdf:li></rdf:Bag></dc:title></rdf:Description>",
        "<rdf:Description rdf:about='' dc:format='f'><dc:title rdf:parseType='Resource'><dc:a>Old</dc:a></dc:title></rdf:Description>",
        "<rdf:Description rdf:about='' dc:format='f'></rdf:Description>",
    ] {
        let after = merge_texts(&packet(before), &texts("New", "", "Seen"));
        assert!(!after.contains("Old") && after.contains("dc:format='f'"), "{after}");
        assert_eq!(
            list(&after, "http://purl.org/dc/elements/1.1/ title"),
            ("Alt".into(), vec!["New".into()]),
            "{before}"
        );
        let alt_text = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/ AltTextAccessibility";
        assert_eq!(list(&after, alt_text), ("Alt".into(), vec!["Seen".into()]));
    }
    let mut both = cat();
    both.set_texts("T", "D", "A");
    let after = merge_texts(&packet("<rdf:Description rdf:about=''/>"), &both);
    assert_eq!(list(&after, SUBJECT).1, ["cat", "animal"], "{after}");
    let without = packet("<rdf:Description rdf:about='' dc:title='Old'/>");
    assert!(merge(&without).contains("dc:title='Old'"), "without a text of ours theirs stays");
}

proptest! {
    #[test]
    fn any_texts_are_read_again_as_they_are_written(
        given in prop::collection::vec("(?s)[<>&\"'\\]a;#!\n\r\u{0}-\u{20}]{0,8}|.{0,6}", 3),
        lists in any::<bool>(),
    ) {
        let mut keywords = if lists { cat() } else { Keywords::default() };
        keywords.set_texts(&given[0], &given[1], &given[2]);
        let merged = merge_texts(&packet("<rdf:Description rdf:about='' dc:title='a'><dc:description/></rdf:Description>"), &keywords);
        for (name, text) in ["title", "description"].iter().zip(keywords.texts()).filter(|(_, text)| !text.is_empty()) {
            let found = list(&merged, &format!("http://purl.org/dc/elements/1.1/ {name}"));
            prop_assert_eq!(found, ("Alt".to_owned(), vec![text.clone()]));
        }
        prop_assert_eq!(merge_texts(&sidecar(&keywords), &keywords), sidecar(&keywords));
    }

    #[test]
    fn any_names_give_a_well_formed_sidecar(names in prop::collection::vec("(?s)[<>&\"'|/\\]a;#!\\-\u{0}-\u{20}]{0,8}|.{0,6}", 1..5)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let keywords = named(&names, &[]);
        let xml = sidecar(&keywords);
        let is_held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
        prop_assert!(xml.chars().all(is_held));
        prop_assert_eq!(list(&xml, SUBJECT).1, keywords.flat());
        let merged = merge(&xml);
        let mut expected = keywords.flat();
        expected.extend(cat().flat().into_iter().filter(|name| !keywords.flat().contains(name)));
        prop_assert_eq!(list(&merged, SUBJECT).1, expected);
        prop_assert_eq!(&merge(&merged), &merged);
    }
}
