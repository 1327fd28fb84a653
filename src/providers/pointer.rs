//! Where in an answer something is: a JSON pointer (RFC 6901) in which a `*` stands for every element of an array.
//!
//! `/result/tags/*/tag/en` names one value for each element of `result.tags`. Two pointers with the same stars give lists that pair up.

use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};

const MAX_STEPS: usize = 16;
const MAX_BYTES: usize = 512;

/// A pointer that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Each,
    Key(String),
}

/// Why a pointer and an answer do not fit.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    /// Where the answer ends, as a pointer without stars.
    pub at: String,
    /// What should have been there.
    pub wanted: String,
}

impl Pointer {
    /// The empty pointer is the whole answer.
    ///
    /// # Errors
    /// [`ErrorKind::ProviderSetupInvalid`] if `text` is no pointer: it has to begin with `/`, and `~` only stands before `0` or `1`.
    pub fn parse(text: &str) -> Result<Pointer> {
        let invalid = |detail: String| Error::new(ErrorKind::ProviderSetupInvalid, detail);
        if text.len() > MAX_BYTES {
            return Err(invalid(format!("A place in the answer is longer than {MAX_BYTES} bytes.")));
        }
        if text.is_empty() {
            return Ok(Pointer { text: String::new(), steps: Vec::new() });
        }
        let Some(rest) = text.strip_prefix('/') else {
            return Err(invalid(format!(
                "{text:?} is no place in an answer: it has to begin with /, as in /result/tags/*/tag/en."
            )));
        };
        let steps: Option<Vec<Step>> = rest.split('/').map(step).collect();
        let steps = steps.ok_or_else(|| {
            invalid(format!("{text:?} is no place in an answer: write ~0 for ~ and ~1 for / (RFC 6901)."))
        })?;
        if steps.len() > MAX_STEPS {
            return Err(invalid(format!("{text:?} has more than {MAX_STEPS} steps.")));
        }
        Ok(Pointer { text: text.to_owned(), steps })
    }

    /// Whether both go through the same lists, if through more than one: only then an answer cannot make their values pair up wrongly.
    pub fn pairs_up_with(&self, other: &Pointer) -> bool {
        let lists = |pointer: &Pointer| pointer.steps.iter().filter(|step| **step == Step::Each).count();
        let outer = |pointer: &Pointer| pointer.steps.iter().rposition(|step| *step == Step::Each).unwrap_or(0);
        let n = lists(self);
        n == lists(other) && (n < 2 || self.steps[..outer(self)] == other.steps[..outer(other)])
    }

    /// The values in order, at most `limit` of them. None stands for an element that lacks only the last step.
    ///
    /// An array that its object lacks is empty: services leave out what they have none of. That holds below the answer's own fields only,
    /// so that another kind of answer is not taken for one without tags.
    ///
    /// # Errors
    /// [`Missing`] if anything else that it names is not there.
    pub fn values<'a>(&self, answer: &'a Value, limit: usize) -> std::result::Result<Vec<Option<&'a Value>>, Missing> {
        let mut found = Vec::new();
        self.walk(0, answer, &mut String::new(), limit, &mut found)?;
        Ok(found)
    }

    /// The first text that is anywhere it points to; what is not there is passed over.
    pub fn first_text<'a>(&self, answer: &'a Value) -> Option<&'a str> {
        first_text(&self.steps, answer)
    }

    fn walk<'a>(
        &self,
        n_done: usize,
        value: &'a Value,
        at: &mut String,
        limit: usize,
        found: &mut Vec<Option<&'a Value>>,
    ) -> std::result::Result<(), Missing> {
        if found.len() >= limit {
            return Ok(());
        }
        let Some(step) = self.steps.get(n_done) else {
            found.push(Some(value));
            return Ok(());
        };
        let length = at.len();
        match step {
            Step::Each => {
                let Value::Array(elements) = value else {
                    return Err(Missing { at: at.clone(), wanted: "list".into() });
                };
                for (i, element) in elements.iter().enumerate() {
                    at.push_str(&format!("/{i}"));
                    self.walk(n_done + 1, element, at, limit, found)?;
                    at.truncate(length);
                }
            }
            Step::Key(key) => match get(value, key) {
                Some(inner) => {
                    at.push('/');
                    at.push_str(key);
                    self.walk(n_done + 1, inner, at, limit, found)?;
                    at.truncate(length);
                }
                None if n_done > 0 && value.is_object() && self.steps.get(n_done + 1) == Some(&Step::Each) => {}
                None if value.is_object() && n_done + 1 == self.steps.len() && self.steps.contains(&Step::Each) => {
                    found.push(None);
                }
                None => return Err(Missing { at: at.clone(), wanted: key.clone() }),
            },
        }
        Ok(())
    }
}

