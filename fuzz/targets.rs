//! What each fuzz target does with an input, and whether the input got past parsing. `tests/fuzz_corpus.rs` does the same with the corpus.
//!
//! A panic, a hang or a failed assertion is a finding. Of a panic inside tract that the library turns into an error, see README.md.

mod own_targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use serde_json::{Value, json};
use tagsmith::model::{
    Colour, DetectorCard, Fit, ImportChoices, ModelCard, ModelInspection, Preparation, ResampleFilter, Vocabulary,
    import_model, inspect, no_companions, parse_labels, sha256,
};
use tagsmith::picture::{Limits, decode, promised_size};
use tagsmith::providers::{Answer, OsgiFile, Picture, Question, Secrets, Setup, read_osgi, read_reply};
use tagsmith::session::Query;
use tagsmith::tagging::TagHead;
use tagsmith::tags::{Candidate, Corrections, ResolvedCorrections, Rule, Selector};
use tagsmith::{Error, Keywords, Policy, Session, TagOptions, Tagger, merge_sidecar, write_keywords};

pub use own_targets::{background, own_head, own_onnx, tagger_file, training_report, training_set, words};

/// Does something with an input. Whether it got past parsing.
pub type Target = fn(&[u8]) -> bool;

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("decode", decode_small),
    ("decode_default", decode_default),
    ("metadata", metadata),
    ("card", card),
    ("vocabulary", vocabulary),
    ("labels", labels),
    ("head", head),
    ("rules", rules),
    ("provider", provider),
    ("osgi", osgi),
    ("onnx_inspect", onnx_inspect),
    ("onnx_load", onnx_load),
    ("own_head", own_head),
    ("tagger_file", tagger_file),
    ("background", background),
    ("training_set", training_set),
    ("words", words),
    ("training_report", training_report),
    ("own_onnx", own_onnx),
];

/// Small, so that a slow or large case shows that a limit is not enforced.
const SMALL: Limits =
    Limits { max_file_bytes: 1 << 20, max_side: Some(2_000), max_pixels: Some(500_000), ..Limits::DEFAULT };

pub fn decode_small(bytes: &[u8]) -> bool {
    decode_within(bytes, &SMALL)
}

/// With the limits that people have: what memory and time depend on is not the number of pixels alone.
pub fn decode_default(bytes: &[u8]) -> bool {
    decode_within(bytes, &Limits::default())
}

fn decode_within(bytes: &[u8], limits: &Limits) -> bool {
    promised_size(bytes);
    let mut is_decoded = false;
    for shorter_side in [None, Some(16)] {
        if let Ok((_, picture)) = decode(bytes, limits, shorter_side) {
            is_decoded = true;
            let (width, height) = (picture.full_width(), picture.full_height());
            assert!(limits.max_pixels.is_none() || limits.check_size(width, height).is_ok());
            assert_eq!(picture.pixels().len() as u64, 3 * u64::from(picture.width()) * u64::from(picture.height()));
        }
    }
    is_decoded
}

/// The input as a file, as what a sound JPEG holds as XMP and as Photoshop's resources, and as the text of sound ones: few changed files are
/// read that far.
pub fn metadata(bytes: &[u8]) -> bool {
    const JPEG: &[u8] = include_bytes!("corpus/metadata/grey_progressive.jpg");
    const XMP: (u8, &[u8]) = (0xE1, b"http://ns.adobe.com/xap/1.0/\0");
    const PHOTOSHOP: (u8, &[u8]) = (0xED, b"Photoshop 3.0\0");
    let (start, rest) = JPEG.split_at(2);
    let (packet, resources) = (packet_of_text(bytes), resources_of_text(bytes));
    let inside = [(XMP, bytes), (XMP, packet.as_bytes()), (PHOTOSHOP, bytes), (PHOTOSHOP, &resources[..])];
    let are_written = inside.iter().filter(|((marker, signature), content)| {
        let content = &content[..content.len().min(60_000)];
        let len = (2 + signature.len() + content.len()) as u16;
        is_written(&[start, &[0xFF, *marker], &len.to_be_bytes(), signature, content, rest].concat())
    });
    are_written.count() + usize::from(is_written(bytes)) > 0
}

