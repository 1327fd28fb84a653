use super::*;
use crate::providers::{Retry, Setup, presets};
use proptest::prelude::*;
use serde_json::{Value, json};

const MARKER: &str = "MARKER-0123456789-secret";

fn secrets() -> Secrets {
    Secrets { key: Some(MARKER.into()), secret: Some(MARKER.into()), token: None }
}

fn picture() -> Picture<'static> {
    Picture { bytes: b"\xff\xd8\xff\xfe", media_type: "image/jpeg", width: 64, height: 64 }
}

/// The ready-made set-up with that id, with a model.
fn preset(id: &str) -> Setup {
    let preset = presets().into_iter().find(|preset| preset.id == id).unwrap_or_else(|| panic!("{id}"));
    let Setup::Http(setup) = preset.setup else { panic!() };
    Setup::Http(HttpSetup { model: if setup.model.is_empty() { "m".into() } else { setup.model.clone() }, ..setup })
}

fn read(setup: &Setup, status: u16, body: &[u8]) -> Result<Found, Failure> {
    let mut found = setup.answer(&Answer { status, headers: &[], body }, 1)?;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn names(found: &Found) -> Vec<&str> {
    found.tags.iter().map(|tag| tag.name.as_str()).collect()
}

/// What answers mean is in tests/providers/http.json; its set-ups have of the ready-made ones what reading an answer needs.
#[test]
fn the_vectors_are_read_as_the_ready_made_set_ups_read_them() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../../../tests/providers/http.json")).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for vector in vectors {
        let setup: Setup = serde_json::from_value(vector["setup"].clone()).unwrap();
        let Setup::Http(small) = setup else { panic!() };
        let Setup::Http(whole) = preset(small.preset.as_deref().unwrap()) else { panic!() };
        let of = |setup: &HttpSetup| (setup.text.clone(), setup.is_own_machine, setup.preset.clone());
        assert_eq!(of(&small), of(&whole));
        if small.text.is_none() {
            assert_eq!((small.names, small.confidences, small.scale), (whole.names, whole.confidences, whole.scale));
        }
        ids.extend(small.preset);
    }
    assert_eq!(ids.len(), presets().len());
}

