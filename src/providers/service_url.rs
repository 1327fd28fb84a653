//! The address of a cloud's service as people paste it: often the whole address of a call, sometimes with a key in it.

use super::address::Address;
use crate::error::{Error, ErrorKind, Result};

/// The address without query and fragment; `https` where nothing is said, `http` only for this machine.
/// # Errors
/// [`ErrorKind::ProviderSetupInvalid`].
pub(super) fn service_address(text: &str) -> Result<Address> {
    let text = text.split(['?', '#']).next().unwrap_or_default().trim();
    let with_scheme = if text.is_empty() || text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let address = Address::parse(&with_scheme)?;
    if !address.is_secure && !address.is_loopback() {
        let detail = format!("{} would send pictures and the key unencrypted. Write https://.", address.origin());
        return Err(Error::new(ErrorKind::ProviderSetupInvalid, detail));
    }
    Ok(address)
}

/// Whether what was pasted had a key in its query.
pub(super) fn has_key_in_query(text: &str) -> bool {
    let query = text.split_once('?').map_or("", |(_, query)| query).to_ascii_lowercase();
    query
        .split('&')
        .any(|part| ["key=", "$key=", "subscription-key=", "access_token="].iter().any(|name| part.starts_with(name)))
}

/// `path` without `suffix` at its end and without slashes there, whatever the case of its letters.
pub(super) fn without_suffix<'a>(path: &'a str, suffix: &str) -> Option<&'a str> {
    let path = path.trim_end_matches('/');
    let at = path.len().checked_sub(suffix.len())?;
    let is_there = path.is_char_boundary(at) && path[at..].eq_ignore_ascii_case(suffix);
    is_there.then(|| path[..at].trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_dropped_and_a_scheme_added() {
        let base = |text: &str| service_address(text).map(|address| address.base()).map_err(|error| error.kind());
        assert_eq!(base(" vision.googleapis.com/?key=MARKER#x ").as_deref(), Ok("https://vision.googleapis.com"));
        assert_eq!(base("http://127.0.0.1:8080/a/").as_deref(), Ok("http://127.0.0.1:8080/a"));
        for wrong in ["http://example.com", "http://192.168.1.2", "", "?key=x", "ftp://example.com"] {
            assert_eq!(base(wrong), Err(ErrorKind::ProviderSetupInvalid), "{wrong}");
        }
        assert!(has_key_in_query("https://a?x=1&Key=2") && !has_key_in_query("https://a?monkey=2"));
    }

    #[test]
    fn an_error_does_not_repeat_a_key_of_the_query() {
        let error = service_address("ht tp://a?key=MARKER").unwrap_err();
        assert!(!error.detail().contains("MARKER"));
    }
}