/// XMP with a keyword a line.
fn packet_of_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace('&', "&amp;").replace('<', "&lt;");
    let items: String = text.lines().take(200).map(|line| format!("<rdf:li>{line}</rdf:li>")).collect();
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
         xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF>\
         </x:xmpmeta>"
    )
}

/// One resource of IPTC, with a dataset for each eight bytes.
fn resources_of_text(bytes: &[u8]) -> Vec<u8> {
    let dataset = |chunk: &[u8]| [&[0x1C, 2, chunk[0], 0, chunk.len() as u8 - 1], &chunk[1..]].concat();
    let mut iptc: Vec<u8> = bytes.chunks(8).take(2_000).flat_map(dataset).collect();
    let len = (iptc.len() as u32).to_be_bytes();
    iptc.resize(iptc.len().next_multiple_of(2), 0);
    [b"8BIM\x04\x04\0\0", &len[..], &iptc].concat()
}

fn is_written(bytes: &[u8]) -> bool {
    let mut keywords = Keywords::default();
    keywords.add("räv", &["animal".to_owned()], &["animal".to_owned()]);
    [write_keywords, merge_sidecar].into_iter().fold(false, |is_written, write| match write(bytes, &keywords) {
        Ok(written) => {
            // What was written can be read, and nothing is added twice.
            assert!(write(&written, &keywords).expect("it was just written") == written);
            true
        }
        Err(_) => is_written,
    })
}

/// A card of either kind.
///
/// The input as a file, and each of its fields in a sound one: what was changed seldom leaves all of them sound.
pub fn card(bytes: &[u8]) -> bool {
    let with_fields = with_each_field(include_str!("corpus/card/classifier.json"), bytes);
    let n_parsed = with_fields.iter().filter(|json| is_card(json)).count();
    is_card(&String::from_utf8_lossy(bytes)) || n_parsed > 0
}

/// A sound file with one field of the input after the other in place of its own.
fn with_each_field(sound: &str, bytes: &[u8]) -> Vec<String> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(bytes) else { return Vec::new() };
    let with = |(name, value)| {
        let mut file: Value = serde_json::from_str(sound).expect("a file of the corpus");
        file[name] = value;
        file.to_string()
    };
    fields.into_iter().take(20).map(with).collect()
}

fn is_card(json: &str) -> bool {
    if let Ok(card) = ModelCard::parse(json) {
        assert!(card.components().len() <= 256);
        let again = serde_json::to_string(&card).expect("a card has only strings as keys");
        assert_eq!(ModelCard::parse(&again).expect("it was just written"), card);
        return true;
    }
    DetectorCard::parse(json).is_ok()
}

/// The input as a file, and as the shape of one: few changed files still agree with themselves.
pub fn vocabulary(bytes: &[u8]) -> bool {
    let is_shape = is_vocabulary(&vocabulary_of_shape(bytes));
    is_vocabulary(&String::from_utf8_lossy(bytes)) || is_shape
}

/// Four bytes a tag: its parents among the tags before it, its name, and whether it is a class.
fn vocabulary_of_shape(bytes: &[u8]) -> String {
    let shape = || bytes.chunks_exact(4).take(400).enumerate();
    let tags: Vec<Value> = shape()
        .map(|(idx, chunk)| {
            let parents = chunk[1..].iter().take(usize::from(chunk[0] % 4).min(idx));
            let parents: BTreeSet<String> =
                parents.map(|&back| format!("t{}", idx - 1 - usize::from(back) % idx)).collect();
            let name = char::from(b' ' + chunk[3] % 95);
            json!({"id": format!("t{idx}"), "names": {"en": format!("{name}{}", chunk[2])}, "parents": parents})
        })
        .collect();
    let classes: Vec<String> =
        shape().filter(|(_, chunk)| chunk[0] & 4 == 0).map(|(idx, _)| format!("t{idx}")).collect();
    json!({"version": 1, "languages": ["en", "sv"], "tags": tags, "classes": classes}).to_string()
}

fn is_vocabulary(json: &str) -> bool {
    let Ok(vocabulary) = Vocabulary::parse(json) else { return false };
    select_all(
        Arc::new(vocabulary),
        Policy {
            threshold: 0.01,
            max_tags: 1_000,
            allow: vec![],
            deny: vec![],
            language: "sv".into(),
            providers: Default::default(),
            heads: Default::default(),
        },
    );
    true
}

