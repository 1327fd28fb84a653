//! Who is slow, gone or hostile takes neither the service nor the others down.

use std::fs;
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::bench::Bench;
use crate::drawn::picture;
use crate::hostile_files::{bmp, bmp_of_runs, gif, jpeg, tiff, webp_with_code_groups};
use crate::http::read_answer;
use crate::server::Server;
use crate::tagging::started;

fn connected(server: &Server, begin: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(begin).unwrap();
    stream
}

#[test]
fn slow_ones_and_those_who_go_hold_nobody_up() {
    let bench = Bench::new("serve_slow");
    let server = started(&bench, &["--threads", "1", "--waiting", "2", "--no-objects"]);
    let request = server.request("POST /v1/tag", "", &picture(1));
    let slow: Vec<TcpStream> = (0..100)
        .map(|n| {
            connected(
                &server,
                match n % 4 {
                    0 => &[],
                    // A head that does not end.
                    1 => &request[..40],
                    // A body of which there is half, and one of which there is nothing.
                    2 => &request[..request.len() / 2],
                    _ => &request[..request.len() - picture(1).len()],
                },
            )
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(server.ask("POST /v1/tag", "", &picture(2)).status, 200, "they take no place");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    // Gone in the middle of the body, and gone while the picture is in work: their places are free again.
    drop(slow);
    for n in 0..30 {
        let stream = connected(&server, if n % 2 == 0 { &request } else { &request[..request.len() - 9] });
        let _ = stream.shutdown(Shutdown::Both);
    }
    while server.ask("GET /healthz", "", b"").json()["inside"] != 0 {}
    assert_eq!(server.ask("POST /v1/tag", "", &picture(3)).status, 200);
}

#[test]
fn hostile_pictures_cost_their_own_answer() {
    let bench = Bench::new("serve_hostile");
    let server = started(&bench, &["--threads", "2", "--timeout", "2", "--max-memory", "256", "--no-objects"]);
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    let good = fs::read(bench.dir.join("coffee.jpg")).unwrap();
    for (file, wanted) in [
        (tiff(10_000, 10_000), &["picture_damaged"][..]),
        (gif((1, 1), (65_535, 3_250)), &["picture_side_too_long"]),
        (jpeg(10_000, 1, 0), &["picture_damaged"]),
        (webp_with_code_groups(65_536), &["picture_too_slow", "picture_too_much_memory"]),
        (bmp(0x7FFF_FFFF, -0x7FFF_FFFF), &["picture_side_too_long"]),
    ] {
        let answer = server.ask("POST /v1/tag", "", &file);
        assert_eq!(answer.status, 422);
        assert!(wanted.contains(&answer.code().as_str()), "{answer:?}");
        assert_eq!(server.ask("POST /v1/tag", "", &good).status, 200);
    }
    // Large ones wait for each other's memory, and all are answered.
    let black = server.request("POST /v1/tag", "", &bmp_of_runs(4000, 4000));
    let streams: Vec<TcpStream> = (0..6).map(|_| connected(&server, &black)).collect();
    assert!(streams.iter().all(|stream| read_answer(stream).status == 200));
}
