//! What can go wrong, with a stable code for each kind.
//!
//! `kind` is for programs (and for the page's catalogues, which hold a title and a remedy per code), `detail` is one English
//! sentence with the facts of this case, `source` is the cause as the library below reported it.

use std::error::Error as StdError;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One failure: its kind, one sentence about this case, and the cause where there is one.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    kind: ErrorKind,
    detail: String,
    subject: Option<String>,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// `detail` is a sentence for people: what happened, with sizes and names, and what to do where that is known.
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), subject: None, source: None }
    }

    /// Adds the cause as a library reported it.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds what the sentence is about, where that has a name of its own in every language: a format, an operator.
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What went wrong. The code of a kind never changes: reports, tests and translations rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[doc = $doc])+ $name,)+ }

        impl ErrorKind {
            /// Every kind, for tests that walk them all.
            pub const ALL: &[ErrorKind] = &[$(ErrorKind::$name,)+];

            /// The stable, lower-case code, as it stands in reports.
            pub fn code(self) -> &'static str {
                match self { $(ErrorKind::$name => $code,)+ }
            }
        }
    };
}

kinds! {
    /// The file has no bytes.
    PictureEmpty = "picture_empty",
    /// More bytes than [`Limits::max_file_bytes`](crate::picture::decode::Limits).
    PictureFileTooLarge = "picture_file_too_large",
    /// A side longer than [`Limits::max_side`](crate::picture::decode::Limits).
    PictureSideTooLong = "picture_side_too_long",
    /// More pixels than [`Limits::max_pixels`](crate::picture::decode::Limits).
    PictureTooManyPixels = "picture_too_many_pixels",
    /// The content is no picture format known here.
    PictureFormatUnknown = "picture_format_unknown",
    /// A picture in a format that only a browser may be able to decode; the detail names it.
    PictureFormatUnsupported = "picture_format_unsupported",
    /// Cut off or corrupt.
    PictureDamaged = "picture_damaged",
    /// `model.json` is not a valid card.
    CardInvalid = "card_invalid",
    /// `vocabulary.json` contradicts itself or the card.
    VocabularyInvalid = "vocabulary_invalid",
    /// A file's SHA-256 is not the one that the card states.
    ModelHashMismatch = "model_hash_mismatch",
    /// Not an ONNX file, or a damaged one.
    ModelInvalid = "model_invalid",
    /// The network uses operators that the engine does not have; the detail names them.
    ModelOperatorUnsupported = "model_operator_unsupported",
    /// Inputs or outputs are not what the card says.
    ModelMismatch = "model_mismatch",
    /// A head that cannot be read, or belongs to another network or vocabulary.
    HeadInvalid = "head_invalid",
    /// A file of labels that cannot be read, or does not fit the network.
    LabelsInvalid = "labels_invalid",
    /// The engine failed while running the network.
    InferenceFailed = "inference_failed",
    /// The network gave NaN, an infinity or the wrong number of scores.
    ScoresInvalid = "scores_invalid",
    /// Nothing tells where in the picture this model saw this tag.
    ExplanationUnavailable = "explanation_unavailable",
    /// A threshold, limit or list that makes no sense.
    PolicyInvalid = "policy_invalid",
    /// A word that cannot be a tag.
    TagInvalid = "tag_invalid",
    /// A file could not be read.
    FileUnreadable = "file_unreadable",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_plain() {
        let mut codes: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    }
}
