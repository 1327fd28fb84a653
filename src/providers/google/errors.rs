//! Google's errors, told apart by `ErrorInfo.reason` and `status`, never by their prose, which differs from one of its services to another.

use serde_json::Value;

use crate::error::ErrorKind;
use crate::error::ErrorKind::*;
use crate::providers::body::{failure_by_status, with_words};
use crate::providers::retry::{retry_after_ms, seconds_ms};
use crate::providers::{Answer, Billed, Failure};

/// The least that Google asks to wait after "too many requests" that say no time.
const THROTTLED_MS: u64 = 30_000;

/// Reasons of `google.api.ErrorReason`, and what they mean here.
const REASONS: [(&str, ErrorKind, &str); 25] = [
    ("API_KEY_INVALID", ProviderKeyWrong, "Google does not know this key. Copy it again from the console."),
    ("CREDENTIALS_MISSING", ProviderKeyMissing, "No key or token reached Google. Enter one."),
    ("ACCESS_TOKEN_EXPIRED", ProviderKeyExpired, "The token has expired. Get a new one."),
    ("ACCESS_TOKEN_TYPE_UNSUPPORTED", ProviderKeyWrong, "This kind of token is not accepted. Use an API key."),
    ("SESSION_COOKIE_INVALID", ProviderKeyWrong, "The session is not accepted. Use an API key."),
    (
        "SERVICE_DISABLED",
        ProviderNotPermitted,
        "The Cloud Vision API is off in this project. Enable it in the console, and wait some minutes.",
    ),
    (
        "BILLING_DISABLED",
        ProviderNotPermitted,
        "The project has no billing account. Link one in the console, and wait some minutes.",
    ),
    (
        "API_KEY_SERVICE_BLOCKED",
        ProviderNotPermitted,
        "The key may not be used for the Cloud Vision API. Add it to the key's API restrictions.",
    ),
    (
        "API_KEY_HTTP_REFERRER_BLOCKED",
        ProviderNotPermitted,
        "The key may not be used from this web address. Add the address to the key's restrictions.",
    ),
    (
        "API_KEY_IP_ADDRESS_BLOCKED",
        ProviderNotPermitted,
        "The key may not be used from this network address. Change the key's restrictions.",
    ),
    (
        "API_KEY_ANDROID_APP_BLOCKED",
        ProviderNotPermitted,
        "The key is only for Android apps. Make one without that restriction.",
    ),
    (
        "API_KEY_IOS_APP_BLOCKED",
        ProviderNotPermitted,
        "The key is only for iOS apps. Make one without that restriction.",
    ),
    ("CONSUMER_INVALID", ProviderNotPermitted, "The project is not known, or was deleted. Check its id."),
    ("CONSUMER_SUSPENDED", ProviderNotPermitted, "Google has suspended the project. Look in the console."),
    (
        "USER_PROJECT_DENIED",
        ProviderNotPermitted,
        "The account may not use this project. Ask its owner for the role Service Usage Consumer.",
    ),
    (
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        ProviderNotPermitted,
        "The token is not for the Cloud Vision API. Get one with the scope cloud-vision.",
    ),
    ("ACCOUNT_STATE_INVALID", ProviderNotPermitted, "The account is disabled or deleted."),
    ("USER_BLOCKED_BY_ADMIN", ProviderNotPermitted, "An administrator has blocked this account's access."),
    ("SECURITY_POLICY_VIOLATED", ProviderNotPermitted, "A security policy of the organisation forbids it."),
    ("LOCATION_POLICY_VIOLATED", ProviderNotPermitted, "A policy forbids this location. Choose another one."),
    (
        "LOCATION_ORG_POLICY_VIOLATED",
        ProviderNotPermitted,
        "A policy of the organisation forbids this location. Choose another one.",
    ),
    (
        "RESOURCE_USAGE_RESTRICTION_VIOLATED",
        ProviderNotPermitted,
        "A policy of the organisation forbids the Cloud Vision API.",
    ),
    ("ORG_RESTRICTION_VIOLATION", ProviderNotPermitted, "A policy of the organisation forbids this project."),
    ("RATE_LIMIT_EXCEEDED", ProviderThrottled, "Too many requests in a short time."),
    ("RESOURCE_QUOTA_EXCEEDED", ProviderQuotaUsedUp, "A quota of the project is used up."),
];

