//! A relay that runs, and what it speaks to.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::bench::Bench;
use crate::upstream::{Answer, Asked, Upstream, json, send};

pub const PAGE: &str = "https://tags.example.org";
pub const SECRET: &str = "p8e-MARKER-SECRET-0123456789";
pub const TOKEN: &str = "eyJ-MARKER-TOKEN-abcdefghijk";
pub const PATH: &str = "/na/services/v2/predict";
pub const TOKEN_PATH: &str = "/ims/token/v3";

/// A relay that runs until it is dropped.
pub struct Relay {
    pub child: Child,
    pub address: String,
    stderr: Option<thread::JoinHandle<String>>,
}

impl Relay {
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

    /// For Adobe, before `upstream`, whose token lives so long.
    pub fn for_adobe(bench: &Bench, upstream: &Upstream) -> Self {
        let url = &upstream.url;
        let set_up = format!(
            r#"{{"kind":"adobe","authorization_server":"{url}","service_url":"{url}/na","client_id":"the-client","scopes":"openid, AdobeID",
                "organization_id":"ORG@AdobeOrg","sign_in":"relay","relay":"http://127.0.0.1:8751"}}"#
        );
        bench.file("set_up.json", set_up.as_bytes()).file("secret", format!("{SECRET}\n").as_bytes());
        Command::new("chmod").arg("600").arg(bench.dir.join("secret")).status().unwrap();
        let set_up = ["--setup", "set_up.json", "--secret-file", "secret", "--listen", "127.0.0.1:0"];
        Self::start(bench, &[&["relay", "--provider", "adobe", "--origin", PAGE][..], &set_up].concat())
    }

    /// With the set-up `set_up`, or the provider's own where it is empty, and the file `held` of secrets.
    pub fn with(bench: &Bench, provider: &str, set_up: &str, held: &str) -> Self {
        bench.file("set_up.json", set_up.as_bytes()).file("secret", held.as_bytes());
        let args =
            ["relay", "--provider", provider, "--origin", PAGE, "--secret-file", "secret", "--listen", "127.0.0.1:0"];
        let set_up = if set_up.is_empty() { &[][..] } else { &["--setup", "set_up.json"] };
        Self::start(bench, &[&args[..], set_up].concat())
    }

    /// A request of the page, with further headers as whole lines.
    pub fn post(&self, path: &str, headers: &str, body: &str) -> Answer {
        self.ask(&format!("POST {path}"), &format!("origin: {PAGE}\r\n{headers}"), body)
    }

    pub fn ask(&self, line: &str, headers: &str, body: &str) -> Answer {
        let (host, n) = (&self.address, body.len());
        let host = if headers.contains("host: ") { String::new() } else { format!("host: {host}\r\n") };
        send(&self.address, format!("{line} HTTP/1.1\r\n{host}content-length: {n}\r\n{headers}\r\n{body}").as_bytes())
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

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn token(seconds: u32) -> String {
    token_of(TOKEN, seconds)
}

pub fn token_of(value: &str, seconds: u32) -> String {
    json("200 OK", &format!(r#"{{"access_token":"{value}","token_type":"bearer","expires_in":{seconds}}}"#))
}

/// A service that gives a token and says yes to everything.
pub fn yes(asked: &Asked) -> String {
    if asked.line.ends_with(TOKEN_PATH) { token(86_399) } else { json("200 OK", r#"{"tags":["cat"]}"#) }
}
