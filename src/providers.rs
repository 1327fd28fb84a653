//! Other taggers, asked over HTTP or by the browser: a [`Setup`] says how, requests are built and answers read here, and somebody else
//! sends them. Nothing in this folder opens a connection, reads a clock or keeps a secret.
//!
//! ```
//! use tagsmith::providers::{Answer, Picture, Secrets, Setup};
//!
//! let setup: Setup = serde_json::from_str(r#"{"kind": "google"}"#)?;
//! let setup = setup.checked()?.setup;
//! assert_eq!(setup.origins()?, ["https://vision.googleapis.com"]);
//!
//! let secrets = Secrets { key: Some("a-key".into()), ..Secrets::default() };
//! let picture = Picture { bytes: &[0xff, 0xd8, 0xff], media_type: "image/jpeg", width: 640, height: 480 };
//! let request = setup.request(&secrets, &[picture], "en")?;
//! assert!(!request.url.contains("a-key"));
//!
//! // ... sent by the caller, and answered:
//! let body = br#"{"responses": [{"labelAnnotations": [{"description": "Cat", "score": 0.98}]}]}"#;
//! let answer = Answer { status: 200, headers: &[], body };
//! let found = setup.answer(&answer, 1).expect("a whole answer");
//! assert_eq!(found[0].as_ref().unwrap().tags[0].name, "Cat");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `docs/PROVIDERS.md` has the facts about each provider, and which of them nobody here has seen live.

mod address;
mod adobe;
mod asked;
mod body;
mod browser;
mod compare;
mod encode;
mod failure;
mod found;
mod google;
mod http;
mod language_model;
mod mapping;
mod microsoft;
mod multipart;
mod osgi;
mod pointer;
mod presets;
mod probe;
mod relayed;
mod retry;
mod secrets;
mod service_url;
mod template;
mod wire;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use asked::Asked;

pub use adobe::{AdobeSetup, SignIn};
pub use browser::{BrowserSetup, Question, Reply, TextField, Words, questions, read_replies, read_reply, together};
pub use compare::{Compared, Comparison, PairRow, Said, Source, SourcePicture, SourceRow};
pub use failure::{Billed, Failure, Retry};
pub use found::{Found, FoundTag};
pub use google::GoogleSetup;
pub use http::{HttpBody, HttpSetup, Multipart};
pub use microsoft::{MicrosoftSetup, Version};
pub use osgi::{OsgiFacts, OsgiFile, read_osgi};
pub use presets::{Preset, presets};
pub use secrets::Secrets;
pub use wire::{Answer, Checked, Note, Picture, PictureNeed, Request, Token};

/// How one provider is asked, without secrets. As JSON: an object with `kind` and the fields of that kind, each with a default; unknown
/// fields are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Setup {
    Google(GoogleSetup),
    Microsoft(MicrosoftSetup),
    Adobe(AdobeSetup),
    Http(HttpSetup),
    Browser(BrowserSetup),
}

impl Setup {
    /// The set-up in its normal form, with what people should know about it. Nothing is asked.
    /// # Errors
    /// [`ErrorKind::ProviderSetupInvalid`](crate::ErrorKind) with what is wrong and what to write instead.
    pub fn checked(mut self) -> Result<Checked> {
        let notes = match &mut self {
            Setup::Google(setup) => setup.check(),
            Setup::Microsoft(setup) => setup.check(),
            Setup::Adobe(setup) => setup.check(),
            Setup::Http(setup) => setup.check(),
            Setup::Browser(setup) => setup.check(),
        }?;
        Ok(Checked { setup: self, notes })
    }

    /// Where its requests go, each as `scheme://host[:port]`, in order of use. Empty for what is not asked over HTTP.
    pub fn origins(&self) -> Result<Vec<String>> {
        self.asked().origins()
    }

    /// What a picture has to be before it is sent.
    pub fn picture_need(&self) -> PictureNeed {
        self.asked().picture_need()
    }

    /// How many of the pictures, in their order, go into each request. `sizes`: bytes of each picture.
    pub fn batches(&self, sizes: &[u32]) -> Vec<u32> {
        self.asked().batches(sizes)
    }

    /// What the provider bills for `n` pictures, in its own units.
    pub fn units(&self, n: u32) -> u32 {
        self.asked().units(n)
    }

    /// Whether its tags come with a number that says how sure it is.
    pub fn has_confidence(&self) -> bool {
        self.asked().has_confidence()
    }

    /// Whether somebody may be billed; false for the person's own machine.
    pub fn is_billed(&self) -> bool {
        self.asked().is_billed()
    }

    /// The request for a batch of pictures.
    /// # Errors
    /// One of the provider kinds: a secret is missing or cannot be one, the set-up, a picture or the language does not fit.
    pub fn request(&self, secrets: &Secrets, pictures: &[Picture], language: &str) -> Result<Request> {
        self.asked().request(secrets, pictures, language)
    }

    /// What the answer to a request for `n` pictures says of each, or why it says nothing of any.
    pub fn answer(&self, answer: &Answer, n: usize) -> Result<Vec<Result<Found, Failure>>, Failure> {
        self.asked().answer(answer, n)
    }

    /// The request for a token, where a set-up signs in with credentials before it asks.
    pub fn token_request(&self, secrets: &Secrets) -> Option<Result<Request>> {
        self.asked().token_request(secrets)
    }

    /// The token in the answer to [`Self::token_request`].
    pub fn token(&self, answer: &Answer) -> Result<Token, Failure> {
        self.asked().token(answer)
    }

    /// The smallest request that finds out whether address, credentials and rights are in order: one tiny picture.
    pub fn probe(&self, secrets: &Secrets, language: &str) -> Result<Request> {
        self.asked().probe(secrets, language)
    }

    fn asked(&self) -> &dyn Asked {
        match self {
            Setup::Google(setup) => setup,
            Setup::Microsoft(setup) => setup,
            Setup::Adobe(setup) => setup,
            Setup::Http(setup) => setup,
            Setup::Browser(setup) => setup,
        }
    }
}
