//! Files of labels: every common form is read, and everything that could shift the names is refused with the reason.

use proptest::prelude::*;
use tagsmith::ErrorKind;
use tagsmith::model::{decode_text, parse_labels};

fn refusal(text: &str, file: &str, n_classes: Option<usize>) -> String {
    let error = parse_labels(text, file, n_classes).expect_err(text);
    assert_eq!(error.kind(), ErrorKind::LabelsInvalid);
    error.detail().to_owned()
}

#[test]
fn every_common_form_gives_the_same_labels_in_the_same_order() {
    let expected = ["tench, Tinca tinca", "goldfish", "jack-o'-lantern"];
    for (file, text) in [
        ("labels.txt", "tench, Tinca tinca\ngoldfish\njack-o'-lantern"),
        ("labels.txt", "\u{feff}tench, Tinca tinca\r\ngoldfish \r\njack-o'-lantern\r\n\r\n \r\n"),
        ("labels.txt", "tench, Tinca tinca\rgoldfish\rjack-o'-lantern\r"),
        ("synset.txt", "n01440764 tench, Tinca tinca\nn01443537 goldfish\nn03590841 jack-o'-lantern\n"),
        ("synset.tsv", "n01440764\ttench, Tinca tinca\nn01443537\tgoldfish\nn03590841\tjack-o'-lantern\n"),
        ("labels", "0: tench, Tinca tinca\n1: goldfish\n2: jack-o'-lantern\n"),
        ("labels.txt", "1 tench, Tinca tinca\n2 goldfish\n3 jack-o'-lantern\n"),
        ("labels.txt", "2\tn03590841\tjack-o'-lantern\n0\tn01440764\ttench, Tinca tinca\n1\tn01443537\tgoldfish\n"),
        ("categories.txt", "tench, Tinca tinca 0\ngoldfish 1\njack-o'-lantern 2\n"),
        ("clsidx_to_labels.txt", "{0: 'tench, Tinca tinca',\n 1: 'goldfish',\n 2: \"jack-o'-lantern\"}"),
        ("labels.json", r#"["tench, Tinca tinca", "goldfish", "jack-o'-lantern"]"#),
        ("labels.txt", r#"["tench, Tinca tinca", "goldfish", "jack-o'-lantern"]"#),
        ("labels.JSON", r#"{"2": "jack-o'-lantern", "0": "tench, Tinca tinca", "1": "goldfish"}"#),
        (
            "i.json",
            r#"{"0": ["n01440764", "tench, Tinca tinca"], "1": ["n01443537", "goldfish"], "2": ["n03590841", "jack-o'-lantern"]}"#,
        ),
        (
            "config.json",
            r#"{"model_type": "vit", "label2id": {"tench": 7}, "id2label": {"0": "tench, Tinca tinca", "1": "goldfish", "2": "jack-o'-lantern"}}"#,
        ),
        ("config.json", r#"{"label2id": {"goldfish": 1, "jack-o'-lantern": 2, "tench, Tinca tinca": 0}}"#),
        (
            "config.json",
            r#"{"label_names": ["n01440764", "goldfish", "n03590841"], "label_descriptions": {"n01440764": "tench, Tinca tinca", "n03590841": "jack-o'-lantern"}}"#,
        ),
        (
            "metadata.json",
            r#"{"labels": [{"name": "tench, Tinca tinca"}, {"name": "goldfish"}, {"name": "jack-o'-lantern"}]}"#,
        ),
        ("labels.csv", "0,\"tench, Tinca tinca\"\n1,goldfish\n2,jack-o'-lantern\n"),
        ("labels.csv", "0,tench, Tinca tinca\n1,goldfish\n2,jack-o'-lantern\n"),
        ("labels.csv", "\"tench, Tinca tinca\"\ngoldfish\njack-o'-lantern\n"),
        (
            "labels.csv",
            "index,mid,display_name\n1,/m/b,goldfish\n0,/m/a,\"tench, Tinca tinca\"\n2,/m/c,jack-o'-lantern\n",
        ),
        ("labels.csv", "label,name\n2,jack-o'-lantern\n0,\"tench, Tinca tinca\"\n1,goldfish\n"),
        (
            "tags.csv",
            "tag_id,name,category,count\n999,\"tench, Tinca tinca\",0,10\n17,goldfish,0,9\n470,jack-o'-lantern,0,8\n",
        ),
        ("labels.txt", "['tench, Tinca tinca', 'goldfish', \"jack-o'-lantern\"]"),
        ("labels.json", "['tench, Tinca tinca', 'goldfish', 'jack-o\\'-lantern']"),
        ("labels.txt", "{0: 'tench, Tinca tinca', 1: 'goldfish', 2: \"jack-o'-lantern\"}"),
        ("labels.txt", "tench, Tinca tinca; goldfish; jack-o'-lantern\n"),
        ("classes.json", r#"{"class_to_idx": {"goldfish": 1, "jack-o'-lantern": 2, "tench, Tinca tinca": 0}}"#),
        ("classes.json", r#"{"idx_to_class": {"1": "goldfish", "2": "jack-o'-lantern", "0": "tench, Tinca tinca"}}"#),
        (
            "data.yaml",
            "train: ../a # pictures\nnc: 3\nnames:\n  - tench, Tinca tinca\n  - goldfish\n  - 'jack-o''-lantern'\nval: b\n",
        ),
        (
            "data.yaml",
            "names:\n  0: tench, Tinca tinca\n  2: \"jack-o'-lantern\"\n  1: goldfish # gold\n\ndownload: x\n",
        ),
        ("data.yml", "nc: 3\nnames: ['tench, Tinca tinca',\n  'goldfish',\n  \"jack-o'-lantern\"]\n"),
        (
            "label_map.pbtxt",
            "item {\n  id: 1\n  name: \"tench, Tinca tinca\"\n}\nitem { name: 'n2' display_name: 'goldfish' id: 2 }\nitem {\n id:3, name: \"jack-o'-lantern\" }\n",
        ),
        ("classes.csv", "LabelName,DisplayName\n/m/a,\"tench, Tinca tinca\"\n/m/b,goldfish\n/m/c,jack-o'-lantern\n"),
        (
            "species.csv",
            "scientific_name,common_name\n\"tench, Tinca tinca\",\nCarassius,goldfish\nCucurbita,jack-o'-lantern\n",
        ),
        ("labels.csv", "idx;species\n0;tench, Tinca tinca\n1;goldfish\n2;jack-o'-lantern\n"),
    ] {
        let labels = parse_labels(text, file, Some(3)).unwrap_or_else(|error| panic!("{file} {text}: {error}"));
        assert_eq!(labels, expected, "{file} {text}");
        assert_eq!(parse_labels(text, file, None).unwrap(), expected, "{file} {text}, without a number of classes");
    }
}

#[test]
fn numbers_that_belong_to_the_names_are_kept() {
    for text in [
        "3 wheels\n4 wheels",
        "1\n2\n3",
        "label 0\nlabel 1\nlabel 2",
        "2 cats\n5 dogs\n9 birds",
        "n01440764\nn01443537",
    ] {
        assert_eq!(parse_labels(text, "labels.txt", None).unwrap(), text.lines().collect::<Vec<_>>());
    }
}

#[test]
fn words_on_one_line_are_labels_where_there_are_as_many_classes() {
    let read = |text, n_classes| parse_labels(text, "labels.txt", n_classes).unwrap();
    assert_eq!(read("ant, bee, cricket\n", Some(3)), ["ant", "bee", "cricket"]);
    assert_eq!(read("'ant','bee','cricket'", None), ["ant", "bee", "cricket"]);
    assert_eq!(read("tench, Tinca tinca", None), ["tench, Tinca tinca"], "a label and its synonym");
    assert!(refusal("ant, bee, cricket", "labels.txt", Some(2)).contains("1 labels"));
    assert!(refusal("ant\nbee\ncricket", "labels.txt", Some(1)).contains("one score"));
}

#[test]
fn files_of_windows_are_read_and_what_is_no_text_is_refused() {
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let little: Vec<u8> = units("\u{feff}ant\r\nköttbullar").into_iter().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units("\u{feff}ant\r\nköttbullar").into_iter().flat_map(u16::to_be_bytes).collect();
    let unmarked: Vec<u8> = units("ant\r\nk\u{f6}ttbullar").into_iter().flat_map(u16::to_le_bytes).collect();
    for bytes in [&little[..], &big, &unmarked, "ant\nköttbullar".as_bytes()] {
        let text = decode_text(bytes).unwrap();
        assert_eq!(parse_labels(&text, "labels.txt", Some(2)).unwrap(), ["ant", "köttbullar"]);
    }
    for bytes in [&[0xff, 0xfe, 0x41][..], &[0xff, 0xfe, 0x00, 0xd8], &[0x61, 0xe9, 0x62]] {
        assert_eq!(decode_text(bytes).expect_err("no text").kind(), ErrorKind::LabelsInvalid);
    }
}

#[test]
fn equal_labels_stay_equal() {
    assert_eq!(parse_labels("crane\ncrane\nmaillot\n", "labels.txt", Some(3)).unwrap(), ["crane", "crane", "maillot"]);
}

#[test]
fn a_wrong_number_of_labels_is_refused_with_both_numbers() {
    let detail = refusal("a\nb\nc", "labels.txt", Some(10));
    assert!(detail.contains("10 classes") && detail.contains("3 labels"), "{detail}");
}

#[test]
fn a_missing_or_superfluous_background_class_is_reported() {
    let detail = refusal("tench\ngoldfish", "labels.txt", Some(3));
    assert!(
        detail.contains("3 classes") && detail.contains("2 labels") && detail.contains("\"background\""),
        "{detail}"
    );
    let detail = refusal("background\ntench\ngoldfish", "labels.txt", Some(2));
    assert!(detail.contains("The first label is \"background\"") && detail.contains("delete it"), "{detail}");
    let detail = refusal(r#"{"1": "tench", "2": "goldfish"}"#, "labels.json", Some(3));
    assert!(detail.contains("from 1 to 2") && detail.contains("3 classes"), "{detail}");
    assert_eq!(parse_labels("background\ntench", "labels.txt", Some(2)).unwrap(), ["background", "tench"]);
}

#[test]
fn doubtful_files_are_refused_with_the_reason() {
    let long = "x".repeat(301);
    for (file, text, part) in [
        ("labels.txt", "", "no labels"),
        ("labels.txt", "\n\n", "no labels"),
        ("labels.csv", "", "no labels"),
        ("labels.json", "[]", "no labels"),
        ("labels.txt", "a\n\nb", "Label 2 of 3 is empty"),
        ("labels.txt", "a\nb\u{7}b", "Label 2 contains a character that cannot be shown (U+0007)"),
        ("labels.txt", "a\u{0}b\u{0}", "UTF-8"),
        ("labels.txt", "a\nk\u{fffd}ttbullar", "UTF-8"),
        ("labels.txt", &long, "301 characters"),
        ("labels.txt", &"x\n".repeat(65_536), "65536 labels"),
        ("labels.txt", &"x".repeat(9 << 20), "bytes"),
        ("data.yaml", "nc: 3\ntrain: a\n", "no list of names"),
        ("data.yaml", "names:\n  - 'ant\n", "no closing quote"),
        ("data.yaml", "names: [ant, {bee: 1}]\n", "one name per line"),
        ("data.yaml", "names:\n  0: ant\n  0: bee\n", "two labels with the number 0"),
        ("label_map.pbtxt", "item { id: 1 }", "Item 1 of the label map"),
        ("label_map.pbtxt", "item { id: 1 name: 'ant' } item { id: 2", "Item 2 of the label map"),
        ("labels.json", "{", "not valid JSON"),
        ("labels.json", r#"{"mean": [1, 2, 3]}"#, "no labels"),
        ("labels.json", "7", "no labels"),
        ("labels.json", r#"["a", null]"#, "for class 1 is not a label"),
        ("labels.json", r#"["a", ["b", "c"]]"#, "for class 1 is not a label"),
        ("labels.json", r#"["a", "b\u0000"]"#, "U+0000"),
        ("labels.json", r#"{"0": "a", "2": "c"}"#, "no label with the number 1"),
        ("labels.json", r#"{"a": 0, "b": 0}"#, "two labels with the number 0"),
        ("labels.json", r#"{"5": "a"}"#, "no label with the number 0"),
        ("labels.json", r#"{"18446744073709551615": "a"}"#, "no label with the number 0"),
        ("labels.csv", "index,latin,english\n0,a,b", "no column of names, only index, latin, english"),
        ("labels.csv", "index,name\n0,a\n2,b", "no label with the number 1"),
        ("labels.csv", "index,name\n0,a\n0,b", "two labels with the number 0"),
        ("labels.csv", "name,count\na,1\n\"\",2", "Label 2 of 2 is empty"),
    ] {
        let detail = refusal(text, file, None);
        assert!(detail.contains(part), "{detail} does not mention {part}");
        assert!(detail.ends_with('.') && detail.len() < 400, "{detail}");
    }
}

fn file_name() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("labels.txt"), Just("labels.json"), Just("labels.csv"), Just("labels.tsv"), Just("")]
}

/// Fragments of the formats, so that a random file passes the first checks.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("0".to_owned()),
        Just("1".into()),
        Just(",".into()),
        Just("\"".into()),
        Just("'".into()),
        Just("{".into()),
        Just("}".into()),
        Just("[".into()),
        Just("]".into()),
        Just(":".into()),
        Just("\n".into()),
        Just("\r".into()),
        Just("\t".into()),
        Just(" ".into()),
        Just("n01440764".into()),
        Just("id2label".into()),
        Just("index".into()),
        Just("name".into()),
        Just("\u{feff}".into()),
        Just("18446744073709551616".into()),
        Just("\u{301}".into()),
        Just("\u{202e}".into()),
        Just("\u{85}".into()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_gives_printable_labels_or_an_error(text in text(), file in file_name(), n_classes in prop::option::of(0..5usize)) {
        match parse_labels(&text, file, n_classes) {
            Ok(labels) => {
                prop_assert!(!labels.is_empty() && n_classes.is_none_or(|n_classes| n_classes == labels.len()));
                for label in labels {
                    prop_assert!(!label.trim().is_empty() && !label.chars().any(char::is_control), "{label:?}");
                }
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::LabelsInvalid),
        }
    }

    #[test]
    fn labels_written_as_json_are_read_back(labels in prop::collection::vec("[a-zA-Z0-9åäö鶴,'\"\\\\()-]{1,20}", 1..20)) {
        let json = serde_json::to_string(&labels).unwrap();
        prop_assert_eq!(parse_labels(&json, "labels.json", Some(labels.len())).unwrap(), labels);
    }
}
