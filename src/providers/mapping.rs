//! Where in an answer the tags of a picture are: two pointers that pair up, and the scale of the numbers.

use serde_json::Value;

use super::pointer::{Missing, Pointer};
use super::{Billed, Failure, Found};
use crate::error::{Error, ErrorKind, Result};

/// More tags than any service names for a picture.
const MAX_TAGS: usize = 2000;
/// What sums of rounded numbers may be above 1.
const ROUNDING: f64 = 1e-4;

/// Where names and confidences are.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    names: Pointer,
    confidences: Option<Pointer>,
    scale: f64,
}

impl Mapping {
    /// # Errors
    /// [`ErrorKind::ProviderSetupInvalid`] if one of them is no pointer, there is none to names, they do not lie in the same lists, or the scale is
    /// neither 1 nor 100.
    pub fn parse(names: &str, confidences: Option<&str>, scale: f64) -> Result<Mapping> {
        let invalid = |detail: &str| Err(Error::new(ErrorKind::ProviderSetupInvalid, detail));
        if names.is_empty() {
            return invalid("Say where in the answer the names of the tags are, such as /result/tags/*/name.");
        }
        if scale != 1.0 && scale != 100.0 {
            return invalid("The scale of confidences is 1 (0 to 1) or 100 (0 to 100).");
        }
        let confidences = confidences.filter(|confidences| !confidences.is_empty()).map(Pointer::parse).transpose()?;
        let names = Pointer::parse(names)?;
        if confidences.as_ref().is_some_and(|confidences| !names.pairs_up_with(confidences)) {
            return invalid(
                "Names and confidences have to lie in the same lists, such as /tags/*/name and /tags/*/score.",
            );
        }
        Ok(Mapping { names, confidences, scale })
    }

    /// The tags in `answer`.
    ///
    /// # Errors
    /// [`ErrorKind::ProviderAnswerUnreadable`] if the answer is of another form: then nothing of it is taken.
    pub fn read(&self, answer: &Value) -> Result<Found, Failure> {
        let names = self.names.values(answer, MAX_TAGS).map_err(|missing| not_there(&missing))?;
        let confidences = match &self.confidences {
            Some(pointer) => Some(pointer.values(answer, MAX_TAGS).map_err(|missing| not_there(&missing))?),
            None => None,
        };
        if let Some(confidences) = &confidences
            && confidences.len() != names.len()
        {
            let what =
                format!("it has {} names and {} confidences, which do not pair up", names.len(), confidences.len());
            return Err(other_form(&what));
        }
        let mut tags = Vec::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            let Some(name) = name.and_then(Value::as_str) else {
                return Err(other_form("a name of a tag is missing or no text"));
            };
            let confidence = match confidences.as_ref().and_then(|confidences| confidences[i]) {
                None | Some(Value::Null) => None,
                Some(number) => Some(self.confidence(number)?),
            };
            tags.push((name.to_owned(), confidence));
        }
        Ok(Found::of(tags))
    }

    fn confidence(&self, number: &Value) -> Result<f32, Failure> {
        let sure = number.as_f64().map(|number| number / self.scale);
        match sure.filter(|sure| (0.0..=1.0 + ROUNDING).contains(sure)) {
            Some(sure) => Ok(sure.min(1.0) as f32),
            None if number.is_number() => {
                Err(other_form(&format!("the confidence {number} is outside of its scale, 0 to {}", self.scale)))
            }
            None => Err(other_form("a confidence is no number")),
        }
    }
}

fn not_there(missing: &Missing) -> Failure {
    let place = if missing.at.is_empty() { "at its top".to_owned() } else { format!("at {}", missing.at) };
    other_form(&format!("it has no {} {place}", missing.wanted))
}

