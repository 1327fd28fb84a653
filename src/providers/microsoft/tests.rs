use super::*;

const PICTURE: Picture = Picture { bytes: &[0xff, 0xd8], media_type: "image/jpeg", width: 640, height: 480 };

fn setup(endpoint: &str, version: Version) -> MicrosoftSetup {
    MicrosoftSetup { endpoint: endpoint.into(), version, ..MicrosoftSetup::default() }
}

fn key() -> Secrets {
    Secrets { key: Some("MARKER".into()), ..Secrets::default() }
}

fn url(setup: &MicrosoftSetup, language: &str) -> Result<String, ErrorKind> {
    setup.request(&key(), &[PICTURE], language).map(|request| request.url).map_err(|error| error.kind())
}

#[test]
fn each_version_is_asked_as_it_is_documented() {
    let mine = "https://mine.cognitiveservices.azure.com/";
    let of = |endpoint, version| url(&setup(endpoint, version), "en").unwrap();
    assert_eq!(
        of("https://gateway.example/vision/v2.0", Version::V3),
        "https://gateway.example/vision/v2.0/tag?language=en"
    );
    let base = "https://mine.cognitiveservices.azure.com";
    assert_eq!(of(mine, Version::V3), format!("{base}/vision/v3.2/tag?language=en&model-version=latest"));
    let analyze = "computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags,caption&language=en";
    assert_eq!(of(mine, Version::V4), format!("{base}/{analyze}&model-version=latest"));
    let plain = MicrosoftSetup { captions: false, model_version: String::new(), ..setup(mine, Version::V4) };
    assert_eq!(url(&plain, "en").unwrap(), format!("{base}/{}", analyze.replace(",caption", "")));
    assert_eq!((plain.units(3), setup(mine, Version::V4).units(3), setup(mine, Version::V3).units(3)), (3, 6, 3));
}

#[test]
fn a_request_carries_the_bytes_and_one_credential() {
    let mine = setup("https://mine.cognitiveservices.azure.com", Version::V3);
    let request = mine.request(&key(), &[PICTURE], "sv").unwrap();
    let headers = [("Content-Type", "application/octet-stream"), ("Ocp-Apim-Subscription-Key", "MARKER")];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((request.method, request.body.as_slice()), ("POST", PICTURE.bytes));
    let token = Secrets { token: Some("t".into()), ..Secrets::default() };
    let request = mine.request(&token, &[PICTURE], "sv").unwrap();
    assert_eq!(request.headers[1], ("Authorization".into(), "Bearer t".into()));
    let both = Secrets { token: Some("t".into()), ..key() };
    assert!(mine.request(&both, &[PICTURE], "sv").is_err());
    let none = mine.request(&Secrets::default(), &[PICTURE], "sv").unwrap_err();
    assert_eq!(none.kind(), ErrorKind::ProviderKeyMissing);
}

#[test]
fn what_was_switched_off_is_explained_and_converted_or_kept_for_a_gateway() {
    let old = "https://westcentralus.api.cognitive.microsoft.com/vision/v2.0";
    assert_eq!(url(&setup(old, Version::V3), "en"), Err(ErrorKind::ProviderEndpointRetired), "unless it was converted");
    for (chosen, version, now) in [
        (Version::V2, Version::V3, "https://westcentralus.api.cognitive.microsoft.com/vision/v3.2"),
        (Version::V3, Version::V3, "https://westcentralus.api.cognitive.microsoft.com/vision/v3.2"),
        (Version::V4, Version::V4, "https://westcentralus.api.cognitive.microsoft.com/computervision"),
    ] {
        let mut converted = setup(old, chosen);
        let notes = converted.check().unwrap();
        assert_eq!(notes[0], Note::new("endpoint_converted", [("from", old), ("to", now)]));
        assert_eq!(notes[1].code, "ends_2028");
        assert_eq!(
            (converted.version, converted.endpoint.as_str()),
            (version, "https://westcentralus.api.cognitive.microsoft.com")
        );
        assert!(url(&converted, "en").unwrap().starts_with(now));
        let before = converted.clone();
        assert_eq!(converted.check().unwrap().len(), 1, "once");
        assert_eq!(converted, before);
    }
    let mut kept = setup("https://gateway.example/vision/v2.1/", Version::V3);
    assert_eq!(
        kept.check().unwrap().iter().map(|note| note.code).collect::<Vec<_>>(),
        ["version_from_endpoint", "old_version_kept"]
    );
    assert_eq!((kept.version, kept.endpoint.as_str()), (Version::V2, "https://gateway.example/vision/v2.1"));
    assert_eq!(url(&kept, "en").unwrap(), "https://gateway.example/vision/v2.1/tag?language=en");
}

#[test]
fn another_version_can_be_chosen_after_a_check() {
    let mut mine =
        setup("https://mine.cognitiveservices.azure.com/vision/v3.2/tag?subscription-key=MARKER", Version::V3);
    assert_eq!(mine.check().unwrap()[0].code, "key_removed_from_address");
    mine.version = Version::V4;
    assert!(url(&mine, "en").unwrap().contains("/computervision/imageanalysis:analyze"));
}

#[test]
fn form_is_refused_with_a_sentence() {
    for wrong in ["", "http://mine.cognitiveservices.azure.com", "https://a@b", "not an address"] {
        assert_eq!(setup(wrong, Version::V3).check().unwrap_err().kind(), ErrorKind::ProviderSetupInvalid, "{wrong}");
    }
    let mut odd = MicrosoftSetup { api_version: "2023&x=1".into(), ..setup("https://mine.example", Version::V4) };
    assert!(odd.check().is_err());
    let mine = setup("https://mine.example", Version::V2);
    assert_eq!(url(&mine, "sv"), Err(ErrorKind::ProviderLanguageUnsupported));
}

#[test]
fn pictures_that_the_version_does_not_take_are_not_sent() {
    let refuses = |version, picture: Picture| {
        let result = setup("https://mine.example", version).request(&key(), &[picture], "en");
        result.is_err_and(|error| error.kind() == ErrorKind::ProviderPictureRefused)
    };
    let large = vec![0; 4_000_000];
    for (picture, is_refused) in [
        (PICTURE, [false; 3]),
        (Picture { width: 50, ..PICTURE }, [true; 3]),
        (Picture { width: 51, height: 51, ..PICTURE }, [false; 3]),
        (Picture { height: 16_000, ..PICTURE }, [false, true, true]),
        (Picture { bytes: &large, ..PICTURE }, [true, true, false]),
        (Picture { bytes: &[], ..PICTURE }, [true; 3]),
        (Picture { media_type: "image/webp", ..PICTURE }, [true, true, false]),
    ] {
        assert_eq!([Version::V2, Version::V3, Version::V4].map(|version| refuses(version, picture)), is_refused);
    }
    let need = setup("https://mine.example", Version::V3).picture_need();
    assert_eq!((need.min_side, need.max_bytes), (51, 3_999_999));
    assert!(setup("https://mine.example", Version::V3).request(&key(), &[PICTURE; 2], "en").is_err());
}
