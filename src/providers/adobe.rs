//! Adobe's Smart Content Service and Content Tagging.
//!
//! The request and answer by which the Smart Content Service tags pictures are not public, and neither is an engine id for tagging
//! pictures. What is sent is the nearest documented form, that of `services/v2/predict`; path, engine and where the tags are in the answer
//! are settings, which whoever has a contract knows. Signing in (IMS, OAuth server-to-server) is documented.

mod answer;
mod check;
mod token;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::address::Address;
use super::asked::Asked;
use super::mapping::Mapping;
use super::multipart::{Part, written};
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets, Token};
use crate::error::{Error, ErrorKind, Result};

/// How Adobe's service is asked. In brackets: what AEM's dialog calls a field, where that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdobeSetup {
    pub authorization_server: String,
    /// CLIENT ID of the Developer Console (Api Key).
    pub client_id: String,
    /// Kept for the person: nothing that is sent holds it.
    pub technical_account_id: String,
    pub organization_id: String,
    /// With commas and without spaces.
    pub scopes: String,
    /// Its address gives a 404 in a browser even where everything is right.
    pub service_url: String,
    pub sign_in: SignIn,
    /// Address of a relay, which holds the client secret and adds the token.
    pub relay: String,
    /// Behind the service's address, or behind the relay's.
    pub path: String,
    pub engine: String,
    /// A pointer into the answer. Of an answer in parts, the first step is the part's name.
    pub names: String,
    /// Empty if the answer has none.
    pub confidences: String,
    /// 1 or 100.
    pub scale: f64,
}

/// Where the token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// Pasted: the Developer Console makes one that holds for a day.
    Token,
    Relay,
    /// Asked for with the client secret, which belongs on a server: for the command line and its relay.
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

impl AdobeSetup {
    /// Where pictures go.
    fn target(&self) -> Result<Address> {
        let (base, what) = if self.sign_in == SignIn::Relay {
            (&self.relay, "relay's address")
        } else {
            (&self.service_url, "service URL")
        };
        Address::parse(&format!("{}{}", check::secure(base, what)?.base(), self.path))
    }

    fn mapping(&self) -> Result<Mapping> {
        Mapping::parse(&self.names, Some(&self.confidences), self.scale)
    }

    /// What cannot be asked for without a contract.
    fn need_engine(&self) -> Result<()> {
        if !self.engine.is_empty() && !self.names.is_empty() {
            return Ok(());
        }
        let missing = if self.engine.is_empty() { "engine" } else { "place of the tags in the answer" };
        Err(Error::new(
            ErrorKind::ProviderSetupInvalid,
            format!(
                "The {missing} is not filled in. Adobe has published none for tagging pictures, so it cannot be guessed here: ask Adobe, \
                 who has your contract, or leave this provider off."
            ),
        ))
    }

    fn headers(&self, secrets: &Secrets) -> Result<Vec<(String, String)>> {
        let mut headers = vec![("Prefer".to_owned(), "respond-async, wait=59".to_owned())];
        if self.sign_in != SignIn::Relay {
            if self.client_id.is_empty() {
                let detail = "The client id (AEM: Api Key) is missing. Copy CLIENT ID from the Developer Console.";
                return Err(Error::new(ErrorKind::ProviderSetupInvalid, detail));
            }
            headers.push(("Authorization".into(), format!("Bearer {}", secrets.token()?)));
        }
        for (name, value) in [("x-api-key", &self.client_id), ("x-gw-ims-org-id", &self.organization_id)] {
            if !value.is_empty() {
                check::visible(name, value)?;
                headers.push((name.into(), value.clone()));
            }
        }
        Ok(headers)
    }
}

impl Asked for AdobeSetup {
    fn check(&mut self) -> Result<Vec<Note>> {
        check::check(self)
    }

    fn origins(&self) -> Result<Vec<String>> {
        let mut origins = Vec::new();
        if self.sign_in == SignIn::Credentials {
            origins.push(Address::parse(&self.authorization_server)?.origin());
        }
        let target = self.target()?.origin();
        if !origins.contains(&target) {
            origins.push(target);
        }
        Ok(origins)
    }

    /// Nothing of this is published; AEM trains on pictures of 500 pixels and more.
    fn picture_need(&self) -> PictureNeed {
        PictureNeed { max_side: 1024, min_side: 50, max_bytes: 4_000_000, media_type: "image/jpeg" }
    }

    fn has_confidence(&self) -> bool {
        !self.confidences.is_empty()
    }

    fn request(&self, secrets: &Secrets, pictures: &[Picture], _language: &str) -> Result<Request> {
        self.need_engine()?;
        self.mapping()?;
        let [picture] = pictures else {
            return Err(Error::new(ErrorKind::ProviderRequestRefused, "Adobe is asked about one picture at a time."));
        };
        let mut headers = self.headers(secrets)?;
        let form = json!({
            "sensei:name": "Tagsmith",
            "sensei:invocation_mode": "synchronous",
            "sensei:invocation_batch": false,
            "sensei:engines": [{
                "sensei:execution_info": {"sensei:engine": self.engine},
                "sensei:inputs": {"documents": [{"sensei:multipart_field_name": "infile_1", "dc:format": "image/jpg"}]},
                "sensei:params": {},
                "sensei:outputs": {"result": {"sensei:multipart_field_name": "result", "dc:format": "application/json"}},
            }],
        })
        .to_string();
        let parts = [
            Part::json("contentAnalyzerRequests", &form),
            Part::picture("infile_1", picture.bytes, picture.media_type),
        ];
        let (content_type, body) = written(&parts);
        headers.push(("Content-Type".into(), content_type));
        Ok(Request { method: "POST", url: self.target()?.url(), headers, body })
    }

    fn answer(&self, answer: &Answer, n: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
        if n != 1 {
            return Err(Failure::new(ErrorKind::ProviderRequestRefused, "One picture is asked about at a time."));
        }
        answer::read(self, answer).map(|found| vec![Ok(found)])
    }

    fn token_request(&self, secrets: &Secrets) -> Option<Result<Request>> {
        (self.sign_in == SignIn::Credentials).then(|| token::request(self, secrets))
    }

    fn token(&self, answer: &Answer) -> Result<Token, Failure> {
        token::read(answer)
    }
}

#[cfg(test)]
mod tests;
