//! Who and what is not let in, and in which words.

use std::fs;

use crate::bench::Bench;
use crate::hostile_files::gif;
use crate::http::{read_answer, send};
use crate::server::Server;
use crate::tagging::started;

const PAGE: &str = "https://tags.example.org";
const FORM: &str = "content-type: multipart/form-data; boundary=b\r\n";

#[test]
fn what_cannot_be_answered_has_a_status_a_code_and_a_sentence() {
    let bench = Bench::new("serve_refuses");
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    let picture = fs::read(bench.dir.join("coffee.jpg")).unwrap();
    let server = started(&bench, &["--max-file", "1", "--threads", "1"]);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let wide = gif((1, 1), (65_535, 3_250));
    let no_type = "content-type: text/plain\r\n";
    for (line, headers, body, status, code, said) in [
        ("POST /v1/tag", "", &b"no picture at all"[..], 422, "picture_format_unknown", "."),
        ("POST /v1/tag", "", b"", 422, "picture_empty", "."),
        ("POST /v1/tag", "content-type: image/jpeg\r\n", &picture[..300], 422, "picture_damaged", "."),
        ("POST /v1/tag", "", &wide, 422, "picture_side_too_long", "The option is --max-side."),
        ("POST /v1/tag", "", svg, 415, "picture_format_unsupported", "."),
        ("POST /v1/tag", no_type, &picture, 415, "picture_format_unknown", "text/plain"),
        ("POST /v1/tag?threshold=2", "", &picture, 400, "policy_invalid", "."),
        ("POST /v1/tag?threshold=x", "", &picture, 400, "policy_invalid", "threshold"),
        ("POST /v1/tag?threshold=NaN", "", &picture, 400, "policy_invalid", "."),
        ("POST /v1/tag?threshold=0.5&policy=sure", "", &picture, 400, "policy_invalid", "one of the two"),
        ("POST /v1/tag?max_tags=0", "", &picture, 400, "policy_invalid", "."),
        ("POST /v1/tag?max_tags=-1", "", &picture, 400, "policy_invalid", "max_tags"),
        ("POST /v1/tag?lang=xx", "", &picture, 400, "policy_invalid", "lang takes one of: en, sv"),
        ("POST /v1/tag?lang=en&lang=sv", "", &picture, 400, "policy_invalid", "twice"),
        ("POST /v1/tag?policy=daring", "", &picture, 400, "policy_invalid", "sure, balanced or generous"),
        ("POST /v1/tag?deny=nonsense", "", &picture, 400, "policy_invalid", "nonsense"),
        ("POST /v1/tag?scores=perhaps", "", &picture, 400, "policy_invalid", "neither true nor false"),
        ("POST /v1/tag?treshold=0.5", "", &picture, 400, "policy_invalid", "There are: policy, threshold"),
        (
            "POST /v1/tag",
            FORM,
            b"--b\r\ncontent-disposition: form-data; name=\"image\"\r\n\r\nx\r\n--b--\r\n",
            400,
            "provider_request_refused",
            "\"file\"",
        ),
        (
            "POST /v1/tag",
            FORM,
            b"--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nx",
            400,
            "provider_request_refused",
            "damaged",
        ),
        ("POST /v1/tag", "content-type: multipart/form-data\r\n", b"x", 415, "picture_format_unknown", "\"file\""),
        ("GET /v1/tag", "", b"", 405, "provider_request_refused", "POST"),
        ("DELETE /healthz", "", b"", 405, "provider_request_refused", "GET, HEAD"),
        ("POST /v1/tags", "", &picture, 404, "provider_request_refused", "POST /v1/tag"),
        ("GET /", "", b"", 404, "provider_request_refused", "GET /healthz"),
        ("POST http://evil.example/v1/tag", "", &picture, 421, "provider_request_refused", "by its address"),
        ("POST /v1/tag", "host: evil.example:8750\r\n", &picture, 421, "provider_request_refused", "by its address"),
        ("POST /v1/tag", "origin: https://evil.example\r\n", &picture, 403, "provider_request_refused", "--origin"),
        ("POST /v1/tag", "origin: null\r\n", &picture, 403, "provider_request_refused", "--origin"),
        ("GET /healthz", "sec-fetch-site: cross-site\r\n", b"", 403, "provider_request_refused", "--origin"),
    ] {
        let answer = server.ask(line, headers, body);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{line} {headers}: {answer:?}");
        assert!(answer.json()["error"]["detail"].as_str().unwrap().contains(said), "{said}: {answer:?}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{answer:?}");
        assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(server.ask("POST /v1/tag", "", &picture).status, 200, "and none of them was in the way");
    let (_, said) = server.end();
    assert_eq!(said.matches("--origin https://evil.example").count(), 1, "{said}");
}

#[test]
fn a_body_is_too_large_by_its_own_word_or_as_it_comes() {
    let bench = Bench::new("serve_large");
    let server = started(&bench, &["--max-file", "1", "--threads", "1"]);
    let head = format!("POST /v1/tag HTTP/1.1\r\nhost: {}\r\n", server.address);
    // Nothing but the head is sent.
    let said = send(&server.address, format!("{head}content-length: 1048577\r\n\r\n").as_bytes());
    assert_eq!((said.status, said.code().as_str()), (413, "picture_file_too_large"));
    assert!(said.body.contains("1.0 MiB") && said.body.contains("--max-file"), "{}", said.body);
    // All of it is sent before the answer is read: it is there all the same.
    let said = server.ask("POST /v1/tag", "", &vec![b'x'; 20 << 20]);
    assert_eq!((said.status, said.code().as_str()), (413, "picture_file_too_large"));
    // So is why another one is refused before it is looked at.
    let large = vec![b'x'; 5 << 20];
    assert_eq!(server.ask("POST /v1/other", "", &large).status, 404);
    assert_eq!(server.ask("POST /v1/tag?lang=xx", "", &large).status, 400);
    // Who waits for leave is not given it.
    let waiting = format!("{head}expect: 100-continue\r\ncontent-length: 5000000\r\n\r\n");
    assert_eq!(send(&server.address, waiting.as_bytes()).status, 413);
    let chunk = [&b"40000\r\n"[..], &vec![b'x'; 0x40000], b"\r\n"].concat();
    let chunked =
        [format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes(), &chunk.repeat(8), b"0\r\n\r\n"].concat();
    assert_eq!(send(&server.address, &chunked).status, 413);
}

#[test]
fn a_page_is_let_in_by_its_origin_and_every_other_is_not() {
    let bench = Bench::new("serve_pages");
    bench.golden("chelsea_small_png/picture.png", "cat.png");
    let cat = fs::read(bench.dir.join("cat.png")).unwrap();
    let server = started(&bench, &["--origin", "http://localhost:5173", "--origin", PAGE, "--threads", "1"]);
    let preflight = |path: &str, origin: &str, more: &str| {
        let headers = format!("origin: {origin}\r\naccess-control-request-method: POST\r\n{more}");
        server.ask(&format!("OPTIONS {path}"), &headers, b"")
    };
    for origin in [PAGE, "http://localhost:5173"] {
        let answer = preflight("/v1/tag?lang=sv", origin, "access-control-request-headers: content-type\r\n");
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, Some(origin)));
        assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
        assert_eq!(answer.header("access-control-allow-private-network"), None, "it was not asked for");
        let answer = server.ask("POST /v1/tag", &format!("origin: {origin}\r\n"), &cat);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(origin)));
        assert_eq!(
            (answer.header("vary"), answer.header("access-control-expose-headers")),
            (Some("origin"), Some("retry-after"))
        );
        let refused = server.ask("POST /v1/tag", &format!("origin: {origin}\r\n"), b"nothing");
        assert_eq!(
            (refused.status, refused.header("access-control-allow-origin")),
            (422, Some(origin)),
            "it may read why"
        );
    }
    let private = preflight("/v1/tag", PAGE, "access-control-request-private-network: true\r\n");
    assert_eq!(private.header("access-control-allow-private-network"), Some("true"));
    assert_eq!(preflight("/v1/tag", PAGE, "access-control-request-headers: x-mine\r\n").status, 403);
    assert_eq!(preflight("/healthz", PAGE, "").status, 405);
    for origin in [
        "https://evil.example",
        "null",
        "http://tags.example.org",
        "https://tags.example.org:444",
        "https://TAGS.example.org",
    ] {
        let answer = preflight("/v1/tag", origin, "");
        assert_eq!(answer.status, 403, "{origin}");
        assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{answer:?}");
    }
    let two = format!("origin: {PAGE}\r\norigin: https://evil.example\r\n");
    assert_eq!(server.ask("POST /v1/tag", &two, &cat).status, 403);
    let look = server.ask("GET /v1/tag", "sec-fetch-mode: no-cors\r\nsec-fetch-site: cross-site\r\n", b"");
    assert_eq!((look.status, look.body.as_str()), (404, ""), "a browser that looks whether anybody is there");
}

#[test]
fn one_connection_carries_many_requests_and_a_head_has_no_body() {
    let bench = Bench::new("serve_alive");
    bench.golden("chelsea_small_png/picture.png", "cat.png");
    let cat = fs::read(bench.dir.join("cat.png")).unwrap();
    let server: Server = started(&bench, &["--threads", "1"]);
    let mut stream = std::net::TcpStream::connect(&server.address).unwrap();
    for body in [&cat[..], b"nothing", &cat] {
        std::io::Write::write_all(&mut stream, &server.request("POST /v1/tag", "", body)).unwrap();
        assert_eq!(read_answer(&stream).status, if body.len() > 10 { 200 } else { 422 });
    }
    let head = format!("HEAD /healthz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", server.address);
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stream, &mut rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 200 OK\r\n") && rest.ends_with("\r\n\r\n"), "{rest:?}");
}
