//! The browser's own model.

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

/// What the browser's own model is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrowserSetup {
    pub words: Words,
    pub texts: Vec<TextField>,
}

/// Which words it may answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    Vocabulary,
    Free,
}

/// A text of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextField {
    Title,
    Description,
    AltText,
}

impl Default for BrowserSetup {
    fn default() -> Self {
        Self { words: Words::Vocabulary, texts: vec![TextField::Title, TextField::Description, TextField::AltText] }
    }
}

impl Asked for BrowserSetup {
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