/// An answer that came, was perhaps counted, and is of another form than the set-up says.
fn other_form(what: &str) -> Failure {
    let detail = format!("The answer is of another form: {what}. Check where the set-up says that the tags are.");
    Failure::new(ErrorKind::ProviderAnswerUnreadable, detail).billed(Billed::Maybe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(
        names: &str,
        confidences: Option<&str>,
        scale: f64,
        answer: &Value,
    ) -> Result<Vec<(String, Option<f32>)>, String> {
        let found = Mapping::parse(names, confidences, scale).unwrap().read(answer).map_err(|failure| {
            assert_eq!(failure.kind, ErrorKind::ProviderAnswerUnreadable);
            failure.detail
        })?;
        Ok(found.tags.into_iter().map(|tag| (tag.name, tag.confidence)).collect())
    }

    #[test]
    fn names_and_confidences_pair_up_on_both_scales() {
        let answer = json!({"r": {"tags": [{"n": "a", "c": 61.5}, {"n": "b", "c": 100}, {"n": "c", "c": 0}]}});
        let wanted = [("b", 1.0), ("a", 0.615), ("c", 0.0)].map(|(name, sure)| (name.to_owned(), Some(sure)));
        assert_eq!(read("/r/tags/*/n", Some("/r/tags/*/c"), 100.0, &answer).unwrap(), wanted);
        assert!(read("/r/tags/*/n", Some("/r/tags/*/c"), 1.0, &answer).unwrap_err().contains("outside of its scale"));
        assert_eq!(read("/r/tags/*/n", None, 1.0, &answer).unwrap().len(), 3);
        let parallel = json!({"n": ["a", "b"], "c": [0.5, null]});
        assert_eq!(
            read("/n/*", Some("/c/*"), 1.0, &parallel).unwrap(),
            [("a".to_owned(), Some(0.5)), ("b".to_owned(), None)]
        );
    }

    #[test]
    fn lists_in_lists_pair_up_where_they_are_the_same() {
        let answer = json!({"r": [{"t": [{"n": "a", "c": 1}, {"n": "b", "c": 0}]}, {"t": [{"n": "c", "c": 0.5}]}]});
        let tags = read("/r/*/t/*/n", Some("/r/*/t/*/c"), 1.0, &answer).unwrap();
        assert_eq!(tags.len(), 3);
        assert_eq!(tags[1], ("c".to_owned(), Some(0.5)));
    }

    #[test]
    fn a_confidence_may_be_left_out_and_a_name_may_not() {
        let answer = json!({"r": [{"n": "a"}, {"n": "b", "c": 0.5}]});
        assert_eq!(read("/r/*/n", Some("/r/*/c"), 1.0, &answer).unwrap()[0], ("b".to_owned(), Some(0.5)));
        assert!(read("/r/*/n", None, 1.0, &json!({"r": [{"c": 1}]})).is_err());
    }

    #[test]
    fn what_does_not_pair_up_is_refused_whole() {
        for (answer, wanted) in [
            (json!({"n": ["a", "b"], "c": [0.5]}), "do not pair up"),
            (json!({"n": ["a"], "c": [-0.1]}), "outside"),
            (json!({"n": ["a"], "c": [1.1]}), "outside"),
            (json!({"n": ["a"], "c": ["0.5"]}), "no number"),
            (json!({"n": [1], "c": [0.5]}), "no text"),
            (json!({"n": "a", "c": [0.5]}), "no list at /n"),
            (json!({"c": [0.5]}), "no n at its top"),
            (json!([]), "no n at its top"),
        ] {
            let detail = read("/n/*", Some("/c/*"), 1.0, &answer).unwrap_err();
            assert!(detail.contains(wanted), "{detail}");
        }
        for (names, confidences, scale) in [
            ("", None, 1.0),
            ("x", None, 1.0),
            ("/x", Some("y"), 1.0),
            ("/x", None, 10.0),
            ("/x", None, f64::NAN),
            ("/x/*/n", Some("/c"), 1.0),
            ("/a/*/n/*", Some("/b/*/c/*"), 1.0),
            ("/a/*/n/*", Some("/a/*/c/*"), 1.0),
        ] {
            assert_eq!(Mapping::parse(names, confidences, scale).unwrap_err().kind(), ErrorKind::ProviderSetupInvalid);
        }
    }
}
