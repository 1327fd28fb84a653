use super::*;

fn picture(bytes: &[u8]) -> Picture<'_> {
    Picture { bytes, media_type: "image/jpeg", width: 640, height: 480 }
}

fn key() -> Secrets {
    Secrets { key: Some("MARKER".into()), ..Secrets::default() }
}

fn checked(change: impl Fn(&mut GoogleSetup)) -> Result<GoogleSetup> {
    let mut setup = GoogleSetup::default();
    change(&mut setup);
    setup.check()?;
    Ok(setup)
}

#[test]
fn a_request_is_as_google_documents_it() {
    let request = GoogleSetup::default().request(&key(), &[picture(&[0, 1, 2, 3]), picture(&[255])], "sv").unwrap();
    assert_eq!((request.method, request.url.as_str()), ("POST", "https://vision.googleapis.com/v1/images:annotate"));
    let headers = [("Content-Type", "application/json; charset=utf-8"), ("X-Goog-Api-Key", "MARKER")];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let features = r#""features":[{"maxResults":20,"model":"builtin/stable","type":"LABEL_DETECTION"}]"#;
    let body = format!(
        r#"{{"requests":[{{"image":{{"content":"AAECAw=="}},{features}}},{{"image":{{"content":"/w=="}},{features}}}]}}"#
    );
    assert_eq!(String::from_utf8(request.body).unwrap(), body);
}

#[test]
fn the_length_of_the_json_is_known_before_it_is_made() {
    let setup = GoogleSetup { model: "a \"quoted\" model".into(), ..GoogleSetup::default() };
    let bytes = [7; 100];
    for n in 0..5 {
        let pictures: Vec<_> = (0..n).map(|at| picture(&bytes[..50 + at])).collect();
        let sizes: Vec<u32> = pictures.iter().map(|picture| picture.bytes.len() as u32).collect();
        assert_eq!(setup.json(&pictures).len() as u64, setup.json_len(&sizes), "{n}");
    }
}

#[test]
fn batches_have_at_most_16_pictures_and_less_than_10_mb() {
    let setup = GoogleSetup::default();
    assert_eq!(setup.batches(&[]), Vec::<u32>::new());
    assert_eq!(setup.batches(&[1000; 33]), [16, 16, 1]);
    assert_eq!(setup.batches(&[3_000_000; 5]), [2, 2, 1]);
    // Two of these are less than 10 MB as files, and more as base64.
    assert_eq!(setup.batches(&[4_000_000; 2]), [1, 1]);
    assert_eq!(setup.batches(&[100_000_000, 10]), [1, 1], "what fits nowhere goes alone, and is refused there");
    let most = setup.picture_need().max_bytes;
    let bytes = vec![1; most as usize];
    assert!(setup.request(&key(), &[picture(&bytes)], "en").unwrap().body.len() < 10_000_000);
    let bytes = vec![1; 7_500_000];
    let error = setup.request(&key(), &[picture(&bytes)], "en").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderPictureRefused);
    assert!(setup.request(&key(), &[picture(&[1]); 17], "en").is_err());
    assert!(setup.request(&key(), &[], "en").is_err());
}

#[test]
fn the_key_is_in_the_address_only_where_that_was_chosen() {
    let secrets = Secrets { key: Some("a/b&c".into()), ..Secrets::default() };
    let setup = GoogleSetup { key_in_query: true, ..GoogleSetup::default() };
    let request = setup.request(&secrets, &[picture(&[1])], "en").unwrap();
    assert!(request.url.ends_with("/v1/images:annotate?key=a%2Fb%26c"), "{}", request.url);
    assert_eq!(request.headers.len(), 1);
    assert!(setup.clone().check().unwrap().iter().any(|note| note.code == "key_in_address"));
}

#[test]
fn a_token_names_the_project_that_pays_and_goes_without_a_key() {
    let setup = GoogleSetup { project: Some("my-project".into()), key_in_query: true, ..GoogleSetup::default() };
    let secrets = Secrets { token: Some("ya29".into()), ..Secrets::default() };
    let request = setup.request(&secrets, &[picture(&[1])], "en").unwrap();
    assert_eq!(request.url, "https://vision.googleapis.com/v1/images:annotate");
    let header = |name: &str| request.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    assert_eq!(header("Authorization"), Some("Bearer ya29"));
    assert_eq!(header("X-Goog-User-Project"), Some("my-project"));
    assert_eq!(header("X-Goog-Api-Key"), None);
}

#[test]
fn places_are_in_the_path_and_agree_with_the_host() {
    let place = |host: &str, project: Option<&str>, location: Option<&str>| {
        checked(|setup| {
            setup.host = host.into();
            setup.project = project.map(Into::into);
            setup.location = location.map(Into::into);
        })
        .map(|setup| setup.call())
        .ok()
    };
    let eu = "https://eu-vision.googleapis.com";
    let located = Some("https://eu-vision.googleapis.com/v1/projects/p-1/locations/eu/images:annotate".to_owned());
    assert_eq!(place(eu, Some("p-1"), Some("eu")), located);
    assert_eq!(place(eu, Some(" p-1 "), None), located, "the host says the location");
    assert_eq!(place(eu, None, None), Some(format!("{eu}/v1/images:annotate")));
    assert_eq!(place(eu, Some("p-1"), Some("us")), None);
    assert_eq!(place(eu, None, Some("eu")), None);
    assert_eq!(place(eu, Some("p/../x"), Some("eu")), None);
    assert_eq!(place("vision.googleapis.com", Some("p"), Some("us?")), None);
    let pasted = format!("{eu}/v1/projects/p-1/locations/eu/images:annotate?key=MARKER");
    assert_eq!(place(&pasted, None, None), located);
    let relay = "http://127.0.0.1:8080/google/v1/images:annotate";
    assert_eq!(place(relay, None, None).as_deref(), Some(relay));
}

#[test]
fn a_pasted_key_is_not_kept_in_the_set_up() {
    let mut setup = GoogleSetup {
        host: "https://vision.googleapis.com/v1/images:annotate?key=MARKER".into(),
        ..GoogleSetup::default()
    };
    let notes = setup.check().unwrap();
    assert!(notes.iter().any(|note| note.code == "key_removed_from_address"));
    assert_eq!(setup, GoogleSetup::default());
}

#[test]
fn any_model_may_be_asked_for_and_none() {
    let body = |model: &str| {
        let setup = GoogleSetup { model: model.into(), ..GoogleSetup::default() };
        let request = setup.request(&key(), &[picture(&[1])], "en").unwrap();
        serde_json::from_slice::<serde_json::Value>(&request.body).unwrap()["requests"][0]["features"][0]["model"]
            .clone()
    };
    assert_eq!(body("builtin/\"legacy\""), "builtin/\"legacy\"");
    assert_eq!(body(""), serde_json::Value::Null);
    assert!(checked(|setup| setup.max_results = 0).is_err());
    assert!(checked(|setup| setup.model = "x".repeat(201)).is_err());
}