/// What is shown, and nearly shown, of a picture that may have every tag.
fn select_all(vocabulary: Arc<Vocabulary>, policy: Policy) {
    let n = vocabulary.tags().len();
    let candidate = |tag: usize| {
        let confidence = 1.0 - tag as f32 / n as f32 * 0.9;
        Candidate { tag: tag as u16, score: confidence, confidence, component: 0 }
    };
    let candidates: Vec<Candidate> = (0..n).map(candidate).collect();
    let Ok(selector) = Selector::new(policy, 0.2, vocabulary.clone()) else { return };
    let nothing = ResolvedCorrections::default();
    for tag in selector.select_named(&candidates, &[], &nothing) {
        assert!(!tag.parents.contains(&tag.idx), "{} is its own parent", tag.id);
        assert!(vocabulary.path_to_root(tag.idx).count() < n);
    }
    selector.near_misses(&candidates, &nothing, 8);
}

/// The first byte chooses the file's kind and whether the number of classes is known.
pub fn labels(bytes: &[u8]) -> bool {
    let Some((&kind, text)) = bytes.split_first() else { return false };
    let name = ["labels.txt", "labels.json", "labels.csv", "labels.tsv"][usize::from(kind % 4)];
    let n_classes = [None, Some(3), Some(10)][usize::from(kind / 4 % 3)];
    let Ok(labels) = parse_labels(&String::from_utf8_lossy(text), name, n_classes) else { return false };
    assert!(n_classes.is_none_or(|n| n == labels.len()) && labels.iter().all(|label| !label.trim().is_empty()));
    true
}

/// The card and the vocabulary of a test fixture.
static FIXTURE: LazyLock<(ModelCard, Vocabulary)> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder =
        folder.ancestors().map(|folder| folder.join("tests/fixtures/models/float32")).find(|folder| folder.exists());
    let read = |name: &str| fs::read_to_string(folder.as_ref().expect("the repository").join(name)).expect("a fixture");
    let card = ModelCard::parse(&read("model.json")).expect("a valid card");
    (card, Vocabulary::parse(&read("vocabulary.json")).expect("a valid vocabulary"))
});

pub fn head(bytes: &[u8]) -> bool {
    let with_fields = with_each_field(include_str!("corpus/head/three.json"), bytes);
    let n_parsed = with_fields.iter().filter(|json| is_head(json)).count();
    is_head(&String::from_utf8_lossy(bytes)) || n_parsed > 0
}

fn is_head(json: &str) -> bool {
    let (card, vocabulary) = &*FIXTURE;
    let Ok(head) = TagHead::parse(json, card, vocabulary) else { return false };
    for length in [3, 16] {
        let embedding: Vec<f32> = (0..length).map(|idx| idx as f32 - 1.5).collect();
        if let Ok(predictions) = head.predict(&embedding, |_| 0.5) {
            assert!(predictions.iter().all(|one| (0.0..=1.0).contains(&one.confidence) || one.z.is_nan()));
        }
    }
    true
}

/// What the page sends to the session.
#[derive(Deserialize)]
struct Sent {
    rules: Vec<Rule>,
    policy: Policy,
    #[serde(default)]
    corrections: Corrections,
    #[serde(default)]
    query: Query,
}

pub fn rules(bytes: &[u8]) -> bool {
    let Ok(sent) = serde_json::from_slice::<Sent>(bytes) else { return false };
    let (card, vocabulary) = &*FIXTURE;
    let mut session = Session::new(card, vocabulary.clone()).expect("they belong together");
    session.add(1, "a folder/a picture.jpg".into(), 0.0);
    session.correct(1, sent.corrections);
    let has_rules = session.set_rules(&sent.rules).is_ok();
    let has_policy = session.apply(sent.policy.clone()).is_ok();
    session.find(&sent.query);
    select_all(Arc::new(vocabulary.clone()), sent.policy);
    has_rules && has_policy
}

#[derive(Deserialize)]
struct Asked {
    setup: Setup,
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    /// The answer's body; of the browser's own model, its reply.
    text: String,
    #[serde(default)]
    question: Option<Question>,
}

