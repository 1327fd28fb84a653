//! Bodies of answers: JSON, or whatever stands in its place.

use serde_json::Value;

use super::retry::{retry_after_ms, time_in_text};
use super::{Answer, Billed, Failure};
use crate::error::ErrorKind;
use crate::printable::is_unprintable;

/// Bytes: far more than an answer for a full batch has.
const MAX_BODY: usize = 32 << 20;
const MAX_TOLD_CHARS: usize = 300;
/// The end of a sentence, where somebody bills.
const LOOK_IN_ACCOUNT: &str = ", and look in the provider's account what was counted";

/// The JSON value that the body is.
/// # Errors
/// By the status where that is an error, else [`ErrorKind::ProviderAnswerUnreadable`].
pub(super) fn json(answer: &Answer) -> Result<Value, Failure> {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(answer.body);
    let is_kept_short = body.len() <= MAX_BODY;
    let value = if is_kept_short { serde_json::from_slice(body).ok() } else { None };
    value.ok_or_else(|| if is_success(answer) { unreadable(what_it_is(body)) } else { failure_by_status(answer, None) })
}

/// Whether the status says that the request was carried out.
pub(super) fn is_success(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}

/// An answer to a request that was carried out, and perhaps billed, that says nothing. `what` it is, as the end of a sentence.
pub(super) fn unreadable(what: &str) -> Failure {
    let detail = format!("The answer cannot be used: {what}. Check the address{LOOK_IN_ACCOUNT}.");
    Failure::new(ErrorKind::ProviderAnswerUnreadable, detail).billed(Billed::Maybe)
}

/// The same where nobody bills, so that there is no account to look into.
pub(super) fn unbilled(failure: Failure) -> Failure {
    Failure { detail: failure.detail.replace(LOOK_IN_ACCOUNT, ""), billed: Billed::No, ..failure }
}

fn what_it_is(body: &[u8]) -> &'static str {
    let begin = String::from_utf8_lossy(&body[..body.len().min(200)]).trim_start().to_ascii_lowercase();
    if body.len() > MAX_BODY {
        "it is too long"
    } else if begin.is_empty() {
        "it is empty"
    } else if begin.starts_with("<!doctype html") || begin.starts_with("<html") {
        "it is a web page"
    } else if begin.starts_with('{') || begin.starts_with('[') {
        "it is cut off or damaged"
    } else {
        "it is not JSON"
    }
}

/// The failure that an HTTP status alone means. `said`: the server's own words.
pub(super) fn failure_by_status(answer: &Answer, said: Option<&str>) -> Failure {
    use ErrorKind::*;
    let status = answer.status;
    let of = |kind, sentence: &str| {
        Failure::new(kind, with_words(&format!("{sentence} (HTTP {status})."), "The server", said.unwrap_or_default()))
    };
    match status {
        401 => of(ProviderKeyWrong, "The key or token was not accepted"),
        402 => of(ProviderNotPermitted, "The account has to be paid for first"),
        403 | 407 | 451 => of(ProviderNotPermitted, "The provider does not permit this"),
        404 | 405 if said.is_none() => of(ProviderAnswerUnreadable, "There is no such service at this address"),
        410 => of(ProviderEndpointRetired, "This address is no longer in service"),
        413 => of(ProviderPictureRefused, "The picture has too many bytes for the provider"),
        415 => of(ProviderPictureRefused, "The provider does not take this format of picture"),
        408 | 504 => of(ProviderTimedOut, "The provider took too long").backoff().billed(Billed::Maybe),
        429 => throttled(of(ProviderThrottled, "Too many requests in a short time"), answer, said),
        500..=599 => throttled(of(ProviderUnavailable, "The provider failed or is not in service"), answer, said),
        400..=499 if said.is_some() => of(ProviderRequestRefused, "The provider refused the request"),
        _ => of(ProviderAnswerUnreadable, "The answer is none of this provider"),
    }
}

