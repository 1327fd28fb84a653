//! How it begins, or does not, and how it ends.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::bench::{Bench, stderr};
use crate::drawn::picture;
use crate::http::read_answer;
use crate::server::Server;
use crate::tagging::started;

#[test]
fn it_refuses_to_start_with_a_sentence_and_code_2() {
    let bench = Bench::new("serve_bad_starts");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken_at = taken.local_addr().unwrap().to_string();
    bench.file("empty/readme", b"").file("bad/model.json", b"{").file("own.json", b"{}").file("words.txt", b"");
    for (args, said) in [
        (&["--listen", &taken_at][..], "is taken by another program"),
        (&["--listen", "127.0.0.1"], "port is missing"),
        (&["--listen", "somewhere:80"], "Write it as 127.0.0.1:8750"),
        (&["--listen", "127.0.0.1:0", "--model", "empty"], "has no model.json"),
        (&["--listen", "127.0.0.1:0", "--model", "bad"], "not a valid model card"),
        (&["--listen", "127.0.0.1:0", "--lang", "xx"], "\"xx\""),
        (&["--listen", "127.0.0.1:0", "--threshold", "2"], "2"),
        (&["--listen", "127.0.0.1:0", "--deny", "nonsense"], "nonsense"),
        (&["--listen", "127.0.0.1:0", "--custom", "own.json"], "own.json"),
        (&["--listen", "127.0.0.1:0", "--only-words", "none.txt"], "none.txt"),
        (&["--listen", "127.0.0.1:0", "--origin", "*"], "name one page"),
        (&["--listen", "127.0.0.1:0", "--origin", "http://tags.example.org"], "https://"),
        (&["--listen", "127.0.0.1:0", "--threads", "257"], "257"),
        (&["--listen", "127.0.0.1:0", "--waiting", "5000"], "5000"),
        (&["--listen", "127.0.0.1:0", "picture.jpg"], "picture.jpg"),
    ] {
        let output = bench.tagsmith(&[&["serve"], args].concat());
        let text = stderr(&output);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {text}");
        assert!(text.contains(said), "{args:?}: {text}");
    }
}

#[test]
fn another_address_than_loopback_is_warned_of_and_asked_by_its_number() {
    let bench = Bench::new("serve_everywhere");
    let server = Server::start(&bench, &["serve", "--listen", "0.0.0.0:0", "--no-objects"]);
    let port = server.address.rsplit(':').next().unwrap();
    let ask = |host: &str| {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        write!(stream, "GET /healthz HTTP/1.1\r\nhost: {host}:{port}\r\n\r\n").unwrap();
        read_answer(&stream).status
    };
    assert_eq!([ask("192.0.2.7"), ask("localhost"), ask("evil.example")], [200, 200, 421]);
    let (code, said) = server.end();
    assert_eq!(code, Some(0));
    assert!(said.contains("others than this machine can reach this service"), "{said}");
}

#[test]
fn asked_to_end_it_finishes_what_is_under_way_and_takes_nothing_new() {
    let bench = Bench::new("serve_end");
    let mut server = started(&bench, &["--threads", "1"]);
    let n = 12;
    let streams: Vec<TcpStream> = (0..n)
        .map(|seed| {
            let mut stream = TcpStream::connect(&server.address).unwrap();
            stream.write_all(&server.request("POST /v1/tag", "", &picture(seed))).unwrap();
            stream
        })
        .collect();
    while server.ask("GET /healthz", "", b"").json()["inside"].as_u64().unwrap() < 4 {}
    server.signal("-INT");
    let begun = Instant::now();
    let answered = streams.iter().map(|stream| read_answer(stream).status).filter(|status| *status == 200).count();
    assert!(answered >= 4, "those that were inside: {answered}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(12));
    assert!(TcpStream::connect(&server.address).is_err());
}
