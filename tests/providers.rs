//! Answers of other taggers, written from their documentation: each ends in tags, or in a sentence that says what happened and what to do.
//! No provider was asked: that the live services answer so is what `docs/PROVIDERS.md` does not promise.
#![cfg(feature = "providers")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use tagsmith::providers::{Answer, Failure, Found, Picture, Secrets, Setup, presets};

/// An answer and what it means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    setup: Value,
    #[serde(default = "one")]
    n: usize,
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<Value>,
    /// The body where it is no JSON.
    text: Option<String>,
    /// Whether it answers the request for a token.
    #[serde(default)]
    token: bool,
    wanted: Value,
}

fn one() -> usize {
    1
}

impl Vector {
    fn setup(&self) -> Setup {
        serde_json::from_value(self.setup.clone()).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn bytes(&self) -> Vec<u8> {
        match (&self.body, &self.text) {
            (Some(body), None) => body.to_string().into_bytes(),
            (None, Some(text)) => text.clone().into_bytes(),
            _ => panic!("{} has a body and a text, or neither", self.name),
        }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Result<Found, Failure>>, Failure> {
        let answer = Answer { status: self.status, headers: &self.headers, body };
        if self.token {
            return self.setup().token(&answer).map(|_| Vec::new());
        }
        self.setup().answer(&answer, self.n)
    }
}

/// Name of the file → its vectors.
fn vectors() -> BTreeMap<String, Vec<Vector>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = |path: std::path::PathBuf| {
        let vectors = serde_json::from_slice(&fs::read(&path).unwrap());
        let vectors = vectors.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().unwrap().to_string_lossy().into_owned(), vectors)
    };
    files.map(read).collect()
}

fn each() -> Vec<Vector> {
    vectors().into_values().flatten().collect()
}

#[test]
fn every_answer_of_the_reference_ends_in_tags_or_in_a_sentence() {
    let (mut n_tags, mut n_sentences) = (0, 0);
    for vector in each() {
        let read = vector.read(&vector.bytes());
        match (&read, vector.wanted.get("results").and_then(Value::as_array)) {
            (Ok(_), None) if vector.token && vector.wanted.get("code").is_none() => {}
            (Err(failure), None) => assert_failure(&vector.name, failure, &vector.wanted),
            (Ok(results), Some(wanted)) if results.len() == wanted.len() => {
                for (result, wanted) in results.iter().zip(wanted) {
                    match result {
                        Ok(found) => assert_found(&vector.name, found, wanted),
                        Err(failure) => assert_failure(&vector.name, failure, wanted),
                    }
                }
            }
            _ => panic!("{}: {read:?}, and wanted was {}", vector.name, vector.wanted),
        }
        if read.is_ok() { n_tags += 1 } else { n_sentences += 1 }
    }
    for (file, vectors) in vectors() {
        println!("{file}: {} vectors", vectors.len());
    }
    println!("{} vectors: {n_tags} with tags or tokens, {n_sentences} with a sentence", n_tags + n_sentences);
    assert!(n_tags > 20 && n_sentences > 50, "the vectors were not found");
}

fn assert_found(name: &str, found: &Found, wanted: &Value) {
    let tags: Vec<Value> = found.tags.iter().map(|tag| json!([tag.name, tag.confidence.map(rounded)])).collect();
    assert_eq!(Value::from(tags), wanted["tags"], "{name}");
    let texts = [("title", &found.title), ("description", &found.description), ("alt_text", &found.alt_text)];
    for (field, text) in texts.into_iter().chain([("language", &found.language)]) {
        assert_eq!(text.as_deref(), wanted.get(field).and_then(Value::as_str), "{name}: {field}");
    }
}

/// As a number of JSON is written, and not as the nearest f32 is.
fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1e4).round() / 1e4
}

fn assert_failure(name: &str, failure: &Failure, wanted: &Value) {
    let found = serde_json::to_value(failure).unwrap();
    assert!(wanted.get("code").is_some(), "{name}: {failure:?}, and wanted was {wanted}");
    for (field, value) in wanted.as_object().unwrap() {
        match field.as_str() {
            "says" => assert!(failure.detail.contains(value.as_str().unwrap()), "{name}: {}", failure.detail),
            field => assert_eq!(found[field], *value, "{name}: {field} of {failure:?}"),
        }
    }
    assert!(failure.detail.ends_with(['.', '”']), "{name}: {}", failure.detail);
    assert!(failure.detail.chars().count() > 15, "{name}: {}", failure.detail);
}

