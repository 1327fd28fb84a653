//! What is wanted of a picture: the parameters of the address, which say what the options of `tag` say, and the type of the body.

use clap::ValueEnum;
use http_body_util::{BodyDataStream, Full};
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use multer::Multipart;
use tagsmith::{ErrorKind, TagOptions};

use crate::picture_tagger::{PictureTagger, Wanted};
use crate::serve::refusal::Refusal;
use crate::tagging_args::OperatingPoint;
use crate::{language, model};

const NAMES: &str = "policy, threshold, max_tags, lang, allow, deny, path, candidates, scores, embedding";
const MAX_PATH_CHARS: usize = 4096;
/// Of a form, the one with the picture.
const PART: &str = "file";

/// What the report is to have, and to call the picture.
#[derive(Debug, Clone)]
pub struct Question {
    pub wanted: Wanted,
    /// Where it is said.
    pub path: Option<String>,
}

impl Question {
    /// # Errors
    /// 400, with the parameter that is none.
    pub fn read(query: Option<&str>, tagger: &PictureTagger) -> Result<Self, Refusal> {
        let mut policy = tagger.policy().clone();
        let (mut path, mut candidates, mut all_scores, mut embedding) = (None, false, false, false);
        let mut said: Vec<String> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let is_list = matches!(&*name, "allow" | "deny");
            if !is_list && said.iter().any(|one| *one == name) {
                return Err(Refusal::parameter(format!("{name} is there twice. Say it once.")));
            }
            match &*name {
                "threshold" => policy.threshold = number(&name, &value)?,
                "max_tags" => policy.max_tags = number(&name, &value)?,
                "policy" => {
                    let point = OperatingPoint::from_str(&value, true).map_err(|_| {
                        Refusal::parameter(format!("There is no policy {value:?}. It is sure, balanced or generous."))
                    })?;
                    policy.threshold = model::operating_point(point, tagger.tagger())?;
                }
                "lang" => {
                    let chosen = language::choose(&value, tagger.tagger().vocabulary().languages());
                    policy.language =
                        chosen.map_err(|sentence| Refusal::parameter(sentence.replace("--lang", "lang")))?;
                }
                // The first replaces what the service was started with.
                "allow" | "deny" => {
                    let list = if name == "allow" { &mut policy.allow } else { &mut policy.deny };
                    if !said.iter().any(|one| *one == name) {
                        list.clear();
                    }
                    list.push(value.into_owned());
                }
                "path" if value.chars().count() > MAX_PATH_CHARS => {
                    return Err(Refusal::parameter(format!("path has more than {MAX_PATH_CHARS} characters.")));
                }
                "path" => path = Some(value.into_owned()),
                "candidates" => candidates = yes(&name, &value)?,
                "scores" => all_scores = yes(&name, &value)?,
                "embedding" => embedding = yes(&name, &value)?,
                _ => return Err(Refusal::parameter(format!("There is no parameter {name:?}. There are: {NAMES}."))),
            }
            said.push(name.into_owned());
        }
        let is_said = |name: &str| said.iter().any(|one| one == name);
        if is_said("policy") && is_said("threshold") {
            return Err(Refusal::parameter("policy is a threshold. Say one of the two."));
        }
        if tagger.has_words() && (candidates || all_scores) {
            return Err(Refusal::parameter(
                "The service shows words of a list only (--only-words), and neither candidates nor scores.",
            ));
        }
        tagger.tagger().check(&TagOptions { policy: Some(policy.clone()), limits: tagger.limits() })?;
        Ok(Self { wanted: Wanted { policy, candidates, all_scores, embedding }, path })
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, Refusal> {
    value.parse().map_err(|_| Refusal::parameter(format!("{name}={value:?} is no number that can be used.")))
}

fn yes(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "" | "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(Refusal::parameter(format!("{name}={value:?} is neither true nor false."))),
    }
}

/// How the picture is sent.
pub enum Sent {
    /// It is the body.
    Alone,
    /// In a form, with this boundary between its parts.
    InForm(String),
}

impl Sent {
    /// Many programs say that a picture alone is a form, or say nothing.
    ///
    /// # Errors
    /// 415, with the types that are taken.
    pub fn read(head: &Parts) -> Result<Self, Refusal> {
        let Some(whole) = head.headers.get(CONTENT_TYPE) else { return Ok(Self::Alone) };
        let whole = whole.to_str().unwrap_or("?");
        let said = whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if said.starts_with("image/")
            || ["", "application/octet-stream", "application/x-www-form-urlencoded"].contains(&said.as_str())
        {
            return Ok(Self::Alone);
        }
        if let Ok(boundary) = multer::parse_boundary(whole) {
            return Ok(Self::InForm(boundary));
        }
        let detail = format!(
            "{said:?} is no type of a picture. Send the file as image/* or application/octet-stream, or as the part {PART:?} of a form."
        );
        Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorKind::PictureFormatUnknown, detail))
    }
}

/// The picture in a form, and its file's name where that is said.
///
/// # Errors
/// 400 for what is no form, or has no such part.
pub async fn part(body: Vec<u8>, boundary: &str) -> Result<(Vec<u8>, Option<String>), Refusal> {
    let wrong = |detail: String| Refusal::request(StatusCode::BAD_REQUEST, detail);
    let damaged = |error: multer::Error| wrong(format!("The form is damaged: {error}. Send it again, whole."));
    let stream = BodyDataStream::new(Full::<Bytes>::from(body));
    let mut form = Multipart::new(stream, boundary);
    while let Some(field) = form.next_field().await.map_err(damaged)? {
        if field.name() == Some(PART) {
            let name = field.file_name().map(str::to_owned).filter(|name| !name.is_empty());
            if name.as_ref().is_some_and(|name| name.chars().count() > MAX_PATH_CHARS) {
                return Err(wrong(format!(
                    "The file's name has more than {MAX_PATH_CHARS} characters. Give it a shorter one."
                )));
            }
            return Ok((field.bytes().await.map_err(damaged)?.into(), name));
        }
    }
    Err(wrong(format!("The form has no part {PART:?}. Name the picture so.")))
}
