//! Many requests at once: each is answered, with the tags of the command line or with 429, and memory does not grow.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bench::{Bench, lines};
use crate::drawn::picture;
use crate::http::read_answer;
use crate::server::Server;
use crate::tagging::{started, without_times};

const N_CONNECTIONS: usize = 64;

/// What came of the requests.
#[derive(Default)]
struct Seen {
    by_status: BTreeMap<u16, usize>,
    took: Vec<Duration>,
    /// Resident memory after each thousand, in kB.
    resident: Vec<u64>,
}

#[test]
fn every_request_of_many_connections_is_answered_with_the_right_tags_or_429() {
    let is_long = std::env::var_os("TAGSMITH_LONG").is_some();
    let bench = Bench::new("serve_load");
    let n_requests = if is_long { 10_000 } else { 300 };
    let names: Vec<String> = (0..if is_long { 40 } else { 12 }).map(|n| format!("{n:02}.jpg")).collect();
    for (n, name) in names.iter().enumerate() {
        bench.file(name, &if is_long { photograph(n) } else { picture(n as u32) });
    }
    let fast: &[&str] = if is_long { &[] } else { &["--no-objects"] };
    let args: Vec<&str> =
        ["tag"].into_iter().chain(fast.iter().copied()).chain(names.iter().map(String::as_str)).collect();
    let told: Vec<String> =
        lines(&bench.tagsmith(&args)).into_iter().map(|one| without_times(one).to_string()).collect();
    assert_eq!(told.len(), names.len());
    // Fewer places than connections, so that some find none.
    let server = started(&bench, &[fast, &["--waiting", "40"]].concat());
    let requests: Vec<Vec<u8>> =
        names.iter().map(|name| server.request("POST /v1/tag", "", &fs::read(bench.dir.join(name)).unwrap())).collect();
    let begun = Instant::now();
    let seen = ask_all(&server, n_requests, is_long, &requests, &told);
    let Seen { by_status, mut took, resident } = seen;
    assert_eq!(by_status.values().sum::<usize>(), n_requests);
    assert!(by_status.keys().all(|status| [200, 429].contains(status)), "{by_status:?}");
    assert!(by_status[&200] > n_requests / 20, "{by_status:?}");
    if is_long {
        took.sort();
        let (p50, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
        let (n, seconds) = (by_status[&200], begun.elapsed().as_secs_f64());
        println!(
            "{by_status:?}; of 200: p50 {p50:?}, p99 {p99:?}, {:.1} pictures/s; resident kB {resident:?}",
            n as f64 / seconds
        );
        assert_eq!(resident.len(), n_requests / 1000);
        let (first, last) = (resident[0], *resident.last().unwrap());
        assert!(last * 10 <= first * 11, "{resident:?}");
    }
}

/// Each connection asks again as soon as it is answered; who is told to wait waits a little, or as long as it was told.
fn ask_all(server: &Server, n_requests: usize, is_patient: bool, requests: &[Vec<u8>], told: &[String]) -> Seen {
    let next = AtomicUsize::new(0);
    let seen = Arc::new(Mutex::new(Seen::default()));
    thread::scope(|scope| {
        for _ in 0..N_CONNECTIONS {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(&server.address).unwrap();
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    if at >= n_requests {
                        return;
                    }
                    let which = at % requests.len();
                    let since = Instant::now();
                    stream.write_all(&requests[which]).unwrap();
                    let answer = read_answer(&stream);
                    match answer.status {
                        200 => {
                            let report: Value = answer.json();
                            assert_eq!(without_times(report).to_string(), told[which]);
                        }
                        429 => {
                            assert_eq!(answer.code(), "provider_throttled");
                            let seconds = answer.header("retry-after").unwrap().parse().unwrap();
                            assert!(seconds >= 1);
                            thread::sleep(if is_patient {
                                Duration::from_secs(seconds)
                            } else {
                                Duration::from_millis(20)
                            });
                            // Whoever says nothing for so long may find its connection closed.
                            stream = TcpStream::connect(&server.address).unwrap();
                        }
                        _ => panic!("{answer:?}"),
                    }
                    let mut seen = seen.lock().unwrap();
                    *seen.by_status.entry(answer.status).or_default() += 1;
                    if answer.status == 200 {
                        seen.took.push(since.elapsed());
                    }
                    if seen.by_status.values().sum::<usize>() % 1000 == 0 {
                        seen.resident.extend(resident_kilobytes(server.child.id()));
                    }
                }
            });
        }
    });
    Arc::into_inner(seen).unwrap().into_inner().unwrap()
}

fn resident_kilobytes(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// A JPEG of 640 × 480 pixels, of a golden picture in another crop each time.
fn photograph(n: usize) -> Vec<u8> {
    let golden = ["coffee/picture.jpg", "chelsea/picture.jpg"][n % 2];
    let file = fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(golden)).unwrap();
    let whole = image::load_from_memory(&file).unwrap().to_rgb8();
    let (width, height) = (whole.width() - n as u32, whole.height() - n as u32);
    let cropped = image::imageops::crop_imm(&whole, n as u32 / 2, n as u32 / 2, width, height).to_image();
    let resized = image::imageops::resize(&cropped, 640, 480, image::imageops::FilterType::Triangle);
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&resized).unwrap();
    jpeg
}
