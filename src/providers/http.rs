//! Any HTTP endpoint: how the picture is sent, and where in the answer the tags are.
//!
//! Texts of a set-up have places: `{key}`, `{secret}` and `{basic}` in headers; `{model}` and `{language}` in the address; `{image}`
//! (base64), `{data_url}`, `{media_type}`, `{model}`, `{prompt}` and `{language}` in a body, and in the prompt `{language}`, which is the
//! language's name there. Secrets have no place in addresses and bodies, which are logged on their way.

mod answer;
mod check;
mod errors;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::asked::Asked;
use super::browser::language_name;
use super::encode::base64_into;
use super::multipart::{Part, written};
use super::template::{Filling, InJson, InUrl, filled, has_place};
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

/// How any HTTP endpoint is asked, and where in its answer the tags are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSetup {
    /// The ready-made set-up that this one began as.
    pub preset: Option<String>,
    pub url: String,
    /// Besides `Content-Type`, which follows from the body.
    pub headers: Vec<(String, String)>,
    pub body: HttpBody,
    pub model: String,
    /// What a language model is asked.
    pub prompt: String,
    /// Pointer to the names, with `*` for each element of a list; may have the place `{language}`.
    pub names: String,
    /// Pointer to as many confidences; null if the answer has none.
    pub confidences: Option<String>,
    /// 1 or 100: the largest confidence.
    pub scale: f64,
    /// Pointer to a text that holds JSON written by a language model: `{"tags": [..], "title", "description", "alt_text"}`. `names` and
    /// `confidences` are not looked at then.
    pub text: Option<String>,
    /// Of one's own machine or network: nobody bills, and `http` is allowed.
    pub is_own_machine: bool,
}

/// How the picture is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpBody {
    Multipart(Multipart),
    /// JSON with places in its texts.
    Json(String),
    /// The picture alone, as `application/octet-stream`.
    Bytes,
}

/// A form with the picture in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Multipart {
    pub field: String,
    /// Names and values, which may have the places of a body but the picture's.
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

/// What the places of a body hold.
struct OfBody<'a> {
    setup: &'a HttpSetup,
    picture: &'a Picture<'a>,
    prompt: &'a str,
    language: &'a str,
}

impl Filling for OfBody<'_> {
    fn fill(&self, name: &str, into: &mut String) -> bool {
        match name {
            "image" => base64_into(into, self.picture.bytes),
            "data_url" => {
                into.push_str(&format!("data:{};base64,", self.picture.media_type));
                base64_into(into, self.picture.bytes);
            }
            "media_type" => into.push_str(self.picture.media_type),
            "model" => into.push_str(&self.setup.model),
            "prompt" => into.push_str(self.prompt),
            "language" => into.push_str(self.language),
            _ => return false,
        }
        true
    }
}

impl HttpSetup {
    fn address(&self, language: &str) -> Result<Address> {
        let places: &[(&str, &str)] = &[("model", &self.model), ("language", language)];
        Address::parse(&filled(&self.url, &InUrl(places)))
    }

    /// # Errors
    /// [`ErrorKind::ProviderKeyMissing`] where a header has a place for a secret that is not given: except on one's own machine, where the
    /// header is left out, as most services there want none.
    fn filled_headers(&self, secrets: &Secrets) -> Result<Vec<(String, String)>> {
        let mut headers = Vec::new();
        for (name, template) in &self.headers {
            match header_value(template, secrets) {
                Ok(value) => headers.push((name.clone(), value)),
                Err(error) if self.is_own_machine && error.kind() == ErrorKind::ProviderKeyMissing => {}
                Err(error) => return Err(error),
            }
        }
        Ok(headers)
    }
}

fn header_value(template: &str, secrets: &Secrets) -> Result<String> {
    let has = |name: &str| has_place(template, name);
    let key = if has("key") || has("basic") { secrets.key()? } else { "" };
    let secret = if has("secret") || has("basic") { secrets.secret()? } else { "" };
    let basic = if has("basic") { STANDARD.encode(format!("{key}:{secret}")) } else { String::new() };
    let places: &[(&str, &str)] = &[("key", key), ("secret", secret), ("basic", &basic)];
    Ok(filled(template, places))
}

impl Asked for HttpSetup {
    fn check(&mut self) -> Result<Vec<Note>> {
        check::check(self)
    }

    fn origins(&self) -> Result<Vec<String>> {
        Ok(vec![self.address("en")?.origin()])
    }

    /// What is of use to a model that sees, and below what services take.
    fn picture_need(&self) -> PictureNeed {
        PictureNeed { max_side: 1024, min_side: 32, max_bytes: 4_000_000, media_type: "image/jpeg" }
    }

    /// What a language model says of its own sureness is no measure.
    fn has_confidence(&self) -> bool {
        self.text.is_none() && self.confidences.is_some()
    }

    fn is_billed(&self) -> bool {
        !self.is_own_machine
    }

    fn request(&self, secrets: &Secrets, pictures: &[Picture], language: &str) -> Result<Request> {
        let [picture] = pictures else {
            return Err(Error::new(
                ErrorKind::ProviderRequestRefused,
                "An endpoint is asked about one picture at a time.",
            ));
        };
        let address = self.address(language)?;
        check::may_be_asked(self, &address)?;
        let mut headers = self.filled_headers(secrets)?;
        let of_prompt: &[(&str, &str)] = &[("language", language_name(language))];
        let prompt = filled(&self.prompt, of_prompt);
        let places = OfBody { setup: self, picture, prompt: &prompt, language };
        let (content_type, body) = match &self.body {
            HttpBody::Bytes => ("application/octet-stream".to_owned(), picture.bytes.to_vec()),
            HttpBody::Json(template) => {
                ("application/json".to_owned(), filled(template, &InJson(&places)).into_bytes())
            }
            HttpBody::Multipart(form) => {
                let values: Vec<String> = form.fields.iter().map(|(_, value)| filled(value, &places)).collect();
                let mut parts: Vec<Part> =
                    form.fields.iter().zip(&values).map(|((name, _), value)| Part::text(name, value)).collect();
                parts.push(Part::picture(&form.field, picture.bytes, picture.media_type));
                written(&parts)
            }
        };
        headers.push(("Content-Type".into(), content_type));
        Ok(Request { method: "POST", url: address.url(), headers, body })
    }

    fn answer(&self, answer: &Answer, n: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
        if n != 1 {
            return Err(Failure::new(ErrorKind::ProviderRequestRefused, "One picture is asked about at a time."));
        }
        answer::read(self, answer).map(|found| vec![Ok(found)])
    }
}

#[cfg(test)]
mod tests;
