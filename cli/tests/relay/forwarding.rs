//! What goes on to the service, and what comes back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tagsmith::providers::{AdobeSetup, Picture, Secrets, Setup, SignIn};

use crate::bench::Bench;
use crate::running::{PAGE, PATH, Relay, SECRET, TOKEN, TOKEN_PATH, token, token_of, yes};
use crate::upstream::{Upstream, json, with_headers};

#[test]
fn a_page_is_answered_through_it_and_the_service_sees_the_relays_credentials_only() {
    let bench = Bench::new("relay_forwards");
    let upstream = Upstream::start(|asked| match asked.line.ends_with(TOKEN_PATH) {
        true => token(86_399),
        false => with_headers(
            "200 OK",
            "set-cookie: a=b\r\nx-request-id: r1\r\naccess-control-allow-origin: *\r\n",
            r#"{"tags":["cat"]}"#,
        ),
    });
    let relay = Relay::for_adobe(&bench, &upstream);
    let odd = "cookie: c=d\r\nauthorization: Bearer of-the-page\r\nx-api-key: another\r\nx-forwarded-for: 1.2.3.4\r\nreferer: https://x/\r\n";
    let own = "content-type: multipart/form-data; boundary=b\r\nprefer: respond-async, wait=59\r\n";
    let answer = relay.post(PATH, &format!("{own}{odd}"), "the picture");
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"tags":["cat"]}"#));
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "not the service's own");
    assert_eq!(answer.header("vary"), Some("origin"));
    assert_eq!(answer.header("x-request-id"), Some("r1"));
    assert_eq!(answer.header("set-cookie"), None);
    let signed_in = &upstream.asked_at(TOKEN_PATH)[0];
    let form = String::from_utf8(signed_in.body.clone()).unwrap();
    assert!(form.contains(&format!("client_secret={SECRET}")) && form.contains("client_id=the-client"), "{form}");
    let [asked] = &upstream.asked_at(PATH)[..] else { panic!("once") };
    assert_eq!(asked.body, b"the picture");
    for (name, value) in [
        ("content-type", "multipart/form-data; boundary=b"),
        ("prefer", "respond-async, wait=59"),
        ("authorization", &format!("Bearer {TOKEN}")),
        ("x-api-key", "the-client"),
        ("x-gw-ims-org-id", "ORG@AdobeOrg"),
    ] {
        assert_eq!(asked.header(name), Some(value), "{name}");
    }
    for name in ["cookie", "x-forwarded-for", "referer", "origin"] {
        assert_eq!(asked.header(name), None, "{name}");
    }
    assert_eq!(asked.headers.iter().filter(|(name, _)| name == "x-api-key").count(), 1);
}

#[test]
fn a_page_that_has_its_address_in_place_of_the_services_is_answered() {
    let bench = Bench::new("relay_of_the_page");
    let upstream = Upstream::start(yes);
    let relay = Relay::for_adobe(&bench, &upstream);
    let page = AdobeSetup {
        sign_in: SignIn::Relay,
        relay: format!("http://{}", relay.address),
        engine: "Feature:x".into(),
        names: "/tags/*".into(),
        ..AdobeSetup::default()
    };
    let setup = Setup::Adobe(page).checked().unwrap().setup;
    let picture = Picture { bytes: b"\xff\xd8\xff\xd9", media_type: "image/jpeg", width: 64, height: 64 };
    let request = setup.request(&Secrets::default(), &[picture], "en").unwrap();
    let path = request.url.strip_prefix(&format!("http://{}", relay.address)).unwrap();
    assert_eq!(relay.post(path, "", "x").status, 200, "{path}");
    assert_eq!(upstream.asked_at(PATH).len(), 1, "the region comes from the relay's own set-up");
}

#[test]
fn a_token_is_asked_for_once_renewed_early_and_again_when_it_is_refused() {
    let bench = Bench::new("relay_token");
    let upstream = Upstream::start(yes);
    let relay = Relay::for_adobe(&bench, &upstream);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(relay.post(PATH, "", "x").status, 200));
        }
    });
    assert_eq!((upstream.asked_at(TOKEN_PATH).len(), upstream.asked_at(PATH).len()), (1, 8), "all wait for one");

    let short = Upstream::start(|asked| if asked.line.ends_with(TOKEN_PATH) { token(1) } else { yes(asked) });
    let relay = Relay::for_adobe(&bench, &short);
    relay.post(PATH, "", "x");
    thread::sleep(Duration::from_millis(600));
    relay.post(PATH, "", "x");
    assert_eq!(short.asked_at(TOKEN_PATH).len(), 2, "half a second before its end");

    let n = AtomicUsize::new(0);
    let refusing = Upstream::start(move |asked| match asked.line.ends_with(TOKEN_PATH) {
        true => token_of(&format!("{TOKEN}-{}", n.fetch_add(1, Ordering::SeqCst)), 86_399),
        false if asked.header("authorization").unwrap().ends_with("-0") => json("401 Unauthorized", "{}"),
        false => json("200 OK", "{}"),
    });
    let relay = Relay::for_adobe(&bench, &refusing);
    assert_eq!(relay.post(PATH, "", "x").status, 200, "with the second token");
    assert_eq!((refusing.asked_at(TOKEN_PATH).len(), refusing.asked_at(PATH).len()), (2, 2));

    let never =
        Upstream::start(
            |asked| if asked.line.ends_with(TOKEN_PATH) { token(86_399) } else { json("401 Unauthorized", "{}") },
        );
    let relay = Relay::for_adobe(&bench, &never);
    assert_eq!(relay.post(PATH, "", "x").status, 401);
    assert_eq!(never.asked_at(PATH).len(), 2, "not a third time");
}

