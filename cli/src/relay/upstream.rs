//! The provider behind the relay: where requests go, and what they are signed with.

use tagsmith::ErrorKind;
use tagsmith::providers::{Billed, Failure, Picture, Request, Secrets, Setup};

use crate::provider::{Answered, Asker, Tokens};
use crate::relay::set_up::{Identity, SetUp};
use crate::secret::Secret;

/// Headers of a page that go on as they are; all others are the relay's own.
pub const PASSED_ON: [&str; 3] = ["accept", "content-type", "prefer"];
/// Who asks, in headers of Adobe.
pub const CLIENT_ID: &str = "x-api-key";
pub const ORGANIZATION_ID: &str = "x-gw-ims-org-id";

/// A provider, and the secret for it.
pub struct Upstream {
    set_up: SetUp,
    secret: Secret,
    is_adobe: bool,
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
    pub fn new(set_up: SetUp, is_adobe: bool, secret: Secret, asker: Asker) -> Result<Self, tagsmith::Error> {
        let mut upstream = Self { set_up, secret, is_adobe, asker, target: Target::none(), tokens: Tokens::default() };
        let sketch = upstream.set_up.sketch()?;
        // A token that is none, to see where it would go.
        let request = signed(&sketch, &upstream.secrets(Some("none".into())))?;
        upstream.target = Target { page_path: page_path(&sketch), ..Target::of(&request)? };
        Ok(upstream)
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
        let token = |refused| self.tokens.token(&setup, &self.secrets(None), &self.asker, refused);
        let first = token(None)?;
        let answered = self.asker.ask(&self.request(&setup, question, first.clone())?)?;
        if answered.status == 401 && first.is_some() {
            // A service that refuses a fresh token as well is not asked a third time.
            let fresh = token(first.as_deref())?;
            return self.checked(self.asker.ask(&self.request(&setup, question, fresh)?)?);
        }
        self.checked(answered)
    }

    fn request(&self, setup: &Setup, question: &Question, token: Option<String>) -> Result<Request, Failure> {
        let signed = signed(setup, &self.secrets(token))?;
        let Target { origin, path, query, .. } = &self.target;
        let query = if question.query.is_empty() { query } else { &question.query };
        let own = signed.headers.into_iter().filter(|(name, _)| !is_passed_on(name));
        let headers = question.headers.iter().cloned().chain(own).collect();
        Ok(Request { method: "POST", url: format!("{origin}{path}{query}"), headers, body: question.body.clone() })
    }

    /// An answer that repeats the secret or the token goes no further.
    fn checked(&self, answered: Answered) -> Result<Answered, Failure> {
        let token = self.tokens.held();
        let secrets = [Some(self.secret.text()), token.as_deref()];
        let is_in = |bytes: &[u8]| secrets.into_iter().flatten().any(|secret| contains(bytes, secret.as_bytes()));
        if is_in(&answered.body) || answered.headers.iter().any(|(_, value)| is_in(value.as_bytes())) {
            let detail = "The service's answer repeated the secret that it was sent, so the relay keeps it to itself.";
            return Err(Failure::new(ErrorKind::ProviderAnswerUnreadable, detail).billed(Billed::Maybe));
        }
        Ok(answered)
    }

    fn secrets(&self, token: Option<String>) -> Secrets {
        let own = Some(self.secret.text().to_owned());
        if self.is_adobe {
            Secrets { secret: own, token, key: None }
        } else {
            Secrets { key: own, ..Secrets::default() }
        }
    }
}

impl Target {
    fn none() -> Self {
        Self {
            origin: String::new(),
            path: String::new(),
            page_path: None,
            query: String::new(),
            credentials: Vec::new(),
        }
    }

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

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
