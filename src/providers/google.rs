//! Google Cloud Vision, `images:annotate` with LABEL_DETECTION: up to 16 pictures a request, labels in English only.

mod answer;
mod errors;

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::encode::{base64_into, base64_len, percent_encoded};
use super::secrets::Credential;
use super::service_url::{has_key_in_query, service_address, without_suffix};
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

/// Of one request.
const MAX_PICTURES: usize = 16;
/// Bytes of a request's JSON, base64 included: it stays below.
const MAX_JSON: u64 = 10_000_000;
/// Covers the 640 × 480 that Google suggests for labels, up to pictures twice as wide as high.
const USEFUL_SIDE: u32 = 1024;
const MAX_NAME_BYTES: usize = 200;

/// How Google Cloud Vision is asked for labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleSetup {
    /// `https://vision.googleapis.com`, or that of a region.
    pub host: String,
    /// The project that pays where a token is used, and whose place `location` is.
    pub project: Option<String>,
    /// `us` or `eu`: where pictures are processed; with a project only.
    pub location: Option<String>,
    /// Any string that Google knows; empty for its own default.
    pub model: String,
    /// Labels of a picture, at most.
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
        let had_key = has_key_in_query(&self.host);
        let address = service_address(&self.host)?;
        let (base, place) = without_call(&address.path);
        self.host = format!("{}{base}", address.origin());
        if let Some((project, location)) = place {
            self.project.get_or_insert(project);
            self.location.get_or_insert(location);
        }
        let region = ["us", "eu"].into_iter().find(|region| address.host == format!("{region}-vision.googleapis.com"));
        for field in [&mut self.project, &mut self.location] {
            *field = field.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        if let (Some(region), Some(_), None) = (region, &self.project, &self.location) {
            self.location = Some(region.to_owned());
        }
        self.refuse_what_cannot_be(region)?;

        let mut notes = vec![Note::new("labels_in_english", [])];
        if had_key {
            notes.push(Note::new("key_removed_from_address", []));
        }
        if self.key_in_query {
            notes.push(Note::new("key_in_address", []));
        }
        Ok(notes)
    }

    fn origins(&self) -> Result<Vec<String>> {
        Ok(vec![service_address(&self.host)?.origin()])
    }

    fn picture_need(&self) -> PictureNeed {
        let alone = (MAX_JSON - 1 - self.json_len(&[])) / 4 * 3 - MAX_NAME_BYTES as u64;
        PictureNeed { max_side: USEFUL_SIDE, min_side: 1, max_bytes: alone as u32, media_type: "image/jpeg" }
    }

    fn batches(&self, sizes: &[u32]) -> Vec<u32> {
        let mut lengths = Vec::new();
        let mut begin = 0;
        for end in 1..=sizes.len() {
            let is_full = end - begin > MAX_PICTURES || self.json_len(&sizes[begin..end]) >= MAX_JSON;
            if is_full && end - begin > 1 {
                lengths.push((end - 1 - begin) as u32);
                begin = end - 1;
            }
        }
        if begin < sizes.len() {
            lengths.push((sizes.len() - begin) as u32);
        }
        lengths
    }

    fn request(&self, secrets: &Secrets, pictures: &[Picture], _language: &str) -> Result<Request> {
        let mut setup = self.clone();
        setup.check()?;
        if !(1..=MAX_PICTURES).contains(&pictures.len()) {
            let detail =
                format!("{} pictures were to go into one request; it takes 1 to {MAX_PICTURES}.", pictures.len());
            return Err(Error::new(ErrorKind::ProviderRequestRefused, detail));
        }
        let sizes: Vec<u32> =
            pictures.iter().map(|picture| u32::try_from(picture.bytes.len()).unwrap_or(u32::MAX)).collect();
        if pictures.iter().any(|picture| picture.bytes.is_empty()) || setup.json_len(&sizes) >= MAX_JSON {
            let detail = "The pictures are empty, or too large for a request of 10 MB. Make them smaller.";
            return Err(Error::new(ErrorKind::ProviderPictureRefused, detail));
        }
        let mut url = setup.call();
        let mut headers = vec![("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())];
        match secrets.credential()? {
            Credential::Key(key) if setup.key_in_query => url.push_str(&format!("?key={}", percent_encoded(key))),
            Credential::Key(key) => headers.push(("X-Goog-Api-Key".into(), key.to_owned())),
            Credential::Token(token) => {
                headers.push(("Authorization".into(), format!("Bearer {token}")));
                headers.extend(setup.project.iter().map(|project| ("X-Goog-User-Project".to_owned(), project.clone())));
            }
        }
        Ok(Request { method: "POST", url, headers, body: setup.json(pictures).into_bytes() })
    }

    fn answer(&self, answer: &Answer, n: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
        answer::read(answer, n)
    }
}

impl GoogleSetup {
    fn refuse_what_cannot_be(&self, region: Option<&str>) -> Result<()> {
        let invalid = |detail: String| Err(Error::new(ErrorKind::ProviderSetupInvalid, detail));
        let is_name = |text: &String, marks: &str| {
            text.len() <= MAX_NAME_BYTES
                && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || marks.contains(c))
        };
        if let Some(project) = self.project.as_ref().filter(|project| !is_name(project, "-.:")) {
            return invalid(format!(
                "{project:?} is no project's id: small letters, digits and hyphens. Copy it from Google's console."
            ));
        }
        match (&self.project, &self.location) {
            (_, Some(location)) if !is_name(location, "-") => {
                return invalid(format!("{location:?} is no location. Write us or eu, or leave it empty."));
            }
            (None, Some(_)) => {
                return invalid("A location needs the id of a project. Enter it, or leave both empty.".into());
            }
            (Some(_), Some(location)) if region.is_some_and(|region| region != location) => {
                return invalid(format!(
                    "The host is not of the location {location:?}. Choose the same region for both."
                ));
            }
            _ => {}
        }
        if self.model.len() > MAX_NAME_BYTES || self.model.chars().any(char::is_control) {
            return invalid(
                "The model's name is too long, or has a line break. Copy it again, or leave it empty.".into(),
            );
        }
        if !(1..=1000).contains(&self.max_results) {
            return invalid(format!("{} labels per picture cannot be asked for. Choose 1 to 1000.", self.max_results));
        }
        Ok(())
    }

    fn call(&self) -> String {
        match (&self.project, &self.location) {
            (Some(project), Some(location)) => {
                format!("{}/v1/projects/{project}/locations/{location}/images:annotate", self.host)
            }
            _ => format!("{}/v1/images:annotate", self.host),
        }
    }

    fn json(&self, pictures: &[Picture]) -> String {
        let sizes: Vec<u32> = pictures.iter().map(|picture| picture.bytes.len() as u32).collect();
        let mut json = String::with_capacity(self.json_len(&sizes) as usize);
        let features = self.features();
        json.push_str(BEGIN);
        for (at, picture) in pictures.iter().enumerate() {
            json.push_str(if at == 0 { IMAGE } else { NEXT_IMAGE });
            base64_into(&mut json, picture.bytes);
            json.push_str(&features);
        }
        json.push_str(END);
        json
    }

    /// Bytes of the JSON for pictures of these sizes.
    fn json_len(&self, sizes: &[u32]) -> u64 {
        let features = self.features().len() as u64;
        let pictures: u64 =
            sizes.iter().map(|size| NEXT_IMAGE.len() as u64 + base64_len((*size).into()) + features).sum();
        BEGIN.len() as u64 + pictures.saturating_sub(u64::from(!sizes.is_empty())) + END.len() as u64
    }

    /// What follows each picture.
    fn features(&self) -> String {
        let mut feature = serde_json::json!({ "type": "LABEL_DETECTION", "maxResults": self.max_results });
        if !self.model.is_empty() {
            feature["model"] = self.model.as_str().into();
        }
        format!("\"}},\"features\":[{feature}]}}")
    }
}

const BEGIN: &str = "{\"requests\":[";
const IMAGE: &str = "{\"image\":{\"content\":\"";
const NEXT_IMAGE: &str = ",{\"image\":{\"content\":\"";
const END: &str = "]}";

/// What stands before the call in a path that may be that of a whole call, and the project and location in it.
fn without_call(path: &str) -> (&str, Option<(String, String)>) {
    let without_call = without_suffix(path, "/images:annotate").unwrap_or(path.trim_end_matches('/'));
    let segments: Vec<&str> = without_call.split('/').collect();
    if let [before @ .., "v1", "projects", project, "locations", location] = segments.as_slice() {
        let length = before.join("/").len();
        return (&without_call[..length], Some(((*project).to_owned(), (*location).to_owned())));
    }
    (without_suffix(without_call, "/v1").unwrap_or(without_call), None)
}

#[cfg(test)]
mod tests;
