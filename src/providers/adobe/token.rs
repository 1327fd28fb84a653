//! Adobe's sign-in (IMS): client credentials for a token.

use serde_json::Value;

use super::AdobeSetup;
use super::answer::is_of_jwt;
use super::check::secure;
use crate::error::{ErrorKind, Result};
use crate::providers::body::{failure_by_status, is_success, json, unbilled, unreadable, with_words};
use crate::providers::encode::percent_encoded;
use crate::providers::relayed::relayed;
use crate::providers::{Answer, Failure, Request, Secrets, Token};

/// Longer tokens do not fit into the headers that servers take.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// Where an answer does not say how long its token holds.
const DEFAULT_S: u64 = 3600;

/// In the body, never in the address: addresses are logged.
pub(super) fn request(setup: &AdobeSetup, secrets: &Secrets) -> Result<Request> {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", setup.client_id.as_str()),
        ("client_secret", secrets.secret()?),
        ("scope", setup.scopes.as_str()),
    ];
    let body = fields.map(|(name, value)| format!("{name}={}", percent_encoded(value))).join("&");
    Ok(Request {
        method: "POST",
        url: format!("{}/ims/token/v3", secure(&setup.authorization_server, "authorization server")?.origin()),
        headers: vec![("Content-Type".into(), "application/x-www-form-urlencoded".into())],
        body: body.into_bytes(),
    })
}

/// The token, or which of the credentials is wrong.
pub(super) fn read(answer: &Answer) -> Result<Token, Failure> {
    if let Some(failure) = relayed(answer) {
        return Err(failure);
    }
    // Nobody bills for a token.
    let value = json(answer).map_err(unbilled)?;
    if !is_success(answer) || value.get("error").is_some() {
        return Err(failure(answer, &value));
    }
    let token = value.get("access_token").and_then(Value::as_str).unwrap_or_default();
    if token.is_empty() || token.len() > MAX_TOKEN_BYTES || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(unbilled(unreadable("it holds no token")));
    }
    Ok(Token { value: token.to_owned(), expires_in_s: seconds(value.get("expires_in")).unwrap_or(DEFAULT_S) })
}

/// A number, which some servers write as text.
fn seconds(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// By `error`, as OAuth 2 (RFC 6749, 5.2) names it, and by the descriptions that are documented. That a description says "expired" or
/// "revoked" is not, but says it plainly.
fn failure(answer: &Answer, value: &Value) -> Failure {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let (error, description) = (text("error"), text("error_description"));
    let words = description.to_ascii_lowercase();
    let of = |kind, sentence: &str| {
        Failure::new(kind, with_words(sentence, "Adobe", if description.is_empty() { error } else { description }))
    };
    if is_of_jwt(description) || is_of_jwt(error) {
        let sentence = "These are JWT credentials, which have ended. Add an OAuth Server-to-Server credential to the project in the \
                        Developer Console, and copy its client id, client secret and scopes.";
        return of(ErrorKind::ProviderEndpointRetired, sentence);
    }
    if words.contains("expired") {
        let sentence = "The client secret has expired. Make a new one in the Developer Console (Credential details, Add a new client secret).";
        return of(ErrorKind::ProviderKeyExpired, sentence);
    }
    if words.contains("revoked") || words.contains("deleted") {
        let sentence =
            "The credential was revoked. Add a new OAuth Server-to-Server credential in the Developer Console.";
        return of(ErrorKind::ProviderKeyRevoked, sentence);
    }
    match error {
        "invalid_client" if words.contains("client_secret") => {
            let sentence =
                "The client secret is wrong, or was replaced. Copy CLIENT SECRET from the Developer Console again.";
            of(ErrorKind::ProviderKeyWrong, sentence)
        }
        "invalid_client" if words.contains("client_id") => {
            let sentence = "The client id (AEM: Api Key) is wrong. Copy CLIENT ID from the Developer Console again.";
            of(ErrorKind::ProviderKeyWrong, sentence)
        }
        "invalid_client" | "invalid_grant" => {
            let sentence = "The client id or the client secret is wrong. Copy both from the Developer Console again.";
            of(ErrorKind::ProviderKeyWrong, sentence)
        }
        "invalid_scope" => {
            let sentence = "The scopes are not those of this credential. Copy them from the Developer Console; the product profile Smart \
                            Content Services has to be assigned there.";
            of(ErrorKind::ProviderNotPermitted, sentence)
        }
        "unauthorized_client" | "access_denied" => {
            let sentence =
                "This credential may not ask for a token. Choose OAuth Server-to-Server in the Developer Console.";
            of(ErrorKind::ProviderNotPermitted, sentence)
        }
        "invalid_request" | "unsupported_grant_type" => of(
            ErrorKind::ProviderRequestRefused,
            "Adobe refused the form of the request for a token. Check the authorization server.",
        ),
        _ => {
            let said = if description.is_empty() { error } else { description };
            unbilled(failure_by_status(answer, Some(said).filter(|said| !said.is_empty())))
        }
    }
}
