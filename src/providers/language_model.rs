//! What a language model wrote: JSON that was asked for, often between fences or in the middle of prose.

use serde_json::Value;

use super::Found;
use super::found::clean_text;

/// A longer answer is none of those that are asked for here.
const MAX_BYTES: usize = 256 * 1024;

/// Why a text holds no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoJson {
    /// There is no JSON in it.
    Prose,
    /// It ends in the middle of one.
    CutOff,
    /// Something in it looks like JSON and is none.
    Broken,
    TooLong,
}

impl NoJson {
    /// The end of a sentence that begins with "The model's answer".
    pub fn reason(self) -> &'static str {
        match self {
            NoJson::Prose => "is prose without the JSON that was asked for",
            NoJson::CutOff => "ends in the middle of its JSON",
            NoJson::Broken => "looks like JSON and is none",
            NoJson::TooLong => "is longer than any that was asked for",
        }
    }
}

/// The first JSON value of `text`: an object, wherever it begins, or a list that is the whole text. Thoughts (`<think>…</think>`) before it
/// and fences round it are left out. Nothing is taken out of a value that is broken: what is inside a list that ends too early is no answer.
pub fn first_json(text: &str) -> Result<Value, NoJson> {
    if text.len() > MAX_BYTES {
        return Err(NoJson::TooLong);
    }
    let text = without_fences(without_thoughts(text));
    let begin = if text.starts_with('[') { Some(0) } else { begin_of_object(text) };
    let Some(begin) = begin else {
        return Err(if text.contains('{') { NoJson::Broken } else { NoJson::Prose });
    };
    let mut values = serde_json::Deserializer::from_str(&text[begin..]).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) if error.is_eof() => Err(NoJson::CutOff),
        _ => Err(NoJson::Broken),
    }
}

/// What such a value says: `{"tags": [..], "title", "description", "alt_text"}`, where a tag is a text or `{"name", "confidence"}`, or a list
/// of tags alone. None if it is not of that form: a field of another type, a confidence outside of [0, 1], or neither tags nor a text.
pub fn found_in(value: &Value) -> Option<Found> {
    let (tags, texts) = match value {
        Value::Array(tags) => (Some(tags), None),
        Value::Object(fields) => match fields.get("tags") {
            Some(Value::Array(tags)) => (Some(tags), Some(fields)),
            None | Some(Value::Null) => (None, Some(fields)),
            Some(_) => return None,
        },
        _ => return None,
    };
    let has_tags = tags.is_some();
    let named: Option<Vec<(String, Option<f32>)>> = tags.into_iter().flatten().map(tag).collect();
    let mut found = Found::of(named?);
    let text = |name: &str| match texts.and_then(|fields| fields.get(name)) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) => Some(clean_text(text)),
        Some(_) => None,
    };
    (found.title, found.description, found.alt_text) = (text("title")?, text("description")?, text("alt_text")?);
    let has_text = [&found.title, &found.description, &found.alt_text].into_iter().any(Option::is_some);
    (has_tags || has_text).then_some(found)
}

fn tag(value: &Value) -> Option<(String, Option<f32>)> {
    match value {
        Value::String(name) => Some((name.clone(), None)),
        Value::Object(fields) => {
            let name = fields.get("name")?.as_str()?.to_owned();
            let confidence = match fields.get("confidence") {
                None | Some(Value::Null) => None,
                Some(number) => Some(number.as_f64().filter(|sure| (0.0..=1.0).contains(sure))? as f32),
            };
            Some((name, confidence))
        }
        _ => None,
    }
}

/// Reasoning models say first what they think, which may hold drafts of the answer.
fn without_thoughts(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix("<think>") {
        // Thoughts without an end: the answer never began.
        Some(thoughts) => thoughts.split_once("</think>").map_or("", |(_, answer)| answer.trim()),
        None => text,
    }
}

fn without_fences(text: &str) -> &str {
    let Some((before, fenced)) = text.split_once("```") else { return text };
    // Fences inside of JSON are text of it.
    if before.contains(['{', '[']) {
        return text;
    }
    let inside = fenced.split_once('\n').map_or(fenced, |(language, inside)| {
        if language.trim().chars().all(|c| c.is_ascii_alphanumeric()) { inside } else { fenced }
    });
    inside.rsplit_once("```").map_or(inside, |(inside, _)| inside).trim()
}

