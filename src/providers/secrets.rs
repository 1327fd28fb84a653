//! Keys and tokens: borrowed for one call, never shown, never stored.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::Deserialize;

use super::encode::percent_encoded;
use crate::error::{Error, ErrorKind, Result};

/// Shorter secrets would also be found in words that say something.
const LEAST_BYTES: usize = 6;

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
        self.forms().iter().fold(text.to_owned(), |text, form| text.replace(form, "…"))
    }

    /// Whether bytes that a server sent repeat a secret, also as JSON may write it: `\/` and `\u002f` are a slash.
    pub fn are_in(&self, bytes: &[u8]) -> bool {
        let plain = unescaped(bytes);
        self.forms().iter().any(|form| [bytes, &plain].into_iter().any(|text| contains(text, form.as_bytes())))
    }

    /// What is shorter than can be told from words that mean something: it is neither hidden nor found.
    pub fn too_short(&self) -> Option<&'static str> {
        let named = [("key", &self.key), ("secret", &self.secret), ("token", &self.token)];
        let short = named.into_iter().find(|(_, one)| given(one).is_some_and(|text| text.len() < LEAST_BYTES));
        short.map(|(name, _)| name)
    }

    /// As they travel, the longest first: alone, as HTTP's `Basic` joins key and secret, and in a form's body. Without the padding of base64,
    /// which some leave out and others write in another way.
    fn forms(&self) -> Vec<String> {
        let alone = [&self.key, &self.secret, &self.token].into_iter().filter_map(given);
        let basic = given(&self.key).zip(given(&self.secret));
        let basic = basic.map(|(key, secret)| STANDARD_NO_PAD.encode(format!("{key}:{secret}")));
        let mut forms: Vec<String> =
            alone.flat_map(|one| [one.to_owned(), percent_encoded(one)]).chain(basic).collect();
        forms.retain(|form| form.len() >= LEAST_BYTES);
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms
    }
}

/// With the characters of ASCII that JSON may write in other ways as they are.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let (byte, n) = match after {
            [escaped @ (b'/' | b'"' | b'\\'), ..] if *first == b'\\' => (*escaped, 2),
            [b'u', b'0', b'0', high, low, ..] if *first == b'\\' => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 6),
                _ => (*first, 1),
            },
            _ => (*first, 1),
        };
        plain.push(byte);
        rest = &rest[n..];
    }
    plain
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
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

    /// Joined as `Basic` does: `YT8/Pj4+a2V5OmE/Pz8+c2VjcmV0LTA=`.
    #[test]
    fn they_are_found_in_each_form_that_they_travel_in() {
        let both = Secrets { key: Some("a??>>>key".into()), secret: Some("a???>secret-0".into()), token: None };
        for text in [
            "you are a??>>>key",
            "secret=a%3F%3F%3F%3Esecret-0&",
            "Authorization: Basic YT8/Pj4+a2V5OmE/Pz8+c2VjcmV0LTA=",
            r#"{"sent":"YT8\/Pj4+a2V5OmE\/Pz8+c2VjcmV0LTA\u003d"}"#,
            r#"{"sent":"YT8\u002fPj4\u002Ba2V5OmE\u002FPz8\u002bc2VjcmV0LTA"#,
            r#"{"you":"a??\u003e>>key"}"#,
        ] {
            assert!(both.are_in(text.as_bytes()), "{text}");
        }
        assert_eq!(both.hidden_in("Basic YT8/Pj4+a2V5OmE/Pz8+c2VjcmV0LTA= is wrong"), "Basic …= is wrong");
        for text in [r#"{"tags":["key","secret"]}"#, "", "\\", r"\u00", r"\u00zz"] {
            assert!(!both.are_in(text.as_bytes()), "{text}");
        }
        assert!(!Secrets::default().are_in(b"anything"));
    }

    #[test]
    fn one_of_a_few_letters_is_found_in_no_word_and_said_to_be_short() {
        let short = Secrets { secret: Some(" tags ".into()), ..secrets("long-enough", "") };
        assert!(!short.are_in(br#"{"tags":[]}"#) && short.are_in(b"long-enough"));
        assert_eq!((short.too_short(), secrets("long-enough", "").too_short()), (Some("secret"), None));
        assert_eq!((secrets("12345", "").too_short(), secrets("123456", "").too_short()), (Some("key"), None));
    }
}
