//! The fuzz targets of what people teach, and of the words that they bring.

use std::io::Cursor;

use tagsmith::model::{inspect, sha256};
use tagsmith::tagging::OwnHead;
use tagsmith::tags::{ImportedWords, WordsFormat, near_words, read_words};
use tagsmith::train::import::{Archive, Document, Entry, documents, plan};
use tagsmith::train::onnx::onnx;
use tagsmith::train::{Background, ReportWords, TaggerFile, TrainingReport};

use super::{FIXTURE, with_each_field};

/// The input as a file, and each of its fields in a sound one.
pub fn own_head(bytes: &[u8]) -> bool {
    let with_fields = with_each_field(include_str!("corpus/own_head/three.json"), bytes);
    let n_parsed = with_fields.iter().filter(|json| is_own_head(json)).count();
    is_own_head(&String::from_utf8_lossy(bytes)) || n_parsed > 0
}

fn is_own_head(json: &str) -> bool {
    let Ok(head) = OwnHead::parse(json) else { return false };
    assert_eq!(OwnHead::parse(&head.json()).expect("it was just written"), head);
    for length in [3, 16] {
        let embedding: Vec<f32> = (0..length).map(|idx| idx as f32 - 1.5).collect();
        if let Ok(found) = head.predict_values(&embedding) {
            assert_eq!(found.tags.len(), head.tags.len());
            assert!(found.tags.iter().all(|one| (0.0..=1.0).contains(&one.confidence) || one.z.is_nan()));
        }
    }
    true
}

pub fn tagger_file(bytes: &[u8]) -> bool {
    let with_fields = with_each_field(include_str!("corpus/tagger_file/with_set.json"), bytes);
    let n_parsed = with_fields.iter().filter(|json| is_tagger_file(json)).count();
    is_tagger_file(&String::from_utf8_lossy(bytes)) || n_parsed > 0
}

fn is_tagger_file(json: &str) -> bool {
    let Ok(file) = TaggerFile::parse(json) else { return false };
    assert_eq!(TaggerFile::parse(&file.json()).expect("it was just written"), file);
    true
}

pub fn background(bytes: &[u8]) -> bool {
    let Ok(background) = Background::parse(bytes) else { return false };
    let n_features = background.deviations.len();
    assert!(n_features > 0 && background.centres.iter().all(|one| one.vector.len() == n_features));
    true
}

/// The first byte chooses what the rest is: an archive, or a file beside a few pictures.
pub fn training_set(bytes: &[u8]) -> bool {
    const NAMES: [&str; 5] = ["tags.csv", "tags.tsv", "annotations.json", "manifest.json", "cat/1.xmp"];
    let Some((&kind, content)) = bytes.split_first() else { return false };
    let (entries, read) = match NAMES.get(usize::from(kind) % (NAMES.len() + 1)) {
        Some(name) => {
            let paths = ["cat/1.jpg", "cat/2.jpg", "dog/1.jpg", "dog/-!-3.jpg", name];
            let entry = |path: &&str| Entry { path: (*path).to_owned(), bytes: content.len() as u64 };
            let document = Document { entry: paths.len() as u32 - 1, bytes: content.to_vec() };
            (paths.iter().map(entry).collect(), vec![document])
        }
        None => {
            let Ok(mut archive) = Archive::open(Cursor::new(content)) else { return false };
            let entries: Vec<Entry> = archive.entries().to_vec();
            let content = |entry: u32| {
                let bytes = archive.read(entry as usize, 1 << 20).ok()?;
                assert!(bytes.len() <= 1 << 20);
                Some(Document { entry, bytes })
            };
            let read = documents(&entries).into_iter().filter_map(content).collect();
            (entries, read)
        }
    };
    let Ok(made) = plan("set", &entries, &read, None) else { return false };
    for picture in &made.pictures {
        assert!((picture.entry as usize) < entries.len() && !picture.tags.is_empty());
        assert!(picture.tags.iter().all(|&tag| (tag as usize) < made.tags.len()));
    }
    for source in made.sources {
        plan("set", &entries, &read, Some(source)).expect("it can be chosen");
    }
    true
}

/// The first byte chooses the ending of the file's name.
pub fn words(bytes: &[u8]) -> bool {
    const ENDINGS: [&str; 9] = ["txt", "csv", "tsv", "rdf", "ttl", "nt", "jsonld", "xmp", "json"];
    let Some((&kind, text)) = bytes.split_first() else { return false };
    let name = format!("words.{}", ENDINGS[usize::from(kind) % ENDINGS.len()]);
    let Ok(ImportedWords { words, .. }) = read_words(text, &name, Some("en")) else { return false };
    words.check().expect("what was imported can be kept");
    near_words(&words);
    let again = read_words(words.json().as_bytes(), "words.json", None).expect("it was just written");
    assert_eq!((again.format, again.words), (WordsFormat::Words, words));
    true
}

pub fn training_report(bytes: &[u8]) -> bool {
    let with_fields = with_each_field(include_str!("corpus/training_report/two_tags.json"), bytes);
    let n_parsed = with_fields.iter().filter(|json| is_report(json)).count();
    is_report(&String::from_utf8_lossy(bytes)) || n_parsed > 0
}

fn is_report(json: &str) -> bool {
    let Ok(report) = TrainingReport::parse(json) else { return false };
    report.csv();
    if let Ok(table) = report.xlsx(&ReportWords { language: "sv".to_owned(), ..ReportWords::default() }) {
        assert!(table.starts_with(b"PK"));
    }
    true
}

/// A network with own tags behind it: what was written is still a network, with their confidences.
pub fn own_onnx(bytes: &[u8]) -> bool {
    let (card, _) = &*FIXTURE;
    let mut card = card.clone();
    card.model.sha256 = sha256(bytes);
    card.outputs.embedding = Some("mean".to_owned());
    let mut head = OwnHead::parse(include_str!("corpus/own_head/three.json")).expect("a file of the corpus");
    (head.backbone.id, head.backbone.version) = (card.id.clone(), card.version.clone());
    let Ok(written) = onnx(bytes, &card, &head) else { return false };
    let before = inspect(bytes);
    match inspect(&written) {
        Ok(found) => assert!(found.outputs.iter().any(|output| output.name == "confidences"), "{:?}", found.outputs),
        Err(error) => assert!(before.is_err(), "{error}"),
    }
    true
}
