//! The keywords of an XMP packet: paths where another program has written them, else the flat list.

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use crate::error::Result;
use crate::tags::strict::import::builder::Builder;
use crate::tags::strict::import::text;
use crate::tags::strict::invalid;

/// Namespace and name of a list, and what separates the parts of a path; the first that has any counts.
const LISTS: [(&str, &str, char); 3] = [
    ("http://www.digikam.org/ns/1.0/", "TagsList", '/'),
    ("http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject", '|'),
    ("http://purl.org/dc/elements/1.1/", "subject", '\0'),
];

/// # Errors
/// [`ErrorKind::WordsInvalid`](crate::ErrorKind) for what is no XML.
pub fn read(text: &str, words: &mut Builder) -> Result<()> {
    let mut reader = NsReader::from_str(text);
    let mut found: [Vec<String>; LISTS.len()] = Default::default();
    let (mut list, mut item, mut is_item) = (None, String::new(), false);
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| {
            invalid(format!("The XMP cannot be read: {error}. Write it anew with the program it is from."))
        })?;
        match event {
            Event::Eof => break,
            Event::Start(start) => {
                let is_at = |(space, name, _): &(&str, &str, char)| {
                    matches!(namespace, ResolveResult::Bound(bound) if bound.as_ref() == *space)
                        && start.local_name().as_ref() == *name
                };
                list = LISTS.iter().position(is_at).or(list);
                is_item = start.local_name().as_ref() == "li";
                item.clear();
            }
            Event::Text(piece) if is_item => item.push_str(&piece),
            Event::GeneralRef(piece) if is_item => item.push_str(&character(&piece)),
            Event::End(end) => {
                if is_item && let Some(list) = list {
                    found[list].push(std::mem::take(&mut item));
                }
                is_item = false;
                let ends = |(_, name, _): &(&str, &str, char)| end.local_name().as_ref() == *name;
                if list.is_some_and(|list| ends(&LISTS[list])) {
                    list = None;
                }
            }
            _ => {}
        }
    }
    let fullest = found.iter().zip(LISTS).find(|(all, _)| !all.is_empty());
    let Some((all, (.., separator))) = fullest else { return Ok(()) };
    all.iter().try_for_each(|one| text::path(one.split(separator), words))
}

/// What `&amp;` and its like stand for; nothing of a name that is not one of XML's own.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_xml_entity(reference).unwrap_or_default().to_owned()
}
