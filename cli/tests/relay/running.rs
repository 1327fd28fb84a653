//! A relay that runs, and what it speaks to.

use std::ops::{Deref, DerefMut};
use std::process::Command;

use crate::bench::Bench;
use crate::http::Answer;
use crate::server::Server;
use crate::upstream::{Asked, Upstream, json};

pub const PAGE: &str = "https://tags.example.org";
pub const SECRET: &str = "p8e-MARKER-SECRET-0123456789";
pub const TOKEN: &str = "eyJ-MARKER-TOKEN-abcdefghijk";
pub const PATH: &str = "/na/services/v2/predict";
pub const TOKEN_PATH: &str = "/ims/token/v3";

/// A relay that runs until it is dropped.
pub struct Relay(Server);

impl Deref for Relay {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

impl DerefMut for Relay {
    fn deref_mut(&mut self) -> &mut Server {
        &mut self.0
    }
}

impl Relay {
    pub fn start(bench: &Bench, args: &[&str]) -> Self {
        Self(Server::start(bench, args))
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
        self.0.ask(line, headers, body.as_bytes())
    }

    pub fn end(self) -> (Option<i32>, String) {
        self.0.end()
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
