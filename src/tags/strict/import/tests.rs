use super::*;
use crate::error::ErrorKind;

/// One line a word: indented by what lies above it, with its aliases and ids.
fn outline(imported: &ImportedWords) -> String {
    let tree = imported.words.tree().unwrap();
    let line = |(at, word): (usize, &crate::tags::strict::StrictWord)| {
        let mark = if word.heading { "*" } else { "" };
        let list = |sign: &str, all: &[String]| {
            if all.is_empty() { String::new() } else { format!(" {sign}{}", all.join(",")) }
        };
        let names: Vec<String> = word.names.iter().map(|(language, name)| format!("{language}:{name}")).collect();
        let (aliases, ids, names) = (list("=", &word.aliases), list("#", &word.ids), list("@", &names));
        format!("{}{mark}{}{aliases}{names}{ids}", "  ".repeat(tree.path(at).count()), word.name)
    };
    imported.words.words.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn read(name: &str, text: &str) -> ImportedWords {
    read_words(text.as_bytes(), name, Some("sv")).unwrap()
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    let error = read_words(bytes, name, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WordsInvalid);
    assert!(error.detail().ends_with('.'), "{}", error.detail());
    error.detail().to_owned()
}

#[test]
fn lightroom_text_has_a_hierarchy_synonyms_and_keywords_that_are_not_exported() {
    let text = "[PLACES]\r\n\tSweden\r\n\t\t{Sverige}\r\n\t\tÖland\r\nanimal\r\n\tcat\r\n\t\t{kitty}\r\n\t\t{moggy}\r\n\tjaguar\r\n[CARS]\r\n\tjaguar\r\n";
    let imported = read("My keywords.txt", text);
    assert_eq!((imported.format, imported.words.title.as_str()), (WordsFormat::Text, "My keywords"));
    let wanted = "*PLACES\n  Sweden =Sverige\n    Öland\nanimal\n  cat =kitty,moggy\n  jaguar\n*CARS\n  jaguar";
    assert_eq!(outline(&imported), wanted);
    let ids: Vec<&str> = imported.words.words.iter().map(|word| word.id.as_str()).collect();
    assert_eq!(ids[5..], ["own:jaguar", "own:cars", "own:jaguar (cars)"], "words that are written alike stay two");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(outline(&read_words(&utf16, "a.txt", None).unwrap()), wanted);
    assert_eq!(outline(&read("a.txt", &format!("\u{feff}{text}"))), wanted);
}

#[test]
fn what_a_person_types_is_words_by_line_or_comma() {
    assert_eq!(outline(&read("", "Hund, Katt;  Häst\nhund\n\n AC/DC")), "Hund, Katt; Häst\nhund\n  AC/DC");
    assert_eq!(outline(&read("", "Hund, Katt;  Häst\nhund\n\nAC/DC")), "Hund\nKatt\nHäst\nAC/DC", "each word once");
}

#[test]
fn paths_as_of_digikam_and_lightroom_are_ways_from_the_root() {
    let wanted = "Djur\n  Hund\n  Katt\nPlatser\n  Öland";
    for text in ["Djur/Hund\nDjur/Katt\nPlatser/Öland\n", "Djur|Hund\nDjur|Katt\nPlatser|Öland\nDjur"] {
        let imported = read("tags.txt", text);
        assert_eq!((imported.format, outline(&imported).as_str()), (WordsFormat::Paths, wanted));
    }
    let packet = |name: &str, separator: &str| {
        format!(
            r#"<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <dc:subject><rdf:Bag><rdf:li>Flat</rdf:li></rdf:Bag></dc:subject>
            <{name}><rdf:Seq><rdf:li>Djur{separator}Hund &amp; Co</rdf:li><rdf:li>Djur</rdf:li></rdf:Seq></{name}>
            </rdf:Description></rdf:RDF></x:xmpmeta>"#
        )
    };
    for (name, separator) in [("digiKam:TagsList", "/"), ("lr:hierarchicalSubject", "|")] {
        let imported = read("a.xmp", &packet(name, separator));
        assert_eq!((imported.format, outline(&imported).as_str()), (WordsFormat::Xmp, "Djur\n  Hund & Co"), "{name}");
    }
    assert_eq!(outline(&read("a.xmp", &packet("dc:other", ";"))), "Flat", "where there are no paths");
}

#[test]
fn tables_have_columns_with_known_names_or_levels() {
    let wanted = "Djur #q1\n  Hund =jycke,vovve @en:dog\n  Katt";
    for text in [
        "namn;över;synonymer;en;id\nDjur;;;;q1\nHund;Djur;jycke,vovve;dog;\nKatt;Djur;;;\n",
        "sep=;\nName;Parent;Synonyms;EN;ID\nDjur;;;;q1\nHund;Djur;jycke|vovve;dog;\nKatt;Djur;;;\n",
    ] {
        let imported = read("a.csv", text);
        assert_eq!((imported.format, outline(&imported).as_str()), (WordsFormat::Table, wanted));
    }
    let levels = "Djur\n  Hund\n    Tax\n  Katt\nVäxt";
    assert_eq!(outline(&read("a.csv", "Djur,Hund,Tax\n,Katt\nVäxt\n")), levels);
    assert_eq!(outline(&read("a.tsv", "Djur\tHund\tTax\nDjur\tKatt\nVäxt\t\n")), levels);
    assert_eq!(outline(&read("a.csv", "path,note\nDjur|Hund|Tax,1\nDjur|Katt,2\nVäxt,3\n")), levels);
    assert_eq!(outline(&read("a.csv", "keyword,parent\nHund,Djur\n")), "  Hund\nDjur", "a parent without a row");
}

const TURTLE: &str = r#"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <http://example.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
ex:zoo a skos:ConceptScheme ; dct:title "Zoo"@en .
ex:a1 a skos:Concept ; skos:prefLabel "Djur"@sv, "animal"@en ; skos:narrower ex:a2 .
ex:a2 a skos:Concept ; skos:prefLabel "Hund"@sv, "dog"@en ; skos:altLabel "jycke"@sv ; skos:notation "636.7" ;
  skos:exactMatch <http://www.wikidata.org/entity/Q144> .
ex:a3 a skos:Concept ; skos:prefLabel "moon"@en ; skos:broader ex:a9 .
"#;

const ZOO: &str = "Djur @en:animal,sv:Djur #http://example.org/a1\n  Hund =jycke @en:dog,sv:Hund #http://example.org/a2,636.7,http://www.wikidata.org/entity/Q144\nmoon @en:moon #http://example.org/a3";

#[test]
fn thesauri_in_each_syntax_give_names_in_languages_aliases_ids_and_the_hierarchy() {
    let xml = r#"<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:dct="http://purl.org/dc/terms/">
      <skos:ConceptScheme rdf:about="http://example.org/zoo"><dct:title>Zoo</dct:title></skos:ConceptScheme>
      <skos:Concept rdf:about="http://example.org/a1"><skos:prefLabel xml:lang="sv">Djur</skos:prefLabel><skos:prefLabel xml:lang="en">animal</skos:prefLabel>
        <skos:narrower><skos:Concept rdf:about="http://example.org/a2"><skos:prefLabel xml:lang="sv">Hund</skos:prefLabel><skos:prefLabel xml:lang="en">dog</skos:prefLabel>
        <skos:altLabel xml:lang="sv">jycke</skos:altLabel><skos:notation>636.7</skos:notation><skos:exactMatch rdf:resource="http://www.wikidata.org/entity/Q144"/></skos:Concept></skos:narrower></skos:Concept>
      <rdf:Description rdf:about="http://example.org/a3"><rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/><skos:prefLabel xml:lang="en">moon</skos:prefLabel></rdf:Description></rdf:RDF>"#;
    let json = r#"{"@context":{"skos":"http://www.w3.org/2004/02/skos/core#","dct":"http://purl.org/dc/terms/","ex":"http://example.org/"},"@graph":[
      {"@id":"ex:zoo","@type":"skos:ConceptScheme","dct:title":{"@value":"Zoo","@language":"en"}},
      {"@id":"ex:a1","@type":"skos:Concept","skos:prefLabel":[{"@value":"Djur","@language":"sv"},{"@value":"animal","@language":"en"}]},
      {"@id":"ex:a2","@type":"skos:Concept","skos:broader":{"@id":"ex:a1"},"skos:prefLabel":[{"@value":"Hund","@language":"sv"},{"@value":"dog","@language":"en"}],
        "skos:altLabel":{"@value":"jycke","@language":"sv"},"skos:notation":"636.7","skos:exactMatch":{"@id":"http://www.wikidata.org/entity/Q144"}},
      {"@id":"ex:a3","@type":"skos:Concept","skos:prefLabel":{"@value":"moon","@language":"en"}}]}"#;
    for (name, text) in [("a.ttl", TURTLE), ("a.rdf", xml), ("a.jsonld", json), ("a.txt", TURTLE), ("a.json", json)] {
        let imported = read(name, text);
        assert_eq!((imported.format, imported.words.title.as_str()), (WordsFormat::Skos, "Zoo"), "{name}");
        assert_eq!(outline(&imported), ZOO, "{name}");
    }
    let french = read_words(TURTLE.as_bytes(), "a.ttl", Some("fr")).unwrap().words;
    assert_eq!((french.words[1].name.as_str(), french.language), ("dog", None), "English where there is no French");
}

