//! HTTP by hand: what is sent is exactly what is written.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

type Head = (String, Vec<(String, String)>, BufReader<TcpStream>);

/// The first line, the headers with their names in lower case, and the rest.
pub fn read_head(stream: &TcpStream) -> Head {
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

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The code of what the server says itself, under whichever name.
    pub fn code(&self) -> String {
        let said = self.json();
        let code = ["relay", "error"].iter().find_map(|name| said[name]["code"].as_str());
        code.unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }
}

/// Sends bytes as they are to an address, and reads the answer.
pub fn send(address: &str, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    // A server that refuses a body does not read it to its end.
    let _ = stream.write_all(request);
    read_answer(&stream)
}

pub fn read_answer(stream: &TcpStream) -> Answer {
    let (line, headers, mut reader) = read_head(stream);
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let status = line.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    Answer { status, headers, body: String::from_utf8(body).unwrap() }
}
