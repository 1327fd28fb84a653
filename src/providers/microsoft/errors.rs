//! Microsoft's errors, of services and of the gateways before them, in seven shapes. What a gateway says it says in words only, so there,
//! and only there, words are looked at.

use serde_json::Value;

use super::Version;
use crate::error::ErrorKind;
use crate::error::ErrorKind::*;
use crate::providers::body::{failure_by_status, is_success, throttled, with_words};
use crate::providers::{Answer, Billed, Failure};

/// Codes of the services, and what they mean here.
const CODES: [(&[&str], ErrorKind, &str); 11] = [
    (
        &[
            "InvalidImageUrl",
            "InvalidImageFormat",
            "InvalidImageSize",
            "NotSupportedImage",
            "UnsupportedMediaType",
            "InvalidImageDimension",
        ],
        ProviderPictureRefused,
        "Microsoft does not take this picture.",
    ),
    (
        &["NotSupportedLanguage"],
        ProviderLanguageUnsupported,
        "This version has not all of what is asked for in this language. Choose English, or leave out descriptions.",
    ),
    (&["InvalidModel", "InvalidModelVersion"], ProviderModelMissing, "There is no such model version. Write latest."),
    (
        &[
            "NotSupportedVisualFeature",
            "NotSupportedFeature",
            "InvalidDetails",
            "BadArgument",
            "InvalidArgument",
            "InvalidRequest",
            "InvalidThumbnailSize",
            "DetectFaceError",
            "BadRequest",
            "NotSupportedApiVersion",
            "UnsupportedApiVersion",
        ],
        ProviderRequestRefused,
        "Microsoft refused the request. Check version, api-version and model version.",
    ),
    (
        &[
            "FailedToProcess",
            "InternalServerError",
            "Unspecified",
            "StorageException",
            "ServiceUnavailable",
            "CancelledRequest",
            "InternalError",
        ],
        ProviderUnavailable,
        "Microsoft failed, or is not in service at the moment.",
    ),
    (&["Timeout"], ProviderTimedOut, "Microsoft took too long."),
    (
        &["PermissionDenied", "Forbidden", "AuthorizationFailed"],
        ProviderNotPermitted,
        "The key or account may not do this. Check the rights and the network rules of the resource.",
    ),
    (
        &["Unauthorized", "Unauthenticated", "InvalidSubscriptionKey", "InvalidAuthenticationToken"],
        ProviderKeyWrong,
        "The key or token was not accepted.",
    ),
    (&["TooManyRequests", "RateLimitExceeded", "Throttled"], ProviderThrottled, "Too many requests in a short time."),
    (&["QuotaExceeded", "OutOfCallVolumeQuota"], ProviderQuotaUsedUp, "The quota is used up."),
    (
        &["NotFound", "ResourceNotFound"],
        ProviderRequestRefused,
        "There is nothing at this address. Copy the endpoint from the resource's page in the portal, and check the version.",
    ),
];

/// The failure that the answer tells of; None if it tells of none.
pub(super) fn read(answer: &Answer, value: &Value, version: Version) -> Option<Failure> {
    let error = value.get("error").filter(|error| error.is_object());
    let root_is_error = || {
        let is_named =
            value.get("code").or_else(|| value.get("statusCode")).is_some() && value.get("message").is_some();
        is_named || (!is_success(answer) && value.is_object())
    };
    let error = error.or_else(|| root_is_error().then_some(value))?;
    let codes = codes_of(error);
    let message = message_of(error);
    let status = if is_success(answer) { codes.iter().find_map(|code| status_in(code)) } else { Some(answer.status) };
    let answer = Answer { status: status.unwrap_or(answer.status), ..*answer };
    let gateway = codes.iter().find_map(|code| status_in(code)).or(if codes.is_empty() { status } else { None });
    let failure = codes
        .iter()
        .find_map(|code| by_code(code, &message, &answer))
        .or_else(|| by_gateway(gateway?, &message, &answer, version))
        .unwrap_or_else(|| {
            by_gateway(answer.status, &message, &answer, version)
                .unwrap_or_else(|| failure_by_status(&answer, Some(&message)))
        });
    Some(failure)
}

