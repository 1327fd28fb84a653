//! What a request's head says of who asks: a page in somebody's browser, or another program.

use std::net::SocketAddr;

use hyper::Method;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
};
use hyper::http::request::Parts;

use crate::http::headers::value;
use crate::http::origin::is_own_host;

const ASKS_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOWS_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Where a request comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum From<'a> {
    /// No browser; or one that was sent here by a person, or that keeps the answer from the page.
    Unsaid,
    /// A page with this origin.
    Page(&'a str),
    /// Several origins, or one that is no text: nobody sends that who means well.
    Unclear,
}

pub fn from(head: &Parts) -> From<'_> {
    let mut origins = head.headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => From::Unsaid,
        (Some(origin), None) => origin.to_str().map_or(From::Unclear, From::Page),
        _ => From::Unclear,
    }
}

/// Whether the server is asked by its address. A name that was made to point here (DNS rebinding) is none.
pub fn is_own_address(head: &Parts, listening: SocketAddr) -> bool {
    let mut hosts = head.headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
    hosts.next().is_none() && is_own_host(host, listening) && head.uri.host().is_none()
}

/// What the page does before it sends and after what failed: every server answers it, and no page can read the answer.
pub fn is_look(head: &Parts) -> bool {
    let mode = head.headers.get("sec-fetch-mode").is_some_and(|mode| mode == "no-cors");
    head.method == Method::GET && mode && !head.headers.contains_key(ORIGIN) && head.uri.query().is_none()
}

/// What a browser asks before it sends for a page.
pub struct Preflight {
    pub method: String,
    /// Names of headers, in lower case.
    pub headers: Vec<String>,
    is_private_network: bool,
}

pub fn preflight(head: &Parts) -> Preflight {
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let names = text(ACCESS_CONTROL_REQUEST_HEADERS).split(',').map(|name| name.trim().to_ascii_lowercase());
    Preflight {
        method: text(ACCESS_CONTROL_REQUEST_METHOD).to_owned(),
        headers: names.filter(|name| !name.is_empty()).collect(),
        is_private_network: head.headers.get(ASKS_PRIVATE_NETWORK).is_some_and(|value| value == "true"),
    }
}

impl Preflight {
    /// Says that the page may: with this method and these headers, for ten minutes.
    pub fn allow(&self, method: &'static str, names: &str, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(method));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, value(names));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        if self.is_private_network {
            headers.insert(ALLOWS_PRIVATE_NETWORK, HeaderValue::from_static("true"));
        }
    }
}
