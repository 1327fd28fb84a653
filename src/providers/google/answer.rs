//! Google's answers: a part for each picture, in the order in which the pictures were sent. JSON of protocol buffers: fields that are zero
//! or empty may be left out, and names come in two spellings.

use serde_json::{Map, Value};

use super::errors;
use crate::providers::body::{failure_by_status, is_success, json, unreadable};
use crate::providers::{Answer, Failure, Found};

/// What each of `n` pictures was found to show.
pub(super) fn read(answer: &Answer, n: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
    let value = unwrapped(json(answer)?);
    if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
        return Err(errors::of_request(answer, error, &value));
    }
    if !is_success(answer) {
        return Err(failure_by_status(answer, None));
    }
    let Some(Value::Array(responses)) = value.get("responses") else {
        return Err(unreadable("it has no part for any picture"));
    };
    if responses.len() != n {
        // A part that is missing in the middle would give every later picture another one's labels.
        let what = format!("it has {} parts for {n} pictures, so that nobody knows which is whose", responses.len());
        return Err(unreadable(&what));
    }
    Ok(responses.iter().map(of_picture).collect())
}

/// Some of Google's addresses wrap the answer in a list of one.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Array(mut list) if list.len() == 1 => list.pop().expect("it has one"),
        value => value,
    }
}

fn of_picture(response: &Value) -> Result<Found, Failure> {
    let Value::Object(response) = response else {
        return Err(unreadable("the part of this picture is of another shape"));
    };
    let labels = match field(response, "labelAnnotations", "label_annotations") {
        None => &Vec::new(),
        Some(Value::Array(labels)) => labels,
        Some(_) => return Err(unreadable("the labels of this picture are of another shape")),
    };
    let tags: Option<Vec<_>> = labels.iter().map(label).collect();
    let tags = tags.ok_or_else(|| unreadable("a label of this picture is of another shape"))?;
    let found = Found { language: Some("en".into()), ..Found::of(tags) };
    match errors::of_picture(response.get("error")) {
        // Labels beside an error are valid: what failed is something else.
        Some(failure) if found.tags.is_empty() => Err(failure),
        _ => Ok(found),
    }
}

/// Name and score. None for what is no label.
fn label(label: &Value) -> Option<(String, Option<f32>)> {
    let label = label.as_object()?;
    let name = match label.get("description") {
        None | Some(Value::Null) => "",
        Some(name) => name.as_str()?,
    };
    let score = match label.get("score") {
        None | Some(Value::Null) => 0.0,
        Some(Value::String(score)) => score.parse().ok()?,
        Some(score) => score.as_f64()? as f32,
    };
    Some((name.to_owned(), Some(score)))
}

fn field<'a>(object: &'a Map<String, Value>, name: &str, proto_name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| object.get(proto_name)).filter(|value| !value.is_null())
}