#[test]
fn confidences_texts_and_languages_come_with_the_tags() {
    let imagga = preset("imagga");
    let found = read(
        &imagga,
        200,
        r#"{"result":{"tags":[{"confidence":61.4,"tag":{"sv":"berg"}}]},"status":{"text":"","type":"success"}}"#
            .as_bytes(),
    )
    .unwrap();
    assert_eq!((found.tags[0].confidence, found.language.as_deref()), (Some(0.614), Some("sv")));
    assert!(imagga.has_confidence() && !preset("ollama").has_confidence());
    let answer = json!({"message": {"content": r#"{"tags":["cat"],"title":"T","description":"D.","alt_text":"A"}"#}, "done": true}).to_string();
    let found = read(&preset("ollama"), 200, answer.as_bytes()).unwrap();
    assert_eq!(
        (found.title.as_deref(), found.description.as_deref(), found.alt_text.as_deref()),
        (Some("T"), Some("D."), Some("A"))
    );
}

#[test]
fn when_to_come_again_is_taken_from_header_or_text() {
    let body = br#"{"error":{"message":"Rate limit reached. Please try again in 1.5s.","type":"requests","code":"rate_limit_exceeded"}}"#;
    let setup = preset("openai_chat");
    assert_eq!(read(&setup, 429, body).unwrap_err().retry, Retry::AfterMs(1500));
    let headers = [("retry-after".to_owned(), "7".to_owned())];
    assert_eq!(
        setup.answer(&Answer { status: 429, headers: &headers, body }, 1).unwrap_err().retry,
        Retry::AfterMs(7000)
    );
    assert_eq!(read(&setup, 503, b"{}").unwrap_err().retry, Retry::Backoff);
    assert_eq!(read(&setup, 401, b"{}").unwrap_err().retry, Retry::Never);
}

#[test]
fn requests_are_those_of_the_documents() {
    let request = |id: &str| preset(id).request(&secrets(), &[picture()], "sv").unwrap();
    let header = |request: &Request, wanted: &str| {
        request.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let body = |id: &str| serde_json::from_slice::<Value>(&request(id).body).unwrap();

    let imagga = request("imagga");
    assert_eq!(header(&imagga, "Authorization"), format!("Basic {}", STANDARD.encode(format!("{MARKER}:{MARKER}"))));
    let boundary = crate::providers::multipart::boundary(&header(&imagga, "Content-Type")).unwrap();
    let parts = crate::providers::multipart::read(&boundary, &imagga.body).unwrap();
    assert_eq!(
        (parts[0].name.as_ref(), parts[0].body, parts[1].name.as_ref()),
        ("language", b"sv".as_slice(), "image")
    );
    assert_eq!((parts[1].body, parts[1].file_name.as_deref()), (picture().bytes, Some("picture.jpg")));

    let clarifai = request("clarifai");
    assert_eq!(
        clarifai.url,
        "https://api.clarifai.com/v2/users/clarifai/apps/main/models/general-image-recognition/outputs"
    );
    assert_eq!(
        (header(&clarifai, "Authorization"), header(&clarifai, "Content-Type")),
        (format!("Key {MARKER}"), "application/json".into())
    );
    assert_eq!(body("clarifai"), json!({"inputs": [{"data": {"image": {"base64": "/9j//g=="}}}]}));

    let ollama = body("ollama");
    assert_eq!(
        (&ollama["stream"], &ollama["messages"][0]["images"][0], &ollama["model"]),
        (&json!(false), &json!("/9j//g=="), &json!("llava"))
    );
    assert!(ollama["messages"][0]["content"].as_str().unwrap().contains("Write everything in Swedish."));
    assert_eq!(header(&request("ollama"), "Authorization"), "");

    let chat = body("openai_chat");
    assert_eq!(
        chat["messages"][0]["content"][1],
        json!({"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9j//g=="}})
    );
    let responses = body("openai_responses");
    assert_eq!(
        responses["input"][0]["content"][1],
        json!({"type": "input_image", "image_url": "data:image/jpeg;base64,/9j//g=="})
    );
    assert_eq!((&responses["store"], &responses["text"]["format"]["strict"]), (&json!(false), &json!(true)));
    assert_eq!(body("photoprism"), json!({"images": ["data:image/jpeg;base64,/9j//g=="]}));

    let own = request("tagsmith_serve");
    assert_eq!((own.url.as_str(), own.body.as_slice()), ("http://localhost:8750/v1/tag?lang=sv", picture().bytes));
    assert_eq!(
        (header(&own, "Authorization"), header(&own, "Content-Type")),
        (String::new(), "application/octet-stream".into())
    );
}

#[test]
fn a_hostile_prompt_and_model_stay_texts() {
    let hostile = "\"}],\"x\":{image}{key}\u{0}\n\\";
    let setup = HttpSetup {
        url: "https://example.com/{model}?l={language}".into(),
        headers: vec![("X-Key".into(), "{key}".into())],
        body: HttpBody::Json(r#"{"p":"{prompt}","m":"{model}","i":"{image}","{image}":{}}"#.into()),
        model: "../a?b#".into(),
        prompt: hostile.into(),
        names: "/x/*".into(),
        ..HttpSetup::default()
    };
    let request = setup.request(&secrets(), &[picture()], "sv\"&").unwrap();
    assert_eq!(request.url, "https://example.com/..%2Fa%3Fb%23?l=sv%22%26");
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!((body["p"].as_str().unwrap(), body["m"].as_str().unwrap()), (hostile, "../a?b#"));
    let split = Secrets { key: Some("a\r\nX: y".into()), ..Secrets::default() };
    let error = setup.request(&split, &[picture()], "en").unwrap_err();
    assert!(error.kind() == ErrorKind::ProviderKeyWrong && !error.detail().contains("X: y"));
}

#[test]
fn the_picture_alone_can_be_the_body() {
    let setup = HttpSetup {
        url: "https://example.com".into(),
        body: HttpBody::Bytes,
        names: "/*".into(),
        ..HttpSetup::default()
    };
    let request = setup.request(&Secrets::default(), &[picture()], "en").unwrap();
    assert_eq!(
        (request.body.as_slice(), &request.headers[0].1),
        (picture().bytes, &"application/octet-stream".to_owned())
    );
    assert_eq!(names(&read(&Setup::Http(setup.clone()), 200, b"[\"cat\"]").unwrap()), ["cat"]);
    assert!(setup.request(&Secrets::default(), &[], "en").is_err());
    let in_clear = HttpSetup { url: "http://example.com".into(), ..setup.clone() };
    assert!(in_clear.request(&Secrets::default(), &[picture()], "en").is_err(), "also if nobody has checked it");
    assert_eq!(Setup::Http(setup).batches(&[1, 2]), [1, 1]);
}

fn base() -> HttpSetup {
    HttpSetup {
        url: "https://example.com/tags".into(),
        headers: vec![("Authorization".into(), "Bearer {key}".into())],
        names: "/tags/*/name".into(),
        ..HttpSetup::default()
    }
}

#[test]
fn set_ups_that_cannot_work_are_refused() {
    let with_header = |name: &str, value: &str| HttpSetup { headers: vec![(name.into(), value.into())], ..base() };
    let with_json = |json: &str| HttpSetup { body: HttpBody::Json(json.into()), ..base() };
    let with_url = |url: &str| HttpSetup { url: url.into(), ..base() };
    let own = |url: &str| HttpSetup { url: url.into(), is_own_machine: true, ..base() };
    let with_field = |name: &str, value: &str| HttpSetup {
        body: HttpBody::Multipart(Multipart { field: "image".into(), fields: vec![(name.into(), value.into())] }),
        ..base()
    };
    for wrong in [
        with_url(""),
        with_url("http://example.com/tags"),
        with_url("http://192.168.1.20/tags"),
        with_url("https://example.com/?key={key}"),
        with_url("https://example.com/{prompt}"),
        with_url("https://{model}.example.com/"),
        with_url("https://{model}/"),
        own("http://example.com/tags"),
        own("https://api.openai.com/v1/chat/completions"),
        with_url("https://example.com/?limit=5&API_key=abc"),
        with_header("Authorization", "Bearer abc"),
        with_header("X-Api-Key", "abc"),
        with_header("Content-Type", "text/plain"),
        with_header("Host", "x"),
        with_header("Cookie", "x"),
        with_header("Sec-Fetch-Mode", "x"),
        with_header("Proxy-Authorization", "x"),
        with_header("a b", "x"),
        with_header("", "x"),
        with_header("X", "a\nb"),
        with_header("X", "ä"),
        with_header("X", "{model}"),
        HttpSetup { headers: vec![("x".into(), "1".into()), ("X".into(), "2".into())], ..base() },
        HttpSetup { headers: vec![("x".into(), "1".into()); 17], ..base() },
        with_json("{\"a\": {image}}"),
        with_json("{\"a\": \"x\"}"),
        with_json("{\"a\": \"{image}\", \"k\": \"{key}\"}"),
        with_json("{\"a\": \"{image}\", \"m\": \"{model}\"}"),
        with_json("[\"{image}\""),
        with_field("", "x"),
        with_field("a\nb", "x"),
        with_field("a", "{image}"),
        with_field("a", "{secret}"),
        HttpSetup { names: String::new(), ..base() },
        HttpSetup { names: "tags".into(), ..base() },
        HttpSetup { confidences: Some("x".into()), ..base() },
        HttpSetup { text: Some("x".into()), ..base() },
        HttpSetup { scale: 0.0, ..base() },
    ] {
        let error = Setup::Http(wrong.clone()).checked().err().unwrap_or_else(|| panic!("{wrong:?}"));
        assert_eq!(error.kind(), ErrorKind::ProviderSetupInvalid);
    }
}

#[test]
fn set_ups_that_can_work_are_brought_into_their_normal_form() {
    for url in
        ["http://localhost:11434/api/chat", "http://127.0.0.1:8751/tags", "http://[::1]/x", "https://example.com/x"]
    {
        assert!(Setup::Http(HttpSetup { url: url.into(), ..base() }).checked().is_ok(), "{url}");
    }
    let own = HttpSetup {
        url: " http://192.168.1.20:11434/x ".into(),
        is_own_machine: true,
        confidences: Some(String::new()),
        ..base()
    };
    let checked = Setup::Http(own).checked().unwrap();
    assert_eq!(checked.setup.origins().unwrap(), ["http://192.168.1.20:11434"]);
    assert!(!checked.setup.has_confidence() && !checked.setup.is_billed());
    let looks_own = Setup::Http(HttpSetup { url: "https://nas.local/x".into(), ..base() }).checked().unwrap();
    assert_eq!(looks_own.notes[0].code, "http_looks_like_own_machine");
}

#[test]
fn no_secret_is_in_what_is_shown() {
    for id in ["imagga", "clarifai", "ollama", "openai_chat", "openai_responses", "photoprism"] {
        let setup = preset(id);
        let request = setup.request(&secrets(), &[picture()], "en").unwrap();
        assert!(!request.url.contains("MARKER") && !format!("{request:?} {setup:?}").contains("MARKER"));
        for body in [
            json!({"error": {"message": format!("Incorrect API key provided: {MARKER}."), "code": "invalid_api_key"}}),
            json!({"error": format!("bad key {MARKER}")}),
            json!({"status": {"code": 11008, "description": MARKER}}),
            json!({"status": {"type": "error", "text": format!("({MARKER})")}}),
            json!({"message": format!("key={MARKER}")}),
            json!({MARKER: MARKER}),
        ] {
            for status in [200, 400, 401, 403, 404, 429, 500] {
                let failure = read(&setup, status, body.to_string().as_bytes()).unwrap_err();
                assert!(!format!("{failure:?}").contains("MARKER"), "{failure:?}");
            }
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "result",
        "tags",
        "tag",
        "en",
        "confidence",
        "outputs",
        "data",
        "concepts",
        "name",
        "value",
        "message",
        "content",
        "error",
        "code",
        "status",
        "type",
        "text",
        "output",
        "labels",
        "choices",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(json!("{\"tags\":[\"x\"]}")),
    ];
    leaf.prop_recursive(6, 48, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..4).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_panic_or_give_tags(body in prop::collection::vec(any::<u8>(), 0..100), status in 100u16..600) {
        for preset in presets() {
            prop_assert!(read(&preset.setup, status, &body).is_err());
        }
    }

    #[test]
    fn no_json_panics_and_tags_are_in_their_form(value in any_json(), status in prop::sample::select(vec![200u16, 201, 400, 401, 404, 429, 500])) {
        for preset in presets() {
            if let Ok(found) = read(&preset.setup, status, value.to_string().as_bytes()) {
                prop_assert!(status < 300);
                for tag in found.tags {
                    prop_assert!(!tag.name.trim().is_empty() && tag.confidence.is_none_or(|sure| (0.0..=1.0).contains(&sure)));
                }
            }
        }
    }

    #[test]
    fn no_set_up_panics(url in "(https?://)?[a-z.{}:/\\[\\]@]{0,20}", name in "\\PC{0,6}", text in "[a-z{}\":,/*~ ]{0,30}") {
        let setup = HttpSetup {
            url,
            headers: vec![(name, text.clone())],
            body: HttpBody::Json(text.clone()),
            names: text,
            is_own_machine: true,
            ..HttpSetup::default()
        };
        let _ = Setup::Http(setup.clone()).checked();
        let _ = setup.request(&secrets(), &[picture()], "en");
        let _ = setup.answer(&Answer { status: 200, headers: &[], body: b"{}" }, 1);
    }
}
