//! Keys and tokens: borrowed for one call, never shown, never stored.

use std::fmt;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};

/// What proves to a provider who asks. Which of them a provider takes, its section of docs/PROVIDERS.md says.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    pub key: Option<String>,
    /// A client secret, which belongs on a server.
    pub secret: Option<String>,
    pub token: Option<String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// The one proof that a request carries.
#[derive(Clone, Copy)]
pub(super) enum Credential<'a> {
    Key(&'a str),
    Token(&'a str),
}

impl Secrets {
    /// The key without white space round it.
    /// # Errors
    /// [`ErrorKind::ProviderKeyMissing`]; [`ErrorKind::ProviderKeyWrong`] if it holds what no header can carry.
    pub(super) fn key(&self) -> Result<&str> {
        sendable(given(&self.key), "key")
    }

    /// As [`Self::key`].
    pub(super) fn secret(&self) -> Result<&str> {
        sendable(given(&self.secret), "client secret")
    }

    /// As [`Self::key`].
    pub(super) fn token(&self) -> Result<&str> {
        sendable(given(&self.token), "token")
    }

    /// A key or a token: a request that carries both is answered by which of them the service looks at first.
    pub(super) fn credential(&self) -> Result<Credential<'_>> {
        match (given(&self.key), given(&self.token)) {
            (Some(_), Some(_)) => {
                let detail = "There are a key and a token, and only one of them may be sent. Remove one.";
                Err(Error::new(ErrorKind::ProviderSetupInvalid, detail))
            }
            (None, Some(_)) => self.token().map(Credential::Token),
            _ => self.key().map(Credential::Key),
        }
    }

    /// `text` with each secret in it replaced: what a server says may repeat what it was sent.
    pub fn hidden_in(&self, text: &str) -> String {
        let secrets = [&self.key, &self.secret, &self.token];
        // Shorter ones would also be found in words that say something.
        let secrets = secrets.into_iter().filter_map(given).filter(|secret| secret.len() >= 6);
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}

fn given(secret: &Option<String>) -> Option<&str> {
    secret.as_deref().map(str::trim).filter(|secret| !secret.is_empty())
}

fn sendable<'a>(secret: Option<&'a str>, what: &str) -> Result<&'a str> {
    let Some(secret) = secret else {
        return Err(Error::new(ErrorKind::ProviderKeyMissing, format!("The {what} is missing. Enter it.")));
    };
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = format!("The {what} has a space or another character that no {what} has. Copy it again, alone.");
        return Err(Error::new(ErrorKind::ProviderKeyWrong, detail));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(key: &str, token: &str) -> Secrets {
        Secrets { key: Some(key.into()), token: Some(token.into()), secret: None }
    }

    #[test]
    fn white_space_of_the_clipboard_is_no_part_of_a_key() {
        assert_eq!(secrets(" abc\r\n", "").key().unwrap(), "abc");
        for (key, kind) in [("", ErrorKind::ProviderKeyMissing), ("a\nb", ErrorKind::ProviderKeyWrong)] {
            assert_eq!(secrets(key, "").key().unwrap_err().kind(), kind);
        }
    }

    #[test]
    fn a_key_and_a_token_are_never_sent_together() {
        assert!(matches!(secrets("abc", " ").credential(), Ok(Credential::Key("abc"))));
        assert!(matches!(secrets("", "abc").credential(), Ok(Credential::Token("abc"))));
        assert!(secrets("abc", "def").credential().is_err());
    }

    #[test]
    fn secrets_are_not_shown_and_are_found_in_what_others_say() {
        let secrets = secrets("MARKER-1", "MARKER-2");
        assert!(!format!("{secrets:?}").contains("MARKER"));
        assert_eq!(secrets.hidden_in("not valid: MARKER-1, MARKER-2."), "not valid: …, ….");
    }
}