/// A set-up that is checked and asked with, and an answer to it. No request holds a secret in its address, and no answer gives a tag that is none.
pub fn provider(bytes: &[u8]) -> bool {
    const SECRET: &str = "MARKER-of-a-secret";
    let Ok(asked) = serde_json::from_slice::<Asked>(bytes) else { return false };
    if let Ok(checked) = asked.setup.clone().checked() {
        let secrets = Secrets { key: Some(SECRET.into()), secret: Some(SECRET.into()), token: None };
        let picture = Picture { bytes: &[0xff, 0xd8, 0xff], media_type: "image/jpeg", width: 64, height: 64 };
        for request in
            [checked.setup.request(&secrets, &[picture], "en"), checked.setup.probe(&secrets, "sv")].iter().flatten()
        {
            let is_chosen = matches!(&checked.setup, Setup::Google(google) if google.key_in_query);
            assert!(is_chosen || !request.url.contains(SECRET));
        }
        assert_eq!(checked.setup.clone().checked().map(|again| again.setup).ok(), Some(checked.setup));
    }
    let answer = Answer { status: asked.status, headers: &asked.headers, body: asked.text.as_bytes() };
    let _ = asked.setup.token(&answer);
    let found = match &asked.question {
        Some(question) => read_reply(question, &asked.text).map(|found| vec![Ok(found)]),
        None => asked.setup.answer(&answer, 1),
    };
    for tag in found.iter().flatten().flatten().flat_map(|found| &found.tags) {
        assert!(!tag.name.trim().is_empty() && tag.confidence.is_none_or(|sure| (0.0..=1.0).contains(&sure)));
    }
    found.is_ok()
}

/// The input as each of the two files of AEM.
pub fn osgi(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let names = ["oauth.accesstoken.provider-1", "ims.impl.IMSAccessTokenRequestCustomizerImpl-1"];
    let read = names.map(|name| {
        let name = format!("com.adobe.granite.auth.{name}.config");
        read_osgi(&[OsgiFile { name, text: text.clone().into_owned() }]).is_ok()
    });
    assert_eq!(read[0], read[1], "both have one syntax");
    read[0]
}

pub fn onnx_inspect(bytes: &[u8]) -> bool {
    match inspect(bytes) {
        Ok(inspection) => {
            assert!(inspection.outputs.iter().any(|output| output.name == inspection.scores));
            true
        }
        Err(error) => is_parsed(&error),
    }
}

/// Inspects a network, loads it as a person who changes nothing would, and runs it on a picture.
pub fn onnx_load(bytes: &[u8]) -> bool {
    let inspection = match inspect(bytes) {
        Ok(inspection) => inspection,
        Err(error) => return is_parsed(&error),
    };
    let scores = inspection.outputs.iter().find(|output| output.name == inspection.scores).expect("one of the outputs");
    let labels: Vec<String> =
        (0..scores.n_classes.unwrap_or(10).min(1_000)).map(|class| format!("thing {class}")).collect();
    let hash = sha256(bytes);
    if let Ok(made) = import_model(bytes, &hash, &inspection, &labels, &choices(&inspection)) {
        let tagger =
            Tagger::load(&made.card, &made.vocabulary, bytes, &no_companions).expect("it was loaded a moment ago");
        // A bitmap of one pixel.
        let mut picture = b"BM:\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0".to_vec();
        picture.resize(54, 0);
        picture.extend([128, 64, 200, 0]);
        let _ = tagger.tag(&picture, &TagOptions::default());
    }
    true
}

fn choices(inspection: &ModelInspection) -> ImportChoices {
    let side = |side: Option<u32>| side.unwrap_or(32).min(64);
    let output = inspection.outputs.iter().find(|output| output.name == inspection.scores);
    ImportChoices {
        name: "A network".into(),
        height: side(inspection.input.height),
        width: side(inspection.input.width),
        layout: inspection.input.layout,
        colour: Colour::Rgb,
        mean: inspection.normalisation.mean,
        std: inspection.normalisation.std,
        fit: Fit::Squash {},
        filter: ResampleFilter::Bilinear,
        preparation: Preparation::Guess,
        activation: output.expect("one of the outputs").activation,
        scores: inspection.scores.clone(),
        threshold: 0.3,
        max_tags: 8,
    }
}

/// Whether the file was an ONNX file with a network, which was refused for something else.
fn is_parsed(error: &Error) -> bool {
    !["This is not an ONNX file", "This ONNX file has no network"].iter().any(|start| error.detail().starts_with(start))
}
