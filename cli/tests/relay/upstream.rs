//! A service behind the relay: a real HTTP server on loopback that keeps what it is asked, and answers as it is told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use self::http::read_head;

#[path = "../bench/http.rs"]
pub mod http;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Such as "POST /na/services/v2/predict".
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered to a request. An empty text hangs up without a word.
type Answering = dyn Fn(&Asked) -> String + Send + Sync;

pub struct Upstream {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Upstream {
    pub fn start(answering: impl Fn(&Asked) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (kept, answering): (_, Arc<Answering>) = (asked.clone(), Arc::new(answering));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, answering) = (kept.clone(), answering.clone());
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let request = read(&stream);
                    kept.lock().unwrap().push(request.clone());
                    let _ = stream.write_all(answering(&request).as_bytes());
                });
            }
        });
        Self { url, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Those to this path.
    pub fn asked_at(&self, path: &str) -> Vec<Asked> {
        self.asked().into_iter().filter(|one| one.line == format!("POST {path}")).collect()
    }
}

fn read(stream: &TcpStream) -> Asked {
    let (line, headers, mut reader) = read_head(stream);
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Asked { line: line.trim_end_matches(" HTTP/1.1").to_owned(), headers, body }
}

/// An answer in JSON.
pub fn json(status: &str, body: &str) -> String {
    with_headers(status, "", body)
}

/// `headers`: whole lines.
pub fn with_headers(status: &str, headers: &str, body: &str) -> String {
    let n = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {n}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}
