//! Against a service on loopback that finds a cat in everything.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tagsmith::providers::{Secrets, Setup};
use tagsmith::session::{Failure, Texts, read_reports};
use tagsmith::tags::{PictureFacts, ProviderPolicy, Tagging, Timings};
use tagsmith::{Limits, Session, Tagger, sha256};

use super::*;
use crate::memory_gate::MemoryGate;
use crate::model;
use crate::own::OfProvider;
use crate::provider::Chosen;

/// Its address, and how often it was asked.
fn service() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let n_asked = Arc::new(AtomicUsize::new(0));
    let counted = n_asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut length = 0;
            for line in reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()) {
                let line = line.to_ascii_lowercase();
                length = line.strip_prefix("content-length: ").map_or(length, |n| n.parse().unwrap());
            }
            std::io::copy(&mut reader.take(length), &mut std::io::sink()).unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\nconnection: close\r\n\r\n{\"tags\":[\"cat\"]}")
                .unwrap();
        }
    });
    (url, n_asked)
}

struct Bench {
    tagger: Tagger,
    pictures: Vec<PathBuf>,
    is_stopped: Arc<AtomicBool>,
}

impl Bench {
    fn new(cases: &[&str]) -> Self {
        let cases_dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
        let pictures = cases.iter().map(|case| cases_dir.join(case).join("picture.jpg")).collect();
        Self { tagger: model::load(None).unwrap(), pictures, is_stopped: Arc::default() }
    }

    fn start(&self, url: &str) -> Beside {
        let setup =
            format!(r#"{{"kind":"http","url":"{url}/tag","body":"bytes","names":"/tags/*","is_own_machine":true}}"#);
        let setup: Setup = serde_json::from_str(&setup).unwrap();
        let of_provider = ProviderPolicy { threshold: 0.0, max_tags: 9, is_shown: true };
        let of_provider = OfProvider { id: "mine".into(), policy: of_provider, has_confidence: false };
        let merger = Merger::new(&self.tagger, self.tagger.policy(), &[], Some(of_provider)).unwrap();
        let wanted = Wanted {
            chosen: Chosen { id: "mine".into(), setup, secrets: Secrets::default() },
            pictures: self.pictures.clone(),
            language: "en".into(),
            limits: Limits::default(),
            memory: Arc::new(MemoryGate::new(1 << 30)),
            n_at_once: 2,
            max_requests: None,
        };
        Beside::start(wanted, merger, self.is_stopped.clone()).unwrap()
    }

    /// As the local model says it of a picture in which it has found nothing.
    fn tagged(&self, sha256: String) -> (TagReport, Option<Local>) {
        let facts = PictureFacts { sha256, width: 64, height: 64, format: "jpeg".into(), ..PictureFacts::default() };
        let tagging = Tagging { facts, candidates: Vec::new(), boxes: Vec::new(), timings: Timings::default() };
        let mut session = Session::new(self.tagger.card(), self.tagger.vocabulary().clone()).unwrap();
        session.add(1, "picture.jpg".into(), 0.0);
        session.put(1, tagging.clone());
        let local = Local { tagging, own: Vec::new() };
        (read_reports(&session.reports(&[1])).unwrap().remove(0), Some(local))
    }

    fn digest(&self, at: usize) -> String {
        sha256(&fs::read(&self.pictures[at]).unwrap())
    }
}

fn n_tags(report: &TagReport) -> usize {
    if let TagReport::Tagged(tagged) = report { tagged.tags.len() } else { 0 }
}

#[test]
fn what_the_local_model_cannot_read_is_not_sent_nor_what_has_changed_since() {
    let (url, n_asked) = service();
    let bench = Bench::new(&["coffee", "chelsea", "astronaut"]);
    let mut beside = bench.start(&url);
    let error = Failure { code: "picture_too_slow".into(), detail: "It takes too long.".into() };
    let failed = TagReport::Failed { path: "1.jpg".into(), error, tags: Vec::new(), texts: Texts::default() };
    let (read, local) = bench.tagged(bench.digest(0));
    beside.take(0, read, local);
    beside.take(1, failed, None);
    let (changed, local) = bench.tagged(bench.digest(0).replace(['0', '1', '2'], "3"));
    beside.take(2, changed, local);
    let all: Vec<_> = std::iter::from_fn(|| beside.rest()).map(|(at, report)| (at, n_tags(&report))).collect();
    assert_eq!(all, [(0, 1), (1, 0), (2, 0)]);
    assert_eq!((n_asked.load(Ordering::SeqCst), beside.n_failed()), (1, 1));
    assert!(beside.failed.keys().all(|said| said.contains("changed after the local model had seen it")));
}

#[test]
fn one_that_all_wait_for_is_sent_although_more_would_fit_into_its_request() {
    let (url, n_asked) = service();
    let bench = Bench::new(&["coffee"; MANY / 4]);
    let mut beside = bench.start(&url);
    for at in 0..MANY / 4 {
        assert!(beside.ready().is_none(), "{at}: there is room");
        let (report, local) = bench.tagged(bench.digest(0));
        beside.take(at, report, local);
    }
    // Whoever waits for ever is told to stop.
    let is_stopped = bench.is_stopped.clone();
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(20));
        is_stopped.store(true, Ordering::SeqCst);
    });
    let (at, report) = beside.ready().expect("it is sent, and waited for");
    assert_eq!((at, n_tags(&report), n_asked.load(Ordering::SeqCst)), (0, 1, 1));
    assert_eq!(std::iter::from_fn(|| beside.ready()).count(), MANY / 4 - 1, "the others are the same picture");
}