/// With the time to wait that the answer tells: by its header, else in its words, else growing with each try.
pub(super) fn throttled(failure: Failure, answer: &Answer, said: Option<&str>) -> Failure {
    match retry_after_ms(answer).or_else(|| said.and_then(time_in_text)) {
        Some(ms) => failure.after_ms(ms),
        None => failure.backoff(),
    }
}

/// `sentence`, and what the server said, in quotes that it cannot end.
pub(super) fn with_words(sentence: &str, who: &str, said: &str) -> String {
    let said = told(said).replace(['“', '”'], "\"");
    if said.is_empty() { sentence.to_owned() } else { format!("{sentence} {who} said: “{said}”") }
}

/// What a server said, to be shown: on one line, not long, and without words that look like a key, since some servers repeat it.
pub(super) fn told(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).take(8 * MAX_TOLD_CHARS).collect();
    let words: Vec<String> = text.split_whitespace().map(without_keys).collect();
    let text = words.join(" ");
    match text.char_indices().nth(MAX_TOLD_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Runs of 16 or more characters of keys, with letters and digits among them, and very long ones of any.
fn without_keys(word: &str) -> String {
    let is_of_keys = |c: char| c.is_ascii_alphanumeric() || "-_+/=.~".contains(c);
    let mut kept = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_keys(c)).unwrap_or(rest.len());
        let run = &rest[..end];
        let has = |test: fn(&u8) -> bool| run.as_bytes().iter().any(test);
        let is_key = run.len() >= 16 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) || run.len() >= 60;
        kept.push_str(if is_key { "…" } else { run });
        let next = rest[end..].find(is_of_keys).map_or(rest.len(), |n| end + n);
        kept.push_str(&rest[end..next]);
        rest = &rest[next..];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Retry;

    fn answer(status: u16, body: &[u8]) -> Answer<'_> {
        Answer { status, headers: &[], body }
    }

    #[test]
    fn what_is_no_json_is_named() {
        for (body, what) in [
            ("", "empty"),
            ("<!DOCTYPE html><p>", "web page"),
            ("{\"a\":", "cut off"),
            ("ok", "not JSON"),
            ("\u{feff}[", "cut off"),
        ] {
            let failure = json(&answer(200, body.as_bytes())).unwrap_err();
            assert_eq!((failure.kind, failure.billed), (ErrorKind::ProviderAnswerUnreadable, Billed::Maybe));
            assert!(failure.detail.contains(what), "{}", failure.detail);
        }
        assert_eq!(json(&answer(200, "\u{feff}[]".as_bytes())).unwrap(), Value::Array(vec![]));
    }

    #[test]
    fn a_web_page_with_an_error_status_is_told_by_the_status() {
        for (status, kind) in [
            (503, ErrorKind::ProviderUnavailable),
            (429, ErrorKind::ProviderThrottled),
            (401, ErrorKind::ProviderKeyWrong),
            (404, ErrorKind::ProviderAnswerUnreadable),
            (302, ErrorKind::ProviderAnswerUnreadable),
        ] {
            let failure = json(&answer(status, b"<html>")).unwrap_err();
            assert_eq!((failure.kind, failure.billed), (kind, Billed::No), "{status}");
        }
        assert_eq!(json(&answer(503, b"")).unwrap_err().retry, Retry::Backoff);
    }

    #[test]
    fn keys_are_not_repeated_and_words_are() {
        for text in ["AIzaSyD-1234567890abcdef", "(key=MARKER-0123456789abcdef)", "\"a1.b2.c3.d4.e5.f6.g7\""] {
            let shown = told(&format!("The key {text} is wrong."));
            assert!(shown.contains('…') && !shown.contains("0123") && !shown.contains("AIza"), "{shown}");
        }
        let sentence = "NotSupportedVisualFeature: API_KEY_HTTP_REFERRER_BLOCKED by F0 at https://a.example/help.";
        assert_eq!(told(sentence), sentence);
        assert_eq!(told(&"word ".repeat(200)).chars().count(), MAX_TOLD_CHARS + 1);
    }
}
