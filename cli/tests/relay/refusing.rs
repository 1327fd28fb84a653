//! Who and what is not let in.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::bench::Bench;
use crate::http::send;
use crate::running::{PAGE, PATH, Relay, TOKEN_PATH, yes};
use crate::upstream::Upstream;

#[test]
fn a_preflight_says_what_this_page_may_send_and_nothing_to_others() {
    let bench = Bench::new("relay_preflight");
    let upstream = Upstream::start(yes);
    let relay = Relay::for_adobe(&bench, &upstream);
    let preflight = |origin: &str, more: &str| {
        relay.ask(
            &format!("OPTIONS {PATH}"),
            &format!("origin: {origin}\r\naccess-control-request-method: POST\r\n{more}"),
            "",
        )
    };
    let answer = preflight(PAGE, "access-control-request-headers: content-type,prefer,x-api-key,x-gw-ims-org-id\r\n");
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("access-control-allow-private-network"), None, "it was not asked for");
    for name in ["content-type", "prefer", "x-api-key"] {
        assert!(answer.header("access-control-allow-headers").unwrap().contains(name), "{name}");
    }
    let private = preflight(PAGE, "access-control-request-private-network: true\r\n");
    assert_eq!(private.header("access-control-allow-private-network"), Some("true"));
    assert_eq!(preflight(PAGE, "access-control-request-headers: x-mine\r\n").status, 403);
    let others = [
        "https://evil.example",
        "null",
        "http://tags.example.org",
        "https://tags.example.org:444",
        "https://TAGS.example.org",
    ];
    for other in others {
        let answer = preflight(other, "");
        assert_eq!(answer.status, 403, "{other}");
        assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{answer:?}");
    }
    assert!(upstream.asked().is_empty(), "a preflight goes no further");
}

#[test]
fn a_browser_that_looks_whether_anybody_is_there_is_no_other_page() {
    let bench = Bench::new("relay_look");
    let upstream = Upstream::start(yes);
    let relay = Relay::for_adobe(&bench, &upstream);
    let look = relay.ask(&format!("GET {PATH}"), "sec-fetch-mode: no-cors\r\n", "");
    assert_eq!((look.status, look.body.as_str()), (404, ""));
    assert!(look.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{look:?}");
    assert_eq!(relay.ask(&format!("GET {PATH}"), "", "").status, 403, "who is no browser");
    assert_eq!(relay.ask(&format!("POST {PATH}"), "sec-fetch-mode: no-cors\r\n", "").status, 403);
    assert!(upstream.asked().is_empty());
    assert_eq!(relay.end().1.matches("Another page may ask").count(), 1);
}

#[test]
fn another_page_name_method_or_path_is_refused_and_the_service_never_asked() {
    let bench = Bench::new("relay_refuses");
    let upstream = Upstream::start(yes);
    let relay = Relay::for_adobe(&bench, &upstream);
    let port = relay.address.rsplit(':').next().unwrap().to_owned();
    let page = format!("origin: {PAGE}\r\n");
    let evil = format!("{page}host: evil.example:{port}\r\n");
    let two = format!("{page}origin: https://evil.example\r\n");
    for (line, headers, status) in [
        (format!("POST {PATH}"), "", 403),
        (format!("POST {PATH}"), "origin: https://evil.example\r\n", 403),
        (format!("POST {PATH}"), "origin: null\r\n", 403),
        (format!("POST {PATH}"), &two, 403),
        (format!("POST {PATH}"), &evil, 421),
        (format!("GET {PATH}"), &page, 405),
        (format!("PUT {PATH}"), &page, 405),
        ("POST /na/services/v2/other".to_owned(), &page, 404),
        (format!("POST {TOKEN_PATH}"), &page, 404),
        ("POST /na/../na/services/v2/predict".to_owned(), &page, 404),
        (format!("POST {PATH}?key=abc"), &page, 400),
        (format!("POST {PATH}?%6bey=abc"), &page, 400),
        ("POST http://evil.example/na/services/v2/predict".to_owned(), &page, 421),
    ] {
        let answer = relay.ask(&line, headers, "");
        assert_eq!((answer.status, answer.code().as_str()), (status, "provider_request_refused"), "{line} {headers}");
        let is_for_page = answer.header("access-control-allow-origin").is_some();
        assert_eq!(is_for_page, ![403, 421].contains(&status), "{line}");
    }
    assert!(upstream.asked().is_empty());
    let (code, said) = relay.end();
    assert_eq!(code, Some(0));
    assert!(said.contains("Another page may ask this relay"), "{said}");
}

#[test]
fn limits_hold_for_heads_bodies_and_connections() {
    let bench = Bench::new("relay_limits");
    let upstream = Upstream::start(yes);
    let relay = Relay::for_adobe(&bench, &upstream);
    let head = format!("POST {PATH} HTTP/1.1\r\nhost: {}\r\norigin: {PAGE}\r\n", relay.address);
    let said = send(&relay.address, format!("{head}content-length: 30000000\r\n\r\n").as_bytes());
    assert_eq!((said.status, said.code().as_str()), (413, "provider_picture_refused"));
    // Without a length, it is counted.
    let mut chunked = format!("{head}transfer-encoding: chunked\r\n\r\n").into_bytes();
    let chunk = [&b"100000\r\n"[..], &vec![b'x'; 1 << 20], b"\r\n"].concat();
    (0..24).for_each(|_| chunked.extend(&chunk));
    // No more than it reads: what lies unread when it hangs up takes the answer with it.
    chunked.extend(b"1\r\nx\r\n");
    assert_eq!(send(&relay.address, &chunked).status, 413);
    let long = send(&relay.address, format!("{head}x-long: {}\r\n\r\n", "x".repeat(200_000)).as_bytes());
    assert!([0, 400, 431].contains(&long.status), "{}", long.status);
    assert!(upstream.asked().is_empty());
    // Whoever keeps all connections open is not in the way for long, and those that are there are answered.
    let idle: Vec<TcpStream> = (0..60).map(|_| TcpStream::connect(&relay.address).unwrap()).collect();
    assert_eq!(relay.post(PATH, "", "x").status, 200);
    drop(idle);
}

#[test]
fn half_a_request_holds_nobody_up() {
    let bench = Bench::new("relay_slow");
    let upstream = Upstream::start(yes);
    let relay = Relay::for_adobe(&bench, &upstream);
    let slow: Vec<TcpStream> = (0..16)
        .map(|_| {
            let mut stream = TcpStream::connect(&relay.address).unwrap();
            write!(stream, "POST {PATH} HTTP/1.1\r\nhost: {}\r\norigin: {PAGE}\r\n", relay.address).unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(relay.post(PATH, "", "x").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(5), "heads that do not end take no turn");
    drop(slow);
}
