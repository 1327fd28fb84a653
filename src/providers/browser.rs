//! The browser's own model (the Prompt API of Chrome): what it is asked, the schema that binds its reply, and how that is read.
//!
//! Nothing leaves the device. The model lives in the page's window, so the page asks; everything here is text in and text out. The shapes
//! are those of the API's public description; nobody here has run it.

mod question;

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets};
use crate::error::{Error, ErrorKind, Result};

pub(super) use question::language_name;
pub use question::{Question, Reply, questions, read_replies, read_reply, together};

/// What the browser's own model is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrowserSetup {
    pub words: Words,
    pub texts: Vec<TextField>,
}

/// Which words it may answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// Those of the vocabulary in force, by a constraint on the reply.
    Vocabulary,
    Free,
}

/// A text of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextField {
    Title,
    Description,
    AltText,
}

impl Default for BrowserSetup {
    fn default() -> Self {
        Self { words: Words::Vocabulary, texts: vec![TextField::Title, TextField::Description, TextField::AltText] }
    }
}

impl Asked for BrowserSetup {
    fn check(&mut self) -> Result<Vec<Note>> {
        let mut texts = Vec::new();
        for text in [TextField::Title, TextField::Description, TextField::AltText] {
            if self.texts.contains(&text) {
                texts.push(text);
            }
        }
        self.texts = texts;
        Ok(Vec::new())
    }

    fn origins(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn picture_need(&self) -> PictureNeed {
        // The model scales what it gets; this is enough for what it says, and is decoded soon.
        PictureNeed { max_side: 1024, min_side: 1, max_bytes: 4_000_000, media_type: "image/jpeg" }
    }

    /// Its sureness is not told.
    fn has_confidence(&self) -> bool {
        false
    }

    fn is_billed(&self) -> bool {
        false
    }

    fn request(&self, _: &Secrets, _: &[Picture], _: &str) -> Result<Request> {
        Err(Error::new(ErrorKind::ProviderSetupInvalid, IN_THE_WINDOW))
    }

    fn answer(&self, _: &Answer, _: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
        Err(Failure::new(ErrorKind::ProviderSetupInvalid, IN_THE_WINDOW))
    }
}

const IN_THE_WINDOW: &str = "The browser's own model is asked in the page's window, not over HTTP.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_and_texts_are_in_one_order() {
        let mut setup: BrowserSetup =
            serde_json::from_str(r#"{"words": "free", "texts": ["alt_text", "title", "title"]}"#).unwrap();
        setup.check().unwrap();
        assert_eq!(setup.texts, [TextField::Title, TextField::AltText]);
        assert_eq!((setup.origins().unwrap(), setup.is_billed(), setup.has_confidence()), (vec![], false, false));
        assert_eq!(setup.request(&Secrets::default(), &[], "en").unwrap_err().kind(), ErrorKind::ProviderSetupInvalid);
        assert!(serde_json::from_str::<BrowserSetup>(r#"{"prompt": "x"}"#).is_err());
    }
}