#[test]
fn our_own_document_comes_back_with_its_rules() {
    let mut words = read("a.ttl", TURTLE).words;
    words.rules.push(crate::tags::strict::WordRule { tag: crate::tags::TagRef::known("wolf", "wolf"), into: None });
    let imported = read_words(words.json().as_bytes(), "words.json", None).unwrap();
    assert_eq!((imported.format, imported.words), (WordsFormat::Words, words));
}

#[test]
fn what_cannot_be_a_word_is_left_out_and_told() {
    let imported = read("a.txt", &format!("Hund\n{}\n\u{202e}\u{200b}\nKa\u{7}tt\n", "x".repeat(101)));
    assert_eq!(outline(&imported), "Hund\nKa tt");
    let reasons: Vec<_> = imported.left_out.iter().map(|one| one.reason).collect();
    assert_eq!((imported.n_left_out, reasons), (2, vec![LeftOutReason::TooLong, LeftOutReason::Empty]));
    // Compatibility forms are written out in ids: a character may be 18.
    let long = read("a.txt", &format!("Hund\n{}\n", "\u{fdfa}".repeat(100)));
    assert_eq!((outline(&long).as_str(), long.left_out[0].reason), ("Hund", LeftOutReason::TooLong));
    let tower: String = (0..50).map(|depth| format!("{}w{depth}\n", "\t".repeat(depth))).collect();
    let imported = read("a.txt", &tower);
    assert_eq!(imported.words.words.len() + imported.n_left_out, 50);
    assert_eq!(imported.left_out[0].reason, LeftOutReason::TooDeep);
}

