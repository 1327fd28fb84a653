//! How it begins, or does not, and how it ends.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::bench::{Bench, lines, stderr};
use crate::running::{PAGE, PATH, Relay, SECRET, TOKEN_PATH, yes};
use crate::upstream::Upstream;

#[test]
fn it_refuses_to_start_with_a_sentence_and_code_2() {
    let bench = Bench::new("relay_bad_starts");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().map(|address| (address.to_string(), taken)).unwrap();
    bench.file("secret", SECRET.as_bytes()).file("empty", b" \n").file("two", b"one two");
    bench
        .golden("coffee/picture.jpg", "picture")
        .file("binary", &[0xFF, 0xFE])
        .file("google.json", br#"{"kind":"google"}"#)
        .file("odd.json", b"[]")
        .file("no.json", b"{");
    bench.file("unknown.json", br#"{"kind":"adobe","secret":"MARKER"}"#);
    let good = ["--provider", "adobe", "--origin", PAGE, "--listen", "127.0.0.1:0"];
    let with =
        |more: &[&str]| [&["relay"][..], &good, more].concat().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let replaced = |at: usize, by: &str| {
        let mut all = with(&["--secret-file", "secret"]);
        all[1 + at] = by.to_owned();
        all
    };
    for (args, said) in [
        (with(&[]), "secret is missing"),
        (with(&["--secret-file", "none"]), "cannot be read"),
        (with(&["--secret-file", "empty"]), "is empty"),
        (with(&["--secret-file", "two"]), "That is no client secret"),
        (with(&["--secret-file", "picture"]), "too large"),
        (with(&["--secret-file", "binary"]), "is no text"),
        (with(&["--secret-file", "secret", "--setup", "google.json"]), "set-up is of"),
        (with(&["--secret-file", "secret", "--setup", "odd.json"]), "no JSON object"),
        (with(&["--secret-file", "secret", "--setup", "no.json"]), "is no JSON"),
        (with(&["--secret-file", "secret", "--setup", "unknown.json"]), "provider_setup_invalid"),
        (with(&["--secret-file", "secret", "--secret", "MARKER"]), "--secret"),
        (replaced(1, "nobody"), "nobody"),
        (replaced(3, "*"), "name one page"),
        (replaced(3, "tags.example.org"), "no scheme"),
        (replaced(3, "http://tags.example.org"), "https://"),
        (replaced(5, "127.0.0.1"), "port is missing"),
        (replaced(5, "127.0.0.1:99999"), "port is missing or no number"),
        (replaced(5, "somewhere:80"), "the address is none"),
        (replaced(5, &taken.0), "is taken"),
        (vec!["relay".into(), "--provider".into(), "adobe".into()], "--origin"),
        (vec!["relay".into(), "--origin".into(), PAGE.into()], "--provider"),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let output = bench.tagsmith(&args);
        let text = stderr(&output);
        assert_eq!((output.status.code(), lines(&output).len()), (Some(2), 0), "{args:?}: {text}");
        assert!(text.contains(said), "{args:?}: {text}");
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn the_secret_may_come_from_the_environment_and_without_a_set_up_the_page_says_who_asks() {
    let bench = Bench::new("relay_environment");
    let mut command = bench.command(&["relay", "--provider", "adobe", "--origin", PAGE, "--listen", "localhost:0"]);
    let mut child =
        command.env("TAGSMITH_RELAY_SECRET", SECRET).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("listening on http://127.0.0.1:"), "{line}");
    child.kill().unwrap();
    child.wait().unwrap();

    let upstream = Upstream::start(yes);
    let url = &upstream.url;
    let set_up = format!(r#"{{"kind":"adobe","authorization_server":"{url}","service_url":"{url}/na"}}"#);
    bench.file("set_up.json", set_up.as_bytes()).file("secret", SECRET.as_bytes());
    let args = ["--setup", "set_up.json", "--secret-file", "secret", "--listen", "127.0.0.1:0"];
    let relay = Relay::start(&bench, &[&["relay", "--provider", "adobe", "--origin", PAGE][..], &args].concat());
    assert_eq!(relay.post(PATH, "x-api-key: the-pages\r\nx-gw-ims-org-id: O@AdobeOrg\r\n", "x").status, 200);
    let form = String::from_utf8(upstream.asked_at(TOKEN_PATH)[0].body.clone()).unwrap();
    assert!(form.contains("client_id=the-pages"), "{form}");
    assert_eq!(upstream.asked_at(PATH)[0].header("x-gw-ims-org-id"), Some("O@AdobeOrg"));
    assert_eq!(relay.post(PATH, "", "x").code(), "provider_setup_invalid", "who says nothing cannot be signed in");
}

#[test]
fn asked_to_end_it_finishes_what_is_under_way_and_takes_nothing_new() {
    let bench = Bench::new("relay_end");
    let upstream = Upstream::start(|asked| {
        if !asked.line.ends_with(TOKEN_PATH) {
            thread::sleep(Duration::from_millis(1500));
        }
        yes(asked)
    });
    let mut relay = Relay::for_adobe(&bench, &upstream);
    thread::scope(|scope| {
        let under_way = scope.spawn(|| relay.post(PATH, "", "x"));
        while upstream.asked_at(PATH).is_empty() {
            thread::sleep(Duration::from_millis(20));
        }
        relay.signal("-INT");
        assert_eq!(under_way.join().unwrap().status, 200);
    });
    let begun = Instant::now();
    assert_eq!(relay.child.wait().unwrap().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(8));
    assert!(TcpStream::connect(&relay.address).is_err());
}
