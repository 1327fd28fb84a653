//! Who may ask the relay, and for what: decided by the head of a request, before anything of its body is read.

use std::net::SocketAddr;

use hyper::header::CONTENT_LENGTH;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use tagsmith::ErrorKind;
use tagsmith::providers::Failure;

use crate::http::{From, Preflight, from, is_look, is_own_address, preflight};
use crate::relay::upstream::{PASSED_ON, Target};

/// As much as the largest request of any provider.
pub const MAX_BODY_BYTES: usize = 24 << 20;
/// In a query they would be written into logs, and the relay has its own.
const SECRET_PARAMETERS: [&str; 6] = ["key", "$key", "subscription-key", "access_token", "client_secret", "token"];

/// What is let in.
pub struct Gate {
    /// Of the one page.
    pub origin: String,
    pub listening: SocketAddr,
    pub target: Target,
}

/// What a request that is let in is.
pub enum Admitted {
    /// The browser asks what the page may send.
    Preflight(Preflight),
    Question,
    /// A page's browser asks whether anybody is there, without a word of who wants to know.
    Look,
}

/// Why a request is not let in.
#[derive(Debug)]
pub struct Refusal {
    pub status: StatusCode,
    pub failure: Failure,
    /// Whether the page may read it: another one may not.
    pub is_for_page: bool,
}

impl Gate {
    /// # Errors
    /// A refusal that says what to do.
    pub fn admit(&self, head: &Parts) -> Result<Admitted, Refusal> {
        self.check_host(head)?;
        if is_look(head) {
            return Ok(Admitted::Look);
        }
        self.check_origin(head)?;
        let refused = |status, detail: String| Refusal {
            status,
            failure: Failure::new(ErrorKind::ProviderRequestRefused, detail),
            is_for_page: true,
        };
        let path = head.uri.path();
        if !self.target.is_asked_at(path) {
            let detail = format!(
                "The relay forwards {} only, and was asked for {path}. The page and the relay have different set-ups.",
                self.target.path
            );
            return Err(refused(StatusCode::NOT_FOUND, detail));
        }
        if head.method == Method::OPTIONS {
            return self.preflight(head).map_err(|detail| refused(StatusCode::FORBIDDEN, detail));
        }
        if head.method != Method::POST {
            return Err(refused(StatusCode::METHOD_NOT_ALLOWED, "The relay forwards POST only.".into()));
        }
        let parameters = head.uri.query().unwrap_or_default().split('&').filter_map(|one| one.split('=').next());
        if let Some(name) = parameters.into_iter().find(|name| is_secret(name)) {
            let detail =
                format!("The address has {name}=…, which belongs in no address. The relay has the secret itself.");
            return Err(refused(StatusCode::BAD_REQUEST, detail));
        }
        let length = head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > MAX_BODY_BYTES) {
            return Err(too_large());
        }
        Ok(Admitted::Question)
    }

    fn check_host(&self, head: &Parts) -> Result<(), Refusal> {
        if is_own_address(head, self.listening) {
            return Ok(());
        }
        let detail = "The relay is asked by its address only, not by another name for it.";
        Err(foreign(StatusCode::MISDIRECTED_REQUEST, detail))
    }

    fn check_origin(&self, head: &Parts) -> Result<(), Refusal> {
        if from(head) == From::Page(&self.origin) {
            return Ok(());
        }
        Err(foreign(
            StatusCode::FORBIDDEN,
            "Another page may ask this relay. Start it with --origin and this page's address.",
        ))
    }

    fn preflight(&self, head: &Parts) -> Result<Admitted, String> {
        let asked = preflight(head);
        if asked.method != Method::POST.as_str() {
            return Err("The relay forwards POST only.".into());
        }
        if let Some(name) = asked.headers.iter().find(|name| !self.takes(name)) {
            return Err(format!("The relay takes no header {name}."));
        }
        Ok(Admitted::Preflight(asked))
    }

    fn takes(&self, name: &str) -> bool {
        self.headers().any(|one| one == name)
    }

    /// What a page may send: what is passed on, and what proves who asks, which the relay replaces.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        PASSED_ON.into_iter().chain(self.target.credentials.iter().map(String::as_str))
    }
}

pub fn too_large() -> Refusal {
    let detail = format!("That is more than {} MiB, which no provider takes.", MAX_BODY_BYTES >> 20);
    Refusal {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        failure: Failure::new(ErrorKind::ProviderPictureRefused, detail),
        is_for_page: true,
    }
}

fn foreign(status: StatusCode, detail: &str) -> Refusal {
    Refusal { status, failure: Failure::new(ErrorKind::ProviderRequestRefused, detail), is_for_page: false }
}

fn is_secret(name: &str) -> bool {
    // An encoded name is none of ours.
    name.contains('%') || SECRET_PARAMETERS.iter().any(|one| name.eq_ignore_ascii_case(one))
}
