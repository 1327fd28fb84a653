use super::*;
use crate::providers::{Retry, Setup};
use proptest::prelude::*;
use serde_json::Value;

const MARKER: &str = "MARKER-0123456789-secret";
const SCOPES: &str = "read_pc.dma_smart_content,openid,AdobeID,additional_info.projectedProductContext";

fn setup() -> AdobeSetup {
    AdobeSetup {
        client_id: "abc123".into(),
        organization_id: "1234@AdobeOrg".into(),
        scopes: SCOPES.into(),
        engine: "Feature:x:Service-0123456789abcdef0123456789abcdef".into(),
        names: "/result/*/tags/*/tag".into(),
        confidences: "/result/*/tags/*/confidence".into(),
        ..AdobeSetup::default()
    }
}

fn secrets() -> Secrets {
    Secrets { key: None, secret: Some(MARKER.into()), token: Some(MARKER.into()) }
}

fn checked(setup: AdobeSetup) -> Result<(AdobeSetup, Vec<&'static str>)> {
    let checked = Setup::Adobe(setup).checked()?;
    let Setup::Adobe(setup) = checked.setup else { panic!() };
    Ok((setup, checked.notes.iter().map(|note| note.code).collect()))
}

fn picture() -> Picture<'static> {
    Picture { bytes: b"\xff\xd8\xff", media_type: "image/jpeg", width: 64, height: 64 }
}

