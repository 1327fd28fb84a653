//! Adobe's Content Tagging and Smart Content services.

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

/// How Adobe's service is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdobeSetup {
    pub authorization_server: String,
    pub client_id: String,
    pub technical_account_id: String,
    pub organization_id: String,
    pub scopes: String,
    pub service_url: String,
    pub sign_in: SignIn,
    pub relay: String,
    pub path: String,
    pub engine: String,
    pub names: String,
    pub confidences: String,
    pub scale: f64,
}

/// Where the token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    Token,
    Relay,
    Credentials,
}

impl Default for AdobeSetup {
    fn default() -> Self {
        Self {
            authorization_server: "https://ims-na1.adobelogin.com".into(),
            client_id: String::new(),
            technical_account_id: String::new(),
            organization_id: String::new(),
            scopes: String::new(),
            service_url: "https://smartcontent.adobe.io/na".into(),
            sign_in: SignIn::Token,
            relay: String::new(),
            path: "/services/v2/predict".into(),
            engine: String::new(),
            names: String::new(),
            confidences: String::new(),
            scale: 1.0,
        }
    }
}

impl Asked for AdobeSetup {
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
