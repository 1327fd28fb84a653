//! Why a request brings no tags: a status, a stable code and a sentence.

use hyper::StatusCode;
use tagsmith::{Error, ErrorKind};

use crate::picture_tagger::failure;

#[derive(Debug)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    /// The methods that would do, with 405.
    pub allow: Option<&'static str>,
    /// In how many seconds it is worth asking again.
    pub retry_after: Option<u64>,
}

impl Refusal {
    pub fn new(status: StatusCode, kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { status, code: kind.code(), detail: detail.into(), allow: None, retry_after: None }
    }

    /// Of a request that nobody can answer as it is.
    pub fn request(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, ErrorKind::ProviderRequestRefused, detail)
    }

    /// Of a parameter that is none.
    pub fn parameter(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorKind::PolicyInvalid, detail)
    }

    pub fn busy(detail: impl Into<String>, seconds: u64) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorKind::ProviderThrottled, detail);
        Self { retry_after: Some(seconds), ..refusal }
    }
}

/// Of a picture.
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::PictureFileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::PictureFormatUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorKind::PolicyInvalid => StatusCode::BAD_REQUEST,
            ErrorKind::InferenceFailed | ErrorKind::ScoresInvalid => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.kind(), failure(&error).detail)
    }
}
