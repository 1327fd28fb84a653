//! A key and a secret, where a service wants both in one header, as Imagga does.

use std::thread;
use std::time::Duration;

use crate::bench::{Bench, stderr};
use crate::running::{PAGE, Relay, TOKEN_PATH, token_of};
use crate::upstream::{Asked, Upstream, json};

const BOTH: &str = r#"{"key": "acc_MARKER-1??>", "secret": "MARKER-2??>0123"}"#;
/// base64 of `acc_MARKER-1??>:MARKER-2??>0123`.
const BASIC: &str = "Basic YWNjX01BUktFUi0xPz8+Ok1BUktFUi0yPz8+MDEyMw==";
const TAGS: &str = r#"{"result":{"tags":[{"confidence":61.4,"tag":{"en":"cat"}}]}}"#;

/// The ready-made set-up, at another address.
fn imagga(url: &str) -> String {
    format!(
        r#"{{"kind":"http","preset":"imagga","url":"{url}/v2/tags","headers":[["Authorization","Basic {{basic}}"]],
            "body":{{"multipart":{{"field":"image","fields":[["language","{{language}}"]]}}}},
            "names":"/result/tags/*/tag/{{language}}","confidences":"/result/tags/*/confidence","scale":100}}"#
    )
}

#[test]
fn a_page_that_has_neither_is_answered_and_what_it_sends_in_their_place_is_replaced() {
    let bench = Bench::new("relay_both");
    let upstream = Upstream::start(|_| json("200 OK", TAGS));
    let relay = Relay::with(&bench, "imagga", &imagga(&upstream.url), BOTH);
    for headers in ["", "authorization: Basic b2YtdGhlOnBhZ2U=\r\n"] {
        let answer = relay.post("/v2/tags", headers, "the picture");
        assert_eq!((answer.status, answer.body.as_str()), (200, TAGS));
    }
    for asked in upstream.asked_at("/v2/tags") {
        let sent: Vec<_> = asked.headers.iter().filter(|(name, _)| name == "authorization").collect();
        assert_eq!(sent, [&("authorization".to_owned(), BASIC.to_owned())]);
    }
    assert_eq!(upstream.asked_at("/v2/tags").len(), 2);
    let asks = "access-control-request-method: POST\r\naccess-control-request-headers: authorization,content-type\r\n";
    let preflight = relay.ask("OPTIONS /v2/tags", &format!("origin: {PAGE}\r\n{asks}"), "");
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some(PAGE)));
}

#[test]
fn a_ready_made_set_up_needs_no_file() {
    let bench = Bench::new("relay_ready_made");
    let relay = Relay::with(&bench, "imagga", "", BOTH);
    let (code, said) = relay.end();
    assert_eq!(code, Some(0));
    assert!(said.contains("go to https://api.imagga.com/v2/tags"), "{said}");
}

#[test]
fn an_answer_that_repeats_either_or_the_signed_header_goes_no_further() {
    let bench = Bench::new("relay_both_repeated");
    let escaped = BASIC.replace('+', "\\u002b").replace('=', "\\u003d");
    let says = |what: &str| format!(r#"{{"status":{{"text":"{what}","type":"error"}}}}"#);
    for body in
        [says("acc_MARKER-1??>"), says("MARKER-2??>0123"), says(BASIC), says(&escaped), says("MARKER-2%3F%3F%3E0123")]
    {
        let answer = body.clone();
        let upstream = Upstream::start(move |_| json("401 Unauthorized", &answer));
        let relay = Relay::with(&bench, "imagga", &imagga(&upstream.url), BOTH);
        let answer = relay.post("/v2/tags", "", "x");
        assert_eq!((answer.status, answer.code().as_str()), (502, "provider_answer_unreadable"), "{body}");
        assert!(!format!("{answer:?}").contains("MARKER") && !format!("{answer:?}").contains("YWNjX01"), "{answer:?}");
        let (_, said) = relay.end();
        assert!(!said.contains("MARKER") && !said.contains("YWNjX01"), "{said}");
    }
}

#[test]
fn an_answer_is_held_against_the_token_that_it_was_asked_with_not_the_one_that_came_since() {
    let bench = Bench::new("relay_old_token");
    let upstream = Upstream::start({
        let n = std::sync::atomic::AtomicUsize::new(0);
        move |asked: &Asked| {
            if asked.line.ends_with(TOKEN_PATH) {
                return token_of(
                    &format!("MARKER-TOKEN-{}", n.fetch_add(1, std::sync::atomic::Ordering::SeqCst)),
                    86_399,
                );
            }
            let signed = asked.header("authorization").unwrap_or_default().to_owned();
            if asked.body == b"slow" {
                thread::sleep(Duration::from_millis(1000));
                return json("200 OK", &format!(r#"{{"you":"{signed}"}}"#));
            }
            if signed.ends_with("-0") { json("401 Unauthorized", "{}") } else { json("200 OK", "{}") }
        }
    });
    let relay = Relay::for_adobe(&bench, &upstream);
    thread::scope(|scope| {
        let slow = scope.spawn(|| relay.post(crate::running::PATH, "", "slow"));
        while upstream.asked_at(crate::running::PATH).is_empty() {
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(relay.post(crate::running::PATH, "", "x").status, 200, "with the second token");
        assert_eq!(slow.join().unwrap().code(), "provider_answer_unreadable");
    });
}

#[test]
fn it_does_not_start_with_less_than_the_service_wants_or_what_any_answer_may_have_in_it() {
    let bench = Bench::new("relay_both_bad");
    for (provider, held, said) in [
        (
            "imagga",
            "only-one-word",
            "secret is missing. Enter it. A service that wants both has them as JSON in --secret-file",
        ),
        ("imagga", r#"{"key":"acc_MARKER"}"#, "secret is missing"),
        ("imagga", r#"{"key":"acc_MARKER","secret":"tags"}"#, "The secret has fewer than 6 characters"),
        ("imagga", r#"{"key":"MARKER","secret":"MARKER","token":"MARKER"}"#, "holds none"),
        ("imagga", r#"{"key":"MARKER","secret":"MARKER two"}"#, "another character"),
        ("imagga", r#"{"key":"MARKER","passphrase":"MARKER"}"#, "no JSON of the form"),
        ("adobe", "p8e-M", "The secret has fewer than 6 characters"),
        ("adobe", r#"{"key":"MARKER"}"#, "client secret is missing"),
        ("google", "M-key", "The key has fewer than 6 characters"),
        ("ollama", "MARKER-key", "ollama"),
    ] {
        bench.file("secret", held.as_bytes());
        let origin = ["--origin", PAGE, "--secret-file", "secret", "--listen", "127.0.0.1:0"];
        let output = bench.tagsmith(&[&["relay", "--provider", provider][..], &origin].concat());
        let text = stderr(&output);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{provider} {held}: {text}");
        assert!(text.contains(said) && !text.contains("MARKER"), "{provider} {held}: {text}");
    }
}