fn read(content_type: &str, status: u16, body: &[u8]) -> Result<Found, Failure> {
    let headers = [("content-type".to_owned(), content_type.to_owned())];
    let mut found = setup().answer(&Answer { status, headers: &headers, body }, 1)?;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn wrong_id_and_wrong_secret_are_told_apart_in_words() {
    let detail = |said: &str| {
        let body = format!(r#"{{"error":"invalid_client","error_description":"{said}"}}"#);
        setup().token(&Answer { status: 400, headers: &[], body: body.as_bytes() }).unwrap_err().detail
    };
    assert!(detail("invalid client_secret parameter").starts_with("The client secret is wrong"));
    assert!(detail("invalid client_id parameter").starts_with("The client id (AEM: Api Key) is wrong"));
    assert!(detail("The metascopes in the JWT are not a subset").contains("OAuth Server-to-Server"));
    let throttled = read("application/json", 429, br#"{"message":"Try again in 5 seconds"}"#).unwrap_err();
    assert_eq!(throttled.retry, Retry::AfterMs(5000));
}

#[test]
fn a_token_is_asked_for_in_the_body() {
    let setup = AdobeSetup { sign_in: SignIn::Credentials, client_id: "a&b".into(), ..setup() };
    let request = setup.token_request(&secrets()).unwrap().unwrap();
    assert_eq!(request.url, "https://ims-na1.adobelogin.com/ims/token/v3");
    assert_eq!(request.headers, [("Content-Type".into(), "application/x-www-form-urlencoded".into())]);
    assert_eq!(
        String::from_utf8(request.body).unwrap(),
        format!(
            "grant_type=client_credentials&client_id=a%26b&client_secret={MARKER}&scope=read_pc.dma_smart_content%2Copenid%2CAdobeID%2Cadditional_info.projectedProductContext"
        )
    );
    assert!(setup.token_request(&Secrets::default()).unwrap().is_err());
    let in_clear = AdobeSetup {
        authorization_server: "http://example.com".into(),
        service_url: "http://example.com".into(),
        ..setup.clone()
    };
    assert!(
        in_clear.token_request(&secrets()).unwrap().is_err()
            && in_clear.request(&secrets(), &[picture()], "en").is_err()
    );
    assert!(super::AdobeSetup::default().token_request(&secrets()).is_none());
    let token = setup
        .token(&Answer {
            status: 200,
            headers: &[],
            body: br#"{"access_token":"ey.J.x","token_type":"bearer","expires_in":86399}"#,
        })
        .unwrap();
    assert_eq!((token.value.as_str(), token.expires_in_s), ("ey.J.x", 86399));
}

#[test]
fn the_documented_form_is_sent_with_the_documented_headers() {
    let request = setup().request(&secrets(), &[picture()], "en").unwrap();
    assert_eq!(request.url, "https://smartcontent.adobe.io/na/services/v2/predict");
    let header =
        |wanted: &str| request.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    assert_eq!(header("Prefer"), Some("respond-async, wait=59"));
    assert_eq!(header("Authorization"), Some(&*format!("Bearer {MARKER}")));
    assert_eq!((header("x-api-key"), header("x-gw-ims-org-id")), (Some("abc123"), Some("1234@AdobeOrg")));
    let boundary = crate::providers::multipart::boundary(header("Content-Type").unwrap()).unwrap();
    let parts = crate::providers::multipart::read(&boundary, &request.body).unwrap();
    assert_eq!((parts[1].name.as_ref(), parts[1].body), ("infile_1", picture().bytes));
    let form: Value = serde_json::from_slice(parts[0].body).unwrap();
    assert_eq!(form["sensei:engines"][0]["sensei:execution_info"]["sensei:engine"], setup().engine);
    assert!(!format!("{request:?}{:?}", setup()).contains("MARKER") && !request.url.contains("MARKER"));
}

#[test]
fn a_relay_is_asked_without_a_token() {
    let setup = AdobeSetup { sign_in: SignIn::Relay, relay: " http://127.0.0.1:8751/ ".into(), ..setup() };
    let (setup, _) = checked(setup).unwrap();
    assert_eq!(setup.origins().unwrap(), ["http://127.0.0.1:8751"]);
    let request = setup.request(&Secrets::default(), &[picture()], "en").unwrap();
    assert_eq!(request.url, "http://127.0.0.1:8751/services/v2/predict");
    assert!(!request.headers.iter().any(|(name, _)| name == "Authorization"));
}

#[test]
fn without_an_engine_nothing_is_sent() {
    let (setup, notes) = checked(AdobeSetup { engine: String::new(), ..setup() }).unwrap();
    assert_eq!(notes, ["adobe_404_is_normal", "adobe_engine_missing"]);
    let error = setup.request(&secrets(), &[picture()], "en").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderSetupInvalid);
    assert!(error.detail().contains("published none"));
    assert!(setup.probe(&secrets(), "en").is_err());
}

#[test]
fn set_ups_are_brought_into_their_normal_form() {
    let typed = AdobeSetup {
        authorization_server: "https://ims-na1.adobelogin.com/ims/exchange/jwt/".into(),
        service_url: "EMEA".into(),
        scopes: "read_pc.dma_smart_content, openid".into(),
        ..setup()
    };
    let (setup, notes) = checked(typed).unwrap();
    assert_eq!(setup.authorization_server, "https://ims-na1.adobelogin.com");
    assert_eq!(setup.service_url, "https://smartcontent.adobe.io/emea");
    assert_eq!(setup.scopes, "read_pc.dma_smart_content,openid");
    assert_eq!(notes, ["adobe_scopes_without_spaces", "adobe_is_jwt", "endpoint_converted", "adobe_404_is_normal"]);
    let old = AdobeSetup {
        service_url: "https://mc.adobe.io/marketingcloud/smartcontent/".into(),
        sign_in: SignIn::Credentials,
        ..setup
    };
    let (old, notes) = checked(old).unwrap();
    assert_eq!(old.service_url, "https://mc.adobe.io/marketingcloud/smartcontent");
    assert_eq!(notes, ["adobe_old_service_url", "adobe_404_is_normal", "adobe_secret_belongs_on_a_server"]);
    assert_eq!(old.origins().unwrap(), ["https://ims-na1.adobelogin.com", "https://mc.adobe.io"]);
    // What is in its normal form stays as it is.
    assert_eq!(checked(old.clone()).unwrap().0, old);
}

#[test]
fn what_cannot_work_is_refused() {
    let base = setup();
    for wrong in [
        AdobeSetup { service_url: "https://smartcontent.adobe.io".into(), ..base.clone() },
        AdobeSetup { service_url: "https://smartcontent.adobe.io/eu".into(), ..base.clone() },
        AdobeSetup { service_url: "http://smartcontent.adobe.io/na".into(), ..base.clone() },
        AdobeSetup { service_url: String::new(), ..base.clone() },
        AdobeSetup { authorization_server: "ims".into(), ..base.clone() },
        AdobeSetup { client_id: "a b".into(), ..base.clone() },
        AdobeSetup { path: "x".into(), ..base.clone() },
        AdobeSetup { names: "x".into(), ..base.clone() },
        AdobeSetup { scale: 7.0, ..base.clone() },
        AdobeSetup { sign_in: SignIn::Relay, ..base.clone() },
        AdobeSetup { sign_in: SignIn::Relay, relay: "http://192.168.1.1".into(), ..base.clone() },
        AdobeSetup { sign_in: SignIn::Credentials, client_id: String::new(), ..base.clone() },
        AdobeSetup { sign_in: SignIn::Credentials, scopes: String::new(), ..base.clone() },
    ] {
        let error = checked(wrong.clone()).err().unwrap_or_else(|| panic!("{wrong:?}"));
        assert_eq!(error.kind(), ErrorKind::ProviderSetupInvalid);
    }
}

#[test]
fn what_a_server_repeats_of_a_secret_is_not_shown() {
    let body = format!(r#"{{"error":"invalid_client","error_description":"bad {MARKER}","message":"bad {MARKER}"}}"#);
    for status in [200, 400, 401, 403, 404, 429, 500] {
        let answer = Answer { status, headers: &[], body: body.as_bytes() };
        let failures =
            [setup().token(&answer).map(|_| ()).unwrap_err(), setup().answer(&answer, 1).map(|_| ()).unwrap_err()];
        assert!(!format!("{failures:?}").contains("MARKER"), "{failures:?}");
    }
}

proptest! {
    #[test]
    fn no_answer_panics(body in prop::collection::vec(any::<u8>(), 0..200), status in 100u16..600, is_multipart: bool) {
        let content_type = if is_multipart { "multipart/form-data; boundary=b" } else { "application/json" };
        prop_assert!(read(content_type, status, &body).is_err());
        let token = setup().token(&Answer { status, headers: &[], body: &body });
        prop_assert!(token.is_err());
    }
}