#[test]
fn hostile_files_are_refused_in_no_time() {
    let begin = std::time::Instant::now();
    assert!(refusal("a.txt", &[0xc3, 0x28]).contains("UTF-8"));
    assert!(refusal("a.txt", b"\0\0\0").contains("UTF-8"));
    assert!(refusal("a.txt", b" \n\t\n").contains("no word"));
    let many: String = (0..70_000).map(|n| format!("w{n}\n")).collect();
    assert!(refusal("a.txt", many.as_bytes()).contains("more than 65535 words"));
    assert!(refusal("a.csv", many.as_bytes()).contains("more than 65535 words"));
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><rdf:RDF/>";
    assert!(refusal("a.rdf", laughs.as_bytes()).contains("entities"));
    let long = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"{}\">]><a>{}</a>",
        "h".repeat(9_999),
        "&a;".repeat(9_999)
    );
    assert!(refusal("a.rdf", long.as_bytes()).contains("entities"));
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert!(refusal("a.rdf", format!("<rdf:RDF><a{attributes}/></rdf:RDF>").as_bytes()).contains("100 attributes"));
    let namespaces: String = (0..1_001).map(|n| format!("<a xmlns:n{n}=\"n:{n}\">")).collect();
    assert!(refusal("a.rdf", format!("<rdf:RDF>{namespaces}").as_bytes()).contains("1000 namespaces"));
    let open = "<a>".repeat(100_000);
    let _ = refusal("a.rdf", open.as_bytes());
    let _ = refusal("a.xmp", b"<x:xmpmeta><a");
    let _ = refusal("a.jsonld", "[{\"@id\":".repeat(100_000).as_bytes());
    let _ = refusal("a.ttl", format!("@prefix a: <b> . a:b a:c {}", "[ a:d ".repeat(100_000)).as_bytes());
    let _ = refusal("a.ttl", b"@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <a:b> skos:altLabel \"x\" .");
    let _ = refusal("a.jsonld", br#"{"@context":"https://example.org/context.jsonld","@id":"a:b"}"#);
    assert!(refusal("a.json", br#"{"schema":1,"words":[]}"#).contains("cannot be read"));
    let circle = TURTLE.replace("\"moon\"@en ; skos:broader ex:a9", "\"moon\"@en . ex:a1 skos:broader ex:a2");
    assert!(refusal("a.ttl", circle.as_bytes()).contains("above itself"));
    let prefix = "x".repeat(100_000);
    let many: String = (0..20_000).map(|n| format!("ex:a{n} skos:prefLabel \"w{n}\" .\n")).collect();
    let text = TURTLE.replace("http://example.org/>", &format!("http://example.org/{prefix}>"));
    assert!(refusal("a.ttl", format!("{text}{many}").as_bytes()).contains("1000 bytes"));
    assert!(
        refusal("a.ttl", TURTLE.replace("\"@sv", &format!("\"@sv-{}", "x".repeat(90))).as_bytes()).contains("language")
    );
    let _ = refusal("a.txt", &vec![b'a'; crate::tags::strict::MAX_BYTES + 1]);
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
