//! A service behind the relay: a real HTTP server on loopback that keeps what it is asked, and answers as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

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

type Head = (String, Vec<(String, String)>, BufReader<TcpStream>);

fn read_head(stream: &TcpStream) -> Head {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        let _ = reader.read_line(&mut line);
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    (lines.first().cloned().unwrap_or_default(), headers, reader)
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

/// What a server answers. Status 0: it hung up.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The code of what the relay says itself.
    pub fn code(&self) -> String {
        let said: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"));
        said["relay"]["code"].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }
}

/// Sends bytes as they are to an address, and reads the answer.
pub fn send(address: &str, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    // A server that refuses a body does not read it to its end.
    let _ = stream.write_all(request);
    let (line, headers, mut reader) = read_head(&stream);
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let status = line.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    Answer { status, headers, body: String::from_utf8(body).unwrap() }
}