/// Prose may hold braces too: an object goes on with a quote, or ends at once.
fn begin_of_object(text: &str) -> Option<usize> {
    text.match_indices('{').map(|(at, _)| at).find(|at| {
        let rest = text[at + 1..].trim_start();
        rest.is_empty() || rest.starts_with(['"', '}'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_is_found_in_what_models_put_round_it() {
        let wanted = json!({"tags": ["cat"]});
        for text in [
            "{\"tags\":[\"cat\"]}",
            "  {\"tags\": [\"cat\"]}\n",
            "```json\n{\"tags\":[\"cat\"]}\n```",
            "```\n{\"tags\":[\"cat\"]}\n```\nHope this helps {really}!",
            "Here are the tags:\n\n```JSON\n{\"tags\":[\"cat\"]}\n```",
            "```{\"tags\":[\"cat\"]}```",
            "```json\n{\"tags\":[\"cat\"]}",
            "Sure! Using {curly} words: {\"tags\":[\"cat\"]} and {\"tags\":[\"dog\"]}",
            "<think>Perhaps {\"tags\":[\"dog\"]}?</think>\n{\"tags\":[\"cat\"]}",
        ] {
            assert_eq!(first_json(text), Ok(wanted.clone()), "{text}");
        }
        assert_eq!(first_json("[\"cat\"]"), Ok(json!(["cat"])));
        assert_eq!(first_json("{\"a\":\"```x```\"}"), Ok(json!({"a": "```x```"})));
    }

    #[test]
    fn what_is_no_whole_json_is_refused() {
        for (text, wanted) in [
            ("", NoJson::Prose),
            ("A cat on a sofa.", NoJson::Prose),
            ("Tags: [\"cat\"]", NoJson::Prose),
            ("{", NoJson::CutOff),
            ("{\"tags\":[\"cat\",\"dog\"]", NoJson::CutOff),
            ("[\"cat\",", NoJson::CutOff),
            ("{tags: [\"cat\"]}", NoJson::Broken),
            ("{\"tags\":[\"cat\"],}", NoJson::Broken),
            ("{\"tags\":[\"cat\"] \"x\"}", NoJson::Broken),
            ("<think>{\"tags\":[\"cat\"]}", NoJson::Prose),
        ] {
            assert_eq!(first_json(text), Err(wanted), "{text}");
        }
        assert_eq!(first_json(&"[".repeat(10_000)), Err(NoJson::Broken));
        assert_eq!(first_json(&" ".repeat(MAX_BYTES + 1)), Err(NoJson::TooLong));
    }

    #[test]
    fn tags_and_texts_are_read_and_other_forms_refused() {
        let found =
            found_in(&json!({"tags": ["cat", {"name": "dog", "confidence": 0.5}], "title": "T", "description": null}))
                .unwrap();
        assert_eq!(found.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["dog", "cat"]);
        assert_eq!((found.title.as_deref(), found.description), (Some("T"), None));
        assert_eq!(found_in(&json!(["cat"])).unwrap().tags.len(), 1);
        assert_eq!(found_in(&json!({"tags": []})), Some(Found::default()));
        for other in [
            json!({}),
            json!({"labels": ["cat"]}),
            json!({"tags": "cat"}),
            json!({"tags": [1]}),
            json!({"tags": [["cat"]]}),
            json!({"tags": [{"label": "cat"}]}),
            json!({"tags": [{"name": "cat", "confidence": 97}]}),
            json!({"tags": [{"name": "cat", "confidence": "high"}]}),
            json!({"tags": ["cat"], "title": ["T"]}),
            json!("cat"),
            json!(null),
        ] {
            assert_eq!(found_in(&other), None, "{other}");
        }
    }

    #[test]
    fn no_beginning_of_an_answer_is_an_answer() {
        let whole = "Sure:\n```json\n{\"tags\": [{\"name\": \"cat\", \"confidence\": 0.9}, \"dog\"], \"title\": \"A \\\"cat\\\"\"}";
        for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            assert!(first_json(&whole[..end]).is_err(), "{}", &whole[..end]);
        }
        assert!(first_json(whole).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "(\\{|\\}|\\[|\\]|\"|,|:|`{3}|json|\n|<think>|</think>|a|1|\\\\){0,60}") {
            let _ = first_json(&text);
        }
    }
}
