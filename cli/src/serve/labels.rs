//! The labels part of PhotoPrism's Vision API (`POST /api/v1/vision/labels`): pictures inside JSON, and labels back, in its own form.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tagsmith::ErrorKind;
use tagsmith::session::TaggedReport;

use crate::picture_tagger::PictureTagger;
use crate::serve::refusal::Refusal;

/// Of a request. PhotoPrism sends one, or a few of the same photograph.
const MAX_IMAGES: usize = 8;
const MAX_ID_CHARS: usize = 64;
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A request, with its pictures as files.
pub struct Asked {
    id: String,
    pub files: Vec<Vec<u8>>,
}

/// What is read of its JSON; what else is in it is for language models.
#[derive(Debug, Deserialize)]
struct Request {
    #[serde(default)]
    id: String,
    #[serde(default)]
    images: Vec<String>,
    #[serde(default)]
    url: String,
}

/// One label; PhotoPrism's own classifier says `image`, too.
#[derive(Debug, Serialize)]
pub struct Label {
    name: String,
    source: &'static str,
    confidence: f32,
    /// Of a language model how much the label is what the picture is about; here as sure as the label is.
    topicality: f32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
}

impl Asked {
    /// `most`: bytes of a picture.
    ///
    /// # Errors
    /// 400 for what is no such request, 413 for a picture that is too large.
    pub fn read(body: &[u8], most: u64) -> Result<Self, Refusal> {
        let wrong = |detail: String| Refusal::request(StatusCode::BAD_REQUEST, detail);
        let Request { id, images, url } = serde_json::from_slice(body).map_err(|error| {
            wrong(format!("The body is no request for labels: {error}. Send JSON with \"images\"."))
        })?;
        let is_elsewhere = |image: &String| image.starts_with("http://") || image.starts_with("https://");
        if !url.is_empty() || images.iter().any(is_elsewhere) {
            let detail =
                "The service fetches nothing. Set FileScheme to data, so that pictures are in the request itself.";
            return Err(wrong(detail.into()));
        }
        match images.len() {
            0 => Err(wrong("\"images\" is empty. Send at least one picture.".into())),
            n if n > MAX_IMAGES => Err(wrong(format!("There are {n} pictures, and {MAX_IMAGES} are the most."))),
            _ => Ok(Self { id, files: images.iter().map(|image| file(image, most)).collect::<Result<_, _>>()? }),
        }
    }

    /// The id to answer, as PhotoPrism makes such.
    fn known_id(&self) -> Option<&str> {
        let is_fine = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        Some(&*self.id).filter(|id| !id.is_empty() && id.len() <= MAX_ID_CHARS && id.chars().all(is_fine))
    }

    pub fn answer(&self, labels: &[Label], tagger: &PictureTagger) -> Value {
        let card = tagger.tagger().card();
        let model = json!({ "type": "labels", "name": card.id, "version": card.version });
        let mut answer = json!({ "code": 200, "model": model, "result": { "labels": labels } });
        if let Some(id) = self.known_id() {
            answer["id"] = id.into();
        }
        answer
    }
}

/// A file from `data:image/jpeg;base64,…` or from base64 alone.
///
/// # Errors
/// 400 for what is neither, 413 for more than `most` bytes.
fn file(image: &str, most: u64) -> Result<Vec<u8>, Refusal> {
    let wrong = |why| Refusal::request(StatusCode::BAD_REQUEST, format!("A picture of \"images\" {why}."));
    let text = match image.strip_prefix("data:") {
        None => image,
        Some(rest) => {
            let (about, text) = rest.split_once(',').ok_or_else(|| wrong("is a data URL without data"))?;
            let is_base64 = about.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
            is_base64.then_some(text).ok_or_else(|| wrong("is a data URL that is not base64"))?
        }
    };
    let file = ENGINE.decode(text.trim()).map_err(|_| wrong("is no base64"))?;
    if file.len() as u64 > most {
        let detail = "A picture of \"images\" is larger than the limit. The option is --max-file.";
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorKind::PictureFileTooLarge, detail));
    }
    Ok(file)
}

/// Puts the labels of one more picture to those before: each once, with its highest confidence, the surest first.
pub fn add(labels: &mut Vec<Label>, report: TaggedReport, tagger: &PictureTagger, language: &str) {
    let vocabulary = tagger.tagger().vocabulary();
    let name_of = |id: &String| {
        let idx = vocabulary.idx(id);
        idx.map_or_else(|| id.clone(), |idx| vocabulary.tag(idx).name(language).to_owned())
    };
    for tag in report.tags {
        match labels.iter_mut().find(|label| label.name == tag.name) {
            Some(known) => {
                known.confidence = known.confidence.max(tag.confidence);
                known.topicality = known.confidence;
            }
            None => labels.push(Label {
                name: tag.name,
                source: "image",
                confidence: tag.confidence,
                topicality: tag.confidence,
                categories: tag.parents.iter().map(name_of).collect(),
            }),
        }
    }
    labels.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
}

/// As PhotoPrism's service says that it cannot.
pub fn refused(refusal: &Refusal) -> Value {
    json!({ "code": refusal.status.as_u16(), "error": refusal.detail, "result": {} })
}