fn first_text<'a>(steps: &[Step], value: &'a Value) -> Option<&'a str> {
    match steps.split_first() {
        None => value.as_str().filter(|text| !text.trim().is_empty()),
        Some((Step::Each, rest)) => value.as_array()?.iter().find_map(|element| first_text(rest, element)),
        Some((Step::Key(key), rest)) => first_text(rest, get(value, key)?),
    }
}

fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields.get(key),
        // An index of RFC 6901 has no sign and no leading zero.
        Value::Array(elements)
            if key == "0" || (!key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit())) =>
        {
            elements.get(key.parse::<usize>().ok()?)
        }
        _ => None,
    }
}

fn step(text: &str) -> Option<Step> {
    if text == "*" {
        return Some(Step::Each);
    }
    let mut key = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        key.push(match c {
            '~' => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            c => c,
        });
    }
    Some(Step::Key(key))
}

/// `key` as one step of a pointer.
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values(pointer: &str, answer: &Value) -> std::result::Result<Vec<Value>, Missing> {
        let found = Pointer::parse(pointer).unwrap().values(answer, 100)?;
        Ok(found.into_iter().map(|value| value.cloned().unwrap_or_else(|| json!("nothing"))).collect())
    }

    #[test]
    fn the_pointers_of_the_standard_name_what_they_should() {
        let document = json!({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "m~n": 8, " ": 7});
        for (pointer, wanted) in [
            ("/foo/0", json!("bar")),
            ("/", json!(0)),
            ("/a~1b", json!(1)),
            ("/c%d", json!(2)),
            ("/m~0n", json!(8)),
            ("/ ", json!(7)),
        ] {
            assert_eq!(values(pointer, &document), Ok(vec![wanted]), "{pointer}");
        }
        assert_eq!(values("", &document), Ok(vec![document.clone()]));
        for pointer in ["/foo/2", "/foo/01", "/foo/-", "/foo/+1", "/foo/bar", "/nothing"] {
            assert!(values(pointer, &document).is_err(), "{pointer}");
        }
    }

    #[test]
    fn a_star_is_every_element() {
        let answer = json!({"result": {"tags": [{"tag": {"en": "a"}, "confidence": 61.5}, {"tag": {"en": "b"}, "confidence": 3}]}});
        assert_eq!(values("/result/tags/*/tag/en", &answer), Ok(vec![json!("a"), json!("b")]));
        assert_eq!(values("/result/tags/*/confidence", &answer), Ok(vec![json!(61.5), json!(3)]));
        assert_eq!(values("/result/tags/*/tag/sv", &answer), Ok(vec![json!("nothing"), json!("nothing")]));
        let missing = Missing { at: "/result/tags/0".into(), wanted: "other".into() };
        assert_eq!(values("/result/tags/*/other/sv", &answer), Err(missing));
        let nested = json!({"a": [{"b": [1, 2]}, {"b": []}, {"b": [3]}]});
        assert_eq!(values("/a/*/b/*", &nested), Ok(vec![json!(1), json!(2), json!(3)]));
        assert_eq!(Pointer::parse("/a/*").unwrap().values(&json!({"a": [1, 2, 3]}), 2).unwrap().len(), 2);
    }

    #[test]
    fn a_list_that_is_left_out_is_empty_but_not_where_the_answer_is_another() {
        assert_eq!(values("/result/labels/*/name", &json!({"result": {}})), Ok(Vec::new()));
        assert_eq!(
            values("/tags/*/name", &json!({"message": "no"})),
            Err(Missing { at: String::new(), wanted: "tags".into() })
        );
        assert_eq!(
            values("/result/labels/*/name", &json!({"result": null})),
            Err(Missing { at: "/result".into(), wanted: "labels".into() })
        );
        assert!(values("/result/labels/*/name", &json!({"result": {"labels": {}}})).is_err());
    }

    #[test]
    fn the_first_text_is_found_past_what_has_none() {
        let answer = json!({"output": [{"type": "reasoning"}, {"content": [{"type": "x", "text": " "}, {"type": "output_text", "text": "{}"}]}]});
        assert_eq!(Pointer::parse("/output/*/content/*/text").unwrap().first_text(&answer), Some("{}"));
        assert_eq!(Pointer::parse("/output/*/other").unwrap().first_text(&answer), None);
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        for text in ["x", "a/b", "/~", "/~2", "/a~"] {
            assert_eq!(Pointer::parse(text).unwrap_err().kind(), ErrorKind::ProviderSetupInvalid, "{text}");
        }
        assert!(
            Pointer::parse(&"/x".repeat(MAX_STEPS)).is_ok() && Pointer::parse(&"/x".repeat(MAX_STEPS + 1)).is_err()
        );
        assert_eq!(Pointer::parse(&format!("/{}", escaped("a~/b"))).unwrap().steps, [Step::Key("a~/b".into())]);
    }
}
