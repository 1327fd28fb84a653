//! Values of documents that may be anything: words are taken, and of the rest nothing is kept, however much it is.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, or a number as it reads; nothing for what is neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word(pub Option<String>);

/// The name of a tag: a text, or an object that has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagName(pub Option<String>);

/// Fields that name a tag.
const NAMES: &[&str] = &["tagName", "tag_name", "name"];

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Taker { of_objects: false }).map(Self)
    }
}

impl<'de> Deserialize<'de> for TagName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Taker { of_objects: true }).map(Self)
    }
}

struct Taker {
    of_objects: bool,
}

impl<'de> Visitor<'de> for Taker {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = object.next_key::<String>()? {
            if self.of_objects && NAMES.contains(&key.as_str()) {
                found = object.next_value::<Word>()?.0.or(found);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_and_all_else_is_passed_over() {
        let words: Vec<Word> = serde_json::from_str(r#"["a", 7, -7, 1.5, true, null, ["b"], {"name": "c"}]"#).unwrap();
        let some: Vec<_> = words.iter().filter_map(|word| word.0.as_deref()).collect();
        assert_eq!(some, ["a", "7", "-7"]);
        let names: Vec<TagName> =
            serde_json::from_str(r#"["a", {"tagId": "x", "tagName": "b"}, {"name": "c", "of": [1]}, {"id": 1}]"#)
                .unwrap();
        assert_eq!(names.iter().filter_map(|name| name.0.as_deref()).collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
