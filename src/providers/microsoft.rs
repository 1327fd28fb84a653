//! Microsoft's Image Analysis, also called Computer Vision and Azure Vision: one picture a request, tags in many languages.

mod answer;
mod endpoint;
mod errors;
mod languages;

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::encode::percent_encoded;
use super::secrets::Credential;
use super::service_url::has_key_in_query;
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};
use endpoint::Endpoint;

/// Enough for tags; what Microsoft's own networks look at is not published.
const USEFUL_SIDE: u32 = 1024;
const MAX_SIDE: u32 = 16_000;
/// Both sides are longer than this.
const MIN_SIDE: u32 = 50;
const MAX_NAME_BYTES: usize = 40;

/// How Microsoft's Image Analysis is asked for tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MicrosoftSetup {
    /// Of the person's own resource, as its page in the portal shows it, or of a gateway.
    pub endpoint: String,
    pub version: Version,
    /// Of version 4.0.
    pub api_version: String,
    /// `latest` or a date; for versions 3.2 and 4.0. Empty for the service's own default.
    pub model_version: String,
    /// Whether version 4.0 is also asked for a description, which is a feature, and so a unit, of its own.
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

impl Version {
    fn name(self) -> &'static str {
        match self {
            Version::V2 => "2.0",
            Version::V3 => "3.2",
            Version::V4 => "4.0",
        }
    }

    /// Bytes: a picture has fewer.
    fn max_bytes(self) -> usize {
        match self {
            Version::V2 | Version::V3 => 4_000_000,
            Version::V4 => 20_000_000,
        }
    }

    fn media_types(self) -> &'static [&'static str] {
        const ALL: &[&str] =
            &["image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp", "image/tiff", "image/x-icon"];
        match self {
            Version::V2 | Version::V3 => &ALL[..4],
            Version::V4 => ALL,
        }
    }
}

impl Asked for MicrosoftSetup {
    fn check(&mut self) -> Result<Vec<Note>> {
        let had_key = has_key_in_query(&self.endpoint);
        let typed = Endpoint::read(&self.endpoint, self.version)?;
        for (what, text) in [("api-version", &mut self.api_version), ("model version", &mut self.model_version)] {
            *text = text.trim().to_owned();
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            if text.len() > MAX_NAME_BYTES || !text.chars().all(is_name) {
                let detail = format!("{text:?} is no {what}. Write a date such as 2023-10-01, or leave it as it was.");
                return Err(Error::new(ErrorKind::ProviderSetupInvalid, detail));
            }
        }
        let mut notes = Vec::new();
        if had_key {
            notes.push(Note::new("key_removed_from_address", []));
        }
        let kept = if typed.is_retired() {
            let now = typed.converted(self.version);
            notes.push(Note::new("endpoint_converted", [("from", &typed.base()), ("to", &now.base())]));
            now
        } else {
            if typed.version != self.version {
                notes.push(Note::new("version_from_endpoint", [("version", typed.version.name())]));
            }
            typed
        };
        if kept.is_old() {
            notes.push(Note::new("old_version_kept", [("version", kept.spoken())]));
        } else {
            notes.push(Note::new("ends_2028", [("version", kept.spoken()), ("date", "2028-09-25")]));
        }
        self.version = kept.version;
        self.endpoint = kept.normal();
        if kept.version == Version::V4 && self.api_version.is_empty() {
            self.api_version = Self::default().api_version;
        }
        Ok(notes)
    }

    fn origins(&self) -> Result<Vec<String>> {
        Ok(vec![Endpoint::read(&self.endpoint, self.version)?.origin()])
    }

    fn picture_need(&self) -> PictureNeed {
        let max_bytes = self.version.max_bytes() as u32 - 1;
        PictureNeed { max_side: USEFUL_SIDE, min_side: MIN_SIDE + 1, max_bytes, media_type: "image/jpeg" }
    }

    /// One for each feature of each picture.
    fn units(&self, n: u32) -> u32 {
        n.saturating_mul(if self.asks_for_captions() { 2 } else { 1 })
    }

    fn request(&self, secrets: &Secrets, pictures: &[Picture], language: &str) -> Result<Request> {
        let endpoint = Endpoint::read(&self.endpoint, self.version)?;
        if endpoint.is_retired() {
            let detail = format!(
                "Microsoft has switched off {}. Check the set-up: it is converted to a version that is in service.",
                endpoint.base()
            );
            return Err(Error::new(ErrorKind::ProviderEndpointRetired, detail));
        }
        let version = endpoint.version;
        let [picture] = pictures else {
            let detail = format!("{} pictures were to go into one request; it takes one.", pictures.len());
            return Err(Error::new(ErrorKind::ProviderRequestRefused, detail));
        };
        refuse_what_is_not_taken(picture, version)?;
        let language = languages::known(version, language)?;
        let model = match version {
            Version::V2 => String::new(),
            _ if self.model_version.is_empty() => String::new(),
            _ => format!("&model-version={}", percent_encoded(&self.model_version)),
        };
        let base = endpoint.base();
        let url = match version {
            Version::V2 | Version::V3 => format!("{base}/tag?language={language}{model}"),
            Version::V4 => {
                let features = if self.captions { "tags,caption" } else { "tags" };
                let api_version = percent_encoded(&self.api_version);
                format!(
                    "{base}/imageanalysis:analyze?api-version={api_version}&features={features}&language={language}{model}"
                )
            }
        };
        let credential = match secrets.credential()? {
            Credential::Key(key) => ("Ocp-Apim-Subscription-Key".to_owned(), key.to_owned()),
            Credential::Token(token) => ("Authorization".to_owned(), format!("Bearer {token}")),
        };
        let headers = vec![("Content-Type".to_owned(), "application/octet-stream".to_owned()), credential];
        Ok(Request { method: "POST", url, headers, body: picture.bytes.to_vec() })
    }

    fn answer(&self, answer: &Answer, n: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
        answer::read(answer, n, self.version)
    }
}

impl MicrosoftSetup {
    fn asks_for_captions(&self) -> bool {
        let version = Endpoint::read(&self.endpoint, self.version).map_or(self.version, |endpoint| endpoint.version);
        self.captions && version == Version::V4
    }
}

fn refuse_what_is_not_taken(picture: &Picture, version: Version) -> Result<()> {
    let refused = |detail: String| Err(Error::new(ErrorKind::ProviderPictureRefused, detail));
    let (width, height) = (picture.width, picture.height);
    if width.min(height) <= MIN_SIDE {
        return refused(format!(
            "The picture is {width} × {height}; each side has to be longer than {MIN_SIDE} pixels."
        ));
    }
    if version != Version::V2 && width.max(height) >= MAX_SIDE {
        return refused(format!(
            "The picture is {width} × {height}; each side has to be shorter than {MAX_SIDE} pixels."
        ));
    }
    if picture.bytes.is_empty() || picture.bytes.len() >= version.max_bytes() {
        let megabytes = version.max_bytes() / 1_000_000;
        return refused(format!("The picture is empty, or has {megabytes} MB or more. Make it smaller."));
    }
    if !version.media_types().contains(&picture.media_type) {
        return refused(format!("Version {} does not take {}. Send a JPEG.", version.name(), picture.media_type));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
