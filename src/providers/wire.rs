//! What goes out and comes back: plain data, sent by somebody else.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::Setup;

/// A picture as it is sent: a file without metadata, with the size of its pixels.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    pub bytes: &'a [u8],
    /// Such as `image/jpeg`.
    pub media_type: &'a str,
    pub width: u32,
    pub height: u32,
}

/// An HTTP request.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Without values of headers, queries and bodies, where secrets and pictures are.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let url = self.url.split('?').next().unwrap_or_default();
        write!(f, "{} {url}, headers {names:?}, {} bytes", self.method, self.body.len())
    }
}

/// An HTTP answer. Names of headers are lower case; a browser gives only those that the server lets pages read.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What a provider takes: pixels of the sides, bytes of the file, and its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PictureNeed {
    /// The longer side is at most this; larger pictures say no more to this provider.
    pub max_side: u32,
    /// The shorter side is at least this.
    pub min_side: u32,
    pub max_bytes: u32,
    pub media_type: &'static str,
}

/// A set-up in its normal form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    pub setup: Setup,
    pub notes: Vec<Note>,
}

/// What people should know about a set-up: a code with its words in the page's catalogues, and what they name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    pub code: &'static str,
    pub params: BTreeMap<&'static str, String>,
}

impl Note {
    pub fn new<const N: usize>(code: &'static str, params: [(&'static str, &str); N]) -> Self {
        Self { code, params: params.into_iter().map(|(name, value)| (name, value.to_owned())).collect() }
    }
}

/// A token that a provider gave for credentials.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    pub value: String,
    pub expires_in_s: u64,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a token for {} s", self.expires_in_s)
    }
}
