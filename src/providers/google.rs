//! Google Cloud Vision.

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

/// How Google Cloud Vision is asked for labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleSetup {
    /// `https://vision.googleapis.com`, or that of a region.
    pub host: String,
    /// The project in whose name a located request is made; with `location` only.
    pub project: Option<String>,
    /// `us` or `eu`: where pictures are processed.
    pub location: Option<String>,
    /// Any string that Google knows; empty for its own default.
    pub model: String,
    pub max_results: u32,
    /// The key in the address, where logs keep it: only for those for whom the header does not work.
    pub key_in_query: bool,
}

impl Default for GoogleSetup {
    fn default() -> Self {
        Self {
            host: "https://vision.googleapis.com".into(),
            project: None,
            location: None,
            model: "builtin/stable".into(),
            max_results: 20,
            key_in_query: false,
        }
    }
}

impl Asked for GoogleSetup {
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
