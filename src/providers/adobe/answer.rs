//! Answers of Adobe's services: JSON, or parts of which some are JSON.

use serde_json::{Map, Value};

use super::AdobeSetup;
use crate::error::ErrorKind;
use crate::providers::body::{failure_by_status, is_success, json, unreadable, with_words};
use crate::providers::multipart;
use crate::providers::relayed::relayed;
use crate::providers::{Answer, Billed, Failure, Found};

/// Parts that are larger are files, which nobody asked for.
const MAX_PART: usize = 4 << 20;

pub(super) fn read(setup: &AdobeSetup, answer: &Answer) -> Result<Found, Failure> {
    if let Some(failure) = relayed(answer) {
        return Err(failure);
    }
    let document = document(answer)?;
    if !is_success(answer) {
        return Err(failure(setup, answer, &document));
    }
    if answer.status == 202 {
        let detail = "Adobe took the picture and will answer later, which is not waited for here. Ask again later.";
        return Err(Failure::new(ErrorKind::ProviderTimedOut, detail).billed(Billed::Maybe));
    }
    if let Some(failure) = failed_invocation(&document) {
        return Err(failure);
    }
    setup.mapping()?.read(&document)
}

/// The answer as one value. Of parts: an object with a field for each, JSON where the part is.
fn document(answer: &Answer) -> Result<Value, Failure> {
    let Some(boundary) = answer.header("content-type").and_then(multipart::boundary) else {
        return json(answer);
    };
    let parts =
        multipart::read(&boundary, answer.body).ok_or_else(|| unreadable("its parts are cut off or damaged"))?;
    let mut document = Map::new();
    for part in parts {
        if part.body.len() > MAX_PART || document.contains_key(part.name.as_ref()) {
            return Err(unreadable("a part of it is too large or there twice"));
        }
        let value = match (serde_json::from_slice(part.body), std::str::from_utf8(part.body)) {
            (Ok(value), _) => value,
            (Err(_), _) if part.media_type.as_deref().is_some_and(|media_type| media_type.contains("json")) => {
                return Err(unreadable("a part of it is cut off or damaged"));
            }
            (Err(_), Ok(text)) => Value::from(text),
            (Err(_), Err(_)) => continue,
        };
        document.insert(part.name.into_owned(), value);
    }
    Ok(Value::Object(document))
}

/// `statuses[].invocations[]` say each how it went, in an answer that went well as a whole.
fn failed_invocation(document: &Value) -> Option<Failure> {
    let of = |value: &Value| value.get("statuses").and_then(Value::as_array).cloned();
    let statuses = of(document).or_else(|| document.as_object()?.values().find_map(of))?;
    let invocations = statuses.iter().filter_map(|status| status.get("invocations")?.as_array()).flatten();
    let (code, invocation) = invocations
        .filter_map(|invocation| Some((code(invocation.get("status")?)?, invocation)))
        .find(|(code, _)| *code >= 300)?;
    let message = invocation.get("message").and_then(Value::as_str);
    let inner = Answer { status: code, headers: &[], body: &[] };
    // What went wrong inside was asked for, so it may be counted.
    Some(failure_by_status(&inner, Some(message.unwrap_or("no reason"))).billed(Billed::Maybe))
}

fn code(value: &Value) -> Option<u16> {
    match value {
        Value::String(text) => text.parse().ok(),
        number => number.as_u64()?.try_into().ok(),
    }
}

/// Adobe's gateway: `{"error_code": "401013", "message": "Oauth token is not valid"}`. The codes are those of public reports.
fn failure(setup: &AdobeSetup, answer: &Answer, document: &Value) -> Failure {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let message = text("message").or_else(|| text("error_description")).or_else(|| text("title"));
    let error_code =
        document.get("error_code").map(|code| code.as_str().map_or_else(|| code.to_string(), str::to_owned));
    let words = message.unwrap_or_default().to_ascii_lowercase();
    let of = |kind, sentence: &str| Failure::new(kind, with_words(sentence, "Adobe", message.unwrap_or_default()));
    if is_of_jwt(&words) {
        return of(
            ErrorKind::ProviderEndpointRetired,
            "JWT credentials have ended. Add an OAuth Server-to-Server credential to the project in the Developer Console.",
        );
    }
    match answer.status {
        401 if words.contains("expired") => of(
            ErrorKind::ProviderKeyExpired,
            "The token has expired. Make a new one in the Developer Console (Generate access token).",
        ),
        401 if words.contains("revoked") => of(
            ErrorKind::ProviderKeyRevoked,
            "The token was revoked. Make a new one in the Developer Console (Generate access token).",
        ),
        401 => of(
            ErrorKind::ProviderKeyWrong,
            "The token is not accepted: it is wrong, older than a day, revoked, or of another organization; Adobe does not say which. Make \
             a new one in the Developer Console (Generate access token).",
        ),
        403 if error_code.as_deref() == Some("403003") || words.contains("api key is invalid") => of(
            ErrorKind::ProviderNotPermitted,
            "Adobe does not know this client id (AEM: Api Key) for the service. Check CLIENT ID, and that Smart Content was added to the \
             project in the Developer Console.",
        ),
        403 => of(
            ErrorKind::ProviderNotPermitted,
            "The account may not use the service. It needs the product profile Smart Content Services, and the organization a licence.",
        ),
        404 => of(
            ErrorKind::ProviderRegionWrong,
            &format!(
                "Adobe has nothing at {}{}. Check the region (na, emea or apac) and the path. That the service URL alone gives a 404 in a \
                 browser is normal.",
                setup.service_url, setup.path
            ),
        ),
        _ => failure_by_status(answer, message),
    }
}

/// Whether a server speaks of JWT credentials, which ended with their certificates, by 2026-03-01 at the latest.
pub(super) fn is_of_jwt(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("jwt") || text.contains("metascope")
}