#[test]
fn names_of_vectors_are_unique() {
    let mut names: Vec<String> = each().into_iter().map(|vector| vector.name).collect();
    let n = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), n);
}

#[test]
fn an_answer_that_is_cut_off_anywhere_gives_no_tags() {
    for vector in each() {
        let bytes = vector.bytes();
        let whole = String::from_utf8_lossy(&bytes).trim_end().len();
        for end in 0..whole {
            match vector.read(&bytes[..end]) {
                Err(failure) => assert!(!failure.detail.is_empty()),
                Ok(results) => panic!("{}, cut off after {end} bytes: {results:?}", vector.name),
            }
        }
    }
}

#[test]
fn a_changed_byte_never_panics() {
    for vector in each() {
        let bytes = vector.bytes();
        for at in 0..bytes.len() {
            for byte in [b'"', b'{', b']', 0, 0xff] {
                let mut changed = bytes.clone();
                changed[at] = byte;
                if let Ok(results) = vector.read(&changed) {
                    results.iter().flatten().for_each(assert_sound);
                }
            }
        }
    }
}

/// What is promised of tags, whatever the answer was.
fn assert_sound(found: &Found) {
    let texts = [&found.title, &found.description, &found.alt_text].into_iter().flatten();
    for text in found.tags.iter().map(|tag| &tag.name).chain(texts) {
        assert!(!text.is_empty() && text.trim() == text && !text.chars().any(tagsmith::is_unprintable), "{text:?}");
    }
    let mut names: Vec<String> = found.tags.iter().map(|tag| tag.name.to_lowercase()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), found.tags.len());
    let sure = found.tags.iter().map(|tag| tag.confidence.unwrap_or(-1.0));
    assert!(sure.clone().all(|sure| sure == -1.0 || (0.0..=1.0).contains(&sure)));
    assert!(sure.is_sorted_by(|a, b| a >= b));
}

/// One set-up of each way of answering.
fn setups() -> Vec<Setup> {
    let mut setups: BTreeMap<String, Setup> = BTreeMap::new();
    for vector in each() {
        setups.insert(vector.setup.to_string(), vector.setup());
    }
    let adobe = ["token", "relay", "credentials"].map(|sign_in| {
        json!({ "kind": "adobe", "sign_in": sign_in, "client_id": "c", "organization_id": "o@AdobeOrg", "scopes": "openid",
            "relay": "http://127.0.0.1:8751", "engine": "Feature:x:Service-1", "names": "/tags/*/name" })
    });
    let adobe = adobe.map(|setup| serde_json::from_value(setup).unwrap());
    let ready_made = presets().into_iter().map(|preset| preset.setup);
    setups.into_values().chain(ready_made).chain(adobe).collect()
}

fn read_by_all(status: u16, body: &[u8], n: usize, is_sound: impl Fn(&Found)) {
    thread_local!(static SETUPS: Vec<Setup> = setups());
    SETUPS.with(|setups| {
        for setup in setups {
            let answer = Answer { status, headers: &[], body };
            if let Ok(results) = setup.answer(&answer, n) {
                assert_eq!(results.len(), n);
                results.iter().flatten().for_each(&is_sound);
            }
            let _ = setup.token(&answer);
        }
    });
}

/// JSON of words that answers are made of, nested in ways that no answer is.
fn any_json() -> impl Strategy<Value = Value> {
    let words = "responses|labelAnnotations|description|score|error|code|message|details|tags|name|confidence|tagsResult|\
                 values|captions|text|innererror|statusCode|categories|result|status|@type|reason|retryDelay|choices|content";
    let word = prop::sample::select(words.split('|').collect::<Vec<_>>());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-10_i64..1000).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..5).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn random_bytes_are_never_tags(status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..200), n in 0_usize..4) {
        // The odd one that happens to be JSON is an answer of some shape.
        if serde_json::from_slice::<Value>(&body).is_err() {
            read_by_all(status, &body, n, |found| assert!(found.tags.is_empty()));
        }
    }

    #[test]
    fn random_json_never_panics_and_gives_only_sound_tags(status in 100_u16..600, body in any_json(), n in 0_usize..4) {
        let text = body.to_string();
        read_by_all(status, text.as_bytes(), n, assert_sound);
        read_by_all(200, text.as_bytes(), 1, assert_sound);
    }

    #[test]
    fn deep_nesting_is_refused(depth in 100_usize..5000) {
        let body = "[".repeat(depth) + &"]".repeat(depth);
        read_by_all(200, body.as_bytes(), 1, |found| assert!(found.tags.is_empty()));
    }
}