/// Reasons of the older `errors[]`, in the words of the newer ones.
const LEGACY: [(&str, &str); 10] = [
    ("keyInvalid", "API_KEY_INVALID"),
    ("required", "CREDENTIALS_MISSING"),
    ("authError", "ACCESS_TOKEN_EXPIRED"),
    ("accessNotConfigured", "SERVICE_DISABLED"),
    ("ipRefererBlocked", "API_KEY_HTTP_REFERRER_BLOCKED"),
    ("rateLimitExceeded", "RATE_LIMIT_EXCEEDED"),
    ("userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"),
    ("quotaExceeded", "RESOURCE_QUOTA_EXCEEDED"),
    ("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    ("dailyLimitExceeded", "DAILY"),
];

/// Names of the gRPC codes from 1, with what they mean here.
const STATUSES: [(&str, ErrorKind, &str); 16] = [
    ("CANCELLED", ProviderUnavailable, "Google broke off."),
    ("UNKNOWN", ProviderUnavailable, "Google failed."),
    ("INVALID_ARGUMENT", ProviderRequestRefused, "Google refused the request."),
    ("DEADLINE_EXCEEDED", ProviderTimedOut, "Google took too long."),
    (
        "NOT_FOUND",
        ProviderRequestRefused,
        "Google does not know what was asked for: check host, project, location and model.",
    ),
    ("ALREADY_EXISTS", ProviderRequestRefused, "Google refused the request."),
    ("PERMISSION_DENIED", ProviderNotPermitted, "Google does not permit this."),
    ("RESOURCE_EXHAUSTED", ProviderThrottled, "Too many requests in a short time, or a quota is used up."),
    ("FAILED_PRECONDITION", ProviderNotPermitted, "The project is not ready for this."),
    ("ABORTED", ProviderUnavailable, "Google broke off."),
    ("OUT_OF_RANGE", ProviderRequestRefused, "Google refused the request."),
    ("UNIMPLEMENTED", ProviderRequestRefused, "Google does not offer this here: check host and model."),
    ("INTERNAL", ProviderUnavailable, "Google failed."),
    ("UNAVAILABLE", ProviderUnavailable, "Google is not in service at the moment."),
    ("DATA_LOSS", ProviderUnavailable, "Google failed."),
    ("UNAUTHENTICATED", ProviderKeyWrong, "The key or token was not accepted."),
];

const DAILY: (ErrorKind, &str) = (ProviderQuotaUsedUp, "The day's quota is used up. It is renewed with the next day.");

/// The failure of a whole request. `error`: an object, or the name of an error as token servers give it, with its words in `body`.
pub(super) fn of_request(answer: &Answer, error: &Value, body: &Value) -> Failure {
    let message = match error {
        Value::String(name) => format!("{name} {}", text(body, "error_description")),
        error => message_of(error),
    };
    let status = text(error, "status");
    let known = reason_of(error).or_else(|| by_status(status)).or_else(|| {
        let code = number(error.get("code"))?;
        STATUSES
            .get((code as usize).checked_sub(1)?)
            .copied()
            .filter(|_| code <= 16)
            .map(|(_, kind, sentence)| (kind, sentence))
    });
    let Some((kind, sentence)) = known else {
        let code = number(error.get("code"))
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| (400..600).contains(code));
        let status = if (400..600).contains(&answer.status) { answer.status } else { code.unwrap_or(answer.status) };
        return with_waiting(failure_by_status(&Answer { status, ..*answer }, Some(&message)), error, answer);
    };
    let kind = if kind == ProviderRequestRefused { refusal(error) } else { kind };
    with_waiting(failure(kind, sentence, &message), error, answer)
}

