//! Errors, each kind with a stable code.
//!
//! `kind` is for programs, and for the page's message catalogues, which have a title and a remedy per code. `detail` is one English
//! sentence about this case. `source` is the underlying library's error.

use std::error::Error as StdError;

use crate::printable::printable;

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure: its kind, a sentence about this case, and the underlying error if there is one.
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
    /// `detail` is a sentence for people: what is wrong, with sizes and names, then what to do about it. Names of others in it are made
    /// [`printable`].
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: printable(&detail.into()), subject: None, source: None }
    }

    /// Adds the underlying library's error.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds the name of the thing in question, such as a format or an operator; it is the same in every language.
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(printable(&subject.into()));
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
        /// The kind of an error. Its code never changes: reports, tests and translations rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[doc = $doc])+ $name,)+ }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: &[ErrorKind] = &[$(ErrorKind::$name,)+];

            /// The stable, lower-case code that reports contain.
            pub fn code(self) -> &'static str {
                match self { $(ErrorKind::$name => $code,)+ }
            }
        }
    };
}

kinds! {
    /// The file has no bytes.
    PictureEmpty = "picture_empty",
    /// More bytes than [`Limits::max_file_bytes`](crate::picture::Limits).
    PictureFileTooLarge = "picture_file_too_large",
    /// A side longer than [`Limits::max_side`](crate::picture::Limits).
    PictureSideTooLong = "picture_side_too_long",
    /// More pixels than [`Limits::max_pixels`](crate::picture::Limits).
    PictureTooManyPixels = "picture_too_many_pixels",
    /// More memory to decode it than [`Limits::max_bytes`](crate::picture::Limits), or far more than its pixels explain.
    PictureTooMuchMemory = "picture_too_much_memory",
    /// Decoding it takes longer than [`Limits::max_ms`](crate::picture::Limits).
    PictureTooSlow = "picture_too_slow",
    /// The content is not in a known picture format.
    PictureFormatUnknown = "picture_format_unknown",
    /// A known picture format that is not decoded here; the detail names it.
    PictureFormatUnsupported = "picture_format_unsupported",
    /// The file is cut off or corrupt.
    PictureDamaged = "picture_damaged",
    /// `model.json` is not a valid card.
    CardInvalid = "card_invalid",
    /// `vocabulary.json` contradicts itself or the card.
    VocabularyInvalid = "vocabulary_invalid",
    /// A file's SHA-256 differs from the one in the card.
    ModelHashMismatch = "model_hash_mismatch",
    /// Not an ONNX file, or a damaged one.
    ModelInvalid = "model_invalid",
    /// The network keeps its weights in another file, which is missing; the detail names it.
    ModelWeightsMissing = "model_weights_missing",
    /// A sound ONNX file that does not run here; the detail says why.
    ModelUnsupported = "model_unsupported",
    /// The network uses unsupported operators; the detail names them.
    ModelOperatorUnsupported = "model_operator_unsupported",
    /// The network's inputs or outputs differ from the card's.
    ModelMismatch = "model_mismatch",
    /// A head cannot be read, or belongs to another network or vocabulary.
    HeadInvalid = "head_invalid",
    /// A file of own tags cannot be read: damaged, of a later version, or with values that cannot be.
    OwnHeadInvalid = "own_head_invalid",
    /// Own tags that were trained on another network's embeddings.
    OwnHeadOtherBackbone = "own_head_other_backbone",
    /// Nothing can be learnt from the pictures: too few, none with a tag, or embeddings that do not belong together.
    TrainingSetInvalid = "training_set_invalid",
    /// The person stopped a training.
    TrainingCancelled = "training_cancelled",
    /// A folder or an archive is no training set: no pictures, none with a tag, or too many tags.
    ImportInvalid = "import_invalid",
    /// An archive is damaged, encrypted or made to harm.
    ArchiveInvalid = "archive_invalid",
    /// A file of labels cannot be read, or does not fit the network.
    LabelsInvalid = "labels_invalid",
    /// Running the network failed.
    InferenceFailed = "inference_failed",
    /// The network returned NaN, an infinity or the wrong number of scores.
    ScoresInvalid = "scores_invalid",
    /// The model cannot tell where in the picture it saw the tag.
    ExplanationUnavailable = "explanation_unavailable",
    /// A threshold, limit or list is invalid.
    PolicyInvalid = "policy_invalid",
    /// The text cannot be a tag: it is empty or too long.
    TagInvalid = "tag_invalid",
    /// A strict vocabulary does not have the word.
    TagOutside = "tag_outside",
    /// A list of one's own words cannot be read.
    WordsInvalid = "words_invalid",
    /// Keywords cannot be written into the file; the detail says why.
    KeywordsNotWritable = "keywords_not_writable",
    /// The XMP that another program wrote cannot be read, so nothing is added to it.
    XmpInvalid = "xmp_invalid",
    /// A file could not be read.
    FileUnreadable = "file_unreadable",
    /// A choice for an export is invalid, or there is more than the format holds.
    ExportInvalid = "export_invalid",
    /// Pictures would share the file that belongs beside each of them.
    ExportNamesCollide = "export_names_collide",
    /// What is kept contradicts itself: a length, a number or a name in it cannot be.
    LibraryDamaged = "library_damaged",
    /// A library that a later version of this program has written.
    LibraryNewer = "library_newer",
    /// More tags of other runs than there is room for beside the model's own.
    LibraryTooLarge = "library_too_large",
    /// A field of a provider's set-up cannot be; the detail says which and what to write.
    ProviderSetupInvalid = "provider_setup_invalid",
    /// The address is of a version that the provider has switched off.
    ProviderEndpointRetired = "provider_endpoint_retired",
    /// No key, token or secret was given or sent.
    ProviderKeyMissing = "provider_key_missing",
    /// The provider does not know the key, token or secret.
    ProviderKeyWrong = "provider_key_wrong",
    /// The token or the credential is past its end.
    ProviderKeyExpired = "provider_key_expired",
    /// The credential was taken back.
    ProviderKeyRevoked = "provider_key_revoked",
    /// The credential is known and may not do this: rights, account, billing, or where the key may be used from.
    ProviderNotPermitted = "provider_not_permitted",
    /// The key is of another region than the address, or wrong; the provider does not say which.
    ProviderRegionWrong = "provider_region_wrong",
    /// Nothing more is answered until the quota is renewed.
    ProviderQuotaUsedUp = "provider_quota_used_up",
    /// Too many requests in a short time.
    ProviderThrottled = "provider_throttled",
    /// The provider failed, or is not in service.
    ProviderUnavailable = "provider_unavailable",
    /// The answer is cut off, a web page, or of another shape than expected.
    ProviderAnswerUnreadable = "provider_answer_unreadable",
    /// The request was sent, and perhaps billed, but no answer came.
    ProviderAnswerLost = "provider_answer_lost",
    /// No connection came about.
    ProviderUnreachable = "provider_unreachable",
    /// The provider answers, but not to web pages (CORS).
    ProviderBlocked = "provider_blocked",
    /// The device is offline.
    ProviderOffline = "provider_offline",
    /// The device's clock is wrong, so that signed things seem expired or not yet valid.
    ProviderClockWrong = "provider_clock_wrong",
    /// The answer took longer than allowed.
    ProviderTimedOut = "provider_timed_out",
    /// The provider does not take this picture: size, format or content.
    ProviderPictureRefused = "provider_picture_refused",
    /// The provider does not take the request for another reason; the detail has its words.
    ProviderRequestRefused = "provider_request_refused",
    /// The provider has no tags in that language.
    ProviderLanguageUnsupported = "provider_language_unsupported",
    /// The provider does not have the model.
    ProviderModelMissing = "provider_model_missing",
    /// The browser may not ask an address in the person's own network.
    ProviderLocalRefused = "provider_local_refused",
    /// The month's cap of calls, set by the person, is reached.
    ProviderCapReached = "provider_cap_reached",
    /// Providers cannot be asked from here: no service worker, or the host's headers forbid it.
    ProviderUnavailableHere = "provider_unavailable_here",
    /// The provider's host has not been enabled.
    ProviderNotEnabled = "provider_not_enabled",
    /// A person has said that these pictures never leave the device.
    ProviderNeverLeaves = "provider_never_leaves",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_others_reaches_a_terminal_as_it_is() {
        let error = Error::new(ErrorKind::ModelInvalid, "\u{1b}[2J\u{9b}".to_owned()).with_subject("Op\u{202e}");
        assert_eq!((error.detail(), error.subject()), ("\\u{1b}[2J\\u{9b}", Some("Op\\u{202e}")));
    }

    #[test]
    fn codes_are_unique_and_lower_case() {
        let mut codes: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    }
}
