//! Who may ask, and for what: decided by the head of a request, before anything of its body is read.

use std::net::SocketAddr;
use std::sync::Once;

use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::http::{From, Preflight, from, is_look, is_own_address, preflight};
use crate::say::say;
use crate::serve::refusal::Refusal;

/// What a page may send beside its picture; an access token is for PhotoPrism's clients, who may have one, and is not looked at.
pub const HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];
const LABELS: &str = "/api/v1/vision/labels";

/// What is let in.
pub struct Gate {
    /// Of the pages.
    pub origins: Vec<String>,
    pub listening: SocketAddr,
    is_page_refused: Once,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Health,
    Tag,
    /// As of PhotoPrism's vision service.
    Labels,
}

/// What a request that is let in is.
pub enum Admitted {
    /// The browser asks what the page may send.
    Preflight(Route, Preflight),
    Question(Route),
    /// A page's browser asks whether anybody is there, without a word of who wants to know.
    Look,
}

impl Route {
    pub fn of(path: &str) -> Option<Self> {
        match path {
            "/healthz" => Some(Self::Health),
            "/v1/tag" => Some(Self::Tag),
            _ => {
                // A model and its version may follow; there is one model.
                let rest = path.strip_prefix(LABELS)?;
                let n_more = rest.matches('/').count();
                let is_whole = rest.is_empty() || (rest.starts_with('/') && !rest.ends_with('/') && n_more <= 2);
                is_whole.then_some(Self::Labels)
            }
        }
    }

    /// Methods that it is asked with.
    pub fn methods(self) -> &'static str {
        match self {
            Self::Health => "GET, HEAD",
            Self::Tag | Self::Labels => "POST",
        }
    }

    fn takes(self, method: &str) -> bool {
        self.methods().split(", ").any(|one| one == method)
    }
}

impl Gate {
    pub fn new(origins: Vec<String>, listening: SocketAddr) -> Self {
        Self { origins, listening, is_page_refused: Once::new() }
    }

    /// # Errors
    /// A refusal that says what to do.
    pub fn admit(&self, head: &Parts) -> Result<Admitted, Refusal> {
        if !is_own_address(head, self.listening) {
            let detail = "The service is asked by its address only, not by another name for it.";
            return Err(Refusal::request(StatusCode::MISDIRECTED_REQUEST, detail));
        }
        self.check_page(head)?;
        let path = head.uri.path();
        let Some(route) = Route::of(path) else {
            if is_look(head) {
                return Ok(Admitted::Look);
            }
            let detail = format!(
                "There is no {path}. Pictures go to POST /v1/tag, or as PhotoPrism sends them to POST {LABELS}; GET /healthz tells whether it can answer."
            );
            return Err(Refusal::request(StatusCode::NOT_FOUND, detail));
        };
        if head.method == Method::OPTIONS {
            return self.preflight(route, head);
        }
        if route.takes(head.method.as_str()) {
            return Ok(Admitted::Question(route));
        }
        if is_look(head) {
            return Ok(Admitted::Look);
        }
        Err(wrong_method(path, route))
    }

    /// The page's origin, where one asks that may.
    pub fn page<'a>(&self, head: &'a Parts) -> Option<&'a str> {
        match from(head) {
            From::Page(origin) if self.origins.iter().any(|one| one == origin) => Some(origin),
            _ => None,
        }
    }

    /// Programs send no origin, and browsers always do with what is more than a look.
    fn check_page(&self, head: &Parts) -> Result<(), Refusal> {
        let is_cross_site =
            || head.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site");
        let is_let_in = match from(head) {
            From::Page(_) => self.page(head).is_some(),
            From::Unsaid => !is_cross_site() || is_look(head),
            From::Unclear => false,
        };
        if is_let_in {
            return Ok(());
        }
        // A browser shows its page nothing of the answer, so the person hears it here. Once: it may be a hostile page's.
        self.is_page_refused.call_once(|| match from(head) {
            From::Page(origin) => {
                say(format_args!("the page {origin} asked, and is not let in. If it is yours: --origin {origin}"))
            }
            _ => say("a page asked, and is not let in"),
        });
        let detail = "This page may not ask. Start `tagsmith serve` with --origin and the page's address.";
        Err(Refusal::request(StatusCode::FORBIDDEN, detail))
    }

    fn preflight(&self, route: Route, head: &Parts) -> Result<Admitted, Refusal> {
        let asked = preflight(head);
        if !route.takes(&asked.method) {
            return Err(wrong_method(head.uri.path(), route));
        }
        if let Some(name) = asked.headers.iter().find(|name| !HEADERS.contains(&name.as_str())) {
            return Err(Refusal::request(StatusCode::FORBIDDEN, format!("The service takes no header {name}.")));
        }
        Ok(Admitted::Preflight(route, asked))
    }
}

fn wrong_method(path: &str, route: Route) -> Refusal {
    let methods = route.methods();
    let detail = format!("{path} is asked with {methods}.");
    Refusal { allow: Some(methods), ..Refusal::request(StatusCode::METHOD_NOT_ALLOWED, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_whole_or_none() {
        for (path, route) in [
            ("/healthz", Some(Route::Health)),
            ("/v1/tag", Some(Route::Tag)),
            (LABELS, Some(Route::Labels)),
            ("/api/v1/vision/labels/nasnet/latest", Some(Route::Labels)),
            ("/api/v1/vision/labels/nasnet/latest/more", None),
            ("/api/v1/vision/labels/", None),
            ("/api/v1/vision/labelsmith", None),
            ("/v1/tag/", None),
            ("/v1/tags", None),
            ("/", None),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }
}