/// The failure of one picture, by the number of its gRPC code. None where the error is none.
pub(super) fn of_picture(error: Option<&Value>) -> Option<Failure> {
    let error = error.filter(|error| !error.is_null())?;
    let code = number(error.get("code")).unwrap_or(0);
    let message = message_of(error);
    if code == 0 && message.is_empty() && reason_of(error).is_none() {
        return None;
    }
    let named = STATUSES.get((code as usize).wrapping_sub(1)).map(|(_, kind, sentence)| (*kind, *sentence));
    let (kind, sentence) = match (reason_of(error), code) {
        (Some(known), _) => known,
        (None, 3 | 11) => (ProviderPictureRefused, "Google does not take this picture."),
        (None, _) => named.unwrap_or((ProviderUnavailable, "Google failed at this picture.")),
    };
    let failure = failure(kind, sentence, &message);
    // Whether Google counts a picture that it looked at in vain is not known.
    let billed = if matches!(kind, ProviderPictureRefused | ProviderTimedOut) { Billed::Maybe } else { Billed::No };
    let silent = Answer { status: 200, headers: &[], body: b"" };
    Some(with_waiting(failure, error, &silent).billed(billed))
}

fn failure(kind: ErrorKind, sentence: &str, message: &str) -> Failure {
    Failure::new(kind, with_words(sentence, "Google", message))
}

/// With when to ask again, where that may help.
fn with_waiting(failure: Failure, error: &Value, answer: &Answer) -> Failure {
    let wait = retry_info_ms(error).or_else(|| retry_after_ms(answer));
    match (failure.kind, wait) {
        (ProviderThrottled | ProviderUnavailable | ProviderQuotaUsedUp, Some(ms)) => failure.after_ms(ms),
        (ProviderThrottled, None) => failure.after_ms(THROTTLED_MS),
        (ProviderUnavailable, None) => failure.backoff(),
        (ProviderTimedOut, _) => failure.backoff().billed(Billed::Maybe),
        _ => failure,
    }
}

/// Which part of a request was refused, where a detail names the field.
fn refusal(error: &Value) -> ErrorKind {
    let mut fields = details(error, "BadRequest").flat_map(|detail| list(detail, "fieldViolations"));
    if fields.any(|violation| text(violation, "field").ends_with("model")) {
        ProviderModelMissing
    } else {
        ProviderRequestRefused
    }
}

fn reason_of(error: &Value) -> Option<(ErrorKind, &'static str)> {
    let infos = details(error, "ErrorInfo").map(|detail| (text(detail, "reason"), &detail["metadata"]));
    let legacy = list(error, "errors").map(|one| text(one, "reason"));
    let legacy =
        legacy.filter_map(|reason| LEGACY.iter().find(|(old, _)| *old == reason)).map(|(_, new)| (*new, &Value::Null));
    infos.chain(legacy).find_map(|(reason, metadata)| {
        let is_limit = reason == "RATE_LIMIT_EXCEEDED" || reason == "RESOURCE_QUOTA_EXCEEDED";
        if reason == "DAILY" || is_limit && text(metadata, "quota_limit").contains("PerDay") {
            return Some(DAILY);
        }
        REASONS.iter().find(|(name, ..)| *name == reason).map(|(_, kind, sentence)| (*kind, *sentence))
    })
}

fn by_status(status: &str) -> Option<(ErrorKind, &'static str)> {
    STATUSES.iter().find(|(name, ..)| *name == status).map(|(_, kind, sentence)| (*kind, *sentence))
}

/// `message`, or the one in the reader's language where there is no other.
fn message_of(error: &Value) -> String {
    let own = text(error, "message");
    let localized = || details(error, "LocalizedMessage").map(|detail| text(detail, "message")).next();
    if own.is_empty() { localized().unwrap_or_default().to_owned() } else { own.to_owned() }
}

/// `"31s"`, `"1.5s"`; some clients' form with seconds and nanoseconds is read too.
fn retry_info_ms(error: &Value) -> Option<u64> {
    let delay = details(error, "RetryInfo").find_map(|detail| detail.get("retryDelay"))?;
    match delay {
        Value::String(text) => seconds_ms(text.strip_suffix('s')?),
        Value::Object(_) => {
            let part = |name| delay.get(name).map_or(Some(0), |part| number(Some(part)));
            seconds_ms(&format!("{}.{:09}", part("seconds")?, part("nanos")?.min(999_999_999)))
        }
        _ => None,
    }
}

/// The details of one type of `google.rpc`.
fn details<'a>(error: &'a Value, name: &'a str) -> impl Iterator<Item = &'a Value> {
    list(error, "details").filter(move |detail| text(detail, "@type").rsplit('.').next() == Some(name))
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A number, or the digits of one.
fn number(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
