//! The provider behind the relay: where requests go, and what they are signed with.

use tagsmith::ErrorKind;
use tagsmith::providers::{Billed, Failure, Picture, Request, Secrets, Setup};

use crate::provider::{Answered, Asker, Tokens};
use crate::relay::set_up::{Identity, SetUp};

/// Headers of a page that go on as they are; all others are the relay's own.
pub const PASSED_ON: [&str; 3] = ["accept", "content-type", "prefer"];
/// Who asks, in headers of Adobe.
pub const CLIENT_ID: &str = "x-api-key";
pub const ORGANIZATION_ID: &str = "x-gw-ims-org-id";

/// A provider, and the secrets for it.
pub struct Upstream {
    set_up: SetUp,
    secrets: Secrets,
    asker: Asker,
    target: Target,
    tokens: Tokens,
}

/// Where all requests go.
#[derive(Debug, Clone)]
pub struct Target {
    /// `https://host[:port]`.
    pub origin: String,
    pub path: String,
    /// What a page puts behind the relay's address, where that is not the whole path: the service's address has the rest.
    pub page_path: Option<String>,
    /// Of requests that say none themselves; with the question mark.
    query: String,
    /// Names of the headers that prove who asks, in lower case.
    pub credentials: Vec<String>,
}

/// What a page wants to know.
pub struct Question {
    /// With its question mark, or empty.
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub identity: Identity,
}

impl Upstream {
    /// # Errors
    /// Those of the set-up: where nothing can be asked with it, nothing is listened for.
    pub fn new(set_up: SetUp, secrets: Secrets, asker: Asker) -> Result<Self, tagsmith::Error> {
        let sketch = set_up.sketch()?;
        // A token that is none, to see where it would go.
        let token = sketch.token_request(&secrets).transpose()?.map(|_| "none".to_owned());
        let request = signed(&sketch, &Secrets { token, ..secrets.clone() })?;
        let target = Target { page_path: page_path(&sketch), ..Target::of(&request)? };
        Ok(Self { set_up, secrets, asker, target, tokens: Tokens::default() })
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Signs a question, sends it on and brings the answer, with a new token if the service takes the old one no longer. Waits for it.
    ///
    /// # Errors
    /// A failure that tells whether the question may have been billed.
    pub fn ask(&self, question: &Question) -> Result<Answered, Failure> {
        let setup = self.set_up.of(&question.identity)?;
        let token = |refused| self.tokens.token(&setup, &self.secrets, &self.asker, refused);
        let with = |token| Secrets { token, ..self.secrets.clone() };
        let mut secrets = with(token(None)?);
        let mut answered = self.asker.ask(&self.request(&setup, question, &secrets)?)?;
        if answered.status == 401 && secrets.token.is_some() {
            // A service that refuses a fresh token as well is not asked a third time.
            secrets = with(token(secrets.token.as_deref())?);
            answered = self.asker.ask(&self.request(&setup, question, &secrets)?)?;
        }
        checked(answered, &secrets)
    }

    fn request(&self, setup: &Setup, question: &Question, secrets: &Secrets) -> Result<Request, Failure> {
        let signed = signed(setup, secrets)?;
        let Target { origin, path, query, .. } = &self.target;
        let query = if question.query.is_empty() { query } else { &question.query };
        let own = signed.headers.into_iter().filter(|(name, _)| !is_passed_on(name));
        let headers = question.headers.iter().cloned().chain(own).collect();
        Ok(Request { method: "POST", url: format!("{origin}{path}{query}"), headers, body: question.body.clone() })
    }
}

impl Target {
    /// Whether a page that asks at `path` means this.
    pub fn is_asked_at(&self, path: &str) -> bool {
        path == self.path || self.page_path.as_deref() == Some(path)
    }

    fn of(request: &Request) -> Result<Self, tagsmith::Error> {
        let unclear = || tagsmith::Error::new(ErrorKind::ProviderSetupInvalid, "The set-up has no address to ask.");
        let at = request.url.find("://").ok_or_else(unclear)? + 3;
        let end = request.url[at..].find(['/', '?']).map_or(request.url.len(), |slash| at + slash);
        let (origin, rest) = request.url.split_at(end);
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let names = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        Ok(Self {
            origin: origin.to_owned(),
            path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
            page_path: None,
            query: query.to_owned(),
            credentials: names.filter(|name| !is_passed_on(name)).collect(),
        })
    }
}

/// Adobe's set-up has the region in the service's address, in whose place a page asks the relay.
fn page_path(setup: &Setup) -> Option<String> {
    let Setup::Adobe(adobe) = setup else { return None };
    adobe.path.split('?').next().map(str::to_owned)
}

/// A request as the library builds it, of which only address and headers are used.
fn signed(setup: &Setup, secrets: &Secrets) -> Result<Request, tagsmith::Error> {
    // The library does not look into a picture.
    let picture = Picture { bytes: b"\xff\xd8\xff\xd9", media_type: "image/jpeg", width: 64, height: 64 };
    setup.request(secrets, &[picture], "en")
}

fn is_passed_on(name: &str) -> bool {
    PASSED_ON.iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// An answer that repeats what its question was signed with goes no further, in whichever form it was sent.
fn checked(answered: Answered, secrets: &Secrets) -> Result<Answered, Failure> {
    let in_headers = || answered.headers.iter().any(|(_, value)| secrets.are_in(value.as_bytes()));
    if secrets.are_in(&answered.body) || in_headers() {
        let detail = "The service's answer repeated the secret that it was sent, so the relay keeps it to itself.";
        return Err(Failure::new(ErrorKind::ProviderAnswerUnreadable, detail).billed(Billed::Maybe));
    }
    Ok(answered)
}
