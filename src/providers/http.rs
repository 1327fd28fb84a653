//! Any HTTP endpoint.

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

/// How any HTTP endpoint is asked, and where in its answer the tags are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSetup {
    pub preset: Option<String>,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: HttpBody,
    pub model: String,
    pub prompt: String,
    pub names: String,
    pub confidences: Option<String>,
    pub scale: f64,
    pub text: Option<String>,
    pub is_own_machine: bool,
}

/// How the picture is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpBody {
    Multipart(Multipart),
    Json(String),
    Bytes,
}

/// A form with the picture in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Multipart {
    pub field: String,
    pub fields: Vec<(String, String)>,
}

impl Default for Multipart {
    fn default() -> Self {
        Self { field: "image".into(), fields: Vec::new() }
    }
}

impl Default for HttpSetup {
    fn default() -> Self {
        Self {
            preset: None,
            url: String::new(),
            headers: Vec::new(),
            body: HttpBody::Multipart(Multipart::default()),
            model: String::new(),
            prompt: String::new(),
            names: String::new(),
            confidences: None,
            scale: 1.0,
            text: None,
            is_own_machine: false,
        }
    }
}

impl Asked for HttpSetup {
    fn check(&mut self) -> Result<Vec<Note>> {
        Ok(Vec::new())
    }

    fn origins(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn picture_need(&self) -> PictureNeed {
        PictureNeed { max_side: 1024, min_side: 1, max_bytes: 4_000_000, media_type: "image/jpeg" }
    }

    fn request(&self, _: &Secrets, _: &[Picture], _: &str) -> Result<Request> {
        Err(Error::new(ErrorKind::ProviderSetupInvalid, "This provider is not asked over HTTP."))
    }

    fn answer(&self, _: &Answer, _: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
        Err(Failure::new(ErrorKind::ProviderSetupInvalid, "This provider is not asked over HTTP."))
    }
}
