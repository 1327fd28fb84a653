//! A server of the command line that runs, and what it answers.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::bench::Bench;
use crate::http::{Answer, send};

/// Runs until it is dropped.
pub struct Server {
    pub child: Child,
    pub address: String,
    stderr: Option<thread::JoinHandle<String>>,
}

impl Server {
    /// Waits until it can answer.
    pub fn start(bench: &Bench, args: &[&str]) -> Self {
        let mut command = bench.command(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let mut error = child.stderr.take().unwrap();
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            error.read_to_string(&mut text).unwrap();
            text
        });
        let address = line.strip_prefix("listening on http://").map(str::trim_end).map(str::to_owned);
        let Some(address) = address else { panic!("{line:?}, {}", stderr.join().unwrap()) };
        Self { child, address, stderr: Some(stderr) }
    }

    /// `headers`: whole lines; without a `host: ` among them, the right one is sent.
    pub fn ask(&self, line: &str, headers: &str, body: &[u8]) -> Answer {
        send(&self.address, &self.request(line, headers, body))
    }

    pub fn request(&self, line: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let (host, n) = (&self.address, body.len());
        let host = if headers.contains("host: ") { String::new() } else { format!("host: {host}\r\n") };
        let head = format!("{line} HTTP/1.1\r\n{host}content-length: {n}\r\n{headers}\r\n");
        [head.as_bytes(), body].concat()
    }

    pub fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Exit code and what was said.
    pub fn end(mut self) -> (Option<i32>, String) {
        self.signal("-TERM");
        let code = self.child.wait().unwrap().code();
        (code, self.stderr.take().unwrap().join().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
