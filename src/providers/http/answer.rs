//! Answers of HTTP endpoints: tags by pointers, or what a language model wrote.

use serde_json::Value;

use super::HttpSetup;
use super::errors;
use crate::error::ErrorKind;
use crate::providers::body::{is_success, json, unbilled};
use crate::providers::language_model::{first_json, found_in};
use crate::providers::mapping::Mapping;
use crate::providers::pointer::{Pointer, escaped};
use crate::providers::relayed::relayed;
use crate::providers::template::filled;
use crate::providers::{Answer, Billed, Failure, Found};

pub(super) fn read(setup: &HttpSetup, answer: &Answer) -> Result<Found, Failure> {
    if let Some(failure) = relayed(answer) {
        return Err(failure);
    }
    let result = read_body(setup, answer);
    if setup.is_own_machine { result.map_err(unbilled) } else { result }
}

fn read_body(setup: &HttpSetup, answer: &Answer) -> Result<Found, Failure> {
    let value = json(answer).map_err(|failure| if is_lines_of_json(answer) { streamed() } else { failure })?;
    if let Some(failure) = errors::failure(answer, &value) {
        return Err(failure);
    }
    debug_assert!(is_success(answer), "every other status is a failure");
    match &setup.text {
        Some(text) => read_text(text, &value),
        None => read_tags(setup, &value),
    }
}

fn read_tags(setup: &HttpSetup, value: &Value) -> Result<Found, Failure> {
    let mapping = |language: &str| {
        let key = escaped(language);
        let places: &[(&str, &str)] = &[("language", &key)];
        let confidences = setup.confidences.as_deref().map(|pointer| filled(pointer, places));
        Mapping::parse(&filled(&setup.names, places), confidences.as_deref(), setup.scale)
    };
    let language = language_of(setup, value);
    let mut found = mapping(language.as_deref().unwrap_or("en"))?.read(value)?;
    found.language = language;
    Ok(found)
}

/// The language that the answer has, where the set-up's place for names depends on it: the key that stands there. The request said which
/// one is wanted; a service that does not have it answers in another.
fn language_of(setup: &HttpSetup, value: &Value) -> Option<String> {
    // What these are asked has no place for a language.
    if let Some("clarifai" | "photoprism") = setup.preset.as_deref() {
        return Some("en".to_owned());
    }
    let (before, after) = setup.names.split_once("{language}")?;
    let parent = Pointer::parse(before.strip_suffix('/')?).ok()?;
    let names = parent.values(value, 1).ok()?;
    let keys = names.first().copied().flatten()?.as_object()?;
    // A longer way behind the language is the same in every language.
    keys.keys().find(|key| !key.is_empty() && key.len() <= 35 && (after.is_empty() || keys[*key].is_object())).cloned()
}

fn read_text(pointer: &str, value: &Value) -> Result<Found, Failure> {
    let unreadable = |what: &str| {
        // Why it stopped says more than what is missing then.
        let what = unfinished(value).unwrap_or(what);
        let detail = format!("{what}. Ask again, or try another model or prompt.");
        Failure::new(ErrorKind::ProviderAnswerUnreadable, detail).billed(Billed::Maybe)
    };
    let Some(text) = Pointer::parse(pointer)?.first_text(value) else {
        return Err(unreadable("The answer holds no text of the model where the set-up says"));
    };
    let value = first_json(text).map_err(|no_json| unreadable(&format!("The model's answer {}", no_json.reason())))?;
    found_in(&value).ok_or_else(|| unreadable("The model's answer is not of the form that was asked for"))
}

/// Why a model stopped before its end, as the services say it.
fn unfinished(value: &Value) -> Option<&'static str> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    let reason = text("/done_reason")
        .or_else(|| text("/choices/0/finish_reason"))
        .or_else(|| text("/incomplete_details/reason"));
    match reason? {
        "length" | "max_output_tokens" => Some("The model came to its limit before it was done"),
        "content_filter" => Some("The provider's filter held back what the model wrote"),
        _ => None,
    }
}

/// Ollama streams unless it is told not to: a JSON value in each line.
fn is_lines_of_json(answer: &Answer) -> bool {
    let mut values = serde_json::Deserializer::from_slice(answer.body).into_iter::<serde::de::IgnoredAny>();
    is_success(answer) && matches!((values.next(), values.next()), (Some(Ok(_)), Some(Ok(_))))
}

fn streamed() -> Failure {
    let detail = "The answer comes in lines, bit by bit. Put \"stream\": false into the body.";
    Failure::new(ErrorKind::ProviderAnswerUnreadable, detail).billed(Billed::Maybe)
}
