//! What services say when they refuse: the bodies that are documented, by their form, whatever the set-up is called.
//!
//! Clarifai `{"status": {"code": 11008}}`, OpenAI `{"error": {"code", "type", "message"}}`, Ollama `{"error": "..."}`, PhotoPrism `{"code":
//! 401, "error": "..."}`, Tagsmith `{"error": {"code", "detail"}}`, Imagga `{"status": {"type": "error", "text"}}`. Anything else by its HTTP status.

use serde_json::Value;

use crate::error::ErrorKind;
use crate::providers::body::{failure_by_status, is_success, throttled, with_words};
use crate::providers::{Answer, Billed, Failure};

/// The failure that an answer is, if it is one. An answer with a status of success can be.
pub(super) fn failure(answer: &Answer, value: &Value) -> Option<Failure> {
    clarifai(answer, value)
        .or_else(|| imagga(answer, value))
        .or_else(|| error_object(answer, value))
        .or_else(|| error_text(answer, value))
        .or_else(|| (!is_success(answer)).then(|| failure_by_status(answer, message(value))))
}

/// `status.code`: 10000 is success, 10010 success for some of the inputs, each of which has a status of its own.
fn clarifai(answer: &Answer, value: &Value) -> Option<Failure> {
    let status = value.get("status")?;
    let code = status.get("code")?.as_u64()?;
    let (code, status) = match code {
        10000 => return None,
        10010 => {
            let inner = value.pointer("/outputs/0/status")?;
            (inner.get("code").and_then(Value::as_u64).filter(|code| *code != 10000)?, inner)
        }
        code => (code, status),
    };
    let said = status.get("description").and_then(Value::as_str);
    use ErrorKind::*;
    Some(match code {
        10020 => of(ProviderPictureRefused, "Clarifai could not do it for this picture.", said).billed(Billed::Maybe),
        10030 => of(ProviderUnavailable, "Clarifai asks to try again.", said).backoff(),
        11001 => of(ProviderKeyExpired, "The token is no longer valid. Make a new personal access token.", said),
        11002 | 11008 => of(ProviderKeyWrong, "The key is not valid. Copy the personal access token again.", said),
        11005 => throttled(of(ProviderThrottled, "Too many requests in a short time.", said), answer, said),
        11006 => of(ProviderQuotaUsedUp, "The plan's limit is reached.", said),
        11007 => of(ProviderNotPermitted, "The token lacks a scope that this needs.", said),
        11009 => of(ProviderKeyWrong, "There is no such key. Copy the personal access token again.", said),
        21200 => of(ProviderModelMissing, "There is no such model. Check its name, user and app.", said),
        _ if is_success(answer) => of(ProviderRequestRefused, "Clarifai refused the request.", said),
        _ => failure_by_status(answer, said),
    })
}

fn imagga(answer: &Answer, value: &Value) -> Option<Failure> {
    let status = value.get("status")?;
    if status.get("type")?.as_str()? != "error" {
        return None;
    }
    let said = status.get("text").and_then(Value::as_str);
    let is_of_quota = said.is_some_and(|said| said.to_ascii_lowercase().contains("limit has been reached"));
    Some(match answer.status {
        402 | 403 if is_of_quota => of(ErrorKind::ProviderQuotaUsedUp, "The plan's limit is reached.", said),
        _ if is_success(answer) => of(ErrorKind::ProviderRequestRefused, "The service refused the request.", said),
        _ => failure_by_status(answer, said),
    })
}

