//! XMP sidecars: a picture's tags as keywords in a file beside it, and its texts, for photo libraries.

use crate::metadata::{Keywords, sidecar};
use crate::session::report::TagReport;
use crate::session::texts::Texts;

/// The sidecar of a picture; without lists if it has no tags.
pub fn to_sidecar(report: &TagReport) -> String {
    sidecar(&keywords(report))
}

/// Tags as keywords, and the texts, for sidecars and for what is written into pictures.
pub fn keywords(report: &TagReport) -> Keywords {
    let mut keywords = Keywords::default();
    report.tags().iter().for_each(|tag| keywords.add(&tag.name, &tag.parent_names, &tag.path_to_root));
    let Texts { title, description, alt_text } = report.texts();
    let [title, description, alt_text] = [title, description, alt_text].map(|text| text.as_deref().unwrap_or_default());
    keywords.set_texts(title, description, alt_text);
    keywords
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::report::tests::{report, with_texts};

    #[test]
    fn tags_and_their_parents_are_keywords() {
        let tags: [(&str, &[&str]); 3] =
            [("cat", &["mammal", "animal"]), ("dog", &["mammal", "animal"]), ("sofa", &[])];
        let xml = to_sidecar(&report("a.jpg", &tags));
        let expected = [
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>",
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">",
            " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
            "  <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:lr=\"http://ns.adobe.com/lightroom/1.0/\" xmlns:digiKam=\"http://www.digikam.org/ns/1.0/\">",
            "   <dc:subject>",
            "    <rdf:Bag>",
            "     <rdf:li>cat</rdf:li>",
            "     <rdf:li>mammal</rdf:li>",
            "     <rdf:li>animal</rdf:li>",
            "     <rdf:li>dog</rdf:li>",
            "     <rdf:li>sofa</rdf:li>",
            "    </rdf:Bag>",
            "   </dc:subject>",
            "   <lr:hierarchicalSubject>",
            "    <rdf:Bag>",
            "     <rdf:li>animal|mammal|cat</rdf:li>",
            "     <rdf:li>animal|mammal|dog</rdf:li>",
            "     <rdf:li>sofa</rdf:li>",
            "    </rdf:Bag>",
            "   </lr:hierarchicalSubject>",
            "   <digiKam:TagsList>",
            "    <rdf:Seq>",
            "     <rdf:li>animal/mammal/cat</rdf:li>",
            "     <rdf:li>animal/mammal/dog</rdf:li>",
            "     <rdf:li>sofa</rdf:li>",
            "    </rdf:Seq>",
            "   </digiKam:TagsList>",
            "  </rdf:Description>",
            " </rdf:RDF>",
            "</x:xmpmeta>",
            "<?xpacket end=\"w\"?>\n",
        ];
        assert_eq!(xml, expected.join("\n"));
    }

    #[test]
    fn a_picture_without_tags_has_no_keywords() {
        assert!(keywords(&report("a.jpg", &[])).is_empty());
        assert!(!to_sidecar(&report("a.jpg", &[])).contains("rdf:li"));
    }
    #[test]
    fn texts_follow_the_lists_and_make_a_sidecar_of_a_picture_without_tags() {
        let xml = to_sidecar(&with_texts(
            report("a.jpg", &[]),
            ["A cat\n<asleep>", "On a sofa.\u{0}\nIt is late.", " Cat & sofa "],
        ));
        let expected = [
            "   <dc:title>",
            "    <rdf:Alt>",
            "     <rdf:li xml:lang=\"x-default\">A cat &lt;asleep&gt;</rdf:li>",
            "    </rdf:Alt>",
            "   </dc:title>",
            "   <dc:description>",
            "    <rdf:Alt>",
            "     <rdf:li xml:lang=\"x-default\">On a sofa.",
            "It is late.</rdf:li>",
            "    </rdf:Alt>",
            "   </dc:description>",
            "   <Iptc4xmpCore:AltTextAccessibility>",
            "    <rdf:Alt>",
            "     <rdf:li xml:lang=\"x-default\">Cat &amp; sofa</rdf:li>",
            "    </rdf:Alt>",
            "   </Iptc4xmpCore:AltTextAccessibility>",
            "  </rdf:Description>",
        ];
        assert!(xml.contains(&expected.join("\n")), "{xml}");
        assert!(xml.contains("xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\">\n"), "{xml}");
        assert_eq!(xml.matches("xmlns:dc=").count(), 1);
    }
}