/// A value that is nowhere else. Longer than what is masked by its looks, and without digits, so that nothing is masked by its looks.
const MARKER: &str = "MARKER-OF-A-SECRET";

fn marked() -> Secrets {
    let marker = |which: &str| Some(format!("{MARKER}-{which}"));
    Secrets { key: marker("KEY"), secret: marker("SECRET"), token: marker("TOKEN") }
}

/// Each way of signing in alone, and all at once.
fn secrets_of_each_kind() -> Vec<Secrets> {
    let none = Secrets::default;
    let all = marked();
    vec![
        Secrets { key: all.key.clone(), ..none() },
        Secrets { token: all.token.clone(), ..none() },
        Secrets { secret: all.secret.clone(), ..none() },
        Secrets { key: all.key.clone(), secret: all.secret.clone(), ..none() },
        all,
    ]
}

#[test]
fn secrets_are_in_headers_and_bodies_and_nowhere_else() {
    let picture = Picture { bytes: &[0xff, 0xd8, 0xff], media_type: "image/jpeg", width: 640, height: 480 };
    let mut n_signed = 0;
    for setup in setups().into_iter().filter_map(|setup| setup.checked().ok()) {
        let setup = setup.setup;
        for secrets in secrets_of_each_kind() {
            let requests = [setup.request(&secrets, &[picture], "en"), setup.probe(&secrets, "en")];
            for request in requests.into_iter().chain(setup.token_request(&secrets)) {
                match request {
                    Ok(request) => {
                        assert!(!request.url.contains(MARKER), "{}", request.url);
                        assert!(!format!("{request:?}").contains(MARKER), "{request:?}");
                        let is_signed = request.headers.iter().any(|(_, value)| value.contains(MARKER));
                        n_signed += usize::from(is_signed || String::from_utf8_lossy(&request.body).contains(MARKER));
                    }
                    Err(error) => assert!(!format!("{error:?} {error}").contains(MARKER), "{error:?}"),
                }
            }
            assert!(!format!("{secrets:?}{setup:?}").contains(MARKER));
        }
        assert!(!serde_json::to_string(&setup).unwrap().contains(MARKER));
    }
    assert!(n_signed > 10, "the secrets went nowhere");
}

#[test]
fn a_secret_that_a_server_repeats_is_not_shown() {
    for vector in each() {
        // The marker in the place of every text that a server says.
        let bytes = String::from_utf8_lossy(&vector.bytes())
            .replace("Said so.", &format!("Wrong: {MARKER}-KEY, {MARKER}-TOKEN."));
        let failures = match vector.read(bytes.as_bytes()) {
            Ok(results) => results.into_iter().filter_map(Result::err).collect(),
            Err(failure) => vec![failure],
        };
        for failure in failures {
            assert!(!format!("{:?}", failure.without(&marked())).contains(MARKER));
        }
    }
}

#[test]
fn a_secret_that_no_header_can_carry_is_refused_without_repeating_it() {
    let picture = Picture { bytes: &[0xff, 0xd8, 0xff], media_type: "image/jpeg", width: 640, height: 480 };
    let broken = Some(format!("{MARKER}\r\nX-Injected: 1"));
    for setup in setups() {
        for secrets in [
            Secrets { key: broken.clone(), ..Secrets::default() },
            Secrets { token: broken.clone(), ..Secrets::default() },
            Secrets { secret: broken.clone(), key: Some("k".into()), token: None },
        ] {
            for request in
                [Some(setup.request(&secrets, &[picture], "en")), setup.token_request(&secrets)].into_iter().flatten()
            {
                match request {
                    Ok(request) => {
                        let is_whole = |text: &String| !text.contains(['\r', '\n']);
                        assert!(request.headers.iter().all(|(name, value)| is_whole(name) && is_whole(value)));
                    }
                    Err(error) => assert!(!format!("{error:?}").contains(MARKER)),
                }
            }
        }
    }
}
