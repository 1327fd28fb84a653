//! Microsoft's Image Analysis (Azure Vision, Computer Vision).

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

/// How Microsoft's Image Analysis is asked for tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MicrosoftSetup {
    /// Of the person's own resource, as its page in the portal shows it, or of a gateway.
    pub endpoint: String,
    pub version: Version,
    /// Of version 4.0.
    pub api_version: String,
    /// `latest` or a date; for versions 3.2 and 4.0.
    pub model_version: String,
    /// Whether version 4.0 is also asked for a description, which it may bill by itself.
    pub captions: bool,
}

/// What the service at the endpoint speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// Off on the public hosts since 2026-09-13; a gateway or container may still speak it.
    #[serde(rename = "2.0")]
    V2,
    /// Until 2028-09-25.
    #[serde(rename = "3.2")]
    V3,
    /// Until 2028-09-25.
    #[serde(rename = "4.0")]
    V4,
}

impl Default for MicrosoftSetup {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            version: Version::V3,
            api_version: "2023-10-01".into(),
            model_version: "latest".into(),
            captions: true,
        }
    }
}

impl Asked for MicrosoftSetup {
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
