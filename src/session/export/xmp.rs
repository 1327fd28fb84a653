//! XMP sidecars: a picture's tags as keywords in a file beside it, for photo libraries.

use crate::metadata::{Keywords, sidecar};
use crate::session::report::ReportTag;

/// The sidecar of a picture with these tags; without lists if there are none.
pub fn to_sidecar(tags: &[ReportTag]) -> String {
    sidecar(&keywords(tags))
}

/// Tags as keywords, for sidecars and for what is written into pictures.
pub fn keywords(tags: &[ReportTag]) -> Keywords {
    let mut keywords = Keywords::default();
    tags.iter().for_each(|tag| keywords.add(&tag.name, &tag.parent_names, &tag.path_to_root));
    keywords
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::report::tests::report;

    #[test]
    fn tags_and_their_parents_are_keywords() {
        let tags: [(&str, &[&str]); 3] =
            [("cat", &["mammal", "animal"]), ("dog", &["mammal", "animal"]), ("sofa", &[])];
        let xml = to_sidecar(report("a.jpg", &tags).tags());
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
        assert!(keywords(report("a.jpg", &[]).tags()).is_empty());
        assert!(!to_sidecar(report("a.jpg", &[]).tags()).contains("rdf:li"));
    }
}