#[test]
fn what_goes_wrong_behind_it_is_said_to_the_page_with_a_code() {
    let bench = Bench::new("relay_failures");
    for (token, answer, status, code) in [
        (
            json(
                "400 Bad Request",
                r#"{"error":"invalid_client","error_description":"invalid client_secret parameter"}"#,
            ),
            String::new(),
            502,
            "provider_key_wrong",
        ),
        (json("503 Unavailable", "{}"), String::new(), 502, "provider_unavailable"),
        (token(86_399), String::new(), 502, "provider_answer_lost"),
        (
            token(86_399),
            with_headers("302 Found", "location: https://evil.example/\r\n", ""),
            502,
            "provider_setup_invalid",
        ),
    ] {
        let upstream =
            Upstream::start(move |asked| if asked.line.ends_with(TOKEN_PATH) { token.clone() } else { answer.clone() });
        let relay = Relay::for_adobe(&bench, &upstream);
        let answer = relay.post(PATH, "", "x");
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
        let (_, said) = relay.end();
        assert!(said.contains(code) && !said.contains("MARKER"), "{said}");
    }
    let upstream = Upstream::start(|asked| {
        if asked.line.ends_with(TOKEN_PATH) {
            token(86_399)
        } else {
            with_headers("429 Too Many", "retry-after: 26\r\n", "{}")
        }
    });
    let relay = Relay::for_adobe(&bench, &upstream);
    let throttled = relay.post(PATH, "", "x");
    assert_eq!((throttled.status, throttled.header("retry-after")), (429, Some("26")));
    assert!(throttled.header("access-control-expose-headers").unwrap().contains("retry-after"));
}

#[test]
fn the_secret_is_in_no_answer_and_in_no_output_even_if_the_service_repeats_it() {
    let bench = Bench::new("relay_secret");
    let upstream = Upstream::start(|asked| {
        let all = format!("{:?} {}", asked.headers, String::from_utf8_lossy(&asked.body));
        if asked.line.ends_with(TOKEN_PATH) {
            token(86_399)
        } else {
            with_headers(
                "200 OK",
                &format!("x-request-id: {TOKEN}\r\n"),
                &serde_json::json!({ "echo": all, "is": SECRET }).to_string(),
            )
        }
    });
    let relay = Relay::for_adobe(&bench, &upstream);
    let answer = relay.post(PATH, "", "x");
    assert_eq!((answer.status, answer.code().as_str()), (502, "provider_answer_unreadable"));
    assert!(!format!("{answer:?}").contains("MARKER"));
    let angry = Upstream::start(|asked| {
        json(
            "400 Bad Request",
            &format!(r#"{{"error":"invalid_client","error_description":"{}"}}"#, String::from_utf8_lossy(&asked.body)),
        )
    });
    let second = Relay::for_adobe(&bench, &angry);
    assert!(!format!("{:?}", second.post(PATH, "", "x")).contains("MARKER"));
    for relay in [relay, second] {
        let arguments = std::fs::read(format!("/proc/{}/cmdline", relay.child.id())).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&arguments).contains("MARKER"));
        let (code, said) = relay.end();
        assert_eq!(code, Some(0));
        assert!(!said.contains("MARKER"), "{said}");
    }
}

#[test]
fn the_others_keys_are_held_as_well() {
    let bench = Bench::new("relay_others");
    let upstream = Upstream::start(|_| json("200 OK", r#"{"responses":[{}]}"#));
    let url = upstream.url.clone();
    for (provider, set_up, path, header, value) in [
        (
            "google",
            format!(r#"{{"kind":"google","host":"{url}"}}"#),
            "/v1/images:annotate",
            "x-goog-api-key",
            SECRET.to_owned(),
        ),
        (
            "microsoft",
            format!(r#"{{"kind":"microsoft","endpoint":"{url}","version":"3.2"}}"#),
            "/vision/v3.2/tag?language=sv&model-version=latest",
            "ocp-apim-subscription-key",
            SECRET.to_owned(),
        ),
        (
            "http",
            format!(
                r#"{{"kind":"http","url":"{url}/tag","headers":[["Authorization","Bearer {{key}}"]],"body":"bytes","names":"/tags/*"}}"#
            ),
            "/tag",
            "authorization",
            format!("Bearer {SECRET}"),
        ),
    ] {
        let relay = Relay::with(&bench, provider, &set_up, SECRET);
        let answer = relay.post(path, &format!("{header}: of-the-page\r\ncontent-type: application/json\r\n"), "{}");
        assert_eq!(answer.status, 200, "{provider}: {answer:?}");
        let asked = upstream.asked_at(path).pop().unwrap_or_else(|| panic!("{provider}: {:?}", upstream.asked()));
        assert_eq!(asked.header(header), Some(value.as_str()), "{provider}");
    }
}