/// OpenAI, and those that speak as it does. `error` is null where all is well.
fn error_object(answer: &Answer, value: &Value) -> Option<Failure> {
    let error = value.get("error").filter(|error| error.is_object())?;
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    let said = text("message").or_else(|| text("detail"));
    let names = [text("code"), text("type")];
    let is = |name: &str| names.contains(&Some(name));
    let is_of_picture = text("code").is_some_and(|code| code.starts_with("picture_"));
    use ErrorKind::*;
    Some(if is("insufficient_quota") || is("credit_balance_exhausted") || is("billing_hard_limit_reached") {
        of(ProviderQuotaUsedUp, "The account's credit or its limit is used up.", said)
    } else if is("invalid_api_key") || is("authentication_error") {
        of(ProviderKeyWrong, "The key is not accepted. Copy it again, or make a new one.", said)
    } else if is("model_not_found") {
        of(ProviderModelMissing, "There is no such model, or the account may not use it.", said)
    } else if is("invalid_image")
        || is("invalid_image_format")
        || is("image_parse_error")
        || is("image_too_large")
        || is_of_picture
    {
        of(ProviderPictureRefused, "The picture cannot be used.", said)
    } else if is("rate_limit_exceeded") || answer.status == 429 {
        let failure = of(ProviderThrottled, "Too many requests, or too large ones, in a short time.", said);
        match said.and_then(short_time_ms) {
            Some(ms) if answer.header("retry-after").is_none() => failure.after_ms(ms),
            _ => throttled(failure, answer, said),
        }
    } else if is_success(answer) {
        of(ProviderRequestRefused, "The service answered with an error.", said).billed(Billed::Maybe)
    } else if names_a_model(answer, said) {
        of(ProviderModelMissing, "There is no such model.", said)
    } else {
        failure_by_status(answer, said)
    })
}

/// Ollama, PhotoPrism and many others.
fn error_text(answer: &Answer, value: &Value) -> Option<Failure> {
    let said = value.get("error")?.as_str().filter(|said| !said.is_empty())?;
    Some(if names_a_model(answer, Some(said)) {
        let sentence = "There is no such model. On a machine of your own, fetch it first (`ollama pull NAME`).";
        of(ErrorKind::ProviderModelMissing, sentence, Some(said))
    } else if said.to_ascii_lowercase().contains("does not support") {
        of(ErrorKind::ProviderModelMissing, "This model cannot do what is asked: it may not see pictures.", Some(said))
    } else if is_success(answer) {
        of(ErrorKind::ProviderRequestRefused, "The service answered with an error.", Some(said)).billed(Billed::Maybe)
    } else {
        failure_by_status(answer, Some(said))
    })
}

/// "model 'llava' not found", "no image processor that has this model available"; on a status that may mean it.
fn names_a_model(answer: &Answer, said: Option<&str>) -> bool {
    let said = said.unwrap_or_default().to_ascii_lowercase();
    let is_missing = ["not found", "does not exist", "not available", "this model available"]
        .iter()
        .any(|words| said.contains(words));
    matches!(answer.status, 200 | 400 | 404 | 422) && said.contains("model") && is_missing
}

fn message(value: &Value) -> Option<&str> {
    ["message", "detail", "error_description", "title"].iter().find_map(|name| value.get(name)?.as_str())
}

fn of(kind: ErrorKind, sentence: &str, said: Option<&str>) -> Failure {
    Failure::new(kind, with_words(sentence, "The server", said.unwrap_or_default()))
}

/// A time as OpenAI writes it: "Please try again in 1m30.5s", "in 20ms".
fn short_time_ms(said: &str) -> Option<u64> {
    const MAX_MS: f64 = 86_400_000.0;
    let said = said.to_ascii_lowercase();
    let mut rest = said.split_once("try again in ")?.1;
    let mut ms = 0.0;
    let mut is_time = false;
    while rest.starts_with(|c: char| c.is_ascii_digit())
        && let Some(end) = rest.find(|c: char| !c.is_ascii_digit() && c != '.')
    {
        let number: f64 = rest[..end].parse().ok()?;
        let unit = &rest[end..];
        let (factor, length) = [("ms", 1.0), ("h", 3_600_000.0), ("m", 60_000.0), ("s", 1000.0)]
            .into_iter()
            .find(|(name, _)| {
                unit.strip_prefix(name).is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphabetic()))
            })
            .map(|(name, factor)| (factor, name.len()))?;
        ms += number * factor;
        is_time = true;
        rest = &unit[length..];
    }
    is_time.then(|| ms.ceil().min(MAX_MS) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_openai_writes_them() {
        for (said, wanted) in [
            ("Rate limit reached. Please try again in 1s.", Some(1000)),
            ("Please try again in 20ms. Visit", Some(20)),
            ("try again in 1m30.5s", Some(90_500)),
            ("try again in 6h0m0s", Some(21_600_000)),
            ("try again in 99999h", Some(86_400_000)),
            ("try again in 5 seconds", None),
            ("try again in 5 minutes", None),
            ("try again later", None),
            ("try again in 1..s", None),
        ] {
            assert_eq!(short_time_ms(said), wanted, "{said}");
        }
    }
}
