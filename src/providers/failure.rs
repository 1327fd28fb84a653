//! Why a picture has no tags from a provider, whether to ask again, and whether that may have been paid.

use serde::{Deserialize, Serialize, Serializer};

use super::Secrets;
use crate::error::{Error, ErrorKind};
use crate::printable::printable;

/// A request, or one picture of it, that brought no tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    #[serde(rename = "code", serialize_with = "as_code")]
    pub kind: ErrorKind,
    /// One English sentence or more about this case, printable and without secrets.
    pub detail: String,
    pub retry: Retry,
    pub billed: Billed,
}

/// Whether asking again may help, without a person changing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    Never,
    /// After a time that grows with each try.
    Backoff,
    /// Not before this many milliseconds; with further tries the time grows from there.
    AfterMs(u64),
}

/// Whether the provider counts this as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Billed {
    No,
    Maybe,
    Yes,
}

fn as_code<S: Serializer>(kind: &ErrorKind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.code())
}

impl Failure {
    /// Not to be asked again by itself, and not billed.
    pub fn new(kind: ErrorKind, detail: impl AsRef<str>) -> Self {
        Self { kind, detail: printable(detail.as_ref()), retry: Retry::Never, billed: Billed::No }
    }

    pub fn backoff(self) -> Self {
        Self { retry: Retry::Backoff, ..self }
    }

    pub fn after_ms(self, ms: u64) -> Self {
        Self { retry: Retry::AfterMs(ms), ..self }
    }

    pub fn billed(self, billed: Billed) -> Self {
        Self { billed, ..self }
    }

    /// The same without any of the secrets, which a server may have repeated.
    pub fn without(self, secrets: &Secrets) -> Self {
        Self { detail: secrets.hidden_in(&self.detail), ..self }
    }
}

/// What went wrong before anything was sent.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error.kind(), error.detail())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_written_as_the_page_reads_it() {
        let failure = Failure::new(ErrorKind::ProviderThrottled, "Wait.").after_ms(26_000).billed(Billed::Maybe);
        let json = r#"{"code":"provider_throttled","detail":"Wait.","retry":{"after_ms":26000},"billed":"maybe"}"#;
        assert_eq!(serde_json::to_string(&failure).unwrap(), json);
        for (retry, json) in [(Retry::Never, r#""never""#), (Retry::Backoff, r#""backoff""#)] {
            assert_eq!(serde_json::to_string(&retry).unwrap(), json);
        }
    }
}