/// The codes of an error, the most exact first: those of inner errors, then its own, as text whether they are text or numbers.
fn codes_of(error: &Value) -> Vec<String> {
    let mut codes = Vec::new();
    let mut at = Some(error);
    while let Some(error) = at {
        let code = [error.get("code"), error.get("statusCode")].into_iter().flatten().find_map(|code| match code {
            Value::String(code) => Some(code.trim().to_owned()),
            Value::Number(code) => Some(code.to_string()),
            _ => None,
        });
        codes.extend(code.filter(|code| !code.is_empty()));
        at = error.get("innererror").or_else(|| error.get("innerError")).filter(|inner| inner.is_object());
    }
    codes.reverse();
    codes
}

/// The deepest message: the outer ones often say only that something was wrong.
fn message_of(error: &Value) -> String {
    let inner = error.get("innererror").or_else(|| error.get("innerError")).filter(|inner| inner.is_object());
    let own = error.get("message").and_then(Value::as_str).unwrap_or_default();
    inner.map(message_of).filter(|inner| !inner.is_empty()).unwrap_or_else(|| own.to_owned())
}

fn by_code(code: &str, message: &str, answer: &Answer) -> Option<Failure> {
    let (_, kind, sentence) =
        CODES.iter().find(|(names, ..)| names.iter().any(|name| name.eq_ignore_ascii_case(code)))?;
    let failure = failure(*kind, sentence, message);
    Some(match kind {
        ProviderThrottled | ProviderUnavailable => throttled(failure, answer, Some(message)),
        ProviderTimedOut => failure.backoff().billed(Billed::Maybe),
        _ => failure,
    })
}

/// What the gateway before a service says: it knows keys, quotas and rates, and has a number for each.
fn by_gateway(status: u16, message: &str, answer: &Answer, version: Version) -> Option<Failure> {
    let says = |words: &str| message.to_ascii_lowercase().contains(words);
    let is_used_up = says("quota will be replenished") || says("out of call volume quota");
    let (kind, sentence) = match status {
        401 if says("missing subscription key") => (ProviderKeyMissing, "No key reached Microsoft. Enter one."),
        401 if says("wrong api endpoint") => (
            ProviderRegionWrong,
            "The key is wrong, or belongs to a resource of another region or endpoint: Microsoft does not say which.",
        ),
        401 if says("expired") => (ProviderKeyExpired, "The token has expired. Get a new one."),
        401 => (
            ProviderKeyWrong,
            "Microsoft does not know this key. Copy it again from the resource's page in the portal.",
        ),
        403 | 429 if is_used_up => {
            (ProviderQuotaUsedUp, "The quota is used up. Wait until it is renewed, or choose a higher tier.")
        }
        403 => (
            ProviderNotPermitted,
            "The key or account may not do this. Check the rights and the network rules of the resource.",
        ),
        404 | 410 if version == Version::V2 => (
            ProviderEndpointRetired,
            "There is no version 2.0 at this address any more. Choose 3.2 or 4.0, and your own resource's endpoint.",
        ),
        404 => (
            ProviderRequestRefused,
            "There is nothing at this address. Copy the endpoint from the resource's page in the portal, and check the version.",
        ),
        429 => (ProviderThrottled, "Too many requests in a short time."),
        _ => return None,
    };
    let failure = failure(kind, sentence, message);
    Some(if kind == ProviderThrottled { throttled(failure, answer, Some(message)) } else { failure })
}

fn failure(kind: ErrorKind, sentence: &str, message: &str) -> Failure {
    Failure::new(kind, with_words(sentence, "Microsoft", message))
}

/// A code that is an HTTP status: 401, "401".
fn status_in(code: &str) -> Option<u16> {
    code.parse().ok().filter(|status| (400..600).contains(status))
}
