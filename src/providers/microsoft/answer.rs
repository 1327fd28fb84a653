//! Microsoft's answers: the three versions differ in where tags lie, not in what a tag is.

use serde_json::Value;

use super::{Version, errors};
use crate::providers::body::{failure_by_status, is_success, json, unreadable};
use crate::providers::found::clean_text;
use crate::providers::{Answer, Failure, Found};

/// A name and how sure it is.
type Tag = (String, Option<f32>);

/// What the one picture was found to show.
pub(super) fn read(answer: &Answer, n: usize, version: Version) -> Result<Vec<Result<Found, Failure>>, Failure> {
    let value = json(answer)?;
    if let Some(failure) = errors::read(answer, &value, version) {
        return Err(failure);
    }
    if !is_success(answer) {
        return Err(failure_by_status(answer, None));
    }
    if n != 1 {
        return Err(unreadable("it is for one picture, and another number was asked about"));
    }
    let found = found(&value).ok_or_else(|| unreadable("there are no tags where they belong"))?;
    Ok(vec![Ok(found)])
}

/// None for what is no answer about a picture.
fn found(value: &Value) -> Option<Found> {
    let named = |at: &str| value.pointer(at).filter(|found| !found.is_null());
    let mut lists = Vec::new();
    for at in ["/tags", "/tagsResult/values"] {
        lists.extend(named(at).map(|list| tags(list, "name")));
    }
    // Nothing here asks for categories and objects; a gateway may, and what it says of them are names too.
    lists.extend(named("/categories").map(categories));
    lists.extend(named("/objectsResult/values").map(objects));
    if lists.is_empty() {
        lists.extend(named("/description/tags").map(bare_names));
    }
    let caption = named("/captionResult").map(caption).or_else(|| named("/description/captions").map(best_caption));
    if lists.is_empty() && caption.is_none() {
        return None;
    }
    let tags: Option<Vec<Vec<Tag>>> = lists.into_iter().collect();
    Some(Found { description: caption.flatten(), ..Found::of(tags?.into_iter().flatten()) })
}

/// A `hint` beside a name tells its meaning ("mammal" of "dog") and is no tag.
fn tags(list: &Value, name: &str) -> Option<Vec<Tag>> {
    list.as_array()?.iter().map(|tag| Some((text(tag.as_object()?.get(name))?, sureness(tag)?))).collect()
}

/// `people_group`, `outdoor_`; what belongs nowhere is `others_`.
fn categories(list: &Value) -> Option<Vec<Tag>> {
    let categories = tags(list, "name")?.into_iter().filter(|(name, _)| name != "others_");
    Some(categories.map(|(name, sure)| (name.trim_end_matches('_').replace('_', " "), sure)).collect())
}

fn objects(list: &Value) -> Option<Vec<Tag>> {
    let objects: Option<Vec<Vec<Tag>>> =
        list.as_array()?.iter().map(|object| tags(object.get("tags")?, "name")).collect();
    Some(objects?.into_iter().flatten().collect())
}

fn bare_names(list: &Value) -> Option<Vec<Tag>> {
    list.as_array()?.iter().map(|name| Some((name.as_str()?.to_owned(), None))).collect()
}

fn best_caption(list: &Value) -> Option<String> {
    let sure = |one: &&Value| sureness(one).flatten().unwrap_or(0.0);
    // The first of those that are equally sure.
    list.as_array()?.iter().rev().max_by(|a, b| sure(a).total_cmp(&sure(b))).and_then(caption)
}

fn caption(value: &Value) -> Option<String> {
    clean_text(value.get("text")?.as_str()?)
}

/// `confidence`, which an older guide calls `score`. Some(None) where it is not said, None where it is no number.
fn sureness(tag: &Value) -> Option<Option<f32>> {
    match tag.get("confidence").or_else(|| tag.get("score")) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) => text.parse().ok().map(Some),
        Some(number) => number.as_f64().map(|number| Some(number as f32)),
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some(String::new()),
        Some(value) => value.as_str().map(str::to_owned),
    }
}
