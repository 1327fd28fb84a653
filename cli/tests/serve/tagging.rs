//! What is answered about a picture.

use std::fs;

use serde_json::Value;

use crate::bench::{Bench, lines};
use crate::http::Answer;
use crate::server::Server;

pub const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

pub fn started(bench: &Bench, more: &[&str]) -> Server {
    Server::start(bench, &[&SERVE, more].concat())
}

/// The report of the command line and of the service, without what differs each time.
pub fn without_times(mut report: Value) -> Value {
    let report = report.as_object_mut().unwrap();
    assert!(report.remove("timings_ms").unwrap()["decode"].is_number());
    report.remove("path");
    Value::Object(report.clone())
}

fn tag(server: &Server, query: &str, file: &[u8]) -> Answer {
    server.ask(&format!("POST /v1/tag{query}"), "", file)
}

#[test]
fn a_picture_has_the_report_of_the_command_line_whatever_is_wanted_of_it() {
    let bench = Bench::new("serve_tags");
    bench.golden("coffee/picture.jpg", "coffee.jpg").golden("chelsea_small_png/picture.png", "cat.png");
    let server = started(&bench, &["--threads", "2"]);
    let mut n_tags = Vec::new();
    for (query, options) in [
        ("", &[][..]),
        (
            "?threshold=0.05&max_tags=3&lang=sv_SE&path=a%20b.jpg",
            &["--threshold", "0.05", "--max-tags", "3", "--lang", "sv"],
        ),
        (
            "?policy=generous&deny=category:animal&deny=cup",
            &["--policy", "generous", "--deny", "category:animal", "--deny", "cup"],
        ),
        (
            "?candidates&scores=1&embedding=true&allow=tabby",
            &["--candidates", "--all-scores", "--embedding", "--allow", "tabby"],
        ),
    ] {
        let told = lines(&bench.tagsmith(&[&["tag", "coffee.jpg", "cat.png"], options].concat()));
        for (name, told) in ["coffee.jpg", "cat.png"].iter().zip(told) {
            let answer = tag(&server, query, &fs::read(bench.dir.join(name)).unwrap());
            assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{answer:?}");
            assert!(answer.body.ends_with("}\n") && answer.body.matches('\n').count() == 1, "one line");
            let report = answer.json();
            assert_eq!(report["path"], if query.contains("path") { "a b.jpg" } else { "-" });
            n_tags.push(report["tags"].as_array().unwrap().len());
            // As text: the same digits in the same order.
            assert_eq!(without_times(report).to_string(), without_times(told).to_string(), "{name} {query}");
        }
    }
    assert!(n_tags.iter().any(|n| *n != n_tags[0]), "the parameters take effect: {n_tags:?}");
    let form = [
        &b"--b\r\ncontent-disposition: form-data; name=\"album\"\r\n\r\nCats\r\n--b\r\n"[..],
        b"content-disposition: form-data; name=\"file\"; filename=\"a cat.png\"\r\ncontent-type: image/png\r\n\r\n",
        &fs::read(bench.dir.join("cat.png")).unwrap(),
        b"\r\n--b--\r\n",
    ];
    let of_form = server.ask("POST /v1/tag", "content-type: multipart/form-data; boundary=b\r\n", &form.concat());
    assert_eq!(of_form.json()["path"], "a cat.png");
    let alone = tag(&server, "", form[2]).json();
    assert_eq!(without_times(of_form.json()), without_times(alone));
    let health = server.ask("GET /healthz", "", b"");
    assert_eq!((health.status, &health.json()["status"]), (200, &"ok".into()));
    assert_eq!(health.json()["model"]["id"], "efficientnet-lite0");
}

#[test]
fn what_the_service_is_started_with_holds_until_a_request_says_otherwise() {
    let bench = Bench::new("serve_defaults");
    bench.golden("chelsea_small_png/picture.png", "cat.png").file("words.txt", b"kitty\ntabby\n");
    let cat = fs::read(bench.dir.join("cat.png")).unwrap();
    let options = ["--no-objects", "--lang", "sv", "--max-tags", "1", "--max-side", "4000"];
    let server = started(&bench, &options);
    let told = &lines(&bench.tagsmith(&[&["tag", "cat.png"], &options[..]].concat()))[0];
    let report = tag(&server, "", &cat).json();
    assert_eq!(without_times(report.clone()), without_times(told.clone()));
    assert!(report["timings_ms"]["objects"].is_null() && report["tags"].as_array().unwrap().len() == 1);
    assert!(tag(&server, "?max_tags=5&lang=en&threshold=0.01", &cat).json()["tags"].as_array().unwrap().len() > 1);
    // Words of a list go another way, through a session that all requests share.
    let words = ["--only-words", "words.txt", "--threshold", "0.05"];
    let server = started(&bench, &words);
    for query in ["", "?threshold=0.9", ""] {
        let options = if query.is_empty() { &words[..] } else { &["--only-words", "words.txt", "--threshold", "0.9"] };
        let told = &lines(&bench.tagsmith(&[&["tag", "cat.png"], options].concat()))[0];
        assert_eq!(without_times(tag(&server, query, &cat).json()), without_times(told.clone()), "{query}");
    }
    assert_eq!(tag(&server, "?candidates", &cat).status, 400);
}
