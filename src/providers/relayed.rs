//! What a relay of one's own says for itself, as opposed to what it passes on: `{"relay": {"code", "detail", "retry", "billed"}}`.

use serde::Deserialize;

use super::body::told;
use super::{Answer, Billed, Failure, Retry};
use crate::error::ErrorKind;

const MAX_BYTES: usize = 16 * 1024;

#[derive(Deserialize)]
struct Relayed {
    relay: Said,
}

#[derive(Deserialize)]
struct Said {
    code: String,
    detail: String,
    retry: Retry,
    billed: Billed,
}

/// The relay's own failure, if the answer is one. Its code has to be one of providers'.
pub(super) fn relayed(answer: &Answer) -> Option<Failure> {
    if answer.status < 400 || answer.body.len() > MAX_BYTES {
        return None;
    }
    let Relayed { relay } = serde_json::from_slice(answer.body).ok()?;
    let is_of_providers = |kind: &&ErrorKind| kind.code() == relay.code && kind.code().starts_with("provider_");
    let kind = *ErrorKind::ALL.iter().find(is_of_providers)?;
    Some(Failure { retry: relay.retry, billed: relay.billed, ..Failure::new(kind, told(&relay.detail)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Option<Failure> {
        relayed(&Answer { status, headers: &[], body: body.as_bytes() })
    }

    #[test]
    fn a_relays_own_words_come_back_as_they_were() {
        let failure = Failure::new(ErrorKind::ProviderUnreachable, "The relay cannot reach the host.")
            .after_ms(500)
            .billed(Billed::Maybe);
        let body = format!("{{\"relay\":{}}}", serde_json::to_string(&failure).unwrap());
        assert_eq!(read(502, &body), Some(failure));
    }

    #[test]
    fn anything_else_is_what_it_passes_on() {
        let relay = r#"{"relay":{"code":"provider_offline","detail":"x","retry":"never","billed":"no"}}"#;
        assert!(read(502, relay).is_some() && read(200, relay).is_none());
        for body in [
            "",
            "{}",
            "<html>",
            "{\"relay\":{}}",
            &relay.replace("provider_offline", "picture_empty"),
            &relay.replace("never", "often"),
        ] {
            assert_eq!(read(502, body), None, "{body}");
        }
    }
}
