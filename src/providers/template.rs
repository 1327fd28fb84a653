//! Texts with places to fill: `{image}` in a body of JSON, `{key}` in a header.
//!
//! Everything is filled in one pass, so what is put in is never looked at again: a prompt may hold `{image}` as text.

use super::encode::percent_encoded;

/// What is put into a text for its sake.
pub trait Filling {
    /// Puts the value of `name` at the end of `into`; false if there is no such place, which is then left as it is.
    fn fill(&self, name: &str, into: &mut String) -> bool;
}

impl Filling for [(&str, &str)] {
    fn fill(&self, name: &str, into: &mut String) -> bool {
        let Some((_, value)) = self.iter().find(|(known, _)| *known == name) else { return false };
        into.push_str(value);
        true
    }
}

/// Escapes what it puts in as JSON wants it between quotes.
pub struct InJson<'a, F: ?Sized>(pub &'a F);

impl<F: Filling + ?Sized> Filling for InJson<'_, F> {
    fn fill(&self, name: &str, into: &mut String) -> bool {
        let mut value = String::new();
        if !self.0.fill(name, &mut value) {
            return false;
        }
        let quoted = serde_json::to_string(&value).expect("any text is JSON");
        into.push_str(&quoted[1..quoted.len() - 1]);
        true
    }
}

/// Writes every byte as `%XX` that is not free to stand in any part of an address.
pub struct InUrl<'a, F: ?Sized>(pub &'a F);

impl<F: Filling + ?Sized> Filling for InUrl<'_, F> {
    fn fill(&self, name: &str, into: &mut String) -> bool {
        let mut value = String::new();
        if !self.0.fill(name, &mut value) {
            return false;
        }
        into.push_str(&percent_encoded(&value));
        true
    }
}

/// `template` with its places filled.
pub fn filled(template: &str, filling: &(impl Filling + ?Sized)) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, name, after)) = next_place(rest) {
        text.push_str(before);
        if !filling.fill(name, &mut text) {
            text.push('{');
            text.push_str(name);
            text.push('}');
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Whether `template` has the place `{name}`.
pub fn has_place(template: &str, name: &str) -> bool {
    places(template).any(|place| place == name)
}

/// The names of all places, as they come.
pub fn places(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (_, name, after) = next_place(rest)?;
        rest = after;
        Some(name)
    })
}

/// A place is a word of small letters and `_` in braces; any other brace is text, as all braces of JSON are.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| at + from) {
        let name = &text[open + 1..];
        let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(name.len());
        if end > 0 && name[end..].starts_with('}') {
            return Some((&text[..open], &name[..end], &name[end + 1..]));
        }
        from = open + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\"b\\c\n\u{0}\u{2028}{image}{key}é🦀</script>";

    #[test]
    fn what_is_put_in_is_never_looked_at_again() {
        let values: &[(&str, &str)] = &[("prompt", "{image}"), ("image", "AAAA")];
        assert_eq!(
            filled("{prompt} {image} {other} {}{ {Image} {image", values),
            "{image} AAAA {other} {}{ {Image} {image"
        );
    }

    #[test]
    fn a_hostile_text_stays_one_string_of_json() {
        let values: &[(&str, &str)] = &[("prompt", HOSTILE)];
        let body = filled(r#"{"a":{"content":"x {prompt} y"},"b":{}}"#, &InJson(values));
        let value: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(value["a"]["content"], format!("x {HOSTILE} y"));
    }

    #[test]
    fn a_hostile_text_stays_one_step_of_an_address() {
        let values: &[(&str, &str)] = &[("model", "a/../b?c#d e\u{e4}%")];
        assert_eq!(
            filled("https://x/models/{model}/outputs", &InUrl(values)),
            "https://x/models/a%2F..%2Fb%3Fc%23d%20e%C3%A4%25/outputs"
        );
    }

    #[test]
    fn places_are_found() {
        assert_eq!(places(r#"{"a":"{image}","b":"{data_url} {x"}"#).collect::<Vec<_>>(), ["image", "data_url"]);
        assert!(has_place("Bearer {key}", "key") && !has_place("{ key }", "key"));
    }
}
