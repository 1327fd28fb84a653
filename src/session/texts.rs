//! Title, description and alternative text of pictures: what a person said, and what providers found. A person's always shows.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::session::entry::SessionEntry;
use crate::session::results::Session;
use crate::session::search_names::has_word;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextField {
    Title,
    Description,
    AltText,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    Person,
    Provider,
}

/// A text of a picture, as a library keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredText {
    pub field: TextField,
    /// Empty where a person wants none.
    pub text: String,
    pub source: TextSource,
    /// The provider's id; none for a person's.
    #[serde(default)]
    pub provider: Option<String>,
    /// The provider's run; of several the newest shows.
    #[serde(default)]
    pub run: Option<u32>,
    #[serde(default)]
    pub language: Option<String>,
}

/// The texts that show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
}

impl Texts {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn of_mut(&mut self, field: TextField) -> &mut Option<String> {
        match field {
            TextField::Title => &mut self.title,
            TextField::Description => &mut self.description,
            TextField::AltText => &mut self.alt_text,
        }
    }
}

/// All texts of one picture.
#[derive(Debug, Default)]
pub(super) struct PictureTexts {
    /// As they were given; of each field the one that shows first.
    pub all: Vec<StoredText>,
    pub shown: Texts,
    /// Title and description in lower case.
    to_search: String,
}

impl PictureTexts {
    fn new(mut all: Vec<StoredText>) -> Self {
        for one in &mut all {
            one.text = cleaned(&one.text);
        }
        // A provider that says nothing says nothing; a person says that there is nothing to say.
        all.retain(|one| one.source == TextSource::Person || !one.text.is_empty());
        all.sort_by_key(|one| (one.field, one.source == TextSource::Provider, Reverse(one.run)));
        let mut shown = Texts::default();
        for of_field in all.chunk_by(|one, next| one.field == next.field) {
            let text = Some(of_field[0].text.clone());
            *shown.of_mut(of_field[0].field) = text.filter(|text| !text.is_empty());
        }
        let searched = [&shown.title, &shown.description].into_iter().flatten();
        let to_search = searched.map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
        Self { all, shown, to_search }
    }
}

/// `text` without control characters but ends of lines, and without white space around it.
fn cleaned(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    lines.chars().filter(|&c| c == '\n' || !c.is_control()).collect::<String>().trim().to_owned()
}

impl Session {
    /// Replaces all texts of a picture. They belong to the id, and stay when the picture is put or added again.
    pub fn set_texts(&mut self, id: u32, texts: Vec<StoredText>) {
        let texts = PictureTexts::new(texts);
        let has_texts = !texts.all.is_empty();
        if has_texts {
            self.texts.insert(id, texts);
        } else {
            self.texts.remove(&id);
        }
        if let Some(entry) = self.pictures.get_mut(&id) {
            entry.has_texts = has_texts;
        }
    }

    /// The texts that a picture shows.
    pub fn texts(&self, id: u32) -> Texts {
        self.texts.get(&id).map(|texts| texts.shown.clone()).unwrap_or_default()
    }

    /// Whether a word of the picture's title or description begins with `typed`, which is in lower case.
    pub(super) fn is_in_texts(&self, typed: &str, id: u32, picture: &SessionEntry) -> bool {
        // Most have none; the table is not asked.
        picture.has_texts && self.texts.get(&id).is_some_and(|texts| has_word(&texts.to_search, typed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::query::Query;
    use crate::session::report::TagReport;
    use crate::session::results::tests::{fail, put, session};

    fn text(field: TextField, text: &str, run: Option<u32>) -> StoredText {
        let source = if run.is_some() { TextSource::Provider } else { TextSource::Person };
        let provider = run.map(|_| "google".to_owned());
        StoredText { field, text: text.into(), source, provider, run, language: None }
    }

    #[test]
    fn a_persons_text_always_shows_and_of_providers_the_newest() {
        use TextField::{AltText, Description, Title};
        let mut session = session(0.5);
        put(&mut session, 1, 0.9);
        let of_providers = [
            text(Title, "old", Some(3)),
            text(Title, "new", Some(5)),
            text(Description, " \t\r\n", Some(9)),
            text(Description, "A cat.\r\nOn a\tsofa.\u{0}\u{1b}[31m", Some(4)),
            text(AltText, "a cat", Some(4)),
        ];
        session.set_texts(1, of_providers.to_vec());
        let wanted = |title: Option<&str>, description: Option<&str>, alt_text: Option<&str>| Texts {
            title: title.map(Into::into),
            description: description.map(Into::into),
            alt_text: alt_text.map(Into::into),
        };
        assert_eq!(session.texts(1), wanted(Some("new"), Some("A cat.\nOn a sofa.[31m"), Some("a cat")));
        let of_person = [text(Title, "Mine", None), text(Description, "", None)];
        session.set_texts(1, of_providers.iter().chain(&of_person).cloned().collect());
        assert_eq!(session.texts(1), wanted(Some("Mine"), None, Some("a cat")), "an empty one of a person says: none");
        let all = session.details(1).texts;
        assert_eq!(all.iter().map(|one| one.text.as_str()).collect::<Vec<_>>()[..3], ["Mine", "new", "old"]);
        session.remove(1);
        put(&mut session, 1, 0.9);
        let json = session.reports(&[1]);
        let [TagReport::Tagged(report)] = &crate::session::read_reports(&json).unwrap()[..] else { panic!("{json}") };
        assert_eq!(report.texts, session.texts(1));
        assert!(json.contains(r#""title":"Mine""#) && !json.contains("description"), "{json}");
        session.set_texts(1, Vec::new());
        assert!(session.texts(1).is_empty() && session.details(1).texts.is_empty());
    }

    #[test]
    fn titles_and_descriptions_are_found_by_words_and_reported_of_pictures_that_failed() {
        let mut session = session(0.5);
        fail(&mut session, 1);
        put(&mut session, 2, 0.9);
        session.set_texts(1, vec![text(TextField::Title, "Sommarlov på Öland", None)]);
        session.set_texts(2, vec![text(TextField::Description, "A cat on the SOFA", Some(1))]);
        let found = |words: &str| session.find(&Query { words: words.into(), ..Query::default() });
        assert_eq!(
            (found("öland"), found("sof"), found("cat sofa"), found("ofa")),
            (vec![1], vec![2], vec![2], vec![])
        );
        let json = session.reports(&[1]);
        assert!(json.contains(r#""title":"Sommarlov på Öland""#), "{json}");
        let summary = session.summary();
        assert_eq!((summary.tags, summary.failed), (1, 1));
    }
}
